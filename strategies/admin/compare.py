"""The page on which two strategies stand side by side: what each brought, and who brought more."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from betting.performance.measures import FEWEST
from odds.admin_facts import request_time
from strategies.admin import compare_text, ranking
from strategies.admin.compare_pairs import Pair, pair_of
from strategies.admin.compare_text import Line
from strategies.api.agent_records import (
    MOST_ROWS,
    AgentRecord,
    Columns,
    read_columns,
    record_of,
    since_days,
)
from strategies.api.likeness import Likeness, likeness
from strategies.models import Strategy, StrategyVersion

PERIODS: Final = {"30": 30, "90": 90, "365": 365}
DEFAULT: Final = "90"


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One strategy and what its current version predicted in the period."""

    strategy: Any
    version: StrategyVersion
    record: AgentRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """Both, how alike they are, and the difference; percentages are None where undefined."""

    sides: tuple[Side, Side]
    lines: list[Line]
    alike: Likeness
    overlap_pct: float | None
    same_outcome_pct: float | None
    pair: Pair
    sentence: str
    is_cut: bool
    fewest: int = FEWEST

    @property
    def course(self) -> dict[str, Any]:
        """The chart."""
        return {"points": self.pair.points}


def view(request: HttpRequest) -> HttpResponse:
    """`GET /admin/compare/?first=1&second=2&period=90`."""
    if not request.user.has_perm("strategies.view_strategy"):
        raise PermissionDenied
    choices = list(ranking.ranked(Strategy.objects.order_by()).order_by("rank", "pk"))
    asked = request.GET.get("period", DEFAULT)
    period = asked if asked in PERIODS else DEFAULT
    first, second = chosen(choices, request.GET.get("first"), request.GET.get("second"))
    context = {
        **admin.site.each_context(request),
        "title": _("Compare two strategies"),
        "choices": choices,
        "first": first,
        "second": second,
        "period": period,
        "periods": [
            ("30", _("30 days")),
            ("90", _("90 days")),
            ("365", _("365 days")),
        ],
        "page": read(first, second, PERIODS[period], now=request_time())
        if first and second
        else None,
    }
    return TemplateResponse(request, "strategies/compare/page.html", context)


def chosen(choices: list[Any], first: str | None, second: str | None) -> tuple[Any, Any]:
    """The two that were asked for; the best of the others where one was not, or twice the same."""
    known = {str(one.pk): one for one in choices}
    one = known.get(first or "")
    other = known.get(second or "")
    if other is not None and other is one:
        other = None
    left = [each for each in choices if each not in (one, other)]
    if one is None and left:
        one = left.pop(0)
    if other is None and left:
        other = left.pop(0)
    return one, other


def read(first: Any, second: Any, days: int, *, now: datetime) -> Compared:
    """Both strategies' predictions of the last days; as many queries whatever the history."""
    since = since_days(now, days)
    versions = {
        one.strategy_id: one
        for one in StrategyVersion.objects.filter(strategy__in=[first, second], is_current=True)
    }
    rows = [read_columns(since=since, strategy=one.pk) for one in (first, second)]
    sides = (
        Side(strategy=first, version=versions[first.pk], record=record_of(rows[0])),
        Side(strategy=second, version=versions[second.pk], record=record_of(rows[1])),
    )
    both_since = max(
        since, *(_asked_since(side, own) for side, own in zip(sides, rows, strict=True))
    )
    pair, alike = pair_of(*rows, since=both_since), likeness(*rows)
    return Compared(
        sides=sides,
        lines=compare_text.lines(sides[0].record, sides[1].record),
        alike=alike,
        overlap_pct=_share(alike.common, alike.either),
        same_outcome_pct=_share(alike.same_outcome, alike.common),
        pair=pair,
        sentence=compare_text.sentence(
            first.strategy_name, second.strategy_name, pair.found, fewest=FEWEST
        ),
        is_cut=any(len(one) == MOST_ROWS for one in rows),
    )


def _asked_since(side: Side, rows: Columns) -> datetime:
    """When its version was made, or first spoke: an imported or simulated past came before."""
    created_at = side.version.created_at
    if not len(rows):
        return created_at
    return min(created_at, datetime.fromtimestamp(rows.predicted_at.min(), UTC))


def _share(part: int, whole: int) -> float | None:
    return 100 * part / whole if whole else None
