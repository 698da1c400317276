"""What the planner is told: nothing else influences a plan."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from odds.planner.rates import Rates
from odds.planner.shapes import CallShape

SCORES_COST: Final = 2  # credits of a call for finished matches
SCORES_REACH: Final = timedelta(days=3)  # after kick-off; scores of older matches are not told


class Kind(StrEnum):
    """What a call is for, the most important first."""

    CLOSING = "closing"
    RESULTS = "results"
    SCAN = "scan"


@dataclass(frozen=True, slots=True, kw_only=True)
class KickOff:
    """When a match is to start, as far as is known now; past ones teach the sport's pattern."""

    match_id: str
    sport: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SportTerms:
    """A collected sport and what its calls ask for."""

    key: str
    shape: CallShape


@dataclass(frozen=True, slots=True, kw_only=True)
class SportState:
    """How the last calls for a sport's odds went.

    `answered_at` is when the last one that brought odds was made; `failed_at` and
    `failures_in_a_row` tell of what failed since.
    """

    answered_at: datetime | None = None
    failed_at: datetime | None = None
    failures_in_a_row: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class AwaitedResult:
    """A match over or under way whose result something waits for."""

    match_id: str
    sport: str
    kickoff: datetime
    has_free_source: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Credits left, those never to be touched and when new ones come."""

    remaining: int
    reserve: int
    resets_at: datetime

    @property
    def spendable(self) -> int:
        """What calls may cost together until the reset."""
        return max(0, self.remaining - self.reserve)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanSettings:
    """What the user chooses, with its defaults.

    A closing call is made from `window` before a kick-off, not later than `shortest_lead` before
    it, and first tried `retry_room` earlier than that. `freshness` is the slider: at 0 scans are
    spread over the sports as if each were worth the same, at 1 they go where they find most.
    `known_ahead` is how far ahead kick-offs are taken to be known. A paid result is asked for
    `results_after` the kick-off, and to save calls up to `results_wait` later.
    """

    window: timedelta = timedelta(minutes=15)
    shortest_lead: timedelta = timedelta(minutes=1)
    retry_room: timedelta = timedelta(minutes=4)
    minimum_interval: timedelta = timedelta(hours=2)
    freshness: float = 0.5
    has_scans: bool = True
    known_ahead: timedelta = timedelta(days=14)
    results_after: timedelta = timedelta(hours=3)
    results_wait: timedelta = timedelta(hours=12)

    def __post_init__(self) -> None:
        if not timedelta(0) <= self.shortest_lead < self.window:
            raise ValueError("The closing window is longer than the shortest lead.")
        if not 0 <= self.freshness <= 1:
            raise ValueError("The slider is from 0 (more leagues) to 1 (fresher odds).")
        if self.minimum_interval <= timedelta(0) or self.known_ahead < timedelta(0):
            raise ValueError("The minimum interval is above 0, the known days not below.")
        if self.results_after + self.results_wait > SCORES_REACH:
            raise ValueError("Results are told for three days: wait less for them.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """Everything at one instant.

    `sports` are in order of priority, the first the highest. `kickoffs` are the coming ones and
    those of the last four weeks, in any order. Until `paused_until` no call is made.
    """

    now: datetime
    kickoffs: Sequence[KickOff]
    sports: Sequence[SportTerms]
    account: Account
    settings: PlanSettings = field(default_factory=PlanSettings)
    rates: Rates = field(default_factory=Rates)
    states: Mapping[str, SportState] = field(default_factory=dict)
    awaited: Sequence[AwaitedResult] = ()
    paused_until: datetime | None = None

    def __post_init__(self) -> None:
        keys = [sport.key for sport in self.sports]
        if len(set(keys)) != len(keys):
            raise ValueError(f"A sport is named once, not {', '.join(keys)}.")
        instants = [self.now, self.account.resets_at, *(one.at for one in self.kickoffs)]
        if any(one.tzinfo is None for one in instants):
            raise ValueError("Instants carry their time zone.")
        if self.account.resets_at <= self.now:
            raise ValueError("The reset lies ahead: read the account again once it has passed.")

    def state_of(self, sport: str) -> SportState:
        """How its calls went; as if none were made where nothing is known."""
        return self.states.get(sport, SportState())
