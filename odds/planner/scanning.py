"""The plan's scans: which credits they may spend now, and which wait for what is not known yet.

Scans take all that closing calls and results leave, so what remains at the reset is known although
kick-offs are not: one more of them is one scan fewer.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

import numpy as np

from odds.planner.allowance import Allowance
from odds.planner.closings import Funded
from odds.planner.plans import Endpoint, NotPlanned, Number, PlannedCall, Reason
from odds.planner.rates import LEAD_EDGES
from odds.planner.results import back_off
from odds.planner.scans import HOUR, Grid, SportScans, choose, openings
from odds.planner.situation import Kind, Situation
from odds.planner.timetable import Frame, Table, instant, of_sport, seconds_of, whole

QUOTED_AHEAD: Final = int(LEAD_EDGES[-1]) * HOUR  # seconds before a kick-off from which scans look


def planned_scans(
    situation: Situation, table: Table, frame: Frame, *, funded: Funded, left: int, safety: int
) -> tuple[list[PlannedCall], list[NotPlanned], int]:
    """The scans, those left out, and the credits set aside for scans beyond the horizon.

    Args:
        situation: All that is known.
        table: Its kick-offs.
        frame: The instants that bound the plan.
        funded: The closing calls.
        left: Credits that they and results leave.
        safety: How many of them are kept for closing calls until these have been made.
    """
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
    if grid.end >= frame.reset:
        allowance = Allowance.releasing(left, funded.calls, safety)
    else:
        share = _share_now(situation, table, frame, grid, funded)
        allowance = Allowance.flat(int((left - safety) * share))
    budget = allowance.left
    choose(sports, allowance=allowance, interval=interval, freshness=chosen.freshness)
    calls = [call for sport in sports for call in _calls(sport, situation)]
    omitted = _left_out(sports, spend=budget, interval=interval, until=instant(grid.end))
    spent = sum(call.cost for call in calls)
    later = _later(situation, frame, grid, funded=funded, left=left - spent)
    if allowance.left >= min((sport.cost for sport in sports), default=1):
        later = min(later, _room_beyond(situation, frame, grid, funded=funded))
    return calls, omitted, later


def _later(situation: Situation, frame: Frame, grid: Grid, *, funded: Funded, left: int) -> int:
    """Credits for scans that cannot be planned yet: all that are left, in whole calls.

    They wait for what lies beyond the horizon, or for matches after the reset that are not listed
    yet. Rounded together with those for kick-offs not known yet, for what the ones do not need the
    others take.
    """
    if frame.known_until >= frame.reset + QUOTED_AHEAD and grid.end >= frame.reset:
        return 0
    cheapest = min((sport.shape.cost for sport in situation.sports), default=left + 1)
    return max(0, (left + funded.expected) // cheapest * cheapest - funded.expected)


def _room_beyond(situation: Situation, frame: Frame, grid: Grid, *, funded: Funded) -> int:
    """What scans can cost after all that is planned, where time and not credits sets the bound."""
    interval = max(grid.step, whole(situation.settings.minimum_interval))
    last = max((seconds_of(call.at) for call in funded.calls), default=frame.start)
    costs = sum(sport.shape.cost for sport in situation.sports)
    return (frame.reset - min(last, grid.end)) // interval * costs


def _share_now(
    situation: Situation, table: Table, frame: Frame, grid: Grid, funded: Funded
) -> float:
    """The share of the openings expected until the reset that fall within the scans' horizon."""
    middles = np.arange(frame.now, frame.reset, HOUR) + HOUR / 2
    is_within = middles < grid.end
    within = beyond = 0.0
    for sport in situation.sports:
        kickoffs = of_sport(table, sport.key).seconds / HOUR
        hourly = situation.rates.openings(sport.key, middles / HOUR, kickoffs)
        within += float(hourly[is_within].sum())
        beyond += float(hourly[~is_within].sum())
    slots = [len(one.match_ids) for one in funded.calls]
    slots += [len(one.match_ids) for one in funded.refused]
    matches_a_slot = sum(slots) / len(slots) if slots else 1.0
    beyond += funded.unknown * matches_a_slot * situation.rates.openings_a_match
    total = within + beyond
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
        hourly = openings(sport.key, of_sport(table, sport.key), situation.rates, grid)
        found.append(
            SportScans(
                key=sport.key,
                cost=sport.shape.cost,
                fixed=sorted(calls),
                not_before=waits,
                grid=grid,
                lifetime=situation.rates.lifetime_hours,
                hourly=hourly,
                blocked=hourly == 0,  # no match is near enough to be quoted
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
