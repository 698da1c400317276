"""Alerts in the admin: the list, and a page for each on which it is acknowledged or silenced."""

from datetime import timedelta
from typing import Any, Final

from django import forms
from django.contrib import admin, messages
from django.db.models import F, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from alerts import pushing
from alerts.admin import alert_text
from alerts.admin.alert_filters import SeverityFilter, StandingFilter
from alerts.models import Alert
from betting.admin.pages import Doing, PageAdmin, plain
from odds import figures
from odds.admin_facts import change_url, column, request_time, two_lines

HOURS: Final = (
    (1, gettext_lazy("1 hour")),
    (4, gettext_lazy("4 hours")),
    (24, gettext_lazy("1 day")),
    (168, gettext_lazy("1 week")),
)


class NoteForm(forms.Form):
    """What to say beside an acknowledgement."""

    note = forms.CharField(
        label=gettext_lazy("Note"),
        max_length=1000,
        required=False,
        widget=UnfoldAdminTextInputWidget,
    )


class SilenceForm(forms.Form):
    """For how long, and why."""

    hours = forms.TypedChoiceField(
        label=gettext_lazy("How long"), coerce=int, choices=(), widget=UnfoldAdminSelectWidget
    )
    comment = forms.CharField(
        label=gettext_lazy("Why"), max_length=300, required=False, widget=UnfoldAdminTextInputWidget
    )


@admin.register(Alert)
class AlertAdmin(PageAdmin):
    """What is wrong, or was."""

    list_display = ["name_link", "severity_label", "state", "age", "seen_by", "mailed"]
    list_display_links = None
    list_filter = [StandingFilter, SeverityFilter, "source"]
    search_fields = ["name", "annotations__summary"]
    search_help_text = gettext_lazy("Name or summary")
    page_template = "alerts/alert/page.html"
    actions = ["acknowledge"]  # type: ignore[assignment]
    empty_title = gettext_lazy("No alert here")
    empty_hint = gettext_lazy(
        "MON_PS compares its own numbers with the thresholds every minute, or Alertmanager does "
        "where one is configured. Nothing was worth an alert."
    )
    empty_url_name = "admin:alerts_alertsettings_changelist"
    empty_link = gettext_lazy("Alert thresholds")

    @column(gettext_lazy("Alert"), ordering="name")
    def name_link(self, alert: Alert) -> SafeString:
        """What it says, as a link to its page, over its name."""
        said = alert_text.summary_of(alert)
        link = format_html('<a class="mp-link" href="{}">{}</a>', change_url(alert), said)
        return two_lines(link, alert.name, css="is-wide")

    @column(gettext_lazy("Severity"), ordering="severity", label=alert_text.SEVERITY_TONES)
    def severity_label(self, alert: Alert) -> tuple[str, str]:
        """Coloured by how loud it is."""
        return alert_text.severity_of(alert)

    @column(gettext_lazy("Status"), label=alert_text.STATE_TONES)
    def state(self, alert: Alert) -> tuple[str, str]:
        """Open, pending or over."""
        return alert_text.state_of(alert)

    @column(gettext_lazy("Lasts"), ordering="starts_at")
    def age(self, alert: Alert) -> SafeString:
        """How long, over since when."""
        return two_lines(*alert_text.lasted(alert, request_time()))

    @column(gettext_lazy("Acknowledged"), ordering=F("acknowledged_at").desc(nulls_last=True))
    def seen_by(self, alert: Alert) -> SafeString | str:
        """Who has seen it, over the note."""
        if alert.acknowledged_at is None:
            return figures.UNDEFINED
        return two_lines(alert_text.acknowledged(alert), alert.note)

    @column(gettext_lazy("Mailed"), ordering=F("mailed_at").desc(nulls_last=True))
    def mailed(self, alert: Alert) -> str:
        """When MON_PS last posted a mail about it; Alertmanager mails its own."""
        if alert.source == Alert.Source.ALERTMANAGER:
            return _("by Alertmanager")
        return figures.moment(alert.mailed_at)

    @admin.action(description=gettext_lazy("Acknowledge"), permissions=["work"])
    def acknowledge(self, request: HttpRequest, queryset: QuerySet[Alert]) -> None:
        """Say that the selected ones are known; those that are already stay as they are."""
        pks = list(queryset.values_list("pk", flat=True))
        number = _acknowledge(pks, request.user.get_username(), "")
        said = ngettext("%(number)d alert acknowledged.", "%(number)d alerts acknowledged.", number)
        self.message_user(request, said % {"number": number}, messages.SUCCESS)

    def doings(self) -> list[Doing]:
        """Acknowledge it; silence it."""
        return [
            Doing(name="acknowledge", form=plain(NoteForm), act=_acknowledge_one),
            Doing(name="silence", form=_silence_form, act=_silence),
        ]

    def _refusal(self, request: HttpRequest, row: Any, doing: Doing, form: forms.Form) -> str:
        """Also what Alertmanager did not do."""
        try:
            return super()._refusal(request, row, doing, form)
        except pushing.AlertmanagerError as error:
            return str(error)

    def page_context(self, request: HttpRequest, row: Any) -> dict[str, Any]:  # noqa: ARG002
        """What it says, since when, and what can be done."""
        state, state_text = alert_text.state_of(row)
        severity, severity_text = alert_text.severity_of(row)
        lasted, began = alert_text.lasted(row, request_time())
        told = dict(row.annotations)
        for shown in ("summary", "description", "url"):
            told.pop(shown, "")
        link = row.annotations.get("url", "")
        return {
            "title": row.name,
            "summary": alert_text.summary_of(row),
            "description": row.annotations.get("description", ""),
            "link": link if link.startswith(("http://", "https://")) else "",
            "labels": sorted(row.labels.items()),
            "annotations": sorted(told.items()),
            "state_text": state_text,
            "state_tone": alert_text.STATE_TONES[state],
            "severity_text": severity_text,
            "severity_tone": alert_text.SEVERITY_TONES[severity],
            "lasted": lasted,
            "began": began,
            "acknowledged": alert_text.acknowledged(row),
            "can_silence": pushing.is_configured() and row.ends_at is None,
        }


def _acknowledge(pks: list[int], by: str, note: str) -> int:
    known = {"acknowledged_at": request_time(), "acknowledged_by": by, "note": note}
    return Alert.objects.filter(pk__in=pks, acknowledged_at=None).update(**known)


def _acknowledge_one(request: HttpRequest, row: Any, form: forms.Form) -> str:
    if _acknowledge([row.pk], request.user.get_username(), form.cleaned_data["note"]):
        return _("It is acknowledged; nobody is reminded of it.")
    return _("It was acknowledged already.")


def _silence_form(_row: Alert, sent: Any = None, **given: Any) -> forms.Form:
    form = SilenceForm(sent, **given)
    form.fields["hours"].choices = HOURS  # type: ignore[attr-defined]
    return form


def _silence(request: HttpRequest, row: Any, form: forms.Form) -> str:
    now = request_time()
    until = now + timedelta(hours=form.cleaned_data["hours"])
    by, comment = request.user.get_username(), form.cleaned_data["comment"]
    pushing.silence(row.labels, until=until, by=by, comment=comment, now=now)
    return _("Alertmanager is silent about it until %(date)s.") % {"date": figures.moment(until)}
