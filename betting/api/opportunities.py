"""Opportunities as the API shows them: stored rows on offer, nothing is computed anew on reading.

A *spread* is dispersion between bookmakers and says nothing about value; an *edge* is what a price
is worth against the fair probability, net of commission, as claimed.
"""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import F, QuerySet
from rest_framework import serializers

from betting.models import DetectionSettings, Opportunity
from odds.api_fields import InstantField, LineField, OddsField, limit_field
from odds.models import Market

MARKETS = [Market.H2H.value, Market.TOTALS.value, Market.SPREADS.value]
MARKETS_WITH_LINES = frozenset({Market.TOTALS, Market.SPREADS})
DEFAULT_SPREAD_PCT = 5.0


class TopQuery(serializers.Serializer[Any]):
    """Which values."""

    sport = serializers.CharField(required=False, help_text="A sport's key.")
    market = serializers.ChoiceField(MARKETS, required=False, help_text="All where not given.")
    min_edge = serializers.FloatField(required=False, help_text="Lowest claimed edge, percent.")
    limit = limit_field(10, 50)


class OpportunityQuery(serializers.Serializer[Any]):
    """Which opportunities: values where `min_edge` is given, spreads otherwise."""

    sport = serializers.CharField(required=False, help_text="A sport's key.")
    market = serializers.ChoiceField(MARKETS, default=Market.H2H.value)
    min_spread_pct = serializers.FloatField(
        required=False,
        help_text="Lowest spread, percent; 5 where neither this nor `min_edge` is given.",
    )
    min_edge = serializers.FloatField(
        required=False, help_text="Lowest claimed edge, percent: lists values, best edge first."
    )
    limit = limit_field(50, 100)


class ArbitrageQuery(serializers.Serializer[Any]):
    """Which arbitrages."""

    sport = serializers.CharField(required=False, help_text="A sport's key.")
    market = serializers.ChoiceField(MARKETS, default=Market.H2H.value)
    limit = limit_field(50, 100)


class OpportunitySerializer(serializers.Serializer[Any]):
    """A price on offer; what is unknown is null, never 0."""

    match_id = serializers.CharField()
    home_team = serializers.CharField()
    away_team = serializers.CharField()
    sport = serializers.CharField()
    commence_time = InstantField()
    opportunity_type = serializers.CharField(help_text='Always "value", for older clients.')
    outcome = serializers.CharField(help_text="home, draw, away, over or under.")
    best_odd = OddsField()
    worst_odd = OddsField(allow_null=True)
    spread_pct = serializers.FloatField(
        allow_null=True, help_text="Best against worst odds: dispersion, not value."
    )
    bookmaker_best = serializers.CharField(help_text="The bookmaker's key.")
    bookmaker_worst = serializers.CharField(allow_null=True, help_text="The bookmaker's key.")
    nb_bookmakers = serializers.IntegerField()
    estimated_value = serializers.FloatField(
        allow_null=True, help_text="Expected value in percent of the stake: the claimed edge."
    )
    id = serializers.IntegerField(help_text="The row's id.")
    value = serializers.FloatField(allow_null=True, help_text="Always null, for older clients.")
    details = serializers.DictField(allow_null=True, help_text="Always null, for older clients.")
    created_at = InstantField(help_text="When it was first seen.")
    opportunity_id = serializers.CharField(
        help_text="Stable: match_id:market:outcome, with the line before the outcome if any."
    )
    kind = serializers.CharField(help_text="value or spread.")
    market = serializers.CharField()
    line = LineField(allow_null=True)
    fair_probability = serializers.FloatField(allow_null=True)
    fair_odds = serializers.FloatField(allow_null=True, help_text="1 / fair_probability.")
    edge_pct = serializers.FloatField(
        allow_null=True, help_text="Claimed edge, net of commission, percent."
    )
    shrunk_edge_pct = serializers.FloatField(
        allow_null=True, help_text="The part of the edge expected to be real, percent."
    )
    ev_per_unit = serializers.FloatField(
        allow_null=True, help_text="Expected profit of a stake of 1: edge_pct / 100."
    )
    kelly_fraction = serializers.FloatField(
        allow_null=True,
        help_text="Full Kelly: (p·o - 1)/(o - 1) with o net of commission, never below 0.",
    )
    reference = serializers.CharField(
        allow_null=True, help_text="Whose fair probability: a bookmaker's key, or consensus."
    )
    snapshot_at = InstantField(help_text="The last collection that offered this price.")
    stale = serializers.BooleanField(help_text="Not seen for longer than the settings allow.")
    first_seen_at = InstantField()
    is_playable = serializers.BooleanField(help_text="You can bet with the best bookmaker.")


class LegSerializer(serializers.Serializer[Any]):
    """One side of an arbitrage."""

    outcome = serializers.CharField()
    bookmaker = serializers.CharField(help_text="The bookmaker's key.")
    odds = OddsField()
    seen_at = InstantField(help_text="The last collection that offered it.")
    source_age_seconds = serializers.FloatField(
        allow_null=True, help_text="How old the bookmaker's own update was then."
    )


class ArbitrageSerializer(serializers.Serializer[Any]):
    """A market whose best prices together cost less than they pay, net of commission."""

    match_id = serializers.CharField()
    home_team = serializers.CharField()
    away_team = serializers.CharField()
    sport = serializers.CharField()
    commence_time = InstantField()
    home_odd = OddsField(allow_null=True, help_text="Null at totals.")
    away_odd = OddsField(allow_null=True, help_text="Null at totals.")
    draw_odd = OddsField(allow_null=True, help_text="Null where the sport knows no draw.")
    arbitrage_sum = serializers.FloatField(help_text="What a payout of 1 costs; below 1.")
    profit_pct = serializers.FloatField(help_text="(1 / arbitrage_sum - 1) x 100.")
    id = serializers.IntegerField(help_text="The row's id.")
    market = serializers.CharField()
    line = LineField(allow_null=True)
    legs = LegSerializer(many=True)
    snapshot_at = InstantField(help_text="When the leg not seen for longest was last seen.")
    stale = serializers.BooleanField(help_text="Not seen for longer than the settings allow.")
    first_seen_at = InstantField()


def opportunities(asked: dict[str, Any], *, now: datetime) -> list[dict[str, Any]]:
    """What `OpportunityQuery` asks for, as `OpportunitySerializer` takes it."""
    if "min_edge" in asked:
        rows = _by_edge(_on_offer(Opportunity.Kind.VALUE, asked, now))
    else:
        asked = {"min_spread_pct": DEFAULT_SPREAD_PCT} | asked
        rows = _on_offer(Opportunity.Kind.SPREAD, asked, now).order_by(
            F("spread_pct").desc(nulls_last=True), "match__commence_time", "id"
        )
    if "min_spread_pct" in asked:
        rows = rows.filter(spread_pct__gte=asked["min_spread_pct"])
    return _items(rows[: asked["limit"]], now)


def top(asked: dict[str, Any], *, now: datetime) -> list[dict[str, Any]]:
    """What `TopQuery` asks for, as `OpportunitySerializer` takes it."""
    rows = _by_edge(_on_offer(Opportunity.Kind.VALUE, asked, now))
    return _items(rows[: asked["limit"]], now)


def arbitrages(asked: dict[str, Any], *, now: datetime) -> list[dict[str, Any]]:
    """What `ArbitrageQuery` asks for, the most profitable first, for `ArbitrageSerializer`."""
    rows = _by_edge(_on_offer(Opportunity.Kind.ARBITRAGE, asked, now))
    oldest = _oldest_fresh(now)
    return [_arbitrage_item(row, oldest) for row in rows[: asked["limit"]]]


def _on_offer(kind: str, asked: dict[str, Any], now: datetime) -> QuerySet[Opportunity]:
    rows = Opportunity.objects.open(now).filter(kind=kind)
    if "sport" in asked:
        rows = rows.filter(match__sport__key=asked["sport"])
    if "market" in asked:
        rows = rows.filter(market=asked["market"])
    if "min_edge" in asked:
        rows = rows.filter(edge_pct__gte=asked["min_edge"])
    return rows.select_related("match__sport", "best_bookmaker", "worst_bookmaker")


def _by_edge(rows: QuerySet[Opportunity]) -> QuerySet[Opportunity]:
    return rows.order_by(F("edge_pct").desc(nulls_last=True), "match__commence_time", "id")


def _oldest_fresh(now: datetime) -> datetime:
    minutes = DetectionSettings.current().maximum_seen_age_minutes
    return now - timedelta(minutes=minutes)


def _items(rows: QuerySet[Opportunity], now: datetime) -> list[dict[str, Any]]:
    oldest = _oldest_fresh(now)
    return [_item(row, oldest) for row in rows]


def _item(row: Opportunity, oldest: datetime) -> dict[str, Any]:
    best, worst, probability = row.best_bookmaker, row.worst_bookmaker, row.fair_probability
    return _described(row, oldest) | {
        "opportunity_type": "value",
        "outcome": row.outcome,
        "best_odd": row.best_odds,
        "worst_odd": row.worst_odds,
        "spread_pct": row.spread_pct,
        "bookmaker_best": best.key if best else None,
        "bookmaker_worst": worst.key if worst else None,
        "nb_bookmakers": row.bookmaker_count,
        "estimated_value": row.edge_pct,
        "value": None,
        "details": None,
        "created_at": row.first_seen_at,
        "opportunity_id": row.opportunity_id,
        "kind": row.kind,
        "fair_probability": probability,
        "fair_odds": None if probability is None else 1 / probability,
        "edge_pct": row.edge_pct,
        "shrunk_edge_pct": row.shrunk_edge_pct,
        "ev_per_unit": None if row.edge_pct is None else row.edge_pct / 100,
        "kelly_fraction": _kelly_fraction(row),
        "reference": row.reference or None,
        "is_playable": bool(best and best.is_playable),
    }


def _kelly_fraction(row: Opportunity) -> float | None:
    """Full Kelly; its cap and fraction are the business of staking."""
    if row.fair_probability is None or row.best_odds is None or row.best_bookmaker is None:
        return None
    net_profit = float((row.best_odds - 1) * (1 - row.best_bookmaker.commission))
    return max(0.0, (row.fair_probability * (1 + net_profit) - 1) / net_profit)


def _arbitrage_item(row: Opportunity, oldest: datetime) -> dict[str, Any]:
    legs = {leg["outcome"]: _leg(leg) for leg in row.legs}
    odds = {outcome: leg["odds"] for outcome, leg in legs.items()}
    profit_pct = row.edge_pct or 0.0
    return _described(row, oldest) | {
        "home_odd": odds.get("home"),
        "away_odd": odds.get("away"),
        "draw_odd": odds.get("draw"),
        "arbitrage_sum": 1 / (1 + profit_pct / 100),
        "profit_pct": profit_pct,
        "legs": list(legs.values()),
    }


def _leg(stored: dict[str, Any]) -> dict[str, Any]:
    """A leg as JSON keeps it, with its odds and its instant read."""
    seen_at = datetime.fromisoformat(stored["seen_at"])
    return stored | {"odds": Decimal(str(stored["odds"])), "seen_at": seen_at}


def _described(row: Opportunity, oldest: datetime) -> dict[str, Any]:
    return {
        "match_id": row.match.provider_id,
        "home_team": row.match.home_team,
        "away_team": row.match.away_team,
        "sport": row.match.sport.key,
        "commence_time": row.match.commence_time,
        "id": row.pk,
        "market": row.market,
        "line": row.line if row.market in MARKETS_WITH_LINES else None,
        "snapshot_at": row.price_seen_at,
        "stale": row.price_seen_at < oldest,
        "first_seen_at": row.first_seen_at,
    }
