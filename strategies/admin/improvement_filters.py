"""How the list of improvements is narrowed down, and how many stand where."""

from typing import Any, Final

from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from odds.admin_facts import ChoiceFilter
from strategies.admin.strategies import AgentFilter
from strategies.models import Improvement

Rows = QuerySet[Improvement]
LIST: Final = "admin:strategies_improvement_changelist"


class StatusFilter(ChoiceFilter):
    """Where improvements stand."""

    title = gettext_lazy("status")
    parameter_name = "status"
    default = "all"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:  # noqa: ARG002
        """All of them, or one status."""
        return [("all", gettext_lazy("All")), *Improvement.Status.choices]

    def queryset(self, request: HttpRequest, queryset: Rows) -> Rows:  # noqa: ARG002
        """Those that stand so."""
        return queryset if self.value() == "all" else queryset.filter(status=self.value())


class ImprovementAgentFilter(AgentFilter):
    """Which agent the change is for."""

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:  # noqa: ARG002
        """The changes of its strategies."""
        return queryset.filter(strategy__agent=self.value()) if self.value() else queryset


def tabs(request: HttpRequest) -> list[dict[str, Any]]:
    """How many stand where, each a link to them."""
    rows = Improvement.objects.order_by().values_list("status").annotate(Count("pk"))
    counts = dict(rows)
    chosen = request.GET.get("status", "all")
    every = [("all", _("All"), sum(counts.values()))]
    every += [(key, str(label), counts.get(key, 0)) for key, label in Improvement.Status.choices]
    return [
        {
            "title": title,
            "number": number,
            "link": reverse(LIST, query={} if key == "all" else {"status": key}),
            "is_chosen": key == chosen,
        }
        for key, title, number in every
    ]
