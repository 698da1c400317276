"""The restore test: the newest backup becomes a scratch database, is compared and dropped."""

import logging
from pathlib import Path
from typing import Final

from backups import records, schedule
from backups.errors import BackupError
from backups.files import Clock, Watch
from backups.models import Backup
from backups.restoring import beside, check_file, drop, restore_into
from backups.server import MAINTENANCE, connect, database_name, only_one

logger = logging.getLogger(__name__)

LONGEST_SECONDS: Final = 2400  # below the task's own limit, so that the row says what happened


def prove_newest(
    folder: Path,
    *,
    clock: Clock,
    watch: Watch | None = None,
    seconds: float = LONGEST_SECONDS,
) -> Backup:
    """Restore the newest backup beside the database and compare it with its manifest.

    Returns:
        Its row, which says how it went.

    Raises:
        BusyError: A backup, or another test, is under way.
        BackupError: There is no backup.
    """
    with only_one():
        records.catch_up(folder, now=clock())
        newest = Backup.objects.good().newest()
        if newest is None:
            raise BackupError("There is no backup to test: make one first.")
        return _test(newest, folder, clock=clock, watch=watch or _unwatched, seconds=seconds)


def prove_newest_if_due(folder: Path, *, clock: Clock) -> Backup | None:
    """Make the week's restore test unless there was one; None where nothing was to be done.

    Raises:
        BusyError: A backup, or another test, is under way.
    """
    now = clock()
    with only_one():
        records.catch_up(folder, now=now)
        newest = Backup.objects.good().newest()
        since = schedule.last_test_due(now)
        if newest is None or Backup.objects.filter(restore_tested_at__gte=since).exists():
            return None
        return _test(newest, folder, clock=clock, watch=_unwatched, seconds=LONGEST_SECONDS)


def _unwatched(_bytes: int) -> None:
    pass


def _test(backup: Backup, folder: Path, *, clock: Clock, watch: Watch, seconds: float) -> Backup:
    told = ""
    scratch = beside(database_name(), "restore_test")
    try:
        with connect(MAINTENANCE) as server:
            drop(server, scratch, is_forced=True)  # what an interrupted test left
            try:
                path = folder / backup.file_name
                check_file(path)
                restore_into(path, scratch, watch=watch, seconds=seconds)
            finally:
                drop(server, scratch, is_forced=True)
    except BackupError as error:
        told = str(error)[: records.MOST_LETTERS]
    backup.restore_tested_at = clock()
    backup.is_restore_ok, backup.restore_error = not told, told
    backup.save(update_fields=["restore_tested_at", "is_restore_ok", "restore_error"])
    if told:
        logger.error("%s cannot be restored: %s", backup.file_name, told)
    else:
        logger.info("%s was restored and is as it was", backup.file_name)
    return backup
