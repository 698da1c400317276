"""`manage.py report_edges`: what claimed edges are worth where the truth is known."""

from argparse import ArgumentParser
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from betting.detection.current_quotes import panel_of
from betting.detection.opportunities import thresholds_of
from betting.models import DetectionSettings
from betting.reports.edges import Summary, follow, summarise
from odds.catalogue import bookmaker_for
from odds.devig import Method
from odds.simulator.bookmakers import BOOKMAKERS
from odds.simulator.world import World

EPOCH = datetime(2026, 8, 3, tzinfo=UTC)
START = EPOCH + timedelta(days=14)
HEAD = ("reference", "found", "matches", "claimed", "expected", "true", "± se", "kept", "> 0")


class Command(BaseCommand):
    help = (
        "Step through the simulated market, whose true probabilities are known, with the current "
        "detection settings, and compare claimed, expected and true edges of what is detected."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--opportunities", type=int, default=10_000)
        parser.add_argument("--seed", type=int, default=1, help="of the simulated market")
        parser.add_argument("--step-minutes", type=int, default=60, help="between two snapshots")
        parser.add_argument(
            "--methods",
            nargs="+",
            choices=[method.value for method in Method],
            default=["multiplicative", "power"],
            help="of removing the margin",
        )

    def handle(
        self,
        *,
        opportunities: int,
        seed: int,
        step_minutes: int,
        methods: list[str],
        **_options: Any,
    ) -> None:
        if opportunities < 1 or step_minutes < 1:
            raise CommandError("--opportunities and --step-minutes take a number above 0.")
        world = World(seed, EPOCH)
        panel = panel_of([bookmaker_for(book.key, book.title) for book in BOOKMAKERS])
        for method in methods:
            settings = thresholds_of(DetectionSettings.current())
            with tqdm(total=opportunities, desc=method, disable=None, file=self.stderr) as bar:
                detected = follow(
                    world,
                    panel,
                    replace(settings, devig=Method(method)),
                    start=START,
                    step=timedelta(minutes=step_minutes),
                    wanted=opportunities,
                    progress=bar.update,
                )
            self.stdout.write(f"\n{method}")
            self.stdout.write(_line(HEAD))
            self.stdout.write(_line(_cells("all", summarise(detected))))
            for reference in sorted({one.reference for one in detected}):
                of_reference = [one for one in detected if one.reference == reference]
                self.stdout.write(_line(_cells(reference, summarise(of_reference))))


def _cells(name: str, summary: Summary) -> tuple[str, ...]:
    error = "–" if summary.standard_error is None else f"{summary.standard_error:.2%}"
    return (
        name,
        f"{summary.count:,}",
        f"{summary.matches:,}",
        f"{summary.claimed:+.2%}",
        f"{summary.shrunk:+.2%}",
        f"{summary.true:+.2%}",
        error,
        f"{summary.kept:.2f}",
        f"{summary.share_positive:.0%}",
    )


def _line(cells: tuple[str, ...]) -> str:
    first, *rest = cells
    return f"{first:14}" + "".join(f"{cell:>10}" for cell in rest)
