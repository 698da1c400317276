"""The folder of backups: a dump, its manifest and its SHA-256, and nothing half written.

A dump gets its name last, so a name that ends in `.dump` is a finished backup. Whatever else an
interrupted one left is removed before the next.
"""

import hashlib
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO, Final

from backups.contents import Contents
from backups.errors import BackupError, CorruptedError

DUMP: Final = ".dump"
MANIFEST: Final = ".dump.json"
SUM: Final = ".dump.sha256"  # as sha256sum writes it, for `sha256sum --check`
UNFINISHED: Final = ".unfinished"
BLOCK: Final = 1 << 20  # bytes
Clock = Callable[[], datetime]
Watch = Callable[[int], None]  # told how many bytes more were written or read


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What a backup holds and how to know that it is whole; lies beside it as JSON."""

    started_at: str
    finished_at: str
    database: str
    server_version: int
    bytes: int
    sha256: str
    rows: dict[str, int]
    checksums: dict[str, str] = field(default_factory=dict)

    @property
    def contents(self) -> Contents:
        """As read in the dumped snapshot."""
        return Contents(rows=self.rows, checksums=self.checksums)


def name_of(started_at: datetime) -> str:
    """The file of a backup begun then."""
    return f"monps-{started_at.astimezone(UTC):%Y%m%dT%H%M%SZ}{DUMP}"


@contextmanager
def said_plainly(folder: Path) -> Iterator[None]:
    """What the system refuses to write, as a sentence."""
    try:
        yield
    except OSError as error:
        raise BackupError(f"Nothing can be written to {folder}: {error.strerror}.") from error


def prepare(folder: Path) -> None:
    """Make the folder, for its owner only, and remove what an interrupted backup left there."""
    with said_plainly(folder):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for path in folder.glob(f"monps-*{UNFINISHED}"):
            path.unlink(missing_ok=True)
        for suffix in (MANIFEST, SUM):
            for path in folder.glob(f"monps-*{suffix}"):
                if not (folder / path.name.replace(suffix, DUMP)).exists():
                    path.unlink(missing_ok=True)


def create(path: Path) -> BinaryIO:
    """A new file that its owner alone may read."""
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


def finish(unfinished: Path, path: Path, manifest: Manifest) -> None:
    """Give a dump its name, once all that belongs to it outlasts a power cut."""
    _write(_beside(path, MANIFEST), json.dumps(asdict(manifest), indent=1) + "\n")
    _write(_beside(path, SUM), f"{manifest.sha256}  {path.name}\n")
    unfinished.rename(path)
    _sync_folder(path.parent)


def discard(path: Path) -> None:
    """Remove a backup: first what makes it one."""
    path.unlink(missing_ok=True)
    for suffix in (MANIFEST, SUM):
        _beside(path, suffix).unlink(missing_ok=True)


def manifests(folder: Path) -> dict[str, Manifest]:
    """The finished backups of a folder by their names, less those whose size is another."""
    found = {}
    for path in sorted(folder.glob(f"monps-*{DUMP}")):
        manifest = read_manifest(path)
        if manifest is not None and manifest.bytes == path.stat().st_size:
            found[path.name] = manifest
    return found


def read_manifest(path: Path) -> Manifest | None:
    """What lies beside a dump; None where there is nothing or it cannot be read."""
    try:
        given: dict[str, Any] = json.loads(_beside(path, MANIFEST).read_text())
        return Manifest(**given)
    except (OSError, ValueError, TypeError):
        return None


def check_sum(path: Path) -> bool:
    """Compare a file with the sum beside it.

    Returns:
        Whether there was one to compare with.

    Raises:
        CorruptedError: It is another.
        BackupError: The file cannot be read.
    """
    try:
        expected = _beside(path, SUM).read_text().split()[:1]
    except OSError:
        expected = []
    if not expected:
        return False
    if sum_of(path) != expected[0]:
        raise CorruptedError(
            f"{path.name} is corrupted: its SHA-256 is not the one that was written beside it. "
            "Nothing was changed; take another backup."
        )
    return True


def sum_of(path: Path) -> str:
    """The SHA-256 of a file."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise BackupError(f"{path} cannot be read: {error.strerror}.") from error


def _beside(path: Path, suffix: str) -> Path:
    return path.with_name(path.name.removesuffix(DUMP) + suffix)


def _write(path: Path, text: str) -> None:
    path.unlink(missing_ok=True)
    with create(path) as file:
        file.write(text.encode())
        file.flush()
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
