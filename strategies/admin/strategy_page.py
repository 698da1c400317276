"""What the page of a strategy shows: record, days, versions, predictions, backtests."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import accumulate
from typing import Any, Final

from django.db.models import QuerySet, Sum
from django.utils.translation import gettext as _

from odds import figures
from strategies.admin import prediction_text
from strategies.admin.charts import Chart, Line, line_chart
from strategies.admin.jobs import with_outcomes
from strategies.admin.parameter_form import parameter_text, text_of
from strategies.admin.ranking_text import missing_for_tier, standing_of
from strategies.days import day as written_day
from strategies.models import (
    Backtest,
    Prediction,
    RankingSettings,
    Strategy,
    StrategyDay,
    StrategyRecord,
    StrategyVersion,
)
from strategies.texts import AgentText

BY_HAND: Final = "by hand: "
DAYS_DRAWN: Final = 1000
VERSIONS_SHOWN: Final = 20
PREDICTIONS_SHOWN: Final = 10
BACKTESTS_SHOWN: Final = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionLine:
    """A version, how it differs from the shipped parameters, and what its days come to."""

    row: StrategyVersion
    origin: str
    differences: list[str]
    predictions: int
    yield_pct: float | None
    clv_pct: float | None
    graded_matches: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StrategyPage:
    """Everything on it; `record` is empty until the ranking has seen the current version."""

    text: AgentText
    current: StrategyVersion | None
    record: StrategyRecord
    is_ranked: bool
    missing: str
    settings: RankingSettings
    rank: int | None
    chart: Chart | None
    days: int
    versions: list[VersionLine]
    predictions: list[dict[str, Any]]
    backtests: list[Any]


def read(strategy: Strategy, *, now: datetime) -> StrategyPage:
    """Read the page of a strategy from `ranking.ranked`."""
    lines = list(_versions(strategy))
    current = next((line.row for line in lines if line.row.is_current), None)
    days = _days(current) if current else []
    settings, record = RankingSettings.current(), standing_of(strategy)
    return StrategyPage(
        text=text_of(strategy.rules),
        current=current,
        record=record or StrategyRecord(),
        is_ranked=record is not None,
        missing=missing_for_tier(record, settings),
        settings=settings,
        rank=getattr(strategy, "rank", None),
        chart=_chart(days),
        days=len(days),
        versions=lines,
        predictions=_predictions(current, now) if current else [],
        backtests=_backtests(strategy),
    )


def _versions(strategy: Strategy) -> Iterator[VersionLine]:
    """The current one and the newest others."""
    rows = strategy.versions.select_related("strategy").order_by("-is_current", "-number")
    shown = list(rows[:VERSIONS_SHOWN])
    sums = _sums([row.pk for row in shown])
    for row in shown:
        found = sums.get(row.pk, {})
        risk, graded = found.get("risk") or 0, found.get("graded_matches") or 0
        yield VersionLine(
            row=row,
            origin=origin_of(row),
            differences=_differences(row),
            predictions=found.get("predictions") or 0,
            yield_pct=100 * found["profit"] / risk if risk else None,
            clv_pct=found["clv_sum"] / graded if graded else None,
            graded_matches=graded,
        )


def _sums(version_ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    wanted = ("predictions", "risk", "profit", "graded_matches", "clv_sum")
    rows = StrategyDay.objects.filter(version__in=version_ids).order_by().values("version")
    summed = rows.annotate(**{f"all_{name}": Sum(name) for name in wanted})
    return {row["version"]: {name: row[f"all_{name}"] for name in wanted} for row in summed}


def origin_of(version: StrategyVersion) -> str:
    """Where a version came from, in the user's language."""
    if version.origin == "shipped":
        return _("shipped with MON_PS")
    if version.origin.startswith(BY_HAND):
        return _("changed by %(name)s") % {"name": version.origin.removeprefix(BY_HAND)}
    return version.origin or figures.UNDEFINED


def _differences(version: StrategyVersion) -> list[str]:
    """Parameters that are not as shipped."""
    rules = version.strategy.rules
    shipped = StrategyVersion(strategy=version.strategy, parameters={}).mapping
    return [
        f"{parameter_text(rules, name).label} {figures.plain(value)}"
        for name, value in version.mapping.items()
        if value != shipped[name]
    ]


def _days(version: StrategyVersion) -> list[StrategyDay]:
    """The newest days, in order."""
    return list(version.days.order_by("-day")[:DAYS_DRAWN])[::-1]


def _chart(days: Sequence[StrategyDay]) -> Chart | None:
    """Cumulative profit and cumulative mean fair CLV; None with fewer than two days."""
    if len(days) < 2:
        return None
    profits = list(accumulate(day.profit for day in days))
    sums = list(accumulate(day.clv_sum for day in days))
    matches = list(accumulate(day.graded_matches for day in days))
    means = [
        total / number if number else None for total, number in zip(sums, matches, strict=True)
    ]
    return line_chart(
        [written_day(day.day) for day in days],
        [
            Line(label=_("Profit (units)"), values=profits),
            Line(label=_("Mean fair CLV (%)"), values=means, is_right=True),
        ],
        left=_("units"),
        right=_("percent"),
    )


def _predictions(version: StrategyVersion, now: datetime) -> list[dict[str, Any]]:
    rows: QuerySet[Any] = prediction_text.with_titles(
        Prediction.objects.filter(version=version).select_related("match__sport", "bookmaker")
    )
    newest = rows.order_by("-predicted_at")[:PREDICTIONS_SHOWN]
    return [prediction_text.line_of(row, now=now) for row in newest]


def _backtests(strategy: Strategy) -> list[Any]:
    rows = Backtest.objects.filter(version__strategy=strategy)
    return list(with_outcomes(rows)[:BACKTESTS_SHOWN])
