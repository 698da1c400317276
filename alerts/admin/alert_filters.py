"""How the list of alerts is narrowed down."""

from typing import Any

from django.contrib.admin import SimpleListFilter
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from alerts.models import Alert, Mail
from odds.admin_facts import ChoiceFilter

Rows = QuerySet[Alert]


class StandingFilter(ChoiceFilter):
    """All, the open ones first, unless asked otherwise."""

    title = _("status")
    parameter_name = "show"
    default = "all"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:  # noqa: ARG002
        """How an alert can stand."""
        return [
            ("all", _("All")),
            ("open", _("Open")),
            ("pending", _("Pending")),
            ("over", _("Ended")),
        ]

    def queryset(self, request: HttpRequest, queryset: Rows) -> Rows:  # noqa: ARG002
        """Those that stand so."""
        alerts = Alert.objects
        narrowed = {
            "open": alerts.open(),
            "pending": alerts.pending(),
            "over": alerts.exclude(ends_at=None),
        }.get(self.value())
        return queryset if narrowed is None else queryset & narrowed


class SeverityFilter(SimpleListFilter):
    """How loud they are."""

    title = _("severity")
    parameter_name = "severity"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:  # noqa: ARG002
        """Ours; Alertmanager may know others."""
        return list(Mail.Severity.choices)

    def queryset(self, request: HttpRequest, queryset: Rows) -> Rows:  # noqa: ARG002
        """Those of the chosen one."""
        return queryset.filter(severity=self.value()) if self.value() else queryset
