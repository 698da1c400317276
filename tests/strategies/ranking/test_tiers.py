"""Tiers, scores and trends, by the table of the specification and at its edges."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from strategies.models import RankingSettings
from strategies.models import Tier as StoredTier
from strategies.models import Trend as StoredTrend
from strategies.ranking.ranking import rules_of
from strategies.ranking.tiers import (
    Tier,
    Trend,
    deflated,
    global_score,
    legacy_tier_of,
    shrunken_roi,
    tier_of,
    trend_of,
)

RULES = rules_of(RankingSettings())
SURE = 0.1
percentages = st.floats(-100, 100)


@pytest.mark.parametrize(
    ("roi", "clv", "tier"),
    [
        # S: yield of 5 % and CLV of 2 % or more.
        (5.0, 2.0, "S"),
        (4.99, 2.0, "A"),
        (5.0, 1.99, "A"),
        (40.0, 40.0, "S"),
        # A: 2 % and 1 %.
        (2.0, 1.0, "A"),
        (1.99, 1.0, "B"),
        (2.0, 0.99, "B"),
        # B: either of them 0 or more.
        (0.0, -3.0, "B"),
        (-3.0, 0.0, "B"),
        (-30.0, 0.5, "B"),
        # C: a yield of -5 % or more; D below.
        (-0.01, -0.01, "C"),
        (-5.0, -0.01, "C"),
        (-5.01, -0.01, "D"),
    ],
)
def test_the_tier_follows_shrunken_yield_and_clv(roi, clv, tier):
    assert tier_of(roi, clv, SURE, 30, RULES) == tier


@pytest.mark.parametrize(("settled", "tier"), [(29, "B"), (30, "S")])
def test_the_top_asks_for_thirty_settled_predictions(settled, tier):
    assert tier_of(9.0, 9.0, SURE, settled, RULES) == tier


@pytest.mark.parametrize(("low", "tier"), [(None, "B"), (-0.1, "B"), (0.0, "B"), (0.01, "S")])
def test_the_top_asks_for_an_interval_of_the_clv_above_zero(low, tier):
    assert tier_of(9.0, 9.0, low, 1000, RULES) == tier


@pytest.mark.parametrize(("settled", "tier"), [(0, None), (9, None), (10, "D")])
def test_below_ten_settled_predictions_a_strategy_is_unrated(settled, tier):
    assert tier_of(-50.0, -50.0, None, settled, RULES) == tier
    assert legacy_tier_of(0.0, settled, RULES) == tier


@pytest.mark.parametrize(("roi", "tier"), [(50.0, "B"), (0.0, "B"), (-0.1, "C"), (-5.1, "D")])
def test_without_a_closing_line_the_yield_alone_never_makes_the_top(roi, tier):
    assert tier_of(roi, None, None, 5000, RULES) == tier


def test_nothing_risked_is_unrated():
    assert tier_of(None, None, None, 50, RULES) is None
    assert legacy_tier_of(None, 50, RULES) is None


@pytest.mark.parametrize(
    ("win_rate", "tier"),
    [
        (100.0, "S"),
        (60.0, "S"),
        (59.99, "A"),
        (55.0, "A"),
        (54.99, "B"),
        (45.0, "B"),
        (44.99, "C"),
        (35.0, "C"),
        (34.99, "D"),
        (0.0, "D"),
    ],
)
def test_the_tier_by_win_rate_is_the_originals(win_rate, tier):
    assert legacy_tier_of(win_rate, 10, RULES) == tier


@pytest.mark.parametrize(
    ("roi", "clv", "score"),
    [
        (0.0, 0.0, 50.0),
        (5.0, 2.0, 86.0),
        (-3.1, 0.1, 38.4),
        (20.0, 0.0, 100.0),
        (-20.0, 0.0, 0.0),
        (None, 2.0, None),
        (2.0, None, None),
    ],
)
def test_the_score_is_fifty_four_for_yield_eight_for_clv(roi, clv, score):
    found = global_score(roi, clv)

    assert found == (None if score is None else pytest.approx(score))


@pytest.mark.parametrize(
    ("this_week", "before", "trend"),
    [
        (2.0, 0.0, "stable"),
        (2.01, 0.0, "up"),
        (-2.0, 0.0, "stable"),
        (-2.01, 0.0, "down"),
        (-8.0, -12.0, "up"),
        (None, 3.0, "stable"),
        (3.0, None, "stable"),
    ],
)
def test_the_trend_has_a_dead_band_of_two_points(this_week, before, trend):
    assert trend_of(this_week, before, RULES) == trend


def test_the_yield_shrinks_by_fifty_bets_of_the_mean_stake():
    """8 bets of 10 with 20 profit: 25 %; 58 such bets with the same profit: 20 / 580."""
    assert shrunken_roi(20, 80, 8, prior_bets=50) == pytest.approx(100 * 20 / 580)
    assert shrunken_roi(20, 80, 8, prior_bets=0) == pytest.approx(25)
    assert shrunken_roi(0, 0, 0, prior_bets=50) is None


@given(profit=st.floats(-500, 500), settled=st.integers(1, 5000), prior=st.floats(0, 1000))
def test_shrinking_brings_the_yield_nearer_to_zero_and_keeps_its_sign(profit, settled, prior):
    plain = 100 * profit / settled

    shrunken = shrunken_roi(profit, settled, settled, prior_bets=prior)

    assert abs(shrunken) <= abs(plain) * (1 + 1e-12)
    assert shrunken * plain >= 0


@given(percentages, percentages, st.integers(10, 5000), st.floats(0, 50))
def test_a_better_yield_or_clv_never_lowers_the_tier(roi, clv, settled, more):
    order = list("DCBAS")
    tiers = [
        tier_of(roi, clv, SURE, settled, RULES),
        tier_of(roi + more, clv, SURE, settled, RULES),
        tier_of(roi, clv + more, SURE, settled, RULES),
    ]

    assert order.index(tiers[0]) <= min(order.index(tiers[1]), order.index(tiers[2]))


def test_thresholds_come_from_the_settings():
    rules = rules_of(RankingSettings(a_roi=1.0, minimum_for_top=10, legacy_s=70.0))

    assert tier_of(1.5, 1.5, SURE, 10, rules) == "A"
    assert legacy_tier_of(65.0, 10, rules) == "A"
    assert trend_of(3.0, 0.0, replace(rules, trend_dead_band=3.0)) == "stable"


def test_the_error_probability_is_shared_by_the_strategies():
    assert deflated(0.05, 20) == pytest.approx(0.0025)
    assert deflated(0.05, 1) == deflated(0.05, 0) == 0.05


def test_tiers_and_trends_are_those_that_are_stored():
    assert [one.value for one in Tier] == StoredTier.values
    assert [one.value for one in Trend] == StoredTrend.values
