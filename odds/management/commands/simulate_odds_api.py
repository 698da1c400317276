"""Serve a simulated or recorded market as The Odds API would."""

from argparse import ArgumentParser, Namespace
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from odds.simulator import command_line


class Command(BaseCommand):
    help = "Serve The Odds API v4 from a simulated market or from recorded answers."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        command_line.add_arguments(parser)

    def handle(self, *_: Any, **options: Any) -> None:
        try:
            command_line.run(Namespace(**options), self._announce)
        except (ValueError, OSError) as error:
            raise CommandError(str(error)) from error

    def _announce(self, url: str) -> None:
        self.stdout.write(url)
        self.stdout.flush()
