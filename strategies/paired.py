"""Paired comparison: two arms that judged the same snapshots, match by match.

Pure numbers, nothing of Django. What an arm gets from a match is the sum of the fair CLVs of its
predictions there, and 0 where it predicts nothing: an arm that leaves good prices loses by it, one
that leaves bad ones gains. The difference of two such numbers has far less variance than either.
"""

import enum
from dataclasses import dataclass

import numpy as np

from betting.performance.measures import confidence_sequence
from betting.performance.running import Running, running_mean
from odds.fair_prices import Floats


class Verdict(enum.StrEnum):
    """What a test says of the change; empty while it says nothing."""

    NONE = ""
    BETTER = "better"
    WORSE = "worse"
    UNDECIDED = "undecided"


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Fixed before the test begins.

    Attributes:
        smallest_gain: What arm B must be better by to be called better, points of CLV a match.
        alpha: Probability that a change that is neither is ever called better or worse.
        horizon: Matches after which a test without a verdict is undecided.
    """

    smallest_gain: float
    alpha: float
    horizon: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """How much more arm B got from a match, in points of fair CLV; `None` where undefined."""

    matches: int
    gain: float | None
    low: float | None
    high: float | None
    verdict: Verdict


def compare(differences: Floats, plan: Plan) -> Comparison:
    """What the differences of the matches so far say, however often they are looked at.

    Args:
        differences: B's points of fair CLV less A's on each match, in the order in which they
            came, shape (n,). Those after the horizon do not count.
        plan: When to stop.

    Source:
        Howard, Ramdas, McAuliffe & Sekhon (2021), "Time-uniform, nonparametric, nonasymptotic
        confidence sequences", Annals of Statistics 49(2): the interval may be looked at after
        every match.
    """
    counted = differences[: plan.horizon]
    count = len(counted)
    gain = float(counted.mean()) if count else None
    variance = float(counted.var(ddof=1)) if count > 1 and np.ptp(counted) > 0 else None
    low, high = confidence_sequence(count, gain, variance, alpha=plan.alpha) or (None, None)
    return Comparison(
        matches=count, gain=gain, low=low, high=high, verdict=_verdict(gain, low, high, count, plan)
    )


def progress(differences: Floats, plan: Plan) -> Running:
    """What `compare` said after each match up to the horizon.

    Args:
        differences: As `compare` takes them.
        plan: When to stop.
    """
    return running_mean(differences[: plan.horizon], alpha=plan.alpha)


def _verdict(
    gain: float | None, low: float | None, high: float | None, count: int, plan: Plan
) -> Verdict:
    if gain is not None and low is not None and low > 0 and gain >= plan.smallest_gain:
        return Verdict.BETTER
    if high is not None and high < 0:
        return Verdict.WORSE
    return Verdict.UNDECIDED if count >= plan.horizon else Verdict.NONE
