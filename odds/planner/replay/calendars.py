"""Kick-off calendars: matches, when each becomes known, and how it is moved."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Final

import numpy as np

from odds.football_data.leagues import BIG_FIVE
from odds.football_data.reading import UnreadableFileError, read_file

REFRESHED: Final = time(6)  # daily, UTC: the free list of coming matches
WATCHED: Final = timedelta(hours=2)  # before a kick-off the free list is read every few minutes
EVERY: Final = timedelta(minutes=5)
ON_THE_DAY: Final = (5, 60)  # minutes by which a delayed match starts later
POSTPONED: Final = (1, 30)  # days
NOTICE: Final = (-10, 90)  # minutes before the kick-off at which a move becomes public
AFTERWARDS: Final = timedelta(minutes=15)  # the list is still read every few minutes


class NoCalendarError(ValueError):
    """There is nothing to replay; the message says what is missing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """A change of the kick-off and when the provider lists it."""

    listed_at: datetime
    kickoff: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Fixture:
    """A match: its kick-off as first listed, and the moves since, in order."""

    match_id: str
    sport: str
    listed_at: datetime
    first_kickoff: datetime
    moves: tuple[Move, ...] = ()

    @property
    def kickoff(self) -> datetime:
        """When it really starts."""
        return self.moves[-1].kickoff if self.moves else self.first_kickoff

    def learned(self) -> Iterator[tuple[datetime, datetime]]:
        """When a reader of the free lists learns of each kick-off, and the kick-off."""
        kickoff = self.first_kickoff
        yield daily_refresh(self.listed_at), kickoff
        for move in self.moves:
            if kickoff - WATCHED <= move.listed_at <= kickoff + AFTERWARDS:
                yield next_look(move.listed_at), move.kickoff
            else:
                yield daily_refresh(move.listed_at), move.kickoff
            kickoff = move.kickoff


def daily_refresh(at: datetime) -> datetime:
    """The first daily refresh at this instant or later."""
    today = datetime.combine(at.astimezone(UTC).date(), REFRESHED, UTC)
    return today if today >= at else today + timedelta(days=1)


def next_look(at: datetime) -> datetime:
    """The first look at the free list at this instant or later, near a kick-off."""
    seconds = EVERY.total_seconds()
    return datetime.fromtimestamp(-(-at.timestamp() // seconds) * seconds, UTC)


def read_calendar(folder: Path, seasons: Sequence[int], *, known_days: int) -> list[Fixture]:
    """The five big leagues' matches of these seasons, each by its first year.

    Raises:
        NoCalendarError: A file is absent, unreadable or without times.
    """
    fixtures = []
    for year in seasons:
        for league in BIG_FIVE:
            path = folder / f"{year}-{year + 1}_{league}.csv.gz"
            fixtures += [*_read(path, timedelta(days=known_days))]
    return sorted(fixtures, key=lambda one: (one.first_kickoff, one.match_id))


def _read(path: Path, known: timedelta) -> Iterator[Fixture]:
    try:
        listed = read_file(path.read_bytes())
    except (OSError, UnreadableFileError) as error:
        raise NoCalendarError(f"{path.name} cannot be read: {error}") from error
    for match in listed.matches:
        if not match.is_time_known:
            raise NoCalendarError(f"{path.name} has no kick-off times; they exist from 2019/20 on.")
        yield Fixture(
            match_id=match.provider_id,
            sport=match.league.sport_key,
            listed_at=match.kickoff - known,
            first_kickoff=match.kickoff,
        )


def moved(fixtures: Iterable[Fixture], *, share: float, seed: int) -> list[Fixture]:
    """The calendar with a share of its matches moved at the last minute, drawn by the seed.

    Of ten, six start later on the day, two earlier by up to half an hour, two on another day.
    """
    chance = np.random.default_rng(seed)
    result = []
    for fixture in fixtures:
        draw, kind, size, notice = chance.random(4).tolist()
        if draw >= share:
            result.append(fixture)
            continue
        kickoff = fixture.first_kickoff
        ahead = timedelta(minutes=_between(NOTICE, notice))
        if kind < 0.6:
            by = timedelta(minutes=_between(ON_THE_DAY, size))
        elif kind < 0.8:
            by = -timedelta(minutes=_between((5, 30), size))
            # Nobody starts early without saying so before.
            ahead = max(ahead, timedelta(0)) - by + timedelta(minutes=5)
        else:
            by = timedelta(days=_between(POSTPONED, size))
        move = Move(listed_at=kickoff - ahead, kickoff=kickoff + by)
        result.append(replace(fixture, moves=(move,)))
    return result


def _between(bounds: tuple[int, int], draw: float) -> int:
    low, high = bounds
    return low + int(draw * (high - low + 1))
