"""`manage.py report_learning`: what learning makes of strategies whose truth is known."""

from argparse import ArgumentParser
from statistics import fmean, median
from typing import Any, Final

import numpy as np
from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from strategies.models import ExperimentSettings
from strategies.paired import Plan, Verdict
from strategies.reports.simulated_learning import Course, Sample, Sizes, Truth, follow

HELPED: Final = (
    Truth(threshold=5.0, below=-4.0, above=3.0),
    Truth(threshold=4.0, below=-4.0, above=3.0),  # within a band, not at its end
    Truth(threshold=5.0, below=-2.0, above=2.0),
)
NOT_HELPED: Final = tuple(
    Truth(threshold=5.0, below=edge, above=edge) for edge in (0.0, -3.0, -1.0, 3.0)
)
HEAD: Final = (
    "proposed",
    "stood",
    "accepted",
    "worse",
    "undecided",
    "verdict at",
    "before",
    "after",
    "of accepted",
)


class Command(BaseCommand):
    help = (
        "Let strategies whose true edges are known learn: from the evidence over the held-out "
        "matches to the test. Say how often a change was accepted, and what it did to the edge."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--runs", type=int, default=100, help="of each world")
        parser.add_argument("--training", type=int, default=1000, help="matches of the evidence")
        parser.add_argument("--held-out", type=int, default=300, help="matches held out")
        parser.add_argument("--seed", type=int, default=1, help="of all that is drawn")

    def handle(
        self, *, runs: int, training: int, held_out: int, seed: int, **_options: Any
    ) -> None:
        if min(runs, training, held_out) < 1:
            raise CommandError("--runs, --training and --held-out take a number above 0.")
        shipped = ExperimentSettings()  # as shipped, whatever is set here
        plan = Plan(
            smallest_gain=shipped.smallest_gain, alpha=shipped.alpha, horizon=shipped.horizon
        )
        sizes = Sizes(training=training, held_out=held_out, plan=plan)
        rng = np.random.default_rng(seed)
        self._write_head(sizes, runs, rng)
        for title, truths in (("a filter helps", HELPED), ("nothing helps", NOT_HELPED)):
            self.stdout.write(_line(title, HEAD))
            for truth in truths:
                courses = [
                    follow(truth, sizes, rng=rng)
                    for _ in tqdm(range(runs), desc=_named(truth), disable=None, file=self.stderr)
                ]
                self.stdout.write(_line(_named(truth), _cells(truth, courses)))

    def _write_head(self, sizes: Sizes, runs: int, rng: np.random.Generator) -> None:
        sample = Sample.drawn(NOT_HELPED[0], matches=sizes.training, rng=rng)
        self.stdout.write(
            f"{runs:,} runs of each; {sizes.training:,} matches of evidence, such as one with "
            f"{len(sample.match):,} predictions, fair CLV ± {sample.clv.std():.1f} %, return "
            f"± {100 * sample.profit.std():.0f} %; {sizes.held_out:,} matches held out; a test of "
            f"{sizes.plan.horizon:,} at most.\nVerdict at: matches, median. Before, after: true "
            "edge of a bet, mean over the runs.\n"
        )


def _cells(truth: Truth, courses: list[Course]) -> tuple[str, ...]:
    accepted = [course for course in courses if course.verdict is Verdict.BETTER]
    tested = [course.matches for course in courses if course.matches is not None]
    counts = (
        sum(course.proposed is not None for course in courses),
        sum(course.has_stood for course in courses),
        len(accepted),
        sum(course.verdict is Verdict.WORSE for course in courses),
        sum(course.verdict is Verdict.UNDECIDED for course in courses),
    )
    return (
        *(f"{count / len(courses):.0%}" for count in counts),
        f"{median(tested):,.0f}" if tested else "–",
        _percent([truth.mean(course.before) for course in courses]),
        _percent([truth.mean(course.after) for course in courses]),
        _percent([truth.mean(course.after) for course in accepted]),
    )


def _named(truth: Truth) -> str:
    if truth.below == truth.above:
        return f"{truth.below:+g} % everywhere"
    return f"{truth.below:+g} % below {truth.threshold:g} %, {truth.above:+g} % above"


def _percent(values: list[float]) -> str:
    # Adding zero turns a negative zero into a plain one.
    return f"{round(fmean(values), 2) + 0.0:+.2f} %" if values else "–"


def _line(first: str, cells: tuple[str, ...]) -> str:
    return f"{first:30}" + "".join(f"{cell:>12}" for cell in cells)
