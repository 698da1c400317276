"""The original's database, read in one transaction that can write nothing.

Tables and columns it may lack are looked up first: three shapes of its bets are known, and most
tables were made by hand.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Any, Final

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict
from psycopg.types.json import set_json_loads

from monps.legacy.odds_rows import OddsRow

ODDS_TABLES: Final = ("odds_history", "odds_totals")
BET_TABLES: Final = ("bets", "manual_bets")
IMPROVEMENTS: Final = "strategy_improvements"
TABLES: Final = (*ODDS_TABLES, *BET_TABLES, IMPROVEMENTS)
REQUIRED: Final = (
    *("match_id", "sport", "home_team", "away_team", "commence_time", "bookmaker"),
    "collected_at",
)
PRICES: Final = {
    "odds_history": ("home_odds", "draw_odds", "away_odds"),
    "odds_totals": ("over_odds", "", "under_odds"),
}
CELLS: Final = (
    *("id", "match_id", "sport", "home", "away", "kickoff", "bookmaker", "line"),
    *("first", "draw", "second", "collected_at"),
)
INSTANTS: Final = {"timestamp without time zone": True, "timestamp with time zone": False}
ROWS_AT_ONCE: Final = 5000
OURS: Final = "latest_quotes"  # a table the original never had
CONNECT_SECONDS: Final = 10
SESSION: Final = (
    "SET TimeZone = 'UTC'",
    "SET DateStyle = 'ISO, YMD'",
    "SET statement_timeout = 0",
)
COLUMNS: Final = """
    SELECT relname, attname, format_type(atttypid, NULL)
    FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
    WHERE attnum > 0 AND NOT attisdropped
      AND attrelid = ANY (SELECT to_regclass(name) FROM unnest(%s::text[]) AS name)
"""
MATCHES: Final = """
    SELECT DISTINCT ON (match_id) match_id::text, home_team, away_team, sport, {kickoff}::text
    FROM odds_history WHERE match_id = ANY(%s) ORDER BY match_id, collected_at DESC
"""
Connection = psycopg.Connection[tuple[Any, ...]]


class SourceError(Exception):
    """The original's database cannot be read; the message says why and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownMatch:
    """What the original's odds say of a match; the kick-off as ISO text with its offset."""

    home: str
    away: str
    sport: str
    kickoff: str


@contextmanager
def open_source(dsn: str, *, zone: str) -> Iterator["Source"]:
    """Read the original's database as it stands now; what it says never holds the password.

    Args:
        dsn: `postgresql://user@host:port/database` or libpq's `host=… dbname=…`.
        zone: The name of the zone of instants without one.

    Raises:
        SourceError: It cannot be reached, or is none of the original's.
    """
    try:
        given: dict[str, Any] = dict(conninfo_to_dict(dsn))
    except psycopg.Error:  # its message would quote the address, and with it the password
        raise SourceError(
            "This address cannot be read; give one such as postgresql://user@host:5432/monps_db."
        ) from None
    given.setdefault("connect_timeout", CONNECT_SECONDS)
    given |= {"application_name": "monps import", "client_encoding": "utf8"}
    try:
        made: Connection = psycopg.connect(**given)
    except psycopg.Error as error:
        raise SourceError(f"The original's database cannot be reached: {line_of(error)}") from None
    with made:
        made.read_only = True
        made.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        set_json_loads(partial(json.loads, parse_float=Decimal), made)
        for statement in SESSION:
            made.execute(statement.encode())
        yield Source(made, zone)


def line_of(error: psycopg.Error) -> str:
    """The last line of a driver's error, which says why; it never holds a password."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return lines[-1] if lines else type(error).__name__


class Source:
    """The tables of the original and what is in them."""

    def __init__(self, made: Connection, zone: str) -> None:
        self.made, self.zone = made, zone
        self.columns: dict[str, dict[str, str]] = {}
        found = made.execute(COLUMNS, [[*TABLES, "strategies", OURS]]).fetchall()
        for table, column, kind in found:
            self.columns.setdefault(table, {})[column] = kind
        if OURS in self.columns:
            raise SourceError("This is a database of MON_PS itself, not of the original.")
        if not set(TABLES) & self.columns.keys():
            raise SourceError(f"It has none of the original's tables: {', '.join(TABLES)}.")

    @property
    def name(self) -> str:
        """Where it is, without user and password."""
        info = self.made.info
        return f"{info.dbname} at {info.host or 'this machine'}:{info.port}"

    def count(self, table: str) -> int:
        """How many rows a table has; 0 where it is not there."""
        if table not in self.columns:
            return 0
        query = sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table))
        return int(self._one(query))

    def size(self, table: str) -> int:
        """The bytes a table takes with its indexes; 0 where it is not there."""
        return int(self._one("SELECT coalesce(pg_total_relation_size(to_regclass(%s)), 0)", table))

    def odds(self) -> Iterator[OddsRow]:
        """The rows of both tables of odds in the order in which they were collected.

        Raises:
            SourceError: A column that every row needs is missing, or is no instant.
        """
        parts = [self._odds_of(table) for table in ODDS_TABLES if table in self.columns]
        if not parts:
            return
        # In the order of time, then alike on every run, so that a look is always the same look.
        query = sql.SQL(
            "SELECT origin, id, match_id, sport, home, away, kickoff::text, bookmaker, line, "
            "first, draw, second, collected_at::text FROM ({}) AS seen "
            "ORDER BY collected_at, sport, match_id, bookmaker, origin, line, id"
        ).format(sql.SQL(" UNION ALL ").join(parts))
        with self.made.cursor(name="monps_legacy_odds") as cursor:
            cursor.itersize = ROWS_AT_ONCE
            cursor.execute(query)
            for row in cursor:
                yield OddsRow(*row)

    def rows(self, table: str) -> Iterator[dict[str, Any]]:
        """The rows of a table as JSON: whatever columns it has, numbers with all their digits."""
        if table not in self.columns:
            return
        order = sql.SQL("ORDER BY id" if "id" in self.columns[table] else "")
        query = sql.SQL("SELECT to_jsonb(one) FROM {} AS one {}")
        with self.made.cursor(name=f"monps_legacy_{table}") as cursor:
            cursor.itersize = ROWS_AT_ONCE
            cursor.execute(query.format(sql.Identifier(table), order))
            for (row,) in cursor:
                yield row

    def matches(self, match_ids: list[str]) -> dict[str, KnownMatch]:
        """What the history of odds says of these matches, for bets that name nothing else."""
        if not match_ids or "odds_history" not in self.columns:
            return {}
        query = sql.SQL(MATCHES).format(kickoff=self._instant("odds_history", "commence_time"))
        return {
            match_id: KnownMatch(home=home, away=away, sport=sport, kickoff=kickoff)
            for match_id, home, away, sport, kickoff in self.made.execute(query, [match_ids])
        }

    def _odds_of(self, table: str) -> sql.Composed:
        """A table of odds as one part of the union, every cell but the instants as text."""
        columns = self.columns[table]
        first, draw, second = PRICES[table]
        line = "line" if table == "odds_totals" else ""
        for name in (*REQUIRED, first, second, *([line] if line else [])):
            if name not in columns:
                raise SourceError(f"{table} of this database has no column {name}.")

        def text(name: str) -> sql.Composable:
            if name not in columns:
                return sql.SQL("NULL::text")
            return sql.SQL("{}::text").format(sql.Identifier(name))

        cells = [
            *(text(name) for name in ("id", "match_id", "sport", "home_team", "away_team")),
            self._instant(table, "commence_time"),
            *(text(name) for name in ("bookmaker", line, first, draw, second)),
            self._instant(table, "collected_at"),
        ]
        named = [
            sql.SQL("{} AS {}").format(cell, sql.Identifier(name))
            for cell, name in zip(cells, CELLS, strict=True)
        ]
        return sql.SQL("SELECT {}::text AS origin, {} FROM {}").format(
            sql.Literal(table), sql.SQL(", ").join(named), sql.Identifier(table)
        )

    def _instant(self, table: str, column: str) -> sql.Composable:
        """A column as an instant; one without a zone is of the zone named."""
        kind = self.columns[table].get(column, "")
        if kind not in INSTANTS:
            raise SourceError(f"{column} of {table} holds no dates and times, but {kind}.")
        if not INSTANTS[kind]:
            return sql.Identifier(column)
        return sql.SQL("({} AT TIME ZONE {})").format(
            sql.Identifier(column), sql.Literal(self.zone)
        )

    def _one(self, query: Any, *given: Any) -> Any:
        found = self.made.execute(query, given or None).fetchone()
        assert found is not None  # each of these queries has one row
        return found[0]
