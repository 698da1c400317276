"""`manage.py write_alert_rules`: the thresholds of the settings, as rules of Prometheus."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from alerts import rule_files
from alerts.models import AlertSettings


class Command(BaseCommand):
    help = (
        "Write the rule files of Prometheus with the alert thresholds in force. A Prometheus that"
        " does not watch its files reads them after `kill -HUP`."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--folder", type=Path, default=rule_files.FOLDER, help="where they are written"
        )
        parser.add_argument(
            "--check",
            action="store_true",
            help="write nothing; fail unless they are there as the default thresholds make them",
        )

    def handle(self, *, folder: Path, check: bool, **_options: Any) -> None:
        if check:
            if names := rule_files.outdated(folder, AlertSettings().thresholds()):
                raise CommandError(
                    f"Not up to date in {folder}: {', '.join(names)}."
                    " Run `python manage.py write_alert_rules` where no threshold was changed."
                )
            self.stdout.write("The rule files are up to date.")
            return
        try:
            names = rule_files.write(folder, AlertSettings.current().thresholds())
        except OSError as error:
            raise CommandError(
                f"Cannot write to {folder}: {error.strerror}. Name another with --folder."
            ) from error
        self.stdout.write(f"Changed: {', '.join(names)}." if names else "Nothing to change.")
