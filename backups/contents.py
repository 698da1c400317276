"""What a database holds: rows and a checksum of each table, computed by the server."""

from dataclasses import dataclass, field
from typing import Final

from psycopg import sql

from backups.server import Connection

# Ordinary tables of ours: a partitioned one is its partitions, and an extension sees to its own.
TABLES: Final = """
    SELECT nspname, relname
    FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
    WHERE relkind = 'r' AND relpersistence <> 't'
      AND nspname <> 'information_schema' AND nspname NOT LIKE 'pg\\_%'
      AND NOT EXISTS (
          SELECT FROM pg_depend
          WHERE classid = 'pg_class'::regclass AND objid = pg_class.oid AND deptype = 'e'
      )
    ORDER BY 1, 2
"""
# The same text of a row wherever it is asked for.
WRITTEN_ALIKE: Final = (
    "SET TimeZone = 'UTC'",
    "SET DateStyle = 'ISO, YMD'",
    "SET IntervalStyle = 'postgres'",
    "SET bytea_output = 'hex'",
    "SET extra_float_digits = 1",
)
COUNT: Final = "SELECT count(*) FROM ONLY {}"
# The sum of a hash of each row: in whatever order they are stored, and the same on every server
# and version, which PostgreSQL's own hash functions do not promise.
COUNT_AND_SUM: Final = """
    SELECT count(*),
           coalesce(sum(('x' || left(md5(one::text), 16))::bit(64)::bigint::numeric), 0)::text
    FROM ONLY {} AS one
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """Rows of each table, and their checksums where they were asked for."""

    rows: dict[str, int]
    checksums: dict[str, str] = field(default_factory=dict)


def read_contents(made: Connection, *, with_checksums: bool) -> Contents:
    """Count every table, in the transaction of `made` if it is in one."""
    for statement in WRITTEN_ALIKE:
        made.execute(statement.encode())
    query = sql.SQL(COUNT_AND_SUM if with_checksums else COUNT)
    rows: dict[str, int] = {}
    checksums: dict[str, str] = {}
    for schema, name in made.execute(TABLES.encode()).fetchall():
        table = name if schema == "public" else f"{schema}.{name}"
        found = made.execute(query.format(sql.Identifier(schema, name))).fetchone()
        assert found is not None  # an aggregate always has one row
        rows[table] = found[0]
        if with_checksums:
            checksums[table] = found[1]
    return Contents(rows=rows, checksums=checksums)


def differences(expected: Contents, found: Contents) -> list[str]:
    """What is not as it was, each in words; checksums where both have them."""
    told = []
    for table in sorted(expected.rows.keys() | found.rows.keys()):
        then, now = expected.rows.get(table), found.rows.get(table)
        if now is None:
            told.append(f"{table} is missing")
        elif then is None:
            told.append(f"{table} was not there")
        elif then != now:
            told.append(f"{table} has {now} rows instead of {then}")
        elif _sums_differ(expected, found, table):
            told.append(f"{table} has other values")
    return told


def _sums_differ(expected: Contents, found: Contents, table: str) -> bool:
    if not expected.checksums or not found.checksums:
        return False
    return expected.checksums.get(table) != found.checksums.get(table)
