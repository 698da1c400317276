"""The board: one sport's current quotes as a table of groups, bookmakers and outcomes.

A group is one market and line of one match. Pure numbers, nothing of Django.
"""

from dataclasses import dataclass
from typing import Final, Self

import numpy as np

from odds.fair_prices import Flags, Floats, Integers, Panel

# The markets that are priced; `h2h_lay` is no price to back and never meets the others.
MARKETS: Final = ("h2h", "totals", "spreads")
OUTCOMES: Final = (("home", "draw", "away"), ("over", "", "under"), ("home", "", "away"))
LINE_UNITS: Final = 100  # lines have two decimals
MARKET_BITS: Final = 2
LINE_BITS: Final = 22  # a line lies between -9999.99 and 9999.99


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteTable:
    """The n quotes of one sport that its newest collections still offered.

    Attributes:
        match_id: Whose, shape (n,).
        bookmaker: Place in the panel, shape (n,).
        market: Place in MARKETS, shape (n,).
        line: Goals or home's handicap, 0 where the market has none, shape (n,).
        odds: Home, draw, away or over, –, under; NaN where missing, shape (n, 3).
        changed_at: When these odds were first seen, seconds since 1970, shape (n,).
        seen_at: When they were last seen, seconds since 1970, shape (n,).
        source_age_seconds: Age of the bookmaker's own update when last seen, NaN where it gave
            none, shape (n,).
    """

    match_id: Integers
    bookmaker: Integers
    market: Integers
    line: Floats
    odds: Floats
    changed_at: Floats
    seen_at: Floats
    source_age_seconds: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """Quotes laid out by group (g) and bookmaker (b, sorted by key).

    `odds` is (g, b, 3), the times (g, b), the rest (g,); NaN where a bookmaker offers nothing.
    """

    panel: Panel
    match_id: Integers
    market: Integers
    line: Floats
    is_three_way: Flags
    odds: Floats
    changed_at: Floats
    seen_at: Floats
    source_age_seconds: Floats

    @classmethod
    def of(cls, quotes: QuoteTable, panel: Panel, *, has_draws: bool) -> Self:
        """Lay out quotes; bookmakers without any are left out.

        A group has three outcomes as soon as anyone quotes a draw; where `has_draws` a match
        winner always has.
        """
        by_key = np.argsort(panel.key)
        used, column = np.unique(np.argsort(by_key)[quotes.bookmaker], return_inverse=True)
        first, group = _groups(quotes)
        shape = len(first), len(used)

        def table(values: Floats) -> Floats:
            laid_out = np.full(shape + values.shape[1:], np.nan)
            laid_out[group, column] = values
            return laid_out

        odds = table(quotes.odds)
        quotes_draw = ~np.isnan(odds[..., 1]).all(axis=1)
        return cls(
            panel=panel.take(by_key[used]),
            match_id=quotes.match_id[first],
            market=quotes.market[first],
            line=quotes.line[first],
            is_three_way=quotes_draw | (has_draws & (quotes.market[first] == 0)),
            odds=odds,
            changed_at=table(quotes.changed_at),
            seen_at=table(quotes.seen_at),
            source_age_seconds=table(quotes.source_age_seconds),
        )

    @property
    def is_outcome(self) -> Flags:
        """Which places a group has; shape (g, 3)."""
        flags = np.ones((len(self.match_id), 3), dtype=np.bool_)
        flags[:, 1] = self.is_three_way
        return flags

    @property
    def is_complete(self) -> Flags:
        """Whether a bookmaker prices every outcome of the group; shape (g, b)."""
        is_missing = np.isnan(self.odds) & self.is_outcome[:, None]
        complete: Flags = np.logical_not(is_missing.any(axis=2))
        return complete


def _groups(quotes: QuoteTable) -> tuple[Integers, Integers]:
    """The first quote of each group, and each quote's group; match, market and line in one key."""
    lines = np.rint(quotes.line * LINE_UNITS).astype(np.int64) + 2 ** (LINE_BITS - 1)
    markets = quotes.match_id.astype(np.int64) << MARKET_BITS | quotes.market
    _keys, first, group = np.unique(
        markets << LINE_BITS | lines, return_index=True, return_inverse=True
    )
    return first, group
