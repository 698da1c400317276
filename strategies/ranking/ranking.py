"""Ranking: where every strategy stands, from the days of its current version.

How many strategies are compared is how many were ever tried: every version that predicted, and
every active strategy's current one. Versions count one by one, since whoever keeps the best of ten
sets of parameters has compared ten, and goes back to one because it looks good. While their number
grows, earlier looks had a smaller one to allow for; the tiers of today allow for all of today's.
"""

import logging
from collections.abc import Sequence
from dataclasses import fields
from datetime import UTC, datetime

import numpy as np
from django.db import transaction
from django.db.models import Exists, Max, OuterRef, Q

from strategies.models import RankingSettings, StrategyDay, StrategyRecord, StrategyVersion
from strategies.ranking import days
from strategies.ranking.standings import Days, Standing, Sums, standing
from strategies.ranking.tiers import Rules

logger = logging.getLogger(__name__)


SUMMED = [one.name for one in fields(Sums)]


@transaction.atomic
def rank(*, now: datetime, is_anew: bool = False) -> int:
    """Sum up what changed since the last time, and write where each strategy stands.

    Ranking twice writes the same; two at once go one after the other.

    Args:
        now: The current instant.
        is_anew: Sum up all of history, not only what may have changed.

    Returns:
        How many strategies are ranked.
    """
    days.lock()
    last = StrategyRecord.objects.aggregate(last=Max("computed_at"))["last"]
    changed = days.sum_up(None if is_anew else last)
    versions = list(StrategyVersion.objects.filter(is_current=True).order_by("pk"))
    rules, tried = rules_of(RankingSettings.current()), strategies_tried()
    today = now.astimezone(UTC).date()
    by_version = read_days([version.pk for version in versions])
    records = [
        _record(
            version,
            standing(by_version[version.pk], rules, strategies_tried=tried, today=today),
            tried=tried,
            now=now,
        )
        for version in versions
    ]
    written = [one.name for one in StrategyRecord._meta.fields if not one.primary_key]
    StrategyRecord.objects.bulk_create(
        records, update_conflicts=True, unique_fields=["strategy"], update_fields=written
    )
    logger.info("%d strategies ranked, %d days changed", len(records), changed)
    return len(records)


def rules_of(settings: RankingSettings) -> Rules:
    """The thresholds in force."""
    return Rules(**{one.name: getattr(settings, one.name) for one in fields(Rules)})


def strategies_tried() -> int:
    """How many versions predicted or are about to; at least 1, see the module."""
    has_predicted = Exists(StrategyDay.objects.filter(version=OuterRef("pk")))
    is_asked = Q(is_current=True, strategy__is_active=True)
    return max(StrategyVersion.objects.filter(is_asked | Q(has_predicted)).count(), 1)


def read_days(version_ids: Sequence[int]) -> dict[int, Days]:
    """The days of each of these versions, empty where it has none; one query."""
    rows: dict[int, list[tuple[float, ...]]] = {pk: [] for pk in version_ids}
    dates: dict[int, list[str]] = {pk: [] for pk in version_ids}
    found = StrategyDay.objects.filter(version__in=version_ids).order_by("version", "day")
    for version_id, day, *sums in found.values_list("version_id", "day", *SUMMED).iterator():
        dates[version_id].append(day.isoformat())
        rows[version_id].append(tuple(sums))
    return {pk: _days(dates[pk], rows[pk]) for pk in version_ids}


def _days(dates: Sequence[str], rows: Sequence[tuple[float, ...]]) -> Days:
    columns = np.array(rows, dtype=np.float64).reshape(-1, len(SUMMED)).T
    return Days(
        day=np.array(dates, dtype="datetime64[D]"),
        **dict(zip(SUMMED, columns, strict=True)),
    )


def _record(
    version: StrategyVersion, found: Standing, *, tried: int, now: datetime
) -> StrategyRecord:
    sums, verdict = found.sums, found.verdict
    return StrategyRecord(
        strategy_id=version.strategy_id,
        version=version,
        computed_at=now,
        total_predictions=round(sums.predictions),
        settled=sums.settled,
        win_rate=sums.win_rate,
        roi=sums.roi,
        roi_low=found.roi_low,
        roi_high=found.roi_high,
        roi_shrunk=verdict.roi_shrunk,
        graded_matches=round(sums.graded_matches),
        clv=verdict.clv,
        clv_low=verdict.clv_low,
        clv_high=verdict.clv_high,
        raw_clv=sums.raw_clv,
        strategies_tried=tried,
        tier=verdict.tier and verdict.tier.value,
        legacy_tier=found.legacy_tier and found.legacy_tier.value,
        global_score=found.global_score,
        trend=found.trend.value,
    )
