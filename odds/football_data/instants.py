"""When matches kick off and when the site's prices were on offer, as far as it says."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

UK: Final = ZoneInfo("Europe/London")
USUAL_KICKOFF: Final = time(15)  # where only the date is known
COLLECTED_AT: Final = time(15)  # "Friday afternoons" and "Tuesday afternoons", say its notes
DAYS_SINCE_COLLECTION: Final = (3, 0, 1, 2, 0, 1, 2)  # on Monday … Sunday
LATEST_COLLECTION: Final = timedelta(hours=1)  # before kick-off
CLOSING: Final = timedelta(minutes=1)  # before kick-off
FIRST_MONTH: Final = 7  # of a season


def kickoff(day: date, at: time | None) -> datetime:
    """The instant of a kick-off written in UK local time; 15:00 where no time was written."""
    return datetime.combine(day, at or USUAL_KICKOFF, UK).astimezone(UTC)


def collected_at(kicked_off_at: datetime) -> datetime:
    """When the prices of before kick-off were taken: Friday or Tuesday, 15:00 UK time.

    Friday's collection serves matches from Friday to Monday, Tuesday's those from Tuesday to
    Thursday; early matches of the day itself are put an hour before kick-off.
    """
    day = kicked_off_at.astimezone(UK).date()
    collected_on = day - timedelta(days=DAYS_SINCE_COLLECTION[day.weekday()])
    stated = datetime.combine(collected_on, COLLECTED_AT, UK).astimezone(UTC)
    return min(stated, kicked_off_at - LATEST_COLLECTION)


def closed_at(kicked_off_at: datetime) -> datetime:
    """When closing prices were on offer: a minute before kick-off."""
    return kicked_off_at - CLOSING


def season_start_year(day: date) -> int:
    """The year in which the season of a day began; seasons begin in July."""
    return day.year if day.month >= FIRST_MONTH else day.year - 1


def season_name(start_year: int) -> str:
    """A season as people write it: 2019/20."""
    return f"{start_year}/{(start_year + 1) % 100:02}"
