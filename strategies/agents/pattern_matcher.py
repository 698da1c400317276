"""Pattern Matcher: correct the consensus where odds are known to be wrong again and again.

Three recurring situations: a dominant favourite, a strong underdog, a balanced match. A margin
taken out in proportion leaves favourites too low and longshots too high, by amounts that have been
counted; the probabilities so read from the odds of the other operators are corrected by them and
scaled to sum to 1. Only the outcome a pattern speaks of is taken: the favourite, the longshot, the
draw of a balanced match. A pattern whose correction is 0 has nothing to add and is off, as that of
the draw is unless the user has counted one.

Source:
    football-data.co.uk, 1993 to 2026: probabilities read in proportion overstate longshots under
    10 % by 1.8 to 2.8 percentage points and understate favourites of 65 to 80 % by 2.7 to 4.4;
    the defaults are the ends next to 0. Snowberg & Wolfers (2010), "Explaining the
    favorite-long shot bias: is it risk-love or misperceptions?", Journal of Political Economy
    118(4), for the bias itself.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from odds.devig import Method
from odds.fair_prices import CONSENSUS, Floats, consensus_without_each, fair_by_bookmaker
from strategies.offers import best_edges, pick, sane_odds
from strategies.parameters import number
from strategies.predictions import Predictions
from strategies.snapshots import Snapshot

MATCH_WINNER: Final = 0
HOME, DRAW, AWAY = range(3)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameters:
    """Where each pattern begins and ends, in percent, and its correction, in percentage points.

    A match is balanced where its sides' probabilities differ by at most `balanced_gap_pct`.
    """

    favourite_from_pct: float = number(65.0, low=50.0, high=75.0)
    favourite_to_pct: float = number(80.0, low=75.0, high=95.0)
    favourite_correction: float = number(2.7, low=-5.0, high=5.0)
    longshot_below_pct: float = number(10.0, low=1.0, high=20.0)
    longshot_correction: float = number(-1.8, low=-5.0, high=5.0)
    balanced_gap_pct: float = number(5.0, low=0.0, high=20.0)
    balanced_draw_correction: float = number(0.0, low=-5.0, high=5.0)
    minimum_edge_pct: float = number(2.0, low=0.0, high=20.0)
    maximum_edge_pct: float = number(20.0, low=1.0, high=1000.0)
    minimum_operators: int = number(4, low=2, high=20)


def predict(snapshot: Snapshot, parameters: Parameters) -> Predictions:
    """Match winners in one of the patterns whose price beats the corrected consensus."""
    board, panel = snapshot.board, snapshot.board.panel
    if not board.odds.size:
        return Predictions.nothing()
    odds = sane_odds(snapshot)
    odds[board.market != MATCH_WINNER] = np.nan
    fair = fair_by_bookmaker(odds, board.is_three_way, panel, Method.MULTIPLICATIVE)
    consensus = consensus_without_each(fair, panel, minimum_operators=parameters.minimum_operators)
    probability, offers = best_edges(
        corrected(consensus, parameters)[:, panel.operator],
        odds,
        panel,
        maximum_edge_pct=parameters.maximum_edge_pct,
    )
    return pick(
        probability,
        offers,
        np.full(len(snapshot), CONSENSUS),
        minimum_edge_pct=parameters.minimum_edge_pct,
    )


def corrected(consensus: Floats, parameters: Parameters) -> Floats:
    """The corrected probability of each outcome that a pattern speaks of, NaN elsewhere.

    Args:
        consensus: Probabilities, margins taken out in proportion, shape (g, o, 3).
        parameters: Bounds and corrections of the patterns.

    Returns:
        Probabilities of matches whose corrected ones are scaled to sum to 1, shape (g, o, 3). Where
        a correction would leave an outcome nothing it was not counted on such a match: all NaN.
    """
    corrections = _corrections(consensus, parameters)
    shifted = consensus + corrections
    shifted[(shifted <= 0).any(axis=2)] = np.nan
    totals = np.nansum(shifted, axis=2, keepdims=True)
    scaled = np.divide(shifted, totals, out=np.full(shifted.shape, np.nan), where=totals > 0)
    spoken_of: Floats = np.where(corrections != 0, scaled, np.nan)
    return spoken_of


def _corrections(consensus: Floats, parameters: Parameters) -> Floats:
    """What is added to each probability; 0 where no pattern applies, shape (g, o, 3)."""
    is_favourite = (consensus >= parameters.favourite_from_pct / 100) & (
        consensus <= parameters.favourite_to_pct / 100
    )
    is_longshot = consensus < parameters.longshot_below_pct / 100
    gap = np.abs(consensus[..., HOME] - consensus[..., AWAY])
    points = np.where(is_favourite, parameters.favourite_correction, 0.0)
    points += np.where(is_longshot, parameters.longshot_correction, 0.0)
    points[..., DRAW] += np.where(
        gap <= parameters.balanced_gap_pct / 100, parameters.balanced_draw_correction, 0.0
    )
    return points / 100
