"""How the list of predictions is narrowed down."""

from typing import Any

from django.contrib.admin import SimpleListFilter
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from odds.admin_facts import ChoiceFilter, SportFilter, request_time
from strategies.models import Prediction, Strategy

Rows = QuerySet[Prediction]


class KickOffFilter(ChoiceFilter):
    """Before kick-off, after it, or both."""

    title = _("kick-off")
    parameter_name = "when"
    default = "all"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:  # noqa: ARG002
        """The three."""
        return [("all", _("All")), ("upcoming", _("Upcoming")), ("past", _("Kicked off"))]

    def queryset(self, request: HttpRequest, queryset: Rows) -> Rows:  # noqa: ARG002
        """Predictions on such matches."""
        now = request_time()
        if self.value() == "upcoming":
            return queryset.filter(match__commence_time__gt=now)
        if self.value() == "past":
            return queryset.filter(match__commence_time__lte=now)
        return queryset


class StrategyFilter(SimpleListFilter):
    """Whose predictions, all its versions together."""

    title = _("strategy")
    parameter_name = "strategy"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:  # noqa: ARG002
        """All strategies."""
        return [(str(one.pk), str(one)) for one in Strategy.objects.all()]

    def queryset(self, request: HttpRequest, queryset: Rows) -> Rows:  # noqa: ARG002
        """The strategy's predictions."""
        chosen = self.value() or ""
        return queryset.filter(version__strategy=int(chosen)) if chosen.isdecimal() else queryset


class PredictionSportFilter(SportFilter):
    """The sport of the match."""

    path = "match__sport"
