"""The state of the odds store and of the collector, as the API shows it."""

from datetime import datetime
from typing import Any

from django.db.models import Exists, Max, Min, OuterRef, Q, Subquery, Sum
from rest_framework import serializers

from odds import gate
from odds.api_fields import InstantField
from odds.models import (
    Bookmaker,
    Collection,
    CollectionSettings,
    LatestQuote,
    Match,
    PlannedCall,
    Sport,
)

STALE_AFTER_INTERVALS = 2  # one missed collection is not an outage
OK, STALE, ERROR = "ok", "stale", "error"


class SportStatusSerializer(serializers.Serializer[Any]):
    """The last snapshot of one collected sport; nulls where there was none yet."""

    sport = serializers.CharField()
    last_collected = InstantField(allow_null=True)
    matches = serializers.IntegerField(allow_null=True, help_text="In that snapshot.")
    odds_saved = serializers.IntegerField(
        allow_null=True, help_text="Single prices that snapshot changed."
    )
    skipped = serializers.BooleanField(
        help_text="Due now, but not asked because a call would touch the reserve of credits."
    )


class CollectorStatusSerializer(serializers.Serializer[Any]):
    """How collecting goes."""

    last_run = InstantField(allow_null=True, help_text="When the newest call began.")
    last_success = InstantField(allow_null=True, help_text="The newest stored snapshot.")
    status = serializers.ChoiceField(
        [OK, STALE, ERROR],
        help_text=(
            "error: the newest call of a collected sport failed. stale: a collected sport has no "
            "snapshot younger than two intervals (where calls are planned: since a call for it was "
            "missed), or no sport is collected."
        ),
    )
    next_run = InstantField(allow_null=True, help_text="The next call; null without any sport.")
    sports = SportStatusSerializer(many=True)


class QuotaSerializer(serializers.Serializer[Any]):
    """The month's credits; `remaining` and `used` are null until an answer told them."""

    remaining = serializers.IntegerField(allow_null=True)
    used = serializers.IntegerField(allow_null=True)
    limit = serializers.IntegerField()
    resets_on = serializers.DateField()


class StatusSerializer(serializers.Serializer[Any]):
    """Collector, quota and metrics."""

    collector = CollectorStatusSerializer()
    quota = QuotaSerializer()
    metrics_refreshed_at = InstantField(help_text="Now: metrics are computed when they are read.")


class StoreStatisticsSerializer(serializers.Serializer[Any]):
    """What the odds store holds."""

    total_odds = serializers.IntegerField(help_text="Single prices stored: changes, not repeats.")
    total_matches = serializers.IntegerField()
    total_bookmakers = serializers.IntegerField(help_text="That quote a match to come.")
    total_sports = serializers.IntegerField(help_text="With at least one match.")
    last_update = InstantField(allow_null=True, help_text="The newest stored snapshot.")
    api_requests_remaining = serializers.IntegerField(
        allow_null=True, help_text="Credits left this month; null until an answer told it."
    )


def store_statistics(*, now: datetime) -> dict[str, Any]:
    """As `StoreStatisticsSerializer` takes it."""
    stored = Collection.objects.stored().aggregate(odds=Sum("odds_stored"), at=Max("observed_at"))
    quoting = LatestQuote.objects.filter(match__commence_time__gt=now).values("bookmaker")
    credit = gate.credits_at(now, CollectionSettings.current())
    return {
        "total_odds": stored["odds"] or 0,
        "total_matches": Match.objects.count(),
        "total_bookmakers": Bookmaker.objects.filter(id__in=quoting).count(),
        "total_sports": _sports_with_matches(),
        "last_update": stored["at"],
        "api_requests_remaining": credit.remaining if credit.known_at else None,
    }


def _sports_with_matches() -> int:
    matches = Match.objects.filter(sport=OuterRef("pk"))
    return Sport.objects.filter(Exists(matches)).count()


def status(*, now: datetime) -> dict[str, Any]:
    """As `StatusSerializer` takes it."""
    terms = gate.terms_at(now)
    credit = terms.account
    is_known = credit.known_at is not None
    return {
        "collector": _collector(now, terms),
        "quota": {
            "remaining": credit.remaining if is_known else None,
            "used": credit.used if is_known else None,
            "limit": credit.limit,
            "resets_on": credit.resets_at.date(),
        },
        "metrics_refreshed_at": now,
    }


def _collector(now: datetime, terms: gate.Terms) -> dict[str, Any]:
    sports = list(_collected_sports())
    due = gate.due_times(sports, now, terms)
    last = (
        Collection.objects.from_api()
        .of_odds()
        .aggregate(run=Max("started_at"), success=Max("observed_at", filter=Q(status="stored")))
    )
    return {
        "last_run": last["run"],
        "last_success": last["success"],
        "status": _health(sports, now, terms),
        "next_run": _next_run(due, now, terms),
        "sports": [
            {
                "sport": sport.key,
                "last_collected": sport.last_collected,
                "matches": sport.last_matches,
                "odds_saved": sport.last_odds,
                "skipped": terms.is_exhausted and due[sport.pk] <= now,
            }
            for sport in sports
        ],
    }


def _next_run(due: dict[int, datetime], now: datetime, terms: gate.Terms) -> datetime | None:
    if not due:
        return None
    if terms.is_exhausted:
        return terms.account.resets_at
    if terms.is_planned:
        planned = PlannedCall.objects.filter(status=PlannedCall.Status.PLANNED, until__gte=now)
        first: datetime | None = planned.aggregate(at=Min("at"))["at"]
        return first and max(now, first)
    return max(now, min(due.values()))


def _collected_sports() -> Any:
    """Collected sports with what their newest call for odds and their newest snapshot say."""
    of_sport = Collection.objects.from_api().of_odds().filter(sport=OuterRef("pk"))
    calls = of_sport.order_by("-started_at")
    finished = calls.exclude(status__in=[Collection.Status.RUNNING, Collection.Status.ABANDONED])
    stored = calls.stored()
    missed = PlannedCall.objects.filter(
        sport=OuterRef("pk"), status=PlannedCall.Status.MISSED, reason="not_running"
    ).order_by("-at")
    return Sport.objects.filter(is_collected=True).annotate(
        last_status=Subquery(finished.values("status")[:1]),
        last_collected=Subquery(stored.values("observed_at")[:1]),
        last_matches=Subquery(stored.values("matches_received")[:1]),
        last_odds=Subquery(stored.values("odds_stored")[:1]),
        last_missed=Subquery(missed.values("until")[:1]),
    )


def _health(sports: list[Any], now: datetime, terms: gate.Terms) -> str:
    if any(sport.last_status == Collection.Status.FAILED for sport in sports):
        return ERROR
    if terms.is_planned:
        is_fresh = [sport.last_collected and not _has_missed(sport) for sport in sports]
    else:
        oldest = now - STALE_AFTER_INTERVALS * terms.interval
        is_fresh = [sport.last_collected and sport.last_collected >= oldest for sport in sports]
    return OK if is_fresh and all(is_fresh) else STALE


def _has_missed(sport: Any) -> bool:
    """A planned call was not made since the last snapshot."""
    return sport.last_missed is not None and sport.last_missed > sport.last_collected
