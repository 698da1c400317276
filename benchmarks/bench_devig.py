"""Devigging against its peers, penaltyblog and shin, on the same markets in the same run.

Run from the root of the repository, with the peers of benchmarks/requirements.txt installed:

    .venv-bench/bin/python -m benchmarks.bench_devig

The peers take one market a call, so they are timed on the first markets of the table only. Ours is
timed on the whole table, and once more a market a call, which is how much of the ratio is due to
working on many at once. Rounds are interleaved and the median is shown: what slows the machine for
a while slows all of them.
"""

import argparse
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from statistics import median

import numpy as np
import shin
from numpy.typing import NDArray
from penaltyblog.implied import calculate_implied

from odds.devig import Method, fair_probabilities

Floats = NDArray[np.float64]
Market = list[float]
SEED = 20_251_121


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """One of our methods beside one peer's function for a single market."""

    method: Method
    peer_name: str
    peer: Callable[[Market], Market]


def penaltyblog(method: str, market: Market) -> Market:
    """The probabilities of penaltyblog's result object."""
    probabilities: Market = calculate_implied(market, method=method).probabilities
    return probabilities


COMPARISONS = [
    *(
        Comparison(method=method, peer_name="penaltyblog", peer=partial(penaltyblog, method.value))
        for method in (Method.POWER, Method.SHIN, Method.ODDS_RATIO)
    ),
    Comparison(method=Method.SHIN, peer_name="shin", peer=shin.calculate_implied_probabilities),
]


def football_markets(count: int) -> Floats:
    """Home, draw and away odds in hundredths with margins of 2 to 9 %, shape (count, 3)."""
    chance = np.random.default_rng(SEED)
    fair = chance.dirichlet([4.0, 3.0, 3.0], count)
    odds = 1 / (fair * chance.uniform(1.02, 1.09, (count, 1)))
    rounded: Floats = np.clip(np.round(odds, 2), 1.01, 501.0)
    return rounded


def seconds(work: Callable[[], object]) -> float:
    """How long one call takes."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def one_by_one(devig: Callable[[Market], Market], markets: list[Market]) -> list[Market]:
    """The peers' results, a market a call."""
    return [devig(market) for market in markets]


def alone(method: Method, market: Market) -> Market:
    """Our result for a table of one market."""
    probabilities: Market = fair_probabilities(np.array([market]), method)[0].tolist()
    return probabilities


def largest_difference(ours: Floats, theirs: Floats) -> tuple[float, int]:
    """The largest absolute difference where both are defined, and on how many markets that is.

    A peer is taken as defined where its probabilities are numbers that sum to 1 within 1e-6.
    """
    both = np.isfinite(ours).all(axis=1) & (np.abs(theirs.sum(axis=1) - 1) < 1e-6)
    return float(np.abs(ours - theirs)[both].max(initial=0.0)), int(both.sum())


def report(comparison: Comparison, odds: Floats, *, peer_markets: int, rounds: int) -> str:
    """Time one comparison and write its line of the table."""
    few = odds[:peer_markets].tolist()
    contenders = {
        "ours": (partial(fair_probabilities, odds, comparison.method), len(odds)),
        "alone": (partial(one_by_one, partial(alone, comparison.method), few), len(few)),
        "peer": (partial(one_by_one, comparison.peer, few), len(few)),
    }
    times: dict[str, list[float]] = {name: [] for name in contenders}
    for _ in range(rounds):
        for name, (work, _count) in contenders.items():
            times[name].append(seconds(work))
    speed = {name: count / median(times[name]) for name, (_work, count) in contenders.items()}

    ours = fair_probabilities(odds[:peer_markets], comparison.method)
    difference, compared = largest_difference(ours, np.array(one_by_one(comparison.peer, few)))
    return (
        f"{comparison.method:<12}{speed['ours']:>14,.0f}{speed['alone']:>14,.0f}"
        f"  {comparison.peer_name:<13}{speed['peer']:>12,.0f}"
        f"{speed['ours'] / speed['peer']:>9,.0f} x{difference:>13.1e}{compared:>10,}"
    )


def main() -> None:
    """Print one line per method and peer."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--markets", type=int, default=200_000, help="markets in the table")
    options.add_argument("--peer-markets", type=int, default=2_000, help="of these, for the peers")
    options.add_argument(
        "--rounds", type=int, default=7, help="repeats, of which the median counts"
    )
    given = options.parse_args()
    odds = football_markets(given.markets)

    print(f"{given.markets:,} three-way markets; markets per second, median of {given.rounds}")
    print(
        f"{'method':<12}{'ours':>14}{'ours, alone':>14}  {'peer':<13}{'peer':>12}"
        f"{'ratio':>11}{'max |diff|':>13}{'compared':>10}"
    )
    for comparison in COMPARISONS:
        print(
            report(comparison, odds, peer_markets=given.peer_markets, rounds=given.rounds),
            flush=True,
        )


if __name__ == "__main__":
    main()
