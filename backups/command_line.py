"""What the commands of backups have in common."""

from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from tqdm import tqdm

from backups.errors import BackupError
from backups.files import Watch


def add_folder(parser: ArgumentParser) -> None:
    """The folder of backups as an option."""
    parser.add_argument("--folder", default="", help="where backups lie; else BACKUP_FOLDER")


def chosen_folder(given: str) -> Path:
    """The folder as given, else as set.

    Raises:
        BackupError: Neither is.
    """
    if not (folder := given or settings.BACKUP_FOLDER):
        raise BackupError("There is no folder for backups: set BACKUP_FOLDER or give --folder.")
    return Path(folder)


@contextmanager
def progress(terminal: Any, *, total: int | None = None) -> Iterator[Watch]:
    """A bar of bytes, where somebody looks."""
    with tqdm(total=total, unit="B", unit_scale=True, disable=None, file=terminal) as bar:
        yield bar.update
