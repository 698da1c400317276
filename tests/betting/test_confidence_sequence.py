"""The confidence sequence: its definition by a second method, and the figures measured of it."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from betting.performance.measures import bets_needed, confidence_sequence, mixing, reach

pytestmark = pytest.mark.filterwarnings("error")


@pytest.mark.parametrize("alpha", [0.01, 0.05, 0.2])
@pytest.mark.parametrize("count", [30.0, 300.0, 5000.0])
def test_at_its_edge_the_mixture_of_likelihood_ratios_is_one_in_alpha(alpha, count):
    """Second method: Ville's inequality bounds the mixture, integrated here by the midpoint rule.

    With unit variance the ratio of a drift d is exp(d S - d² n / 2), the drift normal with
    variance 1 / mixing.
    """
    doubt = mixing(alpha, 300)
    total = count * reach(count, 1.0, alpha=alpha)
    drift = np.linspace(-3, 3, 600_001)
    log_ratio = drift * total - drift**2 * count / 2
    density = np.sqrt(doubt / (2 * np.pi)) * np.exp(-(drift**2) * doubt / 2)

    mixture = float((np.exp(log_ratio) * density).sum() * (drift[1] - drift[0]))

    assert mixture == pytest.approx(1 / alpha, rel=1e-6)


@given(alpha=st.floats(0.001, 0.5), tuned_at=st.integers(30, 5000))
def test_it_is_nowhere_narrower_when_tuned_otherwise(alpha, tuned_at):
    own = reach(float(tuned_at), 1.0, alpha=alpha, tuned_at=tuned_at)

    for factor in (0.5, 0.9, 1.1, 2.0):
        other = reach(float(tuned_at), 1.0, alpha=alpha, tuned_at=tuned_at * factor)
        assert own <= other * (1 + 1e-12)


def test_tuning_is_near_the_published_approximation():
    """Howard et al. (2021), section 3.5: n / (2 log(1/a) + log(1 + 2 log(1/a))), good to 4 %."""
    double = 2 * math.log(1 / 0.05)

    assert mixing(0.05, 300) == pytest.approx(300 / (double + math.log1p(double)), rel=0.04)


@pytest.mark.parametrize(("alpha", "tuned_at"), [(0, 300), (1, 300), (0.05, 0)])
def test_an_impossible_tuning_is_refused(alpha, tuned_at):
    with pytest.raises(ValueError, match="no such sequence"):
        mixing(alpha, tuned_at)


def test_the_interval_lies_around_the_mean():
    low, high = confidence_sequence(300, 0.02, 0.01)

    assert (low + high) / 2 == pytest.approx(0.02)
    assert (high - low) / 2 == pytest.approx(reach(300.0, 0.01))


@pytest.mark.parametrize(
    ("count", "mean", "variance"),
    [(29, 0.02, 0.01), (0, None, None), (1, 0.02, None), (100, 0.02, 0.0)],
)
def test_too_little_to_go_by_gives_no_interval(count, mean, variance):
    assert confidence_sequence(count, mean, variance) is None


@given(
    mean=st.floats(-0.5, 0.5).filter(lambda mean: abs(mean) > 1e-3),
    deviation=st.floats(0.01, 0.5),
)
def test_bets_needed_is_where_the_interval_first_leaves_out_zero(mean, deviation):
    needed = bets_needed(mean, deviation**2)

    low, high = confidence_sequence(needed, mean, deviation**2)
    assert low > 0 or high < 0
    if needed > 30:
        low, high = confidence_sequence(needed - 1, mean, deviation**2)
        assert low <= 0 <= high


@pytest.mark.parametrize(
    ("mean", "variance"), [(0.0, 0.01), (None, None), (0.02, None), (1e-9, 0.01), (0.02, 0.0)]
)
def test_no_number_of_bets_is_promised_where_none_would_do(mean, variance):
    assert bets_needed(mean, variance) is None


# METHODS 7 measured these on the CLV of real bets, of standard deviation 9 to 10 % and a kurtosis
# of about ten; Student's law with 5 degrees of freedom has 9.
DEVIATION = 0.09


def first_verdicts(edge: float, *, runs: int, length: int, seed: int) -> np.ndarray:
    """After how many bets each run first left out zero, looked at after every bet; 0 if never."""
    rng = np.random.default_rng(seed)
    clv = edge + DEVIATION * rng.standard_t(5, (runs, length)) / math.sqrt(5 / 3)
    count = np.arange(1.0, length + 1)
    mean = np.cumsum(clv, axis=1) / count
    squares = np.cumsum(clv**2, axis=1) - count * mean**2
    count, mean, squares = count[29:], mean[:, 29:], squares[:, 29:]
    is_out = np.abs(mean) > reach(count, squares / (count - 1))
    return np.where(is_out.any(axis=1), is_out.argmax(axis=1) + 30, 0)


def test_the_vectorised_runs_decide_as_the_interval_does():
    rng = np.random.default_rng(1)
    clv = 0.02 + DEVIATION * rng.standard_t(5, (1, 400))[0] / math.sqrt(5 / 3)

    decided = first_verdicts(0.02, runs=1, length=400, seed=1)[0]

    intervals = (
        (count, confidence_sequence(count, clv[:count].mean(), clv[:count].var(ddof=1)))
        for count in range(30, 401)
    )
    assert decided == next(count for count, (low, high) in intervals if low > 0 or high < 0)


def test_peeking_after_every_bet_raises_as_few_false_alarms_as_measured():
    """METHODS 7: 1.6 / 3.2 / 3.9 % at 300 / 1,000 / 3,000 bets without edge."""
    runs = 3000
    verdicts = first_verdicts(0.0, runs=runs, length=3000, seed=2)

    for length, measured in ((300, 0.016), (1000, 0.032), (3000, 0.039)):
        alarms = np.mean((verdicts > 0) & (verdicts <= length))
        # Both figures are shares of runs: METHODS gives no number, 1,000 is taken for it.
        error = math.sqrt(measured * (1 - measured) * (1 / runs + 1 / 1000))
        assert abs(alarms - measured) < 3 * error
        assert alarms < 0.05


def test_in_200_runs_without_edge_fewer_than_one_in_twenty_is_a_false_alarm():
    verdicts = first_verdicts(0.0, runs=200, length=1000, seed=3)

    assert np.mean(verdicts > 0) < 0.05


def test_an_ordinary_interval_looked_at_after_every_bet_would_cry_wolf():
    """METHODS 7: |z| > 1.96 raises 34 % false alarms within 300 bets."""
    rng = np.random.default_rng(4)
    clv = DEVIATION * rng.standard_t(5, (2000, 300)) / math.sqrt(5 / 3)
    count = np.arange(1.0, 301)
    mean = np.cumsum(clv, axis=1) / count
    variance = (np.cumsum(clv**2, axis=1) - count * mean**2)[:, 29:] / (count[29:] - 1)
    is_out = np.abs(mean[:, 29:]) > 1.96 * np.sqrt(variance / count[29:])

    assert is_out.any(axis=1).mean() == pytest.approx(0.34, abs=0.05)


@pytest.mark.parametrize(("edge", "measured"), [(0.01, 541), (0.02, 139), (0.03, 70)])
def test_an_edge_is_found_after_about_as_many_bets_as_measured(edge, measured):
    """METHODS 7's medians; real CLV is of no law with a name, so within 15 %."""
    verdicts = first_verdicts(edge, runs=1000, length=8 * measured, seed=5)

    assert (verdicts > 0).all()
    assert np.median(verdicts) == pytest.approx(measured, rel=0.15)
