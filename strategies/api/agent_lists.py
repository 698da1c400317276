"""The API's routes of agents lately: what they recommended, and what that came to in sum.

Everything is bounded: lists by a limit, sums to the predictions of the last 90 days.
"""

from collections import defaultdict
from datetime import datetime
from typing import Any, Final

from django.db.models import Avg, Count, Exists, F, Max, OuterRef, Q, QuerySet, Sum
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from betting.models import Bet, StakingSettings
from betting.performance.measures import win_rate, yield_of
from betting.performance.totals import in_percent
from odds.api_fields import (
    ErrorSerializer,
    InstantField,
    LineField,
    instant_text,
    limit_field,
    line_text,
    read_query,
)
from odds.api_quotes import MARKETS_WITH_LINES
from strategies.api.agent_records import DECIDED, LOSSES, WINS, since_days
from strategies.api.agent_words import PATRON, confidence_of, find_agent, read_agents
from strategies.api.stakes import recommended_stake_pct
from strategies.models import Prediction, StrategyVersion

DAYS: Final = 90
ENDINGS: Final = sorted(DECIDED)
BY: Final = {
    "by_market": F("market"),
    "by_outcome": F("outcome"),
    "by_sport": F("match__sport__key"),
}
MOST_GROUPS: Final = 100  # of one kind, over all agents


class RecommendationQuery(serializers.Serializer[Any]):
    """Which recommendations."""

    agent_name = serializers.CharField(required=False, help_text="An agent's key or name.")
    limit = limit_field(50, 200)


class RecommendationSerializer(serializers.Serializer[Any]):
    """A stored prediction; percentages in percent, null where undefined."""

    id = serializers.IntegerField()
    match_id = serializers.CharField()
    home_team = serializers.CharField()
    away_team = serializers.CharField()
    sport = serializers.CharField()
    agent_id = serializers.CharField()
    agent_name = serializers.CharField()
    market = serializers.CharField()
    line = LineField(allow_null=True)
    recommended_outcome = serializers.CharField()
    confidence_score = serializers.FloatField(allow_null=True, help_text="0 to 100.")
    edge_percent = serializers.FloatField(help_text="Claimed.")
    recommended_odds = serializers.FloatField()
    patron_score = serializers.FloatField(
        allow_null=True, help_text="The claimed edge, percent, where the Patron took it as well."
    )
    detected_at = InstantField(help_text="When it was predicted.")
    match_commence_time = InstantField()
    kelly_fraction = serializers.FloatField(help_text="Full Kelly.")
    suggested_stake = serializers.FloatField(help_text="Percent of the bankroll, by the settings.")
    bet_placed = serializers.BooleanField(help_text="A bet of yours stands on the same selection.")
    actual_result = serializers.CharField(
        help_text="won (half won too), lost (half lost too), pending, or push, void, dead_heat."
    )
    profit = serializers.FloatField(allow_null=True, help_text="Of one unit on paper.")


class SumsSerializer(serializers.Serializer[Any]):
    """What predictions came to on paper; null where undefined."""

    total_predictions = serializers.IntegerField()
    settled = serializers.IntegerField(help_text="Won or lost, whole or half.")
    pending = serializers.IntegerField()
    wins = serializers.IntegerField()
    losses = serializers.IntegerField()
    win_rate = serializers.FloatField(allow_null=True, help_text="Percent; a half is a half.")
    roi = serializers.FloatField(allow_null=True, help_text="Profit per hundred units settled.")
    profit = serializers.FloatField(help_text="Units.")
    avg_confidence = serializers.FloatField(allow_null=True, help_text="0 to 100.")
    avg_edge = serializers.FloatField(allow_null=True, help_text="Claimed, percent.")
    avg_clv = serializers.FloatField(allow_null=True, help_text="Fair, percent, of graded ones.")
    graded = serializers.IntegerField()


class AgentSumsSerializer(SumsSerializer):
    """One agent's predictions of the last 90 days, of its strategies' current versions."""

    agent_id = serializers.CharField()
    agent_name = serializers.CharField()
    last_prediction = InstantField(allow_null=True)


class DetailedSumsSerializer(AgentSumsSerializer):
    """The same, with what it is made of."""

    by_market = serializers.DictField(child=SumsSerializer())
    by_outcome = serializers.DictField(child=SumsSerializer())
    by_sport = serializers.DictField(child=SumsSerializer())


class AgentStatisticsSerializer(serializers.Serializer[Any]):
    """All agents; `days` is how far back."""

    days = serializers.IntegerField()
    total_predictions = serializers.IntegerField()
    agents = AgentSumsSerializer(many=True)


class DetailedStatisticsSerializer(AgentStatisticsSerializer):
    """All agents with what their sums are made of."""

    agents = DetailedSumsSerializer(many=True)


class Recommendations(APIView):
    """`GET /agents/recommendations`."""

    @extend_schema(
        operation_id="agents_recommendations_list",
        parameters=[RecommendationQuery],
        responses={
            200: RecommendationSerializer(many=True),
            400: ErrorSerializer,
            404: ErrorSerializer,
        },
        tags=["agents"],
    )
    def get(self, request: Request) -> Response:
        """Stored predictions of current versions, the newest first."""
        asked = read_query(RecommendationQuery, request)
        rows: QuerySet[Prediction] = Prediction.objects.current()
        if "agent_name" in asked:
            rows = made_by(find_agent(read_agents(), asked["agent_name"]).key)
        return Response(recommendations(rows, asked["limit"]))


class AgentStatistics(APIView):
    """`GET /agents/stats`."""

    @extend_schema(
        operation_id="agents_stats_retrieve", responses=AgentStatisticsSerializer, tags=["agents"]
    )
    def get(self, _request: Request) -> Response:
        """What each agent's predictions of 90 days came to."""
        return Response(statistics({}, now=timezone.now()))


class DetailedStatistics(APIView):
    """`GET /agents/stats/detailed`."""

    @extend_schema(
        operation_id="agents_stats_detailed_retrieve",
        responses=DetailedStatisticsSerializer,
        tags=["agents"],
    )
    def get(self, _request: Request) -> Response:
        """The same by market, outcome and competition."""
        return Response(statistics(BY, now=timezone.now()))


def made_by(agent: str) -> QuerySet[Prediction]:
    """An agent's predictions, by the ids of its versions: their index is in order of time."""
    versions = StrategyVersion.objects.filter(is_current=True, strategy__agent=agent)
    return Prediction.objects.filter(version__in=list(versions.values_list("pk", flat=True)))


def recommendations(rows: QuerySet[Prediction], limit: int) -> list[dict[str, Any]]:
    """As `RecommendationSerializer` describes them, the newest first; two queries."""
    selection = {name: OuterRef(name) for name in ("match", "market", "line", "outcome")}
    of_patron = Prediction.objects.current().filter(version__strategy__agent=PATRON, **selection)
    page = (
        rows.select_related("match__sport", "version__strategy", "bookmaker")
        .annotate(
            is_placed=Exists(Bet.objects.real().filter(**selection)),
            patron_edge=of_patron.order_by("-edge_pct").values("edge_pct")[:1],
        )
        .order_by("-predicted_at", "-id")[:limit]
    )
    limits = StakingSettings.current()
    return [_recommendation(row, limits) for row in page]


def statistics(by: dict[str, F], *, now: datetime) -> dict[str, Any]:
    """As `AgentStatisticsSerializer` describes it, with groups as named; two queries and theirs."""
    rows = Prediction.objects.current().filter(predicted_at__gte=since_days(now, DAYS)).order_by()
    named: Any = rows.annotate(agent=F("version__strategy__agent"))
    whole = {row["agent"]: row for row in _summed(named.values("agent"))}
    groups = {name: _grouped(named, one) for name, one in by.items()}
    agents = [
        {
            "agent_id": agent.key,
            "agent_name": agent.name,
            "last_prediction": _instant(whole.get(agent.key, {}).get("last")),
        }
        | sums_of(whole.get(agent.key, {}))
        | {name: found.get(agent.key, {}) for name, found in groups.items()}
        for agent in read_agents()
        if agent.is_listed
    ]
    total = sum(agent["total_predictions"] for agent in agents)
    return {"days": DAYS, "total_predictions": total, "agents": agents}


def sums_of(row: dict[str, Any]) -> dict[str, Any]:
    """One group's sums as `SumsSerializer` describes them; an empty row is a group of nothing."""
    endings = {ending.value: row.get(ending.value, 0) for ending in ENDINGS}
    settled, profit = sum(endings.values()), float(row.get("decided_profit") or 0)
    return {
        "total_predictions": row.get("total", 0),
        "settled": settled,
        "pending": row.get("pending", 0),
        "wins": sum(endings[one] for one in WINS),
        "losses": sum(endings[one] for one in LOSSES),
        "win_rate": in_percent(win_rate(endings)),
        "roi": in_percent(yield_of(profit, settled)),
        "profit": profit,
        "avg_confidence": in_percent(row.get("agreed")),
        "avg_edge": row.get("edge"),
        "avg_clv": row.get("clv"),
        "graded": row.get("graded", 0),
    }


def _grouped(rows: Any, one: F) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = defaultdict(dict)
    summed = _summed(rows.annotate(group=one).values("agent", "group"))
    for row in summed.order_by("-total", "agent", "group")[:MOST_GROUPS]:
        found[row["agent"]][row["group"]] = sums_of(row)
    return found


def _summed(rows: Any) -> Any:
    return rows.annotate(
        total=Count("pk"),
        last=Max("predicted_at"),
        pending=Count("pk", filter=Q(result="")),
        decided_profit=Sum("profit", filter=Q(result__in=ENDINGS)),
        agreed=Avg("confidence"),
        edge=Avg("edge_pct"),
        clv=Avg("clv_fair_pct"),
        graded=Count("clv_fair_pct"),
        **{ending: Count("pk", filter=Q(result=ending)) for ending in ENDINGS},
    )


def _instant(at: datetime | None) -> str | None:
    return None if at is None else instant_text(at)


def _recommendation(row: Any, limits: StakingSettings) -> dict[str, Any]:
    match, strategy = row.match, row.version.strategy
    return {
        "id": row.pk,
        "match_id": match.provider_id,
        "home_team": match.home_team,
        "away_team": match.away_team,
        "sport": match.sport.key,
        "agent_id": strategy.agent,
        "agent_name": strategy.agent_name,
        "market": row.market,
        "line": line_text(row.line) if row.market in MARKETS_WITH_LINES else None,
        "recommended_outcome": row.outcome,
        "confidence_score": confidence_of(row),
        "edge_percent": row.edge_pct,
        "recommended_odds": float(row.odds),
        "patron_score": row.patron_edge,
        "detected_at": instant_text(row.predicted_at),
        "match_commence_time": instant_text(match.commence_time),
        "kelly_fraction": row.kelly,
        "suggested_stake": recommended_stake_pct(row, limits),
        "bet_placed": row.is_placed,
        "actual_result": result_word(row.result),
        "profit": row.profit,
    }


def result_word(result: str) -> str:
    """The original's three words; what gave the stake back keeps its own."""
    return {"": "pending", "half_won": "won", "half_lost": "lost"}.get(result, result)
