"""Where answers come from: the simulated market, or recordings (`replay`)."""

from datetime import UTC, datetime
from typing import Protocol

from odds.simulator.answers import Event, sport_entry
from odds.simulator.bookmakers import in_regions
from odds.simulator.clock import Clock
from odds.simulator.query import Selection
from odds.simulator.sports import DAY, SPORTS
from odds.simulator.world import World


class Source(Protocol):
    """Answers at a wall instant (Unix seconds), with decimal odds and ISO wall times.

    The methods raise KeyError for a sport that `sports` does not list.
    """

    def sports(self) -> list[Event]:
        """Items of `/sports`."""

    def events(self, sport: str, now: float) -> list[Event]:
        """Items of `/events`."""

    def odds(self, sport: str, now: float, selection: Selection) -> list[Event]:
        """Items of `/odds`."""

    def scores(self, sport: str, now: float, days: int | None) -> list[Event]:
        """Items of `/scores`; `days`: how far back finished matches are wanted."""


class SimulatedSource:
    """The simulated market, run at `speed` from `anchor` on.

    Simulated and wall time meet at the anchor, so that a restarted server goes on with the same
    market; every time in an answer is a wall time.
    """

    def __init__(self, *, seed: int, speed: float, anchor: datetime) -> None:
        start = anchor.timestamp()
        self.clock = Clock(speed=speed, started_at=start, simulated_start=start)
        self.world = World(seed, anchor, self.clock)

    def sports(self) -> list[Event]:
        """Items of `/sports`: all in season."""
        return [sport_entry(sport) for sport in SPORTS.values()]

    def events(self, sport: str, now: float) -> list[Event]:
        """Matches on offer."""
        return self.world.events(sport, self.clock.simulated(now))

    def odds(self, sport: str, now: float, selection: Selection) -> list[Event]:
        """Matches on offer with their quotes."""
        wanted = selection.bookmakers or in_regions(selection.regions)
        at = self.clock.simulated(now)
        return list(self.world.quoted(sport, at, selection.markets, wanted))

    def scores(self, sport: str, now: float, days: int | None) -> list[Event]:
        """Matches on offer, and those of the last wall days, with their scores."""
        since = None if days is None else self.clock.simulated(now - days * DAY)
        return self.world.scored(sport, self.clock.simulated(now), since)


DEFAULT_ANCHOR = datetime(2026, 1, 5, tzinfo=UTC)
