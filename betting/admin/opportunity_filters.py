"""How the list of opportunities is narrowed down."""

from typing import Any

from django.contrib.admin import SimpleListFilter
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from betting.models import Opportunity
from odds.admin_facts import ChoiceFilter, SportFilter, request_time
from odds.models import Bookmaker

Rows = QuerySet[Opportunity]


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
    field = "best_bookmaker__is_playable"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:  # noqa: ARG002
        """Yes or no."""
        return [("True", _("Yes")), ("False", _("No"))]


class OpportunitySportFilter(SportFilter):
    """The sport of the match."""

    path = "match__sport"


class BookmakerFilter(FieldFilter):
    """Who offers the best price; those the user can bet with."""

    title = _("bookmaker")
    parameter_name = "bookmaker"
    field = "best_bookmaker__key"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:  # noqa: ARG002
        """The playable ones; with fewer than two there is nothing to choose."""
        playable = Bookmaker.objects.filter(is_playable=True)
        return list(playable.values_list("key", "title"))
