"""The statistical analyst: which segments lose beyond chance, and which parameter leaves them out.

Pure numbers, nothing of Django, and no language model. It looks at every segment, allows for
having looked at so many, and proposes only what a parameter can express: the band of edges that an
agent takes. What else it finds, it says.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.special import stdtr

from betting.performance.measures import ALPHA, FEWEST, Floats
from strategies.learning.evidence import Evidence, Setting
from strategies.learning.proposal import ParameterChange, Proposal
from strategies.learning.segments import EDGE, Rates, Segment

# What an agent's least and greatest claimed edge are called.
LEAST: Final = ("minimum_edge_pct", "minimum_profit_pct")
GREATEST: Final = ("maximum_edge_pct", "maximum_profit_pct")


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A segment that was tested.

    Attributes:
        segment: Which.
        p_value: Probability of a mean fair CLV so far from 0 if the true one were 0.
        adjusted: The same, allowing for all the segments tested.
    """

    segment: Segment
    p_value: float
    adjusted: float

    @property
    def clv_pct(self) -> float:
        """Its mean fair CLV; defined, as it was tested."""
        return self.segment.rates.clv_pct or 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Analysis:
    """What the analyst found: a proposal or none, and in a sentence why."""

    proposal: Proposal | None
    sentence: str
    findings: tuple[Finding, ...]


def adjusted_p_values(p_values: Floats) -> Floats:
    """The least false discovery rate at which each of several tests would count as found.

    Args:
        p_values: Of the tests, from 0 to 1, shape (m,).

    Returns:
        min over j >= i of m p(j) / j, in the order given, shape (m,).

    Source:
        Benjamini & Hochberg (1995), "Controlling the false discovery rate: a practical and
        powerful approach to multiple testing", Journal of the Royal Statistical Society B 57(1).
    """
    count = len(p_values)
    order = np.argsort(p_values)
    stepped = p_values[order] * count / np.arange(1, count + 1)
    found: Floats = np.empty(count)
    found[order] = np.minimum(np.minimum.accumulate(stepped[::-1])[::-1], 1.0)
    return found


def p_value(rates: Rates) -> float | None:
    """The probability of a mean fair CLV so far from 0 by chance, two-sided.

    Student's t with one degree of freedom less than there are matches, on a standard error that
    lets predictions on one match depend on each other. `None` with fewer than 30 matches, whose
    spread cannot be relied on, and where all CLVs are the same.
    """
    if rates.clv_pct is None or rates.graded_matches < FEWEST or not rates.clv_error:
        return None
    score = abs(rates.clv_pct) / rates.clv_error
    return float(2 * stdtr(rates.graded_matches - 1, -score))


def find_deviations(segments: Sequence[Segment]) -> tuple[Finding, ...]:
    """Every segment with enough graded matches, with its p-value adjusted for all of them."""
    tests = [(each, p_value(each.rates)) for each in segments]
    kept = [(each, value) for each, value in tests if value is not None]
    adjusted = adjusted_p_values(np.array([value for _, value in kept]))
    return tuple(
        Finding(segment=each, p_value=value, adjusted=float(rate))
        for (each, value), rate in zip(kept, adjusted, strict=True)
    )


def analyse(evidence: Evidence, *, alpha: float = ALPHA) -> Analysis:
    """At most one proposal, and why.

    Args:
        evidence: What is known of a version.
        alpha: The false discovery rate: of segments held to differ from 0, so many may not.
    """
    findings = find_deviations(evidence.segments)
    losing = [each for each in findings if each.adjusted <= alpha and each.clv_pct < 0]
    if not losing:
        return Analysis(proposal=None, sentence=_nothing(evidence, findings), findings=findings)
    bands = _in_force(findings, evidence.settings)
    below, above = _run(bands, losing), _run(bands[::-1], losing)
    if bands and len(below) == len(bands):
        why = f"Every band of edges loses ({_named(bands)}): no threshold would help."
        return Analysis(proposal=None, sentence=why, findings=findings)
    changes = [
        *_change(evidence.settings, LEAST, [each.segment.high for each in below]),
        *_change(evidence.settings, GREATEST, [each.segment.low for each in above]),
    ]
    why = _why_not(evidence, changes, losing)
    if why:
        return Analysis(proposal=None, sentence=why, findings=findings)
    proposal = _proposal(evidence, changes, [*below, *above], findings)
    return Analysis(proposal=proposal, sentence=proposal.reasoning, findings=findings)


def _in_force(findings: Iterable[Finding], settings: Iterable[Setting]) -> list[Finding]:
    """The bands of edges that the parameters in force let through, wholly or in part."""
    values = {each.name: each.value for each in settings}
    least = max((values[name] for name in LEAST if name in values), default=-np.inf)
    greatest = min((values[name] for name in GREATEST if name in values), default=np.inf)
    return [
        each
        for each in findings
        if each.segment.dimension == EDGE
        and (each.segment.high is None or each.segment.high > least)
        and (each.segment.low is None or each.segment.low < greatest)
    ]


def _run(bands: Iterable[Finding], losing: Sequence[Finding]) -> list[Finding]:
    """The first bands that lose, up to the first that does not."""
    run: list[Finding] = []
    for band in bands:
        if band not in losing:
            break
        run.append(band)
    return run


def _change(
    settings: Iterable[Setting], names: Sequence[str], ends: Sequence[float | None]
) -> list[ParameterChange]:
    """The parameter of one of these names, moved to the last end as far as its range allows."""
    if not ends or ends[-1] is None:
        return []
    for setting in settings:
        if setting.name in names:
            value = min(max(ends[-1], setting.low), setting.high)
            is_stricter = value > setting.value if names is LEAST else value < setting.value
            return [ParameterChange(name=setting.name, value=value)] if is_stricter else []
    return []


def _why_not(
    evidence: Evidence, changes: Sequence[ParameterChange], losing: Sequence[Finding]
) -> str:
    """Why these changes are not proposed; empty where they are."""
    if not changes:
        return f"What loses beyond chance ({_named(losing)}) is what no parameter leaves out."
    values = {each.name: each.value for each in changes}
    for refusal in evidence.refused:
        if dict(refusal.changes) == values:
            return f"{_in_words(changes)} was refused before: {refusal.reason}"
    return ""


def _proposal(
    evidence: Evidence,
    changes: Sequence[ParameterChange],
    cut: Sequence[Finding],
    findings: Sequence[Finding],
) -> Proposal:
    graded = evidence.base.graded_matches
    return Proposal(
        failure_pattern=f"Prices of some claimed edges lose to the closing line: {_named(cut)}.",
        missing_factors=[],
        recommended_adjustments=[_in_words([each]) for each in changes],
        parameter_changes=list(changes),
        expected_improvement=_gain(evidence, changes),
        reasoning=(
            f"{_in_words(changes)} leaves out what loses beyond chance: {_named(cut)}. Of "
            f"{len(findings)} segments tested on {graded} graded matches, allowing for their "
            "number (Benjamini-Hochberg). The gain is that of the same predictions, so the truth "
            "is likely to be less."
        ),
    )


def _gain(evidence: Evidence, changes: Sequence[ParameterChange]) -> float | None:
    """What the mean fair CLV of the graded predictions would have been higher by, points."""
    least = max((each.value for each in changes if each.name in LEAST), default=-np.inf)
    greatest = min((each.value for each in changes if each.name in GREATEST), default=np.inf)
    kept = [
        each.rates
        for each in evidence.segments
        if each.dimension == EDGE
        and (-np.inf if each.low is None else each.low) >= least
        and (np.inf if each.high is None else each.high) <= greatest
    ]
    count = sum(rates.graded for rates in kept)
    if not count or evidence.base.clv_pct is None:
        return None
    mean = sum(rates.graded * (rates.clv_pct or 0.0) for rates in kept) / count
    return round(mean - evidence.base.clv_pct, 3)


def _nothing(evidence: Evidence, findings: Sequence[Finding]) -> str:
    if not findings:
        return (
            f"No segment has {FEWEST} graded matches yet; of all predictions "
            f"{evidence.base.graded_matches} matches are graded."
        )
    return f"None of the {len(findings)} segments tested loses to the closing line beyond chance."


def _named(findings: Iterable[Finding]) -> str:
    return "; ".join(
        f"{each.segment.dimension} {each.segment.value}: CLV {each.clv_pct:+.2f} % on "
        f"{each.segment.rates.graded_matches} matches, adjusted p {each.adjusted:.2g}"
        for each in findings
    )


def _in_words(changes: Iterable[ParameterChange]) -> str:
    return " and ".join(f"{each.name} = {each.value:g}" for each in changes)
