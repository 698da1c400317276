"""The month's credits and the pace of collecting."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Min, Sum
from prometheus_client.core import Metric

from alerts.metrics.families import gauge, gauges
from odds import gate
from odds.models import Collection
from odds.models.collections import CollectionQuerySet

RECENT: Final = timedelta(days=1)
SHORTEST: Final = timedelta(hours=1)  # one call in the first minute is no pace


def read(now: datetime) -> Iterator[Metric]:
    """What is left is absent until an answer of this month told it."""
    terms = gate.terms_at(now)
    account = terms.account
    is_known = account.known_at is not None
    yield gauge(
        "monps_api_requests_remaining",
        "Credits left this month, as the newest answer of The Odds API said.",
        account.remaining if is_known else None,
    )
    yield gauge(
        "monps_api_requests_used",
        "Credits spent this month, as the newest answer said.",
        account.used if is_known else None,
    )
    yield gauge(
        "monps_api_quota_limit",
        "Credits of the month: used and left, or the settings' number until an answer told them.",
        account.limit,
    )
    yield gauge("monps_api_reserve", "Credits no call may touch.", account.reserve)
    yield gauge(
        "monps_api_requests_forecast",
        "Credits left at the reset: as planned, or, without a plan, if calls go on as in the last"
        " 24 hours; below 0 so many lack.",
        forecast(terms, now) if is_known else None,
    )
    yield gauge(
        "monps_collection_interval_seconds",
        "Planned time between two collections of a sport.",
        terms.interval.total_seconds(),
    )
    yield gauge(
        "monps_collections_failed_24h",
        "Calls for odds or scores of the last 24 hours that failed.",
        _calls(now).filter(status=Collection.Status.FAILED).count(),
    )
    yield from _of_pause(gate.pause(now), now)


def _of_pause(pause: gate.Pause | None, now: datetime) -> Iterator[Metric]:
    yield gauge(
        "monps_collections_paused",
        "1 while calls wait because the newest one was refused (401, 429), 0 otherwise.",
        pause is not None,
    )
    left = {} if pause is None else {pause.failure.value: max(pause.until - now, timedelta(0))}
    yield gauges(
        "monps_collection_pause_seconds",
        "Time until the next call after the newest one was refused, by the reason.",
        "reason",
        {reason: wait.total_seconds() for reason, wait in left.items()},
    )


def forecast(terms: gate.Terms, now: datetime) -> float:
    """Credits expected to be left at the reset: the plan's word, or by the pace of the last day.

    A first day is measured from its first call, over an hour at least.
    """
    if terms.left_at_reset is not None:
        return terms.left_at_reset
    account = terms.account
    found = _calls(now).aggregate(spent=Sum("credits_used"), first=Min("started_at"))
    if not found["spent"]:
        return account.remaining
    is_first_day = not Collection.objects.from_api().filter(started_at__lt=now - RECENT).exists()
    measured = max(now - found["first"], SHORTEST) if is_first_day else RECENT
    spent: int = found["spent"]
    return account.remaining - spent * ((account.resets_at - now) / measured)


def _calls(now: datetime) -> CollectionQuerySet:
    return Collection.objects.from_api().started_since(now - RECENT)
