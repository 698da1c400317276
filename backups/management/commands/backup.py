"""`manage.py backup`: dump the whole database into a file, now."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from backups.command_line import add_folder, chosen_folder, progress
from backups.errors import BackupError
from backups.making import back_up


class Command(BaseCommand):
    help = "Dump the whole database into a file, check it, and remove those no longer kept."

    def add_arguments(self, parser: ArgumentParser) -> None:
        add_folder(parser)
        parser.add_argument(
            "--checksums",
            action="store_true",
            help="write down a checksum of each table too, to compare with after a restore",
        )

    def handle(self, *, folder: str, checksums: bool, **_options: Any) -> None:
        try:
            with progress(self.stderr) as watch:
                made = back_up(
                    chosen_folder(folder),
                    clock=timezone.now,
                    with_checksums=checksums,
                    watch=watch,
                )
        except BackupError as error:
            raise CommandError(str(error)) from error
        rows = sum(made.rows.values())
        self.stdout.write(
            f"Wrote {made.file_name}: {made.bytes:,} bytes, {len(made.rows)} tables, {rows:,} rows."
        )
