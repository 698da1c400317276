"""Quiet hours, against a clock on the wall that is read every minute, changes of it included."""

from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from alerts.models import NotificationSettings

PARIS = ZoneInfo("Europe/Paris")
MINUTE = timedelta(minutes=1)
SPRING = datetime(2027, 3, 28, 1, tzinfo=UTC)  # 02:00 becomes 03:00
AUTUMN = datetime(2027, 10, 31, 1, tzinfo=UTC)  # 03:00 becomes 02:00


@pytest.fixture(autouse=True)
def in_paris(settings):
    settings.TIME_ZONE = "Europe/Paris"


def quiet(begins: str, ends: str) -> NotificationSettings:
    return NotificationSettings(
        quiet_from=time.fromisoformat(begins), quiet_until=time.fromisoformat(ends)
    )


def quiet_minutes(chosen: NotificationSettings, around: datetime, hours: int = 24):
    """Every minute of a night, and whether it is quiet."""
    first = around - timedelta(hours=hours / 2)
    instants = [first + number * MINUTE for number in range(hours * 60)]
    return [(one, chosen.is_quiet(one)) for one in instants]


def shown(instant: datetime) -> str:
    return f"{instant.astimezone(PARIS):%H:%M}"


@pytest.mark.parametrize(
    ("begins", "ends"),
    [("22:00", "07:00"), ("00:00", "06:30"), ("13:15", "14:00"), ("23:59", "00:01")],
)
def test_on_an_ordinary_day_the_clock_on_the_wall_decides(begins: str, ends: str):
    for instant, is_quiet in quiet_minutes(quiet(begins, ends), datetime(2027, 6, 15, tzinfo=UTC)):
        clock = shown(instant)
        inside = begins <= clock < ends if begins < ends else clock >= begins or clock < ends
        assert is_quiet is inside, clock


def test_the_same_beginning_and_end_is_never_quiet():
    assert not any(is_quiet for _one, is_quiet in quiet_minutes(quiet("22:00", "22:00"), SPRING))


@pytest.mark.parametrize("change", [SPRING, AUTUMN], ids=["spring", "autumn"])
@pytest.mark.parametrize(
    ("begins", "ends"),
    [("22:00", "07:00"), ("22:00", "02:30"), ("02:30", "05:00"), ("02:10", "02:50")],
)
def test_a_night_with_a_change_of_the_clock_is_quiet_once_and_without_a_break(
    change: datetime, begins: str, ends: str
):
    night = quiet_minutes(quiet(begins, ends), change, hours=18)
    states = [is_quiet for _one, is_quiet in night]
    changes = sum(before is not after for before, after in pairwise(states))

    assert (states[0], states[-1], changes) == (False, False, 2)


@pytest.mark.parametrize(
    ("change", "hours_set", "hours_shown", "length"),
    [  # the two nights of the year, in which 22:00 to 07:00 is 8 and 10 hours
        (SPRING, ("22:00", "07:00"), ("22:00", "07:00"), 8),
        (AUTUMN, ("22:00", "07:00"), ("22:00", "07:00"), 10),
        (
            AUTUMN,
            ("22:00", "02:30"),
            ("22:00", "02:30"),
            5.5,
        ),  # till it last is 02:30
        (AUTUMN, ("02:30", "05:00"), ("02:30", "05:00"), 3.5),  # from when it first is
        (SPRING, ("22:00", "02:30"), ("22:00", "03:30"), 4.5),  # 02:30 is never shown
    ],
)
def test_how_long_the_nights_of_a_change_are_quiet(change, hours_set, hours_shown, length):
    begins, ends = hours_set
    inside = [one for one, is_quiet in quiet_minutes(quiet(begins, ends), change, 18) if is_quiet]

    assert (shown(inside[0]), shown(inside[-1] + MINUTE)) == hours_shown
    assert len(inside) == length * 60


def test_out_of_the_box_it_is_never_quiet():
    assert not any(is_quiet for _one, is_quiet in quiet_minutes(NotificationSettings(), SPRING))
