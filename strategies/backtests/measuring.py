"""Measures of bets: by span of match days, by kind, and how well chances were judged.

Pure numbers, nothing of Django.
"""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Final

import numpy as np

from betting.performance.measures import bootstrap_yield, by_match, confidence_sequence, sharpe
from odds.fair_prices import Floats, Integers
from strategies.backtests.bets import Bets
from strategies.backtests.results import Bin, Part, Point, Segment
from strategies.backtests.staking import Path, flat_path
from strategies.snapshots import Texts

CURVE_POINTS: Final = 400
BIN_EDGES: Final = np.arange(11) / 10
ODDS_BANDS: Final = (1.5, 2.0, 3.0, 5.0, 10.0)
EDGE_BANDS_PCT: Final = (2.0, 5.0, 10.0, 20.0)
SEASON_BEGINS: Final = 7  # July
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC).date()


def day_of(number: int) -> date:
    """The date of a day counted from 1970."""
    return EPOCH + timedelta(days=number)


def part_of(bets: Bets, *, since: int, until: int) -> Part:
    """What the bets of a span of match days came to; days since 1970, both included."""
    inside = bets.take((bets.day >= since) & (bets.day <= until))
    decided = inside.take(inside.is_decided)
    graded = inside.take(~np.isnan(inside.clv))
    priced = graded.take(~np.isnan(graded.raw_clv))
    won = float(decided.share[decided.share > 0].sum())
    lost = float(-decided.share[decided.share < 0].sum())
    low, high = _yield_interval(decided)
    matches, clv, variance = by_match(graded.clv, graded.match)
    clv_low, clv_high = confidence_sequence(matches, clv, variance) or (None, None)
    flat = flat_path(inside)
    return Part(
        since=day_of(since),
        until=day_of(until),
        bets=len(inside),
        matches=len(np.unique(inside.match)),
        days=len(np.unique(inside.day)),
        won=won,
        lost=lost,
        win_rate_pct=percent(won / (won + lost) if won + lost else None),
        mean_odds=_mean(inside.net_odds),
        claimed_edge_pct=percent(_mean(inside.edge)),
        profit_units=float(decided.profit.sum()),
        yield_pct=percent(_mean(decided.profit)),
        yield_low_pct=percent(low),
        yield_high_pct=percent(high),
        graded=len(graded),
        graded_matches=matches,
        clv_pct=percent(clv),
        clv_low_pct=percent(clv_low),
        clv_high_pct=percent(clv_high),
        raw_clv_pct=percent(by_match(priced.raw_clv, priced.match)[1]),
        beat_share_pct=percent(_mean((graded.clv > 0).astype(np.float64))),
        sharpe=sharpe(decided.profit),
        max_drawdown_units=float(flat.fall.max()) if len(flat) else None,
    )


def match_returns(bets: Bets) -> Floats:
    """The mean profit of a unit on each match with a settled bet, shape (m,)."""
    decided = bets.take(bets.is_decided)
    _matches, which, counts = np.unique(decided.match, return_inverse=True, return_counts=True)
    means: Floats = np.bincount(which, weights=decided.profit, minlength=len(counts)) / counts
    return means


def curve(path: Path, drawdown: Floats) -> tuple[Point, ...]:
    """At most 400 points of a path: evenly apart, and the two ends of its deepest fall.

    Args:
        path: The bankroll.
        drawdown: How far each value is below the highest until then, shape (d + 1,).
    """
    if not len(path):
        return ()
    trough = int(drawdown.argmax())
    peak = int(path.value[: trough + 1].argmax())
    even = np.linspace(0, len(path) - 1, min(len(path), CURVE_POINTS - 2)).astype(np.intp)
    return tuple(
        Point(
            date=day_of(int(path.day[row])),
            value=float(path.value[row]),
            drawdown=float(drawdown[row]),
        )
        for row in np.union1d(even, [peak, trough]).tolist()
    )


def calibration_of(bets: Bets) -> tuple[Bin, ...]:
    """How often bets won by the chance they were given; bins without bets are left out.

    A half counts as a half of a win. Arbitrages, which claim to win always, are left out.
    """
    judged = bets.take((np.abs(bets.share) > 0) & ~bets.is_arbitrage)  # NaN without a result
    happened = (judged.share + 1) / 2
    numbers = np.digitize(judged.probability, BIN_EDGES[1:-1])
    return tuple(
        Bin(
            low=float(BIN_EDGES[number]),
            high=float(BIN_EDGES[number + 1]),
            bets=int(inside.sum()),
            predicted_mean=float(judged.probability[inside].mean()),
            happened_share=float(happened[inside].mean()),
        )
        for number in range(len(BIN_EDGES) - 1)
        if (inside := numbers == number).any()
    )


def segments_of(bets: Bets) -> tuple[Segment, ...]:
    """The bets by competition, odds, season and claimed edge; kinds without bets are left out."""
    kinds = (
        ("competition", np.unique(bets.sport, return_inverse=True)),
        ("odds", _banded(bets.net_odds, ODDS_BANDS, "")),
        ("season", _seasons(bets.day)),
        ("edge", _banded(bets.edge * 100, EDGE_BANDS_PCT, " %")),
    )
    return tuple(
        _segment(by, str(name), bets.take(which == number))
        for by, (names, which) in kinds
        for number, name in enumerate(names)
        if (which == number).any()
    )


def percent(fraction: float | None) -> float | None:
    """A fraction in percent."""
    return None if fraction is None else fraction * 100


def _mean(values: Floats) -> float | None:
    return float(values.mean()) if len(values) else None


def _yield_interval(decided: Bets) -> tuple[float | None, float | None]:
    days, which = np.unique(decided.day, return_inverse=True)
    profit = np.bincount(which, weights=decided.profit, minlength=len(days))
    risk = np.bincount(which, minlength=len(days))
    return bootstrap_yield(profit.astype(np.float64), risk.astype(np.float64)) or (None, None)


def _segment(by: str, name: str, bets: Bets) -> Segment:
    graded = bets.take(~np.isnan(bets.clv))
    return Segment(
        by=by,
        name=name,
        bets=len(bets),
        yield_pct=percent(_mean(bets.profit[bets.is_decided])),
        clv_pct=percent(by_match(graded.clv, graded.match)[1]),
    )


def _banded(values: Floats, edges: tuple[float, ...], unit: str) -> tuple[Texts, Integers]:
    """Names of bands between edges, and which of them each value lies in."""
    between = [f"{low:g}–{high:g}{unit}" for low, high in pairwise(edges)]
    names = [f"< {edges[0]:g}{unit}", *between, f"≥ {edges[-1]:g}{unit}"]
    return np.array(names), np.digitize(values, edges)


def _seasons(days: Integers) -> tuple[Texts, Integers]:
    """Names of seasons, from July to June (2019/20), and which of them each day lies in."""
    months = days.astype("datetime64[D]").astype("datetime64[M]").astype(np.intp)
    years, which = np.unique(1970 + (months - (SEASON_BEGINS - 1)) // 12, return_inverse=True)
    names = [f"{year}/{(year + 1) % 100:02d}" for year in years.tolist()]
    return np.array(names, dtype=np.str_), which
