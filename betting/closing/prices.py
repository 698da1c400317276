"""Closing prices: what each reference held to be fair at the last look before kick-off.

Pure numbers, nothing of Django. References here are every sharp bookmaker, every exchange and the
consensus; which of them may grade a bet is decided when it is graded.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from betting.closing.clv import FOOTBALL_DATA, Odds
from betting.detection.board import MARKETS
from odds.devig import Method
from odds.fair_prices import (
    Flags,
    Floats,
    Integers,
    Panel,
    consensus_without_each,
    fair_by_bookmaker,
    overrounds,
)

CONSENSUS: Final = "consensus"
MARKET_AVERAGE: Final = "market_average"  # football-data.co.uk's mean over many bookmakers
OUTSIDER: Final = -1  # the panel's last operator offers nothing: its consensus is everyone's
# Sums of implied probabilities outside these are errors or, at an exchange, a market without money.
BOOKMAKER_OVERROUNDS: Final = (0.99, 1.15)
EXCHANGE_OVERROUNDS: Final = (0.98, 1.06)

Key = tuple[int, str, float]  # a match, a market and a line


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosingBoard:
    """What stood when each match began, by group (g: match, market, line) and bookmaker (b).

    Attributes:
        panel: The bookmakers; the last one is an outsider that offers nothing.
        operators: The number of each operator's name in the panel.
        match_id: Shape (g,).
        market: Place in MARKETS, shape (g,).
        line: Goals or home's handicap, 0 where the market has none, shape (g,).
        is_three_way: Whether a group has a draw, shape (g,).
        odds: Decimal odds still offered at the closing look, else NaN; shape (g, b, 3).
        seen_at: The closing look, seconds since 1970, shape (g,).
    """

    panel: Panel
    operators: dict[str, int]
    match_id: Integers
    market: Integers
    line: Floats
    is_three_way: Flags
    odds: Floats
    seen_at: Floats

    @property
    def keys(self) -> list[Key]:
        """The groups as others name them."""
        markets = [MARKETS[place] for place in self.market.tolist()]
        return list(zip(self.match_id.tolist(), markets, self.line.tolist(), strict=True))


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosingPrice:
    """One reference's closing prices of a group; `seen_at` in seconds since 1970."""

    key: Key
    reference: str
    odds: Odds
    fair: Odds
    bookmaker_count: int
    seen_at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Consensus:
    """What operators together hold to be fair, group by group; NaN where they are too few.

    Attributes:
        fair: Fair probabilities, shape (g, 3).
        odds: Median odds as offered, shape (g, 3).
        count: Bookmakers in it, shape (g,).
    """

    fair: Floats
    odds: Floats
    count: Integers


class ClosingPrices:
    """A closing board with every margin taken out; unreadable and absurd quotes left out."""

    def __init__(self, board: ClosingBoard) -> None:
        self.board = board
        self._odds = np.where(_may_serve(board)[..., None], board.odds, np.nan)
        self._fair = fair_by_bookmaker(self._odds, board.is_three_way, board.panel, Method.POWER)

    def of_single_bookmakers(self) -> Iterator[ClosingPrice]:
        """The prices of each sharp bookmaker and each exchange."""
        panel = self.board.panel
        return self._of(np.flatnonzero(panel.is_sharp | panel.is_exchange), "")

    def of_football_data(self) -> Iterator[ClosingPrice]:
        """The same and the market's average, as football-data.co.uk has them."""
        panel = self.board.panel
        is_wanted = panel.is_sharp | panel.is_exchange | (panel.key == MARKET_AVERAGE)
        return self._of(np.flatnonzero(is_wanted), FOOTBALL_DATA)

    def of_consensus(self, *, minimum_operators: int) -> Iterator[ClosingPrice]:
        """The consensus of all operators, where there are enough of them."""
        consensus = self.consensus(minimum_operators=minimum_operators)
        keys = self.board.keys
        for group in np.flatnonzero(~np.isnan(consensus.fair[:, 0])).tolist():
            yield ClosingPrice(
                key=keys[group],
                reference=CONSENSUS,
                odds=as_odds(consensus.odds[group]),
                fair=as_odds(consensus.fair[group]),
                bookmaker_count=int(consensus.count[group]),
                seen_at=float(self.board.seen_at[group]),
            )

    def consensus(self, *, minimum_operators: int, without: Collection[str] = ()) -> Consensus:
        """The consensus of all operators but these.

        Args:
            minimum_operators: With fewer than this there is none.
            without: Names of operators that have no voice.
        """
        numbers = [self.board.operators[name] for name in without if name in self.board.operators]
        has_voice = ~np.isin(self.board.panel.operator, numbers)[:, None]
        odds = np.where(has_voice, self._odds, np.nan)
        consensus = consensus_without_each(
            np.where(has_voice, self._fair, np.nan),
            self.board.panel,
            minimum_operators=minimum_operators,
        )
        return Consensus(
            fair=consensus[:, OUTSIDER],
            odds=medians(odds),
            count=(~np.isnan(odds[..., 0])).sum(axis=1),
        )

    def _of(self, columns: Integers, prefix: str) -> Iterator[ClosingPrice]:
        keys, panel = self.board.keys, self.board.panel
        for group, place in np.argwhere(~np.isnan(self._fair[:, columns, 0])).tolist():
            column = columns[place]
            yield ClosingPrice(
                key=keys[group],
                reference=f"{prefix}{panel.key[column]}",
                odds=as_odds(self._odds[group, column]),
                fair=as_odds(self._fair[group, column]),
                bookmaker_count=1,
                seen_at=float(self.board.seen_at[group]),
            )


def as_odds(values: Floats) -> Odds:
    """A row of three numbers, NaN as None."""
    first, draw, second = (None if np.isnan(value) else value for value in values.tolist())
    return first, draw, second


def _may_serve(board: ClosingBoard) -> Flags:
    """Complete and with a sane sum of implied probabilities; shape (g, b)."""
    sums = overrounds(board.odds, board.is_three_way)  # NaN, and so refused, where incomplete
    bounds = [BOOKMAKER_OVERROUNDS, EXCHANGE_OVERROUNDS]
    low, high = np.array([bounds[is_one] for is_one in board.panel.is_exchange.astype(int)]).T
    served: Flags = (sums >= low) & (sums <= high)
    return served


def medians(odds: Floats) -> Floats:
    """Medians over bookmakers; NaN where nobody offers. Shapes (g, b, 3) and (g, 3)."""
    ascending = np.sort(odds, axis=1)  # NaN sorts last
    count = (~np.isnan(odds)).sum(axis=1)[:, None]
    low, high = (
        np.take_along_axis(ascending, middle, axis=1)[:, 0]
        for middle in (np.maximum(count - 1, 0) // 2, np.minimum(count // 2, odds.shape[1] - 1))
    )
    medians: Floats = (low + high) / 2
    return medians
