"""What a backtest came to: counts, money, closing lines, and how little that may mean.

Nothing of Django. Undefined is `None`, never 0. Percentages are of a unit staked, or of the
bankroll where it is said; all days are UTC.
"""

import math
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from typing import Any, Final

DIGITS: Final = 6  # after the point; enough for every page, and the same on every machine


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """What was judged and what became of it.

    Attributes:
        matches_judged: Matches that were looked at inside the window.
        bets: Prices taken.
        missed: Prices that were gone after the delay.
        unsettled: Of the bets, those on matches without a result.
        returned: Of the bets, those that gave the unit back: neither won nor lost.
    """

    matches_judged: int
    bets: int
    missed: int
    unsettled: int
    returned: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """The bets of a span of match days, one unit each.

    Attributes:
        since: First match day of the span.
        until: Last one, included.
        bets: Prices taken.
        matches: Matches with a bet.
        days: Match days with a bet.
        won: Bets won; a half is half a bet.
        lost: Bets lost; a half is half a bet.
        win_rate_pct: Of those.
        mean_odds: As obtained, net of commission.
        claimed_edge_pct: Mean of what the agent claimed when it chose.
        profit_units: Net of all costs.
        yield_pct: Profit per unit of bets won or lost, whole or half.
        yield_low_pct: By bootstrap over match days, 95 %.
        yield_high_pct: The same.
        graded: Bets with a closing line.
        graded_matches: Their matches.
        clv_pct: Mean over matches of the fair CLV of their bets.
        clv_low_pct: Confidence sequence, 95 %; `None` below 30 matches.
        clv_high_pct: The same.
        raw_clv_pct: Mean over matches of odds obtained against closing odds as offered.
        beat_share_pct: Share of graded bets with a fair CLV above 0.
        sharpe: Mean return of a bet over its standard deviation; not annualised.
        max_drawdown_units: The deepest fall of the sum of profits, match day by match day.
    """

    since: date
    until: date
    bets: int
    matches: int
    days: int
    won: float
    lost: float
    win_rate_pct: float | None
    mean_odds: float | None
    claimed_edge_pct: float | None
    profit_units: float
    yield_pct: float | None
    yield_low_pct: float | None
    yield_high_pct: float | None
    graded: int
    graded_matches: int
    clv_pct: float | None
    clv_low_pct: float | None
    clv_high_pct: float | None
    raw_clv_pct: float | None
    beat_share_pct: float | None
    sharpe: float | None
    max_drawdown_units: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """All bets; those of the earlier match days; those of the last ones, held out.

    `held_out` is `None` where no share was held out, or there are too few match days for it.
    """

    all: Part
    walk_forward: Part
    held_out: Part | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """Where a curve stood when a day's bets were settled, the day after; the first is the start.

    `drawdown` is how far below its highest value until then: in units on the flat curve, in
    percent of that value on Kelly's.
    """

    date: date
    value: float
    drawdown: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Equity:
    """Curves of at most 400 points each, their deepest falls among them; empty without bets.

    Attributes:
        flat: Sum of profits, one unit a bet; from 0.
        kelly: The bankroll; from 1.
    """

    flat: tuple[Point, ...]
    kelly: tuple[Point, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kelly:
    """What a share of Kelly's stakes, within the caps, would have made of the bankroll.

    Caps are fractions of the bankroll.
    """

    fraction: float
    cap_bet: float
    cap_match: float
    cap_day: float
    final_multiple: float | None
    max_drawdown_pct: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Bin:
    """Bets whose claimed probability lies from `low` to below `high`, and how often they won.

    Arbitrages, bets given back and unsettled ones are left out.
    """

    low: float
    high: float
    bets: int
    predicted_mean: float
    happened_share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """Bets of one kind; `by` is competition, odds, season or edge."""

    by: str
    name: str
    bets: int
    yield_pct: float | None
    clv_pct: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Deflation:
    """Whether the Sharpe ratio is more than the best of so many tries would show by luck.

    Attributes:
        variants_tried: Distinct parameter sets tried on the same data, this one included.
        observations: Matches with a bet won or lost: those on one match share its fate.
        sharpe: Of a match.
        skewness: Of the matches' returns.
        kurtosis: The same; 3 for a normal distribution.
        expected_best_sharpe: Of so many variants without any edge, the best one's.
        probability: That the true Sharpe ratio is above 0 after allowing for that: the Deflated
            Sharpe Ratio.
    """

    variants_tried: int
    observations: int
    sharpe: float | None
    skewness: float | None
    kurtosis: float | None
    expected_best_sharpe: float | None
    probability: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Audit:
    """The look-ahead audit, passed: one that fails leaves no result.

    Attributes:
        instants: At so many the future was deleted and the agent asked again, twice.
        decisions_compared: Decisions that were the same with and without the future.
    """

    instants: int
    decisions_compared: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """Everything a backtest says."""

    counts: Counts
    parts: Parts
    equity: Equity
    kelly: Kelly
    calibration: tuple[Bin, ...]
    segments: tuple[Segment, ...]
    deflation: Deflation
    audit: Audit

    def as_json(self) -> dict[str, Any]:
        """Plain values by the names above: days as ISO dates, tuples as lists, floats rounded."""
        return {each.name: _plain(getattr(self, each.name)) for each in fields(self)}


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        return {each.name: _plain(getattr(value, each.name)) for each in fields(value)}
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return round(value, DIGITS) + 0.0 if math.isfinite(value) else None  # no negative zero
    return value
