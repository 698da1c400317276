"""Analyses and nights in the admin: asking for one, reading what it came to and what it cost."""

import json
from typing import Any, Final

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from kombu.exceptions import OperationalError

from betting.admin.pages import PageAdmin
from odds import figures
from odds.admin_facts import FactAdmin, OneRowAdmin, change_url, column, request_time, two_lines
from strategies.admin import evidence_text
from strategies.admin.improvement_text import dollars
from strategies.models import LearningRun, LearningSettings, NightlyRun
from strategies.tasks import QUEUE, run_analyses

BASE_RATES: Final = ("predictions", "graded_matches", "clv_pct", "yield_pct", "win_rate_pct")
TONES: Final = {
    LearningRun.Status.PROPOSED: "success",
    LearningRun.Status.ASKING: "info",
    LearningRun.Status.WAITING: "info",
    LearningRun.Status.ANSWERED: "info",
    LearningRun.Status.REFUSED: "warning",
    LearningRun.Status.FAILED: "danger",
    LearningRun.Status.NOTHING: "",
}
NIGHT_TONES: Final = {
    NightlyRun.Status.DONE: "success",
    NightlyRun.Status.RUNNING: "info",
    NightlyRun.Status.FAILED: "danger",
}


@admin.register(LearningRun)
class LearningRunAdmin(PageAdmin):
    """What analysts were told, what they said, and what became of it."""

    list_display = ["name", "state", "outcome", "who", "cost", "begun"]
    list_display_links = None
    list_filter = ["status", "analyst"]
    list_before_template = "strategies/learning/about.html"
    page_template = "strategies/learning/page.html"
    empty_title = gettext_lazy("Nothing was analysed yet")
    empty_hint = gettext_lazy(
        "Every night the strategies with the worst record are looked at: what loses to the "
        "closing line beyond chance, and which parameter leaves it out. It takes about a hundred "
        "graded matches."
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With their strategies; what is long is read on the page only."""
        rows: QuerySet[Any] = super().get_queryset(request)
        return rows.select_related("strategy", "version", "improvement")

    def get_urls(self) -> list[URLPattern]:
        """With the button that asks for an analysis."""
        ask = self.admin_site.admin_view(require_POST(self.ask_view))
        return [path("ask", ask, name="strategies_learningrun_ask"), *super().get_urls()]

    def ask_view(self, request: HttpRequest) -> HttpResponse:
        """Hand an analysis to the worker for it."""
        if not self.has_work_permission(request):
            raise PermissionDenied
        try:
            run_analyses.apply_async((request.user.get_username(),), queue=QUEUE)
        except OperationalError:
            said = _("The queue does not answer, so nothing was started; try again.")
            messages.error(request, said)
        else:
            said = _("The strategies are being looked at; reload the page in a minute.")
            messages.success(request, said)
        return redirect(reverse("admin:strategies_learningrun_changelist"))

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """The list, under what this month cost."""
        context = {"month": _month(request), "may_work": self.has_work_permission(request)}
        response: HttpResponse = super().changelist_view(request, context | (extra_context or {}))
        return response

    @column(gettext_lazy("Strategy"), ordering="strategy__strategy_name")
    def name(self, row: LearningRun) -> SafeString:
        """As a link to its page, over the agent."""
        link = format_html(
            '<a class="mp-link" href="{}">{}</a>', change_url(row), row.strategy.strategy_name
        )
        return two_lines(link, row.strategy.agent_name)

    @column(gettext_lazy("Status"), ordering="status", label=TONES)
    def state(self, row: LearningRun) -> tuple[str, str]:
        """What became of it."""
        return row.status, row.get_status_display()

    @column(gettext_lazy("Outcome"))
    def outcome(self, row: LearningRun) -> SafeString:
        """In a sentence; the improvement as a link."""
        if row.improvement is None:
            return two_lines(row.sentence or figures.UNDEFINED, "", css="is-prose")
        said = _("Improvement %(number)d") % {"number": row.improvement.pk}
        link = format_html('<a class="mp-link" href="{}">{}</a>', change_url(row.improvement), said)
        return two_lines(link, row.sentence, css="is-prose")

    @column(gettext_lazy("Analyst"), ordering="analyst")
    def who(self, row: LearningRun) -> SafeString:
        """A model by its name, or statistics."""
        return two_lines(row.get_analyst_display(), row.model)

    @column(gettext_lazy("Cost"), ordering="cost_usd")
    def cost(self, row: LearningRun) -> str:
        """In dollars, as it is charged."""
        return dollars(row)

    @column(gettext_lazy("Begun"), ordering="started_at")
    def begun(self, row: LearningRun) -> SafeString:
        """When, over by whom."""
        return two_lines(figures.moment(row.started_at), row.asked_by or _("at night"))

    def page_context(self, request: HttpRequest, row: Any) -> dict[str, Any]:  # noqa: ARG002
        """The figures as they were, and what was told and said word for word."""
        base = row.evidence.get("base_rates", {})
        return {
            "cost": dollars(row),
            "tone": TONES[row.status],
            "evidence": json.dumps(row.evidence, indent=1, ensure_ascii=False),
            "base": {name: base.get(name) for name in BASE_RATES},
            "segments": evidence_text.named(row.evidence.get("segments", [])),
        }


@admin.register(NightlyRun)
class NightlyRunAdmin(FactAdmin):
    """Each night's chain of steps."""

    list_display = ["day", "state", "said", "begun"]
    list_display_links = None
    list_filter = ["status"]
    empty_title = gettext_lazy("No night has passed yet")
    empty_hint = gettext_lazy(
        "After midnight UTC results are fetched, bets settled, prices graded, strategies ranked "
        "and analysed, once a day."
    )

    @column(gettext_lazy("Status"), ordering="status", label=NIGHT_TONES)
    def state(self, row: NightlyRun) -> tuple[str, str]:
        """While it runs, at which step."""
        if row.status == NightlyRun.Status.RUNNING:
            return row.status, f"{row.get_status_display()} · {row.step}"
        return row.status, row.get_status_display()

    @column(gettext_lazy("Outcome"))
    def said(self, row: NightlyRun) -> str:
        """What was given up, or what it brought."""
        if row.failures:
            return " ".join(f"{one['step']}: {one['error']}" for one in row.failures)
        if row.error:
            return str(row.error)
        brought = row.report.get("notify")
        if brought is None:
            return figures.UNDEFINED
        return str(_("%(proposed)d proposed, %(refused)d refused, %(failed)d failed") % brought)

    @column(gettext_lazy("Begun"), ordering="started_at")
    def begun(self, row: NightlyRun) -> SafeString:
        """When, over when it ended."""
        ended = figures.moment(row.finished_at) if row.finished_at else ""
        return two_lines(figures.moment(row.started_at), ended)


@admin.register(LearningSettings)
class LearningSettingsAdmin(OneRowAdmin):
    """Who looks, at how much, for how much."""

    fieldsets = [
        (
            gettext_lazy("What is looked at"),
            {"fields": ["is_nightly", "most_strategies", "most_waiting", "held_out_share"]},
        ),
        (
            gettext_lazy("The language model"),
            {
                "fields": [
                    "model",
                    "input_price",
                    "output_price",
                    "euros_per_dollar",
                    "monthly_budget_eur",
                ]
            },
        ),
    ]


def _month(request: HttpRequest) -> dict[str, Any]:  # noqa: ARG001
    """What the analyses of this UTC month cost, and what they may; euros."""
    now, terms = request_time(), LearningSettings.current()
    spent = LearningRun.objects.begun_in(now.year, now.month).cost_usd() * terms.euros_per_dollar
    budget = terms.monthly_budget_eur
    percent = min(100, round(100 * spent / budget)) if budget else 100
    return {"spent": spent, "budget": budget, "percent": percent}
