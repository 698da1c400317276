"""`manage.py list_backups`: the backups in the folder, also where there is no database."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from backups import files
from backups.command_line import add_folder, chosen_folder
from backups.errors import BackupError


class Command(BaseCommand):
    help = "List the finished backups of the folder, the newest first."

    def add_arguments(self, parser: ArgumentParser) -> None:
        add_folder(parser)

    def handle(self, *, folder: str, **_options: Any) -> None:
        try:
            chosen = chosen_folder(folder)
        except BackupError as error:
            raise CommandError(str(error)) from error
        found = files.manifests(chosen)
        if not found:
            self.stdout.write(f"There is no backup in {chosen}.")
        for name, manifest in sorted(found.items(), reverse=True):
            rows = sum(manifest.rows.values())
            self.stdout.write(f"{chosen / name}  {manifest.bytes:>15,} bytes  {rows:>13,} rows")
