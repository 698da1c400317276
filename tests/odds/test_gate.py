"""The gate: the minimum interval, the reserve, and the wait that fits each failure."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from odds import gate
from odds.models import CollectionSettings, Sport
from tests.factories import NOON, make_collection, make_sport

SOON = NOON + timedelta(minutes=1)


@pytest.fixture
def sport(db: None) -> Sport:
    return make_sport(is_collected=True)


def configure(**given: int | str) -> CollectionSettings:
    return CollectionSettings.objects.update_or_create(pk=1, defaults=given)[0]


def test_a_sport_never_collected_is_due(sport: Sport):
    make_sport(key="soccer_italy_serie_a", is_collected=False)

    assert gate.due_sport_keys(NOON) == ["soccer_epl"]


def test_a_sport_is_not_due_twice_within_the_minimum_interval(sport: Sport):
    configure(minimum_interval_seconds=3600)
    make_collection(sport=sport, started_at=NOON)

    assert gate.due_sport_keys(NOON + timedelta(seconds=3599)) == []
    assert gate.due_sport_keys(NOON + timedelta(seconds=3600)) == ["soccer_epl"]


def test_the_reserve_is_never_touched_not_even_by_force(sport: Sport):
    configure(monthly_credits=500, reserve_percent=10, markets="h2h,totals")
    # 451 left of 500, 50 reserved: a call of 2 credits would leave 449... the next would break it.
    make_collection(sport=sport, started_at=NOON, credits_remaining=52, credits_used_this_month=448)
    gate.check(sport, now=SOON, is_forced=True, terms=gate.terms_at(SOON))
    make_collection(sport=sport, started_at=SOON, credits_remaining=51, credits_used_this_month=449)

    with pytest.raises(gate.CollectionRefusedError, match="51 credits are left and 50 are the"):
        gate.check(sport, now=SOON, is_forced=True, terms=gate.terms_at(SOON))
    assert gate.due_sport_keys(NOON + timedelta(days=2)) == []


def test_force_passes_over_the_interval_only(sport: Sport):
    make_collection(sport=sport, started_at=NOON)

    with pytest.raises(
        gate.CollectionRefusedError, match=r"not due before 2026-11-21 14:00:00 UTC"
    ):
        gate.check(sport, now=SOON, is_forced=False, terms=gate.terms_at(SOON))
    gate.check(sport, now=SOON, is_forced=True, terms=gate.terms_at(SOON))


def test_credits_come_back_on_the_first_of_the_month(sport: Sport):
    make_collection(sport=sport, started_at=NOON, credits_remaining=0, credits_used_this_month=500)
    settings = CollectionSettings.current()

    account = gate.credits_at(NOON, settings)
    december = gate.credits_at(datetime(2026, 12, 1, tzinfo=UTC), settings)

    assert (account.remaining, account.used, account.reserve) == (0, 500, 50)
    assert account.resets_at == datetime(2026, 12, 1, tzinfo=UTC)
    assert (december.remaining, december.known_at) == (500, None)
    assert december.resets_at == datetime(2027, 1, 1, tzinfo=UTC)


def test_the_plan_is_what_the_answers_say_and_not_the_setting(sport: Sport):
    make_collection(sport=sport, credits_remaining=19_000, credits_used_this_month=1_000)

    account = gate.credits_at(NOON, configure(monthly_credits=500))

    assert (account.limit, account.reserve) == (20_000, 2_000)


def test_a_replayed_recording_neither_costs_nor_delays(sport: Sport):
    make_collection(sport=sport, source="replay", credits_remaining=None)

    assert gate.due_sport_keys(NOON) == ["soccer_epl"]


def fail(sport: Sport, failure: str, at: datetime) -> None:
    make_collection(
        sport=sport,
        started_at=at,
        status="failed",
        failure=failure,
        observed_at=None,
        credits_remaining=None,
        credits_used_this_month=None,
    )


def test_an_unavailable_source_is_asked_again_after_doubling_waits(sport: Sport):
    waits = []
    at = NOON
    for _failure in range(4):
        fail(sport, "unavailable", at)
        due = gate.due_at(sport, at, gate.terms_at(at))
        waits.append((due - at).total_seconds())
        at = due

    assert waits == [20, 40, 80, 160]


def test_waits_after_failures_never_exceed_the_interval(sport: Sport):
    configure(minimum_interval_seconds=60)
    for minute in range(9):
        fail(sport, "malformed", NOON + timedelta(minutes=minute))

    due = gate.due_at(sport, NOON, gate.terms_at(NOON))

    assert due == NOON + timedelta(minutes=9)


def test_a_success_resets_the_waits(sport: Sport):
    fail(sport, "unavailable", NOON - timedelta(minutes=9))
    fail(sport, "unavailable", NOON - timedelta(minutes=8))
    make_collection(sport=sport, started_at=NOON - timedelta(minutes=5))
    fail(sport, "unavailable", NOON)

    due = gate.due_at(sport, NOON, gate.terms_at(NOON))

    assert due == NOON + timedelta(seconds=20)


@pytest.mark.parametrize(
    ("failure", "due"),
    [
        ("out_of_credits", datetime(2026, 12, 1, tzinfo=UTC)),
        ("wrong_key", NOON + timedelta(minutes=10)),
        ("plan_limit", NOON + timedelta(minutes=10)),
    ],
)
def test_what_a_wait_cannot_mend_waits_longer(sport: Sport, failure: str, due: datetime):
    fail(sport, failure, NOON)

    assert gate.due_at(sport, SOON, gate.terms_at(SOON)) == due


def test_unforced_calls_are_spread_so_that_the_credits_last_until_the_reset(sport: Sport):
    for key in ("soccer_spain_la_liga", "soccer_france_ligue_one"):
        make_sport(key=key, is_collected=True)
    start = datetime(2026, 11, 1, tzinfo=UTC)

    terms = gate.terms_at(start)

    # 500 credits less the reserve of 50, three sports, 30 days: 150 calls each, every 4.8 hours.
    assert terms.interval == timedelta(hours=4.8)
    make_collection(sport=sport, started_at=start, credits_remaining=499, credits_used_this_month=1)
    assert sport.key not in gate.due_sport_keys(start + timedelta(hours=4))
    with pytest.raises(gate.CollectionRefusedError, match="credits last until the reset"):
        gate.check(
            sport, now=start + timedelta(hours=4), is_forced=False, terms=gate.terms_at(start)
        )


def test_a_month_of_unforced_ticks_never_touches_the_reserve(sport: Sport):
    """Hour by hour through November, as beat would; the source keeps the account."""
    left, at = 500, datetime(2026, 11, 1, tzinfo=UTC)
    configure(minimum_interval_seconds=3600)
    called_on = []
    while at < datetime(2026, 12, 1, tzinfo=UTC):
        if gate.due_sport_keys(at):
            left -= 1
            called_on.append(at.day)
            make_collection(
                sport=sport,
                started_at=at,
                credits_remaining=left,
                credits_used_this_month=500 - left,
            )
        at += timedelta(hours=1)

    assert left >= 50
    assert set(called_on) == set(range(1, 31))


@pytest.mark.django_db
def test_the_due_times_of_all_sports_take_one_query(django_assert_num_queries: Any):
    sports = [make_sport(key=f"sport_{number}", is_collected=True) for number in range(5)]
    for sport in sports:
        for minute in range(12):
            fail(sport, "unavailable", NOON + timedelta(minutes=minute))
    terms = gate.terms_at(NOON)

    with django_assert_num_queries(1):
        due = gate.due_times(sports, NOON, terms)

    assert len(due) == 5
