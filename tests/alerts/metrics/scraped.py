"""A page of metrics, parsed as Prometheus parses it."""

from datetime import datetime
from typing import NamedTuple

from prometheus_client import generate_latest
from prometheus_client.parser import text_string_to_metric_families

from alerts.metrics.exposition import State
from tests.factories import NOON


class Family(NamedTuple):
    kind: str
    documentation: str
    samples: dict[str, float]


def parsed(page: str) -> dict[str, Family]:
    """By its name: kind, help, and samples by the value of their only label, or ""."""
    families = {}
    for family in text_string_to_metric_families(page):
        name = f"{family.name}_total" if family.type == "counter" else family.name
        samples = {",".join(one.labels.values()): one.value for one in family.samples}
        families[name] = Family(family.type, family.documentation, samples)
    return families


def scraped(now: datetime = NOON) -> dict[str, Family]:
    """Ours, as of an instant."""
    return parsed(generate_latest(State(now)).decode())


def samples(name: str, now: datetime = NOON) -> dict[str, float]:
    """The samples of one family."""
    return scraped(now)[name].samples


def value(name: str, now: datetime = NOON) -> float | None:
    """The number of a family without labels; None where it is absent."""
    return samples(name, now).get("")
