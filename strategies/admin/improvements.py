"""Improvements in the admin: the list, a page for each, its steps, and proposing one."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import PermissionDenied
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from betting.admin.pages import Doing, PageAdmin, plain
from odds import figures
from odds.admin_facts import change_url, column, request_time, two_lines
from strategies import lifecycle
from strategies.admin import improvement_form, improvement_page, improvement_text
from strategies.admin.asking import current_versions
from strategies.admin.improvement_filters import (
    LIST,
    ImprovementAgentFilter,
    Rows,
    StatusFilter,
    tabs,
)
from strategies.admin.improvement_form import ReasonForm
from strategies.lifecycle import RefusedChangeError, UnknownImprovementError, WrongStateError
from strategies.models import Improvement


@admin.register(Improvement)
class ImprovementAdmin(PageAdmin):
    """Changes of parameters that must prove themselves before they are applied."""

    list_display = ["name", "state", "change", "test", "before", "proposed"]
    list_display_links = None
    list_filter = [StatusFilter, ImprovementAgentFilter]
    list_before_template = "strategies/improvement/tabs.html"
    search_fields = [
        "strategy__agent_name",
        "strategy__strategy_name",
        "failure_pattern",
        "missing_factors",
    ]
    search_help_text = gettext_lazy("Agent, strategy, pattern of failures or missing factor")
    page_template = "strategies/improvement/page.html"
    actions = ["activate", "apply", "archive", "reactivate"]  # type: ignore[assignment]
    empty_title = gettext_lazy("No improvement here")
    empty_hint = gettext_lazy(
        "An improvement is a change of a strategy's parameters that is tested beside the version "
        "in force before it is applied. Propose one by hand, or let an analysis of past "
        "predictions find one."
    )
    empty_url_name = "admin:strategies_improvement_add"
    empty_link = gettext_lazy("Propose a change")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Who may propose a change."""
        return bool(request.user.has_perm("strategies.add_improvement"))

    def has_remove_permission(self, request: HttpRequest) -> bool:
        """Who may delete one for good, on its page."""
        return bool(request.user.has_perm("strategies.delete_improvement"))

    def get_urls(self) -> list[URLPattern]:
        """With the page that asks before it deletes."""
        remove = self.admin_site.admin_view(self.remove_view)
        name = "strategies_improvement_remove"
        return [path("<int:pk>/remove", remove, name=name), *super().get_urls()]

    def get_queryset(self, request: HttpRequest) -> Rows:
        """With their strategies and both arms."""
        rows: Rows = super().get_queryset(request)
        return rows.select_related("strategy", "version_a__strategy", "version_b__strategy")

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """The list, under how many stand where."""
        context = {"tabs": tabs(request)}
        response: HttpResponse = super().changelist_view(request, context | (extra_context or {}))
        return response

    @column(gettext_lazy("Improvement"), ordering="strategy__strategy_name")
    def name(self, row: Improvement) -> SafeString:
        """Its strategy as a link to its page, over the agent and its number."""
        link = format_html(
            '<a class="mp-link" href="{}">{}</a>', change_url(row), row.strategy.strategy_name
        )
        return two_lines(link, f"{row.strategy.agent_name} · {row.pk}")

    @column(gettext_lazy("Status"), ordering="status", label=improvement_text.STATUS_TONES)
    def state(self, row: Improvement) -> tuple[str, str]:
        """Proposed, in test, applied or archived."""
        return row.status, row.get_status_display()

    @column(gettext_lazy("Change"))
    def change(self, row: Improvement) -> SafeString:
        """Each parameter that changes, before and after."""
        return improvement_text.change_cell(row)

    @column(gettext_lazy("Test"), ordering=F("clv_gain").desc(nulls_last=True))
    def test(self, row: Improvement) -> SafeString | str:
        """How far it is, and the gain so far."""
        return improvement_text.test_cell(row)

    @column(gettext_lazy("Baseline"), ordering=F("baseline_win_rate").desc(nulls_last=True))
    def before(self, row: Improvement) -> SafeString | str:
        """What the strategy brought before."""
        return improvement_text.baseline_cell(row)

    @column(gettext_lazy("Proposed"), ordering="created_at")
    def proposed(self, row: Improvement) -> SafeString:
        """When, over where it came from."""
        origin = improvement_page.origin_of(row) if row.origin else ""
        return two_lines(figures.moment(row.created_at), origin)

    @admin.action(description=gettext_lazy("Test"), permissions=["work"])
    def activate(self, request: HttpRequest, queryset: Rows) -> None:
        """Begin the tests of all selected ones, or of none."""
        chosen = list(queryset.values_list("pk", flat=True))
        try:
            begun = lifecycle.activate(chosen, now=request_time(), by=request.user.get_username())
        except WrongStateError as error:
            said = _("No test was begun: one of them has the status “%(status)s”.")
            status = Improvement.Status(error.status).label
            self.message_user(request, said % {"status": status}, messages.ERROR)
        except (RefusedChangeError, UnknownImprovementError) as refusal:
            self.message_user(
                request, _("No test was begun. %(why)s") % {"why": refusal}, messages.ERROR
            )
        else:
            said = ngettext("%(number)d test began.", "%(number)d tests began.", len(begun))
            self.message_user(request, said % {"number": len(begun)}, messages.SUCCESS)

    @admin.action(description=gettext_lazy("Apply"), permissions=["work"])
    def apply(self, request: HttpRequest, queryset: Rows) -> None:
        """Make the tested versions of the selected ones current."""
        self._each(request, queryset, lifecycle.apply)

    @admin.action(description=gettext_lazy("Take back from the archive"), permissions=["work"])
    def reactivate(self, request: HttpRequest, queryset: Rows) -> None:
        """The selected archived ones are proposed again."""
        self._each(request, queryset, lifecycle.reactivate)

    @admin.action(description=gettext_lazy("Archive, with a reason"), permissions=["work"])
    def archive(self, request: HttpRequest, queryset: Rows) -> HttpResponse | None:
        """Ask why, then put the selected ones away."""
        form = ReasonForm(request.POST if "confirmed" in request.POST else None)
        if not form.is_valid():
            return TemplateResponse(
                request,
                "strategies/improvement/archive.html",
                {
                    **self.admin_site.each_context(request),
                    "opts": self.opts,
                    "title": _("Archive improvements"),
                    "form": form,
                    "chosen": [(row.pk, improvement_text.name_of(row)) for row in queryset],
                    "action_checkbox_name": ACTION_CHECKBOX_NAME,
                },
            )
        self._each(request, queryset, lifecycle.archive, reason=_reason(form))
        return None

    def _each(
        self, request: HttpRequest, queryset: Rows, step: Callable[..., Any], **given: Any
    ) -> None:
        """Take a step with each it leads from; the others stay as they are, and are counted."""
        chosen = list(queryset.values_list("pk", flat=True))
        by, now = request.user.get_username(), request_time()
        done = sum(_is_done(step, pk, now=now, by=by, **given) for pk in chosen)
        said = ngettext(
            "%(done)d improvement changed; %(left)d left as they were.",
            "%(done)d improvements changed; %(left)d left as they were.",
            done,
        )
        left = len(chosen) - done
        level = messages.WARNING if left else messages.SUCCESS
        self.message_user(request, said % {"done": done, "left": left}, level)

    def doings(self) -> list[Doing]:
        """The steps of its life."""
        return [
            Doing(name="activate", form=plain(forms.Form), act=_activate),
            Doing(name="apply", form=plain(forms.Form), act=_apply),
            Doing(name="archive", form=plain(ReasonForm), act=_archive),
            Doing(name="reactivate", form=plain(forms.Form), act=_reactivate),
        ]

    def _refusal(self, request: HttpRequest, row: Any, doing: Doing, form: forms.Form) -> str:
        """Also a step that does not lead from where it stands."""
        try:
            return super()._refusal(request, row, doing, form)
        except WrongStateError as error:
            return improvement_text.refusal_of(error.status, improvement_text.name_of(row))
        except RefusedChangeError as refusal:
            return str(refusal)

    def page_context(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        """The change, its reasons, its test and its steps."""
        page = improvement_page.read(row)
        may_remove = self.has_remove_permission(request) and page.allowed.remove
        return {"page": page, "may_remove": may_remove, "title": page.name}

    def add_page(self, request: HttpRequest) -> HttpResponse:
        """Propose a change of one strategy's parameters."""
        chosen = improvement_form.chosen_of(request.GET.get("strategy"))
        form: forms.Form = forms.Form()
        if chosen is not None:
            form = improvement_form.form_of(chosen, request.POST or None)
            if request.method == "POST" and form.is_valid():
                made = improvement_form.propose(request, chosen, form)
                if made is not None:
                    return redirect(change_url(made))
        return self.form_page(
            request,
            "strategies/improvement/add.html",
            form,
            title=_("Propose a change"),
            choices=list(current_versions()),
            chosen=chosen,
        )

    def remove_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask, then forget it."""
        if not self.has_remove_permission(request):
            raise PermissionDenied
        row = get_object_or_404(Improvement.objects.select_related("strategy"), pk=pk)
        name = improvement_text.name_of(row)
        if request.method != "POST":
            page = "strategies/improvement/remove.html"
            return self.form_page(
                request, page, forms.Form(), title=_("Delete"), row=row, name=name
            )
        try:
            lifecycle.delete(pk)
        except WrongStateError as error:
            refusal = improvement_text.refusal_of(error.status, name)
            self.message_user(request, refusal, messages.ERROR)
            return redirect(change_url(row))
        self.message_user(request, _("%(name)s is deleted.") % {"name": name}, messages.SUCCESS)
        return redirect(reverse(LIST))


def _reason(form: forms.Form) -> str | None:
    return form.cleaned_data["reason"] or None


def _is_done(step: Callable[..., Any], pk: int, **given: Any) -> bool:
    """Take one step; False where it does not lead from where the improvement stands."""
    try:
        step(pk, **given)
    except (WrongStateError, RefusedChangeError, UnknownImprovementError):
        return False
    return True


def _activate(request: HttpRequest, row: Any, _form: forms.Form) -> str:
    lifecycle.activate([row.pk], now=request_time(), by=request.user.get_username())
    if not row.strategy.is_active:
        return _("The test began; nothing is compared until its strategy is activated.")
    return _("The test began: both arms are asked at the next collection.")


def _apply(request: HttpRequest, row: Any, _form: forms.Form) -> str:
    done = lifecycle.apply(row.pk, now=request_time(), by=request.user.get_username())
    version = done.version_b
    return _("Version %(number)s is current; it predicts from the next collection on.") % {
        "number": version.number if version else figures.UNDEFINED
    }


def _archive(request: HttpRequest, row: Any, form: forms.Form) -> str:
    by = request.user.get_username()
    lifecycle.archive(row.pk, reason=_reason(form), now=request_time(), by=by)
    return _("It is archived.")


def _reactivate(request: HttpRequest, row: Any, _form: forms.Form) -> str:
    lifecycle.reactivate(row.pk, now=request_time(), by=request.user.get_username())
    return _("It is proposed again.")
