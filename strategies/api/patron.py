"""The API's routes of the Patron: one voice out of all, for one match or for twenty.

Both show the same judgement (`patron_judgement`), so that they agree. Sentences are French, as the
original's were.
"""

from datetime import datetime
from typing import Any, Final

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from odds.api_fields import ErrorSerializer, instant_text
from odds.models import Match
from strategies.api.agent_words import confidence_of, selection_of
from strategies.api.match_opinions import Opinions
from strategies.api.patron_answers import (
    BRIEF_SCHEMA,
    PatronSerializer,
    analyse,
    consensus_of,
    signal_of,
)
from strategies.api.patron_judgement import Advice, Background, Judgement, read_judgements
from strategies.models import Prediction

MOST_MATCHES: Final = 20
ACTIONS: Final = {
    Advice.STRONG: "Exécuter avec la mise recommandée",
    Advice.GOOD: "Exécuter avec la mise recommandée",
    Advice.MEDIUM: "Exécuter avec prudence",
    Advice.WEAK: "Surveiller sans miser",
    Advice.REJECT: "Ne pas parier",
}
BRIEFS: Final = {
    Advice.STRONG: ("FORT SIGNAL", "text-green-400"),
    Advice.GOOD: ("FORT SIGNAL", "text-green-400"),
    Advice.MEDIUM: ("ANALYSER", "text-blue-400"),
    Advice.WEAK: ("PRUDENCE", "text-orange-400"),
    Advice.REJECT: ("EVITER", "text-red-400"),
}
UNKNOWN: Final = {
    "score": None,
    "label": "ERREUR",
    "color": "text-gray-400",
    "recommendation": None,
    "predictions": 0,
}


class PatronAnalysis(APIView):
    """`GET /agents/patron/analyze/{match_id}`."""

    @extend_schema(
        operation_id="agents_patron_analyze_retrieve",
        responses={200: PatronSerializer, 404: ErrorSerializer},
        tags=["agents"],
    )
    def get(self, _request: Request, match_id: str) -> Response:
        """What the agents together say of a match, from their stored predictions."""
        judged, background = read_judgements([match_id], now=timezone.now())
        if match_id not in judged:
            raise NotFound(f"Match {match_id} not found")
        opinions, judgement = judged[match_id]
        return Response(patron_answer(opinions, judgement, background))


class PatronBatch(APIView):
    """`POST /agents/patron/batch`."""

    @extend_schema(
        operation_id="agents_patron_batch_create",
        request=serializers.ListSerializer(child=serializers.CharField()),
        responses={
            200: BRIEF_SCHEMA,
            400: ErrorSerializer,
        },
        tags=["agents"],
    )
    def post(self, request: Request) -> Response:
        """The same in brief for the first twenty matches of a list; nothing is written."""
        return Response(batch(_match_ids(request.data), now=timezone.now()))


def batch(match_ids: list[str], *, now: datetime) -> dict[str, Any]:
    """By the match's id, as `BRIEF_SCHEMA` describes it."""
    judged, _background = read_judgements(match_ids, now=now)
    return {key: _brief(*judged[key]) if key in judged else UNKNOWN for key in match_ids}


def patron_answer(
    opinions: Opinions, judgement: Judgement, background: Background
) -> dict[str, Any]:
    """As `PatronSerializer` describes it."""
    chosen = judgement.chosen
    consensus, description = consensus_of(judgement)
    return {
        "match_id": opinions.match.provider_id,
        "match_info": _match(opinions.match),
        "score_global": judgement.score,
        "consensus": consensus,
        "consensus_description": description,
        "confiance_agregee": judgement.confidence,
        "recommendation": judgement.advice.value,
        "action": ACTIONS[judgement.advice],
        "mise_recommandee_pct": judgement.stake_pct,
        "synthese_agents": _synthesis(judgement, background),
        **analyse(opinions, judgement, background),
        "details_agents": {
            one.version.strategy.agent: _detail(one) for one in judgement.agreed.voices
        },
        "selection": chosen and selection_of(chosen),
        "edge_pct": chosen and chosen.edge_pct,
        "predicted_at": chosen and instant_text(chosen.predicted_at),
        "poids_mesures": judgement.is_measured,
        "predictions": len(opinions.predictions),
    }


def _match(match: Match) -> dict[str, Any]:
    return {
        "home_team": match.home_team,
        "away_team": match.away_team,
        "sport": match.sport.key,
        "commence_time": instant_text(match.commence_time),
    }


def _synthesis(judgement: Judgement, background: Background) -> dict[str, Any]:
    """Every agent that is asked or spoke, by its key."""
    voices = {one.version.strategy.agent: one for one in judgement.agreed.voices}
    backing = {one.pk for one in judgement.agreed.backing}
    return {
        agent.key: _share(agent.key, voices.get(agent.key), backing, judgement)
        for agent in background.agents
        if not agent.combines and (agent.is_asked or agent.key in voices)
    }


def _share(
    agent: str, voice: Prediction | None, backing: set[int], judgement: Judgement
) -> dict[str, Any]:
    weight = judgement.weights.get(agent, 0.0)
    confidence = None if voice is None else confidence_of(voice)
    is_backing = voice is not None and voice.pk in backing
    return {
        "signal": signal_of(voice, is_backing=is_backing),
        "confiance": confidence,
        "poids": weight,
        "contribution": weight * (confidence or 0.0) if is_backing else 0.0,
    }


def _detail(made: Prediction) -> dict[str, Any]:
    return {
        "selection": selection_of(made),
        "odds": float(made.odds),
        "bookmaker": made.bookmaker.key if made.bookmaker else None,
        "probability": made.probability,
        "edge_pct": made.edge_pct,
        "kelly_fraction": made.kelly,
        "predicted_at": instant_text(made.predicted_at),
    }


def _brief(opinions: Opinions, judgement: Judgement) -> dict[str, Any]:
    label, color = BRIEFS[judgement.advice]
    return {
        "score": judgement.score,
        "label": label,
        "color": color,
        "recommendation": judgement.advice.value,
        "predictions": len(opinions.predictions),
    }


def _match_ids(body: Any) -> list[str]:
    if not isinstance(body, list) or not all(isinstance(one, str) for one in body):
        raise serializers.ValidationError({"detail": "Give a JSON array of match ids."})
    return list(dict.fromkeys(body))[:MOST_MATCHES]
