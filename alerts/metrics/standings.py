"""Strategies by tier, and what became of proposed changes."""

from collections import Counter
from collections.abc import Iterator

from django.db.models import Count
from prometheus_client.core import Metric

from alerts.metrics.families import gauge, gauges, with_zeros
from strategies.models import Improvement, Strategy, Tier

UNRATED = "unrated"


def read() -> Iterator[Metric]:
    """Every tier and every status, 0 where there is none."""
    tiers: Counter[str] = Counter()
    for tier, number in (
        Strategy.objects.order_by().values_list("record__tier").annotate(Count("pk"))
    ):
        tiers[tier or UNRATED] += number
    yield gauges(
        "monps_strategies",
        "Strategies by the tier of their record; unrated while it is too short.",
        "tier",
        with_zeros([*Tier.values, UNRATED], tiers),
    )
    improvements = Improvement.objects.order_by().values_list("status")
    yield gauges(
        "monps_improvements",
        "Proposed changes of strategies by their status.",
        "status",
        with_zeros(Improvement.Status.values, dict(improvements.annotate(Count("pk")))),
    )
    yield gauge(
        "monps_tests_with_verdict",
        "Running tests that reached a verdict and wait for a decision.",
        Improvement.objects.filter(status=Improvement.Status.ACTIVE).exclude(verdict="").count(),
    )
