"""What of the alerts MON_PS found is told by mail, and when.

Called inside an evaluation, in the language of the mails. Critical alerts are told at once, each
by a mail of its own, and again while nobody acknowledges them. Everything else is gathered:
opportunities in one mail, other alerts in another, neither more often than the settings say and
neither during quiet hours. What is over before it could be told is never told. That something was
told stands in the same transaction as the mail: a restart tells nothing twice and forgets nothing.
"""

from datetime import datetime, timedelta
from typing import Final

from django.db.models import F

from alerts import opportunities
from alerts.mails import alert_letters, opportunity_letter, outbox
from alerts.models import Alert, Mail, NotificationSettings
from alerts.models.alerts import AlertQuerySet
from betting.models import Opportunity

# Verdicts have mails of their own (alerts.mails.verdicts).
TOLD_OTHERWISE: Final = ("AgentTestVerdict",)
OPPORTUNITIES: Final = "opportunities-"  # the key of such a mail begins so
DIGEST: Final = "digest-"
CRITICAL: Final = Mail.Severity.CRITICAL
FORGOTTEN_AFTER: Final = timedelta(days=7)  # that an alert is over is not told later


def post_news(chosen: NotificationSettings, *, now: datetime) -> None:
    """Post the mails that are due about alerts of our own."""
    if not outbox.is_open(chosen):
        return
    _post_critical(chosen, now)
    if not chosen.is_quiet(now):
        _post_opportunities(chosen, now)
        _post_digest(chosen, now)


def _post_critical(chosen: NotificationSettings, now: datetime) -> None:
    critical = _of_rules().filter(severity=CRITICAL)
    for alert in critical.open().filter(mailed_at=None):
        outbox.post_letter(f"alert-{alert.pk}", alert_letters.critical(alert, now=now), now=now)
        _told([alert], now)
    for alert in _over(critical, now):
        letter = alert_letters.resolved(alert, now=now)
        outbox.post_letter(f"alert-{alert.pk}-over", letter, now=now)
        _told([alert], now)
    if not chosen.reminder_hours:
        return
    long_ago = now - timedelta(hours=chosen.reminder_hours)
    for alert in critical.open().filter(mailed_at__lte=long_ago, acknowledged_at=None):
        letter = alert_letters.critical(alert, now=now, is_reminder=True)
        outbox.post_letter(f"alert-{alert.pk}-again-{now:%Y%m%dT%H%M%S}", letter, now=now)
        _told([alert], now)


def _post_opportunities(chosen: NotificationSettings, now: datetime) -> None:
    """One mail about all that are new and still on offer."""
    new = list(Alert.objects.own().open().filter(name=opportunities.NAME, mailed_at=None))
    if not new or _was_posted_lately(OPPORTUNITIES, chosen, now):
        return
    on_offer = Opportunity.objects.open(now).filter(
        pk__in=[int(alert.labels["opportunity"]) for alert in new]
    )
    found = list(opportunities.with_names(on_offer).order_by(F("edge_pct").desc(), "pk"))
    if found:
        letter = opportunity_letter.compose(found, now=now)
        outbox.post_letter(f"{OPPORTUNITIES}{now:%Y%m%dT%H%M%S}", letter, now=now)
        _told(new, now)


def _post_digest(chosen: NotificationSettings, now: datetime) -> None:
    """One mail about the other alerts: those that began, and those told of that are over."""
    others = _of_rules().exclude(severity=CRITICAL).exclude(name__in=TOLD_OTHERWISE)
    begun = list(others.open().filter(mailed_at=None).order_by("-severity", "starts_at"))
    over = _over(others, now)
    if not (begun or over) or _was_posted_lately(DIGEST, chosen, now):
        return
    letter = alert_letters.digest(begun, over, now=now)
    outbox.post_letter(f"{DIGEST}{now:%Y%m%dT%H%M%S}", letter, now=now)
    _told([*begun, *over], now)


def _of_rules() -> AlertQuerySet:
    return Alert.objects.own().exclude(name=opportunities.NAME)


def _over(alerts: AlertQuerySet, now: datetime) -> list[Alert]:
    """Those that were told of and have ended since."""
    ended = alerts.filter(ends_at__gt=now - FORGOTTEN_AFTER, mailed_at__lt=F("ends_at"))
    return list(ended.order_by("ends_at"))


def _was_posted_lately(prefix: str, chosen: NotificationSettings, now: datetime) -> bool:
    since = now - timedelta(minutes=chosen.digest_minutes)
    return Mail.objects.filter(created_at__gt=since, key__startswith=prefix).exists()


def _told(alerts: list[Alert], now: datetime) -> None:
    Alert.objects.filter(pk__in=[alert.pk for alert in alerts]).update(mailed_at=now)
