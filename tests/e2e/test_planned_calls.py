"""Real workers and beat make the planned calls: kill -9 in the middle of one, then two at once.

How often was asked is the provider's count of credits, over real HTTP.
"""

import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings as django_settings
from django.utils import timezone
from django_celery_beat.models import IntervalSchedule, PeriodicTask
from pytest_django.fixtures import Settings
from redis import Redis

from monps.pipeline import make_planned_call, run_planned_calls
from odds.budget import executing, kickoffs, missing, ticking, words
from odds.models import Collection, Match, PlannedCall, PlannerSettings, Sport
from odds.simulator.clock import Clock
from odds.simulator.faults import Fault
from odds.simulator.server import Server, build_server
from odds.simulator.sources import SimulatedSource
from odds.simulator.world import World
from tests.e2e.celery_processes import CELERY, running
from tests.factories import make_collection, make_match, make_sport

Process = AbstractContextManager[subprocess.Popen[bytes]]
PATIENCE_SECONDS = 130  # two ticks
ANCHOR = datetime(2026, 1, 5, tzinfo=UTC)
KICK_OFF = datetime(2026, 1, 9, 19, 45, tzinfo=UTC)  # the simulated Friday's match of Ligue 1
AHEAD = timedelta(minutes=4)  # the kick-off, from the beginning of a test: inside its window
HOLDS = 8.0  # seconds the provider takes to answer the call that is killed

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def provider(settings: Settings) -> Iterator[Server]:
    """The simulated market, minutes before a kick-off whichever day this runs on."""
    Redis.from_url(django_settings.REDIS_URL).flushdb()
    clock = Clock(speed=1, started_at=time.time(), simulated_start=(KICK_OFF - AHEAD).timestamp())
    source = SimulatedSource(seed=1, speed=1, anchor=ANCHOR)
    source.clock, source.world = clock, World(1, ANCHOR, clock)
    with build_server(source, quota=500) as server:
        settings.ODDS_API_BASE_URL, settings.ODDS_API_KEY = server.url, "not-a-secret"
        yield server


@pytest.fixture
def sport() -> Sport:
    """Collected by plan, without scans; its odds were seen some hours ago."""
    PlannerSettings.objects.create(is_on=True, shape="regions", has_scans=False)
    ligue_1 = make_sport(key="soccer_france_ligue_one", title="Ligue 1", is_collected=True)
    long_ago = timezone.now() - timedelta(hours=5)
    make_collection(
        sport=ligue_1, started_at=long_ago, credits_remaining=500, credits_used_this_month=0
    )
    return ligue_1


def used(provider: Server) -> int:
    """Credits, as the provider counts them."""
    return int(provider.api.quota.headers(0, time.time())["x-requests-used"])


def process(provider: Server, *arguments: str) -> Process:
    return running(*CELERY, *arguments, ODDS_API_BASE_URL=provider.url, ODDS_API_KEY="not-a-secret")


def worker(provider: Server, name: str) -> Process:
    options = ("--without-gossip", "--without-mingle", "--pool", "solo")
    return process(provider, "worker", "--hostname", f"{name}@test", *options)


def beat(provider: Server) -> Process:
    """The real beat, for which the tick of planned calls is due as soon as it starts."""
    minute, _created = IntervalSchedule.objects.get_or_create(every=60, period="seconds")
    PeriodicTask.objects.update_or_create(
        name="run-planned-calls",
        defaults={
            "task": run_planned_calls.name,
            "interval": minute,
            "last_run_at": timezone.now() - timedelta(hours=1),
        },
    )
    return process(
        provider, "beat", "--scheduler", "django_celery_beat.schedulers:DatabaseScheduler"
    )


def wait_until(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < deadline, list(PlannedCall.objects.values())
        time.sleep(0.05)


def plan_the_call(sport: Sport) -> None:
    """Learn the kick-off from the free list, and plan its call, which is due at once."""
    kickoffs.refresh(sport.key, clock=timezone.now)
    ticking.tick(timezone.now())
    wait_until(lambda: ticking.due_ids(timezone.now()))


def test_a_call_is_made_at_most_once_whoever_is_killed_and_however_many_workers_there_are(
    provider: Server, sport: Sport
):
    plan_the_call(sport)
    provider.faults.add(Fault(fault="timeout", times=1, seconds=HOLDS))

    with worker(provider, "killed"), beat(provider):
        wait_until(lambda: not provider.faults.listed())  # it has the call, and holds it
        assert PlannedCall.objects.filter(status="claimed").count() == 1
    assert used(provider) == 0  # the provider had not answered yet
    wait_until(lambda: used(provider) == 1)  # it did, to nobody, and was paid

    # A minute and a half later, inside the window, two workers find what was left.
    begun = Collection.objects.filter(status="running")
    assert begun.update(started_at=timezone.now() - timedelta(seconds=90)) == 1
    with worker(provider, "one"), worker(provider, "other"):
        with beat(provider):
            wait_until(PlannedCall.objects.filter(status="failed").exists)
        wait_until(lambda: ticking.due_ids(timezone.now()))
        again = PlannedCall.objects.get(status="planned", kickoff__lte=timezone.now() + AHEAD)
        for _ in range(5):
            make_planned_call.apply_async((again.pk,))
            run_planned_calls.apply_async()
        wait_until(PlannedCall.objects.filter(status="done").exists)
        queue = Redis.from_url(django_settings.REDIS_URL)
        wait_until(lambda: not queue.llen("celery"))
        time.sleep(0.5)  # for what was taken from the queue last

    assert used(provider) == 2
    assert Collection.objects.filter(status="stored", reason="closing").count() == 1
    lost = PlannedCall.objects.get(status="failed")
    assert lost.collection is not None
    assert (lost.collection.status, lost.collection.credits_used) == ("abandoned", None)
    assert lost.error in {executing.INTERRUPTED, lost.collection.error}
    first = Match.objects.order_by("commence_time")[0]
    covered = Collection.objects.get(reason="closing", status="stored")
    assert covered.observed_at is not None
    assert timedelta(0) <= first.commence_time - covered.observed_at <= timedelta(minutes=15)


def test_a_window_that_closed_while_no_worker_ran_is_recorded_with_its_reason(
    provider: Server, sport: Sport
):
    now = timezone.now()
    match = make_match(sport=sport, commence_time=now - timedelta(minutes=2))
    ticking.tick(now - timedelta(minutes=20))
    assert [call.match_ids for call in PlannedCall.objects.all()] == [[match.provider_id]]

    with worker(provider, "late"), beat(provider):
        wait_until(PlannedCall.objects.filter(status="missed").exists)

    missed = PlannedCall.objects.get(match_ids__contains=[match.provider_id])
    assert (missed.status, missed.reason) == ("missed", missing.NOT_RUNNING)
    assert words.of(missed) == (
        "No call for Ligue 1 was made in its time: MON_PS was not running or was too busy."
    )
    assert used(provider) == 0
