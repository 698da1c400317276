"""How well bets did: yields, drawdowns, and intervals that say how little that may mean.

Numbers here are floats, for statistics; totals of money are summed as decimals in the database.
Undefined is `None`, never 0. Bets on one match share its fate, so that the unit of observation is
the match, or the match day.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, TypeVar

import numpy as np
from numpy.typing import NDArray

from betting.bets.rules import Ending

Floats = NDArray[np.float64]
Integers = NDArray[np.intp]
Number = TypeVar("Number", float, Floats)

ALPHA: Final = 0.05
TUNED_AT: Final = 300  # observations after which a confidence sequence is at its narrowest
FEWEST: Final = 30  # observations before their estimated variance can be relied on
MOST_NEEDED: Final = 10_000_000
LAST_STEP: Final = 1e-12
RESAMPLES_PER_BLOCK: Final = 1_000_000  # days drawn at once: 4 MB
MANY_DAYS: Final = 60  # a draw of more days without any of so many is not to be feared
# What of a bet was won and what lost; endings that give the stake back are neither.
WON: Final = {Ending.WON: 1.0, Ending.HALF_WON: 0.5, Ending.DEAD_HEAT: 0.5}
LOST: Final = {Ending.LOST: 1.0, Ending.HALF_LOST: 0.5, Ending.DEAD_HEAT: 0.5}


def yield_of(profit: float, risk: float) -> float | None:
    """Profit per unit risked: what bettors also call ROI.

    Args:
        profit: Net profit of decided bets; pending and void ones are left out.
        risk: What the same bets could lose.

    Returns:
        Fraction, or `None` where nothing was risked.
    """
    return profit / risk if risk > 0 else None


def win_rate(endings: Mapping[str, int]) -> float | None:
    """Share of bets won among those won or lost.

    A half is half a bet, won or lost; a dead heat, of two as a rule, is half of each. Pushes and
    void bets are left out.

    Args:
        endings: How many bets ended each way, by `Ending`.

    Returns:
        Fraction, or `None` where none was won or lost.
    """
    won = sum(share * endings.get(ending, 0) for ending, share in WON.items())
    lost = sum(share * endings.get(ending, 0) for ending, share in LOST.items())
    return won / (won + lost) if won + lost else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawdown:
    """The deepest fall of a bankroll: in money, and as a fraction of the peak it fell from.

    `peak` and `trough` count bets: 0 is before the first one, 1 after it.
    """

    amount: float
    fraction: float
    peak: int
    trough: int


def drawdown(profits: Floats, start: float) -> Drawdown | None:
    """The fall of the bankroll that was deepest in proportion to the highest value before it.

    Args:
        profits: Profit of each bet in the order of settlement, shape (n,).
        start: The bankroll before the first bet; so a first bet that loses is a fall.

    Returns:
        The earliest of equally deep falls, of zero where the bankroll never fell; `None` where
        there was no bankroll to start with.
    """
    if start <= 0:
        return None
    equity = np.concatenate([[0.0], np.cumsum(profits)]) + start
    peaks = np.maximum.accumulate(equity)
    trough = int(np.argmax((peaks - equity) / peaks))
    peak = int(np.argmax(equity[: trough + 1]))
    amount = float(equity[peak] - equity[trough])
    return Drawdown(amount=amount, fraction=amount / float(equity[peak]), peak=peak, trough=trough)


def sharpe(returns: Floats) -> float | None:
    """Mean return of a bet over its standard deviation; nothing is annualised.

    Args:
        returns: Profit per unit risked of each bet, shape (n,).

    Returns:
        A ratio, or `None` with fewer than two bets or where all returns are the same.
    """
    if len(returns) < 2 or np.ptp(returns) == 0:
        return None
    return float(np.mean(returns) / np.std(returns, ddof=1))


def bootstrap_yield(
    profit_by_day: Floats,
    risk_by_day: Floats,
    *,
    resamples: int = 2000,
    seed: int = 1,
    level: float = 0.95,
) -> tuple[float, float] | None:
    """An interval for the yield, by drawing match days anew with replacement.

    Days, not bets: bets on one match, and on one league's round, win and lose together. Made for
    one look at a finished sample; who looks after every match needs `confidence_sequence`.

    Args:
        profit_by_day: Profit of each match day, shape (d,).
        risk_by_day: What was risked on it, shape (d,); days without bets are left out.
        resamples: How many samples are drawn.
        seed: The same seed gives the same interval.
        level: Share of samples whose yield lies inside.

    Returns:
        Lowest and highest, fractions; `None` with fewer than two days.

    Source:
        Efron & Tibshirani (1993), "An Introduction to the Bootstrap", chapter 13 (percentiles).
    """
    has_bets = risk_by_day > 0
    profit, risk = profit_by_day[has_bets], risk_by_day[has_bets]
    if len(profit) < 2:
        return None
    drawn = _days_drawn(len(profit), resamples=resamples, seed=seed)
    sums = [(profit[chosen].sum(axis=1), risk[chosen].sum(axis=1)) for chosen in drawn]
    profits, risks = zip(*sums, strict=True)
    return _ends(np.concatenate(profits), np.concatenate(risks), level)


def bootstrap_yields(
    profit_by_day: Floats,
    risk_by_day: Floats,
    *,
    resamples: int = 2000,
    seed: int = 1,
    level: float = 0.95,
) -> list[tuple[float, float] | None]:
    """The intervals of several groups of bets.

    As `bootstrap_yield`, with a column for each group, shape (d, g). Groups with bets on many days
    share the days that are drawn, for drawing takes most of the time; how many of its own days a
    group then gets hardly varies.
    """
    days = (risk_by_day > 0).sum(axis=0)
    is_shared = days >= MANY_DAYS
    both = np.concatenate([profit_by_day[:, is_shared], risk_by_day[:, is_shared]], axis=1)
    both = both[(both != 0).any(axis=1)]
    drawn = _sums_drawn(both, resamples=resamples, seed=seed) if is_shared.any() else both
    profits, risks = map(iter, np.split(drawn.T, 2))
    return [
        _ends(next(profits), next(risks), level)
        if is_shared[group]
        else bootstrap_yield(
            profit_by_day[:, group],
            risk_by_day[:, group],
            resamples=resamples,
            seed=seed,
            level=level,
        )
        for group in range(len(days))
    ]


def _sums_drawn(by_day: Floats, *, resamples: int, seed: int) -> Floats:
    """Sums over days drawn with replacement, as many as there are, shape (resamples, columns)."""
    days = len(by_day)
    sums = []
    for chosen in _days_drawn(days, resamples=resamples, seed=seed):
        places = chosen + np.arange(0, chosen.size, days, dtype=np.int32)[:, None]
        times = np.bincount(places.ravel(), minlength=chosen.size).reshape(chosen.shape)
        sums.append(times.astype(np.float64) @ by_day)
    return np.concatenate(sums)


def _days_drawn(days: int, *, resamples: int, seed: int) -> Iterator[NDArray[np.int32]]:
    """Which days each sample holds, some samples at a time, shape (samples, days)."""
    rng = np.random.default_rng(seed)
    size = max(1, RESAMPLES_PER_BLOCK // days)
    for first in range(0, resamples, size):
        yield rng.integers(days, size=(min(size, resamples - first), days), dtype=np.int32)


def _ends(profit: Floats, risk: Floats, level: float) -> tuple[float, float]:
    low, high = np.quantile(profit / risk, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)


def by_match(values: Floats, match: Integers) -> tuple[int, float | None, float | None]:
    """What a confidence sequence takes: matches as observations, each the mean of its bets.

    Args:
        values: A number for each bet, none of them NaN, shape (n,).
        match: The match of each bet as a number from 0, shape (n,); memory is taken up to the
            highest.

    Returns:
        How many matches; the mean over matches, `None` without any; the sample variance over
        matches, `None` with fewer than two.
    """
    bets = np.bincount(match)
    is_bet_on = bets > 0
    means = np.bincount(match, weights=values)[is_bet_on] / bets[is_bet_on]
    count = len(means)
    mean = float(means.mean()) if count else None
    return count, mean, float(means.var(ddof=1)) if count > 1 else None


def mixing(alpha: float, tuned_at: float) -> float:
    """How many observations' worth of doubt makes the interval narrowest at `tuned_at`.

    With w the larger root of w - log(w) = 1 - 2 log(alpha), in other words -W(-alpha² / e) on the
    lower branch of Lambert's function, it is tuned_at / (w - 1).

    Args:
        alpha: Probability that the sequence ever misses the truth, between 0 and 1.
        tuned_at: Number of observations, above 0.

    Raises:
        ValueError: Either is out of its range.

    Source:
        Howard, Ramdas, McAuliffe & Sekhon (2021), "Time-uniform, nonparametric, nonasymptotic
        confidence sequences", Annals of Statistics 49(2), section 3.5.
    """
    if not (0 < alpha < 1 and tuned_at > 0):
        raise ValueError(f"no such sequence: alpha {alpha!r}, tuned at {tuned_at!r} observations")
    level = 1 - 2 * math.log(alpha)
    root, before = level, 0.0
    while abs(root - before) > LAST_STEP * root:  # the slope 1 / w is below 1: it contracts
        root, before = level + math.log(root), root
    return tuned_at / (root - 1)


def reach(
    count: Number, variance: Number, *, alpha: float = ALPHA, tuned_at: float = TUNED_AT
) -> Number:
    """Half the width of the interval: the two-sided normal mixture boundary, per observation.

    Args:
        count: Observations so far, above 0, a number or an array.
        variance: Of one observation; shape as `count`.
        alpha: Probability that the sequence ever misses the truth.
        tuned_at: Where it is narrowest.

    Returns:
        sqrt(variance (n + r) log((n + r) / (alpha² r))) / n, where r is `mixing`.

    Source:
        Robbins (1970), "Statistical methods related to the law of the iterated logarithm", Annals
        of Mathematical Statistics 41(5); Howard et al. (2021) as in `mixing`. With an estimated
        variance it holds as the count grows: Waudby-Smith, Arbour, Sinha, Kennedy & Ramdas (2024),
        "Time-uniform central limit theory and asymptotic confidence sequences", Annals of
        Statistics 52(6).
    """
    doubt = mixing(alpha, tuned_at)
    squared = variance * (count + doubt) * np.log((count + doubt) / (alpha**2 * doubt))
    width: Number = np.sqrt(squared) / count
    return width


def confidence_sequence(
    count: int,
    mean: float | None,
    variance: float | None,
    *,
    alpha: float = ALPHA,
    tuned_at: float = TUNED_AT,
) -> tuple[float, float] | None:
    """The interval for the true mean now, valid however often and whenever it is looked at.

    An ordinary 95 % interval is wrong one time in twenty at one look. Looked at after every bet it
    leaves out the truth sooner or later, and whoever stops there has found nothing. These are
    wider, and all of them together hold the truth with probability 1 - alpha.

    Args:
        count: Independent observations so far: matches, see `by_match`.
        mean: Their mean.
        variance: Their sample variance.
        alpha: Probability that the sequence ever misses the truth.
        tuned_at: Where it is narrowest.

    Returns:
        Lowest and highest; `None` below 30 observations or where they do not vary.
    """
    if count < FEWEST or mean is None or not variance:
        return None
    width = float(reach(float(count), variance, alpha=alpha, tuned_at=tuned_at))
    return mean - width, mean + width


def bets_needed(
    mean: float | None,
    variance: float | None,
    *,
    alpha: float = ALPHA,
    tuned_at: float = TUNED_AT,
) -> int | None:
    """After how many observations the sequence leaves out zero, if mean and variance stay so.

    Args:
        mean: Of the observations so far.
        variance: Their sample variance.
        alpha: Probability that the sequence ever misses the truth.
        tuned_at: Where it is narrowest.

    Returns:
        Observations in all, counted from the first, at least 30: bets, where one is made on each
        match. `None` where the mean is zero or unknown, the variance is unknown, or ten million
        would not do.
    """
    if not mean or not variance:
        return None

    def is_decided(count: int) -> bool:
        return bool(reach(float(count), variance, alpha=alpha, tuned_at=tuned_at) < abs(mean))

    enough, too_few = MOST_NEEDED, FEWEST - 1
    if not is_decided(enough):
        return None
    while enough - too_few > 1:  # the reach shrinks with every observation
        middle = (enough + too_few) // 2
        enough, too_few = (middle, too_few) if is_decided(middle) else (enough, middle)
    return enough
