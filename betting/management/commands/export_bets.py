"""`manage.py export_bets`: every bet as CSV, on standard output."""

from typing import Any

from django.core.management.base import BaseCommand

from betting.bets import csv_format
from betting.models import Bet


class Command(BaseCommand):
    help = "Write every bet that was not cancelled as CSV; `import_bets` reads it."

    def handle(self, *_arguments: Any, **_options: Any) -> None:
        for text in csv_format.write(Bet.objects.kept().order_by("placed_at", "pk")):
            self.stdout.write(text, ending="")
