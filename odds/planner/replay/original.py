"""The original's policies: the same hours every day, whatever is played and whatever is left.

Its second version called every three hours for the home-draw-away market of three leagues, its
third at 10, 14 and 18 o'clock for totals too; a call cost one credit a market. Hours are UTC here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from odds.planner.replay.calendars import Fixture
from odds.planner.replay.provider import Answer, Conditions, Provider, month_start, next_month
from odds.planner.replay.running import MadeCall
from odds.planner.situation import Kind

THREE_LEAGUES: Final = ("soccer_epl", "soccer_spain_la_liga", "soccer_france_ligue_one")


@dataclass(frozen=True, slots=True, kw_only=True)
class FixedHours:
    """Calls for each sport at fixed hours of the day, each at `cost` credits."""

    name: str
    hours: tuple[int, ...]
    cost: int


POLICIES: Final = (
    FixedHours(name="every 3 h, h2h", hours=tuple(range(0, 24, 3)), cost=1),
    FixedHours(name="10/14/18 h, h2h + totals", hours=(10, 14, 18), cost=2),
)


def run_fixed(
    policy: FixedHours, fixtures: Sequence[Fixture], sports: Sequence[str], conditions: Conditions
) -> list[MadeCall]:
    """The calls it makes; a sport without a coming match in the list costs nothing."""
    provider = Provider(conditions=conditions)
    listed = {
        sport: sorted((one.listed_at, one.kickoff) for one in fixtures if one.sport == sport)
        for sport in sports
    }
    day = month_start(min(one.first_kickoff for one in fixtures))
    end = next_month(max(one.kickoff for one in fixtures))
    calls = []
    while day < end:
        for hour in policy.hours:
            at = datetime(day.year, day.month, day.day, hour, tzinfo=UTC)
            for sport in sports:
                has_matches = any(since <= at < kickoff for since, kickoff in listed[sport])
                answer = provider.ask(at, policy.cost, has_matches=has_matches)
                cost = policy.cost if answer == Answer.ODDS else 0
                calls.append(MadeCall(at=at, sport=sport, kind=Kind.SCAN, answer=answer, cost=cost))
        day += timedelta(days=1)
    return calls
