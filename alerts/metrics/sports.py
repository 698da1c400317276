"""What is collected and on offer, by sport; a sport that vanished leaves no series."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, F, Max, OuterRef, Q, QuerySet, Subquery
from prometheus_client.core import Metric

from alerts.metrics import counted
from alerts.metrics.families import counters, gauge, gauges, instant
from betting.models import DetectionSettings, Opportunity
from odds.models import Collection, LatestQuote, Sport


@dataclass(frozen=True, slots=True, kw_only=True)
class OnOffer:
    """Opportunities of one sport that are open: accepted, on offer and not kicked off."""

    opportunities: int = 0
    values: int = 0
    max_spread_pct: float | None = None
    best_edge_pct: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sports:
    """What is known of the sports that are collected or have something on offer, by their key.

    Attributes:
        names: The key of every sport, by its id.
        collected: The keys of collected sports, with their newest stored call.
        offers: What is on offer.
        bookmakers: How many bookmakers offer odds on a coming match, by the sport's id.
    """

    names: dict[int, str]
    collected: dict[str, Any]
    offers: dict[str, OnOffer]
    bookmakers: dict[int, int]

    @property
    def keys(self) -> list[str]:
        """All of them, in the order of their names."""
        return sorted(self.collected.keys() | self.offers.keys())

    def counts(self, by_id: Mapping[int, int]) -> dict[str, int]:
        """The count of each of these sports, 0 where nothing was counted."""
        by_key = {self.names[pk]: number for pk, number in by_id.items() if pk in self.names}
        return {key: by_key.get(key, 0) for key in self.keys}


def read_sports(now: datetime) -> Sports:
    """Read the sports as of `now`."""
    names = dict(Sport.objects.order_by().values_list("pk", "key"))  # cheaper than joining it
    return Sports(
        names=names,
        collected={sport.key: sport for sport in _collected()},
        offers={names[pk]: offer for pk, offer in _offers(now).items()},
        bookmakers=_bookmakers(now),
    )


def read(now: datetime) -> Iterator[Metric]:
    """One sample for each sport, 0 where there is none of what is counted."""
    sports = read_sports(now)
    yield from _of_offers(sports)
    yield from _of_collections(sports)
    yield counters(
        "monps_odds_collected",
        "Quotes that collections stored: changes, not repeats.",
        "sport",
        sports.counts(counted.quotes()),
    )
    yield counters(
        "monps_opportunities_detected",
        "Opportunities found, of any kind, without those a guard refused.",
        "sport",
        sports.counts(counted.opportunities()),
    )


def _offers(now: datetime) -> dict[int, OnOffer]:
    is_value = Q(kind=Opportunity.Kind.VALUE)
    rows: Any = (
        Opportunity.objects.open(now)
        .order_by()
        .values("match__sport_id")
        .annotate(
            opportunities=Count("pk"),
            of_value=Count("pk", filter=is_value),
            spread=Max("spread_pct"),
            edge=Max("edge_pct", filter=is_value),
        )
    )
    return {
        row["match__sport_id"]: OnOffer(
            opportunities=row["opportunities"],
            values=row["of_value"],
            max_spread_pct=row["spread"],
            best_edge_pct=row["edge"],
        )
        for row in rows
    }


def _of_offers(sports: Sports) -> Iterator[Metric]:
    offers = {key: sports.offers.get(key, OnOffer()) for key in sports.keys}
    yield gauges(
        "monps_current_opportunities",
        "Opportunities on offer, of any kind: accepted and before kick-off.",
        "sport",
        {key: offer.opportunities for key, offer in offers.items()},
    )
    yield gauges(
        "monps_value_opportunities",
        "Values on offer: prices above the fair one by the user's threshold.",
        "sport",
        {key: offer.values for key, offer in offers.items()},
    )
    yield gauges(
        "monps_max_spread_percent",
        "Widest spread on offer, best odds against worst: dispersion, not value.",
        "sport",
        {key: offer.max_spread_pct for key, offer in offers.items()},
    )
    yield gauges(
        "monps_best_edge_percent",
        "Highest claimed edge of the values on offer, net of commission.",
        "sport",
        {key: offer.best_edge_pct for key, offer in offers.items()},
    )
    yield gauges(
        "monps_active_bookmakers",
        "Bookmakers with odds on coming matches, seen recently enough to be believed.",
        "sport",
        sports.counts(sports.bookmakers),
    )


def _of_collections(sports: Sports) -> Iterator[Metric]:
    rows = sports.collected.values()
    newest = max((sport.stored_at for sport in rows if sport.stored_at), default=None)
    yield gauge(
        "monps_last_collection_timestamp",
        "When the newest snapshot of a collected sport was observed, in seconds since 1970.",
        instant(newest),
    )
    yield gauges(
        "monps_collection_duration_seconds",
        "How long the newest stored collection took, from the call to the last row.",
        "sport",
        {sport.key: _seconds(sport.duration) for sport in rows},
    )


def _seconds(duration: timedelta | None) -> float | None:
    return None if duration is None else duration.total_seconds()


def _collected() -> Any:
    """Collected sports with what their newest calls for odds say; one query."""
    of_sport = Collection.objects.from_api().of_odds().filter(sport=OuterRef("pk"))
    calls = of_sport.order_by("-started_at")
    stored = calls.stored().annotate(duration=F("finished_at") - F("started_at"))
    return Sport.objects.filter(is_collected=True).annotate(
        stored_at=Subquery(stored.values("observed_at")[:1]),
        duration=Subquery(stored.values("duration")[:1]),
    )


def _bookmakers(now: datetime) -> dict[int, int]:
    offering: Any = quotes_on_offer(now).values_list("match__sport_id", "bookmaker_id").distinct()
    return Counter(sport_id for sport_id, _bookmaker_id in offering)


def quotes_on_offer(now: datetime) -> QuerySet[LatestQuote]:
    """Current quotes of coming matches, seen recently enough to be believed."""
    believed = timedelta(minutes=DetectionSettings.current().maximum_seen_age_minutes)
    return LatestQuote.objects.filter(
        is_offered=True, match__commence_time__gt=now, seen_at__gt=now - believed
    )
