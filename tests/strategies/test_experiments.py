"""Tests that run: what each arm has settled since, how the arms compare, and the verdict."""

from datetime import timedelta

import pytest

from strategies import experiments, lifecycle
from strategies.models import ExperimentSettings
from tests.factories import NOON, make_match, make_prediction, make_strategy

pytestmark = pytest.mark.django_db


@pytest.fixture
def improvement():
    strategy = make_strategy().strategy
    proposed = lifecycle.propose(strategy, {"minimum_edge_pct": 3.0}, now=NOON)
    (active,) = lifecycle.activate([proposed.pk], now=NOON)
    return active


def say(version, match, profit, **given):
    """A prediction an hour after the test began, settled with this profit (None: not yet)."""
    ended = {}
    if profit is not None:
        result = "won" if profit > 0 else "push" if profit == 0 else "lost"
        ended = {"result": result, "profit": profit, "settled_at": NOON}
    values = {"predicted_at": NOON + timedelta(hours=1)} | ended | given
    return make_prediction(version=version, match=match, **values)


def counters(improvement):
    improvement.refresh_from_db()
    return (
        (improvement.ab_test_matches_a, improvement.ab_test_wins_a),
        (improvement.ab_test_matches_b, improvement.ab_test_wins_b),
    )


def test_matches_are_counted_for_each_arm_and_won_by_the_money(improvement):
    both, only_a, waiting = make_match(), make_match(), make_match()
    say(improvement.version_a, both, 1.1)
    say(improvement.version_b, both, 1.1)
    say(improvement.version_a, only_a, -1.0)
    say(improvement.version_a, waiting, None)

    experiments.follow(now=NOON)

    assert counters(improvement) == ((2, 1), (1, 1))


def test_the_markets_of_a_match_are_one_match(improvement):
    match = make_match()
    say(improvement.version_a, match, 1.1)
    say(improvement.version_a, match, -1.0, market="totals", line="2.50", outcome="over")
    lost = make_match()
    say(improvement.version_b, lost, 0.5)
    say(improvement.version_b, lost, -1.0, market="totals", line="2.50", outcome="over")

    experiments.follow(now=NOON)

    assert counters(improvement) == ((1, 1), (1, 0))


def test_a_match_of_which_arm_a_spoke_before_the_test_counts_for_neither(improvement):
    match = make_match()
    say(improvement.version_a, match, 1.1, predicted_at=NOON - timedelta(minutes=1))
    say(improvement.version_b, match, 1.1)

    experiments.follow(now=NOON)
    assert counters(improvement) == ((0, 0), (0, 0))


def test_a_test_that_is_over_keeps_its_counters(improvement):
    say(improvement.version_a, make_match(), 1.1)
    experiments.follow(now=NOON)
    lifecycle.archive(improvement.pk, reason="enough", now=NOON)
    say(improvement.version_a, make_match(), 1.1)

    experiments.follow(now=NOON)
    assert counters(improvement) == ((1, 1), (0, 0))


def test_counting_twice_changes_nothing(improvement):
    say(improvement.version_b, make_match(), -1.0)
    experiments.follow(now=NOON)

    experiments.follow(now=NOON)
    assert counters(improvement) == ((0, 0), (1, 0))


def grade(improvement, differences):
    """Matches on which arm A has a CLV of 1 % and arm B one that differs by so much."""
    for number, difference in enumerate(differences):
        match = make_match(commence_time=NOON + timedelta(hours=2 + number))
        given = {"clv_status": "graded", "graded_at": NOON}
        say(improvement.version_a, match, None, clv_fair_pct=1.0, **given)
        say(improvement.version_b, match, None, clv_fair_pct=1.0 + difference, **given)


def test_the_arms_are_compared_on_the_matches_both_were_graded_on(improvement):
    grade(improvement, [2.0, -1.0, 3.0])
    ungraded = make_match()
    say(improvement.version_a, ungraded, None, clv_status="graded", clv_fair_pct=9.0)
    say(improvement.version_b, ungraded, None)

    experiments.follow(now=NOON)

    improvement.refresh_from_db()
    assert improvement.paired_matches == 3
    assert improvement.clv_gain == pytest.approx((2 - 1 + 3) / 3)
    assert (improvement.clv_gain_low, improvement.verdict) == (None, "")


def test_an_arm_that_says_nothing_of_a_match_gets_nothing_from_it(improvement):
    match = make_match()
    say(improvement.version_a, match, None, clv_status="graded", clv_fair_pct=-4.0)

    experiments.follow(now=NOON)

    improvement.refresh_from_db()
    assert (improvement.paired_matches, improvement.clv_gain) == (1, pytest.approx(4.0))


def test_a_verdict_is_reached_once_and_stands(improvement):
    grade(improvement, [4.0, 6.0] * 20)

    assert experiments.follow(now=NOON) == 1
    grade(improvement, [-40.0] * 10)
    assert experiments.follow(now=NOON + timedelta(hours=1)) == 0

    improvement.refresh_from_db()
    assert (improvement.verdict, improvement.verdict_at) == ("better", NOON)
    assert improvement.status == "active"


def test_the_plan_of_a_running_test_does_not_follow_the_settings(improvement):
    ExperimentSettings.objects.create(smallest_gain=9.0)
    grade(improvement, [4.0, 6.0] * 20)

    experiments.follow(now=NOON)

    improvement.refresh_from_db()
    assert (improvement.plan_effect, improvement.verdict) == (0.5, "better")
