"""Paired comparison: what differences say, how seldom they lie, and who may be called better."""

import numpy as np
import pytest

from betting.performance.measures import confidence_sequence
from strategies.paired import Plan, Verdict, compare

PLAN = Plan(smallest_gain=0.5, alpha=0.05, horizon=300)


def test_the_interval_is_the_confidence_sequence_of_the_differences():
    differences = np.random.default_rng(1).normal(1.0, 8.0, 120)

    found = compare(differences, PLAN)

    low, high = confidence_sequence(120, differences.mean(), differences.var(ddof=1), alpha=0.05)
    assert (found.matches, found.gain) == (120, pytest.approx(differences.mean()))
    assert (found.low, found.high) == (pytest.approx(low), pytest.approx(high))
    assert found.verdict is Verdict.NONE


@pytest.mark.parametrize(
    ("mean", "verdict"), [(5.0, Verdict.BETTER), (-5.0, Verdict.WORSE), (0.0, Verdict.NONE)]
)
def test_a_clear_difference_is_called_by_its_name(mean, verdict):
    noise = np.tile([-3.0, 3.0], 100)

    assert compare(mean + noise, PLAN).verdict is verdict


def test_a_change_that_is_surely_better_by_too_little_is_not_called_better():
    differences = 0.3 + np.tile([-0.5, 0.5], 100)

    found = compare(differences, PLAN)

    assert found.low > 0
    assert found.verdict is Verdict.NONE


def test_at_the_horizon_what_is_not_decided_is_undecided_and_later_matches_do_not_count():
    differences = np.tile([-3.0, 3.0], 200)

    found = compare(differences, PLAN)

    assert (found.matches, found.verdict) == (300, Verdict.UNDECIDED)


@pytest.mark.parametrize("differences", [[], [1.0], [2.0] * 29, [0.0] * 100])
def test_too_few_or_equal_differences_say_nothing(differences):
    found = compare(np.array(differences), PLAN)

    assert (found.low, found.high, found.verdict) == (None, None, Verdict.NONE)


def test_looked_at_after_every_match_two_equal_arms_are_seldom_told_apart():
    chance = np.random.default_rng(20261121)
    runs, called = 200, 0
    for _run in range(runs):
        differences = chance.normal(0.0, 9.5, PLAN.horizon)
        called += any(
            compare(differences[:count], PLAN).verdict in {Verdict.BETTER, Verdict.WORSE}
            for count in range(30, PLAN.horizon + 1)
        )

    assert called / runs <= PLAN.alpha


def test_a_gain_of_three_points_is_found_within_the_horizon():
    chance = np.random.default_rng(7)
    runs = [compare(chance.normal(3.0, 9.5, PLAN.horizon), PLAN).verdict for _run in range(50)]

    assert runs.count(Verdict.BETTER) >= 45
