"""Paths of a bankroll against slow loops and the functions that advise live stakes."""

from collections import defaultdict

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from betting.bankroll.staking import kelly_simultaneous
from betting.models import StakingSettings
from strategies.backtests.staking import CAPS, Caps, flat_path, kelly_path, kelly_stakes
from tests.strategies.backtests.bet_rows import make_bets

NO_CAPS = Caps(bet=1.0, match=1.0, day=1.0)


def slow_kelly(bets, fraction, caps):
    """Day by day, bet by bet; the bankroll is settled once a day is over."""
    days = defaultdict(list)
    for row in range(len(bets)):
        if not np.isnan(bets.profit[row]):
            days[int(bets.day[row])].append(row)
    bankroll, path = 1.0, [1.0]
    for day in sorted(days):
        stakes = {}
        for row in days[day]:
            p, odds = bets.probability[row], bets.net_odds[row]
            full = max((p * odds - 1) / (odds - 1), 0.0)
            stakes[row] = min(fraction * full, caps.bet)
        for match in {int(bets.match[row]) for row in stakes}:
            mine = [row for row in stakes if bets.match[row] == match]
            total = sum(stakes[row] for row in mine)
            for row in mine:
                stakes[row] *= min(1.0, caps.match / total) if total else 1.0
        total = sum(stakes.values())
        scale = min(1.0, caps.day / total) if total else 1.0
        bankroll += sum(
            bankroll * stake * scale * float(bets.profit[row]) for row, stake in stakes.items()
        )
        path.append(bankroll)
    return path


def drawn(seed, count=400):
    rng = np.random.default_rng(seed)
    match = np.sort(rng.integers(0, count // 2, count))
    odds = rng.uniform(1.2, 6.0, count)
    share = rng.choice([1.0, 0.5, 0.0, -0.5, -1.0, np.nan], count)
    return make_bets(
        match=match,
        day=18_000 + match // 7,
        net_odds=odds,
        probability=np.clip(rng.uniform(0.8, 1.4, count) / odds, 0, 1),
        share=share,
    )


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("caps", [CAPS, NO_CAPS, Caps(bet=0.01, match=0.012, day=0.04)])
def test_the_kelly_path_is_that_of_a_slow_loop(seed, caps):
    bets = drawn(seed)

    path = kelly_path(bets, 0.25, caps)

    assert path.value.tolist() == pytest.approx(slow_kelly(bets, 0.25, caps), rel=1e-9)


def test_a_days_bets_are_staked_as_simultaneous_ones_are_live():
    rng = np.random.default_rng(3)
    odds = rng.uniform(1.5, 4.0, 30)
    chances = np.clip(1.2 / odds, 0, 1)
    bets = make_bets(net_odds=odds, probability=chances, share=np.ones(30))

    stakes = kelly_stakes(bets, 0.5, Caps(bet=1.0, match=1.0, day=0.25))

    assert stakes.sum() == pytest.approx(0.25)
    expected = kelly_simultaneous(chances, odds, fraction=0.5, cap_day=0.25)
    assert stakes.tolist() == pytest.approx(expected.tolist())


@given(st.integers(0, 10_000), st.floats(0, 1))
def test_no_cap_is_ever_exceeded(seed, fraction):
    bets = drawn(seed, count=60)

    stakes = kelly_stakes(bets, fraction)

    rounding = 1 + 1e-12
    assert (stakes >= 0).all()
    assert (stakes <= CAPS.bet * rounding).all()
    assert (np.bincount(bets.match, weights=stakes) <= CAPS.match * rounding).all()
    assert (np.bincount(bets.day, weights=stakes) <= CAPS.day * rounding).all()


def test_the_caps_are_the_defaults_of_the_staking_settings():
    settings = StakingSettings()

    given_there = settings.cap_bet_pct, settings.cap_match_pct, settings.cap_day_pct
    assert (CAPS.bet * 100, CAPS.match * 100, CAPS.day * 100) == pytest.approx(given_there)


def test_both_paths_begin_before_the_first_bet_and_step_the_day_after():
    bets = make_bets(match=[0, 1, 2], day=[100, 100, 103], net_odds=[2.0] * 3, share=[-1, 1, -1])

    flat, kelly = flat_path(bets), kelly_path(bets, 0.25)

    assert flat.day.tolist() == kelly.day.tolist() == [100, 101, 104]
    assert flat.value.tolist() == [0.0, 0.0, -1.0]
    assert kelly.value[0] == 1.0


def test_a_first_bet_that_loses_is_a_fall():
    bets = make_bets(net_odds=[2.0, 3.0], day=[1, 2], share=[-1.0, 1.0])

    path = flat_path(bets)

    assert path.value.tolist() == [0.0, -1.0, 1.0]
    assert path.fall.tolist() == [0.0, 1.0, 0.0]


def test_without_a_settled_bet_there_is_no_path():
    assert len(flat_path(make_bets(net_odds=[2.0], share=[np.nan]))) == 0
    assert len(kelly_path(make_bets(net_odds=[2.0], share=[np.nan]), 0.25)) == 0
