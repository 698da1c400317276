"""What was said against what came: shares with their intervals, bin by bin."""

import numpy as np
import pytest

from betting.performance.calibration import bins_of, wilson


# Newcombe (1998), "Two-sided confidence intervals for the single proportion", Statistics in
# Medicine 17, table I, method 3.
@pytest.mark.parametrize(
    ("wins", "count", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611),
     (1, 29, 0.0061, 0.1718)],
)  # fmt: skip
def test_the_interval_of_a_share_is_the_published_one(wins, count, low, high):
    assert wilson(wins, count) == pytest.approx((low, high), abs=5e-5)


def test_outcomes_of_about_the_same_chance_are_counted_together():
    said = np.array([0.41, 0.45, 0.49, 0.5, 1.0])
    came = np.array([1.0, 0.0, 0.0, 1.0, 1.0])

    first, second, last = bins_of(said, came)

    assert (first.count, first.said, first.came) == (3, pytest.approx(0.45), pytest.approx(1 / 3))
    assert (second.count, second.said, second.came) == (1, 0.5, 1.0)
    assert (last.count, last.came) == (1, 1.0)
    assert first.low < first.came < first.high


def test_what_was_not_said_or_neither_came_nor_failed_does_not_count():
    assert bins_of(np.array([np.nan, 0.5]), np.array([1.0, np.nan])) == []
    assert bins_of(np.empty(0), np.empty(0)) == []
