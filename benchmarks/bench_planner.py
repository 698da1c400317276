"""Planning a month of 10,000 kick-offs against its limit of one second.

Run from the root of the repository:

    .venv/bin/python -m benchmarks.bench_planner

The kick-offs are drawn over a month and sixty sports, all of them known. The median of the CPU time
is shown: a plan is one thread's work, and what else the machine does is not its.
"""

import argparse
import time
from datetime import UTC, datetime, timedelta
from statistics import median

import numpy as np

from benchmarks.tables import print_table
from odds.planner.planning import plan
from odds.planner.plans import Plan
from odds.planner.shapes import CallShape
from odds.planner.situation import Account, KickOff, PlanSettings, Situation, SportTerms

SEED = 20_251_121
LIMIT_SECONDS = 1.0
START = datetime(2026, 10, 1, tzinfo=UTC)
RESET = datetime(2026, 11, 1, tzinfo=UTC)
QUARTER = timedelta(minutes=15)
QUOTAS = (500, 20_000, 100_000)


def situation(kickoffs: int, sports: int, credits_left: int) -> Situation:
    """A month of kick-offs on whole quarters of an hour, in no order."""
    chance = np.random.default_rng(SEED)
    quarters = chance.integers(0, 31 * 96, kickoffs).tolist()
    of_sport = chance.integers(0, sports, kickoffs).tolist()
    shape = CallShape(markets=("h2h",), regions=("eu",))
    return Situation(
        now=START,
        kickoffs=[
            KickOff(match_id=f"{i:032x}", sport=f"sport_{sport}", at=START + at * QUARTER)
            for i, (at, sport) in enumerate(zip(quarters, of_sport, strict=True))
        ],
        sports=[SportTerms(key=f"sport_{i}", shape=shape) for i in range(sports)],
        account=Account(remaining=credits_left, reserve=credits_left // 10, resets_at=RESET),
        settings=PlanSettings(known_ahead=timedelta(days=31)),
    )


def report(given: Situation, rounds: int) -> list[str]:
    """Time one plan and write its line of the table."""
    times: list[float] = []
    made: Plan = plan(given)
    for _ in range(rounds):
        started = time.process_time()
        made = plan(given)
        times.append(time.process_time() - started)
    seconds = median(times)
    return [
        f"{given.account.remaining:,}",
        f"{len(given.kickoffs):,}",
        f"{made.budget.closings:,}",
        f"{made.budget.scans:,}",
        f"{seconds * 1e3:,.0f} ms",
        f"{LIMIT_SECONDS / seconds:.1f} x faster",
    ]


def main() -> None:
    """Print one line per quota."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--kickoffs", type=int, default=10_000)
    options.add_argument("--sports", type=int, default=60)
    options.add_argument("--rounds", type=int, default=5)
    given = options.parse_args()
    print_table(
        f"Planning a month ({given.sports} sports, limit {LIMIT_SECONDS:g} s)",
        ["credits left", "kick-offs", "closing credits", "scan credits", "time", "limit"],
        [
            report(situation(given.kickoffs, given.sports, credits_left), given.rounds)
            for credits_left in QUOTAS
        ],
    )


if __name__ == "__main__":
    main()
