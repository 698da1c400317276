"""The price columns of a file: one block for each bookmaker, market and moment."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from odds.football_data.leagues import SOURCES, Source

Floats = NDArray[np.float64]
Integers = NDArray[np.intp]

TOTALS_LINE: Final = 2.5
DECIMALS: Final = 3  # of stored odds
HIGHEST_ODDS: Final = 99_999.999
HIGHEST_LINE: Final = 20
NOT_ODDS: Final = "not decimal odds above 1"
NOT_A_LINE: Final = "not a handicap line"
INCOMPLETE: Final = "one side without odds"
NO_LINE: Final = "handicap odds without a line"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejection:
    """A cell, a quote or a row that could not be used. `value` is what stood there."""

    line: int
    column: str
    value: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceBlock:
    """The quotes of one bookmaker for one market at one moment, for all matches of a file.

    Attributes:
        source: Whose prices they are.
        market: `h2h`, `totals` or `spreads`.
        is_closing: They are closing prices.
        match: The position of each quote's match in the file, shape (n,).
        handicap: The goals or (home's) handicap line, 0 for h2h, shape (n,).
        odds: Home, draw, away; or over, –, under; or home, –, away. NaN where there is no draw,
            shape (n, 3).
    """

    source: Source
    market: str
    is_closing: bool
    match: Integers
    handicap: Floats
    odds: Floats


@dataclass(slots=True)
class PriceColumns:
    """The columns of a file by name, and what of them could not be used.

    Attributes:
        cells: Texts of each column, without the white space around them.
        lines: The line of the file in which each row stands.
        always_closing: The layout has closing prices only, whatever the columns are called.
        rejected: Grows while blocks are read.
    """

    cells: Mapping[str, Sequence[str]]
    lines: Sequence[int]
    always_closing: bool
    rejected: list[Rejection] = field(default_factory=list)
    handicaps: dict[str, Floats] = field(default_factory=dict)

    def blocks(self) -> Iterator[PriceBlock]:
        """Every block the columns hold; a bookmaker given twice counts once."""
        seen: set[tuple[str, str, bool]] = set()
        for code, source in SOURCES.items():
            for mark in ("", "C"):
                is_closing = self.always_closing or mark == "C"
                for market, read in (
                    ("h2h", self._h2h),
                    ("totals", self._totals),
                    ("spreads", self._spreads),
                ):
                    if (source.key, market, is_closing) in seen:
                        continue
                    priced = read(code, mark)
                    if priced is None:
                        continue
                    seen.add((source.key, market, is_closing))
                    match, handicap, odds = priced
                    yield PriceBlock(
                        source=source,
                        market=market,
                        is_closing=is_closing,
                        match=match,
                        handicap=handicap,
                        odds=odds,
                    )

    def _h2h(self, code: str, mark: str) -> tuple[Integers, Floats, Floats] | None:
        names = [f"{code}{mark}{side}" for side in "HDA"]
        if not self._has(names):
            return None
        match, odds = self._complete(names[0], [self._odds(name) for name in names])
        return match, np.zeros(len(match)), odds

    def _totals(self, code: str, mark: str) -> tuple[Integers, Floats, Floats] | None:
        names = [f"{code}{mark}{side}{TOTALS_LINE}" for side in "><"]
        if not self._has(names):
            return None
        match, odds = self._two_way(names)
        return match, np.full(len(match), TOTALS_LINE), odds

    def _spreads(self, code: str, mark: str) -> tuple[Integers, Floats, Floats] | None:
        names = [f"{code}{mark}AH{side}" for side in "HA"]
        if not self._has(names):
            return None
        match, odds = self._two_way(names)
        lines = self._handicap(code, mark)[match]
        missing = np.isnan(lines)
        for row in match[missing].tolist():
            self._reject(row, names[0], NO_LINE)
        return match[~missing], lines[~missing], odds[~missing]

    def _two_way(self, names: list[str]) -> tuple[Integers, Floats]:
        first, second = (self._odds(name) for name in names)
        return self._complete(names[0], [first, np.full(len(first), np.nan), second])

    def _complete(self, name: str, sides: list[Floats]) -> tuple[Integers, Floats]:
        """The rows with both sides, and their odds; a draw may be missing, a side may not."""
        odds = np.column_stack(sides)
        is_offered = ~np.isnan(odds)
        is_complete = is_offered[:, 0] & is_offered[:, 2]
        for row in np.flatnonzero(is_offered.any(axis=1) & ~is_complete).tolist():
            self._reject(row, name, INCOMPLETE)
        match = np.flatnonzero(is_complete)
        return match, odds[match]

    def _odds(self, name: str) -> Floats:
        """A column of odds as stored; NaN where it is empty or cannot be used."""
        values = np.round(_numbers(self.cells[name]), DECIMALS)
        is_bad = _given(self.cells[name]) & ~((values > 1) & (values <= HIGHEST_ODDS))
        return self._without(name, values, is_bad, NOT_ODDS)

    def _handicap(self, code: str, mark: str) -> Floats:
        """The line of a bookmaker's handicap: its own column before 2019, a common one since."""
        own, common = f"{code}{mark}AH", "AHCh" if mark else "AHh"
        names = [name for name in (own, common, "BbAHh") if name in self.cells]
        if not names:
            return np.full(len(self.lines), np.nan)
        name = names[0]
        if name not in self.handicaps:
            values = _numbers(self.cells[name])
            is_quarter = (values * 4 == np.round(values * 4)) & (np.abs(values) <= HIGHEST_LINE)
            is_bad = _given(self.cells[name]) & ~is_quarter
            self.handicaps[name] = self._without(name, values, is_bad, NOT_A_LINE) + 0.0
        return self.handicaps[name]

    def _without(self, name: str, values: Floats, is_bad: NDArray[np.bool_], reason: str) -> Floats:
        for row in np.flatnonzero(is_bad).tolist():
            self._reject(row, name, reason)
        values[is_bad] = np.nan
        return values

    def _reject(self, row: int, name: str, reason: str) -> None:
        self.rejected.append(
            Rejection(line=self.lines[row], column=name, value=self.cells[name][row], reason=reason)
        )

    def _has(self, names: list[str]) -> bool:
        return all(name in self.cells for name in names)


def _given(texts: Sequence[str]) -> NDArray[np.bool_]:
    return np.array([bool(text) for text in texts], dtype=np.bool_)


def _numbers(texts: Sequence[str]) -> Floats:
    return np.array([_number(text) for text in texts], dtype=np.float64)


def _number(text: str) -> float:
    try:
        return float(text) if text else math.nan
    except ValueError:
        return math.nan
