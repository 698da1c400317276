"""Is the closing line worth its name? Bets on the simulated market, whose truth is known.

Four bettors bet one unit at a time and are graded by the functions that run live. If fair CLV is
what it claims to be, then over blind bets, which nobody selected, realised returns rise one for
one with it; a bettor without edge shows none; and peeking after every match misleads rarely.

The market's own error at the close, which no later look can remove, is noise in the CLV of single
bets and takes 1 to 3 % off the slope. The fair odds of the moment are not quite without edge here:
a longshot's chance grows more on good news than it shrinks on bad.
"""

import enum
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice

import numpy as np

from betting.detection.pricing import Thresholds
from betting.performance.measures import FEWEST, reach
from betting.performance.regression import Line, mean_error, regress
from betting.reports.simulated_bets import (
    Closing,
    Outturn,
    Placed,
    blind_bets,
    match_numbers,
    value_bets,
)
from odds.fair_prices import Floats, Integers, Panel
from odds.simulator.world import World


class Policy(enum.StrEnum):
    """Who bets.

    On anything; the same at the sharp bookmaker's fair odds of that moment; the same at the odds
    the truth makes fair; and on the value opportunities that detection finds.
    """

    BLIND = "blind"
    FAIR_THEN = "fair then"
    ZERO_EDGE = "zero edge"
    VALUE = "value"


@dataclass(frozen=True, slots=True, kw_only=True)
class Market:
    """A simulated market, the bettor's settings and when bets and closing lines are looked at.

    `start`: of the first bets. `step`: between two looks for value. `closing_minutes`: how long
    before kick-off the last look is. `seed`: of blind choices.
    """

    world: World
    panel: Panel
    thresholds: Thresholds
    start: datetime
    step: timedelta
    closing_minutes: float
    seed: int


def follow(
    market: Market, *, wanted: int, progress: Callable[[Policy], object]
) -> dict[Policy, list[Outturn]]:
    """Place and grade that many bets by each policy, or a few less at the fair odds of the moment.

    Args:
        market: Where.
        wanted: How many bets.
        progress: Told after each match of the first three, and after each bet of the last.
    """
    closing = Closing(
        world=market.world,
        panel=market.panel,
        thresholds=market.thresholds,
        minutes=market.closing_minutes,
    )
    places = market.world, market.panel, market.thresholds
    outturns: dict[Policy, list[Outturn]] = {policy: [] for policy in Policy}
    for bet in islice(blind_bets(*places, start=market.start, seed=market.seed), wanted):
        for policy, placed in _at_all_odds(bet, market.world):
            outturns[policy].append(closing.outturn(placed))
        progress(Policy.BLIND)
    for bet in islice(value_bets(*places, start=market.start, step=market.step), wanted):
        outturns[Policy.VALUE].append(closing.outturn(bet))
        progress(Policy.VALUE)
    return outturns


def _at_all_odds(bet: Placed, world: World) -> Iterable[tuple[Policy, Placed]]:
    yield Policy.BLIND, bet
    if bet.believed is not None:
        yield Policy.FAIR_THEN, bet.at(1 / bet.believed)
    chance = world.true_probabilities(bet.match.provider_id, "h2h")[bet.outcome]
    yield Policy.ZERO_EDGE, bet.at(1 / chance)


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """Means over the graded bets of one policy, all fractions; errors allow for matches.

    `on_realised`, `on_true`: lines of the realised return and of the true edge against fair CLV.
    """

    bets: int
    graded: int
    matches: int
    claimed: float | None
    raw: float
    raw_positive: float
    fair: float
    fair_error: float | None
    fair_positive: float
    realised: float
    realised_error: float | None
    true: float
    on_realised: Line | None
    on_true: Line | None


def summarise(outturns: list[Outturn]) -> Summary:
    """What the bets of a policy came to.

    Raises:
        ValueError: None of them was graded.
    """
    graded = [one for one in outturns if one.fair is not None]
    if not graded:
        raise ValueError("no bet was graded")
    matches = match_numbers(graded)
    raw, fair = (_column(graded, name) for name in ("raw", "fair"))
    realised, true = (_column(graded, name) for name in ("realised", "true"))
    claimed = _column(graded, "claimed")
    return Summary(
        bets=len(outturns),
        graded=len(graded),
        matches=int(matches.max()) + 1,
        claimed=None if np.isnan(claimed).any() else float(claimed.mean()),
        raw=float(raw.mean()),
        raw_positive=float((raw > 0).mean()),
        fair=float(fair.mean()),
        fair_error=mean_error(fair, matches),
        fair_positive=float((fair > 0).mean()),
        realised=float(realised.mean()),
        realised_error=mean_error(realised, matches),
        true=float(true.mean()),
        on_realised=regress(fair, realised, matches),
        on_true=regress(fair, true, matches),
    )


def by_grader(outturns: list[Outturn]) -> dict[str, list[Outturn]]:
    """Graded bets by whose closing line graded them."""
    graders = sorted({one.graded_by for one in outturns if one.fair is not None})
    return {key: [one for one in outturns if one.graded_by == key] for key in graders}


def false_alarms(
    outturns: list[Outturn],
    *,
    is_centred: bool = False,
    runs: int = 200,
    length: int = 1000,
    seed: int = 1,
) -> float:
    """Share of runs in which peeking after every match would have found an edge, either way.

    Args:
        outturns: Bets without edge; each run draws from their matches with replacement.
        is_centred: Take their mean away first: they scatter as wanted but have an edge.
        runs: How many.
        length: Matches in each.
        seed: Of the draws.

    Raises:
        ValueError: None of them was graded.
    """
    graded = [one for one in outturns if one.fair is not None]
    if not graded:
        raise ValueError("no bet was graded")
    pool = _means(_column(graded, "fair"), match_numbers(graded))
    if is_centred:
        pool = pool - pool.mean()
    rng = np.random.default_rng(seed)
    alarms = 0
    for _ in range(runs):
        alarms += _is_ever_decided(rng.choice(pool, length))
    return alarms / runs


def _is_ever_decided(values: Floats) -> bool:
    """Whether the confidence sequence leaves out zero after any number of values."""
    count = np.arange(1.0, len(values) + 1)
    mean = np.cumsum(values) / count
    # Around the overall mean, lest squares of nearly equal numbers cancel.
    centred = values - values.mean()
    squares = np.cumsum(centred**2) - np.cumsum(centred) ** 2 / count
    late = slice(FEWEST - 1, None)
    width = reach(count[late], squares[late] / (count[late] - 1))
    return bool((np.abs(mean[late]) > width).any())


def _column(outturns: list[Outturn], name: str) -> Floats:
    """One number of each, NaN where it is `None`; shape (n,)."""
    return np.array([getattr(one, name) for one in outturns], dtype=np.float64)


def _means(values: Floats, matches: Integers) -> Floats:
    means: Floats = np.bincount(matches, weights=values) / np.bincount(matches)
    return means
