"""Predictions that were wrong, as the API tells them: what was held, and what came."""

from typing import Any, Final

from django.db import connection
from rest_framework import serializers

from betting.bets.rules import Ending, ending
from betting.models.outcomes import OUTCOMES
from odds.api_fields import (
    InstantField,
    LineField,
    OddsField,
    instant_text,
    limit_field,
    line_text,
    odds_text,
)
from odds.models import Market
from strategies.models import Prediction
from strategies.registry import AGENTS, Agent

CAME: Final = {Ending.WON, Ending.HALF_WON}
NO_LINE: Final = {Market.H2H.value}
LOOKED_AT: Final = (
    1000  # newest predictions of each version, so that an agent seldom wrong is quick
)
# By the index of a version's predictions.
NEWEST_WRONG = """
SELECT wrong.id
FROM strategies
JOIN strategy_versions ON strategy_versions.strategy_id = strategies.id
CROSS JOIN LATERAL (
    SELECT id, predicted_at, was_correct
    FROM predictions
    WHERE version_id = strategy_versions.id
    ORDER BY predicted_at DESC, id DESC
    LIMIT %(looked_at)s
) AS wrong
WHERE agent = %(agent)s AND NOT wrong.was_correct
ORDER BY wrong.predicted_at DESC, wrong.id DESC
LIMIT %(limit)s
"""


class FailureQuery(serializers.Serializer[Any]):
    """How many failures."""

    limit = limit_field(10, 100)


class FactorsSerializer(serializers.Serializer[Any]):
    """What was stored with the prediction when it was made, and its closing line; null: unknown."""

    strategy = serializers.CharField(help_text="The strategy and its version.")
    market = serializers.ChoiceField(Market.values)
    line = LineField(allow_null=True)
    odds = OddsField()
    bookmaker = serializers.CharField(allow_null=True, help_text="Its key.")
    probability = serializers.FloatField(help_text="What the agent held the chance to be.")
    edge_pct = serializers.FloatField(help_text="Claimed, percent.")
    kelly = serializers.FloatField()
    reference = serializers.CharField(
        allow_null=True, help_text="Whose probability; null for a model's own."
    )
    predicted_at = InstantField()
    clv_fair_pct = serializers.FloatField(
        allow_null=True, help_text="What the closing line said of the price."
    )
    profit = serializers.FloatField(help_text="Of one unit.")


class FailureSerializer(serializers.Serializer[Any]):
    """A prediction that was wrong."""

    match_id = serializers.CharField(help_text="The provider's id.")
    home_team = serializers.CharField()
    away_team = serializers.CharField()
    predicted_outcome = serializers.CharField()
    actual_outcome = serializers.CharField(allow_null=True)
    confidence = serializers.FloatField(
        allow_null=True,
        help_text="Share of the other operators who agreed, 0 to 1; null where nobody could.",
    )
    factors = FactorsSerializer()
    reasoning = serializers.CharField(help_text="One sentence, made of the stored figures.")


class FailuresSerializer(serializers.Serializer[Any]):
    """An agent's newest wrong predictions, among the last 1,000 of each strategy's version."""

    success = serializers.BooleanField()
    agent_name = serializers.CharField()
    failures_count = serializers.IntegerField(help_text="How many follow.")
    failures = FailureSerializer(many=True)


def agent_of(name: str) -> Agent | None:
    """The agent of that name or key, whatever its capitals."""
    wanted = name.casefold()
    return next(
        (one for one in AGENTS.values() if wanted in {one.key, one.name.casefold()}),
        None,
    )


def failures(agent_key: str, limit: int) -> list[dict[str, Any]]:
    """An agent's newest wrong predictions as `FailureSerializer` describes them; two queries."""
    with connection.cursor() as cursor:
        given: dict[str, str | int] = {"agent": agent_key, "limit": limit, "looked_at": LOOKED_AT}
        cursor.execute(NEWEST_WRONG, given)
        ids = [pk for (pk,) in cursor.fetchall()]
    rows = Prediction.objects.filter(pk__in=ids).order_by("-predicted_at", "-pk")
    joined = rows.select_related("match", "bookmaker", "version__strategy")
    return [_failure(row) for row in joined]


def actual_outcome(row: Prediction) -> str | None:
    """Which outcome of its market came; None where the score is unknown or gave stakes back."""
    home, away = row.match.home_score, row.match.away_score
    if home is None or away is None:
        return None
    sides = OUTCOMES.get(row.market, ())
    came = (side for side in sides if ending(row.market, side, row.line, home, away) in CAME)
    return next(came, None)


def _failure(row: Prediction) -> dict[str, Any]:
    return {
        "match_id": row.match.provider_id,
        "home_team": row.match.home_team,
        "away_team": row.match.away_team,
        "predicted_outcome": row.outcome,
        "actual_outcome": actual_outcome(row),
        "confidence": row.confidence,
        "factors": _factors(row),
        "reasoning": _reasoning(row),
    }


def _factors(row: Prediction) -> dict[str, Any]:
    return {
        "strategy": str(row.version),
        "market": row.market,
        "line": None if row.market in NO_LINE else line_text(row.line),
        "odds": odds_text(row.odds),
        "bookmaker": row.bookmaker and row.bookmaker.key,
        "probability": row.probability,
        "edge_pct": row.edge_pct,
        "kelly": row.kelly,
        "reference": row.reference or None,
        "predicted_at": instant_text(row.predicted_at),
        "clv_fair_pct": row.clv_fair_pct,
        "profit": row.profit,
    }


def _reasoning(row: Prediction) -> str:
    """One sentence of the stored figures."""
    where = f" at {row.bookmaker.key}" if row.bookmaker else ""
    whose = f"{row.reference} gave" if row.reference else "its own model gave"
    side = row.outcome if row.market in NO_LINE else f"{row.outcome} {line_text(row.line)}"
    graded = row.clv_fair_pct
    said = "no closing line graded it" if graded is None else f"its fair CLV was {graded:+.1f} %"
    return (
        f"It took {side} at odds of {odds_text(row.odds)}{where}, where {whose} it a chance of "
        f"{row.probability:.1%} and so an edge of {row.edge_pct:+.1f} %; {said}."
    )
