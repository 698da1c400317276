"""`manage.py settle_bets`: settle what has a result, now."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from betting.bets.settlement import settle_finished


class Command(BaseCommand):
    help = "Settle every bet whose match has a result, and anew those whose score was corrected."

    def handle(self, *_arguments: Any, **_options: Any) -> None:
        done = settle_finished(now=timezone.now())
        self.stdout.write(f"{done.settled} bets settled, {done.corrected} settled anew.")
