"""The first page's system line: each sign of health good or bad, with the reason."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from alerts import heartbeats
from alerts.models import Alert, AlertSettings, Heartbeat, Mail
from backups.models import Backup
from odds import figures
from odds.gate import Terms, due_times
from odds.models import Collection, Sport

QUEUE = "celery"  # the one that collects


class State(StrEnum):
    """How a sign is shown; what was never due is neither good nor bad."""

    GOOD = "good"
    BAD = "bad"
    WAITING = "waiting"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign:
    """One part of the installation: a value, whether that is good, and why."""

    name: str
    icon: str
    value: str
    reason: str
    state: State
    url: str


def read(sports: Iterable[Sport], terms: Terms, *, now: datetime) -> list[Sign]:
    """The signs in the order of the chain: odds, credits, work, alerts, backups.

    Args:
        sports: Those that are collected.
        terms: What governs calls.
        now: The current instant.
    """
    thresholds = AlertSettings.current()
    return [
        _last_collection(terms, thresholds, now),
        _next_call(list(sports), terms, now),
        _credits(terms, thresholds, now),
        _work(thresholds, now),
        _alerts(),
        _backup(thresholds, now),
    ]


def _last_collection(terms: Terms, thresholds: AlertSettings, now: datetime) -> Sign:
    last = (
        Collection.objects.of_odds().select_related("sport").order_by("-started_at", "-id").first()
    )
    longest = max(
        timedelta(hours=thresholds.collection_silence_hours),
        thresholds.collection_gap_factor * terms.interval,
    )
    url = reverse("admin:odds_collection_changelist")
    if last is None:
        state, value, reason = State.WAITING, figures.UNDEFINED, _("None yet.")
    else:
        url = reverse("admin:odds_collection_change", args=[last.pk])
        value = figures.ago(last.started_at, now)
        state, reason = State.GOOD, _quotes(last)
        if last.status == Collection.Status.FAILED:
            state, reason = State.BAD, last.get_failure_display()
        elif now - last.started_at > longest:
            state = State.BAD
            reason = _("None for longer than %(time)s.") % {"time": figures.age(now - longest, now)}
    return Sign(
        name=_("Last collection"),
        icon="cloud_download",
        value=value,
        reason=reason,
        state=state,
        url=url,
    )


def _quotes(last: Collection) -> str:
    """What the last call brought, as far as it is known."""
    if last.status != Collection.Status.STORED:
        return f"{last.sport} · {last.get_status_display()}"
    stored = _("%(received)s quotes, %(stored)s new or changed") % {
        "received": figures.whole(last.quotes_received),
        "stored": figures.whole(last.quotes_stored),
    }
    return f"{last.sport} · {stored}"


def _next_call(sports: list[Sport], terms: Terms, now: datetime) -> Sign:
    state, value = State.GOOD, figures.UNDEFINED
    url = reverse("admin:odds_collectionsettings_changelist")
    if not sports:
        state, reason = State.BAD, _("No sport is collected.")
        url = reverse("admin:odds_sport_changelist")
    elif terms.is_exhausted:
        state, value = State.BAD, figures.away(terms.account.resets_at, now)
        reason = _("When the account is refilled.")
    else:
        due = due_times(sports, now, terms)
        first = min(sports, key=lambda sport: (due[sport.pk], sport.pk))
        value = _("due now") if due[first.pk] <= now else figures.away(due[first.pk], now)
        reason = f"{first} · {figures.near_moment(max(due[first.pk], now))}"
    return Sign(
        name=_("Next collection"),
        icon="schedule",
        value=value,
        reason=reason,
        state=state,
        url=url,
    )


def _credits(terms: Terms, thresholds: AlertSettings, now: datetime) -> Sign:
    account = terms.account
    above = account.remaining - account.reserve
    words = {
        "limit": figures.whole(account.limit),
        "reserve": figures.whole(account.reserve),
        "date": figures.near_moment(account.resets_at),
    }
    if terms.is_exhausted:
        state = State.BAD
        reason = _("Collecting waits: %(reserve)s are the reserve until %(date)s.")
    elif above < thresholds.low_quota:
        state = State.BAD
        words["number"] = figures.whole(thresholds.low_quota)
        reason = _("Fewer than %(number)s above the reserve of %(reserve)s; refilled %(date)s.")
    elif account.known_at is None:
        state = State.GOOD
        reason = _("Your plan’s number; no answer this month has confirmed it.")
    else:
        state = State.GOOD
        words["time"] = figures.ago(account.known_at, now)
        reason = _("of %(limit)s, %(reserve)s in reserve · as told %(time)s")
    return Sign(
        name=_("Credits left"),
        icon="toll",
        value=figures.whole(account.remaining),
        reason=reason % words,
        state=state,
        url=reverse("admin:odds_collection_changelist"),
    )


def _work(thresholds: AlertSettings, now: datetime) -> Sign:
    """The tasks' last sign of life; it takes the scheduler, the broker and a worker to give it."""
    beat = Heartbeat.objects.filter(name=heartbeats.of_worker(QUEUE)).first()
    silence = timedelta(minutes=thresholds.worker_silence_minutes)
    if beat is None:
        state, value = State.WAITING, figures.UNDEFINED
        reason = _("No sign of life yet.")
    elif now - beat.seen_at > silence:
        state, value = State.BAD, figures.ago(beat.seen_at, now)
        reason = _("Silent: nothing is collected, settled or mailed. Is the worker running?")
    else:
        state, value = State.GOOD, figures.ago(beat.seen_at, now)
        reason = _("Last sign of life of the worker.")
    return Sign(
        name=_("Background work"),
        icon="engineering",
        value=value,
        reason=reason,
        state=state,
        url=reverse("admin:django_celery_beat_periodictask_changelist"),
    )


def _alerts() -> Sign:
    """What is only told, such as a new opportunity, is counted apart and is no fault."""
    found = Alert.objects.open().only("name", "annotations", "severity").order_by("-starts_at")
    told = sum(alert.severity == Mail.Severity.INFO for alert in found)
    summaries = [
        str(alert.annotations.get("summary") or alert.name)
        for alert in found
        if alert.severity != Mail.Severity.INFO
    ]
    number = len(summaries)
    reason = _("Nothing to look after.")
    if told and not number:
        said = ngettext("%(number)s for information", "%(number)s for information", told)
        reason = said % {"number": figures.whole(told)}
    elif number == 1:
        reason = summaries[0]
    elif number:
        others = ngettext("and %(number)s more", "and %(number)s more", number - 1)
        reason = f"{summaries[0]}, {others % {'number': figures.whole(number - 1)}}"
    return Sign(
        name=_("Open alerts"),
        icon="notifications",
        value=figures.whole(number),
        reason=reason,
        state=State.BAD if number else State.GOOD,
        url=reverse("admin:alerts_alert_changelist"),
    )


def _backup(thresholds: AlertSettings, now: datetime) -> Sign:
    newest = Backup.objects.good().order_by("-finished_at").first()
    oldest = timedelta(hours=thresholds.backup_age_hours)
    if newest is None or newest.finished_at is None:
        state, value = State.WAITING, figures.UNDEFINED
        reason = _("None yet; one is made every night.")
    else:
        value = figures.ago(newest.finished_at, now)
        is_old = now - newest.finished_at > oldest
        state = State.BAD if is_old else State.GOOD
        reason = figures.near_moment(newest.finished_at)
        if is_old:
            reason = _("None for longer than %(time)s.") % {"time": figures.age(now - oldest, now)}
    return Sign(
        name=_("Last backup"),
        icon="backup",
        value=value,
        reason=reason,
        state=state,
        url=reverse("admin:backups_backup_changelist"),
    )
