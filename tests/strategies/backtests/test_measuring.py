"""Measures of bets against arithmetic by hand."""

from datetime import date

import numpy as np
import pytest

from betting.performance.measures import bootstrap_yield, confidence_sequence
from strategies.backtests.measuring import (
    CURVE_POINTS,
    calibration_of,
    curve,
    day_of,
    match_returns,
    part_of,
    segments_of,
)
from strategies.backtests.staking import Path, flat_path
from tests.strategies.backtests.bet_rows import make_bets

FIRST = (date(2020, 9, 19) - date(1970, 1, 1)).days  # a Saturday


def five_bets():
    """Two matches with two bets each, a third with one; a win, a half win, a push and two losses.

    By hand: profits 1.00, 0.50 × 0.80 = 0.40, 0, -1.00, -0.50, in all -0.10 on 5 units settled.
    """
    return make_bets(
        match=[0, 0, 1, 1, 2],
        day=[FIRST, FIRST, FIRST, FIRST, FIRST + 7],
        net_odds=[2.0, 1.8, 2.5, 3.0, 4.0],
        share=[1.0, 0.5, 0.0, -1.0, -0.5],
        edge=[0.02, 0.04, 0.06, 0.08, 0.10],
        clv=[0.04, 0.02, np.nan, -0.01, np.nan],
        raw_clv=[0.06, 0.04, np.nan, np.nan, np.nan],
    )


def whole(bets):
    return part_of(bets, since=FIRST, until=FIRST + 30)


def test_wins_losses_and_money_are_counted_by_halves():
    part = whole(five_bets())

    assert (part.bets, part.matches, part.days) == (5, 3, 2)
    assert (part.won, part.lost) == (1.5, 1.5)
    assert part.win_rate_pct == 50.0
    assert part.profit_units == pytest.approx(-0.10)
    assert part.yield_pct == pytest.approx(100 * -0.10 / 5)
    assert part.mean_odds == pytest.approx(2.66)
    assert part.claimed_edge_pct == pytest.approx(6.0)
    assert (part.since, part.until) == (date(2020, 9, 19), date(2020, 10, 19))


def test_closing_line_value_is_a_mean_over_matches():
    part = whole(five_bets())

    assert (part.graded, part.graded_matches) == (3, 2)
    assert part.clv_pct == pytest.approx(100 * ((0.04 + 0.02) / 2 - 0.01) / 2)
    assert part.raw_clv_pct == pytest.approx(5.0)
    assert part.beat_share_pct == pytest.approx(100 * 2 / 3)
    assert part.clv_low_pct is None  # two matches say nothing


def test_drawdown_falls_by_match_day():
    part = whole(five_bets())

    assert part.max_drawdown_units == pytest.approx(0.50)  # from 0.40 on the first day to -0.10


def test_the_sharpe_ratio_is_that_of_a_bet():
    returns = [1.0, 0.4, 0.0, -1.0, -0.5]

    assert whole(five_bets()).sharpe == pytest.approx(np.mean(returns) / np.std(returns, ddof=1))


def test_intervals_are_by_match_day_and_by_match():
    rng = np.random.default_rng(4)
    day = np.sort(rng.integers(FIRST, FIRST + 30, 200))
    share = rng.choice([1.0, -1.0], 200)
    clv = rng.normal(0.02, 0.1, 200)
    bets = make_bets(day=day, net_odds=np.full(200, 2.1), share=share, clv=clv)

    part = whole(bets)

    days = sorted(set(day.tolist()))
    profit = np.array([bets.profit[day == one].sum() for one in days])
    risk = np.array([float((day == one).sum()) for one in days])
    low, high = bootstrap_yield(profit, risk)
    assert (part.yield_low_pct, part.yield_high_pct) == pytest.approx((100 * low, 100 * high))
    low, high = confidence_sequence(200, float(clv.mean()), float(clv.var(ddof=1)))
    assert (part.clv_low_pct, part.clv_high_pct) == pytest.approx((100 * low, 100 * high))


def test_a_part_without_bets_is_undefined_and_not_zero():
    part = part_of(five_bets(), since=FIRST + 60, until=FIRST + 90)

    assert part.bets == 0
    assert part.profit_units == 0.0
    undefined = (part.win_rate_pct, part.yield_pct, part.clv_pct, part.sharpe, part.mean_odds)
    assert undefined == (None,) * 5
    assert part.max_drawdown_units is None


def test_void_and_unsettled_bets_are_no_risk_and_a_push_is():
    void = {"share": [0.0, np.nan], "is_void": [True, False], "day": [FIRST, FIRST]}

    assert whole(make_bets(net_odds=[2.0, 3.0], **void)).yield_pct is None
    assert whole(make_bets(net_odds=[2.0], share=[0.0], day=[FIRST])).yield_pct == 0.0


def test_returns_are_means_over_matches():
    assert match_returns(five_bets()).tolist() == pytest.approx([0.7, (0 - 1) / 2, -0.5])


def test_a_long_curve_keeps_its_ends_and_its_deepest_fall():
    rng = np.random.default_rng(0)
    value = np.concatenate([[0.0], rng.normal(0, 1, 5000).cumsum()])
    value[3001] -= 500.0  # one day, between two of the points evenly apart
    path = Path(day=np.arange(5001), value=value)

    points = curve(path, path.fall)

    assert len(points) <= CURVE_POINTS
    assert (points[0].date, points[-1].date) == (day_of(0), day_of(5000))
    assert max(point.drawdown for point in points) == pytest.approx(path.fall.max())
    by_date = {point.date: point.value for point in points}
    assert by_date[day_of(3001)] == pytest.approx(value[3001])
    assert [point.date for point in points] == sorted(by_date)


def test_a_short_curve_is_kept_whole():
    path = flat_path(five_bets())

    points = curve(path, path.fall)

    assert [point.value for point in points] == pytest.approx([0.0, 0.4, -0.1])
    assert [point.drawdown for point in points] == pytest.approx([0.0, 0.0, 0.5])
    assert [str(point.date) for point in points] == ["2020-09-19", "2020-09-20", "2020-09-27"]


def test_a_curve_without_bets_is_empty():
    path = flat_path(make_bets(net_odds=[], share=[]))

    assert curve(path, path.fall) == ()


def test_calibration_compares_chances_with_what_happened():
    bets = make_bets(
        net_odds=[2.0] * 6,
        share=[1.0, -1.0, 0.5, np.nan, 0.0, 1.0],
        probability=[0.51, 0.55, 0.59, 0.52, 0.52, 1.0],
        is_arbitrage=[False] * 5 + [True],
    )

    (only,) = calibration_of(bets)

    assert (only.low, only.high, only.bets) == (0.5, 0.6, 3)
    assert only.predicted_mean == pytest.approx(0.55)
    assert only.happened_share == pytest.approx((1 + 0 + 0.75) / 3)


def test_a_chance_on_an_edge_belongs_to_the_higher_bin_and_1_to_the_last():
    bets = make_bets(net_odds=[2.0, 1.1], share=[1.0, 1.0], probability=[0.5, 1.0])

    assert [(one.low, one.high) for one in calibration_of(bets)] == [(0.5, 0.6), (0.9, 1.0)]


def test_segments_split_the_same_bets_four_ways():
    bets = make_bets(
        net_odds=[1.4, 1.5, 12.0],
        share=[1.0, -1.0, -1.0],
        edge=[0.01, 0.02, 0.3],
        sport=["soccer_epl", "soccer_epl", "basketball_nba"],
        day=[
            (date(2020, 6, 30) - date(1970, 1, 1)).days,
            (date(2020, 7, 1) - date(1970, 1, 1)).days,
            (date(2009, 12, 1) - date(1970, 1, 1)).days,
        ],
        clv=[0.02, 0.04, np.nan],
    )

    found = {(one.by, one.name): one for one in segments_of(bets)}

    assert list(found) == [
        ("competition", "basketball_nba"),
        ("competition", "soccer_epl"),
        ("odds", "< 1.5"),
        ("odds", "1.5–2"),
        ("odds", "≥ 10"),
        ("season", "2009/10"),
        ("season", "2019/20"),
        ("season", "2020/21"),
        ("edge", "< 2 %"),
        ("edge", "2–5 %"),
        ("edge", "≥ 20 %"),
    ]
    epl = found["competition", "soccer_epl"]
    assert (epl.bets, epl.yield_pct) == (2, pytest.approx(100 * (0.4 - 1) / 2))
    assert epl.clv_pct == pytest.approx(3.0)
    assert found["odds", "≥ 10"].clv_pct is None


@pytest.mark.parametrize("by", ["competition", "odds", "season", "edge"])
def test_every_bet_is_in_one_segment_of_each_kind(by):
    rng = np.random.default_rng(8)
    bets = make_bets(
        net_odds=rng.uniform(1.01, 20, 300),
        share=rng.choice([1.0, -1.0], 300),
        edge=rng.uniform(0, 0.4, 300),
        day=rng.integers(14_000, 20_000, 300),
    )

    assert sum(one.bets for one in segments_of(bets) if one.by == by) == 300
