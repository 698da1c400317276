"""`manage.py capture_closing_lines [--all]`: closing lines of played matches, and grades."""

from argparse import ArgumentParser
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone
from tqdm import tqdm

from betting.closing.capture import (
    MATCHES_AT_ONCE,
    Captured,
    capture,
    forget_unplayed,
    pending_match_ids,
)
from betting.closing.grading import grade_bets, grade_opportunities
from betting.closing.paper import settle_opportunities
from betting.models import ClosingLine, ClvStatus
from odds.models import Match

EVER = datetime(1900, 1, 1, tzinfo=UTC)


class Command(BaseCommand):
    help = (
        "Capture the closing lines of matches that kicked off in the last seven days and have "
        "none yet, then grade the bets and opportunities that wait for them."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--all",
            action="store_true",
            dest="every",
            help="Every match that ever kicked off, those already captured too.",
        )

    def handle(self, *, every: bool, **_options: Any) -> None:
        now = timezone.now()
        forgotten = forget_unplayed(now)
        captured = self._capture(_kicked_off(now) if every else pending_match_ids(now), now)
        bets, opportunities = grade_bets(now), grade_opportunities(now)
        settled = settle_opportunities(now, since=EVER if every else None)
        self.stdout.write(f"{captured.matches} matches captured, {forgotten} put off.")
        self._report("captured", captured.lines, {})
        self._report("missing", captured.missing, dict(ClosingLine.Missing.choices))
        self._report("bets", bets, dict(ClvStatus.choices))
        self._report("opportunities", opportunities, dict(ClvStatus.choices))
        self.stdout.write(f"{settled} opportunities settled on paper.")

    def _capture(self, match_ids: list[int], now: datetime) -> Captured:
        total = Captured()
        with tqdm(total=len(match_ids), unit="match", disable=None, file=self.stderr) as bar:
            for start in range(0, len(match_ids), MATCHES_AT_ONCE):
                batch = match_ids[start : start + MATCHES_AT_ONCE]
                total.add(capture(batch, now=now))
                bar.update(len(batch))
        return total

    def _report(self, title: str, counts: Counter[str], labels: Mapping[str, Any]) -> None:
        for name, count in sorted(counts.items()):
            self.stdout.write(f"  {title:14}{count:>9,}  {labels.get(name, name)}")


def _kicked_off(now: datetime) -> list[int]:
    played = Match.objects.filter(commence_time__lte=now).order_by("pk")
    return list(played.values_list("pk", flat=True))
