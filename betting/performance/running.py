"""A mean as it was after each observation, with the interval that was valid then."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from betting.performance.measures import ALPHA, FEWEST, reach

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """The mean after each observation and its confidence sequence, shape (n,) each.

    `low` and `high` are NaN below 30 observations and while they do not vary.
    """

    mean: Floats
    low: Floats
    high: Floats


def running_mean(values: Floats, *, alpha: float = ALPHA) -> Running:
    """What `measures.confidence_sequence` said after each observation, all at once.

    Args:
        values: One for each match, in the order in which they came, shape (n,).
        alpha: Probability that the sequence ever misses the truth.
    """
    if not len(values):
        return Running(mean=values, low=values, high=values)
    count = np.arange(1, len(values) + 1, dtype=np.float64)
    # Sums of squares around the first value: around zero, equal values would seem to vary.
    shifted = values - values[0]
    mean = np.cumsum(shifted) / count
    squares = np.cumsum(shifted**2) - count * mean**2
    variance = np.maximum(squares, 0.0) / np.maximum(count - 1, 1.0)
    is_known = (count >= FEWEST) & (np.maximum.accumulate(np.abs(shifted)) > 0)
    width = np.where(is_known, reach(count, variance, alpha=alpha), np.nan)
    mean = mean + values[0]
    return Running(mean=mean, low=mean - width, high=mean + width)
