"""Bets of a replay: decisions as obtained, settled and graded.

Pure numbers, nothing of Django.
"""

from dataclasses import dataclass, fields
from typing import Final, Self

import numpy as np

from odds.fair_prices import Flags, Floats, Integers
from strategies.backtests.costs import Costs, obtain
from strategies.predictions import EVERY
from strategies.replay.closing import closing_of, fair_clv
from strategies.replay.decisions import Decisions
from strategies.replay.history import History
from strategies.replay.outcomes import shares_won
from strategies.replay.states import Series
from strategies.snapshots import Texts

DAY_SECONDS: Final = 86400


@dataclass(frozen=True, slots=True, kw_only=True)
class Bets:
    """The n bets, one unit each, by instant; every array has shape (n,).

    Attributes:
        match: Place in the history's matches.
        day: Of the kick-off, UTC, days since 1970.
        sport: The competition's key.
        net_odds: As obtained, after every cost.
        probability: What the agent held the chance to be.
        edge: What it claimed when it chose.
        share: 1, 0.5, 0, -0.5 or -1 of a win; NaN without a result.
        profit: Of the unit; NaN without a result.
        clv: Fair CLV of the odds obtained; NaN without a closing line.
        raw_clv: Odds obtained against closing odds as offered; NaN for arbitrages too.
        is_arbitrage: Takes every outcome.
        is_void: On a match that was abandoned.
    """

    match: Integers
    day: Integers
    sport: Texts
    net_odds: Floats
    probability: Floats
    edge: Floats
    share: Floats
    profit: Floats
    clv: Floats
    raw_clv: Floats
    is_arbitrage: Flags
    is_void: Flags

    def __len__(self) -> int:
        return len(self.match)

    @property
    def is_decided(self) -> Flags:
        """Settled and not void: what yields are computed on, a unit that came back among them."""
        decided: Flags = ~np.isnan(self.share) & ~self.is_void
        return decided

    def take(self, rows: Integers | Flags) -> Self:
        """These bets only."""
        return type(self)(**{each.name: getattr(self, each.name)[rows] for each in fields(self)})


def place_bets(decisions: Decisions, history: History, series: Series, costs: Costs) -> Bets:
    """Bet one unit on every decision whose price was still there; settle it and grade it.

    Args:
        decisions: Prices chosen, by instant.
        history: Their matches, results and closing lines.
        series: The history's quotes.
        costs: What keeps the prices from being obtained as seen.
    """
    obtained = obtain(decisions, history, series, costs)
    taken = np.flatnonzero(~np.isnan(obtained.net_odds))
    chosen, odds, net = decisions.take(taken), obtained.odds[taken], obtained.net_odds[taken]
    closing = closing_of(chosen, history, series)
    share = shares_won(chosen, history)
    is_arbitrage = chosen.place == EVERY
    return Bets(
        match=chosen.match,
        day=days_of(history.matches.kickoff[chosen.match]),
        sport=history.matches.sport[chosen.match],
        net_odds=net,
        probability=chosen.probability,
        edge=chosen.edge,
        share=share,
        profit=np.where(share > 0, share * (net - 1), share),
        clv=fair_clv(chosen, closing, net),
        raw_clv=np.where(is_arbitrage, np.nan, odds / closing.odds - 1),
        is_arbitrage=is_arbitrage,
        is_void=history.matches.is_void[chosen.match],
    )


def days_of(instants: Floats) -> Integers:
    """The UTC day of each instant, as days since 1970."""
    days: Integers = np.floor(instants / DAY_SECONDS).astype(np.intp)
    return days
