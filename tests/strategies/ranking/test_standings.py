"""Standings: days of sums into yields, intervals and tiers."""

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from betting.performance.measures import bootstrap_yield, confidence_sequence
from strategies.models import RankingSettings
from strategies.ranking.ranking import rules_of
from strategies.ranking.standings import Days, Sums, Verdict, standing

RULES = rules_of(RankingSettings())
TODAY = date(2026, 11, 21)
COLUMNS = tuple(Sums.__dataclass_fields__)


def make_days(days, **columns):
    """Days before today, and the columns that are not 0."""
    zeros = np.zeros(len(days))
    given_columns = {name: np.array(values, dtype=float) for name, values in columns.items()}
    return Days(
        day=np.array([TODAY - timedelta(days=one) for one in days], dtype="datetime64[D]"),
        **{name: given_columns.get(name, zeros) for name in COLUMNS},
    )


def graded_days(values, *, profit=0.0):
    """A day with one settled and graded prediction for each CLV."""
    values = np.array(values)
    ones = np.ones(len(values))
    return make_days(
        range(len(values), 0, -1),
        predictions=ones,
        won=ones,
        risk=ones,
        profit=profit * ones,
        graded=ones,
        graded_matches=ones,
        clv_sum=values,
        clv_squares=values**2,
        raw_clv_sum=values + 1,
    )


def test_nothing_predicted_leaves_everything_undefined():
    found = standing(make_days([]), RULES, strategies_tried=1, today=TODAY)

    assert found.sums.settled == 0
    assert {found.sums.roi, found.sums.win_rate, found.sums.raw_clv} == {None}
    assert {found.roi_low, found.roi_high, found.global_score, found.legacy_tier} == {None}
    verdict = found.verdict
    assert {verdict.roi_shrunk, verdict.clv, verdict.clv_low, verdict.clv_high} == {None}
    assert verdict.tier is None
    assert found.trend == "stable"


def test_below_the_minimum_there_are_figures_but_no_tier_and_no_score():
    found = standing(graded_days([3.0] * 9), RULES, strategies_tried=1, today=TODAY)

    assert (found.sums.win_rate, found.verdict.clv, found.sums.raw_clv) == (100.0, 3.0, 4.0)
    assert (found.verdict.tier, found.legacy_tier, found.global_score) == (None, None, None)


def test_the_interval_is_that_of_the_single_values_at_the_deflated_error():
    values = np.random.default_rng(7).normal(2, 9, 400)

    found = standing(graded_days(values), RULES, strategies_tried=25, today=TODAY).verdict

    low, high = confidence_sequence(400, values.mean(), values.var(ddof=1), alpha=0.05 / 25)
    assert (found.clv_low, found.clv_high) == (pytest.approx(low), pytest.approx(high))
    assert found.clv == pytest.approx(values.mean())


@given(st.integers(1, 200), st.integers(1, 200))
def test_more_strategies_never_narrow_the_interval(few, more):
    sums = graded_days(np.random.default_rng(3).normal(3, 9, 60)).sums()

    narrow = Verdict.of(sums, RULES, strategies_tried=few)
    wide = Verdict.of(sums, RULES, strategies_tried=few + more)

    assert wide.clv_low < narrow.clv_low
    assert wide.clv_high > narrow.clv_high


def test_enough_strategies_tried_take_a_tier_away():
    values = 3 + 9 * np.resize([1.0, -1.0], 200)
    days = graded_days(values, profit=0.3)

    assert standing(days, RULES, strategies_tried=1, today=TODAY).verdict.tier == "S"
    assert standing(days, RULES, strategies_tried=5000, today=TODAY).verdict.tier == "B"


@pytest.mark.parametrize("value", [5.0, 1 / 3, 0.0, -7.7])
def test_values_that_never_vary_have_a_mean_but_no_interval(value):
    found = Verdict.of(graded_days([value] * 1000).sums(), RULES, strategies_tried=1)

    assert found.clv == pytest.approx(value)
    assert (found.clv_low, found.clv_high) == (None, None)


def test_the_yields_interval_draws_match_days():
    rng = np.random.default_rng(5)
    risk, profit = rng.integers(1, 9, 80).astype(float), rng.normal(0, 5, 80)
    days = make_days(range(80, 0, -1), risk=risk, profit=profit)

    found = standing(days, RULES, strategies_tried=1, today=TODAY)

    low, high = bootstrap_yield(profit, risk, resamples=1000)
    assert (found.roi_low, found.roi_high) == (pytest.approx(100 * low), pytest.approx(100 * high))


def test_one_day_has_no_interval_of_the_yield():
    found = standing(make_days([1], risk=[5], profit=[1]), RULES, strategies_tried=1, today=TODAY)

    assert (found.sums.roi, found.roi_low, found.roi_high) == (20.0, None, None)


@pytest.mark.parametrize(
    ("days", "profit", "trend"),
    [
        ([0, 7], [0.5, 0.1], "up"),
        ([6, 13], [0.1, 0.5], "down"),
        ([0, 6], [0.1, 0.5], "stable"),  # one week alone
        ([7, 13], [0.9, 0.9], "stable"),  # nothing this week
        ([6, 14], [0.9, 0.1], "stable"),  # the older one is of no week
        ([-1, 7], [0.9, 0.1], "stable"),  # tomorrow's matches are of no week either
    ],
)
def test_the_trend_compares_seven_match_days_with_the_seven_before(days, profit, trend):
    found = make_days(days, risk=[1, 1], profit=profit)

    assert standing(found, RULES, strategies_tried=1, today=TODAY).trend == trend
