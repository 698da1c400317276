"""What keeps the installation in order: backups, nights, analyses and their cost, alerts, mails."""

from collections.abc import Iterator
from datetime import UTC, datetime

from prometheus_client.core import Metric

from alerts.metrics.families import counter, gauge, instant
from alerts.models import Alert, Mail
from backups.models import Backup
from strategies.models import LearningRun, LearningSettings, NightlyRun


def read(now: datetime) -> Iterator[Metric]:
    """Instants and verdicts are absent before the first of each."""
    yield from _backups()
    yield from _analyses(now)
    yield from _nights()
    yield from _alerts()


def _backups() -> Iterator[Metric]:
    """Columns and no rows: a row keeps a checksum of every table."""
    made = Backup.objects.good().order_by("-finished_at").values_list("finished_at", "bytes")
    finished_at, size = made.first() or (None, None)
    trials = Backup.objects.filter(restore_tested_at__isnull=False).order_by("-restore_tested_at")
    tested = trials.values_list("restore_tested_at", "is_restore_ok")
    tested_at, is_ok = tested.first() or (None, None)
    yield gauge(
        "monps_last_backup_timestamp",
        "When the newest good backup was finished, in seconds since 1970.",
        instant(finished_at),
    )
    yield gauge("monps_last_backup_bytes", "Its size.", size)
    yield gauge(
        "monps_last_restore_test_timestamp",
        "When a backup was last restored on trial, in seconds since 1970.",
        instant(tested_at),
    )
    yield gauge(
        "monps_restore_test_ok",
        "1 when that trial gave every table back as it was, 0 otherwise.",
        None if tested_at is None else bool(is_ok),
    )


def _analyses(now: datetime) -> Iterator[Metric]:
    settings = LearningSettings.current()
    today = now.astimezone(UTC)
    month = LearningRun.objects.begun_in(today.year, today.month).cost_usd()
    yield counter(
        "monps_llm_cost_usd",
        "Dollars that all answers of language models cost.",
        LearningRun.objects.cost_usd(),
    )
    yield gauge(
        "monps_llm_month_cost_eur",
        "Euros that the answers of this UTC month cost.",
        month * settings.euros_per_dollar,
    )
    yield gauge(
        "monps_llm_month_budget_eur",
        "Euros a month may cost.",
        settings.monthly_budget_eur,
    )


def _nights() -> Iterator[Metric]:
    """Columns and no rows: a row keeps the night's report."""
    finished = NightlyRun.objects.exclude(status=NightlyRun.Status.RUNNING).order_by("-day")
    newest = finished.values_list("status", flat=True).first()
    good = finished.filter(status=NightlyRun.Status.DONE).values_list("finished_at", flat=True)
    yield gauge(
        "monps_nightly_last_success_timestamp",
        "When a nightly run last ended well, in seconds since 1970.",
        instant(good.first()),
    )
    yield gauge(
        "monps_nightly_failed",
        "1 when the newest finished nightly run failed, 0 otherwise.",
        None if newest is None else newest == NightlyRun.Status.FAILED,
    )


def _alerts() -> Iterator[Metric]:
    yield gauge("monps_alerts_open", "Alerts firing now.", Alert.objects.open().count())
    yield gauge("monps_mails_waiting", "Mails not sent yet.", Mail.objects.waiting().count())
    yield gauge(
        "monps_mails_failed",
        "Mails given up, or perhaps lost: somebody must look.",
        Mail.objects.failed().count(),
    )
