"""Calls to The Odds API in the admin, and the settings that govern them."""

import zlib
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from odds import collection_page, figures, gate
from odds.admin_facts import FactAdmin, OneRowAdmin, SportFilter, column, request_time, two_lines
from odds.collection_form import CollectionSettingsForm
from odds.models import Collection, CollectionSettings, RawPayload


@admin.register(Collection)
class CollectionAdmin(FactAdmin):
    """Calls to The Odds API: what each brought and cost."""

    list_display = [
        "start",
        "sport",
        "asked_for",
        "status_label",
        "brought",
        "rejections",
        "credits",
    ]
    list_filter = ["status", "endpoint", SportFilter, "source"]
    list_select_related = ["sport"]
    list_before_template = "admin/odds/collection/credits.html"
    change_form_template = "admin/odds/collection/page.html"
    empty_title = gettext_lazy("No call yet")
    empty_hint = gettext_lazy(
        "The worker asks for each collected sport as soon as it is due. To ask at once, select a "
        "sport and collect it now."
    )
    empty_url_name = "admin:odds_sport_changelist"
    empty_link = gettext_lazy("Sports")

    def get_urls(self) -> list[URLPattern]:
        """Its pages and the download of an answer."""
        download = self.admin_site.admin_view(self.download_payload)
        name = "odds_collection_payload"
        return [path("<int:pk>/payload.json", download, name=name), *super().get_urls()]

    @column(gettext_lazy("Started"), ordering="started_at")
    def start(self, collection: Collection) -> SafeString:
        """When, and how long ago."""
        return two_lines(
            figures.moment(collection.started_at),
            figures.ago(collection.started_at, request_time()),
        )

    @column(
        gettext_lazy("Status"),
        ordering="status",
        label={
            Collection.Status.STORED: "success",
            Collection.Status.FAILED: "danger",
            Collection.Status.ABANDONED: "warning",
            Collection.Status.RUNNING: "info",
        },
    )
    def status_label(self, collection: Collection) -> tuple[str, str]:
        """Coloured; a failure says of what kind."""
        return collection.status, (
            collection.get_failure_display()
            if collection.failure
            else collection.get_status_display()
        )

    @column(gettext_lazy("Asked for"), ordering="endpoint")
    def asked_for(self, collection: Collection) -> SafeString:
        """Odds or scores, and why."""
        return two_lines(collection.get_endpoint_display(), collection.get_reason_display())

    @column(gettext_lazy("Brought"), ordering="quotes_received")
    def brought(self, collection: Collection) -> SafeString:
        """Quotes or results received, and how many of them were new."""
        account = collection_page.total(collection)
        details = _("%(stored)s stored, %(unchanged)s unchanged") % {
            "stored": figures.whole(account.stored),
            "unchanged": figures.whole(account.unchanged),
        }
        return two_lines(figures.whole(account.received), details)

    @column(gettext_lazy("Rejected"), ordering="quotes_rejected")
    def rejections(self, collection: Collection) -> str:
        """How many of them could not be used."""
        return figures.whole(collection_page.total(collection).rejected)

    @column(gettext_lazy("Credits"), ordering="credits_remaining")
    def credits(self, collection: Collection) -> SafeString:
        """What the call cost and what it left."""
        if collection.credits_remaining is None:
            return two_lines(figures.whole(collection.credits_used), "")
        left = _("%(number)s left") % {"number": figures.whole(collection.credits_remaining)}
        return two_lines(figures.whole(collection.credits_used), left)

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """The list, under the chart of the month's credits."""
        now = request_time()
        account = gate.credits_at(now, CollectionSettings.current())
        chart = collection_page.credits_chart(account, now)
        context = {"account": account, "credits_chart": chart, "now": now}
        response: HttpResponse = super().changelist_view(request, context | (extra_context or {}))
        return response

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """The page of one call instead of a form."""
        collection: Collection = kwargs["obj"]
        context |= {
            "accounts": list(collection_page.accounts(collection)),
            "has_payload": RawPayload.objects.filter(pk=collection.pk).exists(),
            "now": request_time(),
        }
        response: HttpResponse = super().render_change_form(request, context, *args, **kwargs)
        return response

    def download_payload(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The answer as it came."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        payload = get_object_or_404(RawPayload, pk=pk)
        return HttpResponse(
            zlib.decompress(payload.body),
            content_type="application/json",
            headers={"Content-Disposition": f'attachment; filename="collection-{pk}.json"'},
        )


@admin.register(CollectionSettings)
class CollectionSettingsAdmin(OneRowAdmin):
    """What governs the calls."""

    form = CollectionSettingsForm
    readonly_fields = ["cost"]
    fieldsets = [
        (
            gettext_lazy("What is asked for"),
            {"fields": ["regions", "markets", "cost"]},
        ),
        (
            gettext_lazy("How often, and how much is kept back"),
            {"fields": ["minimum_interval_seconds", "monthly_credits", "reserve_percent"]},
        ),
        (gettext_lazy("Connection"), {"fields": ["timeout_seconds", "payload_days"]}),
    ]

    @column(gettext_lazy("Cost of a call"))
    def cost(self, settings: CollectionSettings) -> str:
        """Markets times regions, as saved."""
        number = gate.cost_of(settings)
        return ngettext("%(number)d credit", "%(number)d credits", number) % {"number": number}
