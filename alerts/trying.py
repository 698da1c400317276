"""Trying every channel: a test mail and, where there is an Alertmanager, a test alert."""

from datetime import datetime
from typing import Final

from django.utils.translation import gettext as _

from alerts import channels, pushing
from alerts.mails import letters, outbox, rendering
from alerts.models import Mail, NotificationSettings

KEY: Final = "test-"  # the key of a test mail begins so


def send_test(*, now: datetime) -> list[tuple[bool, str]]:
    """Try each channel now.

    Returns:
        For each channel whether it worked, and one sentence.
    """
    return [_try_mail(now), _try_alertmanager(now)]


def _try_mail(now: datetime) -> tuple[bool, str]:
    chosen = NotificationSettings.current()
    if not channels.is_mail_configured():
        return False, _("E-mail: not configured; set EMAIL_HOST and EMAIL_TO.")
    if not chosen.is_mail_on:
        return False, _("E-mail: switched off in the notification settings.")
    key = f"{KEY}{now.isoformat()}"
    with rendering.for_readers(chosen):
        outbox.post_letter(key, letters.test(), now=now)
    outbox.send_waiting(clock=lambda: now, key=key)
    mail = Mail.objects.get(key=key)
    if mail.status == Mail.Status.SENT:
        return True, _("E-mail: the mail server took the test mail.")
    return False, _("E-mail: %(status)s. %(why)s") % {
        "status": mail.get_status_display(),
        "why": mail.failure,
    }


def _try_alertmanager(now: datetime) -> tuple[bool, str]:
    if not pushing.is_configured():
        return True, _("Alertmanager: none is configured, MON_PS watches by itself.")
    try:
        pushing.push_test(now=now)
    except pushing.AlertmanagerError as error:
        return False, _("Alertmanager: %(why)s") % {"why": error}
    return True, _("Alertmanager: it took the test alert, which ends in five minutes.")
