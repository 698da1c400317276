"""The mean fair CLV as it grew match day by match day, with the interval that was valid then."""

from datetime import date
from typing import Any

import numpy as np

from betting.performance.records import Sample
from betting.performance.running import running_mean


def by_match_day(sample: Sample) -> list[dict[str, Any]]:
    """One point for each UTC day with matches of graded bets, in their order.

    Returns:
        date; count: matches so far; value: their mean CLV, each match the mean of its bets; low and
        high: the confidence sequence, None below 30 matches. Percent, ready for JSON.
    """
    graded = sample.is_graded
    ids, first, place, bets = np.unique(
        sample.match[graded], return_index=True, return_inverse=True, return_counts=True
    )
    means = np.bincount(place, weights=sample.fair_clv[graded], minlength=len(ids)) / bets
    kickoff = sample.kickoff[graded][first]
    order = np.lexsort((ids, kickoff))
    days = kickoff[order].astype("datetime64[D]")
    running = running_mean(means[order])
    last = np.flatnonzero(np.append(days[1:] != days[:-1], [True] * bool(len(days))))
    return [
        {
            "date": str(days[one]),
            "count": int(one) + 1,
            "value": float(running.mean[one]),
            "low": _known(running.low[one]),
            "high": _known(running.high[one]),
        }
        for one in last
    ]


def by_week(points: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The last point of each week, which begins on Monday: what stood at its end."""
    last = {date.fromisoformat(one["date"]).isocalendar()[:2]: one for one in points}
    return list(last.values())


def _known(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
