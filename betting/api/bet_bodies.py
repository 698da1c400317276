"""What the bets API takes: the bodies and queries of its routes, described for the schema.

Each field's `source` is the name that `betting.api.bet_requests` reads. What older clients send and
MON_PS computes itself (a profit, a closing price) is taken and ignored.
"""

import math
from typing import Any

from rest_framework import serializers

from betting.api.bet_words import ENDINGS_BY_WORD, PENDING
from betting.models import Bet, BetMarket, Ending
from odds.api_fields import InstantField, limit_field

RESULTS = [*Ending.values, PENDING]
STATUSES = [*Ending.values, PENDING, "settled"]
MANUAL_RESULTS = sorted(set(ENDINGS_BY_WORD))
IGNORED = frozenset({"payout", "actual_profit", "clv", "odds_close", "profit_loss"})
COMPUTED = "Computed by MON_PS: taken and ignored."
OUTCOME_HELP = "home, draw, away, over, under, 1x, 12, x2, “Over 2.5”, or a team's name."
LINE_HELP = "The goals line, or the home team's handicap; may stand in the outcome instead."
BOOKMAKER_HELP = "A key or a title; Betclic means betclic_fr. An unknown one is added."
KEY_HELP = "The same as the header Idempotency-Key: a repeated request makes one bet."


class FiniteField(serializers.FloatField):
    """A number, not NaN or infinity, which JSON could not give back."""

    def to_internal_value(self, data: Any) -> float:
        """The number.

        Raises:
            ValidationError: It is none.
        """
        value: float = super().to_internal_value(data)
        if not math.isfinite(value):
            self.fail("invalid")
        return value


def text(longest: int, **options: Any) -> serializers.CharField:
    """An optional text."""
    return serializers.CharField(
        required=False, allow_blank=True, allow_null=True, max_length=longest, **options
    )


def odds(**options: Any) -> serializers.DecimalField:
    """Decimal odds; whether they can be is for the bet to say."""
    return serializers.DecimalField(max_digits=8, decimal_places=3, **options)


def money(**options: Any) -> serializers.DecimalField:
    """An amount in cents."""
    return serializers.DecimalField(max_digits=12, decimal_places=2, **options)


def line() -> serializers.DecimalField:
    """A line."""
    return serializers.DecimalField(
        max_digits=6, decimal_places=2, required=False, allow_null=True, help_text=LINE_HELP
    )


def computed() -> serializers.JSONField:
    """What MON_PS computes itself."""
    return serializers.JSONField(required=False, allow_null=True, help_text=COMPUTED)


def offset() -> serializers.IntegerField:
    """How many items to pass over."""
    return serializers.IntegerField(default=0, min_value=0, max_value=2**31 - 1)


class OutcomeBody(serializers.Serializer[Any]):
    """How a bet ended."""

    status = serializers.ChoiceField(
        STATUSES, required=False, allow_null=True, help_text="May stand for the result."
    )
    result = serializers.ChoiceField(
        RESULTS, required=False, allow_null=True, help_text="Null or pending: not settled."
    )
    final_score = text(20, help_text="Such as 2-1.")
    dead_heat_ways = serializers.IntegerField(
        required=False, allow_null=True, min_value=2, max_value=100, help_text="How many won."
    )


class BetBody(OutcomeBody):
    """A bet on a known match; with a result it is settled at once, by hand."""

    match_id = serializers.CharField(max_length=64)
    outcome = serializers.CharField(max_length=170, help_text=OUTCOME_HELP)
    market_type = serializers.ChoiceField(
        BetMarket.choices, source="market", required=False, allow_null=True
    )
    line = line()
    bookmaker = serializers.CharField(max_length=120, help_text=BOOKMAKER_HELP)
    odds_value = odds(source="odds", help_text="Decimal, above 1.")
    stake = money(help_text="Above zero.")
    bet_type = serializers.ChoiceField(Bet.Type.choices, default=Bet.Type.VALUE)
    notes = text(10_000)
    opportunity_id = text(120, help_text="Its stable key or its id; an unknown one is ignored.")
    idempotency_key = text(120, help_text=KEY_HELP)
    actual_profit = computed()
    clv = computed()
    odds_close = computed()


class BetChangeBody(OutcomeBody):
    """What to change; what is not named stays as it is."""

    match_id = text(64, help_text="The bet's own: a bet stays on its match.")
    outcome = text(170, help_text=OUTCOME_HELP)
    market_type = serializers.ChoiceField(
        BetMarket.choices, source="market", required=False, allow_null=True
    )
    line = line()
    bookmaker = text(120, help_text=BOOKMAKER_HELP)
    odds_value = odds(source="odds", required=False, allow_null=True)
    actual_odds = odds(required=False, allow_null=True, help_text="Corrected odds.")
    stake = money(required=False, allow_null=True)
    bet_type = serializers.ChoiceField(Bet.Type.choices, required=False, allow_null=True)
    league = text(120)
    notes = text(10_000)
    reason = text(300, help_text="Goes to the log.")
    payout = computed()
    actual_profit = computed()
    clv = computed()
    odds_close = computed()


class PlaceBody(serializers.Serializer[Any]):
    """A bet from an opportunity; a match that MON_PS does not know needs names and kick-off."""

    match_id = text(64)
    opportunity_id = text(120, help_text="Its stable key or its id; an unknown one is ignored.")
    home_team = text(160)
    away_team = text(160)
    sport = text(80, source="sport_key")
    league = text(120)
    commence_time = InstantField(required=False, allow_null=True)
    outcome = serializers.CharField(max_length=170, help_text=OUTCOME_HELP)
    market_type = serializers.ChoiceField(
        BetMarket.choices, source="market", required=False, allow_null=True
    )
    line = line()
    odds = odds(help_text="Decimal, above 1.")
    stake = money(help_text="Above zero.")
    bookmaker = serializers.CharField(max_length=120, help_text=BOOKMAKER_HELP)
    edge_pct = FiniteField(required=False, allow_null=True)
    agent_recommended = text(120)
    patron_score = text(60, help_text="A label, such as ANALYSER.")
    patron_confidence = FiniteField(required=False, allow_null=True)
    notes = text(10_000)
    bet_type = serializers.ChoiceField(Bet.Type.choices, default=Bet.Type.VALUE)
    idempotency_key = text(120, help_text=KEY_HELP)


class ManualBetBody(serializers.Serializer[Any]):
    """A bet on any match; where MON_PS knows it, its own names and kick-off are taken."""

    match_id = text(64, help_text="One that MON_PS does not know counts as null.")
    match_name = serializers.CharField(max_length=320, help_text="Such as Leeds vs Fulham.")
    sport = serializers.CharField(max_length=80, source="sport_key")
    kickoff_time = InstantField(source="commence_time")
    market_type = serializers.ChoiceField(BetMarket.choices, source="market")
    selection = serializers.CharField(max_length=170, source="outcome", help_text=OUTCOME_HELP)
    line = line()
    bookmaker = serializers.CharField(max_length=120, help_text=BOOKMAKER_HELP)
    odds_obtained = odds(source="odds", help_text="Decimal, above 1.")
    stake = money(help_text="Above zero.")
    notes = text(10_000)
    idempotency_key = text(120, help_text=KEY_HELP)


class ManualBetChangeBody(serializers.Serializer[Any]):
    """How a manual bet ended, or a note about it."""

    result = serializers.ChoiceField(MANUAL_RESULTS, required=False, allow_null=True)
    dead_heat_ways = serializers.IntegerField(
        required=False, allow_null=True, min_value=2, max_value=100, help_text="How many won."
    )
    profit_loss = computed()
    notes = text(10_000)


class BetQuery(serializers.Serializer[Any]):
    """Which bets."""

    result = serializers.ChoiceField(RESULTS, required=False)
    status = serializers.ChoiceField(STATUSES, required=False)
    bet_type = serializers.ChoiceField(Bet.Type.choices, required=False)
    bookmaker = serializers.CharField(required=False, help_text="A key or a title.")
    is_paper = serializers.BooleanField(default=False, help_text="Those on paper instead.")
    limit = limit_field(100, 1000)


class BetHistoryQuery(serializers.Serializer[Any]):
    """Which page of the bets."""

    status = serializers.ChoiceField(STATUSES, required=False)
    sport = serializers.CharField(required=False, help_text="A sport's key.")
    limit = limit_field(50, 500)
    offset = offset()


class ManualBetQuery(serializers.Serializer[Any]):
    """Which page of the bets."""

    sport = serializers.CharField(required=False, help_text="A sport's key.")
    market_type = serializers.ChoiceField(BetMarket.choices, required=False)
    result = serializers.ChoiceField(MANUAL_RESULTS, required=False)
    limit = limit_field(50, 500)
    offset = offset()


def named(body: dict[str, Any]) -> dict[str, Any]:
    """What a validated body asks for, without what MON_PS computes itself."""
    return {name: value for name, value in body.items() if name not in IGNORED}
