"""Choosing: whose turn it is to be looked at, and what was proposed for it before."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Count, Exists, F, OuterRef, Q
from django.utils.translation import gettext as _

from betting.performance.measures import FEWEST
from strategies.learning.evidence import Refusal
from strategies.learning.held_out import split_of
from strategies.models import Improvement, LearningRun, LearningSettings, Strategy, StrategyVersion
from strategies.models.improvements import ImprovementQuerySet

REMEMBERED: Final = timedelta(days=90)  # after which an archived change may be proposed again
MOST_REMEMBERED: Final = 20
Status = Improvement.Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Skip:
    """A strategy that is not looked at, and why in a sentence."""

    strategy: Strategy
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Versions to look at, the worst first, and from which kick-off matches are held out."""

    chosen: tuple[tuple[StrategyVersion, datetime], ...]
    skipped: tuple[Skip, ...]


def choose(terms: LearningSettings, *, now: datetime) -> Choice:
    """Whose turn it is.

    Args:
        terms: How many at most, and how much is held out.
        now: The current instant.
    """
    chosen: list[tuple[StrategyVersion, datetime]] = []
    skipped = []
    for version in _candidates(now):
        reason = _why_not(version, terms)
        if not reason and len(chosen) >= terms.most_strategies:
            reason = _("%(count)d strategies with a worse record come first.") % {
                "count": terms.most_strategies
            }
        if not reason:
            split = split_of(version, share=terms.held_out_share)
            if split.since and split.is_enough:
                chosen.append((version, split.since))
                continue
            reason = _(
                "%(count)d matches are graded; it takes %(fewest)d to tell of and %(fewest)d held "
                "out."
            ) % {"count": split.told + split.held_out, "fewest": FEWEST}
        skipped.append(Skip(strategy=version.strategy, reason=reason))
    return Choice(chosen=tuple(chosen), skipped=tuple(skipped))


def remembered(strategy: Strategy, *, now: datetime) -> Sequence[Refusal]:
    """The newest changes that need not be proposed again, and why; two queries."""
    stored = [
        Refusal(changes=row.new_parameters, reason=_standing(row))
        for row in _known(strategy, now)[:MOST_REMEMBERED]
    ]
    unusable = LearningRun.objects.filter(
        strategy=strategy,
        status=LearningRun.Status.REFUSED,
        improvement=None,
        judgement=None,
        started_at__gte=now - REMEMBERED,
    )
    return stored + [
        Refusal(changes=_asked_for(run.proposal), reason=run.sentence)
        for run in unusable[:MOST_REMEMBERED]
    ]


def proposed_before(strategy: Strategy, changes: Mapping[str, float], *, now: datetime) -> str:
    """A sentence where these changes were proposed already and not long ago; else empty."""
    for row in _known(strategy, now):
        if row.new_parameters == dict(changes):
            return _("The same was proposed on %(day)s: %(standing)s") % {
                "day": f"{row.created_at:%Y-%m-%d}",
                "standing": _standing(row),
            }
    return ""


def _candidates(now: datetime) -> Iterable[StrategyVersion]:
    """The current versions of active strategies, the worst first, those without a score last."""
    waiting = Count(
        "strategy__improvements", filter=Q(strategy__improvements__status=Status.PROPOSED)
    )
    own = Improvement.objects.filter(strategy=OuterRef("strategy"), status=Status.ACTIVE)
    today = LearningRun.objects.filter(strategy=OuterRef("strategy"), day=now.date())
    return (
        StrategyVersion.objects.filter(is_current=True, strategy__is_active=True)
        .select_related("strategy")
        .annotate(waiting=waiting, is_in_test=Exists(own), is_done_today=Exists(today))
        .order_by(F("strategy__record__global_score").asc(nulls_last=True), "strategy")
    )


def _why_not(version: StrategyVersion, terms: LearningSettings) -> str:
    found: dict[str, bool | int] = vars(version)
    if found["is_done_today"]:
        return _("It was looked at today already.")
    if found["is_in_test"]:
        return _("A change of it is in test.")
    if found["waiting"] >= terms.most_waiting:
        return _("%(count)d proposals for it wait for a decision.") % {"count": found["waiting"]}
    return ""


def _known(strategy: Strategy, now: datetime) -> ImprovementQuerySet:
    """Changes that wait, are in test, or were archived not long ago; newest first."""
    rows = Improvement.objects.filter(strategy=strategy)
    return rows.filter(
        Q(status__in=[Status.PROPOSED, Status.ACTIVE])
        | Q(status=Status.ARCHIVED, archived_at__gte=now - REMEMBERED)
    )


def _standing(row: Improvement) -> str:
    """What became of a change, in a sentence."""
    if row.status == Status.PROPOSED:
        return _("it waits for a decision.")
    if row.status == Status.ACTIVE:
        return _("it is in test.")
    return row.archived_reason or _("it was archived without a reason.")


def _asked_for(proposal: Mapping[str, object] | None) -> dict[str, float]:
    """The parameters of a stored proposal; the last of those named twice."""
    changes = (proposal or {}).get("parameter_changes", [])
    return {each["name"]: each["value"] for each in changes}  # type: ignore[attr-defined]
