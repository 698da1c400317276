"""Counters over everything that ever happened, at a cost that does not grow with it.

`fold` adds what is past and can no longer change to `counted_totals`; a reading adds what came
since. A reading is right whether or not anything was folded, it then only takes longer.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import connection, transaction
from django.db.models import Count, Min, Q, Sum

from alerts.models import CountedTotal
from betting.models import Opportunity
from odds.models import Collection, Sport

Counter = CountedTotal.Counter

LOCK: Final = 7_481  # any number of our own
# A call is stored minutes after it began, however slow; one still running is waited for.
COLLECTIONS_SETTLED: Final = timedelta(hours=1)
# An opportunity is dated by its price, which detection believes for at most two days.
OPPORTUNITIES_SETTLED: Final = timedelta(days=2, hours=1)


@dataclass(frozen=True, slots=True)
class Period:
    """From one instant to another, that one left out; either may be open."""

    since: datetime | None
    until: datetime | None = None

    def of(self, field: str) -> Q:
        """What lies in it by this field."""
        inside = Q()
        if self.since is not None:
            inside &= Q(**{f"{field}__gte": self.since})
        if self.until is not None:
            inside &= Q(**{f"{field}__lt": self.until})
        return inside


Counting = Callable[[Period], dict[int, int]]


def quotes() -> dict[int, int]:
    """Quotes that collections stored, by the sport's id."""
    return _counted(Counter.QUOTES, _quotes)


def opportunities() -> dict[int, int]:
    """Opportunities that no guard refused, by the sport's id."""
    return _counted(Counter.OPPORTUNITIES, _opportunities)


def fold(*, now: datetime) -> None:
    """Add to the totals what can no longer change; folding twice counts nothing twice."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        _fold(Counter.QUOTES, _quotes, _settled_collections(now))
        _fold(Counter.OPPORTUNITIES, _opportunities, now - OPPORTUNITIES_SETTLED)


def _settled_collections(now: datetime) -> datetime:
    running = Collection.objects.filter(status=Collection.Status.RUNNING)
    oldest: datetime | None = running.aggregate(oldest=Min("started_at"))["oldest"]
    return min(now - COLLECTIONS_SETTLED, oldest or now)


def _quotes(period: Period) -> dict[int, int]:
    rows: Any = (
        Collection.objects.from_api()
        .stored()
        .filter(period.of("started_at"))
        .order_by()
        .values_list("sport_id")
        .annotate(Sum("quotes_stored"))
    )
    return dict(rows)


def _opportunities(period: Period) -> dict[int, int]:
    rows: Any = (
        Opportunity.objects.accepted()
        .filter(period.of("first_seen_at"))
        .order_by()
        .values_list("match__sport_id")
        .annotate(Count("pk"))
    )
    return dict(rows)


def _folded(counter: str) -> tuple[dict[int, int], datetime | None]:
    """The totals by the sport's id, and until when they count."""
    rows = list(CountedTotal.objects.filter(counter=counter))
    return (
        {row.sport_id: row.total for row in rows},
        min((row.counted_until for row in rows), default=None),
    )


def _counted(counter: str, count: Counting) -> dict[int, int]:
    totals, since = _folded(counter)
    return _added(totals, count(Period(since)))


def _added(totals: dict[int, int], more: dict[int, int]) -> dict[int, int]:
    return totals | {sport: totals.get(sport, 0) + number for sport, number in more.items()}


def _fold(counter: str, count: Counting, until: datetime) -> None:
    totals, since = _folded(counter)
    if since is not None and since >= until:
        return
    found = _added(totals, count(Period(since, until)))
    # Every sport gets its row, so that all totals count until the same instant.
    sport_ids = found.keys() | set(Sport.objects.values_list("pk", flat=True))
    CountedTotal.objects.bulk_create(
        [
            CountedTotal(
                counter=counter,
                sport_id=sport_id,
                total=found.get(sport_id, 0),
                counted_until=until,
            )
            for sport_id in sorted(sport_ids)
        ],
        update_conflicts=True,
        unique_fields=["counter", "sport_id"],
        update_fields=["total", "counted_until"],
    )
