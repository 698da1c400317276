"""The rows of backups, held to what lies in the folder."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from backups import files, retention
from backups.files import Manifest
from backups.models import Backup
from backups.retention import Candidate

INTERRUPTED: Final = "It was interrupted before it was finished; what it had written is removed."
MOST_LETTERS: Final = 500  # of an error
FAILURES_KEPT: Final = timedelta(days=90)
REMOVED_KEPT: Final = timedelta(days=400)
Status = Backup.Status


def catch_up(folder: Path, *, now: datetime) -> None:
    """Make the rows say what the folder says; call it only while no backup runs.

    A backup that died is a failed one, a file that is gone is gone, and one that no row knows of,
    for the database was restored from an older one, is known again.
    """
    found = files.manifests(folder)
    known = set(Backup.objects.good().values_list("file_name", flat=True))
    for name in found.keys() - known:
        store(name, found[name])
    Backup.objects.filter(status=Status.RUNNING).update(
        status=Status.FAILED, finished_at=now, error=INTERRUPTED
    )
    gone = Backup.objects.good().filter(file_name__in=known - found.keys())
    gone.update(removed_at=now, kept_as="")


def store(name: str, manifest: Manifest) -> None:
    """Write what the manifest of a finished backup says."""
    told: dict[str, Any] = {
        "status": Status.DONE,
        "started_at": datetime.fromisoformat(manifest.started_at),
        "finished_at": datetime.fromisoformat(manifest.finished_at),
        "bytes": manifest.bytes,
        "sha256": manifest.sha256,
        "rows": manifest.rows,
        "checksums": manifest.checksums,
        "error": "",
        "removed_at": None,
    }
    Backup.objects.update_or_create(file_name=name, defaults=told)


def fail(pk: int, sentence: str, *, now: datetime) -> None:
    """Write why there is no backup."""
    running = Backup.objects.filter(pk=pk, status=Status.RUNNING)
    running.update(status=Status.FAILED, finished_at=now, error=sentence[:MOST_LETTERS])


def rotate(folder: Path, *, now: datetime) -> int:
    """Remove the files that are no longer kept, and say of the others why they are.

    Returns:
        How many were removed.
    """
    rows = Backup.objects.good().values_list("pk", "started_at", "is_restore_ok", "file_name")
    good = list(rows)
    kept = retention.choose(
        Candidate(key=pk, made_at=made_at, has_failed=is_ok is False)
        for pk, made_at, is_ok, _name in good
    )
    for rule in Backup.Kept.values:
        Backup.objects.filter(pk__in=[pk for pk, name in kept.items() if name == rule]).update(
            kept_as=rule
        )
    removed = [(pk, name) for pk, _at, _ok, name in good if pk not in kept]
    with files.said_plainly(folder):
        for _pk, name in removed:
            files.discard(folder / name)
    gone = Backup.objects.filter(pk__in=[pk for pk, _name in removed])
    gone.update(removed_at=now, kept_as="")
    _forget(now)
    return len(removed)


def _forget(now: datetime) -> None:
    """Delete rows of what nobody asks for any more."""
    Backup.objects.filter(status=Status.FAILED, started_at__lt=now - FAILURES_KEPT).delete()
    Backup.objects.filter(removed_at__lt=now - REMOVED_KEPT).delete()
