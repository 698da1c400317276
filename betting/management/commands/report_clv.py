"""`manage.py report_clv`: what closing line value is worth where the truth is known."""

from argparse import ArgumentParser
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from betting.detection.current_quotes import panel_of
from betting.detection.opportunities import thresholds_of
from betting.models import DetectionSettings
from betting.performance.regression import Line
from betting.reports.clv import Market, Policy, Summary, by_grader, false_alarms, follow, summarise
from betting.reports.simulated_bets import Outturn
from odds.catalogue import bookmaker_for
from odds.simulator.bookmakers import BOOKMAKERS
from odds.simulator.world import World

EPOCH = datetime(2026, 8, 3, tzinfo=UTC)
START = EPOCH + timedelta(days=14)
RUNS, LENGTH = 1000, 1000
MEANS = (
    "policy", "bets", "graded", "matches", "claimed", "raw CLV", "> 0", "fair CLV", "± se", "> 0",
    "yield", "± se", "true edge",
)  # fmt: skip
LINES = ("against fair CLV", "slope", "± se", "intercept", "± se")
GRADERS = ("graded by", "bets", "fair CLV", "true edge", "difference")


class Command(BaseCommand):
    help = (
        "Bet on the simulated market, whose true probabilities are known, by four policies, and "
        "hold the fair CLV of the bets against what they paid and what they were worth."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--bets", type=int, default=20_000, help="by each policy")
        parser.add_argument("--seed", type=int, default=1, help="of the simulated market")
        parser.add_argument(
            "--closing-minutes", type=float, default=5, help="before kick-off, of the last look"
        )
        parser.add_argument(
            "--step-minutes", type=int, default=180, help="between two looks for value"
        )

    def handle(
        self,
        *,
        bets: int,
        seed: int,
        closing_minutes: float,
        step_minutes: int,
        **_options: Any,
    ) -> None:
        if bets < 1 or step_minutes < 1 or closing_minutes <= 0:
            raise CommandError(
                "--bets, --step-minutes and --closing-minutes take a number above 0."
            )
        market = Market(
            world=World(seed, EPOCH),
            panel=panel_of([bookmaker_for(book.key, book.title) for book in BOOKMAKERS]),
            thresholds=thresholds_of(DetectionSettings.current()),
            start=START,
            step=timedelta(minutes=step_minutes),
            closing_minutes=closing_minutes,
            seed=seed,
        )
        with ExitStack() as bars:
            progress = {
                policy: bars.enter_context(
                    tqdm(total=bets, desc=policy, disable=None, file=self.stderr)
                )
                for policy in (Policy.BLIND, Policy.VALUE)
            }
            outturns = follow(
                market, wanted=bets, progress=lambda policy: progress[policy].update()
            )
        self._write(outturns)

    def _write(self, outturns: dict[Policy, list[Outturn]]) -> None:
        summaries = {policy: summarise(some) for policy, some in outturns.items()}
        rows = [_means(policy, summary) for policy, summary in summaries.items()]
        self._table("means over graded bets", MEANS, rows)
        self._table(
            "realised return", LINES, [_line(p, s.on_realised) for p, s in summaries.items()]
        )
        self._table("true edge", LINES, [_line(p, s.on_true) for p, s in summaries.items()])
        for policy in (Policy.BLIND, Policy.VALUE):
            graders = by_grader(outturns[policy]).items()
            self._table(policy, GRADERS, [_grader(key, summarise(some)) for key, some in graders])
        self.stdout.write(
            f"\nfalse alarms in {RUNS} runs of {LENGTH:,} matches, looked at after every one"
        )
        zero = outturns[Policy.ZERO_EDGE]
        pools = {
            f"{Policy.FAIR_THEN}, centred": (outturns[Policy.FAIR_THEN], True),
            Policy.ZERO_EDGE: (zero, False),
            # Drawn from fewer matches than it is long, a run would repeat their common luck.
            **{
                f"  by {key}": (some, False)
                for key, some in by_grader(zero).items()
                if len(some) >= LENGTH
            },
        }
        for name, (pool, is_centred) in pools.items():
            share = false_alarms(pool, is_centred=is_centred, runs=RUNS, length=LENGTH)
            self.stdout.write(_cells((name, f"{len(pool):,}", f"{share:.1%}")))

    def _table(self, title: str, head: tuple[str, ...], rows: list[tuple[str, ...]]) -> None:
        self.stdout.write(f"\n{title}")
        for row in (head, *rows):
            self.stdout.write(_cells(row))


def _means(policy: Policy, summary: Summary) -> tuple[str, ...]:
    return (
        policy,
        f"{summary.bets:,}",
        f"{summary.graded:,}",
        f"{summary.matches:,}",
        _percent(summary.claimed),
        _percent(summary.raw),
        f"{summary.raw_positive:.1%}",
        _percent(summary.fair),
        _error(summary.fair_error),
        f"{summary.fair_positive:.1%}",
        _percent(summary.realised),
        _error(summary.realised_error),
        _percent(summary.true),
    )


def _line(policy: Policy, line: Line | None) -> tuple[str, ...]:
    if line is None:
        return policy, *("–",) * 4
    return (
        policy,
        f"{line.slope:.3f}",
        f"{line.slope_error:.3f}",
        _percent(line.intercept),
        _error(line.intercept_error),
    )


def _grader(key: str, summary: Summary) -> tuple[str, ...]:
    difference = summary.fair - summary.true
    return key, f"{summary.graded:,}", *map(_percent, (summary.fair, summary.true, difference))


def _percent(value: float | None) -> str:
    # Adding zero turns a negative zero into a plain one.
    return "–" if value is None else f"{round(value, 4) + 0.0:+.2%}"


def _error(value: float | None) -> str:
    return "–" if value is None else f"{value:.2%}"


def _cells(cells: tuple[str, ...]) -> str:
    first, *rest = cells
    return f"{first:20}" + "".join(f"{cell:>11}" for cell in rest)
