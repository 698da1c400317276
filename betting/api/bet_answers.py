"""Bets as the API shows them, in the three shapes the original had; as many queries for any number.

Lists are written directly; the serializers only describe them. A closing line that was last seen
too early to count is shown as well: `clv_status` tells.
"""

from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from rest_framework import serializers

from betting.api.bet_words import MANUAL_WORDS, PENDING, selection_words
from betting.models import MARKETS_WITH_LINE, Bet, BetChange
from odds.api_fields import InstantField, LineField, OddsField, instant_text, line_text, odds_text

STATUS_HELP = "pending, settled or void."
RESULT_HELP = "won, half_won, push, half_lost, lost, void or dead_heat; null while pending."
CLV_HELP = "Raw closing line value, percent: odds / closing odds − 1."


class MoneyField(serializers.DecimalField):
    """An amount with its cents, as a string."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_digits=12, decimal_places=2, **options)


class BetSerializer(serializers.Serializer[Any]):
    """A bet; odds and money are strings, what is unknown is null."""

    id = serializers.IntegerField()
    match_id = serializers.CharField(allow_null=True, help_text="Null: a match not in MON_PS.")
    home_team = serializers.CharField()
    away_team = serializers.CharField()
    sport = serializers.CharField()
    commence_time = InstantField()
    market_type = serializers.CharField()
    line = LineField(allow_null=True, help_text="Goals, or the home team's handicap.")
    outcome = serializers.CharField()
    bookmaker = serializers.CharField(help_text="The bookmaker's key.")
    bookmaker_title = serializers.CharField()
    odds_value = OddsField(help_text="The odds in force: corrected ones replace the first.")
    actual_odds = OddsField(allow_null=True, help_text="The same, where they were corrected.")
    stake = MoneyField()
    bet_type = serializers.CharField()
    status = serializers.CharField(help_text=STATUS_HELP)
    result = serializers.CharField(allow_null=True, help_text=RESULT_HELP)
    final_score = serializers.CharField(allow_null=True)
    payout = MoneyField(allow_null=True)
    profit_loss = MoneyField(allow_null=True)
    actual_profit = MoneyField(allow_null=True, help_text="The same as profit_loss.")
    clv = serializers.FloatField(allow_null=True, help_text=CLV_HELP)
    clv_fair_pct = serializers.FloatField(
        allow_null=True, help_text="Against the closing odds without margin, percent."
    )
    clv_status = serializers.CharField(help_text="pending, graded, early, line_moved or missing.")
    odds_close = serializers.FloatField(allow_null=True)
    notes = serializers.CharField(allow_null=True)
    is_paper = serializers.BooleanField()
    settled_at = InstantField(allow_null=True)
    created_at = InstantField(help_text="When it was placed.")
    updated_at = InstantField()


class ChangedBetSerializer(BetSerializer):
    """A changed bet, with what the P&L page looks for."""

    success = serializers.BooleanField()
    bet_id = serializers.IntegerField()


class BetHistoryItemSerializer(serializers.Serializer[Any]):
    """A bet on the P&L page; odds and money are numbers."""

    id = serializers.IntegerField()
    match_id = serializers.CharField(allow_null=True)
    home_team = serializers.CharField()
    away_team = serializers.CharField()
    sport = serializers.CharField()
    league = serializers.CharField()
    commence_time = InstantField()
    market_type = serializers.CharField()
    line = serializers.FloatField(allow_null=True)
    outcome = serializers.CharField()
    odds = serializers.FloatField()
    stake = serializers.FloatField()
    bookmaker = serializers.CharField(help_text="The bookmaker's key.")
    bookmaker_title = serializers.CharField()
    edge_pct = serializers.FloatField(allow_null=True)
    agent_recommended = serializers.CharField(allow_null=True)
    patron_score = serializers.CharField(allow_null=True)
    patron_confidence = serializers.FloatField(allow_null=True)
    status = serializers.CharField(help_text="pending, or the result.")
    result = serializers.CharField(allow_null=True, help_text=RESULT_HELP)
    final_score = serializers.CharField(allow_null=True)
    payout = serializers.FloatField(allow_null=True)
    profit = serializers.FloatField(allow_null=True)
    placed_at = InstantField()
    settled_at = InstantField(allow_null=True)
    notes = serializers.CharField(allow_null=True)
    closing_odds = serializers.FloatField(allow_null=True)
    clv_percent = serializers.FloatField(allow_null=True, help_text=CLV_HELP)
    settled_by = serializers.CharField(allow_null=True, help_text="auto, manual or import.")


class ManualBetSerializer(serializers.Serializer[Any]):
    """A bet in the manual bets' words; odds and money are numbers."""

    id = serializers.IntegerField()
    match_id = serializers.CharField(allow_null=True)
    match_name = serializers.CharField()
    sport = serializers.CharField()
    kickoff_time = InstantField()
    market_type = serializers.CharField()
    selection = serializers.CharField(help_text="Home, Draw, Over 2.5, Away +0.5, 1X …")
    line = serializers.FloatField(allow_null=True, help_text="Goals, or the home handicap.")
    bookmaker = serializers.CharField(help_text="The bookmaker's key.")
    bookmaker_title = serializers.CharField()
    odds_obtained = serializers.FloatField()
    stake = serializers.FloatField()
    closing_odds = serializers.FloatField(allow_null=True)
    clv_percent = serializers.FloatField(allow_null=True, help_text=CLV_HELP)
    clv_calculated_at = InstantField(allow_null=True)
    result = serializers.CharField(
        allow_null=True,
        help_text="win, half_win, push, half_loss, loss, void or dead_heat; null while pending.",
    )
    profit_loss = serializers.FloatField(allow_null=True)
    notes = serializers.CharField(allow_null=True)
    created_at = InstantField(help_text="When it was placed.")
    updated_at = InstantField()


def classic(bets: QuerySet[Bet]) -> list[dict[str, Any]]:
    """As `BetSerializer` describes them."""
    rows = list(bets.select_related("match", "bookmaker"))
    # Beside the bets and not a subquery of theirs, for which the whole log would be read.
    corrected = BetChange.objects.filter(
        bet__in=[bet.pk for bet in rows], kind=BetChange.Kind.CORRECTED, after__has_key="odds"
    )
    corrected_ids = set(corrected.values_list("bet_id", flat=True))
    return [_classic(bet, has_corrected_odds=bet.pk in corrected_ids) for bet in rows]


def history(bets: QuerySet[Bet]) -> list[dict[str, Any]]:
    """As `BetHistoryItemSerializer` describes them."""
    return [_history(bet) for bet in bets.select_related("match", "bookmaker")]


def manual(bets: QuerySet[Bet]) -> list[dict[str, Any]]:
    """As `ManualBetSerializer` describes them."""
    return [_manual(bet) for bet in bets.select_related("match", "bookmaker")]


def match_name(bet: Bet) -> str:
    """Both teams, as the manual bets write them: `Leeds vs Fulham`."""
    return f"{bet.home_team} vs {bet.away_team}" if bet.away_team else bet.home_team


def of_word(bets: QuerySet[Bet], word: str) -> QuerySet[Bet]:
    """Bets of a status (pending, settled, void) or that ended so."""
    narrowed: dict[str, Any] = {PENDING: {"status": PENDING}, "settled": {"status": "settled"}}
    return bets.filter(**narrowed.get(word, {"result": word}))


def number(value: Decimal | None) -> float | None:
    """Zero stays zero, and what is unknown stays unknown."""
    return None if value is None else float(value)


def _classic(bet: Bet, *, has_corrected_odds: bool) -> dict[str, Any]:
    profit = None if bet.profit is None else f"{bet.profit:.2f}"
    return _of_match(bet) | {
        "line": line_text(bet.line) if bet.market in MARKETS_WITH_LINE else None,
        "outcome": bet.outcome,
        "odds_value": odds_text(bet.odds),
        "actual_odds": odds_text(bet.odds) if has_corrected_odds else None,
        "stake": f"{bet.stake:.2f}",
        "bet_type": bet.bet_type,
        "status": bet.status,
        "result": bet.result or None,
        "final_score": bet.final_score or None,
        "payout": None if bet.payout is None else f"{bet.payout:.2f}",
        "profit_loss": profit,
        "actual_profit": profit,
        "clv": bet.clv_pct,
        "clv_fair_pct": bet.clv_fair_pct,
        "clv_status": bet.clv_status,
        "odds_close": number(bet.closing_odds),
        "notes": bet.notes or None,
        "is_paper": bet.is_paper,
        "settled_at": _instant(bet.settled_at),
        "created_at": instant_text(bet.placed_at),
        "updated_at": instant_text(bet.updated_at),
    }


def _history(bet: Bet) -> dict[str, Any]:
    return _of_match(bet) | {
        "league": bet.league,
        "line": float(bet.line) if bet.market in MARKETS_WITH_LINE else None,
        "outcome": bet.outcome,
        "odds": float(bet.odds),
        "stake": float(bet.stake),
        "edge_pct": bet.edge_pct,
        "agent_recommended": bet.agent_recommended or None,
        "patron_score": bet.patron_score or None,
        "patron_confidence": bet.patron_confidence,
        "status": bet.result or bet.status,
        "result": bet.result or None,
        "final_score": bet.final_score or None,
        "payout": number(bet.payout),
        "profit": number(bet.profit),
        "placed_at": instant_text(bet.placed_at),
        "settled_at": _instant(bet.settled_at),
        "notes": bet.notes or None,
        "closing_odds": number(bet.closing_odds),
        "clv_percent": bet.clv_pct,
        "settled_by": bet.settled_by or None,
    }


def _manual(bet: Bet) -> dict[str, Any]:
    return {
        "id": bet.pk,
        "match_id": bet.match.provider_id if bet.match else None,
        "match_name": match_name(bet),
        "sport": bet.sport_key,
        "kickoff_time": instant_text(bet.commence_time),
        "market_type": bet.market,
        "selection": selection_words(bet),
        "line": float(bet.line) if bet.market in MARKETS_WITH_LINE else None,
        "bookmaker": bet.bookmaker.key,
        "bookmaker_title": bet.bookmaker.title,
        "odds_obtained": float(bet.odds),
        "stake": float(bet.stake),
        "closing_odds": number(bet.closing_odds),
        "clv_percent": bet.clv_pct,
        "clv_calculated_at": None if bet.clv_pct is None else _instant(bet.graded_at),
        "result": MANUAL_WORDS.get(bet.result, bet.result) or None,
        "profit_loss": number(bet.profit),
        "notes": bet.notes or None,
        "created_at": instant_text(bet.placed_at),
        "updated_at": instant_text(bet.updated_at),
    }


def _of_match(bet: Bet) -> dict[str, Any]:
    return {
        "id": bet.pk,
        "match_id": bet.match.provider_id if bet.match else None,
        "home_team": bet.home_team,
        "away_team": bet.away_team,
        "sport": bet.sport_key,
        "commence_time": instant_text(bet.commence_time),
        "market_type": bet.market,
        "bookmaker": bet.bookmaker.key,
        "bookmaker_title": bet.bookmaker.title,
    }


def _instant(at: Any) -> str | None:
    return None if at is None else instant_text(at)
