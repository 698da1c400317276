"""How many new opportunities a call can expect to find, learned from past calls.

Opportunities of a match open at a rate that depends on the time to its kick-off, the hour of the
day and the sport, and stay open for a time that is exponentially distributed. Each factor is a
Gamma-Poisson mean: what was counted and a prior worth a stated amount of watching.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

# Hours to kick-off: bin i is from edge i to edge i + 1; nothing is expected beyond the last.
LEAD_EDGES: Final = (0.0, 1.0, 3.0, 6.0, 12.0, 24.0, 48.0, 96.0, 168.0)
# New opportunities per match and hour. Ours: markets move more the nearer the kick-off is, by
# about a factor of 30 from a week before to the last hour.
PRIOR_BY_LEAD: Final = (0.030, 0.020, 0.012, 0.008, 0.005, 0.003, 0.002, 0.001)
PRIOR_MATCH_HOURS: Final = 1_000.0  # what the prior of a bin weighs: a weekend of one league
HOUR_BLOCK: Final = 6  # hours of the day (UTC) that share a factor
PRIOR_OPPORTUNITIES: Final = 20.0  # what a factor of 1, by hour or sport, weighs
PRIOR_LIFETIME: Final = 6.0  # hours
SHORTEST_LIFETIME: Final = 2.0  # hours; shorter ones would only make every call worth the same


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """What past calls found, in one cell of sport, hour (UTC) and hours to kick-off.

    `match_hours` is `watched_hours` of each match and call, summed.
    """

    sport: str
    hour: int
    hours_to_kickoff: float
    match_hours: float
    opened: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Rates:
    """New opportunities per match and hour, as a product of three factors.

    `by_lead` has one rate for each bin of `LEAD_EDGES`, `by_hour` a factor for each block of the
    day, `by_sport` a factor where one was learned; `lifetime_hours` is how long one stays open.
    """

    by_lead: tuple[float, ...] = PRIOR_BY_LEAD
    by_hour: tuple[float, ...] = (1.0,) * (24 // HOUR_BLOCK)
    by_sport: Mapping[str, float] = field(default_factory=dict)
    lifetime_hours: float = PRIOR_LIFETIME

    def __post_init__(self) -> None:
        if len(self.by_lead) != len(LEAD_EDGES) - 1 or len(self.by_hour) != 24 // HOUR_BLOCK:
            raise ValueError("There is one rate for each bin of lead and one factor a block.")
        rates = (*self.by_lead, *self.by_hour, *self.by_sport.values())
        if min(rates) < 0 or self.lifetime_hours < SHORTEST_LIFETIME:
            raise ValueError(f"Rates are not negative; lifetimes {SHORTEST_LIFETIME:g} h or more.")

    @classmethod
    def learned(
        cls, observations: Iterable[Observation], *, lifetimes: tuple[float, int] = (0.0, 0)
    ) -> Self:
        """The rates after these observations.

        Args:
            observations: In any order; those beyond the last edge count for nothing.
            lifetimes: The sum of hours that opportunities were seen open, and how many.
        """
        rows = sorted(
            (one for one in observations if 0 <= one.hours_to_kickoff < LEAD_EDGES[-1]),
            key=lambda one: (one.sport, one.hour, one.hours_to_kickoff, one.match_hours),
        )
        opened = np.array([one.opened for one in rows], dtype=np.float64)
        hours = np.array([one.match_hours for one in rows], dtype=np.float64)
        leads = lead_bins(np.array([one.hours_to_kickoff for one in rows], dtype=np.float64))
        blocks = np.array([one.hour // HOUR_BLOCK for one in rows], dtype=np.intp)
        by_lead = _shrunk(leads, opened, hours, np.array(PRIOR_BY_LEAD), PRIOR_MATCH_HOURS)
        expected = hours * by_lead[leads]
        by_hour = _shrunk(blocks, opened, expected, np.ones(24 // HOUR_BLOCK), PRIOR_OPPORTUNITIES)
        expected *= by_hour[blocks]
        names, sports = np.unique(np.array([one.sport for one in rows]), return_inverse=True)
        by_sport = _shrunk(sports, opened, expected, np.ones(len(names)), PRIOR_OPPORTUNITIES)
        total, count = lifetimes
        lifetime = PRIOR_LIFETIME * PRIOR_OPPORTUNITIES + total
        return cls(
            by_lead=tuple(by_lead.tolist()),
            by_hour=tuple(by_hour.tolist()),
            by_sport=dict(zip(names.tolist(), by_sport.tolist(), strict=True)),
            lifetime_hours=max(SHORTEST_LIFETIME, lifetime / (PRIOR_OPPORTUNITIES + count)),
        )

    @property
    def openings_a_match(self) -> float:
        """New opportunities of one match until its kick-off, of a sport with a factor of 1."""
        return float(np.diff(LEAD_EDGES) @ np.array(self.by_lead))

    def openings(self, sport: str, hours: Floats, kickoffs: Floats) -> Floats:
        """How many opportunities a sport's matches open per hour at given instants.

        Args:
            sport: The key.
            hours: The instants, in hours since the epoch, shape (n,).
            kickoffs: Of the sport's matches, the same unit, ascending.

        Returns:
            Shape (n,).
        """
        edges = hours[:, None] + np.array(LEAD_EDGES)
        counts = np.diff(np.searchsorted(kickoffs, edges, side="right"), axis=1)
        block = (hours % 24 // HOUR_BLOCK).astype(np.intp)
        factor = np.array(self.by_hour)[block] * self.by_sport.get(sport, 1.0)
        rates: Floats = counts @ np.array(self.by_lead) * factor
        return rates


def lead_bins(hours_to_kickoff: Floats) -> NDArray[np.intp]:
    """The bin of `LEAD_EDGES` each lies in."""
    bins: NDArray[np.intp] = np.searchsorted(LEAD_EDGES, hours_to_kickoff, side="right") - 1
    return bins


def watched_hours(gap_hours: Floats, lifetime_hours: float) -> Floats:
    """Hours of openings a call sees, when the last one was a gap before: those still open."""
    seen: Floats = lifetime_hours * -np.expm1(-gap_hours / lifetime_hours)
    return seen


def _shrunk(
    groups: NDArray[np.intp], counted: Floats, exposure: Floats, prior: Floats, weight: float
) -> Floats:
    """Gamma-Poisson means: (prior times weight + counted) / (weight + exposure), by group."""
    size = len(prior)
    means: Floats = (prior * weight + np.bincount(groups, counted, size)) / (
        weight + np.bincount(groups, exposure, size)
    )
    return means
