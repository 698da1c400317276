"""The Deflated Sharpe Ratio against the paper's own example and SciPy."""

import math

import numpy as np
import pytest
from scipy import stats

from strategies.backtests.deflation import best_of, deflate, probability_above

# Bailey & López de Prado (2014), "A numerical example": 5 years of 250 days, an annual Sharpe
# ratio of 2.5, skewness -3, kurtosis 10; 100 trials whose annual ratios have a variance of 1/2.
DAYS = 250
SHARPE = 2.5 / math.sqrt(DAYS)
TRIALS_VARIANCE = 0.5 / DAYS
SHAPE = {"observed": SHARPE, "observations": 5 * DAYS, "skewness": -3.0, "kurtosis": 10.0}


def test_the_papers_example_expects_0_1132_of_the_best_of_100():
    assert best_of(100, TRIALS_VARIANCE) == pytest.approx(0.1132, abs=5e-5)


def test_the_papers_example_is_90_04_percent():
    probability = probability_above(best_of(100, TRIALS_VARIANCE), **SHAPE)

    assert probability == pytest.approx(0.9004, abs=5e-5)


def test_the_papers_second_example_of_46_trials_is_95_05_percent():
    probability = probability_above(best_of(46, TRIALS_VARIANCE), **SHAPE)

    assert probability == pytest.approx(0.9505, abs=5e-5)


def test_it_is_what_scipy_says_of_the_same_returns():
    returns = np.random.default_rng(5).gamma(2.0, size=500) - 1.9

    found = deflate(returns, tried=12)

    ratio = returns.mean() / returns.std(ddof=1)
    skewness, kurtosis = stats.skew(returns), stats.kurtosis(returns, fisher=False)
    euler = 0.5772156649015329
    best = math.sqrt(1 / 499) * (
        (1 - euler) * stats.norm.ppf(1 - 1 / 12) + euler * stats.norm.ppf(1 - 1 / (12 * math.e))
    )
    spread = 1 - skewness * ratio + (kurtosis - 1) / 4 * ratio**2
    expected = stats.norm.cdf((ratio - best) * math.sqrt(499 / spread))
    assert (found.skewness, found.kurtosis) == pytest.approx((skewness, kurtosis))
    assert found.expected_best_sharpe == pytest.approx(best)
    assert found.probability == pytest.approx(expected)


def test_the_expected_best_is_about_what_the_best_of_many_without_an_edge_shows():
    rng = np.random.default_rng(11)
    trials = rng.normal(size=(400, 50, 200))
    ratios = trials.mean(axis=2) / trials.std(axis=2, ddof=1)

    shown = ratios.max(axis=1).mean()

    assert best_of(50, 1 / 199) == pytest.approx(shown, rel=0.03)


def test_one_variant_is_judged_against_zero():
    returns = np.random.default_rng(1).normal(0.05, 1.0, 900)

    found = deflate(returns, tried=1)

    assert found.expected_best_sharpe == 0.0
    assert found.probability == pytest.approx(
        stats.norm.cdf(found.sharpe * math.sqrt(899)), abs=0.02
    )


def test_more_variants_never_make_it_more_certain():
    returns = np.random.default_rng(2).normal(0.1, 1.0, 400)

    probabilities = [deflate(returns, tried=tried).probability for tried in (1, 2, 5, 20, 100)]

    assert probabilities == sorted(probabilities, reverse=True)
    assert len(set(probabilities)) == 5


@pytest.mark.parametrize("returns", [[], [1.0], [0.5, -1.0], [1.0, 1.0, 1.0, 1.0]])
def test_too_few_returns_or_equal_ones_say_nothing(returns):
    found = deflate(np.array(returns), tried=3)

    assert found.probability is None
    assert found.observations == len(returns)


def test_no_variant_at_all_is_refused():
    with pytest.raises(ValueError, match="one of them"):
        best_of(0, 0.1)
