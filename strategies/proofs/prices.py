"""The prices a proof looks at: some sources only, or one source's as a table of matches.

Pure numbers, nothing of Django. Imported matches only: of them the source states which prices were
on offer before kick-off and which at the close.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from betting.closing.prices import BOOKMAKER_OVERROUNDS, EXCHANGE_OVERROUNDS
from betting.detection.board import MARKETS
from odds.devig import overround
from odds.fair_prices import Flags, Floats, Integers
from strategies.replay.decisions import AT_CLOSE, BEFORE_CLOSE, Window
from strategies.replay.history import AVERAGE_COLUMN, MAXIMUM_COLUMN, History

WINNER: Final = MARKETS.index("h2h")
MOMENTS: Final = {"before_close": BEFORE_CLOSE, "at_close": AT_CLOSE}
MAXIMUM: Final = "market_max"
AVERAGE: Final = "market_average"
_STATED: Final = {MAXIMUM: MAXIMUM_COLUMN, AVERAGE: AVERAGE_COLUMN}


@dataclass(frozen=True, slots=True, kw_only=True)
class Books:
    """The n complete and believable books of one source on matches with a result.

    Attributes:
        odds: Decimal odds, shape (n, k): home, draw, away, or over and under.
        won: Which of them happened, 0 to k - 1, shape (n,).
        match: Places in the history's matches, shape (n,).
    """

    odds: Floats
    won: Integers
    match: Integers


def only(history: History, bookmakers: Collection[str], moment: str) -> History:
    """The match winners of imported matches as these bookmakers priced them then; all results.

    What was on offer days before kick-off is no closing price: files of before 2019 have a closing
    price of Pinnacle alone, and the others' earlier ones must not stand in for theirs.
    """
    columns = [_column(history, key) for key in bookmakers]
    matches, quotes, looks = history.matches, history.quotes, history.looks
    is_wanted = (quotes.market == WINNER) & np.isin(quotes.column, columns)
    is_then = _is_inside(matches.kickoff[quotes.match] - quotes.observed_at, MOMENTS[moment])
    return replace(
        history,
        quotes=quotes.take(is_wanted & is_then & matches.is_imported[quotes.match]),
        looks=looks.take((looks.market == WINNER) & matches.is_imported[looks.match]),
    )


def is_ended(history: History) -> Flags:
    """Which matches are imported and have a result in force; shape (m,)."""
    matches = history.matches
    flags: Flags = matches.is_imported & ~np.isnan(matches.home_score) & ~matches.is_void
    return flags


def odds_at(history: History, bookmaker: str, *, moment: str, market: str = "h2h") -> Floats:
    """A bookmaker's last odds of each imported match in a window; NaN without, shape (m, 3)."""
    quotes, window = history.quotes, MOMENTS[moment]
    kickoff = history.matches.kickoff[quotes.match]
    is_wanted = (
        (quotes.market == MARKETS.index(market))
        & (quotes.column == _column(history, bookmaker))
        & history.matches.is_imported[quotes.match]
        & _is_inside(kickoff - quotes.observed_at, window)
    )
    table = np.full((len(history.matches), 3), np.nan)
    table[quotes.match[is_wanted]] = quotes.odds[is_wanted]  # by time: the last one stays
    return table


def books_of(history: History, bookmaker: str, *, moment: str, market: str) -> Books:
    """A source's complete books at a moment, those with an impossible margin left out."""
    table = odds_at(history, bookmaker, moment=moment, market=market)
    odds = table if market == "h2h" else table[:, [0, 2]]
    sums = overround(odds)
    is_exchange = bookmaker in history.panel.key[history.panel.is_exchange]
    low, high = EXCHANGE_OVERROUNDS if is_exchange else BOOKMAKER_OVERROUNDS
    match = np.flatnonzero((sums >= low) & (sums <= high) & is_ended(history))
    home, away = history.matches.home_score[match], history.matches.away_score[match]
    won = np.where(home > away, 0, np.where(home == away, 1, 2))
    if market == "totals":  # the source knows no other line than 2.5
        won = np.where(home + away > 2.5, 0, 1)
    return Books(odds=odds[match], won=won, match=match)


def _is_inside(before: Floats, window: Window) -> Flags:
    flags: Flags = (before <= window.earliest) & (before >= window.latest)
    return flags


def _column(history: History, bookmaker: str) -> int:
    """Of a bookmaker's quotes; one that no quote has where it is not known."""
    if bookmaker in _STATED:
        return _STATED[bookmaker]
    [*places] = np.flatnonzero(history.panel.key == bookmaker).tolist()
    return places[0] if places else len(history.panel.key)
