"""Simulated time and the wall clock."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odds.simulator.clock import REAL_TIME, Clock, iso, timestamp_of

instants = st.floats(0, 4e9)


def test_a_day_away_at_speed_60_is_24_minutes_of_wall_time():
    clock = Clock(speed=60, started_at=1_000_000, simulated_start=5_000_000)
    tomorrow = clock.simulated(1_000_000) + 24 * 3600

    assert clock.wall(tomorrow) == pytest.approx(1_000_000 + 24 * 60)


@given(instants, instants, instants, st.floats(0.1, 10_000))
def test_wall_undoes_simulated(started_at, start, wall, speed):
    clock = Clock(speed=speed, started_at=started_at, simulated_start=start)

    assert clock.wall(clock.simulated(wall)) == pytest.approx(wall, abs=1e-3)


@given(instants)
def test_real_time_changes_nothing(wall):
    assert REAL_TIME.simulated(wall) == wall
    assert REAL_TIME.wall(wall) == wall


@pytest.mark.parametrize("speed", [0, -1, float("nan")])
def test_time_must_go_forward(speed):
    with pytest.raises(ValueError, match="speed must be above 0"):
        Clock(speed=speed, started_at=0, simulated_start=0)


def test_instants_are_written_as_the_provider_writes_them():
    assert iso(1781204400.9) == "2026-06-11T19:00:00Z"
    assert timestamp_of("2026-06-11T19:00:00Z") == 1781204400
    assert timestamp_of("2026-06-11T19:00:00") == 1781204400
