"""Yields, drawdowns and intervals: worked examples, second methods, and published figures."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from betting.performance.measures import (
    bootstrap_yield,
    bootstrap_yields,
    by_match,
    drawdown,
    sharpe,
    win_rate,
    yield_of,
)

pytestmark = pytest.mark.filterwarnings("error")

EIGHT_BETS = np.array([10.0] * 5 + [-10.0] * 3)  # CONTRACT 2.5: five at 2.00 won, three lost


def test_the_eight_bets_of_the_contract():
    assert EIGHT_BETS.sum() == 20
    assert yield_of(EIGHT_BETS.sum(), 80) == 0.25
    assert win_rate({"won": 5, "lost": 3}) == 0.625


def test_without_bets_there_is_no_yield_and_no_win_rate():
    assert yield_of(0, 0) is None
    assert win_rate({}) is None
    assert win_rate({"push": 3, "void": 2}) is None


def test_halves_count_half_and_returned_stakes_not_at_all():
    endings = {"won": 1, "half_won": 2, "half_lost": 2, "lost": 1, "push": 9, "void": 9}

    assert win_rate(endings) == 0.5
    assert win_rate({"half_won": 1, "lost": 1}) == pytest.approx(1 / 3)
    assert win_rate({"dead_heat": 1}) == 0.5


def test_a_first_bet_that_loses_is_a_drawdown():
    fall = drawdown(np.array([-20.0, 50.0]), 100)

    assert (fall.amount, fall.fraction, fall.peak, fall.trough) == (20, 0.2, 0, 1)


def test_the_drawdown_is_deepest_in_proportion_to_the_peak_before():
    """From 100 to 50 is half; from 250 to 170 is more money and less of it."""
    fall = drawdown(np.array([-50.0, 200.0, -80.0]), 100)

    assert (fall.amount, fall.fraction, fall.peak, fall.trough) == (50, 0.5, 0, 1)


@pytest.mark.parametrize("profits", [[], [1.0, 2.0]])
def test_a_bankroll_that_never_falls_has_a_drawdown_of_zero(profits):
    fall = drawdown(np.array(profits), 10)

    assert (fall.amount, fall.fraction) == (0, 0)


def test_without_a_bankroll_there_is_no_drawdown():
    assert drawdown(np.array([1.0]), 0) is None


@given(st.lists(st.floats(-50, 50), min_size=1, max_size=30))
def test_the_drawdown_is_the_deepest_of_all_pairs(profits):
    """Second method: every earlier value against every later one."""
    equity = [1000 + sum(profits[:count]) for count in range(len(profits) + 1)]
    deepest = max(
        (equity[i] - equity[j]) / equity[i]
        for i in range(len(equity))
        for j in range(i, len(equity))
    )

    fall = drawdown(np.array(profits), 1000)

    assert fall.fraction == pytest.approx(deepest, abs=1e-12)
    assert fall.amount == pytest.approx(equity[fall.peak] - equity[fall.trough], abs=1e-9)


def test_sharpe_is_mean_over_deviation():
    """Mean 2, sample deviation 1."""
    assert sharpe(np.array([1.0, 2.0, 3.0])) == 2


@pytest.mark.parametrize("returns", [[], [0.5], [0.1, 0.1, 0.1]])
def test_sharpe_is_undefined_without_variation(returns):
    assert sharpe(np.array(returns)) is None


def test_by_match_takes_the_mean_of_each_match_first():
    """Matches 7: (1 + 3) / 2 = 2, and 9: 4; their mean is 3 and their variance 2."""
    values, matches = np.array([1.0, 3.0, 4.0]), np.array([7, 7, 9])

    assert by_match(values, matches) == (2, 3, 2)
    assert by_match(values[:1], matches[:1]) == (1, 1, None)
    assert by_match(values[:0], matches[:0]) == (0, None, None)


def test_the_bootstrap_agrees_with_the_ratio_estimators_normal_interval():
    """Second method: the delta method's standard error of a ratio of sums."""
    rng = np.random.default_rng(3)
    risk = rng.integers(1, 10, 400).astype(float)
    profit = risk * 0.03 + rng.normal(0, 1.5, 400) * np.sqrt(risk)
    ratio = profit.sum() / risk.sum()
    error = math.sqrt(400 * np.var(profit - ratio * risk, ddof=1)) / risk.sum()

    low, high = bootstrap_yield(profit, risk, resamples=20_000)

    # The ends are quantiles of 20,000 draws, known to about 2 % of the error.
    assert_allclose([low, high], [ratio - 1.96 * error, ratio + 1.96 * error], atol=0.1 * error)


def test_the_bootstrap_holds_the_true_yield_as_often_as_it_says():
    rng = np.random.default_rng(4)
    held = 0
    for seed in range(300):
        risk = rng.integers(1, 6, 100).astype(float)
        profit = 0.02 * risk + rng.normal(0, 1, 100)
        low, high = bootstrap_yield(profit, risk, resamples=400, seed=seed)
        held += low < 0.02 < high

    # 285 expected; four binomial standard errors of 3.8 are 15.
    assert abs(held - 285) < 15


def test_the_bootstrap_is_the_same_for_the_same_seed_and_blocks_leave_no_seam():
    rng = np.random.default_rng(5)
    profit, risk = rng.normal(size=1500), np.ones(1500)

    first, again = (bootstrap_yield(profit, risk, resamples=1500, seed=9) for _ in range(2))

    assert first == again
    assert first != bootstrap_yield(profit, risk, resamples=1500, seed=10)


def test_days_without_bets_change_no_interval():
    rng = np.random.default_rng(6)
    profit = rng.normal(size=50)
    empty = np.zeros(20)

    alone = bootstrap_yield(profit, np.ones(50))
    among = bootstrap_yield(np.concatenate([profit, empty]), np.concatenate([np.ones(50), empty]))

    assert alone == among


def test_groups_on_many_days_share_the_draws_and_agree_with_the_normal_interval():
    """As for one: the delta method, over the days on which the group has bets."""
    rng = np.random.default_rng(8)
    risk = rng.integers(0, 4, (500, 3)).astype(float)
    profit = risk * 0.03 + rng.normal(0, 1.5, (500, 3)) * np.sqrt(risk)
    ratio = profit.sum(axis=0) / risk.sum(axis=0)
    error = math.sqrt(500) * np.std(profit - ratio * risk, axis=0, ddof=1) / risk.sum(axis=0)

    low, high = np.transpose(bootstrap_yields(profit, risk, resamples=20_000))

    assert (np.abs(low - (ratio - 1.96 * error)) < 0.1 * error).all()
    assert (np.abs(high - (ratio + 1.96 * error)) < 0.1 * error).all()


def test_groups_on_few_days_have_the_interval_they_would_have_alone():
    rng = np.random.default_rng(9)
    risk = np.zeros((90, 4))
    risk[:, 0], risk[40:60, 1], risk[7, 2] = 1, 2, 3
    profit = rng.normal(size=(90, 4)) * risk

    found = bootstrap_yields(profit, risk)

    assert found[1] == bootstrap_yield(profit[:, 1], risk[:, 1])
    assert found[0] == pytest.approx(bootstrap_yield(profit[:, 0], risk[:, 0]))
    assert found[2] is None
    assert found[3] is None


@pytest.mark.parametrize("days", [0, 1])
def test_fewer_than_two_days_give_no_interval(days):
    assert bootstrap_yield(np.ones(days), np.ones(days)) is None
    assert bootstrap_yield(np.ones(5), np.r_[np.ones(days), np.zeros(5 - days)]) is None
