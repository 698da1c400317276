"""Long work in the admin: how far it is, stopping it, asking for it again."""

from typing import Any, Final

from django import forms
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F, FloatField, QuerySet
from django.db.models.fields.json import KT
from django.db.models.functions import Cast
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import URLPattern, path
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from betting.admin.pages import PageAdmin
from odds import figures
from odds.admin_facts import column, request_time, two_lines
from strategies import jobs
from strategies.models import Job
from strategies.tasks import QUEUE, TICK_SECONDS

# What backtests and proofs say they are doing, named here so that it can be translated.
STEPS: Final = (
    gettext_noop("Reading quotes"),
    gettext_noop("Asking the other agents"),
    gettext_noop("Deciding"),
    gettext_noop("Auditing for look-ahead"),
    gettext_noop("Settling and grading"),
    gettext_noop("Reading imported prices"),
    gettext_noop("Comparing devig methods"),
)
UNFINISHED: Final = (Job.Status.QUEUED, Job.Status.RUNNING)


class JobAdmin(PageAdmin):
    """A list of work, and a page for each that follows it until it is done."""

    progress_template = "strategies/job/progress.html"

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Who may ask for it."""
        return bool(request.user.has_perm(f"strategies.add_{self.opts.model_name}"))

    def get_urls(self) -> list[URLPattern]:
        """With the fragment that a page asks for until the work is done."""
        follow = self.admin_site.admin_view(self.progress_view)
        name = f"strategies_{self.opts.model_name}_progress"
        return [path("<int:pk>/progress", follow, name=name), *super().get_urls()]

    def progress_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """How far it is; once it is over the browser is told to fetch the whole page."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        job = get_object_or_404(self.model._default_manager.defer("result"), pk=pk)
        if job.status not in UNFINISHED:
            return HttpResponse(headers={"HX-Refresh": "true"})
        return render(request, self.progress_template, self.progress_context(request, job))

    def progress_context(self, request: HttpRequest, job: Any) -> dict[str, Any]:
        """What the fragment shows."""
        name = f"admin:strategies_{self.opts.model_name}"
        return {
            "job": job,
            "now": request_time(),
            "step": _(job.step) if job.step else "",
            "percent": round(100 * job.progress),
            "is_unfinished": job.status in UNFINISHED,
            "progress_url_name": f"{name}_progress",
            "cancel_url_name": f"{name}_cancel",
            "may_work": self.has_work_permission(request),
        }

    @column(
        gettext_lazy("Status"),
        ordering="status",
        label={
            Job.Status.DONE: "success",
            Job.Status.RUNNING: "info",
            Job.Status.QUEUED: "",
            Job.Status.FAILED: "danger",
            Job.Status.CANCELLED: "warning",
        },
    )
    def state(self, job: Any) -> tuple[str, str]:
        """Coloured; while it runs, how far it is."""
        if job.status == Job.Status.RUNNING:
            return job.status, f"{job.get_status_display()} · {round(100 * job.progress)} %"
        return job.status, job.get_status_display()

    @column(gettext_lazy("Asked"), ordering="created_at")
    def asked(self, job: Any) -> SafeString:
        """When, over by whom."""
        return two_lines(figures.moment(job.created_at), job.asked_by or _("MON_PS"))


def with_outcomes(backtests: QuerySet[Any]) -> QuerySet[Any]:
    """Backtests with the figures of all their bets, without loading whole results."""
    part = "result__parts__all__"
    found: QuerySet[Any] = (
        backtests.select_related("version__strategy")
        .defer("result")
        .annotate(
            bets=Cast(KT(f"{part}bets"), FloatField()),
            yield_pct=Cast(KT(f"{part}yield_pct"), FloatField()),
            yield_low=Cast(KT(f"{part}yield_low_pct"), FloatField()),
            yield_high=Cast(KT(f"{part}yield_high_pct"), FloatField()),
            clv_pct=Cast(KT(f"{part}clv_pct"), FloatField()),
            clv_low=Cast(KT(f"{part}clv_low_pct"), FloatField()),
            clv_high=Cast(KT(f"{part}clv_high_pct"), FloatField()),
            graded_matches=Cast(KT(f"{part}graded_matches"), FloatField()),
        )
    )
    return found.order_by(F("created_at").desc(), "-pk")


def cancel(_request: HttpRequest, row: Any, _form: forms.Form) -> str:
    """Ask the work to stop; what waits is stopped at once."""
    if jobs.cancel(type(row), row.pk, now=request_time()):
        return _("It stops at its next step.")
    return _("It was over already.")


def hand_over(task: Any, row: Any) -> None:
    """Tell the worker for long work, once the row is stored; without it the next tick does."""
    transaction.on_commit(lambda: task.apply_async((row.pk,), queue=QUEUE, expires=TICK_SECONDS))
