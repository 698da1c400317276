"""Quotes as the API shows them: the current ones and the history of one match."""

import hashlib
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import islice
from typing import Any

from django.db.models import Q, QuerySet
from rest_framework import serializers

from odds.api_fields import (
    InstantField,
    LineField,
    OddsField,
    instant_text,
    limit_field,
    line_text,
    odds_text,
)
from odds.models import LatestQuote, Market, Match, Quote

SIDES: dict[str, tuple[str, str, str]] = {
    Market.H2H: ("home", "draw", "away"),
    Market.H2H_LAY: ("home", "draw", "away"),
    Market.SPREADS: ("home", "draw", "away"),
    Market.TOTALS: ("over", "draw", "under"),
}
MARKETS_WITH_LINES = frozenset({Market.TOTALS, Market.SPREADS})

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class QuoteQuery(serializers.Serializer[Any]):
    """Which quotes."""

    sport = serializers.CharField(required=False, help_text="A sport's key.")
    bookmaker = serializers.CharField(required=False, help_text="A bookmaker's key or title.")
    match_id = serializers.CharField(
        required=False, help_text="A match's id; without it, only matches that have not kicked off."
    )
    market = serializers.ChoiceField(Market.choices, required=False)
    limit = limit_field(100, 1000)


class QuoteSerializer(serializers.Serializer[Any]):
    """One bookmaker's current odds for one outcome of one match."""

    id = serializers.IntegerField(help_text="The id of the view `odds`; changes with the odds.")
    match_id = serializers.CharField()
    sport = serializers.CharField()
    home_team = serializers.CharField()
    away_team = serializers.CharField()
    bookmaker = serializers.CharField(help_text="The bookmaker's key.")
    outcome = serializers.ChoiceField(["home", "draw", "away", "over", "under"])
    odds_value = OddsField()
    created_at = InstantField(help_text="When these odds were first seen.")
    seen_at = InstantField(help_text="The last collection that still offered them.")
    market_type = serializers.CharField()
    line = LineField(allow_null=True)


def current_quotes(asked: dict[str, Any], *, now: datetime) -> list[dict[str, Any]]:
    """What `QuoteQuery` asks for, one item per outcome, the newest change first."""
    quotes = (
        LatestQuote.objects.filter(_wanted(asked, now))
        .select_related("match__sport", "bookmaker")
        .order_by("-changed_at", "match", "bookmaker", "market", "line")[: asked["limit"]]
    )
    return list(islice(quote_items(quotes), asked["limit"]))


def _wanted(asked: dict[str, Any], now: datetime) -> Q:
    if "match_id" in asked:
        wanted = Q(match__provider_id=asked["match_id"])
    else:
        wanted = Q(match__commence_time__gt=now)
    if "sport" in asked:
        wanted &= Q(match__sport__key=asked["sport"])
    if "bookmaker" in asked:
        wanted &= _named(asked["bookmaker"])
    if "market" in asked:
        wanted &= Q(market=asked["market"])
    return wanted


def _named(bookmaker: str) -> Q:
    return Q(bookmaker__key=bookmaker) | Q(bookmaker__title=bookmaker)


def quote_items(quotes: Iterable[LatestQuote]) -> Iterator[dict[str, Any]]:
    """Quotes with their match, sport and bookmaker as `QuoteSerializer` describes them."""
    for quote in quotes:
        for outcome, odds in sides(quote):
            yield {
                "id": _view_id(quote, outcome),
                "match_id": quote.match.provider_id,
                "sport": quote.match.sport.key,
                "home_team": quote.match.home_team,
                "away_team": quote.match.away_team,
                "bookmaker": quote.bookmaker.key,
                "outcome": outcome,
                "odds_value": odds_text(odds),
                "created_at": instant_text(quote.changed_at),
                "seen_at": instant_text(quote.seen_at),
                "market_type": quote.market,
                "line": line_text(quote.line) if quote.market in MARKETS_WITH_LINES else None,
            }


def sides(quote: LatestQuote) -> list[tuple[str, Decimal]]:
    """The outcomes a quote prices, each with its odds."""
    odds = (quote.odds_1, quote.odds_x, quote.odds_2)
    named = zip(SIDES[quote.market], odds, strict=True)
    return [(outcome, price) for outcome, price in named if price is not None]


def _view_id(quote: LatestQuote, outcome: str) -> int:
    """What the view `odds` computes: 52 bits of an MD5, safe in a JavaScript number."""
    microseconds = (quote.changed_at - EPOCH) // timedelta(microseconds=1)
    row = (
        f"{quote.match_id}:{quote.bookmaker_id}:{quote.market}:{quote.line:.2f}:{outcome}:"
        f"{microseconds}"
    )
    return int(hashlib.md5(row.encode(), usedforsecurity=False).hexdigest()[:13], 16)


class HistoryQuery(serializers.Serializer[Any]):
    """Which part of a match's history."""

    bookmaker = serializers.CharField(required=False, help_text="A bookmaker's key or title.")
    market = serializers.ChoiceField(
        [Market.H2H.value, Market.TOTALS.value, Market.SPREADS.value], default=Market.H2H.value
    )
    line = serializers.DecimalField(
        max_digits=6, decimal_places=2, required=False, help_text="Goals or the home handicap."
    )
    to = InstantField(required=False, source="until", help_text="Observed at this or before.")
    limit = limit_field(500, 5000)

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        """`from` is a word of Python and cannot be declared like the others."""
        since = InstantField(required=False, source="since", help_text="Observed at this or later.")
        return {**super().get_fields(), "from": since}


class HistoryItemSerializer(serializers.Serializer[Any]):
    """One bookmaker's odds from one instant on; the keys depend on the market."""

    bookmaker = serializers.CharField()
    line = LineField(required=False, help_text="Totals and spreads only.")
    home_odds = OddsField(required=False, allow_null=True, help_text="Not at totals.")
    draw_odds = OddsField(required=False, allow_null=True, help_text="Only at h2h.")
    away_odds = OddsField(required=False, allow_null=True, help_text="Not at totals.")
    over_odds = OddsField(required=False, allow_null=True, help_text="Only at totals.")
    under_odds = OddsField(required=False, allow_null=True, help_text="Only at totals.")
    collected_at = InstantField()


class HistorySerializer(serializers.Serializer[Any]):
    """A match and how its odds moved."""

    match_id = serializers.CharField()
    home_team = serializers.CharField()
    away_team = serializers.CharField()
    commence_time = InstantField()
    market = serializers.CharField()
    count = serializers.IntegerField(help_text="How many items `history` holds.")
    has_more = serializers.BooleanField(help_text="Whether `limit` cut it: ask on with `from`.")
    history = HistoryItemSerializer(many=True)


def history(match: Match, asked: dict[str, Any]) -> dict[str, Any]:
    """What `HistoryQuery` asks for, oldest first, as `HistorySerializer` describes it."""
    limit, market = asked["limit"], asked["market"]
    rows = list(_history_rows(match, asked)[: limit + 1])
    items = [_history_item(row, market) for row in rows[:limit]]
    return {
        "match_id": match.provider_id,
        "home_team": match.home_team,
        "away_team": match.away_team,
        "commence_time": instant_text(match.commence_time),
        "market": market,
        "count": len(items),
        "has_more": len(rows) > limit,
        "history": items,
    }


def _history_rows(match: Match, asked: dict[str, Any]) -> QuerySet[Quote, tuple[Any, ...]]:
    wanted = Q(match=match, market=asked["market"])
    if "line" in asked:
        wanted &= Q(line=asked["line"])
    if "bookmaker" in asked:
        wanted &= _named(asked["bookmaker"])
    if "since" in asked:
        wanted &= Q(observed_at__gte=asked["since"])
    if "until" in asked:
        wanted &= Q(observed_at__lte=asked["until"])
    return (
        Quote.objects.filter(wanted)
        .with_odds()
        .order_by("observed_at", "bookmaker", "line")
        .values_list("bookmaker__key", "line", "odds_1", "odds_x", "odds_2", "observed_at")
    )


def _history_item(row: tuple[Any, ...], market: str) -> dict[str, str | None]:
    bookmaker, line, *odds, observed_at = row
    item = {"bookmaker": bookmaker, "collected_at": instant_text(observed_at)}
    has_line = market in MARKETS_WITH_LINES
    if has_line:
        item["line"] = line_text(line)
    for outcome, price in zip(SIDES[market], odds, strict=True):
        if outcome != "draw" or not has_line:
            item[f"{outcome}_odds"] = price and odds_text(price)
    return item
