"""Results in the admin: what each source said, entering one by hand, and names of teams."""

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.admin import ModelAdmin
from unfold.widgets import (
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextInputWidget,
)

from odds import figures, results
from odds.admin_facts import FactAdmin, change_url, column, request_time, two_lines
from odds.models import Match, MatchResult, TeamAlias

NEEDS_KICK_OFF = {Match.Status.COMPLETED, Match.Status.ABANDONED}
STATUS_COLOURS = {
    Match.Status.SCHEDULED: "",
    Match.Status.COMPLETED: "success",
    Match.Status.POSTPONED: "warning",
    Match.Status.ABANDONED: "danger",
}


@admin.register(MatchResult)
class MatchResultAdmin(FactAdmin):
    """What each source said about how matches ended."""

    list_display = ["observed", "match_link", "ending_label", "source", "said_by"]
    list_filter = ["source", "status"]
    list_select_related = ["match"]
    search_fields = ["match__home_team", "match__away_team"]
    empty_title = gettext_lazy("No result yet")
    empty_hint = gettext_lazy(
        "Results are fetched when a bet or an opportunity waits for one. To enter one by hand, "
        "open the page of its match."
    )
    empty_url_name = "admin:odds_match_changelist"
    empty_link = gettext_lazy("Matches")

    @column(gettext_lazy("Observed"), ordering="observed_at")
    def observed(self, result: MatchResult) -> SafeString:
        """When, and how long ago."""
        return two_lines(
            figures.moment(result.observed_at), figures.ago(result.observed_at, request_time())
        )

    @column(gettext_lazy("Match"))
    def match_link(self, result: MatchResult) -> SafeString:
        """The match, leading to its page."""
        address = change_url(result.match)
        return format_html('<a class="mp-link" href="{}">{}</a>', address, result.match)

    @column(gettext_lazy("Result"), label=STATUS_COLOURS)
    def ending_label(self, result: MatchResult) -> tuple[str, str]:
        """The score, or why there is none, coloured by the status."""
        return result.status, str(result)

    @column(gettext_lazy("Recorded by"))
    def said_by(self, result: MatchResult) -> SafeString:
        """Who, and why."""
        return two_lines(result.recorded_by or figures.UNDEFINED, result.note)


@admin.register(TeamAlias)
class TeamAliasAdmin(ModelAdmin):
    """Names that football-data.co.uk writes otherwise; the user's win over those learned."""

    list_display = ["name", "team", "sport"]
    list_filter = ["sport"]
    list_select_related = ["sport"]
    search_fields = ["name", "team"]
    autocomplete_fields = ["sport"]


class ResultForm(forms.Form):
    """How a match ended, as a person says it; scores are labelled with the stored teams."""

    status = forms.ChoiceField(
        label=gettext_lazy("Status"),
        choices=Match.Status.choices,
        widget=UnfoldAdminSelectWidget,
        help_text=gettext_lazy(
            "Scheduled takes the result back; what a source says afterwards counts again."
        ),
    )
    home_score = forms.IntegerField(required=False, widget=UnfoldAdminIntegerFieldWidget)
    away_score = forms.IntegerField(required=False, widget=UnfoldAdminIntegerFieldWidget)
    note = forms.CharField(
        label=gettext_lazy("Note"),
        required=False,
        max_length=300,
        widget=UnfoldAdminTextInputWidget,
        help_text=gettext_lazy("Where it comes from, or why it is corrected."),
    )

    def __init__(self, *args: Any, match: Match, now: datetime, by: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.match, self.now, self.by = match, now, by
        self.fields["home_score"].label = match.home_team
        self.fields["away_score"].label = match.away_team

    def clean(self) -> dict[str, Any]:
        """Refuse what cannot be true."""
        cleaned: dict[str, Any] = super().clean() or {}
        if self.errors:
            return cleaned
        if cleaned["status"] in NEEDS_KICK_OFF and self.match.commence_time > self.now:
            raise forms.ValidationError(
                _("This match kicks off %(when)s: it cannot have ended.")
                % {"when": figures.away(self.match.commence_time, self.now)}
            )
        try:
            results.check(MatchResult(match=self.match, **self.said))
        except results.ResultRefusedError as refusal:
            raise forms.ValidationError(str(refusal)) from refusal
        return cleaned

    @property
    def said(self) -> dict[str, Any]:
        """The ending, as `results.record` takes it."""
        names = ("status", "home_score", "away_score")
        return {"source": MatchResult.Source.HAND} | {
            name: self.cleaned_data[name] for name in names
        }

    def save(self) -> str:
        """Record it and tell in a sentence what that changed."""
        has_changed = results.record(
            self.match.pk,
            observed_at=self.now,
            by=self.by,
            note=self.cleaned_data["note"],
            **self.said,
        )
        self.match.refresh_from_db()
        told = {"match": self.match, "result": ending_text(self.match)}
        if has_changed:
            return _("%(match)s: now %(result)s.") % told
        return _("%(match)s: nothing changed, it was already %(result)s.") % told


def ending_text(match: Match) -> str:
    """How a match stands: its status, with the score where there is one."""
    status = str(match.get_status_display())
    if match.home_score is None:
        return status
    return f"{status}, {match.home_score}–{match.away_score}"


def enter_result(request: HttpRequest, pk: int, context: dict[str, Any]) -> HttpResponse:
    """The form for one match's result; only a superuser's word is money.

    Args:
        request: The request.
        pk: The match.
        context: What every admin page shows.
    """
    if not request.user.is_superuser:
        raise PermissionDenied
    match = get_object_or_404(Match.objects.select_related("sport"), pk=pk)
    said = {"status": match.status, "home_score": match.home_score, "away_score": match.away_score}
    if match.status == Match.Status.SCHEDULED:
        said["status"] = Match.Status.COMPLETED
    form = ResultForm(
        request.POST or None,
        initial=said,
        match=match,
        now=request_time(),
        by=request.user.get_username(),
    )
    if request.method == "POST" and form.is_valid():
        messages.success(request, form.save())
        return redirect(change_url(match))
    shown = {"form": form, "original": match, "title": _("Enter a result"), "now": form.now}
    return TemplateResponse(request, "admin/odds/match/result.html", context | shown)
