"""Credits that scans may spend by each instant, so that what comes before them is never short."""

from bisect import bisect_left
from collections.abc import Sequence
from typing import Self

import numpy as np
from numpy.typing import NDArray

from odds.planner.forecast import moving_safety
from odds.planner.plans import PlannedCall
from odds.planner.timetable import seconds_of


class Allowance:
    """How much may still be spent before and after some instants.

    `instants` are in seconds, ascending; `credits_by` is what all calls up to each of them may
    cost together, and, last, those at any time: it never falls.
    """

    def __init__(self, instants: Sequence[int], credits_by: Sequence[int]) -> None:
        self._instants = instants
        self._left: NDArray[np.int64] = np.array(credits_by, dtype=np.int64)

    @classmethod
    def flat(cls, credits_left: int) -> Self:
        """The same at every instant."""
        return cls((), (credits_left,))

    @classmethod
    def releasing(cls, credits_left: int, closings: Sequence[PlannedCall], safety: int) -> Self:
        """All the credits by the reset, and before it all but what is kept should kick-offs move.

        That is less after each closing call, so scans late in the month spend what was kept: they
        are what is given up when it turns out to be needed.
        """
        ordered = sorted(closings, key=lambda call: call.at)
        ahead = sum(call.cost for call in ordered)
        instants: list[int] = []
        credits_by: list[int] = []
        kept = min(safety, moving_safety(ahead), credits_left)
        for call in ordered:
            ahead -= call.cost
            released = min(kept, moving_safety(ahead))
            if released < kept:
                instants.append(seconds_of(call.at))
                credits_by.append(credits_left - kept)
                kept = released
        return cls(instants, [*credits_by, credits_left - kept])

    @property
    def left(self) -> int:
        """What may be spent at the latest instant."""
        return int(self._left[-1])

    def at(self, instant: int) -> int:
        """What a call at this instant may cost."""
        return int(self._left[bisect_left(self._instants, instant) :].min())

    def spend(self, instant: int, cost: int) -> None:
        """Take note of a call."""
        self._left[bisect_left(self._instants, instant) :] -= cost
