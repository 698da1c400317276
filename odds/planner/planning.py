"""The plan: closing captures first, then results, then scans, never below the reserve."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from odds.planner.closings import FOREVER, Funded, SportClosings, closings_of, fund
from odds.planner.forecast import unknown_slots
from odds.planner.plans import Budget, Endpoint, NotPlanned, Number, Plan, PlannedCall, Reason
from odds.planner.results import back_off, planned_results
from odds.planner.scans import Grid, SportScans, choose, openings
from odds.planner.situation import Kind, Situation
from odds.planner.timetable import (
    Frame,
    SportKickOffs,
    by_sport,
    instant,
    of_sport,
    seconds_of,
    whole,
)

ORDER: Final = {kind: place for place, kind in enumerate(Kind)}
Table = dict[str, SportKickOffs]


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
    left = spendable - _cost(funded.calls) - funded.expected
    results, omitted_results = planned_results(situation, left=left, frame=frame)
    left -= _cost(results)
    safety = min(funded.safety, left)
    scans, omitted_scans, later = _scans(
        situation, table, frame, funded=funded, budget=left - safety
    )
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
        ),
    )


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


def _scans(
    situation: Situation, table: Table, frame: Frame, *, funded: Funded, budget: int
) -> tuple[list[PlannedCall], list[NotPlanned], int]:
    """Scans, those left out, and the credits set aside for scans beyond the horizon."""
    chosen = situation.settings
    if not chosen.has_scans:
        return [], _switched_off(situation), 0
    interval = whole(chosen.minimum_interval)
    grid = Grid.of(
        now=frame.now,
        start=frame.start,
        until=min(frame.reset, frame.known_until),
        minimum_interval=interval,
    )
    sports = _sport_scans(situation, table, frame, grid=grid, closings=funded.calls)
    now_share = _share_now(situation, table, frame, grid, funded)
    spend = int(budget * now_share)
    choose(sports, credits_left=spend, interval=interval, freshness=chosen.freshness)
    calls = [call for sport in sports for call in _calls(sport, situation)]
    omitted = _left_out(sports, spend=spend, interval=interval, until=instant(grid.end))
    return calls, omitted, budget - spend


def _share_now(
    situation: Situation, table: Table, frame: Frame, grid: Grid, funded: Funded
) -> float:
    """The share of the matches until the reset that kick off within the scans' horizon."""
    within = beyond = 0
    for sport in situation.sports:
        kickoffs = of_sport(table, sport.key)
        within += len(kickoffs.between(frame.now, grid.end).match_ids)
        beyond += len(kickoffs.between(grid.end, frame.reset).match_ids)
    slots = [len(one.match_ids) for one in funded.calls]
    slots += [len(one.match_ids) for one in funded.refused]
    unknown = funded.unknown * (sum(slots) / len(slots) if slots else 1.0)
    total = within + beyond + unknown
    return within / total if total else 0.0


def _sport_scans(
    situation: Situation,
    table: Table,
    frame: Frame,
    *,
    grid: Grid,
    closings: Sequence[PlannedCall],
) -> list[SportScans]:
    fixed: dict[str, list[int]] = {}
    for call in closings:
        fixed.setdefault(call.sport, []).append(seconds_of(call.at))
    found = []
    for sport in situation.sports:
        state = situation.state_of(sport.key)
        calls = fixed.get(sport.key, [])
        if state.answered_at:
            calls.append(seconds_of(state.answered_at))
        waits = frame.start
        if state.failed_at:
            wait = back_off(state.failures_in_a_row, situation.settings.minimum_interval)
            waits = max(waits, seconds_of(state.failed_at + wait))
        found.append(
            SportScans(
                key=sport.key,
                cost=sport.shape.cost,
                fixed=sorted(calls),
                not_before=waits,
                grid=grid,
                lifetime=situation.rates.lifetime_hours,
                hourly=openings(sport.key, of_sport(table, sport.key), situation.rates, grid),
            )
        )
    return found


def _calls(scans: SportScans, situation: Situation) -> list[PlannedCall]:
    shape = next(sport.shape for sport in situation.sports if sport.key == scans.key)
    return [
        PlannedCall(
            at=instant(at),
            until=instant(at + scans.grid.step - 1),
            sport=scans.key,
            kind=Kind.SCAN,
            endpoint=Endpoint.ODDS,
            shape=shape,
            cost=scans.cost,
            value=value,
        )
        for at, value in scans.found()
    ]


def _left_out(
    sports: Sequence[SportScans], *, spend: int, interval: int, until: datetime
) -> list[NotPlanned]:
    omitted = []
    for sport in sports:
        numbers: dict[str, Number]
        if sport.best_left > 0:
            numbers = {
                "value": sport.best_left,
                "cost": sport.cost,
                "budget": spend,
                "until": until,
            }
            reason = Reason.SCANS_SHORT
        elif sport.is_crowded:
            numbers, reason = {"interval": timedelta(seconds=interval)}, Reason.INTERVAL
        else:
            continue
        omitted.append(NotPlanned(sport=sport.key, kind=Kind.SCAN, reason=reason, numbers=numbers))
    return omitted


def _switched_off(situation: Situation) -> list[NotPlanned]:
    return [
        NotPlanned(sport=sport.key, kind=Kind.SCAN, reason=Reason.SCANS_OFF)
        for sport in situation.sports
    ]
