"""Straight lines: recovered slopes, and errors against a second method."""

import numpy as np
import pytest

from betting.performance.regression import regress


def test_points_on_a_line_give_that_line_without_error():
    x = np.array([0.0, 1.0, 2.0, 3.0])

    line = regress(x, 2 * x - 1, np.arange(4))

    assert (line.slope, line.intercept) == pytest.approx((2, -1))
    assert (line.slope_error, line.intercept_error) == pytest.approx((0, 0), abs=1e-12)


def test_the_slope_is_that_of_another_solver():
    rng = np.random.default_rng(1)
    x, y = rng.normal(size=(2, 50))

    line = regress(x, y, np.arange(50))

    assert [line.slope, line.intercept] == pytest.approx(np.polyfit(x, y, 1).tolist())


def test_errors_are_as_wide_as_the_slopes_of_repeated_samples_vary():
    """Points of one match share x and noise: errors that took them for independent would be 1/2."""
    rng = np.random.default_rng(2)
    matches = np.repeat(np.arange(200), 4)
    lines = []
    for _ in range(400):
        x, noise = rng.normal(size=(2, 200))
        lines.append(regress(x[matches], (x + noise)[matches], matches))

    spread = np.std([line.slope for line in lines])

    # The standard deviation of 400 draws is known to 1 / sqrt(800) = 3.5 %.
    assert np.mean([line.slope_error for line in lines]) == pytest.approx(spread, rel=0.12)


@pytest.mark.parametrize(
    ("x", "matches"), [([], []), ([1, 2, 3], [1, 1, 2]), ([2, 2, 2], [1, 2, 3])]
)
def test_too_few_matches_or_no_variation_give_no_line(x, matches):
    values = np.array(x, dtype=float)

    assert regress(values, values, np.array(matches, dtype=np.intp)) is None
