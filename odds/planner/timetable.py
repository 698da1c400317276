"""The situation's kick-offs by sport, as arrays of seconds in one order whatever they came in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np

from odds.planner.situation import KickOff, Situation
from odds.planner.slots import Seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class SportKickOffs:
    """One sport's kick-offs, ascending, and the matches' ids beside them."""

    seconds: Seconds
    match_ids: Sequence[str]

    def between(self, start: int, end: int) -> "SportKickOffs":
        """Those after `start` and not after `end`."""
        first, last = np.searchsorted(self.seconds, [start, end], side="right").tolist()
        return SportKickOffs(
            seconds=self.seconds[first:last], match_ids=self.match_ids[first : max(first, last)]
        )


Table = dict[str, SportKickOffs]


def by_sport(kickoffs: Sequence[KickOff]) -> Table:
    """The kick-offs of each sport; a match named twice starts at the earlier instant."""
    earliest: dict[tuple[str, str], int] = {}
    for one in kickoffs:
        key, at = (one.sport, one.match_id), seconds_of(one.at)
        if earliest.get(key, at) >= at:
            earliest[key] = at
    rows: dict[str, list[tuple[int, str]]] = {}
    for (sport, match_id), at in earliest.items():
        rows.setdefault(sport, []).append((at, match_id))
    return {sport: _sorted(rows[sport]) for sport in sorted(rows)}


def _sorted(rows: list[tuple[int, str]]) -> SportKickOffs:
    rows.sort()
    return SportKickOffs(
        seconds=np.array([at for at, _ in rows], dtype=np.int64),
        match_ids=[match_id for _, match_id in rows],
    )


def of_sport(table: Table, sport: str) -> SportKickOffs:
    """A sport's kick-offs; none where it has none."""
    return table.get(sport) or SportKickOffs(seconds=np.array([], dtype=np.int64), match_ids=())


def seconds_of(at: datetime) -> int:
    """Whole seconds since the epoch."""
    return int(at.timestamp())


def whole(span: timedelta) -> int:
    """Whole seconds of a span."""
    return int(span.total_seconds())


def instant(seconds: float) -> datetime:
    """The instant of these seconds, UTC."""
    return datetime.fromtimestamp(seconds, UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """The instants that bound a plan, in seconds.

    Calls are made from `start` (now, or the end of a pause) and before `reset`; kick-offs are
    taken to be known up to `known_until`.
    """

    now: int
    start: int
    reset: int
    known_until: int
    window: int
    lead: int
    retry_room: int

    @classmethod
    def of(cls, situation: Situation) -> "Frame":
        """The frame of a situation."""
        chosen = situation.settings
        # Rounded up, so that no call is planned before now.
        now = -int(-situation.now.timestamp() // 1)
        pause = seconds_of(situation.paused_until) if situation.paused_until else now
        return cls(
            now=now,
            start=max(now, pause),
            reset=seconds_of(situation.account.resets_at),
            known_until=now + whole(chosen.known_ahead),
            window=whole(chosen.window),
            lead=whole(chosen.shortest_lead),
            retry_room=whole(chosen.retry_room),
        )
