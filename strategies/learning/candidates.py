"""Candidates: the changes of parameters that leave out only bands of edges or odds that lose.

Pure numbers, nothing of Django. Leaving out prices that lose makes any loser lose less, so that
alone is no reason to leave out these and not others: what is left must be better than what is left
out, beyond chance as well.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Self

import numpy as np
from scipy.special import ndtr

from betting.performance.measures import FEWEST
from strategies.learning.evidence import Evidence, Setting
from strategies.learning.proposal import ParameterChange
from strategies.learning.segments import EDGE, ODDS, Rates, Segment


@dataclass(frozen=True, slots=True, kw_only=True)
class Axis:
    """A dimension of the segments that parameters can cut, and what agents call its two ends."""

    dimension: str
    least: tuple[str, ...]
    greatest: tuple[str, ...]

    def limits(self, values: Mapping[str, float]) -> tuple[float, float]:
        """The least and the greatest value that these parameters let through."""
        least = max((values[name] for name in self.least if name in values), default=-np.inf)
        greatest = min((values[name] for name in self.greatest if name in values), default=np.inf)
        return least, greatest


AXES: Final = (
    Axis(
        dimension=EDGE,
        least=("minimum_edge_pct", "minimum_profit_pct"),
        greatest=("maximum_edge_pct", "maximum_profit_pct"),
    ),
    Axis(dimension=ODDS, least=("minimum_odds",), greatest=("maximum_odds",)),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A change that would leave out only what loses.

    Attributes:
        changes: The parameters.
        cut: The losing bands that they leave out.
        gain: By how much the mean fair CLV of what is left is above that of all, points.
        p_value: Probability that chance alone puts what is left so far above what is left out.
    """

    changes: tuple[ParameterChange, ...]
    cut: tuple[Segment, ...]
    gain: float
    p_value: float

    @classmethod
    def of(
        cls,
        evidence: Evidence,
        axis: Axis,
        changes: Sequence[ParameterChange],
        cut: Sequence[Segment],
    ) -> Self:
        """What these changes would have done to the predictions of the evidence."""
        kept, left_out = _split(
            evidence.segments, axis, {each.name: each.value for each in changes}
        )
        mean, base = _mean(kept), _mean([*kept, *left_out])
        return cls(
            changes=tuple(changes),
            cut=tuple(cut),
            gain=0.0 if mean is None or base is None else mean - base,
            p_value=contrast(kept, left_out),
        )

    @property
    def values(self) -> dict[str, float]:
        """The parameters by name."""
        return {each.name: each.value for each in self.changes}


def contrast(better: Sequence[Rates], worse: Sequence[Rates]) -> float:
    """The probability that chance alone puts one mean fair CLV so far above the other, one-sided.

    Each mean is that of several disjoint segments, whose errors are taken for independent. Those of
    predictions on one match share its fate; between the two sides that makes the difference more
    certain than is said here, within a side less.

    Returns:
        By the normal distribution; 1 where either side has fewer than 30 graded matches.
    """
    means, square = [], 0.0
    for side in (better, worse):
        known = [each for each in side if each.clv_error]
        mean = _mean(known)
        if mean is None or sum(each.graded_matches for each in known) < FEWEST:
            return 1.0
        count = sum(each.graded for each in known)
        square += sum((each.graded * (each.clv_error or 0.0) / count) ** 2 for each in known)
        means.append(mean)
    return float(ndtr((means[1] - means[0]) / np.sqrt(square)))


def candidates(
    evidence: Evidence, axis: Axis, bands: Sequence[Segment], losing: Collection[Segment]
) -> tuple[Candidate, ...]:
    """Every change that leaves out losing bands from an end on.

    Bands with too few matches to be tested that lie beyond those go with them.

    Args:
        evidence: What is known of a version.
        axis: The dimension that is cut.
        bands: Its bands that were tested and are in force, upwards.
        losing: What loses beyond chance.

    Returns:
        Both ends first, then only the lower and only the upper one, then shorter runs of bands.
    """
    below, above = _run(bands, losing), _run(bands[::-1], losing)
    found: dict[tuple[ParameterChange, ...], Candidate] = {}
    for low, high in _lengths(len(below), len(above)):
        lower = _change(
            evidence.settings, axis.least, [each.high for each in below[:low]], is_least=True
        )
        upper = _change(
            evidence.settings, axis.greatest, [each.low for each in above[:high]], is_least=False
        )
        changes = (*lower, *upper)
        if changes and changes not in found:
            cut = [*(below[:low] if lower else []), *(above[:high] if upper else [])]
            found[changes] = Candidate.of(evidence, axis, changes, cut)
    return tuple(found.values())


def _lengths(below: int, above: int) -> list[tuple[int, int]]:
    """How many bands to leave out at the lower and at the upper end, whole runs first."""
    pairs = [(low, high) for low in range(below, -1, -1) for high in range(above, -1, -1)]
    return sorted(
        (pair for pair in pairs if any(pair)),
        key=lambda pair: (0 < pair[0] < below) + (0 < pair[1] < above),
    )


def _run(bands: Iterable[Segment], losing: Collection[Segment]) -> list[Segment]:
    """The first bands that lose, up to the first that does not or that could not be tested."""
    run: list[Segment] = []
    for band in bands:
        if band not in losing or (run and not _touch(run[-1], band)):
            break
        run.append(band)
    return run


def _touch(one: Segment, other: Segment) -> bool:
    """Whether one band begins where the other ends."""
    return bool(({one.high, other.high} & {one.low, other.low}) - {None})


def _change(
    settings: Iterable[Setting],
    names: Sequence[str],
    ends: Sequence[float | None],
    *,
    is_least: bool,
) -> list[ParameterChange]:
    """The parameter of one of these names, moved to the last end as far as its range allows."""
    if not ends or ends[-1] is None:
        return []
    for setting in settings:
        if setting.name in names:
            value = min(max(ends[-1], setting.low), setting.high)
            is_stricter = value > setting.value if is_least else value < setting.value
            return [ParameterChange(name=setting.name, value=value)] if is_stricter else []
    return []


def _split(
    segments: Iterable[Segment], axis: Axis, values: Mapping[str, float]
) -> tuple[list[Rates], list[Rates]]:
    """The bands that parameters would leave whole, and the others."""
    least, greatest = axis.limits(values)
    kept: list[Rates] = []
    left_out: list[Rates] = []
    for each in segments:
        if each.dimension == axis.dimension:
            is_above = (-np.inf if each.low is None else each.low) >= least
            is_below = (np.inf if each.high is None else each.high) <= greatest
            (kept if is_above and is_below else left_out).append(each.rates)
    return kept, left_out


def _mean(parts: Sequence[Rates]) -> float | None:
    """The mean fair CLV of the predictions of several disjoint segments."""
    count = sum(each.graded for each in parts)
    if not count:
        return None
    return sum(each.graded * (each.clv_pct or 0.0) for each in parts) / count
