"""Play a calendar through the planner: what an executor with a tick each minute would do.

Nothing happens at the ticks between a plan's calls and the events that change what is known, so
time jumps from one to the next; the calls are those of a tick each minute. A new plan is made
each day with the refreshed list, at each move learned, at the reset and whenever a call did not
go as the plan has it.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Final

from odds.planner.forecast import listed_ahead
from odds.planner.planning import plan
from odds.planner.plans import Budget, Endpoint, NotPlanned, Plan, PlannedCall, Reason
from odds.planner.rates import Rates
from odds.planner.replay.calendars import Fixture, daily_refresh
from odds.planner.replay.provider import Answer, Conditions, Provider, month_start, next_month
from odds.planner.situation import (
    Account,
    KickOff,
    Kind,
    PlanSettings,
    Situation,
    SportState,
    SportTerms,
)

MINUTE: Final = timedelta(minutes=1)
PAST: Final = timedelta(days=28)  # of kick-offs given to the planner
LEADS: Final = 200  # newly listed matches from which it is measured how early they are


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeCall:
    """One call: when, for what, how it went and what it cost."""

    at: datetime
    sport: str
    kind: Kind
    answer: Answer
    cost: int
    match_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What the user of the replay has set."""

    sports: Sequence[SportTerms]
    reserve_percent: int
    settings: PlanSettings
    rates: Rates = field(default_factory=Rates)


@dataclass(slots=True, kw_only=True)
class Executor:
    """Makes the planned calls and remembers what the planner must be told."""

    policy: Policy
    provider: Provider
    kickoffs: dict[str, datetime] = field(default_factory=dict)
    sports: dict[str, str] = field(default_factory=dict)
    states: dict[str, SportState] = field(default_factory=dict)
    leads: list[timedelta] = field(default_factory=list)
    has_list: bool = False
    remaining: int = 0
    paused_until: datetime | None = None
    made: list[MadeCall] = field(default_factory=list)
    refusals: dict[str, NotPlanned] = field(default_factory=dict)
    foretold: list[tuple[datetime, Budget]] = field(default_factory=list)
    plans: int = 0

    def situation(self, now: datetime) -> Situation:
        """What is known now."""
        quota = self.provider.conditions.quota
        return Situation(
            now=now,
            kickoffs=[
                KickOff(match_id=match_id, sport=self.sports[match_id], at=at)
                for match_id, at in self.kickoffs.items()
                if at > now - PAST
            ],
            sports=self.policy.sports,
            account=Account(
                remaining=self.remaining,
                reserve=-(-quota * self.policy.reserve_percent // 100),
                resets_at=next_month(now),
            ),
            settings=replace(self.policy.settings, known_ahead=self._known_ahead(now)),
            rates=self.policy.rates,
            states=self.states,
            paused_until=self.paused_until,
        )

    def learn(self, news: Iterable[tuple[Fixture, datetime]], now: datetime) -> None:
        """Take note of kick-offs, new or moved."""
        for fixture, kickoff in news:
            if fixture.match_id not in self.kickoffs and self.has_list:
                self.leads.append(kickoff - now)
            self.kickoffs[fixture.match_id] = kickoff
            self.sports[fixture.match_id] = fixture.sport
        self.has_list = True

    def _known_ahead(self, now: datetime) -> timedelta:
        furthest = max(self.kickoffs.values(), default=now) - now
        believed = self.policy.settings.known_ahead
        return listed_ahead(self.leads[-LEADS:], furthest=furthest, believed=believed)

    def plan(self, now: datetime) -> Plan:
        """Plan, and note what is refused."""
        made = plan(self.situation(now))
        self.plans += 1
        self.foretold.append((now, made.budget))
        for planned in made.calls:
            for match_id in planned.match_ids:
                self.refusals.pop(match_id, None)
        for omitted in made.not_planned:
            if omitted.kind == Kind.CLOSING and omitted.reason != Reason.AFTER_RESET:
                self.refusals |= dict.fromkeys(omitted.match_ids, omitted)
        return made

    def call(self, planned: PlannedCall, now: datetime) -> bool:
        """Make one call; true where it went as planned."""
        has_matches = self._has_matches(planned.sport, now)
        answer = self.provider.ask(now, planned.cost, has_matches=has_matches)
        cost = planned.cost if answer == Answer.ODDS else 0
        self.made.append(
            MadeCall(
                at=now,
                sport=planned.sport,
                kind=planned.kind,
                answer=answer,
                cost=cost,
                match_ids=planned.match_ids,
            )
        )
        before = self.states.get(planned.sport, SportState())
        if answer in {Answer.ODDS, Answer.EMPTY}:
            if planned.endpoint == Endpoint.ODDS:
                self.states[planned.sport] = SportState(answered_at=now)
            expected, self.remaining = self.remaining - planned.cost, self.provider.remaining(now)
            return self.remaining == expected
        if answer == Answer.OUT_OF_CREDITS:
            self.remaining, self.paused_until = 0, next_month(now)
        self.states[planned.sport] = SportState(
            answered_at=before.answered_at,
            failed_at=now,
            failures_in_a_row=before.failures_in_a_row + 1,
        )
        return False

    def _has_matches(self, sport: str, now: datetime) -> bool:
        """The provider lists a coming match of the sport."""
        return any(at > now and self.sports[one] == sport for one, at in self.kickoffs.items())


def run(
    fixtures: Sequence[Fixture],
    policy: Policy,
    conditions: Conditions,
    *,
    progress: Callable[[int], object] = lambda _days: None,
) -> Executor:
    """Play the calendar from the month of its first kick-off to the end of that of its last."""
    executor = Executor(policy=policy, provider=Provider(conditions=conditions))
    start = month_start(min(one.first_kickoff for one in fixtures))
    end = next_month(max(one.kickoff for one in fixtures))
    news = _news(fixtures, start)
    events = _events(news, start, end)
    for now, until in pairwise(events):
        executor.learn(news.get(now, ()), now)
        if now == month_start(now):
            executor.remaining = executor.provider.remaining(now)
            executor.paused_until = None
        _forget(executor, now)
        if any(at > now for at in executor.kickoffs.values()):
            _until(executor, now, until)
        progress(1)
    return executor


def _until(executor: Executor, now: datetime, until: datetime) -> None:
    """Make a plan and its calls up to the next event, planning again after each surprise."""
    calls = list(executor.plan(now).calls)
    while calls:
        call = calls.pop(0)
        tick = next_tick(max(call.at, now))
        if tick >= until:
            return
        now = tick
        if tick <= call.until and not executor.call(call, tick):
            calls = list(executor.plan(tick).calls)


def next_tick(at: datetime) -> datetime:
    """The first whole minute at this instant or later."""
    return datetime.fromtimestamp(-(-at.timestamp() // 60) * 60, UTC)


def _news(
    fixtures: Sequence[Fixture], start: datetime
) -> dict[datetime, list[tuple[Fixture, datetime]]]:
    """What becomes known when; what was known before the start, at the start."""
    news: dict[datetime, list[tuple[Fixture, datetime]]] = {}
    for fixture in fixtures:
        for at, kickoff in fixture.learned():
            news.setdefault(max(at, start), []).append((fixture, kickoff))
    return news


def _events(news: Iterable[datetime], start: datetime, end: datetime) -> list[datetime]:
    """The instants at which something becomes known or a new day is planned."""
    events = {start, end, *news}
    at = start
    while at < end:
        events |= {month_start(at), daily_refresh(at)}
        at += timedelta(days=1)
    return sorted(one for one in events if start <= one <= end)


def _forget(executor: Executor, now: datetime) -> None:
    """Drop kick-offs the planner is no longer told of."""
    for match_id in [key for key, at in executor.kickoffs.items() if at <= now - PAST]:
        del executor.kickoffs[match_id]
