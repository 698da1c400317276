"""Signs of life and queues, with a real broker and real workers."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import datetime

import pytest
from django.conf import settings
from redis import Redis

from alerts.metrics.tasks import fold_counters, give_sign_of_life
from alerts.models import CountedTotal, Heartbeat
from monps.processes import LONG_WORKER, WORKER
from tests.alerts.metrics.scraped import samples, scraped
from tests.alerts.metrics.web import PATIENCE_SECONDS, ROOT, database_address
from tests.factories import make_sport


@pytest.fixture(autouse=True)
def _empty_queues() -> Iterator[None]:
    broker = Redis.from_url(settings.REDIS_URL)
    broker.flushdb()
    yield
    broker.flushdb()


@contextlib.contextmanager
def worker(command: tuple[str, ...]) -> Iterator[None]:
    """A worker as `make run` starts it, on the test's database."""
    with subprocess.Popen(
        [sys.executable, *command[1:]],
        cwd=ROOT,
        env=os.environ | {"DATABASE_URL": database_address()},
        start_new_session=True,
    ) as process:
        try:
            yield
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)


def wait_for_sign(name: str) -> datetime:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while (found := Heartbeat.objects.filter(name=name).first()) is None:
        assert time.monotonic() < deadline, f"no sign of {name}"
        time.sleep(0.1)
    return found.seen_at


@pytest.mark.django_db
def test_what_waits_in_each_queue_is_counted() -> None:
    for queue, number in (("celery", 3), ("long", 1)):
        for _ in range(number):
            give_sign_of_life.apply_async(queue=queue)

    families = scraped()

    assert families["monps_broker_up"].samples == {"": 1}
    assert families["monps_queue_length"].samples == {"celery": 3, "long": 1}


@pytest.mark.django_db
def test_sending_the_task_is_a_sign_of_beat_and_of_nobody_else() -> None:
    fold_counters.delay()
    before = list(Heartbeat.objects.all())

    give_sign_of_life.delay()

    assert before == []
    assert [one.name for one in Heartbeat.objects.all()] == ["beat"]


@pytest.mark.django_db
def test_running_the_tasks_does_what_they_say() -> None:
    make_sport()

    give_sign_of_life()
    fold_counters()

    assert [one.name for one in Heartbeat.objects.all()] == ["worker:celery"]
    assert {one.counter for one in CountedTotal.objects.all()} == {"quotes", "opportunities"}


@pytest.mark.e2e
@pytest.mark.django_db(transaction=True)
def test_a_worker_of_the_default_queue_gives_its_sign_by_running_the_task() -> None:
    with worker(WORKER):
        give_sign_of_life.delay()
        wait_for_sign("worker:celery")

    assert list(samples("monps_worker_heartbeat_timestamp")) == ["celery"]
    assert samples("monps_queue_length") == {"celery": 0, "long": 0}


@pytest.mark.e2e
@pytest.mark.django_db(transaction=True)
def test_a_worker_of_the_long_queue_gives_its_sign_without_any_task() -> None:
    with worker(LONG_WORKER):
        wait_for_sign("worker:long")

    assert list(samples("monps_worker_heartbeat_timestamp")) == ["long"]
