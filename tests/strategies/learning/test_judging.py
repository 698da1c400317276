"""Judging: a change stands where it gains beyond chance, and seldom where it gains nothing."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from strategies.learning.judging import judge

NOTHING = np.array([])


def judged(gains, profits=NOTHING, *, before=200, after=120, **given_):
    return judge(
        np.asarray(gains, dtype=float), profits, bets_before=before, bets_after=after, **given_
    )


@given(
    st.integers(0, 10_000),
    st.integers(30, 400),
    st.floats(-4, 4),
    st.sampled_from([0.01, 0.05, 0.1, 0.2]),
)
def test_it_is_students_one_sided_test_over_matches(seed, count, mean, alpha):
    gains = np.random.default_rng(seed).normal(mean, 6.0, count)

    found = judged(gains, alpha=alpha)

    expected = stats.ttest_1samp(gains, 0, alternative="greater")
    low = expected.confidence_interval(confidence_level=1 - alpha).low
    assert found.gain == pytest.approx(gains.mean())
    assert found.low == pytest.approx(low)
    assert found.is_passed == (expected.pvalue < alpha)
    assert found.matches == count


def test_the_sentence_says_the_figures():
    gains = 1.0 + np.tile([-3.0, 3.0], 50)
    found = judged(gains)

    low = stats.ttest_1samp(gains, 0, alternative="greater").confidence_interval(0.9).low
    assert found.is_passed
    assert found.sentence == (
        "It stood: on 100 held-out matches it gained +1.000 points of fair CLV a match (200 "
        f"predictions before, 120 after), with 90 % confidence at least {low:+.3f}."
    )


def test_a_gain_that_chance_explains_does_not_stand():
    found = judged(0.1 + np.tile([-3.0, 3.0], 50))

    assert not found.is_passed
    assert found.low < 0 < found.gain
    assert found.sentence.startswith("It did not stand: on 100 held-out matches")
    assert found.sentence.endswith("which is not above 0.")


NOT_JUDGED = {
    "no matches": ([], {}, "on 0 held-out matches; 30 are needed"),
    "too few": (5.0 + np.tile([-1.0, 1.0], 14), {}, "on 28 held-out matches; 30 are needed"),
    "fewer than wanted": (
        5.0 + np.tile([-1.0, 1.0], 30),
        {"fewest": 61},
        "on 60 held-out matches; 61 are needed",
    ),
    "silent": (5.0 + np.tile([-1.0, 1.0], 30), {"after": 0}, "predicted nothing on 60"),
    "no change": (np.zeros(40), {}, "changed nothing on 40 held-out matches"),
    "all the same": (np.full(40, 0.3), {}, "the same +0.30 points of fair CLV on each of 40"),
    "the same but for rounding": (
        np.array([0.3, 0.1 + 0.2] * 20),
        {},
        "the same +0.30 points of fair CLV on each of 40",
    ),
}


@pytest.mark.parametrize(("gains", "options", "words"), NOT_JUDGED.values(), ids=NOT_JUDGED)
def test_what_cannot_be_judged_does_not_stand_and_says_why(gains, options, words):
    found = judged(gains, **options)

    assert not found.is_passed
    assert words in found.sentence
    assert found.sentence.endswith(".")


@pytest.mark.parametrize("gains", [[], [4.0], [0.0] * 50, [2.0] * 50])
def test_without_spread_there_is_no_lower_end(gains):
    assert judged(gains).low is None


def test_a_change_that_gains_nothing_stands_one_time_in_ten():
    chance = np.random.default_rng(20261122)
    stood = sum(judged(chance.normal(0.0, 6.0, 60)).is_passed for _ in range(2000))

    low, high = stats.binom.interval(0.999, 2000, 0.1)
    assert low <= stood <= high


def test_profits_are_told_of_settled_matches_and_decide_nothing():
    gains = 1.0 + np.tile([-3.0, 3.0], 50)

    lost = judged(gains, np.array([-2.0, np.nan, 0.5]))
    unknown = judged(gains, np.array([np.nan, np.nan]))

    assert lost.profit_gain == pytest.approx(-0.75)
    assert unknown.profit_gain is None
    assert lost.is_passed
    assert unknown.is_passed


@pytest.mark.parametrize("gains", [[], [0.0] * 40, list(range(40))])
def test_it_goes_into_a_row_and_comes_back(gains):
    found = judged(gains, np.array([0.5]))

    told = json.loads(json.dumps(found.as_json(), allow_nan=False))

    assert type(found)(**told) == found


def test_a_match_that_is_not_graded_is_refused():
    with pytest.raises(ValueError, match="only matches that are graded"):
        judged([1.0, np.nan])


@pytest.mark.parametrize("alpha", [0.0, 0.5, 1.0, -0.1, np.nan])
def test_an_error_probability_is_one(alpha):
    with pytest.raises(ValueError, match=r"between 0 and 0\.5"):
        judged([1.0], alpha=alpha)
