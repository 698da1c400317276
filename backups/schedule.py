"""When backups and restore tests are due; a machine that was off then makes them up."""

from datetime import UTC, datetime, time, timedelta
from typing import Final

BACKUP_TIME: Final = time(2, 30)  # UTC; after the evening's matches, before the morning's
TEST_TIME: Final = time(4, 0)  # UTC
TEST_WEEKDAY: Final = 6  # Sunday
RETRIED_AFTER: Final = timedelta(hours=1)  # a full disk does not empty itself within minutes


def last_backup_due(now: datetime) -> datetime:
    """The last instant, `now` or before, at which a backup fell due."""
    return _last(now, BACKUP_TIME)


def last_test_due(now: datetime) -> datetime:
    """The last instant, `now` or before, at which a restore test fell due."""
    day = _last(now, TEST_TIME)
    return day - timedelta(days=(day.weekday() - TEST_WEEKDAY) % 7)


def _last(now: datetime, at: time) -> datetime:
    today = datetime.combine(now.astimezone(UTC).date(), at, UTC)
    return today if today <= now else today - timedelta(days=1)
