"""`manage.py collect_odds [SPORT…] [--force]`: call The Odds API now."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from tqdm import tqdm

from odds import collector
from odds.gate import CollectionRefusedError
from odds.models import Collection, Sport


class Command(BaseCommand):
    help = "Collect the odds of these sports, or of every collected sport, if they are due."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("sports", nargs="*", metavar="SPORT")
        parser.add_argument(
            "--force", action="store_true", help="Pass over the minimum interval (not the reserve)."
        )

    def handle(self, *, sports: list[str], force: bool, **_options: Any) -> None:
        keys = sports or list(Sport.objects.filter(is_collected=True).values_list("key", flat=True))
        if not keys:
            raise CommandError("No sport is collected; name one or tick it in the admin.")
        failures = 0
        for key in tqdm(keys, unit="sport", disable=None, file=self.stderr):
            try:
                collection = collector.collect_sport(
                    key, clock=timezone.now, reason=Collection.Reason.COMMAND, is_forced=force
                )
            except CollectionRefusedError as refusal:
                failures += 1
                self.stderr.write(f"{key}: not collected. {refusal}")
                continue
            failures += collection.status != Collection.Status.STORED
            self.stdout.write(f"{key}: {_told(collection)}")
        if failures:
            raise CommandError(f"{failures} of {len(keys)} sports were not collected.")


def _told(collection: Collection) -> str:
    if collection.status != Collection.Status.STORED:
        return collection.error
    cost = "unknown" if collection.credits_used is None else collection.credits_used
    left = "unknown" if collection.credits_remaining is None else collection.credits_remaining
    return (
        f"{collection.matches_received} matches, {collection.quotes_received} quotes "
        f"({collection.quotes_stored} stored, {collection.quotes_unchanged} unchanged, "
        f"{collection.quotes_rejected} rejected); cost {cost}, {left} credits left."
    )
