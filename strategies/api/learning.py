"""The API's route of what agents learn from: their predictions, newest first, and their counts."""

from datetime import datetime
from typing import Any, Final

from django.db.models import Avg, Count, Max
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from betting.performance.totals import in_percent
from odds.api_fields import InstantField, instant_text
from strategies.api.agent_lists import DAYS
from strategies.api.agent_records import since_days
from strategies.api.agent_words import EVERY, confidence_of, read_agents
from strategies.models import Prediction

MOST: Final = 20


class AgentCountSerializer(serializers.Serializer[Any]):
    """One agent's predictions of 90 days."""

    agent_name = serializers.CharField()
    agent_id = serializers.CharField()
    total_analyses = serializers.IntegerField(help_text="Predictions stored in 90 days.")
    avg_confidence = serializers.FloatField(
        allow_null=True, help_text="0 to 100, of those that have one; null without any."
    )
    last_analysis = InstantField(allow_null=True)


class AnalysisItemSerializer(serializers.Serializer[Any]):
    """A prediction as an analysis."""

    agent_name = serializers.CharField()
    recommendation = serializers.CharField(help_text="HOME, DRAW, AWAY, OVER, UNDER or ALL.")
    confidence_score = serializers.FloatField(allow_null=True, help_text="0 to 100.")
    home_team = serializers.CharField()
    away_team = serializers.CharField()
    analyzed_at = InstantField()
    match_id = serializers.CharField()


class PredictionItemSerializer(serializers.Serializer[Any]):
    """A prediction and whether it came true."""

    agent_name = serializers.CharField()
    predicted_outcome = serializers.CharField()
    confidence = serializers.FloatField(allow_null=True, help_text="0 to 100.")
    strategy_used = serializers.CharField()
    was_correct = serializers.BooleanField(
        allow_null=True, help_text="Null while pending and where the stake came back."
    )
    predicted_at = InstantField()
    match_id = serializers.CharField()
    edge_pct = serializers.FloatField(help_text="Claimed.")


class LearningSerializer(serializers.Serializer[Any]):
    """What agents predicted lately."""

    agents_summary = AgentCountSerializer(many=True)
    recent_analyses = AnalysisItemSerializer(many=True, help_text="The newest 20.")
    predictions = PredictionItemSerializer(
        many=True, help_text="The newest 20 without arbitrages, which name no outcome."
    )


class AgentLearning(APIView):
    """`GET /stats/agents`."""

    @extend_schema(
        operation_id="stats_agents_retrieve", responses=LearningSerializer, tags=["stats"]
    )
    def get(self, _request: Request) -> Response:
        """Counts of 90 days, and the newest predictions."""
        return Response(learning(now=timezone.now()))


def learning(*, now: datetime) -> dict[str, Any]:
    """As `LearningSerializer` describes it; four queries."""
    rows = Prediction.objects.current()
    newest = rows.select_related("match", "version__strategy").order_by("-predicted_at", "-id")
    return {
        "agents_summary": _summary(now),
        "recent_analyses": [_analysis(row) for row in newest[:MOST]],
        "predictions": [_prediction(row) for row in newest.exclude(outcome=EVERY)[:MOST]],
    }


def _summary(now: datetime) -> list[dict[str, Any]]:
    lately = Prediction.objects.current().filter(predicted_at__gte=since_days(now, DAYS))
    counts: dict[str, Any] = {
        row["version__strategy__agent"]: row
        for row in lately.order_by()
        .values("version__strategy__agent")
        .annotate(total=Count("pk"), agreed=Avg("confidence"), last=Max("predicted_at"))
    }
    return [
        {
            "agent_name": agent.name,
            "agent_id": agent.key,
            "total_analyses": counts[agent.key]["total"],
            "avg_confidence": in_percent(counts[agent.key]["agreed"]),
            "last_analysis": instant_text(counts[agent.key]["last"]),
        }
        for agent in read_agents()
        if agent.key in counts
    ]


def _analysis(row: Prediction) -> dict[str, Any]:
    return {
        "agent_name": row.version.strategy.agent_name,
        "recommendation": row.outcome.upper(),
        "confidence_score": confidence_of(row),
        "home_team": row.match.home_team,
        "away_team": row.match.away_team,
        "analyzed_at": instant_text(row.predicted_at),
        "match_id": row.match.provider_id,
    }


def _prediction(row: Prediction) -> dict[str, Any]:
    return {
        "agent_name": row.version.strategy.agent_name,
        "predicted_outcome": row.outcome,
        "confidence": confidence_of(row),
        "strategy_used": row.version.strategy.strategy_name,
        "was_correct": row.was_correct,
        "predicted_at": instant_text(row.predicted_at),
        "match_id": row.match.provider_id,
        "edge_pct": row.edge_pct,
    }
