"""Goals Model: believe past goals, not bookmakers, and take prices that pay more than they say.

Every week the strengths of each football competition's teams are estimated anew from its results.
What follows for the match winner, totals and handicaps is held against the best prices. The model
knows nothing of injuries, line-ups or what the market knows; it is the yardstick of what goals
alone can tell.

On whole and quarter lines the probability is the chance of winning among decided stakes, as fair
odds of such lines have it, and the edge is per unit of stake won or lost.

Source:
    Dixon & Coles (1997), "Modelling association football scores and inefficiencies in the football
    betting market", Applied Statistics 46(2).
"""

import hashlib
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final, Self

import numpy as np

from betting.detection.board import MARKETS
from odds.fair_prices import NOBODY, Flags, Floats, Integers
from strategies.goals.ratings import Ratings, fit, young
from strategies.goals.scores import score_matrix, spreads, totals, winner
from strategies.offers import best_offers, pick, sane_odds
from strategies.parameters import number
from strategies.predictions import Predictions
from strategies.snapshots import Past, Snapshot

FOOTBALL: Final = ("soccer_", "football_data_")  # begin the keys of football competitions
COMPETITIONS_KEPT: Final = 32  # more than are predicted in one week


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameters:
    """How fast results age, how far teams may stand out, and when a price is value; percent."""

    half_life_days: float = number(365.0, low=30.0, high=2000.0)
    ridge: float = number(5.0, low=0.1, high=1000.0)
    minimum_matches: int = number(10, low=1, high=200)
    minimum_edge_pct: float = number(5.0, low=0.0, high=50.0)
    maximum_edge_pct: float = number(30.0, low=1.0, high=1000.0)


def predict(snapshot: Snapshot, parameters: Parameters) -> Predictions:
    """Prices that pay more than the goals of both teams' past say they should."""
    if not len(snapshot):
        return Predictions.nothing()
    return pick(
        probabilities(snapshot, parameters),
        best_offers(snapshot, sane_odds(snapshot)),
        np.full(len(snapshot), NOBODY),
        minimum_edge_pct=parameters.minimum_edge_pct,
        maximum_edge_pct=parameters.maximum_edge_pct,
    )


def probabilities(snapshot: Snapshot, parameters: Parameters) -> Floats:
    """What the model holds each outcome's chance to be, whatever is offered, shape (g, 3).

    NaN where a team has too few matches, the sport is not football, or the market has no such
    outcome.
    """
    chances = np.full((len(snapshot), 3), np.nan)
    past = young(snapshot.past, half_life_days=parameters.half_life_days)
    for sport in np.unique(snapshot.sport).tolist():
        own = past.take(np.flatnonzero(past.sport == sport))
        if not sport.startswith(FOOTBALL) or not len(own.kickoff):
            continue
        ratings = _fitted(_Question.of(own, parameters))
        if ratings is not None:
            groups = np.flatnonzero(snapshot.sport == sport)
            chances[groups] = _chances(snapshot, groups, ratings, parameters.minimum_matches)
    return chances


@dataclass(frozen=True, slots=True, kw_only=True)
class _Question:
    """A fit that is asked for; equal to another one when every number that goes in is equal."""

    past: Past = field(compare=False)
    content: bytes
    half_life_days: float
    ridge: float

    @classmethod
    def of(cls, past: Past, parameters: Parameters) -> Self:
        """With a digest of the results themselves: nothing else says that they are the same."""
        digest = hashlib.sha256(np.float64(past.known_until).tobytes())
        digest.update("\0".join([*past.home.tolist(), *past.away.tolist()]).encode())
        for numbers in (past.home_score, past.away_score, past.kickoff):
            digest.update(np.ascontiguousarray(numbers, dtype=np.float64).tobytes())
        return cls(
            past=past,
            content=digest.digest(),
            half_life_days=parameters.half_life_days,
            ridge=parameters.ridge,
        )


@lru_cache(maxsize=COMPETITIONS_KEPT)
def _fitted(question: _Question) -> Ratings | None:
    """The ratings; kept, because a week's snapshots all ask for the same ones."""
    return fit(question.past, half_life_days=question.half_life_days, ridge=question.ridge)


def _chances(
    snapshot: Snapshot, groups: Integers, ratings: Ratings, minimum_matches: int
) -> Floats:
    """Chances in groups of one competition, NaN where a team is not known well, shape (n, 3)."""
    chances = np.full((len(groups), 3), np.nan)
    home, away = ratings.places(snapshot.home[groups]), ratings.places(snapshot.away[groups])
    known = np.flatnonzero(
        _is_known(ratings, home, minimum_matches) & _is_known(ratings, away, minimum_matches)
    )
    hosts, guests = ratings.expected_goals(home[known], away[known])
    matrix = score_matrix(hosts, guests, ratings.rho)
    board = snapshot.board
    market, line = board.market[groups[known]], board.line[groups[known]]
    by_market = {"h2h": winner(matrix), "totals": totals(matrix, line)}
    by_market["spreads"] = spreads(matrix, line)
    for name, values in by_market.items():
        is_asked = market == MARKETS.index(name)
        chances[known[is_asked]] = values[is_asked]
    return _without_draws(chances, (board.market[groups] == 0) & ~board.is_three_way[groups])


def _is_known(ratings: Ratings, teams: Integers, minimum_matches: int) -> Flags:
    known: Flags = (teams >= 0) & (ratings.matches[teams] >= minimum_matches)
    return known


def _without_draws(chances: Floats, is_refunded: Flags) -> Floats:
    """Where nobody offers the draw a level score gives stakes back, so they are not decided."""
    among_decided = chances / (chances[:, :1] + chances[:, 2:])
    among_decided[:, 1] = np.nan
    return np.where(is_refunded[:, None], among_decided, chances)
