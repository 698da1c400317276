"""Backups and restore tests by themselves: a tick asks whether one is due."""

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Final

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from backups import making, proving
from backups.errors import BackupError, BusyError
from backups.files import Clock
from backups.models import Backup

logger = logging.getLogger(__name__)

QUEUE: Final = "long"  # whose worker may be busy for an hour
TICK_SECONDS: Final = 600
SOFT_LIMIT_SECONDS: Final = 3000
HARD_LIMIT_SECONDS: Final = 3300  # below the broker's visibility timeout
Work = Callable[..., Backup | None]


@shared_task(soft_time_limit=SOFT_LIMIT_SECONDS, time_limit=HARD_LIMIT_SECONDS)
def back_up() -> None:
    """Make the night's backup, once; one that was missed or failed is made up."""
    _do(making.back_up_if_due)


@shared_task(soft_time_limit=SOFT_LIMIT_SECONDS, time_limit=HARD_LIMIT_SECONDS)
def back_up_now() -> None:
    """Make a backup because somebody asked for one."""
    _do(making.back_up)


@shared_task(soft_time_limit=SOFT_LIMIT_SECONDS, time_limit=HARD_LIMIT_SECONDS)
def test_newest() -> None:
    """Make the week's restore test, once."""
    _do(proving.prove_newest_if_due)


@shared_task(soft_time_limit=SOFT_LIMIT_SECONDS, time_limit=HARD_LIMIT_SECONDS)
def test_newest_now() -> None:
    """Make a restore test because somebody asked for one."""
    _do(proving.prove_newest)


def _do(work: Work) -> None:
    """What went wrong is in the row, and the next tick does what is due still."""
    if not settings.BACKUP_FOLDER:
        return
    clock: Clock = timezone.now
    try:
        work(Path(settings.BACKUP_FOLDER), clock=clock)
    except BusyError as busy:
        logger.info("%s", busy)
    except BackupError as error:
        logger.error("%s", error)  # noqa: TRY400 - a sentence, and nothing a trace would add
