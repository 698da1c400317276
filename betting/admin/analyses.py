"""The page of performance: profit and closing line value over time and by what was bet on."""

from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from betting.admin import analyses_margins, analyses_missed, analyses_text
from betting.admin.analyses_margins import MOST_MATCHES
from betting.api.performance import series
from betting.models import StakingSettings
from betting.performance import bet_columns, calibration, groups, records
from betting.performance.calibration import Bin
from betting.performance.match_clv import by_match_day, by_week
from betting.performance.scopes import Scope, days_until
from betting.performance.verdict import TOO_FEW_MATCHES, Evidence
from odds.admin_facts import request_time

PERIODS: Final = {"30": 30, "90": 90, "365": 365, "all": None}
DEFAULT: Final = "90"
COLUMNS: Final = (*records.COLUMNS, "said", "came")
MOST_DAYS: Final = 100  # with settled bets; beyond them a point is a week


@dataclass(frozen=True, slots=True, kw_only=True)
class Analyses:
    """The page of bets settled in the period, but for its parts; charts are ready for JSON."""

    period: str
    since: date | None
    currency: str
    evidence: Evidence
    profit: float
    risk: float
    drawdown_pct: float | None
    money: list[dict[str, Any]]
    is_weekly: bool
    clv: list[dict[str, Any]]
    is_clv_weekly: bool
    bins: list[Bin]
    calibrated: int
    fewest: int = TOO_FEW_MATCHES

    @property
    def money_course(self) -> dict[str, Any]:
        """The chart of profit."""
        return {"points": self.money}

    @property
    def clv_course(self) -> dict[str, Any]:
        """The chart of closing line value."""
        return {"points": self.clv}

    @property
    def calibration(self) -> list[dict[str, Any]]:
        """The chart of calibration."""
        return [asdict(one) for one in self.bins]


def view(request: HttpRequest) -> HttpResponse:
    """`GET /admin/analyses/?period=90`."""
    period = _permitted_period(request)
    context = {
        **admin.site.each_context(request),
        "title": _("Performance"),
        "page": read(period, now=request_time()),
        "periods": [
            {"key": "30", "title": _("30 days")},
            {"key": "90", "title": _("90 days")},
            {"key": "365", "title": _("365 days")},
            {"key": "all", "title": _("All")},
        ],
    }
    return TemplateResponse(request, "admin/betting/analyses/page.html", context)


def groups_view(request: HttpRequest) -> HttpResponse:
    """`GET /admin/analyses/groups/?period=90`: bets told apart, a part of the page."""
    bets = groups.read_bets(Scope(since=_since(_permitted_period(request), request_time())))
    context = {
        "tables": analyses_text.tables(groups.groups_of(bets)),
        "currency": StakingSettings.current().currency,
        "fewest": TOO_FEW_MATCHES,
    }
    return TemplateResponse(request, "admin/betting/analyses/tables.html", context)


def missed_view(request: HttpRequest) -> HttpResponse:
    """`GET /admin/analyses/missed/?period=90`: what values brought on paper, a part of the page."""
    period, now = _permitted_period(request), request_time()
    context = {
        "missed": analyses_missed.on_paper(_since(period, now), now=now),
        "fewest": TOO_FEW_MATCHES,
    }
    return TemplateResponse(request, "admin/betting/analyses/missed.html", context)


def margins_view(request: HttpRequest) -> HttpResponse:
    """`GET /admin/analyses/margins/`: what bookmakers keep, a part of the page."""
    _permitted_period(request)
    context = {
        "margins": analyses_margins.margins_by_operator(request_time()),
        "most_matches": MOST_MATCHES,
    }
    return TemplateResponse(request, "admin/betting/analyses/margins.html", context)


def _permitted_period(request: HttpRequest) -> str:
    """The period, of a user who may see bets."""
    if not request.user.has_perm("betting.view_bet"):
        raise PermissionDenied
    asked = request.GET.get("period", DEFAULT)
    return asked if asked in PERIODS else DEFAULT


def _since(period: str, now: datetime) -> datetime | None:
    days = PERIODS[period]
    return None if days is None else days_until(now, days)


def read(period: str, *, now: datetime) -> Analyses:
    """The page of a period, a key of `PERIODS`; as many queries whatever the history."""
    scope = Scope(since=_since(period, now))
    columns = dict(zip(COLUMNS, bet_columns.read(scope, *COLUMNS), strict=True))
    bets = records.sample_of(columns)
    curve = bets.curve(scope)
    evidence = groups.evidence_of_sample(bets)
    money = series(curve, "day")
    is_weekly = len(money) > MOST_DAYS
    clv = by_match_day(bets)
    is_clv_weekly = len(clv) > MOST_DAYS
    currency = StakingSettings.current().currency
    bins = calibration.bins_of(columns["said"], columns["came"])
    return Analyses(
        period=period,
        since=None if scope.since is None else scope.since.date(),
        currency=currency,
        evidence=evidence,
        profit=float(bets.profit.sum()) / 100,
        risk=float(bets.risk.sum()) / 100,
        drawdown_pct=curve.drawdown_pct,
        money=_growing(series(curve, "week") if is_weekly else money),
        is_weekly=is_weekly,
        clv=by_week(clv) if is_clv_weekly else clv,
        is_clv_weekly=is_clv_weekly,
        bins=bins,
        calibrated=sum(one.count for one in bins),
    )


def _growing(points: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The cumulative profit with what was settled, from 0 on the day before the first."""
    if not points:
        return []
    day_before = date.fromisoformat(points[0]["date"]) - timedelta(days=1)
    start = {"date": day_before.isoformat(), "value": 0.0, "number": 0}
    return [
        start,
        *(
            {"date": one["date"], "value": one["cumulative_profit"], "number": one["bets"]}
            for one in points
        ),
    ]
