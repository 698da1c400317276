"""How the list of opportunities is narrowed down."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from django.contrib.admin import SimpleListFilter
from django.contrib.admin.views.main import ChangeList
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from betting.models import Opportunity
from odds.admin_facts import ChoiceFilter, SportFilter, request_time
from odds.models import Bookmaker, Sport

Rows = QuerySet[Opportunity]

# The source's names of sports; one that is not here is shown as the source writes it.
GROUPS = {
    "American Football": _("American football"),
    "Aussie Rules": _("Australian football"),
    "Baseball": _("Baseball"),
    "Basketball": _("Basketball"),
    "Boxing": _("Boxing"),
    "Cricket": _("Cricket"),
    "Golf": _("Golf"),
    "Handball": _("Handball"),
    "Ice Hockey": _("Ice hockey"),
    "Mixed Martial Arts": _("Mixed martial arts"),
    "Rugby League": _("Rugby league"),
    "Rugby Union": _("Rugby union"),
    "Soccer": _("Football"),
    "Tennis": _("Tennis"),
    "Volleyball": _("Volleyball"),
}


class StandingFilter(ChoiceFilter):
    """On offer and accepted unless asked otherwise."""

    title = _("status")
    parameter_name = "show"
    default = "open"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:  # noqa: ARG002
        """The ways an opportunity can stand."""
        return [
            ("open", _("On offer")),
            ("rejected", _("On offer, but rejected")),
            ("closed", _("Closed")),
            ("all", _("All")),
        ]

    def value(self) -> str:
        """The choice; a reason of rejection alone asks for the rejected ones."""
        if "rejection" in self.request.GET and self.parameter_name not in self.request.GET:
            return "rejected"
        return super().value()

    def queryset(self, request: HttpRequest, queryset: Rows) -> Rows:  # noqa: ARG002
        """The rows that stand so."""
        opportunities = Opportunity.objects
        narrowed = {
            "open": opportunities.open(request_time()),
            "rejected": opportunities.unclosed().rejected(),
            "closed": opportunities.exclude(closed_at=None),
        }.get(self.value())
        return queryset if narrowed is None else queryset & narrowed


class FieldFilter(SimpleListFilter):
    """A filter by the value of one column."""

    field = ""

    def queryset(self, request: HttpRequest, queryset: Rows) -> Rows:  # noqa: ARG002
        """The rows with the chosen value."""
        return queryset.filter(**{self.field: self.value()}) if self.value() else queryset


class KindFilter(ChoiceFilter):
    """Values unless asked otherwise: most of the rest are spreads, which say nothing of value."""

    title = _("kind")
    parameter_name = "kind"
    default = Opportunity.Kind.VALUE

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:  # noqa: ARG002
        """The kinds, and all of them."""
        return [*Opportunity.Kind.choices, ("all", _("All"))]

    def queryset(self, request: HttpRequest, queryset: Rows) -> Rows:  # noqa: ARG002
        """The rows of the chosen kind."""
        return queryset if self.value() == "all" else queryset.filter(kind=self.value())


class RejectionFilter(FieldFilter):
    """Which guard refused."""

    title = _("rejected because")
    parameter_name = field = "rejection"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:  # noqa: ARG002
        """The guards."""
        return Opportunity.Rejection.choices


class PlayableFilter(FieldFilter):
    """Where the user can bet."""

    title = _("playable")
    parameter_name = "playable"
    horizontal = True  # the theme lays out three short choices side by side
    field = "best_bookmaker__is_playable"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:  # noqa: ARG002
        """Yes or no."""
        return [("True", _("Yes")), ("False", _("No"))]


class GroupFilter(SimpleListFilter):
    """The kind of sport; choosing another one forgets the competition."""

    title = _("sport")
    parameter_name = "group"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:  # noqa: ARG002
        """Those that are collected."""
        collected = Sport.objects.filter(is_collected=True).exclude(group="").order_by("group")
        groups = collected.values_list("group", flat=True).distinct()
        return [(group, GROUPS.get(group, group)) for group in groups]

    def choices(self, changelist: ChangeList) -> Iterable[dict[str, Any]]:  # type: ignore[override]
        """Each as a link without the competition."""
        chosen = [(None, _("All")), *self.lookup_choices]
        for key, title in chosen:
            query = changelist.get_query_string(
                {"group": key} if key else {}, ["sport"] if key else ["group", "sport"]
            )
            yield {"selected": self.value() == key, "query_string": query, "display": title}

    def queryset(self, request: HttpRequest, queryset: Rows) -> Rows:  # noqa: ARG002
        """The rows of that sport."""
        return queryset.filter(match__sport__group=self.value()) if self.value() else queryset


class LeagueFilter(SportFilter):
    """The competition of the match: those of the chosen sport."""

    title = _("league")
    path = "match__sport"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:  # noqa: ARG002
        """Keys and titles."""
        collected = Sport.objects.filter(is_collected=True)
        if group := request.GET.get("group"):
            collected = collected.filter(group=group)
        return list(collected.values_list("key", "title"))


class BookmakerFilter(FieldFilter):
    """Who offers the best price; those the user can bet with first."""

    title = _("bookmaker")
    parameter_name = "bookmaker"
    field = "best_bookmaker__key"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:  # noqa: ARG002
        """Those with a best price on offer, and the playable ones."""
        best = Opportunity.objects.unclosed().filter(best_bookmaker=OuterRef("pk"))
        offering = Bookmaker.objects.filter(Exists(best)).order_by("-is_playable", "title")
        return [(one.key, f"{one.title} ★" if one.is_playable else one.title) for one in offering]


class PeriodFilter(ChoiceFilter):
    """When the match begins, in days of the user's zone."""

    title = _("kick-off")
    parameter_name = "when"
    default = "all"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:  # noqa: ARG002
        """The next days; a week ends on Sunday."""
        return [
            ("all", _("Any time")),
            ("today", _("Today")),
            ("tomorrow", _("Tomorrow")),
            ("week", _("This week")),
        ]

    def queryset(self, request: HttpRequest, queryset: Rows) -> Rows:  # noqa: ARG002
        """The rows whose match begins then."""
        period = days_of(self.value(), request_time())
        if period is None:
            return queryset
        first, after = period
        return queryset.filter(match__commence_time__gte=first, match__commence_time__lt=after)


def days_of(period: str, now: datetime) -> tuple[datetime, datetime] | None:
    """The first instant of a period and the one after it; a day may have 23 or 25 hours."""
    today = timezone.localtime(now).date()
    spans = {
        "today": (0, 1),
        "tomorrow": (1, 2),
        "week": (0, 7 - today.weekday()),
    }
    if period not in spans:
        return None
    first, after = spans[period]
    return _midnight(today + timedelta(days=first)), _midnight(today + timedelta(days=after))


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


class NumbersFilter(SimpleListFilter):
    """Typed bounds; a number that cannot be read narrows nothing down and says so."""

    template = "admin/betting/opportunity/numbers_filter.html"
    bounds: dict[str, tuple[str, Any, str]] = {}  # parameter: lookup, label, step

    def __init__(
        self, request: HttpRequest, params: dict[str, Any], model: Any, model_admin: Any
    ) -> None:
        """Take every bound from the address."""
        self.parameter_name = next(iter(self.bounds))
        self.typed = {name: str(request.GET.get(name, "")).strip() for name in self.bounds}
        super().__init__(request, params, model, model_admin)
        for name in self.bounds:
            params.pop(name, None)

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:  # noqa: ARG002
        """Nothing to choose from, but always there."""
        return [("", "")]

    def expected_parameters(self) -> list[str | None]:
        """All bounds."""
        return list(self.bounds)

    def choices(self, changelist: ChangeList) -> Iterable[dict[str, Any]]:  # type: ignore[override]
        """The fields, with what else the address says."""
        kept = {
            name: values
            for name, values in changelist.filter_params.items()
            if name not in self.bounds
        }
        fields = [
            {
                "name": name,
                "label": label,
                "step": step,
                "value": self.typed[name],
                "is_unreadable": bool(self.typed[name]) and _number(self.typed[name]) is None,
            }
            for name, (_lookup, label, step) in self.bounds.items()
        ]
        yield {"fields": fields, "kept": kept}

    def queryset(self, request: HttpRequest, queryset: Rows) -> Rows:  # noqa: ARG002
        """The rows within the bounds."""
        numbers = {
            lookup: number
            for name, (lookup, _label, _step) in self.bounds.items()
            if (number := _number(self.typed[name])) is not None
        }
        return queryset.filter(**numbers)


def _number(typed: str) -> Decimal | None:
    """A number with a point or a comma."""
    try:
        number = Decimal(typed.replace(",", "."))
    except InvalidOperation:
        return None
    return number if number.is_finite() and abs(number) < 10**6 else None


class EdgeFilter(NumbersFilter):
    """How large the claimed edge is at least."""

    title = _("claimed edge")
    bounds = {"edge_min": ("edge_pct__gte", _("At least (%)"), "0.5")}


class OddsFilter(NumbersFilter):
    """Between which odds."""

    title = _("odds")
    bounds = {
        "odds_min": ("best_odds__gte", _("From"), "0.1"),
        "odds_max": ("best_odds__lte", _("To"), "0.1"),
    }
