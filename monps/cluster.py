"""The data folder of the embedded PostgreSQL: made whole or not at all, and freed after a crash."""

import contextlib
import os
import shutil
import tempfile
from pathlib import Path

from monps import child
from monps.binaries import FIRST_WITH_BUILTIN_LOCALE, EmbeddedError, PostgresBinaries
from monps.child import Account
from monps.server_folder import name_inside, own_folder

SUPERUSER = "postgres"
# Nothing of ours: PGDATA, PGTZ or a foreign locale would change the server.
ENVIRONMENT = {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}


def make_cluster(
    folder: Path, binaries: PostgresBinaries, account: Account | None, *, durable: bool
) -> None:
    """Make the data folder in one step; what an interrupted attempt left is thrown away.

    Args:
        folder: Where it is or will be.
        binaries: The programs to make it with.
        account: Its owner; ourselves when None.
        durable: Whether it has to outlast a power cut.

    Raises:
        EmbeddedError: initdb failed, or the folder is of another version or another user.
    """
    version = folder / "PG_VERSION"
    if version.exists():
        own_folder(folder, account)
        if (made_by := version.read_text().strip()) != str(binaries.major):
            raise EmbeddedError(
                f"{folder} was made by PostgreSQL {made_by}, but this is {binaries.major}: "
                "dump it with the old version, or choose another folder with MONPS_VAR."
            )
        return
    fresh = folder.with_name("postgres.new")
    shutil.rmtree(fresh, ignore_errors=True)
    own_folder(fresh, account)
    _run_initdb(fresh, binaries, account, [] if durable else ["--no-sync"])
    fresh.rename(folder)
    parent = os.open(folder.parent, os.O_RDONLY)
    os.fsync(parent)  # a power cut must not take the new name back
    os.close(parent)


def remove_stale_lock(folder: Path) -> None:
    """Remove a lock file that a crash left, even if its process id was given out again since.

    PostgreSQL only asks whether *any* process has that id, which in a container is the rule. A
    server always works inside its data folder, so a process that does not is another one.
    """
    lock = folder / "postmaster.pid"
    with contextlib.suppress(FileNotFoundError):
        pid = lock.read_text().partition("\n")[0].strip()
        if Path("/proc/self").exists() and not _works_in(pid, folder):
            lock.unlink()


def _works_in(pid: str, folder: Path) -> bool:
    if not pid.isdecimal() or child.started_at(int(pid)) is None:
        return False
    try:
        return Path(f"/proc/{pid}/cwd").samefile(folder)
    except OSError:  # another user's process, so not our server
        return False


def _run_initdb(
    folder: Path, binaries: PostgresBinaries, account: Account | None, options: list[str]
) -> None:
    """Case folding beyond ASCII without a system locale, where PostgreSQL can (17 and newer)."""
    if binaries.major >= FIRST_WITH_BUILTIN_LOCALE:
        locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
    else:
        locale = ["--locale=C.UTF-8"]
    command = [
        str(binaries.folder / "initdb"),
        "-D",
        name_inside(folder, account),
        *locale,
        *options,
    ]
    command += ["--encoding=UTF8", "--auth-local=trust", "--auth-host=reject", "-U", SUPERUSER]
    with tempfile.TemporaryFile() as said:
        process = child.spawn(
            command, output=said.fileno(), cwd=folder, environment=ENVIRONMENT, account=account
        )
        if process.wait() != 0:
            said.seek(0)
            raise EmbeddedError(f"initdb failed: {said.read().decode(errors='replace').strip()}")
