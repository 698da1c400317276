"""The API's route of one match: its prices now, and what each agent said of it when asked.

Reading writes nothing and asks no agent: the opinions are stored predictions, each with its date.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Final

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from betting.models import StakingSettings
from odds.api_fields import ErrorSerializer, instant_text, line_text
from odds.api_quotes import MARKETS_WITH_LINES
from strategies.api.agent_prices import NOTHING, Group, Offered, group_of, read_offered
from strategies.api.agent_words import (
    ANOMALY,
    BACKTEST,
    BACKTEST_NAME,
    ICONS,
    ORIGINAL_NAMES,
    OTHER_ICON,
    PATTERN,
    SPREAD,
    KnownAgent,
    confidence_of,
    read_agents,
    reason_of,
    selection_of,
)
from strategies.api.analysis_answers import AnalysisSerializer
from strategies.api.backtest_opinion import backtest_opinion
from strategies.api.match_opinions import (
    Agreement,
    Opinions,
    agreement_on,
    combining,
    read_opinions,
)
from strategies.api.signals import spread_of
from strategies.api.stakes import recommended_stake_pct
from strategies.models import Prediction

ACTIVE, SILENT = "active", "no prediction"
MOST_PREDICTIONS: Final = 20  # listed of one agent
WINNER: Final = "h2h"
NO_LINE: Final = Decimal(0)


class MatchAnalysis(APIView):
    """`GET /agents/analyze/{match_id}`."""

    @extend_schema(
        operation_id="agents_analyze_retrieve",
        responses={200: AnalysisSerializer, 404: ErrorSerializer},
        tags=["agents"],
    )
    def get(self, _request: Request, match_id: str) -> Response:
        """A match, its odds now, and the agents' stored predictions about it."""
        opinions = read_opinions([match_id]).get(match_id)
        if opinions is None:
            raise NotFound(f"Match {match_id} not found")
        return Response(analysis(opinions, now=timezone.now()))


def analysis(opinions: Opinions, *, now: datetime) -> dict[str, Any]:
    """As `AnalysisSerializer` describes it; six queries beside those of the opinions."""
    agents = read_agents()
    winner: Group = (opinions.match.pk, WINNER, NO_LINE)
    offered = read_offered([winner, *map(group_of, opinions.predictions)])
    limits = StakingSettings.current()
    first = [one for one in agents if one.key in ORIGINAL_NAMES]
    others = [one for one in agents if one.key not in ORIGINAL_NAMES and one.has_strategy]
    spoken = [_agent(one, opinions, offered, limits) for one in [*first, *others]]
    agreed = agreement_on(opinions.predictions, silent=combining(agents))
    return {
        "match": _match(opinions, offered.get(winner, NOTHING)),
        "agents": [*spoken[: len(first)], _backtests(opinions), *spoken[len(first) :]],
        "global_score": global_score(opinions, agreed),
        "timestamp": instant_text(now),
    }


def global_score(opinions: Opinions, agreed: Agreement) -> dict[str, Any]:
    """How many agents name the same outcome, and what its best price is worth.

    STRONG BET: an edge, two agents or more and nobody against them, and at least half of the other
    operators price it as value too. MODERATE BET: an edge, two agents or more, and fewer against
    them. WEAK BET: an edge. NO BET: none.
    """
    best, mean = agreed.best, agreed.mean_confidence
    known = [one for one in map(confidence_of, agreed.backing) if one is not None]
    return {
        "average_confidence": mean,
        "total_confidence": sum(known) if known else None,
        "active_agents": len({one.version.strategy.agent for one in opinions.predictions}),
        "recommendation": _recommendation(agreed),
        "selection": best and selection_of(best),
        "agreeing_agents": len(agreed.backing),
        "opposing_agents": len(agreed.against),
        "edge_pct": best and best.edge_pct,
        "predictions": len(opinions.predictions),
    }


def _recommendation(agreed: Agreement) -> str:
    if agreed.best is None or agreed.best.edge_pct <= 0:
        return "NO BET"
    backing, against = len(agreed.backing), len(agreed.against)
    if backing >= 2 and not against and (agreed.mean_confidence or 0) >= 50:
        return "STRONG BET"
    return "MODERATE BET" if backing > max(against, 1) else "WEAK BET"


def _match(opinions: Opinions, offered: Offered) -> dict[str, Any]:
    match = opinions.match
    spreads = {name: spread_of(offered, name) for name in ("home", "draw", "away")}
    return {
        "match_id": match.provider_id,
        "home_team": match.home_team,
        "away_team": match.away_team,
        "sport": match.sport.key,
        "commence_time": instant_text(match.commence_time),
        "odds": {
            name: {
                "best": one["odds"]["max"],
                "worst": one["odds"]["min"],
                "spread_pct": one["spread_pct"],
            }
            for name, one in spreads.items()
            if one["spread_pct"] is not None
        },
        "bookmaker_count": offered.bookmakers,
        "odds_seen_at": offered.seen_at and instant_text(offered.seen_at),
    }


def _agent(
    agent: KnownAgent,
    opinions: Opinions,
    offered: Mapping[Group, Offered],
    limits: StakingSettings,
) -> dict[str, Any]:
    made, main = opinions.of(agent.key), opinions.main_of(agent.key)
    return {
        "agent_id": agent.key,
        "agent_name": agent.name,
        "icon": ICONS.get(agent.key, OTHER_ICON),
        "status": ACTIVE if main else SILENT,
        "recommendation": _recommended(agent.key, main),
        "confidence": main and confidence_of(main),
        "reason": reason_of(main) if main else why_silent(agent, opinions),
        "recommendation_text": f"Back {selection_of(main)}" if main else "No prediction",
        "edge_pct": main and main.edge_pct,
        "predicted_at": main and instant_text(main.predicted_at),
        "predictions": len(made),
        "details": _details(made, main, limits)
        | _details_of_its_own(agent.key, made, offered, opinions.match.pk),
    }


def _recommended(agent: str, main: Prediction | None) -> str:
    """In the original's words; agents it did not have speak like its second."""
    if agent == ANOMALY:
        return "REVIEW" if main else "NORMAL"
    if agent == PATTERN:
        return "PATTERNS" if main else "SKIP"
    if main is None or (agent == SPREAD and main.market != WINNER):
        return "SKIP"
    return main.outcome.upper()


def why_silent(agent: KnownAgent, opinions: Opinions) -> str:
    """Why an agent has said nothing about a match."""
    if not agent.has_strategy:
        return "No strategy asks this agent."
    if not agent.is_asked:
        return "Its strategy is not active."
    if opinions.judged_at is None:
        return "The agents have judged no collection of this competition yet."
    judged_at = opinions.judged_at.astimezone(UTC)
    return f"No price passed its rules up to the collection of {judged_at:%Y-%m-%d %H:%M} UTC."


def _details(
    made: Sequence[Prediction], main: Prediction | None, limits: StakingSettings
) -> dict[str, Any]:
    return {
        "expected_value": main and main.edge_pct / 100,
        "kelly_fraction": main and main.kelly,
        "recommended_stake_pct": main and recommended_stake_pct(main, limits),
        "best_outcome": main and main.outcome,
        "predictions": [_prediction(one) for one in made[:MOST_PREDICTIONS]],
    }


def _details_of_its_own(
    agent: str,
    made: Sequence[Prediction],
    offered: Mapping[Group, Offered],
    match_id: int,
) -> dict[str, Any]:
    """What the original's modal looks for in its first and third agent."""
    if agent == PATTERN:
        return {"patterns": [reason_of(one) for one in made[:MOST_PREDICTIONS]]} | {
            "pattern_count": len(made)
        }
    if agent != ANOMALY:
        return {}
    winner = offered.get((match_id, WINNER, NO_LINE), NOTHING)
    spreads = [spread_of(winner, name)["spread_pct"] for name in ("home", "draw", "away")]
    known = [one for one in spreads if one is not None]
    return {
        "anomaly_score": None,
        "is_anomaly": bool(made),
        "max_spread": max(known, default=None),
        "bookmaker_count": winner.bookmakers,
    }


def _prediction(made: Prediction) -> dict[str, Any]:
    return {
        "prediction_id": made.pk,
        "strategy": made.version.strategy.strategy_name,
        "version": made.version.number,
        "market": made.market,
        "line": line_text(made.line) if made.market in MARKETS_WITH_LINES else None,
        "outcome": made.outcome,
        "odds": float(made.odds),
        "bookmaker": made.bookmaker.key if made.bookmaker else None,
        "probability": made.probability,
        "edge_pct": made.edge_pct,
        "kelly_fraction": made.kelly,
        "confidence": confidence_of(made),
        "reference": made.reference or None,
        "predicted_at": instant_text(made.predicted_at),
    }


def _backtests(opinions: Opinions) -> dict[str, Any]:
    opinion = backtest_opinion(opinions.predictions)
    is_known = opinion["details"]["backtest_id"] is not None
    return {
        "agent_id": BACKTEST,
        "agent_name": BACKTEST_NAME,
        "icon": ICONS[BACKTEST],
        "status": ACTIVE if is_known else SILENT,
        "confidence": None,
        "edge_pct": None,
        "predicted_at": None,
        "predictions": 0,
    } | opinion
