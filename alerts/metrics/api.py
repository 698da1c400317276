"""The API's routes of metrics, kept for what asks them: nothing has to be refreshed any more."""

from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import Count, F, Max
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from alerts.metrics.sports import OnOffer, quotes_on_offer, read_sports
from betting.models import Opportunity
from odds.api_fields import InstantField
from odds.api_status import StoreStatisticsSerializer, store_statistics
from odds.models import Collection, LatestQuote

MOST_SHOWN: Final = 5
LATELY: Final = timedelta(days=1)


class SportMetricsSerializer(serializers.Serializer[Any]):
    """What is on offer in one sport."""

    opportunities = serializers.IntegerField(help_text="Open ones of any kind.")
    max_spread = serializers.FloatField(allow_null=True, help_text="Percent; null without any.")
    bookmakers = serializers.IntegerField(help_text="With odds on a coming match.")


class RefreshSerializer(serializers.Serializer[Any]):
    """The metrics of opportunities, as they are now."""

    status = serializers.CharField(help_text="Always ok.")
    updated = serializers.BooleanField(help_text="Always true: they are read when asked for.")
    opportunities = serializers.IntegerField(help_text="Open ones of any kind, of all sports.")
    max_spread = serializers.FloatField(allow_null=True, help_text="Percent; null without any.")
    bookmakers = serializers.IntegerField(help_text="With odds on a coming match of any sport.")
    by_sport = serializers.DictField(child=SportMetricsSerializer())
    refreshed_at = InstantField()


class RefreshedSerializer(serializers.Serializer[Any]):
    """The original's answer."""

    status = serializers.CharField(help_text="Always success.")
    message = serializers.CharField()


class StoreSerializer(StoreStatisticsSerializer):
    """What the odds store holds, and since when."""

    first_collection = InstantField(allow_null=True)
    last_collection = InstantField(allow_null=True)


class TopOpportunitySerializer(serializers.Serializer[Any]):
    """A match with something on offer."""

    sport = serializers.CharField()
    home_team = serializers.CharField()
    away_team = serializers.CharField()
    max_spread_pct = serializers.FloatField()
    bookmakers = serializers.IntegerField()


class SportStatisticsSerializer(serializers.Serializer[Any]):
    """What of one sport was seen in the last 24 hours."""

    sport = serializers.CharField()
    odds_count = serializers.IntegerField(help_text="Single prices, the newest of each.")
    matches_count = serializers.IntegerField()
    bookmakers_count = serializers.IntegerField()
    last_update = InstantField()


class CollectorStatisticsSerializer(serializers.Serializer[Any]):
    """The odds store, and what is on offer."""

    current_opportunities = serializers.IntegerField(help_text="Open ones of any kind.")
    top_opportunities = TopOpportunitySerializer(many=True)
    sports = SportStatisticsSerializer(many=True)

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        """With the one whose name Python keeps for itself."""
        return {"global": StoreSerializer()} | super().get_fields()


class MetricsRefresh(APIView):
    """`GET /metrics/refresh`."""

    @extend_schema(
        operation_id="metrics_refresh_retrieve", responses=RefreshSerializer, tags=["metrics"]
    )
    def get(self, _request: Request) -> Response:
        """What is on offer now, by sport."""
        return Response(RefreshSerializer(refreshed(now=timezone.now())).data)


class Refresh(APIView):
    """`GET /refresh`."""

    @extend_schema(operation_id="refresh_retrieve", responses=RefreshedSerializer, tags=["metrics"])
    def get(self, _request: Request) -> Response:
        """How many sports the metrics tell of; nothing has to be refreshed."""
        number = len(read_sports(timezone.now()).keys)
        message = f"Metrics refreshed successfully - {number} sports"
        return Response({"status": "success", "message": message})


class CollectorStatistics(APIView):
    """`GET /metrics/collector/stats`."""

    @extend_schema(
        operation_id="metrics_collector_stats_retrieve",
        responses=CollectorStatisticsSerializer,
        tags=["metrics"],
    )
    def get(self, _request: Request) -> Response:
        """The odds store in numbers, and the widest spreads on offer."""
        found = collector_statistics(now=timezone.now())
        return Response(CollectorStatisticsSerializer(found).data)


def refreshed(*, now: datetime) -> dict[str, Any]:
    """As `RefreshSerializer` takes it."""
    sports = read_sports(now)
    offers = {key: sports.offers.get(key, OnOffer()) for key in sports.keys}
    bookmakers = sports.counts(sports.bookmakers)
    spreads = [one.max_spread_pct for one in offers.values() if one.max_spread_pct is not None]
    return {
        "status": "ok",
        "updated": True,
        "opportunities": sum(one.opportunities for one in offers.values()),
        "max_spread": max(spreads, default=None),
        "bookmakers": quotes_on_offer(now).values("bookmaker").distinct().count(),
        "by_sport": {
            key: {
                "opportunities": one.opportunities,
                "max_spread": one.max_spread_pct,
                "bookmakers": bookmakers[key],
            }
            for key, one in offers.items()
        },
        "refreshed_at": now,
    }


def collector_statistics(*, now: datetime) -> dict[str, Any]:
    """As `CollectorStatisticsSerializer` takes it."""
    store = store_statistics(now=now)
    first = Collection.objects.stored().order_by("started_at").values("observed_at").first()
    return {
        "global": store
        | {
            "first_collection": first and first["observed_at"],
            "last_collection": store["last_update"],
        },
        "current_opportunities": Opportunity.objects.open(now).count(),
        "top_opportunities": _widest(now),
        "sports": _seen_lately(now),
    }


def _widest(now: datetime) -> list[dict[str, Any]]:
    """The matches with the widest spreads on offer."""
    rows: Any = (
        Opportunity.objects.open(now)
        .filter(spread_pct__isnull=False)
        .order_by()
        .values(
            "match",
            sport=F("match__sport__key"),
            home_team=F("match__home_team"),
            away_team=F("match__away_team"),
        )
        .annotate(max_spread_pct=Max("spread_pct"), bookmakers=Max("bookmaker_count"))
        .order_by("-max_spread_pct", "match")[:MOST_SHOWN]
    )
    return list(rows)


def _seen_lately(now: datetime) -> list[dict[str, Any]]:
    rows: Any = (
        LatestQuote.objects.filter(
            match__commence_time__gt=now - LATELY, seen_at__gt=now - LATELY, is_offered=True
        )
        .order_by()
        .values(sport=F("match__sport__key"))
        .annotate(
            odds_count=Count("odds_1") + Count("odds_x") + Count("odds_2"),
            matches_count=Count("match", distinct=True),
            bookmakers_count=Count("bookmaker", distinct=True),
            last_update=Max("seen_at"),
        )
        .order_by("sport")
    )
    return list(rows)
