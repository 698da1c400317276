"""The plan: closing captures first, then results, then scans, never below the reserve."""

from collections.abc import Sequence
from typing import Final

from odds.planner.closings import FOREVER, SportClosings, closings_of, fund
from odds.planner.forecast import unknown_slots
from odds.planner.plans import Budget, NotPlanned, Plan, PlannedCall, Reason
from odds.planner.results import planned_results
from odds.planner.scanning import planned_scans
from odds.planner.situation import Kind, Situation
from odds.planner.timetable import Frame, Table, by_sport, of_sport

ORDER: Final = {kind: place for place, kind in enumerate(Kind)}


def plan(situation: Situation) -> Plan:
    """Plan the calls until the reset.

    Args:
        situation: All that is known; the order of its kick-offs and results does not matter.

    Returns:
        The calls in order of time. Together they cost no more than the account can spend.
    """
    frame = Frame.of(situation)
    table = by_sport(situation.kickoffs)
    closings = _closings(situation, table, frame)
    spendable = situation.account.spendable
    funded = fund(closings, spendable=spendable, frame=frame)
    left = spendable - _cost(funded.calls) - funded.expected - funded.idle
    results, omitted_results = planned_results(situation, left=left, frame=frame)
    left -= _cost(results)
    safety = min(funded.safety, left)
    scans, omitted_scans, later = planned_scans(
        situation, table, frame, funded=funded, left=left, safety=safety
    )
    unspent = left - _cost(scans)
    cheapest = min((sport.shape.cost for sport in situation.sports), default=1)
    calls = [*funded.calls, *results, *scans]
    calls.sort(key=lambda call: (call.at, ORDER[call.kind], call.sport))
    lost = [one for sport in closings for one in sport.lost]
    omitted: list[NotPlanned] = [*lost, *funded.refused, *_not_collected(situation, table, frame)]
    omitted += [*omitted_results, *omitted_scans]
    return Plan(
        made_at=situation.now,
        calls=tuple(calls),
        not_planned=tuple(omitted),
        budget=Budget(
            remaining=situation.account.remaining,
            reserve=situation.account.reserve,
            closings=_cost(funded.calls),
            results=_cost(results),
            scans=_cost(scans),
            unknown_closings=funded.expected,
            safety=safety,
            later_scans=later,
            is_certain=not later
            and (unspent < cheapest if situation.settings.has_scans else _is_listed(table, frame)),
        ),
    )


def _is_listed(table: Table, frame: Frame) -> bool:
    """Every kick-off until the reset is known: the lists go beyond it."""
    coming = [one.seconds[-1] for one in table.values() if one.seconds[-1] > frame.now]
    return frame.known_until >= frame.reset and all(last > frame.reset for last in coming)


def _cost(calls: Sequence[PlannedCall]) -> int:
    return sum(call.cost for call in calls)


def _closings(situation: Situation, table: Table, frame: Frame) -> list[SportClosings]:
    return [
        closings_of(
            sport,
            of_sport(table, sport.key),
            state=situation.state_of(sport.key),
            forecast=unknown_slots(of_sport(table, sport.key), frame),
            frame=frame,
        )
        for sport in situation.sports
    ]


def _not_collected(situation: Situation, table: Table, frame: Frame) -> list[NotPlanned]:
    collected = {sport.key for sport in situation.sports}
    omitted = []
    for key in sorted(set(table) - collected):
        coming = table[key].between(frame.now, FOREVER)
        if len(coming.match_ids):
            numbers = {"matches": len(coming.match_ids)}
            omitted.append(
                NotPlanned(
                    sport=key,
                    kind=Kind.CLOSING,
                    reason=Reason.NOT_COLLECTED,
                    numbers=numbers,
                    match_ids=tuple(coming.match_ids),
                )
            )
    return omitted
