"""Straight lines through bets: does what was promised come true, one for one?"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.intp]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A straight line through points, with standard errors that allow for clusters."""

    slope: float
    slope_error: float
    intercept: float
    intercept_error: float


def mean_error(values: Floats, match_ids: Integers) -> float | None:
    """Standard error of a mean over bets, of which those on one match are dependent.

    Args:
        values: Shape (n,).
        match_ids: The match of each value, shape (n,).

    Returns:
        The error, or `None` with fewer than two matches.

    Source:
        Liang & Zeger (1986) as in `regress`, of a line without slope.
    """
    ids, match = np.unique(match_ids, return_inverse=True)
    count = len(ids)
    if count < 2:
        return None
    sums = np.bincount(match, weights=values - values.mean())
    return float(np.sqrt((sums**2).sum() * count / (count - 1)) / len(values))


def regress(x: Floats, y: Floats, match_ids: Integers) -> Line | None:
    """Least squares of y on x; errors hold although points of one match are dependent.

    Args:
        x: Shape (n,).
        y: Shape (n,).
        match_ids: The match of each point, shape (n,).

    Returns:
        The line, or `None` with fewer than three matches or where x does not vary.

    Source:
        Liang & Zeger (1986), "Longitudinal data analysis using generalized linear models",
        Biometrika 73(1): the sandwich of cluster sums, with the factor m / (m - 1) for m clusters.
    """
    ids, match = np.unique(match_ids, return_inverse=True)
    count = len(ids)
    if count < 3 or np.ptp(x) == 0:
        return None
    points = np.stack([np.ones_like(x), x], axis=1)
    bread = np.linalg.inv(points.T @ points)
    intercept, slope = bread @ (points.T @ y)
    residuals = y - intercept - slope * x
    scores = np.stack([np.bincount(match, column * residuals) for column in points.T])
    covariance = bread @ (scores @ scores.T) @ bread * count / (count - 1)
    intercept_error, slope_error = np.sqrt(np.diag(covariance))
    return Line(
        slope=float(slope),
        slope_error=float(slope_error),
        intercept=float(intercept),
        intercept_error=float(intercept_error),
    )
