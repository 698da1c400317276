"""The whole page that Prometheus reads: requests and queries of this process, then all the rest.

django-prometheus counts requests and queries in each process. With PROMETHEUS_MULTIPROC_DIR those
of all web processes are added up; a page made from that folder leaves registered collectors out,
which is why ours is not registered but read here.
"""

import os
import time
from collections.abc import Iterator
from datetime import datetime
from typing import Final

from django.conf import settings
from django.db import Error, connection, transaction
from prometheus_client import REGISTRY, CollectorRegistry, disable_created_metrics, generate_latest
from prometheus_client.core import Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from alerts.metrics import money, processes, quota, sports, standings, upkeep
from alerts.metrics.families import gauge, gauges

PATIENCE: Final = "2s"  # of one query: a scrape that takes longer is given up by Prometheus

disable_created_metrics()  # a second series beside each counter, which nobody reads


def page(*, now: datetime) -> bytes:
    """Everything, in Prometheus' text format."""
    return generate_latest(_of_processes()) + generate_latest(State(now))


class State(Collector):
    """Database and broker as they are at one instant."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def collect(self) -> Iterator[Metric]:
        """Read now; with the database down, everything that does not need it."""
        started = time.perf_counter()
        stored = self._stored()
        yield gauge("monps_up", "1 when the database can be read, 0 otherwise.", stored is not None)
        yield gauges("monps_info", "The version that runs.", "version", {settings.VERSION: 1})
        yield from stored or ()
        yield from processes.read_broker()
        taken = time.perf_counter() - started
        yield gauge("monps_scrape_seconds", "How long this reading took.", taken)

    def _stored(self) -> list[Metric] | None:
        """What the database says, all of it or nothing."""
        try:
            with transaction.atomic():
                with connection.cursor() as cursor:
                    cursor.execute("SELECT set_config('statement_timeout', %s, true)", [PATIENCE])
                return list(self._families())
        except Error:
            return None

    def _families(self) -> Iterator[Metric]:
        yield from money.read()
        yield from sports.read(self.now)
        yield from quota.read(self.now)
        yield from standings.read()
        yield from processes.read_heartbeats()
        yield from upkeep.read(self.now)


def _of_processes() -> Collector:
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return REGISTRY
    registry = CollectorRegistry()
    MultiProcessCollector(registry)
    return registry
