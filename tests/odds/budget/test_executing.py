"""Planned calls are made at most once, whatever dies, refuses or races."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connections
from pytest_django.fixtures import Settings

from odds.budget import executing, missing, stored, ticking, words
from odds.models import Collection, CollectionSettings, Match, PlannedCall, PlannerSettings
from tests.factories import make_collection, make_sport
from tests.odds.budget.market import MINUTE, Market, open_market

EPL = "soccer_epl"
# Saturday: the simulated league kicks off at 12:30, 15:00 and 17:30.
MORNING = datetime(2026, 3, 7, 12, 0, tzinfo=UTC)
KICKOFF = datetime(2026, 3, 7, 12, 30, tzinfo=UTC)
DUE = KICKOFF - timedelta(minutes=5)
WINDOW = timedelta(minutes=15)


@pytest.fixture
def market(settings: Settings) -> Iterator[Market]:
    make_sport(key=EPL, is_collected=True)
    PlannerSettings.objects.create(is_on=True, shape="regions", has_scans=False)
    with open_market(settings, start=MORNING) as opened:
        yield opened


def closing() -> PlannedCall:
    return PlannedCall.objects.get(kind="closing", kickoff=KICKOFF, status="planned")


def of_slot(status: str) -> list[PlannedCall]:
    return list(PlannedCall.objects.filter(kickoff=KICKOFF, status=status))


@pytest.mark.django_db
def test_a_closing_call_is_planned_made_in_its_time_and_accounted_for(market: Market):
    assert market.minute() == []
    call = closing()
    assert (call.at, call.until, call.cost) == (DUE, KICKOFF - MINUTE, 1)
    assert executing.make(call.pk, clock=market.clock) is None  # it is not due yet
    assert closing().error == "The call was made by another worker or is not due."

    market.now = DUE
    (collection,) = market.minute()

    call.refresh_from_db()
    assert (call.status, call.collection, call.claimed_at) == ("done", collection, DUE)
    assert (collection.reason, collection.status, collection.credits_used) == (
        "closing",
        "stored",
        1,
    )
    assert market.used() == 1
    assert market.run(KICKOFF + 2 * MINUTE) == []
    covered = missing.coverage(market.now, window=WINDOW)
    assert (covered.matches, covered.captured, covered.missing) == (1, 1, [])


@pytest.mark.django_db(transaction=True)
def test_of_workers_with_the_same_call_one_makes_it(market: Market):
    market.minute()
    market.now = DUE
    (call_id,) = ticking.tick(DUE)
    start = threading.Barrier(4)
    made: list[Collection | None] = []

    def work() -> None:
        start.wait()
        made.append(executing.make(call_id, clock=market.clock))
        connections.close_all()

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert len([one for one in made if one is not None]) == 1
    assert market.used() == 1
    assert Collection.objects.filter(endpoint="odds").count() == 1
    assert [call.status for call in PlannedCall.objects.filter(kickoff=KICKOFF)] == ["done"]


@pytest.mark.django_db(transaction=True)
def test_ticks_at_once_plan_once_and_nothing_twice(market: Market):
    market.minute()
    market.now += MINUTE
    market.spend_elsewhere(30)
    PlannerSettings.objects.update(has_scans=True)
    threads = [
        threading.Thread(target=lambda: (ticking.tick(market.now), connections.close_all()))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    rows = PlannedCall.objects.filter(status="planned").values_list("kind", "at", "until")
    assert len(rows) == len(set(rows)) > 0


@pytest.mark.django_db
def test_a_call_left_by_a_killed_worker_is_ended_and_asked_again_in_the_window(market: Market):
    market.minute()
    call = closing()
    # What kill -9 leaves between the claim and the answer: both rows, no lock.
    dead = make_collection(
        sport=call.sport,
        started_at=DUE,
        status="running",
        finished_at=None,
        observed_at=None,
        credits_remaining=None,
        credits_used_this_month=None,
    )
    PlannedCall.objects.filter(pk=call.pk).update(status="claimed", claimed_at=DUE, collection=dead)

    market.now = DUE + MINUTE
    made = market.run(KICKOFF)

    call.refresh_from_db()
    dead.refresh_from_db()
    assert (call.status, dead.status) == ("failed", "abandoned")
    assert call.error == dead.error
    assert [one.status for one in made] == ["stored"]
    assert market.used() == 1


@pytest.mark.django_db
def test_a_worker_killed_after_the_answer_was_stored_costs_no_second_call(market: Market):
    market.minute()
    market.now = DUE
    market.minute()
    done = PlannedCall.objects.filter(kickoff=KICKOFF)
    done.update(status="claimed", ended_at=None)  # all but the last statement

    assert market.run(KICKOFF) == []

    assert [call.status for call in done] == ["done"]
    assert market.used() == 1


@pytest.mark.django_db
def test_an_outage_is_retried_each_minute_and_what_it_cost_is_told(market: Market):
    market.minute()
    market.fail("server_error")
    market.now = DUE
    made = market.run(KICKOFF + 2 * MINUTE)

    assert [one.status for one in made] == ["failed"] * 5
    (row,) = of_slot("missed")
    assert row.reason == "call_failed"
    assert "is not available" in words.of(row)
    covered = missing.coverage(market.now, window=WINDOW)
    assert (covered.captured, covered.missing) == (0, [("call_failed", 1)])
    assert market.used() == 0


@pytest.mark.django_db
def test_an_outage_that_ends_inside_the_window_costs_nothing_but_minutes(market: Market):
    market.minute()
    market.fail("server_error", times=3)  # one of them the free list's
    market.now = DUE
    made = market.run(KICKOFF)

    assert [one.status for one in made][-1] == "stored"
    assert market.used() == 1
    assert not of_slot("missed")


@pytest.mark.django_db
def test_too_many_calls_a_second_stops_all_for_a_minute(market: Market):
    market.minute()
    market.now = DUE + MINUTE
    market.fail("rate_limited", times=2)
    made = market.run(KICKOFF)

    assert made[-1].status == "stored"
    limited = Collection.objects.filter(failure="rate_limited").values_list("started_at", flat=True)
    assert len(limited) == 2
    calls = Collection.objects.order_by("started_at").values_list("started_at", flat=True)
    after = [at for at in calls if limited[0] < at < limited[0] + MINUTE]
    assert after == []


@pytest.mark.django_db
def test_a_refused_key_stops_paid_calls_until_a_new_one_answers(market: Market):
    market.minute()
    market.fail("invalid_key")
    market.now = DUE
    made = market.run(KICKOFF + 2 * MINUTE)

    assert len(made) <= 1  # not repeated each minute: it would not help
    (row,) = of_slot("missed")
    assert row.reason in {"paused", "call_failed"}
    market.heal()  # the new key
    later = market.run(datetime(2026, 3, 7, 15, 1, tzinfo=UTC))
    assert [one.status for one in later] == ["stored"]


@pytest.mark.django_db
def test_credits_gone_elsewhere_are_seen_by_a_free_call_and_the_plan_says_what_it_drops(
    market: Market,
):
    market.minute()
    before = stored.current()
    assert before is not None
    market.spend_elsewhere(449)  # 51 left, 50 the reserve
    market.now += timedelta(minutes=5)
    market.minute()

    plan = stored.current()
    assert plan is not None
    assert before.budget.remaining == 500
    assert (plan.budget.remaining, plan.budget.reserve) == (51, 50)
    assert plan.budget.closings <= 1
    assert {one.reason.value for one in plan.not_planned if one.kind == "closing"} >= {"short"}
    market.jump(datetime(2026, 3, 8, 18, tzinfo=UTC))
    market.minute()
    assert 500 - market.used() >= 50
    reasons = dict(missing.coverage(market.now, window=WINDOW).missing)
    assert reasons.keys() <= {"short", "kept"}
    assert sum(reasons.values()) == 5  # 12:30, 17:30 and Sunday's three; at 15:00 the three others


@pytest.mark.django_db
def test_the_reserve_holds_even_where_the_plan_is_old(market: Market):
    market.minute()
    call = closing()
    CollectionSettings.objects.create(reserve_percent=90)
    make_collection(
        sport=call.sport, started_at=DUE, credits_remaining=450, credits_used_this_month=50
    )
    market.now = DUE + MINUTE

    assert executing.make(call.pk, clock=market.clock) is None
    call.refresh_from_db()
    assert call.status == "planned"
    assert "450 credits are left and 450 are the reserve" in call.error
    assert market.used() == 0


@pytest.mark.django_db
def test_windows_that_passed_while_nothing_ran_are_recorded_once(market: Market):
    market.minute()
    market.now = datetime(2026, 3, 8, 9, tzinfo=UTC)
    market.minute()
    market.now += MINUTE
    market.minute()

    rows = PlannedCall.objects.filter(status="missed")
    named = [match_id for row in rows for match_id in row.match_ids]
    passed = Match.objects.filter(commence_time__gt=MORNING, commence_time__lte=market.now)
    assert sorted(named) == sorted(passed.values_list("provider_id", flat=True))
    assert len(named) == 5
    assert {row.reason for row in rows} == {"not_running"}
    covered = missing.coverage(market.now, window=WINDOW)
    assert covered.missing == [("not_running", covered.matches - covered.captured)]


@pytest.mark.django_db
def test_a_match_moved_after_its_call_is_captured_again_or_told(market: Market):
    market.minute()
    market.now = DUE
    market.minute()
    match = Match.objects.get(commence_time=KICKOFF)
    market.now = DUE + MINUTE
    Match.objects.filter(pk=match.pk).update(commence_time=KICKOFF + timedelta(hours=1))

    ticking.tick(market.now)

    again = PlannedCall.objects.get(status="planned", kickoff=KICKOFF + timedelta(hours=1))
    assert again.match_ids == [match.provider_id]
