"""Connections of our own to the server, for what Django's cannot do, and its tools' addresses."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, Final

import psycopg
from django.db import connection

from backups.errors import BackupError, BusyError

MAINTENANCE: Final = "postgres"  # the database from which others are made, renamed and dropped
LOCK: Final = 7_381  # any number of our own: backups and restore tests go one after the other
DJANGO_ONLY: Final = ("cursor_factory", "context", "prepare_threshold")
WITHOUT_LIMITS: Final = "-c statement_timeout=0 -c lock_timeout=0"
Connection = psycopg.Connection[tuple[Any, ...]]


def database_name() -> str:
    """The database that the site uses."""
    return str(connection.settings_dict["NAME"])


@contextmanager
def connect(database: str) -> Iterator[Connection]:
    """A connection to a database of our server, each statement for itself and none limited.

    Raises:
        BackupError: It cannot be reached, or refuses.
    """
    given = connection.get_connection_params() | {"dbname": database, "options": WITHOUT_LIMITS}
    for name in DJANGO_ONLY:
        given.pop(name, None)
    try:
        made: Connection = psycopg.connect(
            **given, autocommit=True, application_name="monps backups"
        )
    except psycopg.OperationalError as error:
        raise BackupError(f"The database {database} cannot be reached: {_line(error)}") from error
    with made:
        yield made


@contextmanager
def only_one() -> Iterator[None]:
    """Hold the right to back up or to test; the server releases it when we die.

    Raises:
        BusyError: Somebody else has it.
    """
    with connect(database_name()) as ours:
        found = ours.execute("SELECT pg_try_advisory_lock(%s, 0)", [LOCK]).fetchone()
        if not found or not found[0]:
            raise BusyError("Another backup or restore test is running: try again when it is over.")
        try:
            yield
        finally:  # at once: a session that was closed keeps it until its process has ended
            with suppress(psycopg.Error):
                ours.execute("SELECT pg_advisory_unlock(%s, 0)", [LOCK])


def tool_address(made: Connection) -> str:
    """Where a tool finds the same database; without the password, which all users could read."""
    return made.info.dsn


def tool_environment(made: Connection) -> dict[str, str]:
    """The tool's whole environment: nothing of ours, for PGDATABASE and the like would lead it."""
    return {"LC_ALL": "C", "PGPASSWORD": made.info.password}


def server_major(made: Connection) -> int:
    """The 18 of 18.6."""
    return made.info.server_version // 10_000


def _line(error: psycopg.Error) -> str:
    """The last line of a driver's error, which says why; it never holds a password."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return lines[-1] if lines else type(error).__name__
