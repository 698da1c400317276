"""Locks of a database session: the server releases them when their holder dies."""

from collections.abc import Iterator
from contextlib import contextmanager
from enum import IntEnum

from django.db import connection


class Space(IntEnum):
    """What is locked; the number is the first half of the lock, a row's the second."""

    BACKTEST = 7_367
    PROOF = 7_368
    LEARNING = 7_369
    NIGHT = 7_370


@contextmanager
def held(space: Space, key: int = 0) -> Iterator[bool]:
    """Hold a lock for this session; false where somebody else holds it."""
    given = [space.value, key]
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", given)
        is_ours = bool(cursor.fetchone()[0])
    try:
        yield is_ours
    finally:
        if is_ours:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", given)
