"""Telling a database that is away for a moment from a fault of ours."""

from typing import Final

import psycopg
from django.db import InterfaceError, OperationalError

RETRY_SECONDS: Final = 5
# Shutting down, ended by a crash, starting, and no connection left: all pass by themselves.
PASSING: Final = {"57P01", "57P02", "57P03", "53300"}
CONNECTION_LOST: Final = "08"  # the class of these states


def is_database_away(error: BaseException | None) -> bool:
    """Whether this came of a database that cannot be reached, or that ended the connection."""
    if isinstance(error, InterfaceError):  # on a connection that was lost before
        return True
    if not isinstance(error, OperationalError):
        return False
    state = error.__cause__.sqlstate if isinstance(error.__cause__, psycopg.Error) else None
    return state is None or state in PASSING or state.startswith(CONNECTION_LOST)
