"""Scans: where the credits that closings and results leave find most.

Openings are counted by the hour; a call sees those still open since the last one. What a set of
calls finds is a coverage function of the set (each opening is found by the first call in its
life), so its marginal values only fall as calls are added. Taking the best value per credit again
and again therefore comes within 1 - 1/e of the best set; values found once are upper bounds later,
which is what lets the heap look at few of them.

Source: Nemhauser, Wolsey & Fisher (1978), "An analysis of approximations for maximizing submodular
set functions", Mathematical Programming 14; Minoux (1978), "Accelerated greedy algorithms".
"""

import heapq
import math
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from odds.planner.allowance import Allowance
from odds.planner.rates import Floats, Rates
from odds.planner.timetable import SportKickOffs

HOUR: Final = 3_600
SHORTEST_STEP: Final = 300  # seconds between two instants a scan may be at
MOST_STEPS: Final = 700  # per sport: how far ahead scans are planned, in steps
Candidate = tuple[float, int, int, int]  # -value per credit, sport, step, scans it was valued with
LOOK_BACK: Final = 48 * HOUR  # openings before this are no longer open


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """The instants a scan may be at: whole multiples of `step` seconds from `first`."""

    origin: int
    first: int
    end: int
    step: int

    @classmethod
    def of(cls, *, now: int, start: int, until: int, minimum_interval: int) -> "Grid":
        """The grid of a plan; it does not move with now, so plans are alike from hour to hour."""
        step = min(HOUR, max(SHORTEST_STEP, minimum_interval))
        first = -(-max(now + 1, start) // step) * step
        return cls(
            origin=(now - LOOK_BACK) // step * step,
            first=first,
            end=max(first, min(until, now + MOST_STEPS * step)),
            step=step,
        )


@dataclass(slots=True, kw_only=True)
class SportScans:
    """One sport's openings over the grid and the calls that find them.

    `fixed` are calls that were made or are planned anyway, in seconds, ascending; `hourly` is how
    many opportunities open in an hour, for each step of the grid, and no scan is at those
    `blocked`. `chosen` are the scans, as steps; `best_left` is the most another would have found
    had there been credits, `is_crowded` whether calls were too close together for another.
    """

    key: str
    cost: int
    fixed: list[int]
    not_before: int
    grid: Grid
    lifetime: float
    hourly: Floats
    blocked: NDArray[np.bool_]
    chosen: list[int] = field(default_factory=list)
    weight: float = 1.0
    best_left: float = 0.0
    is_crowded: bool = False
    at: Floats = field(init=False)
    opened: Floats = field(init=False)
    calls: list[float] = field(init=False)
    found_by: list[float] = field(init=False)

    def __post_init__(self) -> None:
        """Openings count e to the power of their own time, in lifetimes since the origin.

        So what is still open at a call is what opened since the one before, times e to the power
        of minus the call's time.
        """
        steps = len(self.hourly)
        self.at = np.arange(steps, dtype=np.float64) * (self.grid.step / HOUR / self.lifetime)
        edges = np.exp(np.append(self.at, steps * (self.grid.step / HOUR / self.lifetime)))
        pieces = self.hourly * self.lifetime * np.diff(edges)
        self.opened = np.concatenate([[0.0], np.cumsum(pieces)])
        seconds = np.array([at for at in self.fixed if at > self.grid.origin], dtype=np.float64)
        scaled = (seconds - self.grid.origin) / HOUR / self.lifetime
        self.calls = [0.0, *scaled.tolist()]
        self.found_by = [0.0, *self._opened(seconds, scaled).tolist()]

    def _opened(self, seconds: Floats, scaled: Floats) -> Floats:
        step = np.minimum((seconds - self.grid.origin) // self.grid.step, len(self.hourly) - 1)
        place = step.astype(np.intp)
        part = np.exp(scaled) - np.exp(self.at[place])
        opened: Floats = self.opened[place] + self.hourly[place] * self.lifetime * part
        return opened

    def gains(self) -> Floats:
        """What a call at each step would add to what the calls there are find."""
        calls = np.array(self.calls)
        place = np.searchsorted(calls, self.at, side="left")
        before = np.array(self.found_by)[np.maximum(place - 1, 0)]
        after = np.append(np.exp(-calls), 0.0)[place]
        gains: Floats = (self.opened[:-1] - before) * (np.exp(-self.at) - after)
        return np.maximum(gains, 0.0)

    def gain(self, step: int) -> float:
        """The same for one step."""
        at = float(self.at[step])
        place = bisect_left(self.calls, at)
        before = self.found_by[max(place - 1, 0)]
        after = math.exp(-self.calls[place]) if place < len(self.calls) else 0.0
        return max(0.0, (float(self.opened[step]) - before) * (math.exp(-at) - after))

    def prepare(self, freshness: float, interval: int) -> None:
        """Weigh the sport, and leave out steps near its fixed calls or before a wait ends."""
        total = float(self.hourly.sum()) * self.grid.step / HOUR
        self.weight = total ** (freshness - 1) / self.cost if total > 0 else 0.0
        instants = self.grid.origin + np.arange(len(self.hourly)) * self.grid.step
        start = max(self.grid.first, self.not_before)
        self.blocked |= (instants < start) | (instants >= self.grid.end)
        calls = np.array([-(1 << 60), *self.fixed, 1 << 60], dtype=np.int64)
        place = np.searchsorted(calls, instants, side="left")
        near = np.minimum(instants - calls[place - 1], calls[place] - instants) < interval
        self.is_crowded = bool((near & ~self.blocked).any())
        self.blocked |= near

    def add(self, step: int, interval: int) -> None:
        """Plan a scan."""
        at = float(self.at[step])
        place = bisect_left(self.calls, at)
        self.calls.insert(place, at)
        self.found_by.insert(place, float(self.opened[step]))
        self.chosen.append(step)
        reach = -(-interval // self.grid.step)  # the first step far enough away
        nearby = self.blocked[max(0, step - reach + 1) : step + reach]
        self.is_crowded = self.is_crowded or nearby.size > 1
        nearby[:] = True

    def found(self) -> list[tuple[int, float]]:
        """Each scan, in seconds, with the openings it is the first to see among all calls."""
        steps = np.array(sorted(self.chosen), dtype=np.intp)
        place = np.searchsorted(self.calls, self.at[steps], side="left")
        before = np.array(self.found_by)[np.maximum(place - 1, 0)]
        values = (self.opened[steps] - before) * np.exp(-self.at[steps])
        instants = self.grid.origin + steps * self.grid.step
        return list(zip(instants.tolist(), values.tolist(), strict=True))


def openings(sport: str, kickoffs: SportKickOffs, rates: Rates, grid: Grid) -> Floats:
    """New opportunities per hour in each step of the grid."""
    middles = np.arange(grid.origin, grid.end + grid.step, grid.step) + grid.step / 2
    return rates.openings(sport, middles / HOUR, kickoffs.seconds / HOUR)


def choose(
    sports: Sequence[SportScans], *, allowance: Allowance, interval: int, freshness: float
) -> None:
    """Add scans to the sports until the credits, or the instants worth a call, are used up.

    With `freshness` below 1 a sport's values are divided by its openings to the power of
    1 - freshness: at 0 every sport is worth the same.
    """
    heap: list[Candidate] = []
    for order, sport in enumerate(sports):
        sport.prepare(freshness, interval)
        heap += _candidates(sport, order)
    heapq.heapify(heap)
    unpaid: set[int] = set()
    while heap and len(unpaid) < len(sports):
        best = heapq.heappop(heap)
        _bound, order, step, _valued_with = best
        sport = sports[order]
        if order in unpaid or sport.blocked[step]:
            continue
        instant = sport.grid.origin + step * sport.grid.step
        if sport.cost > allowance.at(instant):  # nor later: what is left never grows
            sport.best_left = max(sport.best_left, sport.gain(step))
            unpaid |= {order} if sport.cost > allowance.left else set()
            continue
        exact = _valued_now(sport, best)
        if heap and exact > heap[0]:
            heapq.heappush(heap, exact)
        elif exact[0] < 0:
            sport.add(step, interval)
            allowance.spend(instant, sport.cost)


def _valued_now(sport: SportScans, candidate: Candidate) -> Candidate:
    """The candidate with its value beside the scans chosen since it was valued."""
    _bound, order, step, valued_with = candidate
    chosen = len(sport.chosen)
    if valued_with == chosen:
        return candidate
    return -sport.gain(step) * sport.weight, order, step, chosen


def _candidates(sport: SportScans, order: int) -> list[Candidate]:
    """The steps worth a call, as things are before any scan is chosen."""
    values = np.where(sport.blocked, 0.0, sport.gains()) * sport.weight
    steps = np.flatnonzero(values)
    bounds = zip((-values[steps]).tolist(), steps.tolist(), strict=True)
    return [(bound, order, step, 0) for bound, step in bounds]
