"""Closing captures: the slots that need one, and which of them the credits pay for."""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import numpy as np

from odds.planner.forecast import Forecast, held_back, moving_safety
from odds.planner.plans import Endpoint, NotPlanned, Number, PlannedCall, Reason
from odds.planner.situation import Kind, SportState, SportTerms
from odds.planner.slots import best_groups, slot_ends
from odds.planner.timetable import Frame, SportKickOffs, instant, seconds_of

FOREVER: Final = 1 << 62
RETRY: Final = 60  # seconds between two tries for a closing window


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """Kick-offs of one sport that one call captures, and the call's bounds in seconds."""

    at: int
    until: int
    kickoff: int
    match_ids: tuple[str, ...]


@dataclass(slots=True, kw_only=True)
class SportClosings:
    """What one sport's closings need.

    `kickoffs` are those a call made from `earliest` on can capture, `slots` the fewest calls for
    all of them, `lost` the others' reasons.
    """

    terms: SportTerms
    forecast: Forecast
    kickoffs: SportKickOffs
    earliest: int
    slots: list[Slot]
    lost: list[NotPlanned]

    @property
    def cost(self) -> int:
        """Credits of one call."""
        return self.terms.shape.cost


def closings_of(
    terms: SportTerms,
    kickoffs: SportKickOffs,
    *,
    state: SportState,
    forecast: Forecast,
    frame: Frame,
) -> SportClosings:
    """A sport's slots until the reset, less those already captured."""
    captured = seconds_of(state.answered_at) + frame.window if state.answered_at else frame.now
    coming = kickoffs.between(max(frame.now, captured), FOREVER)
    earliest = frame.start
    if state.failed_at:
        earliest = max(earliest, seconds_of(state.failed_at) + RETRY)
    # A kick-off can be captured when its last instant to call lies in [earliest, reset).
    reachable = coming.between(earliest + frame.lead - 1, frame.reset + frame.lead - 1)
    return SportClosings(
        terms=terms,
        forecast=forecast,
        kickoffs=reachable,
        earliest=earliest,
        slots=_slots(reachable, frame, earliest),
        lost=[
            *_too_late(terms.key, coming, frame, earliest),
            *_after_reset(terms.key, coming, frame),
        ],
    )


def _slots(kickoffs: SportKickOffs, frame: Frame, earliest: int) -> list[Slot]:
    """The fewest that cover all."""
    ends = slot_ends(kickoffs.seconds.tolist(), window=frame.window, lead=frame.lead)
    groups = zip([0, *ends], ends, strict=False)
    return [_slot(kickoffs, group, frame, earliest) for group in groups]


def _slot(kickoffs: SportKickOffs, group: tuple[int, int], frame: Frame, earliest: int) -> Slot:
    start, end = group
    first, last = int(kickoffs.seconds[start]), int(kickoffs.seconds[end - 1])
    opens = max(last - frame.window, earliest)
    return Slot(
        at=max(opens, first - frame.lead - frame.retry_room),
        until=first - frame.lead,
        kickoff=first,
        match_ids=tuple(kickoffs.match_ids[start:end]),
    )


def _best(one: SportClosings, calls: int, frame: Frame) -> tuple[list[Slot], list[Slot]]:
    """The slots in which this many calls capture the most matches, and those of the others."""
    if calls == len(one.slots) or not calls:
        return (one.slots, []) if calls else ([], one.slots)
    seconds = one.kickoffs.seconds
    groups = best_groups(seconds.tolist(), calls, window=frame.window, lead=frame.lead)
    covered = np.zeros(len(seconds), dtype=np.bool_)
    for start, end in groups:
        covered[start:end] = True
    others = SportKickOffs(
        seconds=seconds[~covered],
        match_ids=[one.kickoffs.match_ids[place] for place in np.flatnonzero(~covered).tolist()],
    )
    chosen = [_slot(one.kickoffs, group, frame, one.earliest) for group in groups]
    return chosen, _slots(others, frame, one.earliest)


def _too_late(
    sport: str, coming: SportKickOffs, frame: Frame, earliest: int
) -> Iterator[NotPlanned]:
    """The slots whose last instant to call has passed, or will while calls are stopped."""
    missed = coming.between(frame.now, min(earliest, frame.reset) + frame.lead - 1)
    for slot in _slots(missed, frame, frame.now):
        is_paused = slot.until >= frame.now
        yield _not_planned(
            sport,
            Reason.PAUSED if is_paused else Reason.TOO_LATE,
            slot,
            lead=timedelta(seconds=frame.lead),
            until=instant(earliest),
        )


def _after_reset(sport: str, coming: SportKickOffs, frame: Frame) -> Iterator[NotPlanned]:
    later = coming.between(frame.reset + frame.lead - 1, FOREVER)
    if len(later.match_ids):
        yield NotPlanned(
            sport=sport,
            kind=Kind.CLOSING,
            reason=Reason.AFTER_RESET,
            numbers={
                "kickoff": instant(int(later.seconds[0])),
                "matches": len(later.match_ids),
                "until": instant(frame.reset),
            },
            match_ids=tuple(later.match_ids),
        )


def _not_planned(sport: str, reason: Reason, slot: Slot, **numbers: Number) -> NotPlanned:
    return NotPlanned(
        sport=sport,
        kind=Kind.CLOSING,
        reason=reason,
        numbers={"kickoff": instant(slot.kickoff), "matches": len(slot.match_ids), **numbers},
        match_ids=slot.match_ids,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Funded:
    """The closing calls the credits pay for, the rest with reasons, and what is held back.

    `expected` credits are held back for kick-offs not known yet, which are expected to have
    `unknown` slots; `safety` in case they have more, or known ones move. Where closing calls are
    refused `idle` is too little for one of them, and for nothing else.
    """

    calls: list[PlannedCall]
    refused: list[NotPlanned]
    expected: int
    idle: int
    safety: int
    unknown: float


def fund(sports: Sequence[SportClosings], *, spendable: int, frame: Frame) -> Funded:
    """Pay for slots by the sports' priority; where one's do not suffice, for most of its matches.

    A sport's kick-offs that are still to become known count with the known ones, so a sport of
    lower priority does not take at the beginning of a month what a higher one needs at its end.
    Once a sport cannot be paid in full, those after it get nothing: whatever the credits, more of
    them never capture less.
    """
    paid = _shares(sports, spendable, expected=lambda one: math.ceil(one.forecast.mean))
    affordable = _shares(sports, spendable, expected=lambda _one: 0)
    calls: list[PlannedCall] = []
    refused: list[NotPlanned] = []
    expected, safety = held_back([(one.forecast, one.cost) for one in sports])
    numbers: dict[str, Number] = {
        "spendable": spendable,
        "needed": sum(len(one.slots) * one.cost for one in sports),
        "forecast": expected,
        "until": instant(frame.reset),
    }
    for one, kept, possible in zip(sports, paid, affordable, strict=True):
        chosen, others = _best(one, kept, frame)
        calls.extend(_call(one.terms, slot) for slot in chosen)
        others.sort(key=lambda slot: (-len(slot.match_ids), slot.at))
        for place, slot in enumerate(others, start=kept):
            reason = Reason.KEPT if place < possible else Reason.SHORT
            refused.append(_not_planned(one.terms.key, reason, slot, **numbers))
    cost = sum(call.cost for call in calls)
    left = spendable - cost
    expected = left if refused and expected else min(expected, left)
    idle = left - expected if refused else 0
    return Funded(
        calls=calls,
        refused=refused,
        expected=expected,
        idle=idle,
        safety=min(safety + moving_safety(cost), left - expected - idle),
        unknown=sum(one.forecast.mean for one in sports),
    )


def _shares(
    sports: Sequence[SportClosings],
    spendable: int,
    *,
    expected: Callable[[SportClosings], int],
) -> list[int]:
    """How many of each sport's known slots are paid for."""
    shares = []
    left = spendable
    for one in sports:
        known, unknown = len(one.slots), expected(one)
        calls = left // one.cost
        if calls >= known + unknown:
            shares.append(known)
            left -= (known + unknown) * one.cost
        else:
            shares.append(-(-calls * known // (known + unknown)))
            left = 0
    return shares


def _call(terms: SportTerms, slot: Slot) -> PlannedCall:
    return PlannedCall(
        at=instant(slot.at),
        until=instant(slot.until),
        sport=terms.key,
        kind=Kind.CLOSING,
        endpoint=Endpoint.ODDS,
        shape=terms.shape,
        cost=terms.shape.cost,
        value=float(len(slot.match_ids)),
        match_ids=slot.match_ids,
        kickoff=instant(slot.kickoff),
    )
