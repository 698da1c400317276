"""A site of its own on the session's server: a database, a folder, and its commands."""

import contextlib
import hashlib
import io
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from django.core.management import CommandError, call_command
from django.db import connections
from psycopg import sql

from monps.binaries import find_postgres

ROOT = Path(__file__).parents[2]
THINGS = """
    CREATE EXTENSION citext;
    CREATE SCHEMA extra;
    CREATE TABLE extra."Größe" (
        id bigint PRIMARY KEY, odds numeric(8, 3), ratio double precision, label text,
        letters citext, body bytea, seen_at timestamptz, details jsonb, sports text[]
    );
    INSERT INTO extra."Größe"
    SELECT i, i / 7.0, sqrt(i), 'équipe «' || i || '» \\ \n', 'É' || i, decode(md5(i::text), 'hex'),
           '2026-11-21 12:00Z'::timestamptz - i * interval '1 hour', jsonb_build_object('i', i),
           CASE WHEN i % 3 = 0 THEN NULL ELSE ARRAY['a', NULL, 'b,c'] END
    FROM generate_series(1, 2000) AS i;
    INSERT INTO auth_group (name) VALUES ('owners'), ('Żółw');
    CREATE TABLE empty_one (id int);
    CREATE TABLE parent (id int);
    CREATE TABLE child () INHERITS (parent);
    INSERT INTO parent VALUES (1);
    INSERT INTO child VALUES (2), (3);
"""
ALL_TABLES = """
    SELECT schemaname, tablename FROM pg_tables
    WHERE schemaname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1, 2
"""


def server():
    """A connection to the server, for databases."""
    return psycopg.connect(_named("postgres"), autocommit=True)


def _named(database):
    url = os.environ["DATABASE_URL"]
    host, _slash, _name = urlsplit(url).path.rpartition("/")
    parts = urlsplit(url)
    if parts.netloc.endswith("@") and host:  # a unix socket: its folder is in the path
        return f"host={host.replace('//', '/')} user=postgres dbname={database}"
    return urlunsplit(parts._replace(path=f"/{database}"))


@dataclass
class Site:
    """One installation."""

    database: str
    folder: Path

    def connect(self):
        return psycopg.connect(_named(self.database), autocommit=True)

    def execute(self, query, *given):
        with self.connect() as made:
            cursor = made.execute(query, given or None)
            return cursor.fetchall() if cursor.description else []

    def databases(self):
        """Its own and what was made beside it; other tests make theirs on the same server."""
        with server() as made:
            found = made.execute(
                "SELECT datname FROM pg_database WHERE datname LIKE %s", [f"{self.database}%"]
            )
            return {name for (name,) in found.fetchall()}

    def command(self, name, *words):
        """A command in this process; exit code, and what was said."""
        said = io.StringIO()
        try:
            call_command(name, *map(str, words), stdout=said, stderr=said)
        except CommandError as error:
            return error.returncode, str(error)
        finally:
            connections["default"].close()  # as a process that ends would
        return 0, said.getvalue().strip()

    def start(self, *words, **more):
        """A command in a process of its own."""
        url = os.environ["DATABASE_URL"].rpartition("/")[0] + f"/{self.database}"
        return subprocess.Popen(
            [sys.executable, "manage.py", *map(str, words)],
            cwd=ROOT,
            env=os.environ | {"DATABASE_URL": url, "BACKUP_FOLDER": str(self.folder)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            **more,
        )

    def run(self, *words, **more):
        """Exit code, and what was said."""
        process = self.start(*words, **more)
        said, complained = process.communicate(timeout=120)
        return process.returncode, (said + complained).strip()

    def back_up(self):
        code, said = self.command("backup", "--checksums")
        assert code == 0, said
        return max(self.folder.glob("*.dump"))

    def rows(self, columns="file_name, status, error"):
        return self.execute(f"SELECT {columns} FROM backups ORDER BY started_at, id")

    def everything(self):
        """Every row of every table, read out and summed here: nothing of ours is asked."""
        found = {}
        with self.connect() as made:
            for schema, name in made.execute(ALL_TABLES).fetchall():
                table = sql.Identifier(schema, name)
                lines = []
                with made.cursor().copy(
                    sql.SQL("COPY (SELECT * FROM ONLY {}) TO STDOUT").format(table)
                ) as copy:
                    lines = sorted(b"".join(bytes(block) for block in copy).splitlines())
                found[f"{schema}.{name}"] = (
                    len(lines),
                    hashlib.sha256(b"\n".join(lines)).hexdigest(),
                )
        return found


@contextlib.contextmanager
def a_site(folder):
    """A site with the tables of the tests' database, which Django is led to; dropped at the end."""
    site = Site(f"site_{os.getpid()}", folder)
    tools = find_postgres(None).folder
    own = connections["default"]
    address = _named(own.settings_dict["NAME"])
    with server() as made:
        made.execute(f"DROP DATABASE IF EXISTS {site.database} WITH (FORCE)")
        made.execute(f"CREATE DATABASE {site.database}")
    schema = subprocess.run(
        [tools / "pg_dump", "--schema-only", "--no-owner", address], check=True, capture_output=True
    )
    subprocess.run(
        [tools / "psql", "-q", "-v", "ON_ERROR_STOP=1", _named(site.database)],
        input=schema.stdout,
        check=True,
        capture_output=True,
    )
    site.execute(THINGS)
    connections["default"] = at_site = own.copy()
    at_site.settings_dict["NAME"] = site.database
    try:
        yield site
    finally:
        at_site.close()
        connections["default"] = own
        with server() as made:
            names = made.execute(
                "SELECT datname FROM pg_database WHERE datname LIKE %s", [f"{site.database}%"]
            )
            for (name,) in names.fetchall():
                made.execute(f"DROP DATABASE {name} WITH (FORCE)")
