"""Stored history of a period as arrays: matches, quotes and the instants somebody looked.

Pure numbers, nothing of Django. Quotes lie sorted by series (match, market, line, bookmaker) and
time, so that what a series offered at any instant is one binary search away.
"""

import hashlib
from dataclasses import dataclass
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from odds.fair_prices import Flags, Floats, Integers, Panel
from strategies.snapshots import PLAYED_FOR, Past, Texts

MAXIMUM_COLUMN: Final = -1  # of the source's maximum of the market, as in `predictions.MAXIMUM`
AVERAGE_COLUMN: Final = -3


@dataclass(frozen=True, slots=True, kw_only=True)
class Matches:
    """The m matches, by kick-off; every array has shape (m,).

    `home_score` and `away_score` are NaN without a result in force; `is_void` says a match was
    abandoned. `has_draws`: its sport's matches can end level. `is_imported`: known from
    football-data.co.uk alone.
    """

    id: Integers
    sport: Texts
    home: Texts
    away: Texts
    kickoff: Floats
    home_score: Floats
    away_score: Floats
    is_void: Flags
    has_draws: Flags
    is_imported: Flags

    def __len__(self) -> int:
        return len(self.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Quotes:
    """The q quotes, sorted by match, market, line, column and time; shape (q,), odds (q, 3).

    `match` is a place in the matches, `column` one in the panel, MAXIMUM_COLUMN or AVERAGE_COLUMN.
    Odds are all NaN where the bookmaker withdrew its offer.
    """

    match: Integers
    market: Integers
    line: Floats
    column: Integers
    odds: Floats
    observed_at: Floats

    def __len__(self) -> int:
        return len(self.match)

    def take(self, rows: Integers | Flags) -> Self:
        """These quotes only."""
        return type(self)(
            match=self.match[rows],
            market=self.market[rows],
            line=self.line[rows],
            column=self.column[rows],
            odds=self.odds[rows],
            observed_at=self.observed_at[rows],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Looks:
    """When whole markets were looked at: l pairs of a match, a market and an instant; (l,)."""

    match: Integers
    market: Integers
    at: Floats

    def take(self, rows: Integers | Flags) -> Self:
        """These looks only."""
        return type(self)(match=self.match[rows], market=self.market[rows], at=self.at[rows])


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """Everything a replay may use; `past` are all results before and inside the period."""

    panel: Panel
    matches: Matches
    quotes: Quotes
    looks: Looks
    past: Past

    def until(self, instant: float) -> Self:
        """What was known at an instant: no later quote, look or result."""
        matches = self.matches
        is_over = matches.kickoff + PLAYED_FOR <= instant
        return type(self)(
            panel=self.panel,
            matches=Matches(
                id=matches.id,
                sport=matches.sport,
                home=matches.home,
                away=matches.away,
                kickoff=matches.kickoff,
                home_score=np.where(is_over, matches.home_score, np.nan),
                away_score=np.where(is_over, matches.away_score, np.nan),
                is_void=matches.is_void & is_over,
                has_draws=matches.has_draws,
                is_imported=matches.is_imported,
            ),
            quotes=self.quotes.take(self.quotes.observed_at <= instant),
            looks=self.looks.take(self.looks.at <= instant),
            past=self.past.known_at(instant),
        )

    @property
    def fingerprint(self) -> str:
        """The same for the same data, whatever ids its rows have."""
        digest = hashlib.sha256()
        matches, quotes, past = self.matches, self.quotes, self.past
        for array in (
            *(self.panel.key, self.panel.is_sharp, self.panel.is_exchange, self.panel.commission),
            *(matches.sport, matches.home, matches.away, matches.kickoff),
            *(matches.home_score, matches.away_score, matches.is_void, matches.is_imported),
            *(self.looks.match, self.looks.market, self.looks.at),
            *(past.sport, past.home, past.away, past.kickoff, past.home_score, past.away_score),
            *(quotes.match, quotes.market, quotes.line, quotes.column, quotes.odds),
            quotes.observed_at,
        ):
            digest.update(_canonical(array).tobytes())
        return digest.hexdigest()


def _canonical(array: NDArray[np.generic]) -> NDArray[np.generic]:
    """Texts as UTF-8, so that their width in the array does not matter."""
    if array.dtype.kind == "U":
        return np.frombuffer("\0".join(array.tolist()).encode(), dtype=np.uint8)
    return np.ascontiguousarray(array)
