"""The broker, its queues, and the signs of life of workers and beat."""

from collections.abc import Iterator
from typing import Final

import redis
from django.conf import settings
from prometheus_client.core import Metric
from redis.backoff import NoBackoff
from redis.retry import Retry

from alerts.heartbeats import BEAT, WORKER
from alerts.metrics.families import gauge, gauges, instant
from alerts.models import Heartbeat

PATIENCE: Final = 0.5  # seconds, for the connection and again for the answer


def read_heartbeats() -> Iterator[Metric]:
    """Absent before the first sign of life."""
    seen = {beat.name: instant(beat.seen_at) for beat in Heartbeat.objects.all()}
    yield gauges(
        "monps_worker_heartbeat_timestamp",
        "When a worker of the queue last gave a sign of life, in seconds since 1970.",
        "queue",
        {name.removeprefix(WORKER): at for name, at in seen.items() if name.startswith(WORKER)},
    )
    yield gauge(
        "monps_beat_heartbeat_timestamp",
        "When beat last sent its minutely task, in seconds since 1970.",
        seen.get(BEAT),
    )


def read_broker() -> Iterator[Metric]:
    """Lengths are absent while the broker does not answer, which takes a second at most."""
    lengths = queue_lengths()
    yield gauge("monps_broker_up", "1 when the broker answers, 0 otherwise.", lengths is not None)
    yield gauges("monps_queue_length", "Tasks waiting for a worker.", "queue", lengths or {})


def queue_lengths() -> dict[str, int] | None:
    """How many tasks wait in each queue; None when the broker does not answer."""
    names = queues()
    try:
        with redis.Redis.from_url(
            settings.REDIS_URL,
            socket_connect_timeout=PATIENCE,
            socket_timeout=PATIENCE,
            retry=Retry(NoBackoff(), 0),
        ) as broker:
            asked = broker.pipeline(transaction=False)
            for name in names:
                asked.llen(name)
            return dict(zip(names, asked.execute(), strict=True))
    except redis.RedisError:
        return None


def queues() -> list[str]:
    """Every queue a task may be sent to."""
    routed = {route["queue"] for route in settings.CELERY_TASK_ROUTES.values()}
    return sorted({"celery"} | routed)
