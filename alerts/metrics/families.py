"""Metric families: a value that is undefined leaves the family without a sample."""

import math
from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric

Value = float | Decimal | None


def gauge(name: str, documentation: str, value: Value) -> Metric:
    """One number, or none."""
    family = GaugeMetricFamily(name, documentation)
    _add(family, [], value)
    return family


def counter(name: str, documentation: str, value: Value) -> Metric:
    """One number that never falls; `_total` is added to the name."""
    family = CounterMetricFamily(name, documentation)
    _add(family, [], value)
    return family


def gauges(name: str, documentation: str, label: str, values: Mapping[str, Value]) -> Metric:
    """A number for each value of one label."""
    return _labelled(GaugeMetricFamily(name, documentation, labels=[label]), values)


def counters(name: str, documentation: str, label: str, values: Mapping[str, Value]) -> Metric:
    """A number that never falls for each value of one label."""
    return _labelled(CounterMetricFamily(name, documentation, labels=[label]), values)


def instant(when: datetime | None) -> float | None:
    """As Prometheus counts time: seconds since 1970."""
    return None if when is None else when.timestamp()


def with_zeros(names: Iterable[str], found: Mapping[str, float]) -> dict[str, float]:
    """What was found of each, 0 for those without any."""
    return {name: found.get(name, 0) for name in names}


def _labelled(
    family: GaugeMetricFamily | CounterMetricFamily, values: Mapping[str, Value]
) -> Metric:
    for name, value in values.items():
        _add(family, [name], value)
    return family


def _add(family: GaugeMetricFamily | CounterMetricFamily, labels: list[str], value: Value) -> None:
    if value is not None and math.isfinite(value):
        family.add_metric(labels, float(value))
