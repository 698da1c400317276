"""When backups and restore tests fall due."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backups.schedule import last_backup_due, last_test_due


@pytest.mark.parametrize(
    ("now", "due"),
    [
        ("2026-11-21T02:30:00+00:00", "2026-11-21T02:30:00+00:00"),
        ("2026-11-21T02:29:59+00:00", "2026-11-20T02:30:00+00:00"),
        ("2026-11-21T03:00:00+01:00", "2026-11-20T02:30:00+00:00"),
        ("2026-01-01T00:00:00+00:00", "2025-12-31T02:30:00+00:00"),
    ],
)
def test_a_backup_is_due_at_half_past_two(now, due):
    assert last_backup_due(datetime.fromisoformat(now)).isoformat() == due


@pytest.mark.parametrize(
    ("now", "due"),
    [
        ("2026-11-22T04:00:00+00:00", "2026-11-22T04:00:00+00:00"),  # a Sunday
        ("2026-11-22T03:59:00+00:00", "2026-11-15T04:00:00+00:00"),
        ("2026-11-21T12:00:00+00:00", "2026-11-15T04:00:00+00:00"),
        ("2026-11-23T00:00:00+00:00", "2026-11-22T04:00:00+00:00"),
    ],
)
def test_a_restore_test_is_due_on_sundays_at_four(now, due):
    assert last_test_due(datetime.fromisoformat(now)).isoformat() == due


@given(
    st.datetimes(min_value=datetime(2020, 1, 1), max_value=datetime(2030, 1, 1)),
    st.integers(-12, 14),
)
def test_the_last_instant_lies_within_its_period(when, hours):
    now = when.replace(tzinfo=timezone(timedelta(hours=hours)))

    assert timedelta(0) <= now - last_backup_due(now) < timedelta(days=1)
    assert timedelta(0) <= now - last_test_due(now) < timedelta(days=7)
    assert last_test_due(now).astimezone(UTC).weekday() == 6
