"""The course of a comparison as a chart draws it."""

from typing import Any, Final

import numpy as np

from betting.performance.running import Running

MOST_POINTS: Final = 400  # more cannot be seen


def points_of(course: Running) -> list[dict[str, Any]]:
    """Evenly spread matches with the first and the last, ready for JSON.

    Returns:
        at: how many matches; value: the mean until then; low and high: its interval, None below 30.
    """
    number = len(course.mean)
    kept = np.unique(np.linspace(0, number - 1, min(number, MOST_POINTS)).round().astype(np.intp))
    return [
        {
            "at": int(one) + 1,
            "value": round(float(course.mean[one]), 4),
            "low": _known(course.low[one]),
            "high": _known(course.high[one]),
        }
        for one in kept
    ]


def _known(value: float) -> float | None:
    return None if np.isnan(value) else round(float(value), 4)
