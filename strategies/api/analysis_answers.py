"""One match's analysis as the API shows it; the serializers only describe it."""

from typing import Any

from rest_framework import serializers

from odds.api_fields import InstantField


class PriceRangeSerializer(serializers.Serializer[Any]):
    """An outcome's odds on offer now, exchanges left out."""

    best = serializers.FloatField()
    worst = serializers.FloatField()
    spread_pct = serializers.FloatField(help_text="Best against worst: dispersion, not value.")


class AnalysedMatchSerializer(serializers.Serializer[Any]):
    """A match and its odds for the winner now."""

    match_id = serializers.CharField()
    home_team = serializers.CharField()
    away_team = serializers.CharField()
    sport = serializers.CharField()
    commence_time = InstantField()
    odds = serializers.DictField(
        child=PriceRangeSerializer(), help_text="home, draw, away; only those on offer."
    )
    bookmaker_count = serializers.IntegerField(help_text="That offer it; exchanges not.")
    odds_seen_at = InstantField(
        allow_null=True, help_text="When the sport was last looked at; null: nothing on offer."
    )


class AgentOpinionSerializer(serializers.Serializer[Any]):
    """What an agent said of the match: its best prediction on the winner, else its best of all."""

    agent_id = serializers.CharField()
    agent_name = serializers.CharField()
    icon = serializers.CharField()
    status = serializers.ChoiceField(["active", "no prediction"])
    recommendation = serializers.CharField(
        help_text="anomaly_detector: REVIEW or NORMAL. pattern_matcher: PATTERNS or SKIP. "
        "backtest_engine: VALIDATED, CAUTION or INSUFFICIENT. spread_optimizer: HOME, DRAW, AWAY "
        "or SKIP; others also OVER, UNDER and ALL."
    )
    confidence = serializers.FloatField(
        allow_null=True,
        help_text="Percent of the other operators by whose own fair price it has an edge too; "
        "null without a prediction and where nobody else prices it.",
    )
    reason = serializers.CharField(help_text="With its numbers; or why there is no prediction.")
    recommendation_text = serializers.CharField()
    edge_pct = serializers.FloatField(allow_null=True, help_text="Claimed, percent.")
    predicted_at = InstantField(allow_null=True)
    predictions = serializers.IntegerField(help_text="Of this agent on this match.")
    details = serializers.DictField(
        help_text="expected_value (per unit), kelly_fraction (full), recommended_stake_pct "
        "(percent of the bankroll, by the staking settings), best_outcome and predictions (at "
        "most 20); anomaly_detector: is_anomaly, max_spread now, anomaly_score (always null: none "
        "is stored); pattern_matcher: patterns, pattern_count; backtest_engine: the held-out part "
        "of the newest finished backtest (sample_size bets, avg_roi_pct and clv_pct with their "
        "intervals, historical_win_rate). Null where undefined."
    )


class GlobalScoreSerializer(serializers.Serializer[Any]):
    """On what the agents agree, and what that is worth."""

    average_confidence = serializers.FloatField(
        allow_null=True, help_text="Mean confidence of the agents that agree, 0 to 100."
    )
    total_confidence = serializers.FloatField(allow_null=True, help_text="Its sum.")
    active_agents = serializers.IntegerField(help_text="With a prediction on this match.")
    recommendation = serializers.ChoiceField(
        ["STRONG BET", "MODERATE BET", "WEAK BET", "NO BET"],
        help_text="STRONG: an edge, two agents or more, none against, confidence 50 or more. "
        "MODERATE: an edge, two agents or more, fewer against. WEAK: an edge. NO BET: none.",
    )
    selection = serializers.CharField(allow_null=True, help_text="What most agents name.")
    agreeing_agents = serializers.IntegerField(help_text="Those that combine others are left out.")
    opposing_agents = serializers.IntegerField(help_text="That name another outcome there.")
    edge_pct = serializers.FloatField(allow_null=True, help_text="The best claimed edge on it.")
    predictions = serializers.IntegerField(help_text="Stored on this match, of current versions.")


class AnalysisSerializer(serializers.Serializer[Any]):
    """A match and the agents' stored opinions of it."""

    match = AnalysedMatchSerializer()
    agents = AgentOpinionSerializer(many=True, help_text="The original's four first.")
    global_score = GlobalScoreSerializer()
    timestamp = InstantField(help_text="Now; every prediction has its own date.")
