"""The API's routes of agents now: their signals, and how each of them stands."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from betting.models import Opportunity
from odds.api_fields import InstantField
from strategies.api.agent_words import read_agents
from strategies.api.signals import (
    ACTIVE,
    AgentPerformanceSerializer,
    SignalSerializer,
    best_of,
    performance,
    read_signals,
    waiting,
)
from strategies.live.asking import pending_sport_ids
from strategies.models import AgentRun

OPERATIONAL, DEGRADED = "operational", "degraded"


class HealthSerializer(serializers.Serializer[Any]):
    """Whether the agents have judged what was collected."""

    status = serializers.ChoiceField([OPERATIONAL, DEGRADED])
    reason = serializers.CharField(help_text="Why it is degraded; empty while operational.")
    agents = serializers.ListField(
        child=serializers.CharField(), help_text="Names of those with an active strategy."
    )
    db_connected = serializers.BooleanField(help_text="Always true: no answer without it.")
    total_opportunities = serializers.IntegerField(help_text="Values on offer now.")
    total_signals = serializers.IntegerField(help_text="Predictions on matches to come.")
    last_run = InstantField(
        allow_null=True, help_text="The newest collection the agents judged; null before the first."
    )


class SummarySerializer(serializers.Serializer[Any]):
    """All agents in one answer."""

    total_signals = serializers.IntegerField(help_text="Predictions on matches to come.")
    active_agents = serializers.IntegerField(help_text="Those with a signal.")
    total_opportunities = serializers.IntegerField(help_text="Values on offer now.")
    top_signal = SignalSerializer(allow_null=True, help_text="The best claimed edge.")
    agents_performance = AgentPerformanceSerializer(many=True)


class AgentSignals(APIView):
    """`GET /agents/signals`."""

    @extend_schema(
        operation_id="agents_signals_list",
        responses=SignalSerializer(many=True),
        tags=["agents"],
    )
    def get(self, _request: Request) -> Response:
        """Stored predictions on matches to come, at most ten an agent, the best edge first."""
        found = read_signals(now=timezone.now())
        order = [agent.key for agent in read_agents()]
        return Response([signal for key in order for signal in found.get(key, [])])


class AgentPerformance(APIView):
    """`GET /agents/performance`."""

    @extend_schema(
        operation_id="agents_performance_list",
        responses=AgentPerformanceSerializer(many=True),
        tags=["agents"],
    )
    def get(self, _request: Request) -> Response:
        """What each agent predicts about matches to come."""
        return Response(performance(now=timezone.now()))


class AgentHealth(APIView):
    """`GET /agents/health`."""

    @extend_schema(
        operation_id="agents_health_retrieve", responses=HealthSerializer, tags=["agents"]
    )
    def get(self, _request: Request) -> Response:
        """Whether there are active agents, and whether they judged the newest collections."""
        now = timezone.now()
        asked = [agent.name for agent in read_agents() if agent.is_asked]
        pending = len(pending_sport_ids())
        if not asked:
            reason = "No strategy is active; make one active on the page of strategies."
        elif pending:
            reason = f"Sports whose newest collection has not been judged yet: {pending}."
        else:
            reason = ""
        last = AgentRun.objects.order_by("-predicted_at").first()
        answer = {
            "status": DEGRADED if reason else OPERATIONAL,
            "reason": reason,
            "agents": asked,
            "db_connected": True,
            "total_opportunities": _opportunities(now),
            "total_signals": waiting(now).count(),
            "last_run": last and last.predicted_at,
        }
        return Response(HealthSerializer(answer).data)


class AgentSummary(APIView):
    """`GET /agents/summary`."""

    @extend_schema(
        operation_id="agents_summary_retrieve", responses=SummarySerializer, tags=["agents"]
    )
    def get(self, _request: Request) -> Response:
        """The agents together."""
        now = timezone.now()
        agents = performance(now=now)
        answer = {
            "total_signals": sum(agent["total_signals"] for agent in agents),
            "active_agents": sum(agent["status"] == ACTIVE for agent in agents),
            "total_opportunities": _opportunities(now),
            "top_signal": best_of(agents),
            "agents_performance": agents,
        }
        return Response(answer)


def _opportunities(now: Any) -> int:
    return Opportunity.objects.open(now).filter(kind=Opportunity.Kind.VALUE).count()
