"""Backtests in the admin: asked for, followed, read, repeated, taken along as CSV."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, QueryDict, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from betting.admin.pages import Doing, plain
from odds import figures
from odds.admin_facts import change_url, column, request_time, two_lines
from strategies.admin import backtest_csv, backtest_page, competitions, ranking_text
from strategies.admin.asking import Choice, choice_of, choices
from strategies.admin.backtest_form import BacktestForm, conditions_of
from strategies.admin.jobs import JobAdmin, cancel, hand_over, with_outcomes
from strategies.admin.strategies import AgentFilter
from strategies.backtests.jobs import queue
from strategies.jobs import RefusedError
from strategies.models import Backtest, Job
from strategies.tasks import run_backtest


@admin.register(Backtest)
class BacktestAdmin(JobAdmin):
    """What strategies would have brought, had they been asked about the past."""

    list_display = ["name", "period", "state", "number", "money", "clv", "asked"]
    list_display_links = None
    list_filter = ["status", AgentFilter]
    page_template = "strategies/backtest/page.html"
    empty_title = gettext_lazy("No backtest yet")
    empty_hint = gettext_lazy(
        "A backtest asks a strategy about stored odds as if they were live. Import past seasons "
        "of football-data.co.uk, or let MON_PS collect for some weeks."
    )
    empty_url_name = "admin:strategies_backtest_add"
    empty_link = gettext_lazy("New backtest")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With the figures of the list alone; the page reads the whole result."""
        return with_outcomes(super().get_queryset(request))

    def get_urls(self) -> list[URLPattern]:
        """With the downloads."""
        download = self.admin_site.admin_view(self.csv_view)
        name = "strategies_backtest_csv"
        return [path("<int:pk>/<str:part>.csv", download, name=name), *super().get_urls()]

    @column(gettext_lazy("Strategy"))
    def name(self, row: Any) -> SafeString:
        """Who was asked as a link, over the version."""
        link = format_html(
            '<a class="mp-link" href="{}">{}</a>', change_url(row), backtest_page.name_of(row)
        )
        return two_lines(link, backtest_page.version_of(row))

    @column(gettext_lazy("Period"), ordering="since")
    def period(self, row: Any) -> SafeString:
        """From when to when, over how many competitions."""
        number = ngettext("%(number)d competition", "%(number)d competitions", len(row.sport_keys))
        return two_lines(backtest_page.period_of(row), number % {"number": len(row.sport_keys)})

    @column(gettext_lazy("Bets"), ordering="bets")
    def number(self, row: Any) -> str:
        """How many prices it took."""
        return figures.UNDEFINED if row.bets is None else figures.whole(int(row.bets))

    @column(gettext_lazy("Yield"), ordering="yield_pct")
    def money(self, row: Any) -> SafeString | str:
        """Of all bets, over its interval."""
        if row.bets is None:
            return figures.UNDEFINED
        between = ranking_text.interval(row.yield_low, row.yield_high)
        return two_lines(ranking_text.coloured(row.yield_pct), between)

    @column(gettext_lazy("Fair CLV"), ordering="clv_pct")
    def clv(self, row: Any) -> SafeString | str:
        """Of all bets, over the matches it was taken over."""
        if row.bets is None:
            return figures.UNDEFINED
        between = ranking_text.interval(row.clv_low, row.clv_high)
        number = ranking_text.with_number(between, int(row.graded_matches))
        return two_lines(ranking_text.coloured(row.clv_pct), number)

    def doings(self) -> list[Doing]:
        """Stop it, or ask the same again."""
        return [
            Doing(name="cancel", form=plain(forms.Form), act=cancel),
            Doing(name="repeat", form=plain(forms.Form), act=_repeat),
        ]

    def page_context(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        """How far it is, or what it came to."""
        return self.progress_context(request, row) | {"page": backtest_page.read(row)}

    def add_page(self, request: HttpRequest) -> HttpResponse:
        """Ask for one: of a strategy's version, or of an agent with any parameters."""
        chosen = _asked_of(request.GET)
        known = competitions.read(now=request_time())
        form = _form(request, chosen, known)
        if request.method == "POST" and known and form.is_valid():
            job = _asked(request, chosen, form)
            if job is not None:
                return redirect(change_url(job))
        return self.form_page(
            request,
            "strategies/backtest/add.html",
            form,
            title=_("New backtest"),
            choices=choices(),
            chosen=chosen,
            has_matches=bool(known),
        )

    def _refusal(self, request: HttpRequest, row: Any, doing: Doing, form: forms.Form) -> str:
        """Also what can no longer be calculated."""
        try:
            return super()._refusal(request, row, doing, form)
        except RefusedError as refusal:
            return str(refusal)

    def csv_view(self, request: HttpRequest, pk: int, part: str) -> StreamingHttpResponse:
        """One table of the result as a file."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        row = get_object_or_404(Backtest, pk=pk, status=Job.Status.DONE)
        if part not in backtest_csv.PARTS:
            raise Http404
        return StreamingHttpResponse(
            backtest_csv.write(row.result or {}, part),
            content_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="backtest-{pk}-{part}.csv"'},
        )


def _asked_of(given: QueryDict) -> Choice:
    """Who is asked, by the address: another backtest, a version or an agent."""
    return choice_of(like=given.get("like"), version=given.get("version"), agent=given.get("agent"))


def _form(request: HttpRequest, chosen: Choice, known: list[Any]) -> BacktestForm:
    return BacktestForm(
        chosen.agent,
        known,
        request.POST or None,
        today=request_time().date(),
        values=chosen.parameters,
        like=conditions_of(chosen.like) if chosen.like else None,
    )


def _asked(request: HttpRequest, chosen: Choice, form: BacktestForm) -> Backtest | None:
    """The backtest as a row, queued; it is a version's where the parameters are its own."""
    is_own = chosen.version is not None and chosen.version.mapping == form.cleaned
    job = Backtest(
        version=chosen.version if is_own else None,
        agent=chosen.agent.key,
        parameters=form.cleaned,
        asked_by=request.user.get_username(),
        **form.conditions(),
    )
    try:
        return _queue(job)
    except RefusedError as refusal:
        form.add_error(None, str(refusal))
        return None


@transaction.atomic
def _queue(job: Backtest) -> Backtest:
    queued = queue(job, now=request_time())
    hand_over(run_backtest, queued)
    return queued


def _repeat(request: HttpRequest, row: Any, _form: forms.Form) -> str:
    job = Backtest(
        version=row.version,
        agent=row.agent,
        parameters=row.parameters,
        asked_by=request.user.get_username(),
        **conditions_of(row),
    )
    made = _queue(job)
    link = reverse("admin:strategies_backtest_change", args=[made.pk])
    return format_html(
        '{} <a class="mp-link" href="{}">{}</a>', _("It is asked again."), link, _("Follow it")
    )
