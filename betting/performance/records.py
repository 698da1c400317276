"""What the bets in the database say of their bettor's skill: the evidence a verdict is given on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from betting.bankroll.curve import Curve, amount, bankroll_curve
from betting.performance import bet_columns, measures
from betting.performance.scopes import EVERYTHING, Scope
from betting.performance.totals import Totals, totals
from betting.performance.verdict import Evidence

COLUMNS: Final = ("profit", "risk", "settled_at", "kickoff", "match", "fair_clv")
RESAMPLES: Final = 1000  # the ends of the interval then scatter by a thirtieth of its width
Interval = tuple[float | None, float | None]
UNKNOWN: Final = (None, None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Luck:
    """What chance added to the graded bets: profit less what fair CLV let expect."""

    amount: Decimal
    pct: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """Decided bets as columns; see `bet_columns.read`. Matches are numbered from 0, by their id."""

    profit: NDArray[np.int64]
    risk: NDArray[np.int64]
    settled_at: NDArray[np.datetime64]
    kickoff: NDArray[np.datetime64]
    match: NDArray[np.intp]
    fair_clv: NDArray[np.float64]

    @property
    def is_graded(self) -> NDArray[np.bool_]:
        """Which of them a closing line graded."""
        return ~np.isnan(self.fair_clv)

    @property
    def sharpe(self) -> float | None:
        """Mean return of a bet over its standard deviation."""
        return measures.sharpe(self.profit / self.risk)

    @property
    def yield_interval_pct(self) -> Interval:
        """Where the yield may lie: match days, by the UTC date of the kick-off, drawn anew."""
        return self.yield_intervals_pct([slice(None)])[0]

    def yield_intervals_pct(self, parts: Sequence[NDArray[np.intp] | slice]) -> list[Interval]:
        """The same of parts of the bets, each told by the rows it holds."""
        if not len(self.kickoff) or not parts:
            return [UNKNOWN] * len(parts)
        days = self.kickoff.astype("datetime64[D]").astype(np.int64)
        day = days - days.min()
        number = int(day.max()) + 1
        profit, risk = (
            np.column_stack(
                [np.bincount(day[part], weights=cents[part], minlength=number) for part in parts]
            ).astype(np.float64)
            for cents in (self.profit, self.risk)
        )
        found = measures.bootstrap_yields(profit, risk, resamples=RESAMPLES)
        return [UNKNOWN if one is None else (100 * one[0], 100 * one[1]) for one in found]

    @property
    def luck(self) -> Luck | None:
        """Over the graded bets, each CLV weighing as much as was risked on it."""
        risk, profit = self.risk[self.is_graded], self.profit[self.is_graded]
        if not len(risk):
            return None
        expected = float((risk * self.fair_clv[self.is_graded]).sum()) / 100
        chance = int(profit.sum()) - expected
        return Luck(amount=amount(round(chance)), pct=100 * chance / int(risk.sum()))

    def curve(self, scope: Scope) -> Curve:
        """The bankroll over the scope's bets."""
        return bankroll_curve(scope, self.settled_at, self.risk, self.profit)


def sample(scope: Scope = EVERYTHING) -> Sample:
    """The scope's decided bets as columns; one query."""
    return sample_of(dict(zip(COLUMNS, bet_columns.read(scope, *COLUMNS), strict=True)))


def sample_of(columns: Mapping[str, NDArray[Any]]) -> Sample:
    """The sample of columns that were read, by their names; others may be among them."""
    own = {name: columns[name] for name in COLUMNS}
    _ids, own["match"] = np.unique(own["match"], return_inverse=True)
    return Sample(**own)


def evidence(scope: Scope = EVERYTHING) -> Evidence:
    """What the scope's decided bets amount to; two queries."""
    return evidence_of(totals(scope), sample(scope))


def evidence_of(
    summed: Totals, bets: Sample, *, yield_interval_pct: Interval | None = None
) -> Evidence:
    """What bets amount to whose sums and columns were read already.

    Args:
        summed: Their sums.
        bets: Their columns.
        yield_interval_pct: Where it is known already; drawing it takes the most time.
    """
    graded = bets.is_graded
    matches, clv, variance = measures.by_match(bets.fair_clv[graded], bets.match[graded])
    low, high = measures.confidence_sequence(matches, clv, variance) or UNKNOWN
    yield_low, yield_high = yield_interval_pct or bets.yield_interval_pct
    luck = bets.luck
    return Evidence(
        bets=summed.bets,
        graded=summed.graded,
        matches=matches,
        claimed_pct=summed.claimed_pct,
        clv_pct=clv,
        clv_low_pct=low,
        clv_high_pct=high,
        raw_clv_pct=summed.average_clv_pct,
        yield_pct=summed.roi_pct,
        yield_low_pct=yield_low,
        yield_high_pct=yield_high,
        luck_pct=None if luck is None else luck.pct,
        bets_needed=measures.bets_needed(clv, variance),
    )
