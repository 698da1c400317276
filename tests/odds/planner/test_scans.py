import math
from datetime import timedelta
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from odds.planner.allowance import Allowance
from odds.planner.rates import Rates
from odds.planner.scans import HOUR, Grid, SportScans, choose, openings
from odds.planner.timetable import SportKickOffs

NOW = 1_700_000_000 // HOUR * HOUR
LIFETIME = 6.0
HORIZON = 9  # steps a scan may be at


def grid(interval=HOUR):
    return Grid.of(now=NOW, start=NOW, until=NOW + (HORIZON + 1) * HOUR, minimum_interval=interval)


def sport_scans(hourly, fixed=(), cost=1):
    """A sport whose openings per hour are given from now on."""
    steps = grid()
    count = len(range(steps.origin, steps.end + steps.step, steps.step))
    padded = np.zeros(count)
    start = (NOW - steps.origin) // HOUR
    padded[start : start + len(hourly)] = hourly
    return SportScans(
        key="sport",
        cost=cost,
        fixed=sorted(fixed),
        not_before=NOW,
        grid=steps,
        lifetime=LIFETIME,
        hourly=padded,
        blocked=np.zeros(count, dtype=np.bool_),
    )


def found_by(hourly, calls):
    """What calls find, a second at a time: openings still open at the first call after them."""
    total, step = 0.0, 120
    ends = sorted(calls)
    for second in range(0, len(hourly) * HOUR, step):
        at = NOW + second + step / 2
        call = next((one for one in ends if one > at), None)
        if call is not None:
            gone = math.exp(-(call - at) / HOUR / LIFETIME)
            total += hourly[second // HOUR] * step / HOUR * gone
    return total


RATES = st.lists(st.floats(0, 2), min_size=HORIZON, max_size=HORIZON)


@settings(max_examples=25)
@given(RATES, st.integers(1, 3))
def test_scans_find_what_a_simulation_by_the_minute_finds(hourly, count):
    scans = sport_scans(hourly)

    choose([scans], allowance=Allowance.flat(count), interval=HOUR, freshness=1)

    chosen = scans.found()
    assert sum(value for _at, value in chosen) == pytest.approx(
        found_by(hourly, [at for at, _value in chosen]), rel=2e-3, abs=1e-6
    )


@settings(max_examples=25)
@given(RATES, st.integers(1, 2))
def test_the_greedy_choice_is_within_its_bound_of_the_best_of_all(hourly, count):
    scans = sport_scans(hourly)

    choose([scans], allowance=Allowance.flat(count), interval=HOUR, freshness=1)

    ours = sum(value for _at, value in scans.found())
    instants = [NOW + step * HOUR for step in range(1, HORIZON + 1)]
    best = max(found_by(hourly, calls) for calls in combinations(instants, count))
    assert len(scans.chosen) <= count
    assert ours >= (1 - 1 / math.e) * best * (1 - 1e-3)
    assert ours <= best * (1 + 2e-3) + 1e-9


def test_a_scan_is_worth_less_soon_after_a_call_and_nothing_when_nothing_opened():
    rates = [1.0] * HORIZON
    alone, beside = sport_scans(rates), sport_scans(rates, fixed=[NOW + HOUR])
    at = (NOW + 2 * HOUR - grid().origin) // HOUR

    assert beside.gain(at) < alone.gain(at)
    assert sport_scans([0.0] * HORIZON).gain(at) == 0


def test_credits_go_where_they_find_most_by_the_credit():
    cheap, dear = sport_scans([1.0] * HORIZON, cost=1), sport_scans([1.5] * HORIZON, cost=2)

    choose([cheap, dear], allowance=Allowance.flat(2), interval=HOUR, freshness=1)

    assert (len(cheap.chosen), len(dear.chosen)) == (2, 0)
    assert dear.best_left > 0


def test_openings_are_counted_by_the_time_to_each_kick_off():
    steps = Grid.of(now=NOW, start=NOW, until=NOW + 24 * HOUR, minimum_interval=HOUR)
    kick_off = NOW + 10 * HOUR
    kick_offs = SportKickOffs(seconds=np.array([kick_off, kick_off]), match_ids=("one", "two"))

    rates = Rates()
    hourly = openings("sport", kick_offs, rates, steps)

    expected = []
    for start in range(steps.origin, steps.end + steps.step, steps.step):
        hours = (kick_off - start - HOUR / 2) / HOUR
        rate = 0.0
        edges = (0, 1, 3, 6, 12, 24, 48, 96, 168)
        for low, high, value in zip(edges, edges[1:], rates.by_lead, strict=False):
            rate = value if low < hours <= high else rate
        expected.append(2 * rate)
    assert hourly.tolist() == pytest.approx(expected)


def test_the_grid_does_not_move_with_the_clock():
    one = Grid.of(now=NOW + 5, start=NOW + 5, until=NOW + HOUR * 50, minimum_interval=7_200)
    other = Grid.of(now=NOW + 900, start=NOW + 900, until=NOW + HOUR * 50, minimum_interval=7_200)

    assert one.first == other.first == NOW + HOUR
    assert timedelta(seconds=one.step) == timedelta(hours=1)
