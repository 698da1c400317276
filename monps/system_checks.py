"""The parts of the installation that the system's page judges, by the alerts' own thresholds."""

import shutil
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from django.conf import settings
from django.db import connection
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from prometheus_client.core import Metric

from alerts import channels, heartbeats
from alerts.metrics import processes as queued
from alerts.models import AlertSettings, Heartbeat
from betting.money import money
from monps.health_line import Sign, State
from odds import figures

COMMON: Final = "celery"  # the queue of everything that is short
LEAST_FREE: Final = 2 * 1024**3  # bytes: a backup and its restore test want room
LEAST_SHARE: Final = 0.05
Facts = dict[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One part, and what to do where it is not in order."""

    sign: Sign
    remedy: str = ""


def values_of(families: Iterable[Metric]) -> Facts:
    """Metrics of one number by name; those that are undefined lack."""
    return {one.name: one.samples[0].value for one in families if one.samples}


def processes(thresholds: AlertSettings, now: datetime) -> list[Check]:
    """The workers of each queue, and beat; one query."""
    seen = {one.name: one.seen_at for one in Heartbeat.objects.all()}
    names = {COMMON: _("Worker"), "long": _("Worker for long work")}
    patience = {COMMON: thresholds.worker_silence_minutes}
    return [
        *(
            _process(
                names.get(queue, queue),
                seen.get(heartbeats.of_worker(queue)),
                patience.get(queue, thresholds.long_worker_silence_minutes),
                now,
            )
            for queue in queued.queues()
        ),
        _process(
            _("Timetable (beat)"), seen.get(heartbeats.BEAT), thresholds.beat_silence_minutes, now
        ),
    ]


def _process(name: str, seen_at: datetime | None, minutes: float, now: datetime) -> Check:
    state, reason = State.GOOD, _("Last sign of life.")
    if seen_at is None:
        state, reason = State.WAITING, _("No sign of life yet.")
    elif now - seen_at > timedelta(minutes=minutes):
        state = State.BAD
        longest = {"number": figures.plain(minutes)}
        reason = _("Silent for longer than %(number)s minutes.") % longest
    return Check(
        sign=Sign(
            name=name,
            icon="engineering",
            value=figures.ago(seen_at, now),
            reason=reason,
            state=state,
            url=reverse("admin:django_celery_beat_periodictask_changelist"),
        ),
        remedy=_("Start it again (`make run`, or `docker compose up -d`) and read its log."),
    )


def queues(thresholds: AlertSettings) -> list[Check]:
    """Whether the broker answers, and how much waits in it."""
    lengths = queued.queue_lengths()
    if lengths is None:
        state, value = State.BAD, _("no answer")
        reason = _("Nothing is collected, settled or mailed without it.")
    else:
        waiting = sum(lengths.values())
        value = ngettext("%(number)s task waits", "%(number)s tasks wait", waiting) % {
            "number": figures.whole(waiting)
        }
        state = State.BAD if max(lengths.values()) > thresholds.long_queue else State.GOOD
        reason = " · ".join(f"{name} {figures.whole(one)}" for name, one in lengths.items())
    sign = Sign(
        name=_("Broker and queues"),
        icon="stacks",
        value=value,
        reason=reason,
        state=state,
        url=reverse("admin:django_celery_beat_periodictask_changelist"),
    )
    return [
        Check(sign=sign, remedy=_("Start the broker, or a worker for the queue that has grown."))
    ]


def database() -> Check:
    """How fast it answers, and how large it is; this page would not be here without it."""
    began = time.perf_counter()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_database_size(current_database()), current_setting('server_version')"
        )
        size, version = cursor.fetchone() or (0, "")
    elapsed = round(1000 * (time.perf_counter() - began))
    reason = _("PostgreSQL %(version)s, answers in %(time)s ms") % {
        "version": str(version).partition(" ")[0],
        "time": figures.whole(elapsed),
    }
    return Check(
        sign=Sign(
            name=_("Database"),
            icon="database",
            value=filesizeformat(size),
            reason=reason,
            state=State.GOOD,
            url=reverse("admin:backups_backup_changelist"),
        )
    )


def disk() -> Check:
    """The room left where backups lie, or where the program does."""
    folder = Path(settings.BACKUP_FOLDER or settings.BASE_DIR)
    while not folder.exists():
        folder = folder.parent
    room = shutil.disk_usage(folder)
    is_full = room.free < LEAST_FREE or room.free < LEAST_SHARE * room.total
    where = _("where backups lie") if settings.BACKUP_FOLDER else _("where the program lies")
    words = {"size": filesizeformat(room.total), "where": where}
    return Check(
        sign=Sign(
            name=_("Disk space"),
            icon="hard_drive",
            value=_("%(size)s free") % {"size": filesizeformat(room.free)},
            reason=_("of %(size)s, %(where)s") % words,
            state=State.BAD if is_full else State.GOOD,
            url=reverse("admin:backups_backup_changelist"),
        ),
        remedy=_("Make room: with a full disk nothing is stored and no backup is made."),
    )


def failed_calls(facts: Facts, thresholds: AlertSettings) -> Check:
    """Calls of the last day that failed."""
    failed = int(facts["monps_collections_failed_24h"])
    return Check(
        sign=Sign(
            name=_("Failed calls"),
            icon="cloud_off",
            value=figures.whole(failed),
            reason=_("of the last 24 hours"),
            state=State.BAD if failed > thresholds.failed_collections else State.GOOD,
            url=reverse("admin:odds_collection_changelist"),
        ),
        remedy=_("Open the last failed one: it names the reason, such as the key or the network."),
    )


def restore_test(facts: Facts, thresholds: AlertSettings, now: datetime) -> Check:
    """Whether the newest trial gave every table back as it was."""
    tested_at = _instant(facts.get("monps_last_restore_test_timestamp"))
    longest = timedelta(days=thresholds.restore_test_age_days)
    if tested_at is None:
        state, reason = State.WAITING, _("None yet; the newest backup is restored every Sunday.")
    elif not facts.get("monps_restore_test_ok"):
        state, reason = State.BAD, _("It failed: the backups cannot be relied on.")
    elif now - tested_at > longest:
        state, reason = (
            State.BAD,
            _("None for longer than %(time)s.") % {"time": figures.age(now - longest, now)},
        )
    else:
        state, reason = State.GOOD, _("Every table came back as it was.")
    return Check(
        sign=Sign(
            name=_("Restore test"),
            icon="settings_backup_restore",
            value=figures.ago(tested_at, now),
            reason=reason,
            state=state,
            url=reverse("admin:backups_backup_changelist"),
        ),
        remedy=_("Test again from the page of backups; if it fails once more, make a new backup."),
    )


def night(facts: Facts, thresholds: AlertSettings, now: datetime) -> Check:
    """The nightly chain of settling, ranking and analysis."""
    done_at = _instant(facts.get("monps_nightly_last_success_timestamp"))
    longest = timedelta(hours=thresholds.nightly_age_hours)
    if facts.get("monps_nightly_failed"):
        state, reason = State.BAD, _("The newest one failed.")
    elif done_at is None:
        state, reason = State.WAITING, _("None ended well yet.")
    elif now - done_at > longest:
        state, reason = (
            State.BAD,
            _("None for longer than %(time)s.") % {"time": figures.age(now - longest, now)},
        )
    else:
        state, reason = State.GOOD, _("The last one that ended well.")
    return Check(
        sign=Sign(
            name=_("Nightly run"),
            icon="nights_stay",
            value=figures.ago(done_at, now),
            reason=reason,
            state=state,
            url=reverse("admin:strategies_nightlyrun_changelist"),
        ),
        remedy=_("Open the night: it says which step was given up, and why."),
    )


def budget(facts: Facts, thresholds: AlertSettings) -> Check:
    """What language models cost this month, against what they may."""
    spent, allowed = facts["monps_llm_month_cost_eur"], facts["monps_llm_month_budget_eur"]
    state, reason = State.GOOD, _("of %(amount)s this month") % {"amount": money(allowed, "€")}
    if not settings.OPENAI_API_KEY:
        state, reason = State.WAITING, _("No key: statistics look for improvements instead.")
    elif not allowed:
        state, reason = State.WAITING, _("The budget is 0: statistics look instead.")
    elif spent >= allowed * thresholds.llm_budget_pct / 100:
        state = State.BAD
    return Check(
        sign=Sign(
            name=_("Language model’s budget"),
            icon="psychology",
            value=money(spent, "€"),
            reason=reason,
            state=state,
            url=reverse("admin:strategies_learningsettings_changelist"),
        ),
        remedy=_("Once it is spent statistics look instead; raise it, or leave it so."),
    )


def mails(facts: Facts) -> list[Check]:
    """Whether mails can be sent, and what became of them."""
    waiting, failed = int(facts["monps_mails_waiting"]), int(facts["monps_mails_failed"])
    state, value = State.GOOD, figures.whole(waiting)
    reason = _("waiting to be sent to %(who)s") % {"who": ", ".join(channels.mail_recipients())}
    if failed:
        state, value = State.BAD, figures.whole(failed)
        reason = _("given up, or perhaps lost")
    elif not channels.is_mail_configured():
        state, value = State.WAITING, figures.UNDEFINED
        reason = _("No mail server or recipient is set: alerts are only shown here.")
    return [
        Check(
            sign=Sign(
                name=_("Mails"),
                icon="mail",
                value=value,
                reason=reason,
                state=state,
                url=reverse("admin:alerts_mail_changelist"),
            ),
            remedy=_("Set EMAIL_HOST and EMAIL_TO, or open the failed mails and send them again."),
        )
    ]


def alertmanager() -> Check:
    """Who evaluates the alerts: Alertmanager, or MON_PS by itself."""
    is_used = bool(channels.alertmanager_url())
    reason = _("Alerts are pushed to it.") if is_used else _("Not used: MON_PS mails by itself.")
    return Check(
        sign=Sign(
            name="Alertmanager",
            icon="campaign",
            value=_("in use") if is_used else figures.UNDEFINED,
            reason=reason,
            state=State.GOOD if is_used else State.WAITING,
            url=reverse("admin:alerts_notificationsettings_changelist"),
        )
    )


def _instant(seconds: float | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
