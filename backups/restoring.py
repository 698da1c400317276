"""Restoring a dump: into a database beside, compared, and only then in the place of another.

At no moment is there a half restored database under a name that anybody uses: the names are
exchanged in one transaction, and the former database is kept under another.
"""

import subprocess
import tempfile
import threading
import time
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import psycopg
from psycopg import sql

from backups import files
from backups.contents import Contents, differences, read_contents
from backups.dumping import error_of
from backups.errors import BackupError, CorruptedError, InUseError
from backups.files import Manifest, Watch
from backups.server import (
    MAINTENANCE,
    Connection,
    connect,
    server_major,
    tool_address,
    tool_environment,
)
from backups.tools import Tools, find_tools

LONGEST_NAME: Final = 63  # bytes of a name in PostgreSQL
TRIES: Final = 5  # to exchange names while others keep connecting; each waits for 5 seconds
OTHERS: Final = b"""
    FROM pg_stat_activity
    WHERE datname = %s AND pid <> pg_backend_pid() AND backend_type = 'client backend'
"""
LEAVING_SECONDS: Final = 2.0  # a connection that was closed is still counted for a moment


def beside(database: str, what: str) -> str:
    """The name of a database beside another, for a purpose."""
    return f"{database[: LONGEST_NAME - len(what) - 1]}_{what}"


def check_file(path: Path) -> None:
    """Read all of a dump, and raise unless it is what was written.

    Without a sum beside it, every part of it is unpacked instead.

    Raises:
        CorruptedError: It is not.
        BackupError: It cannot be read, or nothing here reads it.
    """
    if not path.is_file():
        raise BackupError(f"There is no file {path}.")
    if files.check_sum(path):
        return
    with connect(MAINTENANCE) as made, tempfile.TemporaryFile() as said:
        tools = find_tools(server_major(made))
        command = [tools.command("pg_restore"), "--file", "/dev/null", str(path)]
        if subprocess.run(command, stderr=said, check=False).returncode != 0:
            raise CorruptedError(
                f"{path.name} is corrupted or no backup: {error_of(said, 'pg_restore')}. "
                "Nothing was changed; take another backup."
            )


def restore_into(
    path: Path,
    database: str,
    *,
    watch: Watch = lambda _bytes: None,
    seconds: float | None = None,
) -> Contents:
    """Make a new database of a dump, and compare it with what the dump's manifest says.

    Args:
        path: The dump; it was checked.
        database: Its name; there is none of that name.
        watch: Told how many bytes more were read.
        seconds: After how many it is given up.

    Returns:
        What was found in it.

    Raises:
        BackupError: It could not be made, or is not as it was; there is no such database.
    """
    with connect(MAINTENANCE) as server:
        if _exists(server, database):
            raise BackupError(f"There is a database {database} already: give another name.")
        make = sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'")
        _change(server, make.format(sql.Identifier(database)))
        with ExitStack() as unless_good:
            unless_good.callback(drop, server, database)
            contents = _fill(path, database, watch, seconds)
            unless_good.pop_all()
    return contents


def replace(
    path: Path,
    database: str,
    *,
    now: datetime,
    is_forced: bool = False,
    watch: Watch = lambda _bytes: None,
) -> str | None:
    """Put what a dump holds in the place of a database; a missing one is made.

    Args:
        path: The dump; it was checked.
        database: The one to replace.
        now: Names the former one.
        is_forced: Whether connections of others are ended; otherwise they are a refusal.
        watch: Told how many bytes more were read.

    Returns:
        The name under which the former database is kept; None where there was none.

    Raises:
        InUseError: Others are connected to it.
        BackupError: It could not be restored; the database is as it was.
    """
    fresh = beside(database, "restoring")
    former = beside(database, f"before_{now.astimezone(UTC):%Y%m%d%H%M%S}")
    with connect(MAINTENANCE) as server:
        if not is_forced:
            _refuse_others(server, database)
        drop(server, fresh)  # what an interrupted attempt left
        restore_into(path, fresh, watch=watch)
        had_one = _exists(server, database)
        renames = [(database, former)] if had_one else []
        _rename(server, [*renames, (fresh, database)], is_forced=is_forced)
    return former if had_one else None


def drop(server: Connection, database: str, *, is_forced: bool = False) -> None:
    """Drop a database of ours where there is one.

    Raises:
        BackupError: Somebody uses it.
    """
    end = sql.SQL(" WITH (FORCE)" if is_forced else "")
    query = sql.SQL("DROP DATABASE IF EXISTS {}{}").format(sql.Identifier(database), end)
    _change(server, query)


def _fill(path: Path, database: str, watch: Watch, seconds: float | None) -> Contents:
    manifest: Manifest | None = files.read_manifest(path)
    with connect(database) as made:
        _feed(path, made, find_tools(server_major(made)), watch, seconds)
        made.execute(b"ANALYZE")
        has_sums = manifest is not None and bool(manifest.checksums)
        found = read_contents(made, with_checksums=has_sums)
    if manifest is not None and (told := differences(manifest.contents, found)):
        raise BackupError(f"The restored database is not as it was: {'; '.join(told[:5])}.")
    return found


def _feed(path: Path, made: Connection, tools: Tools, watch: Watch, seconds: float | None) -> None:
    """Let pg_restore read the dump from us, so that it ends when we do."""
    command = [
        *(tools.command("pg_restore"), "--exit-on-error", "--no-owner", "--no-privileges"),
        *("--dbname", tool_address(made)),
    ]
    with (
        tempfile.TemporaryFile() as said,
        subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=said,
            env=tool_environment(made),
        ) as tool,
    ):
        is_late = threading.Event()
        limit = threading.Timer(seconds or threading.TIMEOUT_MAX, _give_up, (tool, is_late))
        limit.daemon = True
        limit.start()
        try:
            _copy(path, tool, watch)
            status = tool.wait()
        except BaseException:
            tool.kill()
            raise
        finally:
            limit.cancel()
        if is_late.is_set():
            raise BackupError(f"It was not restored within {seconds:g} seconds.")
        if status != 0:
            raise BackupError(f"pg_restore failed: {error_of(said, 'pg_restore')}")


def _copy(path: Path, tool: "subprocess.Popen[bytes]", watch: Watch) -> None:
    assert tool.stdin is not None
    try:
        with path.open("rb") as file:
            while block := file.read(files.BLOCK):
                tool.stdin.write(block)
                watch(len(block))
        tool.stdin.close()
    except BrokenPipeError:  # it ended early, and says why
        tool.stdin = None  # nothing left to flush
    except OSError as error:
        raise BackupError(f"{path} cannot be read: {error.strerror}.") from error


def _give_up(tool: "subprocess.Popen[bytes]", is_late: threading.Event) -> None:
    is_late.set()
    tool.kill()


def _rename(server: Connection, names: list[tuple[str, str]], *, is_forced: bool) -> None:
    """Give databases their new names, all or none."""
    for tries_left in reversed(range(TRIES)):
        if is_forced:
            server.execute(b"SELECT pg_terminate_backend(pid) " + OTHERS, [names[0][0]])
        try:
            with server.transaction():
                for old, new in names:
                    query = sql.SQL("ALTER DATABASE {} RENAME TO {}")
                    server.execute(query.format(sql.Identifier(old), sql.Identifier(new)))
        except psycopg.errors.ObjectInUse as error:
            if not is_forced or not tries_left:
                raise InUseError(_in_use(names[0][0])) from error
        except psycopg.Error as error:
            raise BackupError(_refusal(error)) from error
        else:
            return


def _refuse_others(server: Connection, database: str) -> None:
    give_up_at = time.monotonic() + LEAVING_SECONDS
    while server.execute(b"SELECT pid " + OTHERS, [database]).fetchone():
        if time.monotonic() > give_up_at:
            raise InUseError(_in_use(database))
        time.sleep(0.1)


def _in_use(database: str) -> str:
    return (
        f"The database {database} is in use: stop the web server, the workers and beat first, "
        "or end their connections with --force. Nothing was changed."
    )


def _exists(server: Connection, database: str) -> bool:
    query = b"SELECT 1 FROM pg_database WHERE datname = %s"
    return server.execute(query, [database]).fetchone() is not None


def _change(server: Connection, query: sql.Composed) -> None:
    try:
        server.execute(query)
    except psycopg.Error as error:
        raise BackupError(_refusal(error)) from error


def _refusal(error: psycopg.Error) -> str:
    told = (error.diag.message_primary or str(error)).rstrip(".")
    if isinstance(error, psycopg.errors.InsufficientPrivilege):
        return f"The server refuses: {told}. Let the user make databases: ALTER ROLE … CREATEDB."
    return f"The server refuses: {told}."
