"""The API's routes of the ranking: where strategies stand, how they did, where they erred."""

from datetime import datetime
from typing import Any

from django.db import connection
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import exceptions, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from odds.api_fields import ErrorSerializer, InstantField, instant_text, limit_field, read_query
from strategies.api.failures import FailureQuery, FailuresSerializer, agent_of, failures
from strategies.api.performance import (
    TIERS,
    StrategyPerformanceQuery,
    StrategyPerformanceSerializer,
    performance,
)
from strategies.models import Trend

RANKED = """
SELECT *, count(*) OVER () AS found
FROM strategies_ranking
ORDER BY global_score DESC NULLS LAST, id
LIMIT %(limit)s
"""


class RankingQuery(serializers.Serializer[Any]):
    """How many strategies."""

    limit = limit_field(500, 1000)


class RankedStrategySerializer(serializers.Serializer[Any]):
    """Where a strategy's current version stands; percentages, null where undefined."""

    id = serializers.IntegerField()
    agent_name = serializers.CharField()
    strategy_name = serializers.CharField()
    version = serializers.IntegerField()
    is_active = serializers.BooleanField(help_text="It predicts on every collection, on paper.")
    total_predictions = serializers.IntegerField()
    settled = serializers.IntegerField(help_text="Void ones left out.")
    win_rate = serializers.FloatField(
        allow_null=True, help_text="Percent won of those won or lost; a half counts as a half."
    )
    roi = serializers.FloatField(allow_null=True, help_text="Profit in percent of units risked.")
    roi_low = serializers.FloatField(
        allow_null=True, help_text="Lower end of its 95 % interval (bootstrap by match day)."
    )
    roi_high = serializers.FloatField(allow_null=True, help_text="Upper end.")
    roi_shrunk = serializers.FloatField(
        allow_null=True, help_text="As if some bets that brought nothing came before."
    )
    graded_matches = serializers.IntegerField(help_text="Matches that a closing line graded.")
    clv = serializers.FloatField(
        allow_null=True, help_text="Mean over matches, against closing odds without margin."
    )
    clv_low = serializers.FloatField(
        allow_null=True,
        help_text="Lower end of its confidence sequence, for all strategies compared.",
    )
    clv_high = serializers.FloatField(allow_null=True, help_text="Upper end.")
    raw_clv = serializers.FloatField(
        allow_null=True, help_text="Against closing odds as offered; flatters by their margin."
    )
    tier = serializers.ChoiceField(
        TIERS, allow_null=True, help_text="By yield and CLV; null while unrated."
    )
    legacy_tier = serializers.ChoiceField(
        TIERS, allow_null=True, help_text="By win rate, as the original had it."
    )
    global_score = serializers.FloatField(allow_null=True, help_text="From 0 to 100.")
    trend = serializers.ChoiceField(
        Trend.values, help_text="The yield of the last seven days against the seven before."
    )
    has_improvement_test = serializers.BooleanField()
    computed_at = InstantField(allow_null=True)


class RankingSerializer(serializers.Serializer[Any]):
    """The strategies, the highest score first, unrated ones last."""

    success = serializers.BooleanField()
    strategies = RankedStrategySerializer(many=True)
    total = serializers.IntegerField(help_text="How many there are.")


class StrategyRanking(APIView):
    """`GET /strategies/ranking`."""

    @extend_schema(
        operation_id="strategies_ranking_retrieve",
        parameters=[RankingQuery],
        responses={200: RankingSerializer, 400: ErrorSerializer},
        tags=["strategies"],
    )
    def get(self, request: Request) -> Response:
        """Where every strategy stands, the highest score first."""
        return Response(ranking(read_query(RankingQuery, request)["limit"]))


class StrategyPerformance(APIView):
    """`GET /strategies/performance/{id}`."""

    @extend_schema(
        operation_id="strategies_performance_retrieve",
        parameters=[StrategyPerformanceQuery],
        responses={
            200: StrategyPerformanceSerializer,
            400: ErrorSerializer,
            404: ErrorSerializer,
        },
        tags=["strategies"],
    )
    def get(self, request: Request, strategy_id: int) -> Response:
        """How a strategy's current version did on each of the last match days."""
        asked = read_query(StrategyPerformanceQuery, request)
        found = performance(strategy_id, asked["days"], now=timezone.now())
        if found is None:
            raise exceptions.NotFound(f"Stratégie {strategy_id} non trouvée")
        return Response(found)


class AgentFailures(APIView):
    """`GET /strategies/failures/{agent_name}`."""

    @extend_schema(
        operation_id="strategies_failures_list",
        parameters=[FailureQuery],
        responses={200: FailuresSerializer, 400: ErrorSerializer, 404: ErrorSerializer},
        tags=["strategies"],
    )
    def get(self, request: Request, agent_name: str) -> Response:
        """The newest predictions of an agent that were wrong, by its name or key."""
        asked = read_query(FailureQuery, request)
        agent = agent_of(agent_name)
        if agent is None:
            raise exceptions.NotFound(f"Agent {agent_name} non trouvé")
        found = failures(agent.key, asked["limit"])
        return Response(
            {
                "success": True,
                "agent_name": agent.name,
                "failures_count": len(found),
                "failures": found,
            }
        )


def ranking(limit: int) -> dict[str, Any]:
    """As `RankingSerializer` describes it; one query."""
    with connection.cursor() as cursor:
        cursor.execute(RANKED, {"limit": limit})
        names = [column.name for column in cursor.description or ()]
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    total = rows[0]["found"] if rows else 0
    return {"success": True, "strategies": [_item(row) for row in rows], "total": total}


def _item(row: dict[str, Any]) -> dict[str, Any]:
    computed_at: datetime | None = row.pop("computed_at")
    del row["found"]
    return row | {"computed_at": computed_at and instant_text(computed_at)}
