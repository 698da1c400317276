"""Improvements as the API tells them.

Percentages are in percent and null where undefined, the win rate before too: an improvement of a
strategy that nothing has settled yet has none.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

from rest_framework import serializers

from odds.api_fields import InstantField, instant_text
from strategies.models import Improvement, Strategy, StrategyRecord

STATUSES: Final = ", ".join(Improvement.Status.values)
ONLY_IN_DETAIL: Final = (
    *("new_parameters", "old_parameters", "expected_improvement", "origin"),
    *("version_a_id", "version_b_id", "plan_effect", "plan_alpha", "plan_horizon"),
    *("paired_matches", "clv_gain", "clv_gain_low", "clv_gain_high", "profit_gain"),
)


def percent(help_text: str) -> serializers.FloatField:
    """A percentage of an answer."""
    return serializers.FloatField(allow_null=True, help_text=help_text)


class ImprovementSummarySerializer(serializers.Serializer[Any]):
    """What every answer about an improvement tells."""

    id = serializers.IntegerField()
    agent_name = serializers.CharField()
    strategy_name = serializers.CharField()
    status = serializers.CharField(help_text=f"One of {STATUSES}.")
    ab_test_active = serializers.BooleanField(help_text="Its status is active.")
    ab_test_start = InstantField(allow_null=True, help_text="Of the last test.")


class ToldSerializer(ImprovementSummarySerializer):
    """What was found, and what is to change."""

    baseline_win_rate = percent("Before it was proposed; null where nothing was settled.")
    new_threshold = serializers.FloatField(help_text="The strategy's threshold parameter.")
    failure_pattern = serializers.CharField()
    missing_factors = serializers.ListField(child=serializers.CharField())
    recommended_adjustments = serializers.ListField(child=serializers.CharField())
    llm_reasoning = serializers.CharField()
    created_at = InstantField()


class ArchivedImprovementSerializer(ToldSerializer):
    """An improvement that was put away."""

    archived_at = InstantField()
    archived_reason = serializers.CharField(allow_null=True)


class ImprovementSerializer(ToldSerializer):
    """An improvement and how its test goes; counters count matches both arms settled."""

    strategy_id = serializers.IntegerField()
    baseline_roi = percent("Before it was proposed.")
    baseline_samples = serializers.IntegerField(help_text="Predictions settled before.")
    old_threshold = serializers.FloatField(help_text="When it was proposed.")
    ab_test_matches_a = serializers.IntegerField()
    ab_test_matches_b = serializers.IntegerField()
    ab_test_wins_a = serializers.IntegerField()
    ab_test_wins_b = serializers.IntegerField()
    ab_win_rate_a = percent("Of 100 matches arm A won so many; null without matches.")
    ab_win_rate_b = percent("Of 100 matches arm B won so many; null without matches.")
    improvement_validated = serializers.BooleanField(help_text="Its status is applied.")
    improvement_applied = serializers.BooleanField(help_text="Its status is applied.")
    performance_gain = percent("Win rate of arm B less the one before, in points.")
    analyzed_at = InstantField(allow_null=True)


class ImprovementDetailSerializer(ImprovementSerializer):
    """All there is of one improvement, and where its strategy stands now."""

    new_parameters = serializers.DictField(
        child=serializers.FloatField(), help_text="Those that change."
    )
    old_parameters = serializers.DictField(
        child=serializers.FloatField(), help_text="All, when it was proposed."
    )
    expected_improvement = percent("Claimed with the proposal, in points.")
    origin = serializers.CharField(help_text="What it comes from.")
    version_a_id = serializers.IntegerField(allow_null=True, help_text="Arm A.")
    version_b_id = serializers.IntegerField(allow_null=True, help_text="Arm B.")
    ab_test_end = InstantField(allow_null=True)
    plan_effect = percent("The smallest gain that counts, in points of CLV; set as a test begins.")
    plan_alpha = serializers.FloatField(allow_null=True, help_text="Error probability.")
    plan_horizon = serializers.IntegerField(allow_null=True, help_text="Matches at most.")
    paired_matches = serializers.IntegerField(help_text="Matches compared.")
    clv_gain = percent("Of arm B in fair CLV, points a match.")
    clv_gain_low = percent("Lower end of its confidence sequence.")
    clv_gain_high = percent("Upper end.")
    profit_gain = serializers.FloatField(allow_null=True, help_text="Of arm B, units a match.")
    verdict = serializers.CharField(
        allow_null=True, help_text="better, worse or undecided; null while it is open."
    )
    verdict_at = InstantField(allow_null=True)
    applied_at = InstantField(allow_null=True)
    archived_at = InstantField(allow_null=True)
    archived_reason = serializers.CharField(allow_null=True)
    current_win_rate = percent("Of the current version; null before it is ranked.")
    current_roi = percent("Of the current version; null before it is ranked.")
    current_tier = serializers.CharField(allow_null=True, help_text="S to D, null while unrated.")


class ImprovementsSerializer(serializers.Serializer[Any]):
    """Improvements, the newest first."""

    success = serializers.BooleanField()
    improvements = ImprovementSerializer(many=True)
    total = serializers.IntegerField(help_text="How many there are.")


class ArchivedImprovementsSerializer(serializers.Serializer[Any]):
    """Archived improvements, the one put away last first."""

    success = serializers.BooleanField()
    improvements = ArchivedImprovementSerializer(many=True)
    total = serializers.IntegerField(help_text="How many there are.")


class OneImprovementSerializer(serializers.Serializer[Any]):
    """One improvement."""

    success = serializers.BooleanField()
    improvement = ImprovementDetailSerializer()


class DoneSerializer(serializers.Serializer[Any]):
    """It was done."""

    success = serializers.BooleanField()
    message = serializers.CharField()


class DoneToSerializer(DoneSerializer):
    """It was done to this improvement."""

    improvement_id = serializers.IntegerField()


class AppliedSerializer(DoneToSerializer):
    """The change is in force."""

    performance_gain = percent("Win rate of arm B less the one before, in points.")


class ReactivatedSerializer(serializers.Serializer[Any]):
    """Where an improvement stands now."""

    success = serializers.BooleanField()
    improvement_id = serializers.IntegerField()
    agent_name = serializers.CharField()
    status = serializers.CharField(help_text=f"One of {STATUSES}.")


class PutAwaySerializer(ReactivatedSerializer):
    """An improvement was put away."""

    reason = serializers.CharField(allow_null=True)


class ActivatedSerializer(serializers.Serializer[Any]):
    """The tests that began."""

    success = serializers.BooleanField()
    activated = serializers.ListField(child=serializers.IntegerField(), help_text="Their ids.")
    count = serializers.IntegerField()
    ids = serializers.ListField(child=serializers.IntegerField(), help_text="The same ids.")
    improvements = ImprovementSummarySerializer(many=True)


def summary(row: Improvement) -> dict[str, Any]:
    """As `ImprovementSummarySerializer` describes it."""
    return {
        "id": row.pk,
        "agent_name": row.strategy.agent_name,
        "strategy_name": row.strategy.strategy_name,
        "status": row.status,
        "ab_test_active": row.is_in_test,
        "ab_test_start": _instant(row.ab_test_start),
    }


def archived(row: Improvement) -> dict[str, Any]:
    """As `ArchivedImprovementSerializer` describes it."""
    return _told(row) | _archive(row)


def listed(row: Improvement) -> dict[str, Any]:
    """As `ImprovementSerializer` describes it."""
    is_applied = row.status == Improvement.Status.APPLIED
    names = ("strategy_id", "baseline_roi", "baseline_samples", "old_threshold")
    counters = ("ab_test_matches_a", "ab_test_matches_b", "ab_test_wins_a", "ab_test_wins_b")
    return (
        _told(row)
        | _columns(row, (*names, *counters, "performance_gain"))
        | {
            "ab_win_rate_a": win_rate(row.ab_test_wins_a, row.ab_test_matches_a),
            "ab_win_rate_b": win_rate(row.ab_test_wins_b, row.ab_test_matches_b),
            "improvement_validated": is_applied,
            "improvement_applied": is_applied,
            "analyzed_at": _instant(row.analyzed_at),
        }
    )


def detailed(row: Improvement) -> dict[str, Any]:
    """As `ImprovementDetailSerializer` describes it."""
    record = current_record(row.strategy)
    return (
        listed(row)
        | _archive(row)
        | _columns(row, ONLY_IN_DETAIL)
        | {
            "ab_test_end": _instant(row.ab_test_end),
            "verdict": row.verdict or None,
            "verdict_at": _instant(row.verdict_at),
            "applied_at": _instant(row.applied_at),
            "current_win_rate": record and record.win_rate,
            "current_roi": record and record.roi,
            "current_tier": record and record.tier,
        }
    )


def current_record(strategy: Strategy) -> StrategyRecord | None:
    """Where the version in force stands; None until it was ranked."""
    record: StrategyRecord | None = getattr(strategy, "record", None)
    return record if record is not None and record.version.is_current else None


def win_rate(won: int, matches: int) -> float | None:
    """Percent with two decimals; None without matches."""
    return round(100 * won / matches, 2) if matches else None


def _told(row: Improvement) -> dict[str, Any]:
    words = ("failure_pattern", "missing_factors", "recommended_adjustments", "llm_reasoning")
    return (
        summary(row)
        | _columns(row, ("baseline_win_rate", "new_threshold", *words))
        | {"created_at": instant_text(row.created_at)}
    )


def _archive(row: Improvement) -> dict[str, Any]:
    return {
        "archived_at": _instant(row.archived_at),
        "archived_reason": row.archived_reason,
    }


def _columns(row: Improvement, names: Iterable[str]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}


def _instant(instant: datetime | None) -> str | None:
    return instant_text(instant) if instant else None
