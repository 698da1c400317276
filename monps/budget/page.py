"""Everything on the page Budget API; as many queries whatever the history."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings as django_settings
from django.utils import timezone

from monps.budget import calendar, forecast, shapes, slider, text
from monps.budget.calendar import Call, Month
from monps.budget.forecast import Outlook
from monps.budget.shapes import Shapes
from monps.budget.slider import Slider
from monps.budget.text import Refusal
from odds import gate
from odds.budget import missing, stored, words
from odds.budget import shape as budget_shape
from odds.budget import situation as budget_situation
from odds.gate import Credits
from odds.models import Bookmaker, CollectionSettings, PlannerSettings, Sport
from odds.planner import planning
from odds.planner.plans import Plan
from odds.planner.situation import Situation


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the address asks to see: a month, one of its days, a position of the slider."""

    month: date
    day: date
    position: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class BudgetPage:
    """The page, as of one instant.

    `plan` is the one in force, or where the planner is off the one it would make.
    `paused_until` is set while calls are stopped.
    """

    account: Credits
    settings: PlannerSettings
    has_key: bool
    has_sports: bool
    has_kickoffs: bool
    paused_until: datetime | None
    plan: Plan
    month: Month
    day: date
    calls: list[Call]
    outlook: Outlook
    chart: dict[str, Any] | None
    refusals: list[Refusal]
    slider: Slider | None
    coverage: missing.Coverage
    uncovered: list[tuple[str, int]]
    shapes: Shapes

    @property
    def is_cut(self) -> bool:
        """More calls were made that day than are listed."""
        return sum(call.state == calendar.MADE for call in self.calls) >= calendar.CALLS_SHOWN


def read(now: datetime, asked: Asked) -> BudgetPage:
    """Read the page as of `now`."""
    settings, collecting = PlannerSettings.current(), CollectionSettings.current()
    account = gate.credits_at(now, collecting)
    titles = dict(Sport.objects.values_list("key", "title"))
    situation = budget_situation.read(now)
    plan = (stored.current() if settings.is_on else None) or planning.plan(situation)
    outlook = forecast.outlook(situation, plan)
    covered = missing.coverage(now, window=settings.window)
    return BudgetPage(
        account=account,
        settings=settings,
        has_key=bool(django_settings.ODDS_API_KEY),
        has_sports=bool(situation.sports),
        has_kickoffs=any(one.at > now for one in situation.kickoffs),
        paused_until=_pause(situation, now),
        plan=plan,
        month=calendar.month(asked.month, plan, chosen=asked.day, now=now),
        day=asked.day,
        calls=calendar.calls(asked.day, plan, titles=titles, window=settings.window),
        outlook=outlook,
        chart=forecast.chart(account, situation, plan, outlook),
        refusals=text.refusals(plan.not_planned, titles),
        slider=_slider(situation, asked, titles),
        coverage=covered,
        uncovered=[(words.label(why), number) for why, number in covered.missing],
        shapes=_shapes(collecting, settings),
    )


def asked(given: Mapping[str, str], now: datetime) -> Asked:
    """What an address asks for; what cannot be read is taken as today."""
    today = timezone.localtime(now).date()
    day = _date(given.get("day", ""))
    month = _date(f"{given.get('month', '')}-01") or day or today
    if day is None:
        is_now = (month.year, month.month) == (today.year, today.month)
        day = today if is_now else month.replace(day=1)
    return Asked(
        month=(day if "day" in given else month).replace(day=1),
        day=day,
        position=slider.position_of(given.get("position")),
    )


def _date(given: str) -> date | None:
    try:
        found = date.fromisoformat(given)
    except ValueError:
        return None
    return found if 2000 <= found.year <= 2999 else None


def _pause(situation: Situation, now: datetime) -> datetime | None:
    until = situation.paused_until
    return until if until is not None and until > now else None


def _slider(situation: Situation, asked: Asked, titles: Mapping[str, str]) -> Slider | None:
    if not situation.sports or not situation.settings.has_scans:
        return None
    return slider.read(situation, chosen=asked.position, titles=titles)


def _shapes(collecting: CollectionSettings, settings: PlannerSettings) -> Shapes:
    titles = dict(Bookmaker.objects.values_list("key", "title"))
    in_force = budget_shape.in_force(collecting, settings)
    return shapes.read(in_force, budget_shape.offered(collecting), titles=titles)
