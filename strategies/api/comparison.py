"""The API's routes that hold two agents side by side, on paper, over the last days."""

from datetime import datetime
from typing import Any, Final

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from betting.performance.measures import FEWEST
from odds.api_fields import ErrorSerializer, InstantField, read_query
from strategies.api.agent_lists import made_by, recommendations
from strategies.api.agent_records import (
    MOST_ROWS,
    AgentRecord,
    Columns,
    bets_placed,
    read_columns,
    record_of,
    since_days,
)
from strategies.api.agent_words import SPREAD, KnownAgent, find_agent, read_agents
from strategies.api.likeness import Likeness, likeness

MOST_RECENT: Final = 10
QUARTER: Final = 90  # days of `perf_3m`


class ComparisonQuery(serializers.Serializer[Any]):
    """Which agents and predictions."""

    agent1 = serializers.CharField(default="anomaly_detector", help_text="A key or a name.")
    agent2 = serializers.CharField(default=SPREAD, help_text="A key or a name.")
    sport = serializers.CharField(required=False, help_text="A sport's key.")
    min_edge = serializers.FloatField(default=0.0, help_text="The least claimed edge, percent.")
    days = serializers.IntegerField(
        default=90, min_value=1, max_value=365, help_text="Predicted in so many last days."
    )


class RecentSerializer(serializers.Serializer[Any]):
    """One of an agent's newest predictions."""

    match_id = serializers.CharField()
    sport = serializers.CharField()
    recommended_outcome = serializers.CharField()
    confidence_score = serializers.FloatField(allow_null=True)
    edge_percent = serializers.FloatField()
    bet_placed = serializers.BooleanField()
    actual_result = serializers.CharField()
    detected_at = InstantField()
    recommended_odds = serializers.FloatField()


class ComparedAgentSerializer(serializers.Serializer[Any]):
    """One agent's predictions, one unit each on paper; null where undefined."""

    agent_id = serializers.CharField()
    agent_name = serializers.CharField()
    total_signals = serializers.IntegerField(help_text="Predictions behind all of this.")
    avg_confidence = serializers.FloatField(allow_null=True, help_text="0 to 100.")
    avg_edge = serializers.FloatField(allow_null=True, help_text="Claimed, percent.")
    avg_kelly = serializers.FloatField(allow_null=True, help_text="Full Kelly, percent.")
    bets_placed = serializers.IntegerField(help_text="Of them, those you bet on with money.")
    wins = serializers.IntegerField(help_text="Half won ones included.")
    losses = serializers.IntegerField(help_text="Half lost ones included.")
    pending = serializers.IntegerField()
    settled = serializers.IntegerField(help_text="Won or lost, whole or half.")
    win_rate = serializers.FloatField(allow_null=True, help_text="Percent; a half is a half.")
    outcomes = serializers.ListField(
        child=serializers.DictField(), help_text="outcome and count, the most frequent first."
    )
    roi = serializers.FloatField(allow_null=True, help_text="Profit per hundred units settled.")
    roi_low = serializers.FloatField(allow_null=True, help_text="95 %, bootstrap by match day.")
    roi_high = serializers.FloatField(allow_null=True)
    clv_pct = serializers.FloatField(allow_null=True, help_text="Fair, a mean over matches.")
    clv_low = serializers.FloatField(allow_null=True, help_text="95 %, confidence sequence.")
    clv_high = serializers.FloatField(allow_null=True)
    graded_matches = serializers.IntegerField()
    perf_3m = serializers.CharField(
        allow_null=True, help_text='The ROI of the last 90 days: "+3.2%".'
    )
    sharpe_ratio = serializers.FloatField(
        allow_null=True, help_text="Mean profit of a unit over its standard deviation; per bet."
    )
    max_drawdown = serializers.FloatField(
        allow_null=True, help_text="Deepest fall of the sum of profits, in units."
    )
    strengths = serializers.ListField(child=serializers.CharField())
    weaknesses = serializers.ListField(child=serializers.CharField())
    recent_bets = RecentSerializer(many=True)


class LikenessSerializer(serializers.Serializer[Any]):
    """How alike the two are."""

    overlap = serializers.IntegerField(help_text="Matches, markets and lines both predicted.")
    overlap_pct = serializers.FloatField(
        allow_null=True, help_text="Percent of those one or both predicted."
    )
    same_outcome_pct = serializers.FloatField(
        allow_null=True, help_text="Percent of the common ones with the same outcome."
    )
    correlation = serializers.FloatField(
        allow_null=True,
        help_text="Pearson's, of the mean profits on common settled matches; null below 3 of them "
        "or where one does not vary.",
    )
    matches = serializers.IntegerField(help_text="Common settled matches behind it.")


class ComparisonSerializer(serializers.Serializer[Any]):
    """Two agents over the same days."""

    agents = ComparedAgentSerializer(many=True)
    filters = serializers.DictField(
        help_text="As asked; is_cut: only the newest 50,000 predictions were read."
    )
    correlation = LikenessSerializer()


class AgentComparison(APIView):
    """`GET /agents/comparison`."""

    @extend_schema(
        operation_id="agents_comparison_retrieve",
        parameters=[ComparisonQuery],
        responses={200: ComparisonSerializer, 400: ErrorSerializer, 404: ErrorSerializer},
        tags=["agents"],
    )
    def get(self, request: Request) -> Response:
        """Two agents' predictions of the last days side by side."""
        return Response(comparison(read_query(ComparisonQuery, request), now=timezone.now()))


class AgentPair(APIView):
    """`GET /agents/compare/{agent1}/{agent2}`."""

    @extend_schema(
        operation_id="agents_compare_retrieve",
        responses={200: ComparisonSerializer, 404: ErrorSerializer},
        tags=["agents"],
    )
    def get(self, _request: Request, agent1: str, agent2: str) -> Response:
        """The same with the default filters."""
        asked = {"agent1": agent1, "agent2": agent2, "min_edge": 0.0, "days": QUARTER}
        return Response(comparison(asked, now=timezone.now()))


def comparison(asked: dict[str, Any], *, now: datetime) -> dict[str, Any]:
    """As `ComparisonSerializer` describes it."""
    agents = read_agents()
    pair = [find_agent(agents, asked["agent1"]), find_agent(agents, asked["agent2"])]
    since = since_days(now, asked["days"])
    read = read_columns(
        since=min(since, since_days(now, QUARTER)),
        agents=[one.key for one in pair],
        sport=asked.get("sport", ""),
        minimum_edge_pct=asked["min_edge"],
    )
    inside = read.take(read.predicted_at >= since.timestamp())
    quarter = read.take(read.predicted_at >= since_days(now, QUARTER).timestamp())
    alike = likeness(inside.of(pair[0].key), inside.of(pair[1].key))
    return {
        "agents": [
            _compared(one, inside.of(one.key), quarter.of(one.key), asked, since) for one in pair
        ],
        "filters": {
            "agent1": pair[0].key,
            "agent2": pair[1].key,
            "sport": asked.get("sport"),
            "min_edge": asked["min_edge"],
            "days": asked["days"],
            "is_cut": len(read) == MOST_ROWS,
        },
        "correlation": _alike(alike),
    }


def _compared(
    agent: KnownAgent, rows: Columns, quarter: Columns, asked: dict[str, Any], since: datetime
) -> dict[str, Any]:
    record, last = record_of(rows), record_of(quarter)
    strengths, weaknesses = traits(record)
    return _numbers(record) | {
        "agent_id": agent.key,
        "agent_name": agent.name,
        "bets_placed": bets_placed(rows, since=since),
        "outcomes": _outcomes(rows),
        "perf_3m": None if last.roi is None else f"{last.roi:+.1f}%",
        "strengths": strengths,
        "weaknesses": weaknesses,
        "recent_bets": _recent(agent.key, asked, since),
    }


def _numbers(record: AgentRecord) -> dict[str, Any]:
    roi_low, roi_high = record.roi_interval or (None, None)
    clv_low, clv_high = record.clv_interval or (None, None)
    return {
        "total_signals": record.predictions,
        "avg_confidence": record.confidence,
        "avg_edge": record.edge_pct,
        "avg_kelly": record.kelly_pct,
        "wins": record.wins,
        "losses": record.losses,
        "pending": record.pending,
        "settled": record.decided,
        "win_rate": record.win_rate,
        "roi": record.roi,
        "roi_low": roi_low,
        "roi_high": roi_high,
        "clv_pct": record.clv_pct,
        "clv_low": clv_low,
        "clv_high": clv_high,
        "graded_matches": record.graded_matches,
        "sharpe_ratio": record.sharpe,
        "max_drawdown": record.drawdown,
    }


def traits(record: AgentRecord) -> tuple[list[str], list[str]]:
    """What is good and what is bad about a record, only where its intervals bear it out."""
    strengths, weaknesses = [], []
    for name, interval, count in (
        ("ROI", record.roi_interval, f"{record.decided} settled predictions"),
        ("Fair CLV", record.clv_interval, f"{record.graded_matches} graded matches"),
    ):
        if interval is None:
            continue
        sentence = f"{name} between {interval[0]:+.1f} and {interval[1]:+.1f} % on {count}."
        if interval[0] > 0:
            strengths.append(sentence)
        elif interval[1] < 0:
            weaknesses.append(sentence)
    if record.decided < FEWEST:
        weaknesses.append(f"{record.decided} settled predictions: too few to judge it.")
    return strengths, weaknesses


def _outcomes(rows: Columns) -> list[dict[str, Any]]:
    counts: dict[str, int] = {}
    for selection in rows.selection.tolist():
        outcome = selection.rpartition(":")[2]
        counts[outcome] = counts.get(outcome, 0) + 1
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return [{"outcome": outcome, "count": count} for outcome, count in ordered]


def _recent(agent: str, asked: dict[str, Any], since: datetime) -> list[dict[str, Any]]:
    rows = made_by(agent).filter(predicted_at__gte=since, edge_pct__gte=asked["min_edge"])
    if "sport" in asked:
        rows = rows.filter(match__sport__key=asked["sport"])
    names = RecentSerializer().fields.keys()
    return [{name: one[name] for name in names} for one in recommendations(rows, MOST_RECENT)]


def _alike(alike: Likeness) -> dict[str, Any]:
    return {
        "overlap": alike.common,
        "overlap_pct": _share(alike.common, alike.either),
        "same_outcome_pct": _share(alike.same_outcome, alike.common),
        "correlation": alike.correlation,
        "matches": alike.matches,
    }


def _share(part: int, whole: int) -> float | None:
    return 100 * part / whole if whole else None
