"""Filling a database of the original, and running the command that reads it."""

from io import StringIO

import psycopg
from django.core.management import call_command
from psycopg import sql


def fill(dsn, table, *rows):
    """Insert rows given as mappings, each with the columns it has."""
    with psycopg.connect(dsn) as made:
        for row in rows:
            columns = sql.SQL(", ").join(map(sql.Identifier, row))
            values = sql.SQL(", ").join([sql.Placeholder()] * len(row))
            made.execute(
                sql.SQL("INSERT INTO {} ({}) VALUES ({})").format(
                    sql.Identifier(table), columns, values
                ),
                list(row.values()),
            )


def import_legacy(dsn, *words):
    """What the command prints."""
    said = StringIO()
    call_command("import_legacy", dsn, *map(str, words), stdout=said, stderr=StringIO())
    return said.getvalue()


def counted(printed, table):
    """The numbers of a table's line: rows in, stored, unchanged, rejected, withdrawn."""
    line = next(line for line in printed.splitlines() if line.startswith(f"{table} "))
    return [int(cell.replace(",", "")) for cell in line.split()[1:6]]
