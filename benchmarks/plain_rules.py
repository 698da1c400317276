"""Two published rules on football-data.co.uk's files, written again with numpy alone.

Nothing here is MON_PS: not its reading of files, not its mathematics. It is what its figures are
checked against, so it stays short enough to be believed at sight.
"""

import csv
import gzip
import io
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq

Floats = NDArray[np.float64]
Row = dict[str, str]
Bets = tuple[NDArray[np.intp], NDArray[np.intp], Floats]  # matches, outcomes, profits of one unit

LEAST_SUM, GREATEST_SUM = 0.99, 1.15  # of Pinnacle's implied probabilities: else a typing error


def read_rows(folder: Path, divisions: list[str] | None = None) -> list[Row]:
    """Every match of `<season>_<division>.csv.gz` with a result; one given twice counts once."""
    rows: dict[tuple[str, ...], Row] = {}
    for file in sorted(folder.glob("[0-9]*_*.csv.gz")):
        if divisions is None or file.name.split("_")[1].split(".")[0] in divisions:
            for row in _rows_of(file):
                key = tuple(row[name] for name in ("Div", "Date", "HomeTeam", "AwayTeam"))
                rows.setdefault(key, row)
    return list(rows.values())


def _rows_of(file: Path) -> Iterator[Row]:
    content = gzip.decompress(file.read_bytes())
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252")
    for row in csv.DictReader(io.StringIO(text)):
        if row["Div"] and row["FTR"] in ("H", "D", "A"):
            yield row


def results(rows: list[Row]) -> NDArray[np.intp]:
    """0 for home, 1 for a draw, 2 for away."""
    return np.array(["HDA".index(row["FTR"]) for row in rows], dtype=np.intp)


def prices(rows: list[Row], codes: list[str]) -> Floats:
    """Odds of the first of these column codes that a row's file has, shape (n, 3).

    A cell that is no number above 1 is no price; without home or away the quote does not count.
    Rounded to three decimals, as stored: BetBrain's averages and the exchange have longer ones.
    """
    table = np.full((len(rows), 3), np.nan)
    for number, row in enumerate(rows):
        code = next((code for code in codes if f"{code}H" in row), None)
        if code is not None:
            table[number] = [_odds(row[f"{code}{side}"]) for side in "HDA"]
    table[np.isnan(table[:, [0, 2]]).any(axis=1)] = np.nan
    return table


def _odds(cell: str | None) -> float:
    try:
        value = round(float(cell or "nan"), 3)
    except ValueError:
        return np.nan
    return value if 1 < value < np.inf else np.nan


def kaunitz(best: Floats, mean: Floats, won: NDArray[np.intp], offsets: Floats) -> Bets:
    """Best x (1 / mean - offset) > 1: of a match the outcome where it is greatest."""
    gain = best * (1 / mean - offsets) - 1
    gain[np.isnan(mean).any(axis=1)] = np.nan
    return _take(gain, best, won, 0.0)


def buchdahl(best: Floats, sharp: Floats, won: NDArray[np.intp], threshold: float) -> Bets:
    """Best x fair - 1 > threshold, fair being the sharp book's implied chances to one power."""
    return _take(best * power_fair(sharp) - 1, best, won, threshold)


def power_fair(odds: Floats) -> Floats:
    """(1 / odds) ** k with the k that makes a row's sum 1; NaN where a row cannot be believed."""
    fair = np.full(odds.shape, np.nan)
    sums = (1 / odds).sum(axis=1)
    for row in np.flatnonzero((sums >= LEAST_SUM) & (sums <= GREATEST_SUM)):
        implied = 1 / odds[row]
        fair[row] = implied ** brentq(lambda k, q=implied: (q**k).sum() - 1, 0.1, 10, xtol=1e-15)
    return fair


def _take(gain: Floats, best: Floats, won: NDArray[np.intp], threshold: float) -> Bets:
    gain = np.where(np.isnan(gain), -np.inf, gain)
    place = gain.argmax(axis=1)
    match = np.flatnonzero(gain.max(axis=1) > threshold)
    place = place[match]
    return match, place, np.where(won[match] == place, best[match, place] - 1, -1.0)
