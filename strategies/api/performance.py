"""How one strategy did, match day by match day, as the API tells it."""

from datetime import UTC, datetime, timedelta
from typing import Any, Final

from django.db import connection
from django.db.models import F
from rest_framework import serializers

from betting.performance.measures import yield_of
from betting.performance.totals import in_percent
from strategies.models import StrategyDay, Tier

DAYS: Final = (30, 1, 365)  # as given by default, and the bounds
TIERS: Final = Tier.values  # one schema for all fields of them, see ENUM_NAME_OVERRIDES
STRATEGY = """
SELECT agent_name, strategy_name, win_rate, roi, total_predictions, tier
FROM strategies_ranking
WHERE id = %(id)s
"""


class StrategyPerformanceQuery(serializers.Serializer[Any]):
    """Which match days."""

    days = serializers.IntegerField(
        default=DAYS[0],
        min_value=DAYS[1],
        max_value=DAYS[2],
        help_text="Matches of the last UTC days, today among them.",
    )


class StrategySummarySerializer(serializers.Serializer[Any]):
    """A strategy's current version over all its predictions; null where undefined."""

    agent_name = serializers.CharField()
    strategy_name = serializers.CharField()
    win_rate = serializers.FloatField(allow_null=True, help_text="Percent.")
    roi = serializers.FloatField(allow_null=True, help_text="Percent.")
    total_predictions = serializers.IntegerField()
    tier = serializers.ChoiceField(TIERS, allow_null=True)


class StrategyDaySerializer(serializers.Serializer[Any]):
    """A strategy's predictions on the matches of one UTC day."""

    date = serializers.DateField()
    predictions_count = serializers.IntegerField()
    settled = serializers.IntegerField(help_text="Void ones left out.")
    win_rate = serializers.FloatField(
        allow_null=True, help_text="Percent won of those won or lost; a half counts as a half."
    )
    roi = serializers.FloatField(allow_null=True, help_text="Profit in percent of units risked.")
    graded_matches = serializers.IntegerField(help_text="Matches that a closing line graded.")
    clv = serializers.FloatField(
        allow_null=True, help_text="Mean fair CLV over those matches, percent."
    )


class StrategyPerformanceSerializer(serializers.Serializer[Any]):
    """How a strategy did."""

    success = serializers.BooleanField()
    strategy = StrategySummarySerializer()
    performance_history = StrategyDaySerializer(
        many=True, help_text="Days with predictions, the oldest first."
    )


def performance(strategy_id: int, days: int, *, now: datetime) -> dict[str, Any] | None:
    """As `StrategyPerformanceSerializer` describes it; `None` where there is no such strategy."""
    with connection.cursor() as cursor:
        cursor.execute(STRATEGY, {"id": strategy_id})
        row = cursor.fetchone()
        names = [column.name for column in cursor.description or ()]
    if row is None:
        return None
    today = now.astimezone(UTC).date()
    history = StrategyDay.objects.filter(
        version__strategy=strategy_id,
        version__is_current=True,
        day__gt=today - timedelta(days=days),
        day__lte=today,
    )
    wanted = ("won", "lost", "risk", "profit", "graded_matches", "clv_sum")
    rows = history.order_by("day").values("day", *wanted, count=F("predictions"))
    return {
        "success": True,
        "strategy": dict(zip(names, row, strict=True)),
        "performance_history": [_day(one) for one in rows],
    }


def _day(row: dict[str, Any]) -> dict[str, Any]:
    decided, matches = row["won"] + row["lost"], row["graded_matches"]
    return {
        "date": row["day"].isoformat(),
        "predictions_count": row["count"],
        "settled": round(row["risk"]),
        "win_rate": 100 * row["won"] / decided if decided else None,
        "roi": in_percent(yield_of(row["profit"], row["risk"])),
        "graded_matches": matches,
        "clv": row["clv_sum"] / matches if matches else None,
    }
