"""Making a backup, now or because one is due: the row, the file, and the rotation after it."""

import logging
from contextlib import suppress
from pathlib import Path

from backups import files, records, schedule
from backups.dumping import dump
from backups.errors import BackupError
from backups.files import Clock, Watch
from backups.models import Backup
from backups.server import only_one

logger = logging.getLogger(__name__)


def back_up(
    folder: Path, *, clock: Clock, with_checksums: bool = True, watch: Watch = lambda _bytes: None
) -> Backup:
    """Make a backup now.

    Raises:
        BusyError: Another one, or a restore test, is under way.
        BackupError: There is none; the row says why, and earlier ones are as they were.
    """
    with only_one():
        return _make(folder, clock=clock, with_checksums=with_checksums, watch=watch)


def back_up_if_due(folder: Path, *, clock: Clock) -> Backup | None:
    """Make the night's backup unless there is one; None where nothing was to be done.

    Raises:
        BusyError: Another one, or a restore test, is under way.
        BackupError: There is none.
    """
    now = clock()
    with only_one():
        records.catch_up(folder, now=now)
        since = schedule.last_backup_due(now)
        if Backup.objects.good().filter(started_at__gte=since).exists():
            return None
        failed = Backup.objects.filter(status=Backup.Status.FAILED).exclude(
            error=records.INTERRUPTED
        )
        if failed.filter(finished_at__gt=now - schedule.RETRIED_AFTER).exists():
            return None
        return _make(folder, clock=clock, with_checksums=True, watch=lambda _bytes: None)


def _make(folder: Path, *, clock: Clock, with_checksums: bool, watch: Watch) -> Backup:
    """We hold the lock, so whatever else looks like a backup under way was interrupted."""
    started_at = clock()
    records.catch_up(folder, now=started_at)
    path = folder / files.name_of(started_at)
    if Backup.objects.filter(file_name=path.name).exists():
        raise BackupError(f"{path.name} exists already: try again in a second.")
    row = Backup.objects.create(file_name=path.name, started_at=started_at)
    try:
        files.prepare(folder)
        manifest = dump(
            path, started_at=started_at, clock=clock, with_checksums=with_checksums, watch=watch
        )
    except BaseException as error:
        with suppress(BackupError):
            files.prepare(folder)  # the unfinished file
        told = str(error) if isinstance(error, BackupError) else _broke_off(error)
        records.fail(row.pk, told, now=clock())
        raise
    records.store(path.name, manifest)
    removed = records.rotate(folder, now=clock())
    logger.info("wrote %s, %d bytes; %d older removed", path.name, manifest.bytes, removed)
    return Backup.objects.get(pk=row.pk)


def _broke_off(error: BaseException) -> str:
    return f"It broke off: {type(error).__name__}. The log says more."
