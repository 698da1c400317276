"""The month of calls as a calendar: by day how many of each kind and their cost; a day's list."""

import calendar
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from django.db.models import Case, CharField, Count, Sum, Value, When
from django.db.models.functions import Coalesce, TruncDate
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from monps.budget import purchases, text
from monps.budget.purchases import Bought
from odds import figures
from odds.admin_facts import change_url
from odds.budget import words
from odds.models import Collection, PlannedCall
from odds.models.collections import CollectionQuerySet
from odds.planner.plans import Plan
from odds.planner.plans import PlannedCall as PlannedByPlan
from odds.planner.situation import Kind

CALLS_SHOWN: Final = 200  # of one day, the newest; a free plan makes 16 a day
MADE, PLANNED, MISSED = "made", "planned", "missed"
PAID: Final = (Collection.Endpoint.ODDS, Collection.Endpoint.SCORES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """The calls of one kind and state on one day."""

    kind: str
    label: str
    number: int
    cost: int
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """One square of the calendar; outside the month it is empty."""

    on: date
    is_inside: bool
    is_today: bool
    is_chosen: bool
    parts: list[Part]

    @property
    def cost(self) -> int:
        """Credits of all its calls."""
        return sum(part.cost for part in self.parts)

    @property
    def spoken(self) -> str:
        """The square in words, for those who do not see it."""
        parts = [_spoken(part) for part in self.parts]
        return ", ".join([date_format(self.on, "DATE_FORMAT"), *parts])


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call of a day, made, planned or missed.

    `outcome` says what went wrong with one that was made; otherwise `bought` is what it brought.
    """

    at: datetime
    sport: str
    kind: str
    label: str
    cost: int | None
    reason: str
    state: str
    url: str = ""
    outcome: str = ""
    bought: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """The calendar: weeks from Monday to Sunday, and the months beside it."""

    first: date
    weeks: list[list[Day]]
    before: date
    after: date | None

    @property
    def cost(self) -> int:
        """Credits of all its calls."""
        return sum(day.cost for week in self.weeks for day in week)


def month(first: date, plan: Plan | None, *, chosen: date, now: datetime) -> Month:
    """The calls of a month made, missed and planned, by day in the user's zone; two queries.

    Args:
        first: The month's first day.
        plan: Whose calls are to come, if there is one.
        chosen: The day that is opened.
        now: The current instant.
    """
    after = (first + timedelta(days=32)).replace(day=1)
    parts = _made(first, after)
    for on, more in (*_missed(first, after).items(), *_planned(plan).items()):
        parts[on] += more
    today = timezone.localtime(now).date()
    weeks = [
        [
            Day(
                on=on,
                is_inside=on.month == first.month,
                is_today=on == today,
                is_chosen=on == chosen,
                parts=parts[on] if on.month == first.month else [],
            )
            for on in week
        ]
        for week in calendar.Calendar().monthdatescalendar(first.year, first.month)
    ]
    return Month(
        first=first,
        weeks=weeks,
        before=(first - timedelta(days=1)).replace(day=1),
        after=after if after <= today else None,
    )


def calls(
    on: date, plan: Plan | None, *, titles: Mapping[str, str], window: timedelta
) -> list[Call]:
    """The calls of one day in order of time; three queries.

    Args:
        on: The day, in the user's zone.
        plan: Whose calls are to come, if there is one.
        titles: The sports' names by their keys.
        window: The longest time before the kick-off at which odds count as closing ones.
    """
    start, end = midnight(on), midnight(on + timedelta(days=1))
    rows = list(
        _paid(start, end)
        .annotate(kind=_kind())
        .select_related("sport")
        .order_by("-started_at")[:CALLS_SHOWN]
    )
    ended = PlannedCall.objects.filter(at__gte=start, at__lt=end).exclude(
        status=PlannedCall.Status.PLANNED
    )
    ended_calls = list(ended.select_related("sport").order_by("-at")[:CALLS_SHOWN])
    whys = {one.collection_id: words.of(one) for one in ended_calls if one.collection_id}
    bought = purchases.read(rows, window=window)
    found = [_call_made(row, bought.get(row.pk), whys.get(row.pk, "")) for row in rows]
    missed = PlannedCall.Status.MISSED
    found += [_call_missed(one) for one in ended_calls if one.status == missed]
    coming = plan.calls if plan else ()
    found += [_call_planned(one, titles) for one in coming if start <= one.at < end]
    return sorted(found, key=lambda call: call.at)


def midnight(on: date) -> datetime:
    """When a day begins in the user's zone."""
    return timezone.make_aware(datetime.combine(on, time()))


def _paid(start: datetime, end: datetime) -> CollectionQuerySet:
    """Calls that cost credits where they bring something; lists of kick-offs are free."""
    return Collection.objects.from_api().filter(
        endpoint__in=PAID, started_at__gte=start, started_at__lt=end
    )


def _kind() -> Case:
    return Case(
        When(endpoint=Collection.Endpoint.SCORES, then=Value(Kind.RESULTS.value)),
        When(reason=Collection.Reason.CLOSING, then=Value(Kind.CLOSING.value)),
        default=Value(Kind.SCAN.value),
        output_field=CharField(),
    )


def _made(first: date, after: date) -> dict[date, list[Part]]:
    rows = (
        _paid(midnight(first), midnight(after))
        .order_by()
        .values(on=TruncDate("started_at"), part=_kind())
        .annotate(number=Count("pk"), credits=Coalesce(Sum("credits_used"), 0))
    )
    return _by_day(
        (row["on"], _part(row["part"], row["number"], row["credits"], MADE)) for row in rows
    )


def _missed(first: date, after: date) -> dict[date, list[Part]]:
    """Closing windows and other calls that were planned and never made; they cost nothing."""
    rows = (
        PlannedCall.objects.filter(
            status=PlannedCall.Status.MISSED,
            at__gte=midnight(first),
            at__lt=midnight(after),
        )
        .order_by()
        .values("kind", on=TruncDate("at"))
        .annotate(number=Count("pk"))
    )
    return _by_day((row["on"], _part(row["kind"], row["number"], 0, MISSED)) for row in rows)


def _planned(plan: Plan | None) -> dict[date, list[Part]]:
    costs: dict[tuple[date, Kind], list[int]] = defaultdict(list)
    for call in plan.calls if plan else ():
        costs[timezone.localtime(call.at).date(), call.kind].append(call.cost)
    return _by_day(
        (on, _part(kind, len(each), sum(each), PLANNED)) for (on, kind), each in costs.items()
    )


def _by_day(found: Iterable[tuple[date, Part]]) -> dict[date, list[Part]]:
    parts: dict[date, list[Part]] = defaultdict(list)
    for on, part in found:
        parts[on].append(part)
    for of_day in parts.values():
        of_day.sort(key=lambda part: list(Kind).index(Kind(part.kind)))
    return parts


def _part(kind: str, number: int, cost: int, state: str) -> Part:
    label = str(text.KINDS[Kind(kind)])
    return Part(kind=kind, label=label, number=number, cost=cost, state=state)


def _spoken(part: Part) -> str:
    told = {
        "kind": part.label,
        "number": figures.whole(part.number),
        "credits": text.credits_label(part.cost),
    }
    if part.state == PLANNED:
        return _("%(kind)s: %(number)s planned, %(credits)s") % told
    if part.state == MISSED:
        return _("%(kind)s: %(number)s missed") % told
    return _("%(kind)s: %(number)s made, %(credits)s") % told


def _call_made(row: Collection, bought: Bought | None, why: str) -> Call:
    kind = Kind(row.kind)  # type: ignore[attr-defined]  # annotated
    states = Collection.Status
    outcome = "" if row.status == states.STORED else str(row.get_status_display())
    if row.status == states.FAILED:
        outcome = str(row.get_failure_display())
    return Call(
        at=row.started_at,
        sport=row.sport.title,
        kind=kind,
        label=str(text.KINDS[kind]),
        cost=row.credits_used,
        reason=why or row.get_reason_display(),
        state=MADE,
        url=change_url(row),
        outcome=outcome,
        bought=_bought(row, bought),
    )


def _call_missed(one: PlannedCall) -> Call:
    return Call(
        at=one.at,
        sport=one.sport.title,
        kind=one.kind,
        label=str(text.KINDS[Kind(one.kind)]),
        cost=0,
        reason=words.of(one),
        state=MISSED,
        outcome=_("Missed"),
    )


def _call_planned(one: PlannedByPlan, titles: Mapping[str, str]) -> Call:
    return Call(
        at=one.at,
        sport=titles.get(one.sport, one.sport),
        kind=one.kind,
        label=str(text.KINDS[one.kind]),
        cost=one.cost,
        reason=text.reason(one, titles),
        state=PLANNED,
    )


def _bought(row: Collection, bought: Bought | None) -> list[str]:
    """What a call brought, in short parts."""
    if row.endpoint == Collection.Endpoint.SCORES:
        number = row.matches_received
        told = ngettext("%(number)s match received", "%(number)s matches received", number)
        return [told % {"number": figures.whole(number)}] if row.observed_at else []
    if bought is None:
        return []
    parts = [
        (
            bought.closings,
            ngettext(
                "%(number)s closing captured", "%(number)s closings captured", bought.closings
            ),
        ),
        (
            bought.opportunities,
            ngettext(
                "%(number)s opportunity opened",
                "%(number)s opportunities opened",
                bought.opportunities,
            ),
        ),
        (
            bought.quotes_changed,
            ngettext(
                "%(number)s quote changed", "%(number)s quotes changed", bought.quotes_changed
            ),
        ),
    ]
    said = [told % {"number": figures.whole(number)} for number, told in parts if number]
    return said or [_("nothing new")]
