"""The system line: each sign is good or bad for a reason, and before its first time neither."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from alerts import heartbeats
from alerts.models import Alert
from backups.models import Backup
from monps import health_line
from monps.health_line import Sign, State
from odds.gate import terms_at
from odds.models import CollectionSettings, Sport
from tests.factories import NOON, make_collection, make_sport

pytestmark = pytest.mark.django_db

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


def signs() -> dict[str, Sign]:
    collected = list(Sport.objects.filter(is_collected=True))
    found = health_line.read(collected, terms_at(NOON), now=NOON)
    return {one.name: one for one in found}


def make_backup(*, hours_ago: float, **given: Any) -> None:
    at = NOON - hours_ago * HOUR
    values = {"status": "done", "finished_at": at, "bytes": 1, "sha256": "0" * 64} | given
    Backup.objects.create(file_name=f"{hours_ago}.dump", started_at=at, **values)


def make_alert(name: str, **given: Any) -> None:
    values = {"source": "own", "fingerprint": name, "starts_at": NOON, "seen_at": NOON} | given
    Alert.objects.create(name=name, **values)


def test_before_anything_was_done_nothing_is_called_good_that_is_not_known() -> None:
    make_sport(is_collected=True)

    states = {name: one.state for name, one in signs().items()}

    assert states == {
        "Last collection": State.WAITING,
        "Next collection": State.GOOD,
        "Credits left": State.GOOD,
        "Background work": State.WAITING,
        "Open alerts": State.GOOD,
        "Last backup": State.WAITING,
    }


@pytest.mark.parametrize(
    ("given", "state", "reason"),
    [
        ({"hours_ago": 1}, State.GOOD, "Soccer Epl · 12 quotes, 5 new or changed"),
        ({"hours_ago": 7}, State.BAD, "None for longer than 4 h."),
        (
            {"hours_ago": 1, "status": "failed", "failure": "wrong_key", "http_status": 401},
            State.BAD,
            "Key refused",
        ),
    ],
)
def test_the_last_collection_is_judged_by_how_it_went_and_when(
    given: dict[str, Any], state: State, reason: str
) -> None:
    sport = make_sport(is_collected=True)
    at = NOON - given.pop("hours_ago") * HOUR
    make_collection(
        sport=sport, started_at=at, quotes_received=12, quotes_stored=5, quotes_unchanged=7, **given
    )

    sign = signs()["Last collection"]

    assert (sign.state, sign.reason) == (state, reason)


def test_few_credits_stretch_the_silence_that_is_in_order() -> None:
    """Ten sports share 450 credits of nine days: a call for each every five hours and more."""
    for index in range(10):
        make_sport(key=f"soccer_{index}", is_collected=True)
    make_collection(sport=make_sport(key="soccer_0"), started_at=NOON - 6 * HOUR)
    assert terms_at(NOON).interval > 4 * HOUR

    assert signs()["Last collection"].state == State.GOOD


def test_the_next_call_is_that_of_the_sport_due_first() -> None:
    early = make_sport(key="soccer_epl", is_collected=True)
    late = make_sport(key="soccer_france_ligue_one", is_collected=True)
    make_collection(sport=early, started_at=NOON - HOUR)
    make_collection(sport=late, started_at=NOON - MINUTE)

    sign = signs()["Next collection"]

    assert sign.value == "in 1 h"  # the interval is 7200 s
    assert sign.reason.startswith("Soccer Epl")


def test_without_a_sport_there_is_no_next_call() -> None:
    sign = signs()["Next collection"]

    assert (sign.state, sign.value, sign.reason) == (State.BAD, "–", "No sport is collected.")


@pytest.mark.parametrize(
    ("left", "state", "reason"),
    [
        (480, State.GOOD, "of 500, 50 in reserve"),
        (99, State.BAD, "Fewer than 50 above the reserve of 50"),
        (50, State.BAD, "Collecting waits: 50 are the reserve"),
    ],
)
def test_credits_are_bad_before_they_are_gone(left: int, state: State, reason: str) -> None:
    sport = make_sport(is_collected=True)
    make_collection(
        sport=sport,
        started_at=NOON - HOUR,
        credits_remaining=left,
        credits_used_this_month=500 - left,
    )

    sign = signs()["Credits left"]

    assert (sign.value, sign.state) == (str(left), state)
    assert sign.reason.startswith(reason)


def test_a_spent_account_has_its_next_call_at_the_reset() -> None:
    make_sport(is_collected=True)
    CollectionSettings.objects.create(pk=1, monthly_credits=1)

    sign = signs()["Next collection"]

    assert (sign.state, sign.value) == (State.BAD, "in 9 d")


@pytest.mark.parametrize(("minutes", "state"), [(9, State.GOOD), (11, State.BAD)])
def test_a_silent_worker_is_bad(minutes: int, state: State) -> None:
    heartbeats.beat("worker:celery", now=NOON - minutes * MINUTE)
    heartbeats.beat("worker:long", now=NOON)

    assert signs()["Background work"].state == state


def one() -> None:
    make_alert("QuotaLow", annotations={"summary": "Credits nearly spent"})


def three() -> None:
    one()
    make_alert("WorkerSilent", starts_at=NOON - HOUR)
    make_alert("BackupStale", starts_at=NOON - 2 * HOUR)


def over() -> None:
    make_alert("QuotaLow", ends_at=NOON)
    make_alert("WorkerSilent", starts_at=None, pending_since=NOON)


def told() -> None:
    make_alert("OpportunityDetected", severity="info")
    make_alert("OpportunityDetected", severity="info", fingerprint="another")


def told_and_one() -> None:
    told()
    one()


@pytest.mark.parametrize(
    ("make", "value", "reason"),
    [
        (told, "0", "2 for information"),
        (told_and_one, "1", "Credits nearly spent"),
        (one, "1", "Credits nearly spent"),
        (three, "3", "Credits nearly spent, and 2 more"),
        (over, "0", "Nothing to look after."),
    ],
)
def test_alerts_that_fire_are_counted_and_the_newest_is_told(
    make: Callable[[], None], value: str, reason: str
) -> None:
    make()

    sign = signs()["Open alerts"]

    assert (sign.value, sign.reason) == (value, reason)
    assert sign.state == (State.GOOD if value == "0" else State.BAD)


@pytest.mark.parametrize(("hours", "state"), [(25, State.GOOD), (27, State.BAD)])
def test_a_backup_grows_too_old_in_a_little_more_than_a_day(hours: int, state: State) -> None:
    make_backup(hours_ago=hours)

    assert signs()["Last backup"].state == state


def test_a_backup_that_failed_or_is_gone_does_not_count() -> None:
    make_backup(hours_ago=30)
    make_backup(hours_ago=2, status="failed", bytes=None, sha256="", error="disk full")
    make_backup(hours_ago=3, removed_at=NOON)

    sign = signs()["Last backup"]

    assert (sign.state, sign.value) == (State.BAD, "30 h ago")
