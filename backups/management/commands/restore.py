"""`manage.py restore FILE`: a database from a backup, beside the one in use or in its place."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connections
from django.utils import timezone

from backups.command_line import progress
from backups.errors import BackupError
from backups.files import Watch
from backups.restoring import check_file, replace, restore_into
from backups.server import database_name


class Command(BaseCommand):
    help = "Restore a backup into a new database, or put it in the place of the one in use."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE", type=Path)
        where = parser.add_mutually_exclusive_group(required=True)
        where.add_argument("--into", metavar="NAME", help="a database that does not exist yet")
        where.add_argument(
            "--replace",
            action="store_true",
            help="the database in use; the former one is kept under another name",
        )
        parser.add_argument(
            "--force", action="store_true", help="end the connections of others to it"
        )

    def handle(self, *, file: Path, into: str | None, force: bool, **_options: Any) -> None:
        connections.close_all()  # our own would be in the way
        try:
            check_file(file)
            with progress(self.stderr, total=file.stat().st_size) as watch:
                told = _beside(file, into, watch) if into else _instead(file, watch, force=force)
        except BackupError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(told)


def _beside(file: Path, database: str, watch: Watch) -> str:
    rows = sum(restore_into(file, database, watch=watch).rows.values())
    return f"Restored {file.name} into {database}: {rows:,} rows."


def _instead(file: Path, watch: Watch, *, force: bool) -> str:
    database = database_name()
    former = replace(file, database, now=timezone.now(), is_forced=force, watch=watch)
    told = f"Restored {file.name} as {database}."
    if former:
        told += f" The former database is kept as {former}; drop it when you are content."
    return f"{told} Now run `manage.py prepare`, then start the site."
