"""Sports and bookmakers in the admin; matches and collections are in the modules beside it."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.admin import ModelAdmin

from odds import admin_budget, admin_collections, admin_matches
from odds.admin_facts import column
from odds.collect_request import request_collection
from odds.models import Bookmaker, Sport

__all__ = ["BookmakerAdmin", "SportAdmin", "admin_budget", "admin_collections", "admin_matches"]


class RowForm(forms.ModelForm):  # type: ignore[type-arg]  # no subscript at run time
    """A row that is edited in its list: each field says which row it is of, for screen readers."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        for field in self.fields.values():
            field.widget.attrs["aria-label"] = f"{field.label}, {self.instance}"


class RowsAdmin(ModelAdmin):
    """A list whose rows are edited in place."""

    def get_changelist_form(self, request: HttpRequest, **kwargs: Any) -> Any:
        """Its fields have no labels but the heads of their columns."""
        return super().get_changelist_form(request, **{"form": RowForm, **kwargs})


@admin.register(Sport)
class SportAdmin(RowsAdmin):
    """Which competitions are collected."""

    list_display = ["title", "key", "group", "is_collected"]
    list_editable = ["is_collected"]
    list_filter = ["is_collected", "group"]
    search_fields = ["title", "key", "group"]
    ordering = ["-is_collected", "title"]
    readonly_fields = ["key", "title", "group"]
    actions = ["collect_now", "force_collection"]
    list_per_page = 100
    empty_title = gettext_lazy("No sport here")
    empty_hint = gettext_lazy(
        "The list of The Odds API is read when MON_PS starts and once a day, free of charge. If it "
        "stays empty, the health of the system says whether the key is accepted."
    )
    empty_url_name = "admin:monps_system"
    empty_link = gettext_lazy("System health")

    def has_add_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002
        """Sports come from The Odds API."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Sport | None = None) -> bool:  # noqa: ARG002
        """They stay, with their matches."""
        return False

    @admin.action(description=gettext_lazy("Collect now"), permissions=["change"])
    def collect_now(self, request: HttpRequest, queryset: QuerySet[Sport]) -> None:
        """Queue a call for each selected sport that is due."""
        self._collect(request, queryset, is_forced=False)

    @admin.action(
        description=gettext_lazy("Collect now, even before it is due"), permissions=["change"]
    )
    def force_collection(self, request: HttpRequest, queryset: QuerySet[Sport]) -> None:
        """Queue a call for each selected sport; the reserve is still never touched."""
        self._collect(request, queryset, is_forced=True)

    def _collect(self, request: HttpRequest, queryset: QuerySet[Sport], *, is_forced: bool) -> None:
        for sport in queryset:
            if refusal := request_collection(sport, now=timezone.now(), is_forced=is_forced):
                self.message_user(request, refusal, messages.WARNING)
            else:
                queued = _("%(sport)s: the call is queued; its result appears under Collections.")
                self.message_user(request, queued % {"sport": sport}, messages.SUCCESS)


@admin.register(Bookmaker)
class BookmakerAdmin(RowsAdmin):
    """What is known about bookmakers; playable and commission are the user's to set."""

    list_display = ["title", "key", "operator", "kind_label", "commission", "is_playable"]
    list_editable = ["commission", "is_playable"]
    list_filter = ["kind", "is_playable"]
    search_fields = ["title", "key", "operator"]
    fields = ["title", "key", "operator", "kind", "commission", "is_playable"]
    readonly_fields = ["key"]
    list_per_page = 100
    empty_title = gettext_lazy("No bookmaker here")
    empty_hint = gettext_lazy(
        "Bookmakers come with the first odds; `python manage.py prepare` adds those that are known."
    )
    empty_url_name = "admin:odds_sport_changelist"
    empty_link = gettext_lazy("Sports")

    def has_add_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002
        """Bookmakers come with The Odds API's answers."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Bookmaker | None = None) -> bool:  # noqa: ARG002
        """They stay, with their quotes."""
        return False

    @column(
        gettext_lazy("Kind"),
        ordering="kind",
        label={
            Bookmaker.Kind.SHARP: "primary",
            Bookmaker.Kind.EXCHANGE: "info",
            Bookmaker.Kind.SOFT: "",
        },
    )
    def kind_label(self, bookmaker: Bookmaker) -> tuple[str, str]:
        """The kind as a coloured label."""
        return bookmaker.kind, bookmaker.get_kind_display()
