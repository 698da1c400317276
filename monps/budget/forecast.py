"""Where the month's credits went and will go: in numbers, and as the points of the page's chart."""

from dataclasses import dataclass
from typing import Any, Final

from django.conf import settings as django_settings

from odds import collection_page
from odds.gate import Credits, month_start
from odds.planner.plans import Plan
from odds.planner.situation import Kind, Situation

STEPS: Final = 60  # of the staircase for what is expected and not planned yet


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """The credits from now to the reset: those of calls still to be made, and those held back.

    A plan in force may be older than the last calls, so what is left is the account's word and
    what is planned is counted from the calls. `unknown` is expected for kick-offs not known yet,
    `later` for scans that cannot be planned yet; `safety` is in the scans, the last of them.
    `is_certain` is whether what remains is known to the credit.
    """

    remaining: int
    reserve: int
    closings: int
    results: int
    scans: int
    unknown: int
    later: int
    safety: int
    is_certain: bool

    @property
    def planned(self) -> int:
        """Of calls still to be made."""
        return self.closings + self.results + self.scans

    @property
    def left_at_reset(self) -> int:
        """What remains, the reserve included."""
        return self.remaining - self.planned - self.unknown - self.later


def outlook(situation: Situation, plan: Plan) -> Outlook:
    """The credits of a plan, as the account stands now."""
    costs = dict.fromkeys(Kind, 0)
    for call in plan.calls:
        costs[call.kind] += call.cost
    return Outlook(
        remaining=situation.account.remaining,
        reserve=situation.account.reserve,
        closings=costs[Kind.CLOSING],
        results=costs[Kind.RESULTS],
        scans=costs[Kind.SCAN],
        unknown=plan.budget.unknown_closings,
        later=plan.budget.later_scans if situation.sports else 0,  # without sports for nothing
        safety=plan.budget.safety,
        is_certain=plan.budget.is_certain,
    )


def chart(
    account: Credits, situation: Situation, plan: Plan, found: Outlook
) -> dict[str, Any] | None:
    """Credits left after each answer so far and after each planned call, as JSON-ready data.

    What is expected for kick-offs not known yet and for later scans is spread evenly from where
    kick-offs are no longer known to the reset. None where the month has no answer and no plan.
    """
    past = collection_page.credits_chart(account, situation.now)
    if past is None and not plan.calls:
        return None
    start = int(month_start(situation.now).timestamp())
    end = int(account.resets_at.timestamp()) - start
    frame = {
        "zone": django_settings.TIME_ZONE,
        "start": start,
        "end": end,
        "left": [],
        "reserve": found.reserve,
        "limit": account.limit,
    }
    expected = _points(situation, plan, found, start=start, end=end)
    return frame | (past or {}) | {"planned": expected}


def _points(
    situation: Situation, plan: Plan, found: Outlook, *, start: int, end: int
) -> list[tuple[int, float]]:
    """From now on, in seconds since the month's start; the last is the reset."""
    now = int(situation.now.timestamp()) - start
    steps = [(int(call.at.timestamp()) - start, float(call.cost)) for call in plan.calls]
    if unplanned := found.unknown + found.later:
        first = min(now + int(situation.settings.known_ahead.total_seconds()), end)
        room = range(1, STEPS + 1)
        steps += [(first + (end - first) * step // STEPS, unplanned / STEPS) for step in room]
    left = float(found.remaining)
    points = [(now, left)]
    for at, cost in sorted(steps):
        left -= cost
        points.append((min(max(at, now), end), round(left, 2)))
    return [*points, (end, float(found.left_at_reset))]
