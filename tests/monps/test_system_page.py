"""The system's page: each part good or bad by the alerts' own thresholds, and what to do."""

from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from alerts import heartbeats
from alerts.models import AlertSettings
from backups.models import Backup
from monps import system_checks, system_health
from monps.health_line import State
from monps.system_checks import Check
from strategies.models import NightlyRun
from tests.factories import make_collection, make_sport

pytestmark = pytest.mark.django_db
NOW = timezone.now()
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def owner() -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(User.objects.create(username="owner", is_staff=True, is_superuser=True))
    return client


def checks() -> dict[str, Check]:
    page = system_health.read(NOW)
    return {one.sign.name: one for area in page.areas for one in area.checks}


def state_of(name: str) -> State:
    return checks()[name].sign.state


@pytest.fixture
def _collecting() -> None:
    make_sport(is_collected=True)


def shown(client: Client) -> str:
    answer = client.get(reverse("admin:monps_system"))
    assert answer.status_code == 200
    return unescape(answer.content.decode())


@pytest.mark.usefixtures("_collecting")
def test_before_anything_ran_nothing_is_called_bad_and_silent_processes_are_asked_after(
    owner: Client,
) -> None:
    page = shown(owner)

    assert "Nothing is known to be wrong, but 3 processes have not been heard of yet." in page
    assert "Database" in page
    assert "None<" not in page


@pytest.mark.parametrize(("minutes", "state"), [(1, State.GOOD), (9, State.GOOD), (11, State.BAD)])
def test_a_worker_is_bad_once_it_is_silent_for_longer_than_the_setting(
    minutes: int, state: State
) -> None:
    AlertSettings.objects.create(worker_silence_minutes=10)
    heartbeats.beat(heartbeats.of_worker("celery"), now=NOW - timedelta(minutes=minutes))

    assert state_of("Worker") == state


@pytest.mark.usefixtures("_collecting")
def test_what_is_bad_says_what_to_do_and_what_is_good_does_not(owner: Client) -> None:
    now = timezone.now()  # as the page has it, whenever this file was loaded
    heartbeats.beat(heartbeats.BEAT, now=now - DAY)
    heartbeats.beat(heartbeats.of_worker("celery"), now=now)

    page = shown(owner)

    assert "1 part needs attention." in page
    assert page.count("and read its log.") == 1


def test_without_an_answer_the_broker_is_bad(settings: Settings) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"

    found = checks()["Broker and queues"].sign

    assert (found.state, found.value) == (State.BAD, "no answer")


@pytest.mark.parametrize(
    ("given", "state"),
    [
        ({"restore_tested_at": NOW - DAY, "is_restore_ok": True}, State.GOOD),
        (
            {"restore_tested_at": NOW - DAY, "is_restore_ok": False, "restore_error": "gone"},
            State.BAD,
        ),
        ({"restore_tested_at": NOW - 80 * DAY, "is_restore_ok": True}, State.BAD),
        ({}, State.WAITING),
    ],
)
def test_a_restore_test_is_judged_by_how_it_went_and_when(
    given: dict[str, Any], state: State
) -> None:
    at = NOW - HOUR
    Backup.objects.create(
        file_name="a.dump", status="done", started_at=at, finished_at=at, bytes=1,
        sha256="0" * 64, **given,
    )  # fmt: skip

    assert state_of("Restore test") == state


@pytest.mark.parametrize(
    ("status", "hours_ago", "state"),
    [("done", 5, State.GOOD), ("done", 100, State.BAD), ("failed", 5, State.BAD)],
)
def test_a_night_that_failed_or_is_long_ago_is_bad(
    status: str, hours_ago: int, state: State
) -> None:
    at = NOW - hours_ago * HOUR
    NightlyRun.objects.create(day=at.date(), status=status, started_at=at, finished_at=at)

    assert state_of("Nightly run") == state


def test_failed_calls_are_bad_above_the_setting() -> None:
    AlertSettings.objects.create(failed_collections=1)
    for number in range(2):
        make_collection(status="failed", failure="network", started_at=NOW - number * HOUR)

    found = checks()["Failed calls"].sign

    assert (found.value, found.state) == ("2", State.BAD)


def test_a_language_model_is_not_in_use_without_a_key(settings: Settings) -> None:
    settings.OPENAI_API_KEY = ""

    assert state_of("Language model’s budget") == State.WAITING


def test_mails_are_not_in_use_without_a_server(settings: Settings) -> None:
    settings.EMAIL_HOST = ""

    assert state_of("Mails") == State.WAITING


def test_a_folder_that_does_not_exist_yet_is_on_the_disk_of_the_one_above(
    settings: Settings, tmp_path: Any
) -> None:
    settings.BACKUP_FOLDER = str(tmp_path / "not" / "there")

    assert "where backups lie" in system_checks.disk().sign.reason


def test_it_costs_as_many_queries_whatever_happened(owner: Client) -> None:
    def queries() -> int:
        shown(owner)
        with CaptureQueriesContext(connection) as asked:
            shown(owner)
        return len(asked)

    few = queries()
    for number in range(20):
        make_collection(started_at=NOW - number * HOUR)
        at = NOW - number * DAY
        NightlyRun.objects.create(day=at.date(), status="done", started_at=at, finished_at=at)

    assert queries() <= few + 2  # the calls of a sport are looked at once there are any
    assert few <= 36


def test_who_may_not_see_alerts_is_refused() -> None:
    stranger = Client()
    stranger.force_login(User.objects.create(username="stranger", is_staff=True))

    assert stranger.get(reverse("admin:monps_system")).status_code == 403
