"""Mails in the admin: what was sent, what waits and why, and trying whether any arrives."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from alerts import channels, pushing, trying
from alerts.mails import outbox
from alerts.models import AlertmanagerState, Mail, NotificationSettings
from betting.admin.pages import Doing, PageAdmin, plain
from odds import figures
from odds.admin_facts import change_url, column, request_time, two_lines

STATUS_TONES = {
    Mail.Status.WAITING: "warning",
    Mail.Status.SENDING: "info",
    Mail.Status.HANDED_OVER: "info",
    Mail.Status.SENT: "success",
    Mail.Status.IN_DOUBT: "danger",
    Mail.Status.FAILED: "danger",
}
SEVERITY_TONES = {
    Mail.Severity.CRITICAL: "danger",
    Mail.Severity.WARNING: "warning",
    Mail.Severity.INFO: "info",
}


@admin.register(Mail)
class MailAdmin(PageAdmin):
    """The outbox, and what left it."""

    list_display = ["subject_link", "severity_label", "state", "posted", "tried"]
    list_display_links = None
    list_filter = ["status", "severity"]
    list_before_template = "alerts/outbox/channels.html"
    search_fields = ["subject"]
    search_help_text = gettext_lazy("Subject")
    page_template = "alerts/outbox/page.html"
    actions = ["send_again"]  # type: ignore[assignment]
    empty_title = gettext_lazy("No mail here")
    empty_hint = gettext_lazy(
        "New opportunities, alerts and verdicts are mailed. Try whether a mail arrives, and see "
        "the settings for what is worth one."
    )
    empty_url_name = "admin:alerts_notificationsettings_changelist"
    empty_link = gettext_lazy("Notification settings")

    def get_urls(self) -> list[URLPattern]:
        """With the button that tries every channel."""
        view = self.admin_site.admin_view(require_POST(self.try_view))
        return [path("try", view, name="alerts_try"), *super().get_urls()]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Mail]:
        """Without the bodies, which only the page shows."""
        rows: QuerySet[Mail] = super().get_queryset(request)
        is_page = request.resolver_match and "object_id" in request.resolver_match.kwargs
        return rows if is_page else rows.defer("text", "html")

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """The list, under the channels there are."""
        context = {
            "is_mail_configured": channels.is_mail_configured(),
            "is_mail_on": NotificationSettings.current().is_mail_on,
            "is_alertmanager_configured": pushing.is_configured(),
            "alertmanager": AlertmanagerState.objects.filter(pk=1).first(),
            "may_work": self.has_work_permission(request),
        }
        response: HttpResponse = super().changelist_view(request, context | (extra_context or {}))
        return response

    def try_view(self, request: HttpRequest) -> HttpResponse:
        """Try every channel, and say of each what came of it."""
        if not self.has_work_permission(request):
            raise PermissionDenied
        for has_worked, sentence in trying.send_test(now=request_time()):
            level = messages.SUCCESS if has_worked else messages.ERROR
            self.message_user(request, sentence, level)
        return redirect(reverse("admin:alerts_mail_changelist"))

    @column(gettext_lazy("Mail"), ordering="subject")
    def subject_link(self, mail: Mail) -> SafeString:
        """The subject as a link to its page, over why it is not sent."""
        link = format_html('<a class="mp-link" href="{}">{}</a>', change_url(mail), mail.subject)
        return two_lines(link, mail.failure, css="is-wide")

    @column(gettext_lazy("Severity"), ordering="severity", label=SEVERITY_TONES)
    def severity_label(self, mail: Mail) -> tuple[str, str]:
        """Coloured by how loud it is."""
        return mail.severity, mail.get_severity_display()

    @column(gettext_lazy("Status"), ordering="status", label=STATUS_TONES)
    def state(self, mail: Mail) -> tuple[str, str]:
        """Waiting, sent, refused or in doubt."""
        return mail.status, mail.get_status_display()

    @column(gettext_lazy("Posted"), ordering="created_at")
    def posted(self, mail: Mail) -> SafeString:
        """When it was put into the outbox, over when it left."""
        sent = _("sent %(date)s") % {"date": figures.moment(mail.sent_at)} if mail.sent_at else ""
        return two_lines(figures.moment(mail.created_at), sent)

    @column(gettext_lazy("Attempts"), ordering="claim")
    def tried(self, mail: Mail) -> SafeString | str:
        """How many, over when the next one is."""
        number = figures.whole(mail.claim)
        if mail.status != Mail.Status.WAITING:
            return number
        return two_lines(number, _("next %(time)s") % {"time": _next(mail)})

    @admin.action(description=gettext_lazy("Send again"), permissions=["work"])
    def send_again(self, request: HttpRequest, queryset: QuerySet[Mail]) -> None:
        """Let those that were refused or are in doubt wait again; the others stay as they are."""
        pks = list(queryset.values_list("pk", flat=True))
        number = outbox.send_again(pks, now=request_time())
        said = ngettext(
            "%(number)d mail is sent again within a minute; %(left)d left as they are.",
            "%(number)d mails are sent again within a minute; %(left)d left as they are.",
            number,
        )
        left = len(pks) - number
        level = messages.WARNING if left else messages.SUCCESS
        self.message_user(request, said % {"number": number, "left": left}, level)

    def doings(self) -> list[Doing]:
        """Send it again."""
        return [Doing(name="again", form=plain(forms.Form), act=_again)]

    def page_context(self, request: HttpRequest, row: Any) -> dict[str, Any]:  # noqa: ARG002
        """How it stands, and what may be done."""
        return {
            "state_tone": STATUS_TONES[row.status],
            "severity_tone": SEVERITY_TONES[row.severity],
            "can_send_again": row.status in {Mail.Status.FAILED, Mail.Status.IN_DOUBT},
            "next_try": _next(row) if row.status == Mail.Status.WAITING else "",
        }


def _next(mail: Mail) -> str:
    """When it is tried next; what is due is tried within a minute."""
    now = request_time()
    return _("within a minute") if mail.due_at <= now else figures.away(mail.due_at, now)


def _again(_request: HttpRequest, row: Any, _form: forms.Form) -> str:
    if outbox.send_again([row.pk], now=request_time()):
        return _("It is sent again within a minute.")
    return _("It is sent or waits already.")
