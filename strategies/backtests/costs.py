"""What seeing a price and obtaining it differ by: commission, delay and haircut.

Pure numbers, nothing of Django.
"""

from dataclasses import dataclass

import numpy as np

from odds.fair_prices import Flags, Floats, Integers
from strategies.predictions import EVERY, NO_LEG
from strategies.replay.decisions import Decisions
from strategies.replay.history import History, Quotes
from strategies.replay.states import Series


@dataclass(frozen=True, slots=True, kw_only=True)
class Costs:
    """What keeps a price from being obtained as it was seen; nothing by default.

    Attributes:
        commission: Share of winnings taken from every bet, on top of an exchange's own.
        delay_seconds: From seeing a price to taking it: what is offered then is taken.
        haircut: Share of the odds above 1 that is not obtained.
    """

    commission: float = 0.0
    delay_seconds: float = 0.0
    haircut: float = 0.0

    def __post_init__(self) -> None:
        if not (0 <= self.commission < 1 and 0 <= self.haircut < 1 and self.delay_seconds >= 0):
            raise ValueError(f"{self} is impossible; give shares from 0 to below 1, and a delay.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Obtained:
    """Odds of each decision when the bet was placed; NaN where they were gone, shape (n,).

    `odds` are after the haircut, before any commission; `net_odds` after everything. Of an
    arbitrage both are what a unit spread over its legs returns.
    """

    odds: Floats
    net_odds: Floats


def obtain(decisions: Decisions, history: History, series: Series, costs: Costs) -> Obtained:
    """The odds obtained for decisions: each price as it stood after the delay, less the costs.

    A price that was withdrawn by then, or whose match had begun, is gone. Of an arbitrage, which
    is placed as a whole, all legs must be there.

    Args:
        decisions: Prices seen, shape (n,).
        history: Their matches and bookmakers.
        series: The history's quotes.
        costs: What is lost.
    """
    if costs == Costs():
        return Obtained(odds=decisions.odds, net_odds=decisions.net_odds)
    prices = _prices(decisions)
    seen = _odds_after(decisions, prices, history, series, costs.delay_seconds)
    odds = 1 + (seen - 1) * (1 - costs.haircut)
    commission = history.panel.commission[np.maximum(prices.column, 0)]
    own = np.where(prices.column >= 0, commission, 0.0)
    net = 1 + (odds - 1) * (1 - own) * (1 - costs.commission)
    return Obtained(
        odds=_whole(odds, prices.row, len(decisions)),
        net_odds=_whole(net, prices.row, len(decisions)),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Prices:
    """The p prices of decisions, one each or the legs of an arbitrage; shape (p,)."""

    row: Integers
    place: Integers
    column: Integers


def _prices(decisions: Decisions) -> _Prices:
    is_whole = decisions.place == EVERY
    single = np.flatnonzero(~is_whole)
    rows, places = np.nonzero(is_whole[:, None] & (decisions.legs != NO_LEG))
    return _Prices(
        row=np.concatenate([single, rows]),
        place=np.concatenate([decisions.place[single], places]),
        column=np.concatenate([decisions.column[single], decisions.legs[rows, places]]),
    )


def _odds_after(
    decisions: Decisions, prices: _Prices, history: History, series: Series, delay_seconds: float
) -> Floats:
    """What each price was after the delay; NaN where nobody offered it any more."""
    seen = decisions.take(prices.row)
    instants = seen.at + delay_seconds
    owner, candidate = series.of_matches(seen.match)
    quotes, first = series.quotes, series.first[candidate]
    is_listed = quotes.market[first] == seen.market[owner]
    owner, candidate, first = owner[is_listed], candidate[is_listed], first[is_listed]
    in_force = series.at(candidate, instants[owner])
    is_it = (quotes.column[first] == prices.column[owner]) & (
        quotes.line[first] == seen.line[owner]
    )
    stands = is_it & _is_listed(owner, in_force, quotes, history.matches.is_imported[seen.match])
    asked = owner[stands]
    odds = np.full(len(seen), np.nan)
    odds[asked] = quotes.odds[in_force[stands], prices.place[asked]]
    after: Floats = np.where(instants <= history.matches.kickoff[seen.match], odds, np.nan)
    return after


def _is_listed(owner: Integers, in_force: Integers, quotes: Quotes, is_imported: Flags) -> Flags:
    """Whether quotes in force stood in the newest list of their market, as a replay's looks ask.

    A source of past seasons lists all it knows of an instant: who is missing there has withdrawn.
    """
    dated = np.where(in_force >= 0, quotes.observed_at[in_force], -np.inf)
    newest = np.full(len(is_imported), -np.inf)
    np.maximum.at(newest, owner, dated)
    listed: Flags = (in_force >= 0) & (~is_imported[owner] | (dated == newest[owner]))
    return listed


def _whole(odds: Floats, rows: Integers, count: int) -> Floats:
    """What a unit returns on each row: its price, or spread so that every leg pays the same."""
    prices = np.bincount(rows, minlength=count)
    sums = np.bincount(rows, weights=1 / odds, minlength=count)
    alone = np.full(count, np.nan)
    alone[rows] = odds
    whole: Floats = np.where(prices == 1, alone, 1 / np.where(prices > 0, sums, np.nan))
    return whole
