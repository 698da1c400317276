"""Shocks a season is replayed with, and what was given up in each."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import Final

from odds.planner.replay.calendars import Fixture, moved
from odds.planner.replay.measures import (
    Forecasts,
    Loss,
    Match,
    Month,
    forecasts_of,
    losses_of,
    matches_of,
    months_of,
)
from odds.planner.replay.provider import Conditions
from odds.planner.replay.running import MadeCall, Policy, run

SHARE_MOVED: Final = 0.2
SPENT_ELSEWHERE: Final = 100
CUT_QUOTA: Final = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """What goes wrong."""

    name: str
    share_moved: float = 0.0
    has_outage: bool = False
    elsewhere: int = 0
    quota: int | None = None


PLAIN: Final = Scenario(name="as it was")
SHOCKS: Final = (
    Scenario(name="20 % moved at the last minute", share_moved=SHARE_MOVED),
    Scenario(name="a day of outage each month", has_outage=True),
    Scenario(name="100 credits spent elsewhere", elsewhere=SPENT_ELSEWHERE),
    Scenario(name="quota cut to 300", quota=CUT_QUOTA),
    Scenario(
        name="all of these together",
        share_moved=SHARE_MOVED,
        has_outage=True,
        elsewhere=SPENT_ELSEWHERE,
        quota=CUT_QUOTA,
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """A replay: its months, matches, calls, the matches without closing odds, and its forecasts."""

    scenario: Scenario
    months: list[Month]
    matches: list[Match]
    calls: list[MadeCall]
    losses: list[Loss]
    forecasts: Forecasts
    plans: int


def play(
    scenario: Scenario,
    fixtures: Sequence[Fixture],
    policy: Policy,
    *,
    quota: int,
    seed: int,
    progress: Callable[[int], object] = lambda _days: None,
) -> Outcome:
    """Replay the calendar under a scenario."""
    calendar = moved(fixtures, share=scenario.share_moved, seed=seed)
    conditions = Conditions(
        quota=quota if scenario.quota is None else scenario.quota,
        elsewhere=scenario.elsewhere,
        outages=busiest_days(fixtures) if scenario.has_outage else (),
    )
    executor = run(calendar, policy, conditions, progress=progress)
    matches = matches_of(calendar, executor.made)
    return Outcome(
        scenario=scenario,
        months=months_of(matches, executor.made),
        matches=matches,
        calls=executor.made,
        losses=losses_of(matches, executor.made, executor.refusals),
        forecasts=forecasts_of(executor.foretold, executor.made, conditions.quota),
        plans=executor.plans,
    )


def busiest_days(fixtures: Sequence[Fixture]) -> list[datetime]:
    """The day of each month with the most kick-offs, the first of several."""
    days = Counter(one.first_kickoff.date() for one in fixtures)
    busiest: dict[tuple[int, int], tuple[int, datetime]] = {}
    for day in sorted(days):
        month = day.year, day.month
        if days[day] > busiest.get(month, (0, None))[0]:
            busiest[month] = days[day], datetime.combine(day, time(0), UTC)
    return [day for _count, day in busiest.values()]


def by_sport(matches: Sequence[Match]) -> dict[str, list[Match]]:
    """The matches of each sport."""
    found: dict[str, list[Match]] = {}
    for match in matches:
        found.setdefault(match.fixture.sport, []).append(match)
    return found


def first_of_each_cause(losses: Sequence[Loss]) -> list[tuple[str, int, Loss]]:
    """Each cause with how many matches it cost, the most frequent first, and an example."""
    counts = Counter(loss.cause for loss in losses)
    return [
        (cause, count, next(loss for loss in losses if loss.cause == cause))
        for cause, count in counts.most_common()
    ]
