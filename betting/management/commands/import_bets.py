"""`manage.py import_bets FILE`: what a file of bets would do, and with `--apply` do it."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from betting.bets import importing
from betting.bets.checks import BetRefusedError
from betting.bets.csv_format import UnreadableFileError
from betting.bets.posting import Author
from betting.models import BetImport


class Command(BaseCommand):
    help = (
        "Read a file of bets (MON_PS's own CSV, or Bet-Analytix's export) and say what importing "
        "it would do; with --apply record its good rows, all of them or none."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--apply", action="store_true", help="record the bets")

    def handle(self, *_arguments: Any, file: Path, apply: bool, **_options: Any) -> None:
        try:
            text = importing.decoded(file.read_bytes())
            found = importing.preview(text)
        except (OSError, UnreadableFileError) as error:
            raise CommandError(str(error)) from error
        for row in found.bad:
            self.stdout.write(f"line {row.number}: {row.reason}")
        self.stdout.write(
            f"{found.format}: {len(found.new)} new bets, {len(found.known)} there already, "
            f"{len(found.bad)} bad rows."
        )
        if apply:
            self._apply(file.name, text)
        elif found.new:
            self.stdout.write("Nothing was written; add --apply to record the new bets.")

    def _apply(self, name: str, text: str) -> None:
        now = timezone.now()
        batch = BetImport.objects.create(name=name[:200], content=text, uploaded_at=now)
        try:
            number = importing.apply(batch, author=Author(now=now, reason=name[:300]))
        except BetRefusedError as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(self.style.SUCCESS(f"{number} bets imported."))
