"""The simulated provider at any instant, over real HTTP, and MON_PS's minute beside it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from pytest_django.fixtures import Settings

from odds.budget import executing, kickoffs, stored, ticking
from odds.gate import CollectionRefusedError
from odds.models import Collection
from odds.simulator.faults import Fault
from odds.simulator.server import Server, build_server
from odds.simulator.sources import SimulatedSource

KEY = "feedfeedfeedfeedfeedfeedfeedfeed"
MINUTE = timedelta(minutes=1)
ANCHOR = datetime(2026, 1, 5, tzinfo=UTC)


@dataclass(slots=True)
class Market:
    """A provider whose clock, and ours, is set by hand."""

    server: Server
    at: list[datetime] = field(default_factory=list)

    @property
    def now(self) -> datetime:
        return self.at[0]

    @now.setter
    def now(self, instant: datetime) -> None:
        self.at[0] = instant

    def clock(self) -> datetime:
        return self.at[0]

    def used(self) -> int:
        """Credits of the month, as the provider counts them."""
        headers = self.server.api.quota.headers(0, self.now.timestamp())
        return int(headers["x-requests-used"])

    def spend_elsewhere(self, cost: int) -> None:
        """What another tool with the same key does."""
        assert self.server.api.quota.spend(cost, self.now.timestamp())

    def fail(self, fault: str, times: int | None = None) -> None:
        self.server.faults.add(Fault(fault=fault, times=times))

    def heal(self) -> None:
        self.server.faults.clear()

    def minute(self) -> list[Collection]:
        """What beat and the workers do in a minute; the paid calls made."""
        for sport_key in kickoffs.due_sport_keys(self.now):
            try:
                kickoffs.refresh(sport_key, clock=self.clock)
            except CollectionRefusedError as refusal:
                raise AssertionError(refusal) from refusal
        due = ticking.tick(self.now)
        made = (executing.make(call_id, clock=self.clock) for call_id in due)
        return [one for one in made if one is not None]

    def run(self, until: datetime, step: timedelta = MINUTE) -> list[Collection]:
        """Minute after minute; the paid calls made."""
        made = []
        while self.now < until:
            made += self.minute()
            self.now += step
        return made

    def jump(
        self, until: datetime, *, after_each: Callable[[], object] = lambda: None
    ) -> list[Collection]:
        """As `run`, but only the minutes in which a paid call is due, and every midnight."""
        made = []
        while self.now < until:
            made += self.minute()
            after_each()
            plan = stored.current()
            assert plan is not None
            midnight = self.now.replace(hour=0, minute=0) + timedelta(days=1)
            ahead = [call.at for call in plan.calls if call.at > self.now]
            self.now = min([midnight, until, *ahead])
        return made


@contextmanager
def open_market(
    settings: Settings, *, start: datetime, quota: int = 500, keys: tuple[str, ...] = (KEY,)
) -> Iterator[Market]:
    """A provider at real speed whose clock begins at `start`, and MON_PS pointed at it."""
    at = [start]
    source = SimulatedSource(seed=1, speed=1, anchor=ANCHOR)
    server = build_server(source, quota=quota, keys=keys, now=lambda: at[0].timestamp())  # noqa: PLW0108
    with server:
        settings.ODDS_API_BASE_URL = server.url
        settings.ODDS_API_KEY = KEY
        yield Market(server, at)
