"""Alerts in words and labels: how loud, since when, who has seen it."""

from datetime import datetime
from typing import Final

from django.utils.translation import gettext as _

from alerts.models import Alert, Mail
from odds import figures

SEVERITY_TONES: Final = {
    "critical": "danger",
    "high": "danger",
    "warning": "warning",
    "info": "info",
    "": "",
}
STATE_TONES: Final = {"open": "danger", "told": "info", "pending": "warning", "over": "success"}


def severity_of(alert: Alert) -> tuple[str, str]:
    """What colours it, and its word; one that only Alertmanager knows as it is written."""
    known = dict(Mail.Severity.choices)
    tone = alert.severity if alert.severity in SEVERITY_TONES else ""
    return tone, str(known.get(alert.severity, alert.severity)) or figures.UNDEFINED


def state_of(alert: Alert) -> tuple[str, str]:
    """Open, pending or over."""
    if alert.starts_at is None:
        return "pending", _("pending")
    if alert.ends_at is not None:
        return "over", _("over")
    return ("told" if alert.severity == Mail.Severity.INFO else "open"), _("open")


def lasted(alert: Alert, now: datetime) -> tuple[str, str]:
    """How long it lasts or lasted, and when it began."""
    began = alert.starts_at or alert.pending_since
    if alert.starts_at is None:
        return _("holds for %(time)s") % {"time": figures.age(began, now)}, figures.moment(began)
    if alert.ends_at is None:
        return _("for %(time)s") % {"time": figures.age(began, now)}, figures.moment(began)
    return _("lasted %(time)s") % {"time": figures.age(began, alert.ends_at)}, figures.moment(began)


def acknowledged(alert: Alert) -> str:
    """Who has seen it, and when."""
    if alert.acknowledged_at is None:
        return figures.UNDEFINED
    return _("%(name)s, %(date)s") % {
        "name": alert.acknowledged_by,
        "date": figures.moment(alert.acknowledged_at),
    }


def summary_of(alert: Alert) -> str:
    """What it says of itself, or its name."""
    return str(alert.annotations.get("summary") or alert.name)
