"""`manage.py rank_strategies`: sum up and rank, now, and print where every strategy stands."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from strategies.models import StrategyRecord
from strategies.ranking.ranking import rank

HEAD = (
    *("predicted", "settled", "yield", "from", "to", "shrunken"),
    *("matches", "fair CLV", "from", "to", "won", "score", "tier", "by wins", "trend"),
)


class Command(BaseCommand):
    help = "Rank the strategies by shrunken yield and fair CLV, and print the table."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--anew",
            action="store_true",
            help="sum up all of history, not only what changed since the last time",
        )

    def handle(self, *, anew: bool, **_options: Any) -> None:
        rank(now=timezone.now(), is_anew=anew)
        records = list(StrategyRecord.objects.select_related("strategy"))
        if not records:
            self.stdout.write("There is no strategy yet.")
            return
        self.stdout.write(_line("strategy", HEAD))
        for record in records:
            self.stdout.write(_line(str(record.strategy), _cells(record)))
        self.stdout.write(
            f"\nThe intervals of the CLV allow for {records[0].strategies_tried} strategies and for"
            " looking after every match; those of the yield are 95 %, for one look."
        )


def _cells(record: StrategyRecord) -> tuple[str, ...]:
    return (
        f"{record.total_predictions:,}",
        f"{record.settled:,}",
        *map(_percent, (record.roi, record.roi_low, record.roi_high, record.roi_shrunk)),
        f"{record.graded_matches:,}",
        *map(_percent, (record.clv, record.clv_low, record.clv_high)),
        "–" if record.win_rate is None else f"{record.win_rate:.1f} %",
        "–" if record.global_score is None else f"{record.global_score:.0f}",
        record.tier or "–",
        record.legacy_tier or "–",
        record.trend,
    )


def _percent(value: float | None) -> str:
    # Adding zero turns a negative zero into a plain one.
    return "–" if value is None else f"{round(value, 2) + 0.0:+.2f} %"


def _line(first: str, cells: tuple[str, ...]) -> str:
    return f"{first:40}" + "".join(f"{cell:>11}" for cell in cells)
