"""Paid results: asked for only where something waits and no free source tells them."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from odds.planner.plans import Endpoint, NotPlanned, Number, PlannedCall, Reason
from odds.planner.situation import SCORES_COST, SCORES_REACH, AwaitedResult, Kind, Situation
from odds.planner.slots import slot_ends
from odds.planner.timetable import Frame, instant, seconds_of, whole

FIRST_RETRY: Final = 20  # seconds, then doubled up to the minimum interval
LONGEST_DOUBLING: Final = 20  # beyond, every interval is longer than any minimum


def planned_results(
    situation: Situation, *, left: int, frame: Frame
) -> tuple[list[PlannedCall], list[NotPlanned]]:
    """The calls for results that `left` credits pay for, by the sports' priority.

    Within `results_wait` matches wait for others of their sport, to be asked for together.
    """
    waiting: dict[str, list[AwaitedResult]] = {}
    for one in sorted(situation.awaited, key=lambda one: (one.kickoff, one.match_id)):
        waiting.setdefault(one.sport, []).append(one)
    calls: list[PlannedCall] = []
    omitted: list[NotPlanned] = []
    for sport in _by_priority(situation, waiting):
        old, free, paid = _sorted_out(waiting[sport], situation)
        omitted += _omitted(sport, Reason.TOO_OLD, old) + _omitted(sport, Reason.FREE_SOURCE, free)
        for group in _groups(paid, situation, frame):
            call = _call(group, situation, frame)
            if call.at >= instant(frame.reset):
                continue
            if left < SCORES_COST:
                omitted += _omitted(sport, Reason.RESULTS_SHORT, group, cost=call.cost, left=left)
            else:
                calls.append(call)
                left -= call.cost
    return calls, omitted


def _by_priority(situation: Situation, waiting: dict[str, list[AwaitedResult]]) -> list[str]:
    collected = [sport.key for sport in situation.sports if sport.key in waiting]
    return collected + sorted(set(waiting) - set(collected))


def _sorted_out(
    waiting: Sequence[AwaitedResult], situation: Situation
) -> tuple[list[AwaitedResult], list[AwaitedResult], list[AwaitedResult]]:
    """Those too old to be told, those a free source tells, and those to pay for."""
    old, free, paid = [], [], []
    for one in waiting:
        if one.has_free_source:
            free.append(one)
        elif one.kickoff <= situation.now - SCORES_REACH:
            old.append(one)
        else:
            paid.append(one)
    return old, free, paid


def _groups(
    paid: Sequence[AwaitedResult], situation: Situation, frame: Frame
) -> list[Sequence[AwaitedResult]]:
    """The fewest calls: each match can be asked for until its own wait is over."""
    patience = whole(situation.settings.results_wait)
    # One whose wait is over is asked for at once, and with it all that are ready.
    ready = frame.start - whole(situation.settings.results_after) - patience
    seconds = [max(seconds_of(one.kickoff), ready) for one in paid]
    groups, start = [], 0
    for end in slot_ends(seconds, window=patience, lead=0):
        groups.append(paid[start:end])
        start = end
    return groups


def _call(group: Sequence[AwaitedResult], situation: Situation, frame: Frame) -> PlannedCall:
    chosen = situation.settings
    last = max(one.kickoff for one in group)
    first = min(one.kickoff for one in group)
    ready = max(seconds_of(last + chosen.results_after), frame.start)
    state = situation.state_of(group[0].sport)
    if state.failed_at:
        wait = back_off(state.failures_in_a_row, chosen.minimum_interval)
        ready = max(ready, seconds_of(state.failed_at + wait))
    return PlannedCall(
        at=instant(ready),
        until=max(instant(ready), first + SCORES_REACH),
        sport=group[0].sport,
        kind=Kind.RESULTS,
        endpoint=Endpoint.SCORES,
        shape=None,
        cost=SCORES_COST,
        value=float(len(group)),
        match_ids=tuple(one.match_id for one in group),
    )


def back_off(failures: int, longest: timedelta) -> timedelta:
    """How long unforced calls wait after this many failures in a row."""
    doublings = min(max(0, failures - 1), LONGEST_DOUBLING)
    return min(longest, timedelta(seconds=FIRST_RETRY << doublings))


def _omitted(
    sport: str, reason: Reason, matches: Sequence[AwaitedResult], **numbers: Number
) -> list[NotPlanned]:
    if not matches:
        return []
    return [
        NotPlanned(
            sport=sport,
            kind=Kind.RESULTS,
            reason=reason,
            numbers={"matches": len(matches), **numbers},
            match_ids=tuple(one.match_id for one in matches),
        )
    ]
