"""The statistical analyst: which segments lose beyond chance, and which parameter leaves them out.

Pure numbers, nothing of Django, and no language model. It looks at every segment, allows for
having looked at so many, and proposes only what a parameter can express: the bands of edges and
odds that an agent takes. Of the changes not refused before it takes the one that would have gained
most. What else it finds, it says.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import stdtr

from betting.performance.measures import ALPHA, FEWEST, Floats
from strategies.learning.candidates import AXES, Axis, Candidate, candidates
from strategies.learning.evidence import Evidence
from strategies.learning.proposal import Proposal
from strategies.learning.segments import Rates, Segment
from strategies.learning.wording import Translate, in_words, named


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


def analyse(evidence: Evidence, *, alpha: float = ALPHA, gettext: Translate = str) -> Analysis:
    """At most one proposal, and why.

    Args:
        evidence: What is known of a version.
        alpha: The false discovery rate: of segments held to differ from 0, so many may not.
        gettext: How its sentences are translated.
    """
    findings = find_deviations(evidence.segments)
    losing = [each for each in findings if each.adjusted <= alpha and each.clv_pct < 0]
    if not losing:
        return Analysis(
            proposal=None, sentence=_nothing(evidence, findings, gettext), findings=findings
        )
    bands = _in_force(findings, evidence, AXES[0])
    if bands and all(band in losing for band in bands):
        why = gettext("Every band of edges loses (%(bands)s): no threshold would help.") % {
            "bands": _named(bands, gettext)
        }
        return Analysis(proposal=None, sentence=why, findings=findings)
    cut = [each.segment for each in losing]
    possible = [
        candidate
        for axis in AXES
        for candidate in candidates(
            evidence, axis, [each.segment for each in _in_force(findings, evidence, axis)], cut
        )
    ]
    helpful = _helpful(possible, alpha)
    fresh = [each for each in helpful if not _refusals(evidence, each)]
    if not fresh:
        why = _why_not(evidence, possible, helpful, losing, gettext)
        return Analysis(proposal=None, sentence=why, findings=findings)
    best = max(fresh, key=lambda each: each.gain)  # of equal ones the first
    proposal = _proposal(evidence, best, findings, gettext)
    return Analysis(proposal=proposal, sentence=proposal.reasoning, findings=findings)


def _in_force(findings: Iterable[Finding], evidence: Evidence, axis: Axis) -> list[Finding]:
    """The bands that the parameters in force let through, wholly or in part."""
    least, greatest = axis.limits(evidence.mapping)
    return [
        each
        for each in findings
        if each.segment.dimension == axis.dimension
        and (each.segment.high is None or each.segment.high > least)
        and (each.segment.low is None or each.segment.low < greatest)
    ]


def _helpful(possible: Sequence[Candidate], alpha: float) -> list[Candidate]:
    """Those that leave better prices than they leave out, beyond chance, allowing for them all."""
    adjusted = adjusted_p_values(np.array([each.p_value for each in possible]))
    return [
        each
        for each, rate in zip(possible, adjusted, strict=True)
        if rate <= alpha and each.gain > 0
    ]


def _refusals(evidence: Evidence, candidate: Candidate) -> list[str]:
    """Why just this was refused before; nothing where it was not."""
    return [each.reason for each in evidence.refused if dict(each.changes) == candidate.values]


def _why_not(
    evidence: Evidence,
    possible: Sequence[Candidate],
    helpful: Sequence[Candidate],
    losing: Sequence[Finding],
    gettext: Translate,
) -> str:
    """Why none of these changes is proposed."""
    if not possible:
        return gettext(
            "What loses beyond chance (%(segments)s) is what no parameter leaves out."
        ) % {"segments": _named(losing, gettext)}
    if not helpful:
        return gettext(
            "%(change)s would leave out what loses beyond chance (%(segments)s), but what is left "
            "is not better beyond chance."
        ) % {
            "change": in_words(possible[0].changes, gettext),
            "segments": _named(_cut(possible[0], losing), gettext),
        }
    return " ".join(
        gettext("%(change)s was refused before: %(reason)s")
        % {
            "change": in_words(each.changes, gettext),
            "reason": _refusals(evidence, each)[0],
        }
        for each in helpful
    )


def _proposal(
    evidence: Evidence, candidate: Candidate, findings: Sequence[Finding], gettext: Translate
) -> Proposal:
    cut = _named(_cut(candidate, findings), gettext)
    reasoning = gettext(
        "%(change)s leaves out what loses beyond chance: %(segments)s. Of %(count)d segments "
        "tested on %(graded)d graded matches, allowing for their number (Benjamini-Hochberg). "
        "What is left is better beyond chance, too (p %(p_value).2g). The gain is that of the same "
        "predictions, so the truth is likely to be less."
    )
    return Proposal(
        failure_pattern=gettext("Some prices lose to the closing line: %(segments)s.")
        % {"segments": cut},
        missing_factors=[],
        recommended_adjustments=[in_words([each], gettext) for each in candidate.changes],
        parameter_changes=list(candidate.changes),
        expected_improvement=round(candidate.gain, 3),
        reasoning=reasoning
        % {
            "change": in_words(candidate.changes, gettext),
            "segments": cut,
            "count": len(findings),
            "graded": evidence.base.graded_matches,
            "p_value": candidate.p_value,
        },
    )


def _cut(candidate: Candidate, findings: Iterable[Finding]) -> list[Finding]:
    return [each for each in findings if each.segment in candidate.cut]


def _nothing(evidence: Evidence, findings: Sequence[Finding], gettext: Translate) -> str:
    if not findings:
        return gettext(
            "No segment has %(fewest)d graded matches yet; of all predictions %(graded)d matches "
            "are graded."
        ) % {"fewest": FEWEST, "graded": evidence.base.graded_matches}
    return gettext(
        "None of the %(count)d segments tested loses to the closing line beyond chance."
    ) % {"count": len(findings)}


def _named(findings: Iterable[Finding], gettext: Translate) -> str:
    told = gettext(
        "%(segment)s: CLV %(clv)+.2f %% on %(matches)d matches, adjusted p %(adjusted).2g"
    )
    return "; ".join(
        told
        % {
            "segment": named(each.segment, gettext),
            "clv": each.clv_pct,
            "matches": each.segment.rates.graded_matches,
            "adjusted": each.adjusted,
        }
        for each in findings
    )
