"""One run over the original: odds first, for bets and their closing lines lean on them.

A dry run does all of it in one transaction and takes it back, so that what it tells is what would
be. Otherwise each look, each chunk of bets and each improvement is its own transaction, and knows
itself again; a run that was killed is continued by the next.
"""

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from django.db import OperationalError, connection, transaction

from monps.legacy.account import Ledger, Rejection
from monps.legacy.bets import import_bets
from monps.legacy.improvements import import_improvements
from monps.legacy.odds import import_odds
from monps.legacy.source import BET_TABLES, IMPROVEMENTS, ODDS_TABLES, Source
from odds.football_data.importing import gather_statistics

PARTS: Final = {
    "odds": (ODDS_TABLES, import_odds),
    "bets": (BET_TABLES, import_bets),
    "improvements": ((IMPROVEMENTS,), import_improvements),
}
OURS: Final = {
    "odds": ("quotes", "latest_quotes", "matches", "match_changes", "collections"),
    "bets": ("bets", "bet_changes", "bankroll_entries"),
    "improvements": ("strategy_improvements", "improvement_status_history"),
}
LOCK: Final = 7_391  # any number of our own: imports go one after the other
SIZES: Final = """
    SELECT name, pg_total_relation_size(name::regclass) FROM unnest(%s::text[]) AS name
"""


class ImportRefusedError(Exception):
    """The import cannot run; the message says why and what to do."""


@dataclass(slots=True, kw_only=True)
class Report:
    """What a run did, and the bytes of the tables: the original's, and ours before and after."""

    ledger: Ledger
    missing: list[str] = field(default_factory=list)
    theirs: dict[str, int] = field(default_factory=dict)
    before: dict[str, int] = field(default_factory=dict)
    after: dict[str, int] = field(default_factory=dict)


def tables_of(parts: Collection[str]) -> list[str]:
    """The original's tables that these parts read."""
    return [table for part, (tables, _read) in PARTS.items() if part in parts for table in tables]


def run(
    source: Source,
    *,
    parts: Collection[str],
    is_applied: bool,
    now: datetime,
    listed: Callable[[Rejection], object],
    advance: Callable[[int], object],
) -> Report:
    """Take over what these parts of the original hold.

    Args:
        source: The original.
        parts: Of `PARTS`.
        is_applied: Else everything is taken back at the end.
        now: The current instant.
        listed: Given every row that is rejected.
        advance: Told of every number of rows that are dealt with.

    Raises:
        ImportRefusedError: Another import is running, or a dry run is too large for the server.
        monps.legacy.source.SourceError: A table is not as it must be.
    """
    report = Report(ledger=Ledger(listed=listed))
    for table in tables_of(parts):
        if table in source.columns:
            report.ledger.of(table)
            report.theirs[table] = source.size(table)
        else:
            report.missing.append(table)
    with _only_one():
        report.before = _sizes(parts)
        if is_applied:
            _import(source, report, parts, now=now, advance=advance)
            gather_statistics()
        else:
            _rehearse(source, report, parts, now=now, advance=advance)
    return report


def _import(
    source: Source,
    report: Report,
    parts: Collection[str],
    *,
    now: datetime,
    advance: Callable[[int], object],
) -> None:
    for part, (_tables, read) in PARTS.items():
        if part in parts:
            read(source, report.ledger, now=now, advance=advance)
    report.after = _sizes(parts)


def _rehearse(
    source: Source,
    report: Report,
    parts: Collection[str],
    *,
    now: datetime,
    advance: Callable[[int], object],
) -> None:
    try:
        with transaction.atomic():
            _import(source, report, parts, now=now, advance=advance)
            transaction.set_rollback(True)
    except OperationalError as error:
        if "out of shared memory" not in str(error):
            raise
        raise ImportRefusedError(
            "The history is too long for a dry run in one transaction: raise the server's "
            "max_locks_per_transaction, or run with --apply, which goes look by look."
        ) from error


def _sizes(parts: Collection[str]) -> dict[str, int]:
    names = [name for part, tables in OURS.items() if part in parts for name in tables]
    with connection.cursor() as cursor:
        cursor.execute(SIZES, [names])
        return dict(cursor.fetchall())


@contextmanager
def _only_one() -> Iterator[None]:
    """Hold the right to import; the server releases it when we die."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, 0)", [LOCK])
        if not cursor.fetchone()[0]:
            raise ImportRefusedError("Another import of the original is running: wait for its end.")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s, 0)", [LOCK])
