"""Tests that run: what each arm has settled since, counted by matches."""

from datetime import timedelta

import pytest

from strategies import experiments, lifecycle
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

    assert experiments.count_matches() == 1

    assert counters(improvement) == ((2, 1), (1, 1))


def test_the_markets_of_a_match_are_one_match(improvement):
    match = make_match()
    say(improvement.version_a, match, 1.1)
    say(improvement.version_a, match, -1.0, market="totals", line="2.50", outcome="over")
    lost = make_match()
    say(improvement.version_b, lost, 0.5)
    say(improvement.version_b, lost, -1.0, market="totals", line="2.50", outcome="over")

    experiments.count_matches()

    assert counters(improvement) == ((1, 1), (1, 0))


def test_a_match_of_which_arm_a_spoke_before_the_test_counts_for_neither(improvement):
    match = make_match()
    say(improvement.version_a, match, 1.1, predicted_at=NOON - timedelta(minutes=1))
    say(improvement.version_b, match, 1.1)

    assert experiments.count_matches() == 0
    assert counters(improvement) == ((0, 0), (0, 0))


def test_a_test_that_is_over_keeps_its_counters(improvement):
    say(improvement.version_a, make_match(), 1.1)
    experiments.count_matches()
    lifecycle.archive(improvement.pk, reason="enough", now=NOON)
    say(improvement.version_a, make_match(), 1.1)

    assert experiments.count_matches() == 0
    assert counters(improvement) == ((1, 1), (0, 0))


def test_counting_twice_changes_nothing(improvement):
    say(improvement.version_b, make_match(), -1.0)
    experiments.count_matches()

    assert experiments.count_matches() == 0
    assert counters(improvement) == ((0, 0), (1, 0))
