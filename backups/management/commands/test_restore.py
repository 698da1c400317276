"""`manage.py test_restore`: prove that the newest backup can be restored, now."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from backups.command_line import add_folder, chosen_folder, progress
from backups.errors import BackupError
from backups.proving import prove_newest


class Command(BaseCommand):
    help = "Restore the newest backup into a scratch database, compare it, and drop it again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        add_folder(parser)

    def handle(self, *, folder: str, **_options: Any) -> None:
        try:
            with progress(self.stderr) as watch:
                tested = prove_newest(chosen_folder(folder), clock=timezone.now, watch=watch)
        except BackupError as error:
            raise CommandError(str(error)) from error
        if not tested.is_restore_ok:
            raise CommandError(f"{tested.file_name}: {tested.restore_error}")
        what = "rows and checksums" if tested.checksums else "rows"
        told = f"{what} of {len(tested.rows)} tables are as they were."
        self.stdout.write(f"{tested.file_name} was restored; {told}")
