"""`manage.py report_ranking`: what the ranking says of strategies whose truth is known."""

from argparse import ArgumentParser
from datetime import UTC, datetime, timedelta
from statistics import median
from typing import Any

import numpy as np
from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from odds.simulator.world import World
from strategies.models import RankingSettings
from strategies.ranking.ranking import rules_of
from strategies.reports.simulated_ranking import Course, Plan, Pool, Run, place, simulate

EPOCH = datetime(2026, 8, 3, tzinfo=UTC)
START = EPOCH + timedelta(days=14)
HEAD = ("bets", "yield", "shrunken", "fair CLV", "from", "to", "tier", "sure after", "A after")


class Command(BaseCommand):
    help = (
        "Let strategies without edge and one with an edge bet on the simulated market, rank them "
        "after every match day, and say whether the ranking found the one and only that one."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--strategies", type=int, default=20, help="without edge")
        parser.add_argument("--matches", type=int, default=3000, help="of the simulated market")
        parser.add_argument("--edge", type=float, default=3.0, help="percent, of the other one")
        parser.add_argument(
            "--share", type=float, default=0.5, help="of the matches each strategy bets on, 0 to 1"
        )
        parser.add_argument("--runs", type=int, default=200, help="for the rate of false alarms")
        parser.add_argument("--seed", type=int, default=1, help="of the simulated market")

    def handle(
        self,
        *,
        strategies: int,
        matches: int,
        edge: float,
        share: float,
        runs: int,
        seed: int,
        **_options: Any,
    ) -> None:
        if min(strategies, matches, runs) < 1 or not 0 < share <= 1:
            raise CommandError(
                "--strategies, --matches and --runs take a number above 0, --share one up to 1."
            )
        rules = rules_of(RankingSettings.current())
        with tqdm(total=matches, desc="matches", disable=None, file=self.stderr) as bar:
            pool = Pool.of(
                World(seed, EPOCH), start=START, matches=matches, seed=seed, progress=bar.update
            )
        rng = np.random.default_rng(seed)
        plan = Plan(strategies=strategies, edge=edge / 100, share=share)
        self._write_scatter(pool, rng)
        self._write_run(simulate(pool, rules, plan, rng=rng), edge)
        several = [
            simulate(pool.again(rng), rules, plan, rng=rng)
            for _ in tqdm(range(runs), desc="runs", disable=None, file=self.stderr)
        ]
        self._write_runs(several, edge)

    def _write_scatter(self, pool: Pool, rng: np.random.Generator) -> None:
        bets = place(pool, edge=0.0, share=1.0, rng=rng)
        self.stdout.write(
            f"{len(pool):,} matches on {len(np.unique(pool.day)):,} days; a bet on each, without "
            f"edge: fair CLV {bets.clv.mean():+.2f} %, a single one ± {bets.clv.std():.1f} %, "
            f"a single return ± {100 * bets.profit.std():.0f} %\n"
        )

    def _write_run(self, run: Run, edge: float) -> None:
        self.stdout.write(_line("true edge", HEAD))
        courses = sorted(run.without_edge, key=lambda course: -(course.sums.roi or 0.0))
        for course in courses:
            self.stdout.write(_line("none", _cells(course)))
        self.stdout.write(_line(f"{edge:.1f} %", _cells(run.with_edge)))

    def _write_runs(self, runs: list[Run], edge: float) -> None:
        count, strategies = len(runs), len(runs[0].without_edge)
        found = [run.with_edge for run in runs]
        figures = {
            f"one of {strategies} without edge ever above B": _share(
                [run.is_false_alarm for run in runs]
            ),
            "the interval of one of them ever above 0": _share(
                [run.is_falsely_sure for run in runs]
            ),
            f"the interval of the one with {edge:.1f} % above 0": _reached(
                [course.bets_until_sure for course in found]
            ),
            "the same one above B": _reached([course.bets_until_top for course in found]),
        }
        self.stdout.write(f"\n{count} runs, looked at after every match day")
        for name, figure in figures.items():
            self.stdout.write(f"{name:50}{figure}")


def _cells(course: Course) -> tuple[str, ...]:
    last = course.last
    return (
        f"{round(course.sums.predictions):,}",
        *map(_percent, (course.sums.roi, last.roi_shrunk, last.clv, last.clv_low, last.clv_high)),
        last.tier or "–",
        *map(_count, (course.bets_until_sure, course.bets_until_top)),
    )


def _share(is_so: list[bool]) -> str:
    return f"{sum(is_so) / len(is_so):.1%} ({sum(is_so)} of {len(is_so)})"


def _reached(bets: list[int | None]) -> str:
    known = [one for one in bets if one is not None]
    share = _share([one is not None for one in bets])
    return f"{share}, after {median(known):,.0f} bets in the median" if known else share


def _percent(value: float | None) -> str:
    # Adding zero turns a negative zero into a plain one.
    return "–" if value is None else f"{round(value, 2) + 0.0:+.2f} %"


def _count(value: int | None) -> str:
    return "–" if value is None else f"{value:,}"


def _line(first: str, cells: tuple[str, ...]) -> str:
    return f"{first:12}" + "".join(f"{cell:>11}" for cell in cells)
