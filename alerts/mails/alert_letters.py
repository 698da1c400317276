"""Letters about alerts of rules: a critical one at once, the others gathered."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from alerts.channels import address_of
from alerts.mails.letters import Card, Letter, Tone
from alerts.models import Alert, Mail
from odds import figures


def critical(alert: Alert, *, now: datetime, is_reminder: bool = False) -> Letter:
    """That something must be done now."""
    given = {"name": alert.name, "summary": _summary(alert)}
    subject = (
        _("🚨 [MON_PS] STILL CRITICAL - %(name)s: %(summary)s")
        if is_reminder
        else _("🚨 [MON_PS] CRITICAL ALERT - %(name)s: %(summary)s")
    )
    return Letter(
        subject=subject % given,
        severity=Mail.Severity.CRITICAL,
        kicker=_("Critical alert, still open") if is_reminder else _("Critical alert"),
        title=_summary(alert),
        lead=alert.annotations.get("description", ""),
        tone=Tone.BAD,
        cards=[
            Card(title=alert.name, badge=_("critical"), tone=Tone.BAD, facts=_facts(alert, now))
        ],
        notes=[_("Immediate action is required. Acknowledge the alert to get no reminder.")],
        url=address_of("admin:alerts_alert_change", alert.pk),
        url_text=_("Open the alert"),
    )


def resolved(alert: Alert, *, now: datetime) -> Letter:
    """That a critical alert is over."""
    summary = _summary(alert)
    return Letter(
        subject=_("✅ [MON_PS] RESOLVED - %(name)s: %(summary)s")
        % {"name": alert.name, "summary": summary},
        severity=Mail.Severity.WARNING,
        kicker=_("Resolved"),
        title=summary,
        tone=Tone.GOOD,
        cards=[Card(title=alert.name, badge=_("over"), tone=Tone.GOOD, facts=_facts(alert, now))],
        url=address_of("admin:alerts_alert_change", alert.pk),
        url_text=_("Open the alert"),
    )


def digest(begun: Sequence[Alert], over: Sequence[Alert], *, now: datetime) -> Letter:
    """Alerts that are not critical: those that began, then those that are over."""
    parts = []
    if begun:
        said = ngettext("%(number)d new alert", "%(number)d new alerts", len(begun))
        parts.append(said % {"number": len(begun)})
    if over:
        said = ngettext("%(number)d resolved", "%(number)d resolved", len(over))
        parts.append(said % {"number": len(over)})
    first = (*begun, *over)[0]
    is_warning = any(one.severity != Mail.Severity.INFO for one in begun)
    sign = "⚠️" if is_warning else "ℹ️"
    return Letter(
        subject=f"{sign} [MON_PS] {', '.join(parts)} · {_summary(first)}",
        severity=Mail.Severity.WARNING if is_warning else Mail.Severity.INFO,
        kicker=_("Alerts"),
        title=", ".join(parts),
        tone=Tone.WARNING if is_warning else Tone.BRAND,
        cards=[*(_begun_card(one, now) for one in begun), *(_over_card(one, now) for one in over)],
        url=address_of("admin:alerts_alert_changelist"),
        url_text=_("All alerts"),
    )


def _begun_card(alert: Alert, now: datetime) -> Card:
    is_info = alert.severity == Mail.Severity.INFO
    return Card(
        title=_summary(alert),
        subtitle=alert.name,
        lead=alert.annotations.get("description", ""),
        badge=_("information") if is_info else _("warning"),
        tone=Tone.BRAND if is_info else Tone.WARNING,
        facts=_facts(alert, now),
        url=address_of("admin:alerts_alert_change", alert.pk),
    )


def _over_card(alert: Alert, now: datetime) -> Card:
    return Card(
        title=_summary(alert),
        subtitle=alert.name,
        badge=_("over"),
        tone=Tone.GOOD,
        facts=_facts(alert, now),
        url=address_of("admin:alerts_alert_change", alert.pk),
    )


def _facts(alert: Alert, now: datetime) -> list[tuple[str, str]]:
    facts = [(_("Since"), _when(alert.starts_at, now))]
    if alert.ends_at is not None:
        facts.append((_("Over since"), _when(alert.ends_at, now)))
    if runbook := alert.annotations.get("runbook", ""):
        facts.append((_("What to do"), runbook.replace("#", " #")))  # a line may end there
    return facts


def _when(instant: datetime | None, now: datetime) -> str:
    if instant is None:
        return figures.UNDEFINED
    return f"{figures.near_moment(instant)} ({figures.ago(instant, now)})"


def _summary(alert: Alert) -> str:
    return str(alert.annotations.get("summary") or alert.name)
