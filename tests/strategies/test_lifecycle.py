"""The life of an improvement: which steps lead where, what they write, and who wins a race."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from strategies import lifecycle
from strategies.lifecycle import RefusedChangeError, UnknownImprovementError, WrongStateError
from strategies.live import asking
from strategies.models import Improvement, ImprovementChange, StrategyVersion
from strategies.versions import add_version, make_current
from tests.factories import NOON, make_strategy

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(hours=1)


def propose(agent="sharp_reference", **changes):
    strategy = make_strategy(agent).strategy
    return lifecycle.propose(strategy, changes or {"minimum_edge_pct": 3.0}, now=NOON, by="owner")


def steps(improvement):
    rows = ImprovementChange.objects.filter(improvement=improvement).order_by("pk")
    return [(row.old_status, row.new_status) for row in rows]


def test_a_proposal_keeps_what_changes_and_what_was_in_force():
    improvement = propose(minimum_edge_pct=3.0)

    assert improvement.status == "proposed"
    assert improvement.new_parameters == {"minimum_edge_pct": 3.0}
    assert improvement.old_parameters == {"minimum_edge_pct": 2.0, "maximum_edge_pct": 20.0}
    assert (improvement.old_threshold, improvement.new_threshold) == (2.0, 3.0)
    assert steps(improvement) == [("", "proposed")]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"minimum_edge_pct": 2.0}, "Nothing would change"),
        ({}, "Nothing would change"),
        ({"minimum_edge_pct": 99.0}, "must lie between 0 and 20"),
        ({"no_such": 1.0}, "There is no parameter 'no_such'"),
    ],
)
def test_a_change_that_cannot_be_made_is_refused_in_one_sentence(changes, sentence):
    strategy = make_strategy().strategy

    with pytest.raises(RefusedChangeError, match=sentence):
        lifecycle.propose(strategy, changes, now=NOON)
    assert not Improvement.objects.exists()


def test_a_test_asks_both_arms_and_leaves_the_current_version_alone():
    improvement = propose(minimum_edge_pct=3.0)

    (active,) = lifecycle.activate([improvement.pk], now=LATER)

    assert (active.status, active.is_in_test, active.ab_test_start) == ("active", True, LATER)
    assert active.version_a.is_current
    assert not active.version_b.is_current
    assert active.version_b.parameters == {"minimum_edge_pct": 3.0, "maximum_edge_pct": 20.0}
    assert set(StrategyVersion.objects.active()) == {active.version_a, active.version_b}


def test_applying_makes_the_tested_version_current_and_undoing_goes_back():
    improvement = propose(minimum_edge_pct=3.0)
    (active,) = lifecycle.activate([improvement.pk], now=LATER)

    applied = lifecycle.apply(improvement.pk, now=LATER)

    assert (applied.status, applied.applied_at, applied.ab_test_end) == ("applied", LATER, LATER)
    current = applied.strategy.versions.get(is_current=True)
    assert (current, current.values.minimum_edge_pct) == (active.version_b, 3.0)
    assert make_current(active.version_a)
    assert applied.strategy.versions.get(is_current=True) == active.version_a


def test_archiving_keeps_the_reason_ends_the_test_and_reactivating_takes_both_back():
    improvement = propose()
    lifecycle.activate([improvement.pk], now=NOON)

    archived = lifecycle.archive(improvement.pk, reason="too few bets", now=LATER)
    assert (archived.status, archived.archived_reason) == ("archived", "too few bets")
    assert (archived.archived_at, archived.ab_test_end) == (LATER, LATER)
    assert StrategyVersion.objects.active().get().is_current

    back = lifecycle.reactivate(improvement.pk, now=LATER)
    assert (back.status, back.archived_at, back.archived_reason) == ("proposed", None, None)
    assert steps(improvement) == [
        ("", "proposed"), ("proposed", "active"), ("active", "archived"), ("archived", "proposed"),
    ]  # fmt: skip


def test_a_second_test_of_the_same_change_has_an_arm_of_its_own():
    improvement = propose()
    (first,) = lifecycle.activate([improvement.pk], now=NOON)
    first_arm = first.version_b
    lifecycle.archive(improvement.pk, reason=None, now=NOON)

    (second,) = lifecycle.activate([improvement.pk], now=LATER)

    assert second.version_b != first_arm
    assert (second.ab_test_start, second.ab_test_end) == (LATER, None)


def test_a_strategy_has_one_test_at_a_time():
    first = propose()
    other = lifecycle.propose(first.strategy, {"maximum_edge_pct": 10.0}, now=NOON)
    lifecycle.activate([first.pk], now=NOON)

    with pytest.raises(RefusedChangeError, match="has a test already"):
        lifecycle.activate([other.pk], now=NOON)
    other.refresh_from_db()
    assert other.status == "proposed"


def test_activating_several_is_all_or_nothing():
    one, other = propose(), propose("consensus_value")
    lifecycle.activate([other.pk], now=NOON)

    with pytest.raises(WrongStateError) as refused:
        lifecycle.activate([one.pk, other.pk], now=NOON)

    one.refresh_from_db()
    assert (refused.value.status, one.status) == ("active", "proposed")
    assert steps(one) == [("", "proposed")]


def test_an_id_given_twice_counts_once():
    improvement = propose()

    assert len(lifecycle.activate([improvement.pk, improvement.pk], now=NOON)) == 1


@pytest.mark.parametrize(
    "step",
    [
        lambda pk: lifecycle.archive(pk, reason=None, now=NOON),
        lambda pk: lifecycle.reactivate(pk, now=NOON),
        lambda pk: lifecycle.activate([pk], now=NOON),
        lambda pk: lifecycle.apply(pk, now=NOON),
        lifecycle.delete,
    ],
)
def test_an_unknown_improvement_is_said_to_be_unknown(step):
    with pytest.raises(UnknownImprovementError):
        step(4711)


STEPS = {
    "archive": lambda pk: lifecycle.archive(pk, reason="r", now=NOON),
    "reactivate": lambda pk: lifecycle.reactivate(pk, now=NOON),
    "activate": lambda pk: lifecycle.activate([pk], now=NOON),
    "apply": lambda pk: lifecycle.apply(pk, now=NOON),
}
# From each status the steps that lead on, and where to: the whole life.
LIFE = {
    "proposed": {"archive": "archived", "activate": "active"},
    "active": {"archive": "archived", "apply": "applied"},
    "archived": {"reactivate": "proposed", "activate": "active"},
    "applied": {},
}


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(sorted(STEPS)), max_size=12))
def test_no_order_of_steps_leaves_the_life_that_is_allowed(names):
    with transaction.atomic():
        improvement = propose()
        status = "proposed"
        for name in names:
            wanted = LIFE[status].get(name)
            if wanted is None:
                with pytest.raises(WrongStateError):
                    STEPS[name](improvement.pk)
            else:
                STEPS[name](improvement.pk)
                status = wanted
            improvement.refresh_from_db()
            assert improvement.status == status
        history = steps(improvement)
        assert [before for before, _after in history[1:]] == [
            after for _before, after in history[:-1]
        ]
        transaction.set_rollback(True)


@pytest.mark.parametrize(
    "wrong",
    [
        {"status": "archived"},
        {"status": "applied"},
        {"status": "active"},
        {"archived_at": NOON},
        {"applied_at": NOON},
    ],
)
def test_the_database_ties_the_status_to_its_instants(wrong):
    improvement = propose()

    with pytest.raises(IntegrityError), transaction.atomic():
        Improvement.objects.filter(pk=improvement.pk).update(**wrong)


def test_an_edit_of_the_parameters_meanwhile_keeps_arm_a():
    improvement = propose(minimum_edge_pct=3.0)
    (active,) = lifecycle.activate([improvement.pk], now=NOON)

    edited = add_version(
        active.strategy, {"minimum_edge_pct": 5.0, "maximum_edge_pct": 20.0}, origin="", now=LATER
    )

    asked = set(StrategyVersion.objects.active())
    assert asked == {active.version_a, active.version_b, edited}


def test_an_applied_improvement_cannot_be_deleted_and_others_can():
    improvement, other = propose(), propose("consensus_value", home_offset=0.03)
    lifecycle.activate([improvement.pk], now=NOON)
    lifecycle.apply(improvement.pk, now=NOON)

    with pytest.raises(WrongStateError):
        lifecycle.delete(improvement.pk)
    lifecycle.delete(other.pk)

    assert list(Improvement.objects.all()) == [improvement]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("step", ["archive", "activate"])
def test_of_two_at_once_exactly_one_wins(step):
    improvement = propose()
    ready = Barrier(2)

    def race(_number):
        try:
            ready.wait(timeout=10)
            STEPS[step](improvement.pk)
        except WrongStateError:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(2) as pool:
        won = list(pool.map(race, range(2)))

    assert sorted(won) == [False, True]
    assert len(steps(improvement)) == 2


def test_both_arms_predict_the_same_snapshot():
    from tests.strategies.live.test_live import make_market

    match, _collection = make_market()
    improvement = propose(minimum_edge_pct=3.0)
    (active,) = lifecycle.activate([improvement.pk], now=NOON)

    assert asking.predict(match.sport_id, now=NOON) == 2

    assert active.version_a.predictions.get().odds == active.version_b.predictions.get().odds
