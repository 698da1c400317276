"""Standings: the days of one strategy into yields, intervals and a tier.

Pure numbers, nothing of Django: the same functions rank the strategies of the database and those
of a simulation whose truth is known.
"""

import math
from dataclasses import dataclass, fields
from datetime import date, timedelta
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from betting.performance.measures import bootstrap_yield, confidence_sequence, yield_of
from odds.fair_prices import Floats
from strategies.ranking.tiers import (
    Rules,
    Tier,
    Trend,
    deflated,
    global_score,
    legacy_tier_of,
    shrunken_roi,
    tier_of,
    trend_of,
)
from strategies.snapshots import Record

WEEK: Final = timedelta(days=7)
RESAMPLES: Final = 1000  # the ends of the interval then scatter by a thirtieth of its width
# A variance this small beside the squared mean is what rounding leaves of sums of equal numbers.
ROUNDING: Final = 1e-12


@dataclass(frozen=True, slots=True, kw_only=True)
class Days:
    """The sums of one version by UTC match day; see `StrategyDay`.

    Attributes:
        day: datetime64[D], ascending, shape (d,); every other column has the same shape.
        predictions: Made.
        won: Won, a half as a half.
        lost: Lost.
        risk: Units settled, void ones left out.
        profit: Units.
        graded: Predictions a timely closing line graded.
        graded_matches: The matches they are on.
        clv_sum: Over those matches, the mean fair CLV of each, percent.
        clv_squares: The squares of the same.
        raw_clv_sum: Over those matches, the mean raw CLV of each, percent.
    """

    day: NDArray[np.datetime64]
    predictions: Floats
    won: Floats
    lost: Floats
    risk: Floats
    profit: Floats
    graded: Floats
    graded_matches: Floats
    clv_sum: Floats
    clv_squares: Floats
    raw_clv_sum: Floats

    def sums(self) -> "Sums":
        """All days together."""
        return Sums(**{one.name: float(getattr(self, one.name).sum()) for one in fields(Sums)})

    def roi(self, since: date, until: date) -> float | None:
        """The yield of the match days from one to another, that one left out, percent."""
        inside = (self.day >= np.datetime64(since)) & (self.day < np.datetime64(until))
        return _percent(yield_of(float(self.profit[inside].sum()), float(self.risk[inside].sum())))

    def roi_interval(self) -> tuple[float | None, float | None]:
        """Where the yield may lie, match days drawn anew, percent."""
        found = bootstrap_yield(self.profit, self.risk, resamples=RESAMPLES)
        return (None, None) if found is None else (100 * found[0], 100 * found[1])


@dataclass(frozen=True, slots=True, kw_only=True)
class Sums:
    """The sums of some days; each as in `Days`."""

    predictions: float = 0.0
    won: float = 0.0
    lost: float = 0.0
    risk: float = 0.0
    profit: float = 0.0
    graded: float = 0.0
    graded_matches: float = 0.0
    clv_sum: float = 0.0
    clv_squares: float = 0.0
    raw_clv_sum: float = 0.0

    @property
    def settled(self) -> int:
        """Settled predictions, void ones left out: a unit was staked on each."""
        return round(self.risk)

    @property
    def roi(self) -> float | None:
        """Profit in percent of the units risked."""
        return _percent(yield_of(self.profit, self.risk))

    @property
    def win_rate(self) -> float | None:
        """Percent won of those won or lost."""
        decided = self.won + self.lost
        return 100 * self.won / decided if decided else None

    @property
    def raw_clv(self) -> float | None:
        """Mean over matches, percent."""
        return self.raw_clv_sum / self.graded_matches if self.graded_matches else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What the sums of a strategy allow to be said; percentages, `None` where undefined.

    `clv_low` and `clv_high` are the ends of the confidence sequence of the mean fair CLV, which
    may be looked at after every match day and allows for the number of strategies.
    """

    roi_shrunk: float | None
    clv: float | None
    clv_low: float | None
    clv_high: float | None
    tier: Tier | None

    @classmethod
    def of(cls, sums: Sums, rules: Rules, *, strategies_tried: int) -> Self:
        """The verdict on these sums.

        Args:
            sums: Of all days.
            rules: The thresholds.
            strategies_tried: How many strategies are compared, at least 1.
        """
        matches = round(sums.graded_matches)
        record = Record.of_sums(matches, sums.clv_sum, sums.clv_squares)
        clv = None if math.isnan(record.clv) else record.clv
        is_varying = record.variance > ROUNDING * max(1.0, record.clv**2)
        low, high = confidence_sequence(
            matches,
            clv,
            record.variance if is_varying else None,
            alpha=deflated(rules.alpha, strategies_tried),
        ) or (None, None)
        roi = shrunken_roi(sums.profit, sums.risk, sums.settled, prior_bets=rules.prior_bets)
        return cls(
            roi_shrunk=roi,
            clv=clv,
            clv_low=low,
            clv_high=high,
            tier=tier_of(roi, clv, low, sums.settled, rules),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where a strategy stands; as `StrategyRecord` has it."""

    sums: Sums
    verdict: Verdict
    roi_low: float | None
    roi_high: float | None
    legacy_tier: Tier | None
    global_score: float | None
    trend: Trend


def standing(days: Days, rules: Rules, *, strategies_tried: int, today: date) -> Standing:
    """Where a strategy with these days stands.

    Args:
        days: All its days.
        rules: The thresholds.
        strategies_tried: How many strategies are compared, at least 1.
        today: The UTC day; the trend compares the seven match days up to it with those before.
    """
    sums = days.sums()
    verdict = Verdict.of(sums, rules, strategies_tried=strategies_tried)
    low, high = days.roi_interval()
    tomorrow = today + timedelta(days=1)
    weeks = (
        days.roi(tomorrow - WEEK, tomorrow),
        days.roi(tomorrow - 2 * WEEK, tomorrow - WEEK),
    )
    is_rated = verdict.tier is not None
    return Standing(
        sums=sums,
        verdict=verdict,
        roi_low=low,
        roi_high=high,
        legacy_tier=legacy_tier_of(sums.win_rate, sums.settled, rules),
        global_score=global_score(verdict.roi_shrunk, verdict.clv) if is_rated else None,
        trend=trend_of(*weeks, rules),
    )


def _percent(fraction: float | None) -> float | None:
    return None if fraction is None else 100 * fraction
