"""What the slider "more leagues ↔ fresher odds" would change, before it is saved."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from odds.planner.planning import plan
from odds.planner.plans import Plan
from odds.planner.situation import Kind, Situation

POSITIONS: Final = (0.0, 0.25, 0.5, 0.75, 1.0)
LAST_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trade:
    """One position of the slider: the scans it plans and what they are expected to bring.

    `sports` is how many have a scan; `hours_between` how far apart a match's odds are in the day
    before its kick-off, on the mean of the matches whose closing odds are planned.
    """

    freshness: float
    scans: int
    sports: int
    credits_spent: int
    opportunities: float
    hours_between: float | None


def trades(situation: Situation, positions: Sequence[float] = POSITIONS) -> list[Trade]:
    """The same situation under each position of the slider; closing captures are the same."""
    found = []
    for position in positions:
        chosen = replace(situation.settings, freshness=position)
        made = plan(replace(situation, settings=chosen))
        scans = [call for call in made.calls if call.kind == Kind.SCAN]
        found.append(
            Trade(
                freshness=position,
                scans=len(scans),
                sports=len({call.sport for call in scans}),
                credits_spent=made.budget.scans,
                opportunities=sum(call.value for call in scans),
                hours_between=_hours_between(made),
            )
        )
    return found


def _hours_between(made: Plan) -> float | None:
    calls: dict[str, list[datetime]] = {}
    for call in made.calls:
        if call.kind != Kind.RESULTS:
            calls.setdefault(call.sport, []).append(call.at)
    day = LAST_DAY.total_seconds() / 3600
    gaps = [
        (day / sum(one.kickoff - LAST_DAY <= at <= one.at for at in calls[one.sport]), one.value)
        for one in made.calls
        if one.kind == Kind.CLOSING and one.kickoff is not None
    ]
    matches = sum(weight for _gap, weight in gaps)
    return sum(gap * weight for gap, weight in gaps) / matches if matches else None
