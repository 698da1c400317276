"""Signals: what active strategies predict about matches to come, from stored predictions only.

Nothing is asked anew on reading. Each says when it was predicted, and whether the bookmaker still
pays as much.
"""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from django.db.models import Avg, Count, F, QuerySet, Window
from django.db.models.functions import RowNumber
from rest_framework import serializers

from betting.models import StakingSettings
from odds.api_fields import InstantField, LineField, instant_text, line_text
from odds.api_quotes import MARKETS_WITH_LINES
from strategies.api.agent_prices import (
    NOTHING,
    Group,
    Offered,
    group_of,
    is_on_offer,
    read_offered,
)
from strategies.api.agent_words import (
    ANOMALY,
    BACKTEST,
    BACKTEST_NAME,
    EVERY,
    ORIGINAL_IDS,
    PATTERN,
    SPREAD,
    KnownAgent,
    confidence_of,
    read_agents,
    reason_of,
)
from strategies.api.stakes import recommended_stake_pct
from strategies.models import Prediction

MOST_PER_AGENT: Final = 10
ACTIVE, NO_SIGNALS, NOT_ASKED = "active", "no_signals", "inactive"


class SignalSerializer(serializers.Serializer[Any]):
    """One prediction on a match to come; percentages in percent, what is unknown is null."""

    agent = serializers.CharField()
    agent_id = serializers.CharField(help_text="The agent's key.")
    match = serializers.CharField(help_text="Home vs Away.")
    match_id = serializers.CharField()
    sport = serializers.CharField()
    commence_time = InstantField()
    market = serializers.CharField()
    line = LineField(allow_null=True)
    outcome = serializers.CharField(help_text="home, draw, away, over, under; all: an arbitrage.")
    direction = serializers.CharField(
        help_text="BACK_HOME, BACK_DRAW, BACK_AWAY, BACK_OVER, BACK_UNDER; REVIEW: an arbitrage."
    )
    confidence = serializers.FloatField(
        allow_null=True,
        help_text="Percent of the other operators by whose own fair price it has an edge too; "
        "null where nobody else prices it. No probability.",
    )
    reason = serializers.CharField()
    edge_pct = serializers.FloatField(help_text="Claimed, net of commission, percent.")
    recommended_odds = serializers.FloatField(help_text="As they were when it was predicted.")
    bookmaker = serializers.CharField(allow_null=True, help_text="Null: an arbitrage.")
    is_on_offer = serializers.BooleanField(
        allow_null=True,
        help_text="Its bookmaker still pays at least as much; null where that is not followed: "
        "arbitrages and exchanges.",
    )
    predicted_at = InstantField()
    prediction_id = serializers.IntegerField()
    odds = serializers.DictField(
        required=False,
        child=serializers.FloatField(allow_null=True),
        help_text="anomaly_detector: home, draw, away of its bookmaker now. spread_optimizer: max, "
        "min, avg of the outcome over bookmakers now. Null where nothing is on offer.",
    )
    timestamp = InstantField(required=False, help_text="anomaly_detector: predicted_at again.")
    spread_pct = serializers.FloatField(
        required=False,
        allow_null=True,
        help_text="spread_optimizer: highest against lowest odds: dispersion, not value.",
    )
    win_probability = serializers.FloatField(required=False, help_text="spread_optimizer: 0 to 1.")
    kelly_fraction = serializers.FloatField(
        required=False, help_text="spread_optimizer: full Kelly, of the bankroll, 0 to 1."
    )
    expected_value = serializers.FloatField(
        required=False, help_text="spread_optimizer: per unit staked: edge_pct / 100."
    )
    recommended_stake_pct = serializers.FloatField(
        required=False,
        help_text="spread_optimizer: percent of the bankroll by the staking settings.",
    )
    bookmaker_count = serializers.IntegerField(
        required=False, help_text="spread_optimizer: that offer it now; exchanges not."
    )
    pattern_type = serializers.CharField(
        required=False,
        help_text="pattern_matcher: favori_dominant, underdog_fort or match_equilibre, by what "
        "was predicted.",
    )
    pattern_data = serializers.DictField(
        required=False, help_text="pattern_matcher: odds, probability and reference."
    )


class AgentPerformanceSerializer(serializers.Serializer[Any]):
    """An agent's predictions on matches to come; means are null where there are none."""

    agent_id = serializers.CharField(
        help_text="agent_a to agent_d as in the original, else the agent's key."
    )
    agent_key = serializers.CharField()
    agent_name = serializers.CharField()
    total_signals = serializers.IntegerField(help_text="Predictions behind the means.")
    avg_confidence = serializers.FloatField(
        allow_null=True, help_text="0 to 100, of those that have one."
    )
    avg_ev = serializers.FloatField(allow_null=True, help_text="Mean claimed edge, percent.")
    avg_kelly = serializers.FloatField(allow_null=True, help_text="Mean full Kelly, percent.")
    status = serializers.ChoiceField([ACTIVE, NO_SIGNALS, NOT_ASKED])
    top_signal = SignalSerializer(allow_null=True, help_text="The one with the best claimed edge.")


def waiting(now: datetime) -> QuerySet[Prediction]:
    """What the current versions of active strategies predict about matches to come."""
    rows = Prediction.objects.current().upcoming(now)
    return rows.filter(version__strategy__is_active=True)


def read_signals(*, now: datetime) -> dict[str, list[dict[str, Any]]]:
    """At most ten signals for each agent, the best claimed edge first; four queries."""
    best_first = (F("edge_pct").desc(), F("predicted_at").desc(), F("id").desc())
    ranked = waiting(now).annotate(
        place=Window(
            RowNumber(), partition_by=F("version__strategy__agent"), order_by=list(best_first)
        )
    )
    rows = list(
        ranked.filter(place__lte=MOST_PER_AGENT)
        .select_related("match__sport", "version__strategy", "bookmaker")
        .order_by("version__strategy__agent", "place")
    )
    offered = read_offered([group_of(row) for row in rows])
    limits = StakingSettings.current()
    signals: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        signals[row.version.strategy.agent].append(_signal(row, offered, limits))
    return dict(signals)


def performance(*, now: datetime) -> list[dict[str, Any]]:
    """Every agent as `AgentPerformanceSerializer` describes it; six queries."""
    signals = read_signals(now=now)
    means = {
        row.pop("version__strategy__agent"): row
        for row in waiting(now)
        .order_by()
        .values("version__strategy__agent")
        .annotate(
            signals=Count("pk"), agreed=Avg("confidence"), edge=Avg("edge_pct"), kelly=Avg("kelly")
        )
    }
    backtests = KnownAgent(key=BACKTEST, name=BACKTEST_NAME, has_strategy=False, is_asked=True)
    first: list[dict[str, Any]] = []
    others: list[dict[str, Any]] = []
    for agent in [*(one for one in read_agents() if one.is_listed), backtests]:
        top = signals.get(agent.key, [None])[0]
        item = _performance(agent, means.get(agent.key, {}), top)
        (first if agent.key in ORIGINAL_IDS else others).append(item)
    return first + others


def best_of(agents: list[dict[str, Any]]) -> dict[str, Any] | None:
    """The signal with the best claimed edge of all."""
    tops = [agent["top_signal"] for agent in agents if agent["top_signal"]]
    best: dict[str, Any] | None = max(tops, key=lambda top: top["edge_pct"], default=None)
    return best


def _performance(
    agent: KnownAgent, means: Mapping[str, Any], top: dict[str, Any] | None
) -> dict[str, Any]:
    signals = means.get("signals", 0)
    status = NO_SIGNALS if agent.is_asked else NOT_ASKED
    return {
        "agent_id": ORIGINAL_IDS.get(agent.key, agent.key),
        "agent_key": agent.key,
        "agent_name": agent.name,
        "total_signals": signals,
        "avg_confidence": _percent(means.get("agreed")),
        "avg_ev": means.get("edge"),
        "avg_kelly": _percent(means.get("kelly")),
        "status": ACTIVE if signals else status,
        "top_signal": top,
    }


def _percent(fraction: float | None) -> float | None:
    return None if fraction is None else 100 * fraction


def _signal(
    made: Prediction, offered: Mapping[Group, Offered], limits: StakingSettings
) -> dict[str, Any]:
    match, strategy = made.match, made.version.strategy
    is_arbitrage = made.outcome == EVERY
    return {
        "agent": strategy.agent_name,
        "agent_id": strategy.agent,
        "match": f"{match.home_team} vs {match.away_team}",
        "match_id": match.provider_id,
        "sport": match.sport.key,
        "commence_time": instant_text(match.commence_time),
        "market": made.market,
        "line": line_text(made.line) if made.market in MARKETS_WITH_LINES else None,
        "outcome": made.outcome,
        "direction": "REVIEW" if is_arbitrage else f"BACK_{made.outcome.upper()}",
        "confidence": confidence_of(made),
        "reason": reason_of(made),
        "edge_pct": made.edge_pct,
        "recommended_odds": float(made.odds),
        "bookmaker": made.bookmaker.key if made.bookmaker else None,
        "is_on_offer": is_on_offer(made, offered),
        "predicted_at": instant_text(made.predicted_at),
        "prediction_id": made.pk,
    } | _fields_of_its_own(made, offered.get(group_of(made), NOTHING), limits)


def _fields_of_its_own(
    made: Prediction, offered: Offered, limits: StakingSettings
) -> dict[str, Any]:
    """What only the signals of one of the original's agents have."""
    agent = made.version.strategy.agent
    if agent == ANOMALY:
        shown = offered.odds.get(made.bookmaker.key, {}) if made.bookmaker else {}
        return {
            "odds": {name: shown.get(name) for name in ("home", "draw", "away")},
            "timestamp": instant_text(made.predicted_at),
        }
    if agent == SPREAD:
        return spread_of(offered, made.outcome) | {
            "win_probability": made.probability,
            "kelly_fraction": made.kelly,
            "expected_value": made.edge_pct / 100,
            "recommended_stake_pct": recommended_stake_pct(made, limits),
            "bookmaker_count": offered.bookmakers,
        }
    if agent == PATTERN:
        facts = {"odds": float(made.odds), "probability": made.probability}
        return {
            "pattern_type": pattern_of(made),
            "pattern_data": facts | {"reference": made.reference},
        }
    return {}


def pattern_of(made: Prediction) -> str:
    """Which of its patterns the Pattern Matcher took: it backs a favourite, a longshot or a draw.

    The bounds lie between the ranges its parameters allow: a favourite has 50 % and more, a
    longshot 20 % and less.
    """
    if made.outcome == "draw" and made.probability >= 0.2:
        return "match_equilibre"
    return "favori_dominant" if made.probability >= 0.35 else "underdog_fort"


def spread_of(offered: Offered, outcome: str) -> dict[str, Any]:
    """How far an outcome's odds lie apart; null where nobody offers it."""
    prices = offered.of(outcome)
    if not prices:
        return {"odds": {"max": None, "min": None, "avg": None}, "spread_pct": None}
    high, low = max(prices), min(prices)
    return {
        "odds": {"max": high, "min": low, "avg": sum(prices) / len(prices)},
        "spread_pct": 100 * (high - low) / low,
    }
