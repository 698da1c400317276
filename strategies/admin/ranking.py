"""Strategies with what their current versions' records say, best first."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import (
    Case,
    CharField,
    Count,
    F,
    FloatField,
    IntegerField,
    Max,
    OuterRef,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from strategies.models import RankingSettings, StrategyRecord, StrategyVersion


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """How the ranking is to be read: when it was computed, over how many, by which rules."""

    computed_at: datetime | None
    strategies_tried: int | None
    settings: RankingSettings


def ranked(strategies: QuerySet[Any]) -> QuerySet[Any]:
    """With record, current version (`current_id`, `current_number`), score, tier and rank."""
    current = StrategyVersion.objects.filter(strategy=OuterRef("pk"), is_current=True)
    with_version = strategies.select_related("record").annotate(
        current_id=Subquery(current.values("pk")[:1]),
        current_number=Subquery(current.values("number")[:1]),
    )
    is_standing = {"record__version_id": F("current_id")}
    scored = with_version.annotate(
        current_score=Case(
            When(**is_standing, then=F("record__global_score")), output_field=FloatField()
        ),
        current_tier=Case(
            When(**is_standing, then=F("record__tier")), output_field=CharField(null=True)
        ),
    )
    return _placed(scored)


def _placed(scored: QuerySet[Any]) -> QuerySet[Any]:
    """With the rank by score among all strategies, whatever a filter leaves of them."""
    better = (
        StrategyRecord.objects.filter(
            version__is_current=True, global_score__gt=OuterRef("current_score")
        )
        .order_by()
        .values(one=Value(1))
        .annotate(number=Count("pk"))
    )
    place = Coalesce(Subquery(better.values("number")), 0) + 1
    ranks: QuerySet[Any] = scored.annotate(
        rank=Case(
            When(current_score=None, then=None), default=place, output_field=IntegerField(null=True)
        )
    )
    return ranks


def note(settings: RankingSettings) -> Note:
    """What stands above the list."""
    found = StrategyRecord.objects.aggregate(at=Max("computed_at"), tried=Max("strategies_tried"))
    return Note(computed_at=found["at"], strategies_tried=found["tried"], settings=settings)
