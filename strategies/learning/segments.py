"""Segments: the predictions of a version cut by league, odds, edge and so on, and their sums.

Pure numbers, nothing of Django. A band reaches from its lower end up to its upper end, that one
left out.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Self

import numpy as np

from betting.bets.rules import Ending
from betting.performance.measures import win_rate, yield_of
from betting.performance.regression import mean_error

ODDS_BOUNDS: Final = (1.5, 2.0, 3.0, 5.0, 10.0)
EDGE_BOUNDS: Final = (0.0, 1.0, 2.0, 3.0, 5.0, 8.0, 12.0, 20.0)  # percent
HOURS_BOUNDS: Final = (1.0, 6.0, 24.0, 72.0)  # before kick-off
LEAGUE: Final = "league"
ODDS: Final = "odds"
BOOKMAKER: Final = "bookmaker"
HOURS: Final = "hours_to_kickoff"
MARKET: Final = "market"
EDGE: Final = "edge_pct"


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """One prediction, and what is known of how it turned out; `None` where it is not known.

    Attributes:
        match_id: Predictions on one match share its fate.
        league: The key of the sport.
        market: Such as `h2h`.
        outcome: Such as `home`.
        bookmaker: Its key; `None` where no bookmaker is named.
        odds: As offered.
        probability: What the agent held the chance to be.
        edge_pct: Claimed, percent.
        agreement: Share of other operators who agreed, 0 to 1.
        hours: From the prediction to kick-off.
        clv_pct: Fair CLV, percent, where a timely closing line graded it.
        result: How it ended.
        profit: Of one unit.
    """

    match_id: int
    league: str
    market: str
    outcome: str
    bookmaker: str | None
    odds: float
    probability: float
    edge_pct: float
    agreement: float | None
    hours: float
    clv_pct: float | None
    result: Ending | None
    profit: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rates:
    """What some predictions came to; percentages in percent, `None` where undefined.

    Attributes:
        predictions: Made.
        settled: Of these with a result, void ones left out: a unit was staked on each.
        win_rate_pct: Won of those won or lost, a half as a half.
        yield_pct: Profit per unit staked.
        graded: Predictions with a fair CLV.
        graded_matches: The matches they are on.
        clv_pct: Mean fair CLV of the graded.
        clv_error: Its standard error, which allows for several predictions on one match.
    """

    predictions: int
    settled: int
    win_rate_pct: float | None
    yield_pct: float | None
    graded: int
    graded_matches: int
    clv_pct: float | None
    clv_error: float | None

    @classmethod
    def of(cls, rows: Sequence[Made]) -> Self:
        """The sums of these predictions."""
        endings = Counter(row.result.value for row in rows if row.result is not None)
        settled = [row for row in rows if row.result not in {None, Ending.VOID}]
        profit = sum(row.profit or 0.0 for row in settled)
        graded = [(row.clv_pct, row.match_id) for row in rows if row.clv_pct is not None]
        clv = np.array([value for value, _ in graded])
        matches = np.array([match for _, match in graded], dtype=np.intp)
        return cls(
            predictions=len(rows),
            settled=len(settled),
            win_rate_pct=_percent(win_rate(endings)),
            yield_pct=_percent(yield_of(profit, len(settled))),
            graded=len(graded),
            graded_matches=len(np.unique(matches)),
            clv_pct=float(clv.mean()) if graded else None,
            clv_error=mean_error(clv, matches) if graded else None,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """The predictions that have one thing in common.

    `low` and `high` are the ends of a band; `None` where it has none on that side, and for a
    segment that is no band.
    """

    dimension: str
    value: str
    low: float | None = None
    high: float | None = None
    rates: Rates


@dataclass(frozen=True, slots=True, order=True)
class _Label:
    """What a prediction is sorted by; the place orders the bands."""

    place: int
    value: str
    low: float | None = None
    high: float | None = None


def segments(rows: Sequence[Made]) -> tuple[Segment, ...]:
    """These predictions by league, odds, bookmaker, hours to kick-off, market and edge.

    Every prediction is in one segment of each dimension, but that of the bookmaker where none is
    named. Bands follow each other upwards, other values by name.
    """
    return tuple(
        Segment(
            dimension=dimension,
            value=label.value,
            low=label.low,
            high=label.high,
            rates=Rates.of(members),
        )
        for dimension, label_of in _DIMENSIONS.items()
        for label, members in _cut(rows, label_of)
    )


def _cut(
    rows: Iterable[Made], label_of: Callable[[Made], _Label | None]
) -> list[tuple[_Label, list[Made]]]:
    found: dict[_Label, list[Made]] = {}
    for row in rows:
        label = label_of(row)
        if label is not None:
            found.setdefault(label, []).append(row)
    return sorted(found.items(), key=lambda each: (each[0].place, each[0].value))


def _band(value: float, bounds: Sequence[float]) -> _Label:
    place = bisect_right(bounds, value)
    low = bounds[place - 1] if place else None
    high = bounds[place] if place < len(bounds) else None
    if low is None:
        return _Label(place, f"below {high:g}", low, high)
    return _Label(
        place, f"{low:g} to {high:g}" if high is not None else f"{low:g} or more", low, high
    )


_DIMENSIONS: Final[dict[str, Callable[[Made], _Label | None]]] = {
    LEAGUE: lambda row: _Label(0, row.league),
    ODDS: lambda row: _band(row.odds, ODDS_BOUNDS),
    BOOKMAKER: lambda row: _Label(0, row.bookmaker) if row.bookmaker else None,
    HOURS: lambda row: _band(row.hours, HOURS_BOUNDS),
    MARKET: lambda row: _Label(0, row.market),
    EDGE: lambda row: _band(row.edge_pct, EDGE_BOUNDS),
}


def _percent(fraction: float | None) -> float | None:
    return None if fraction is None else 100 * fraction
