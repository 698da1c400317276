"""Matches as the API shows them, with the best odds on offer now.

On offer now is what the newest look at a sport's market still showed; a price only seen before
that look is gone. An exchange's odds are before commission and never count as the best.
"""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import CharField, Count, Max, OuterRef, QuerySet, Subquery
from django.db.models.functions import Cast, JSONObject
from rest_framework import serializers

from odds.api_fields import (
    InstantField,
    OddsField,
    instant_text,
    limit_field,
    line_text,
    odds_text,
)
from odds.api_quotes import MARKETS_WITH_LINES, SIDES, QuoteSerializer, quote_items, sides
from odds.models import Bookmaker, Collection, LatestQuote, Market, Match

MARKETS_TO_BACK = (Market.H2H, Market.TOTALS, Market.SPREADS)


class MatchQuery(serializers.Serializer[Any]):
    """Which matches."""

    sport = serializers.CharField(required=False, help_text="A sport's key.")
    upcoming_only = serializers.BooleanField(
        default=True, help_text="Only matches that have not kicked off."
    )
    limit = limit_field(200, 1000)
    offset = serializers.IntegerField(
        default=0, min_value=0, max_value=1_000_000, help_text="How many to pass over."
    )


class MatchSerializer(serializers.Serializer[Any]):
    """A match and the best odds on offer for its winner; null where nothing is on offer."""

    match_id = serializers.CharField()
    sport = serializers.CharField()
    league = serializers.CharField(help_text="The sport's key again.")
    home_team = serializers.CharField()
    away_team = serializers.CharField()
    commence_time = InstantField()
    best_home_odds = OddsField(allow_null=True)
    best_away_odds = OddsField(allow_null=True)
    best_draw_odds = OddsField(allow_null=True)
    bookmaker_count = serializers.IntegerField(help_text="How many offer it; exchanges not.")
    odds_seen_at = InstantField(
        allow_null=True, help_text="When the sport's h2h was last looked at: how old the odds are."
    )


class BestOddsSerializer(serializers.Serializer[Any]):
    """Who offers most for an outcome."""

    bookmaker = serializers.CharField()
    odds_value = OddsField()


class MatchDetailSerializer(serializers.Serializer[Any]):
    """A match, its current quotes and the best odds on offer by market and outcome."""

    match_id = serializers.CharField()
    sport = serializers.CharField()
    league = serializers.CharField(help_text="The sport's key again.")
    home_team = serializers.CharField()
    away_team = serializers.CharField()
    commence_time = InstantField()
    odds = QuoteSerializer(many=True, help_text="The last odds of each bookmaker.")
    best_odds = serializers.DictField(
        child=serializers.DictField(child=BestOddsSerializer()),
        help_text='By market ("h2h", "totals:2.5", "spreads:-1.5") and outcome.',
    )


def matches(asked: dict[str, Any], *, now: datetime) -> list[dict[str, Any]]:
    """What `MatchQuery` asks for, the next kick-off first, as `MatchSerializer` describes it."""
    found = Match.objects.all()
    if asked["upcoming_only"]:
        found = found.upcoming(now)
    if "sport" in asked:
        found = found.filter(sport__key=asked["sport"])
    start = asked["offset"]
    page = found.select_related("sport").order_by("commence_time", "id")
    return [_match_item(match) for match in with_best(page)[start : start + asked["limit"]]]


def with_best(found: QuerySet[Match]) -> QuerySet[Match]:
    """Matches with `best`: the number of bookmakers and the best h2h odds on offer, as text."""
    on_offer = (
        LatestQuote.objects.filter(
            match=OuterRef("pk"), market=Market.H2H, seen_at__gte=OuterRef("h2h_looked_at")
        )
        .exclude(bookmaker__kind=Bookmaker.Kind.EXCHANGE)
        .order_by()
        .values("match")
    )
    best = on_offer.annotate(
        best=JSONObject(
            bookmakers=Count("bookmaker"),
            home=Cast(Max("odds_1"), CharField()),
            draw=Cast(Max("odds_x"), CharField()),
            away=Cast(Max("odds_2"), CharField()),
        )
    ).values("best")
    return found.annotate(h2h_looked_at=newest_look(Market.H2H), best=Subquery(best))


def newest_look(market: str) -> Subquery:
    """When the sport of a match was last asked for a market; null where it never was."""
    return Subquery(
        Collection.objects.stored()
        .filter(sport=OuterRef("sport"), markets__contains=[market])
        .order_by("-started_at")
        .values("observed_at")[:1]
    )


def _match_item(match: Any) -> dict[str, Any]:
    best = match.best or {"bookmakers": 0, "home": None, "draw": None, "away": None}
    odds = {name: best[name] and odds_text(Decimal(best[name])) for name in SIDES[Market.H2H]}
    return _described(match) | {
        "best_home_odds": odds["home"],
        "best_away_odds": odds["away"],
        "best_draw_odds": odds["draw"],
        "bookmaker_count": best["bookmakers"],
        "odds_seen_at": match.h2h_looked_at and instant_text(match.h2h_looked_at),
    }


def _described(match: Match) -> dict[str, Any]:
    return {
        "match_id": match.provider_id,
        "sport": match.sport.key,
        "league": match.sport.key,
        "home_team": match.home_team,
        "away_team": match.away_team,
        "commence_time": instant_text(match.commence_time),
    }


def match_detail(provider_id: str) -> dict[str, Any] | None:
    """A match as `MatchDetailSerializer` describes it; None where there is none of this id."""
    looks = {f"{market}_looked_at": newest_look(market) for market in MARKETS_TO_BACK}
    match = (
        Match.objects.select_related("sport")
        .annotate(**looks)
        .filter(provider_id=provider_id)
        .first()
    )
    if match is None:
        return None
    quotes = list(
        match.latest_quotes.select_related("bookmaker").order_by("market", "line", "bookmaker")
    )
    for quote in quotes:
        quote.match = match
    return _described(match) | {
        "odds": list(quote_items(quotes)),
        "best_odds": _best_odds(match, quotes),
    }


def _best_odds(match: Match, quotes: list[LatestQuote]) -> dict[str, dict[str, dict[str, str]]]:
    best: dict[str, dict[str, tuple[Decimal, str]]] = {}
    for quote in quotes:
        if quote.market not in MARKETS_TO_BACK or not _is_on_offer(match, quote):
            continue
        has_line = quote.market in MARKETS_WITH_LINES
        market = f"{quote.market}:{line_text(quote.line)}" if has_line else quote.market
        outcomes = best.setdefault(market, {})
        for outcome, odds in sides(quote):
            if outcome not in outcomes or odds > outcomes[outcome][0]:
                outcomes[outcome] = (odds, quote.bookmaker.key)
    return {
        market: {
            outcome: {"bookmaker": bookmaker, "odds_value": odds_text(odds)}
            for outcome, (odds, bookmaker) in outcomes.items()
        }
        for market, outcomes in best.items()
    }


def _is_on_offer(match: Match, quote: LatestQuote) -> bool:
    looked_at: datetime | None = getattr(match, f"{quote.market}_looked_at")
    return (
        quote.bookmaker.kind != Bookmaker.Kind.EXCHANGE
        and looked_at is not None
        and quote.seen_at >= looked_at
    )
