"""What the page of an improvement shows: the change, why, its test, its steps, what can be done."""

import json
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext as _

from odds import figures
from strategies.admin import evidence_text, improvement_text
from strategies.admin.courses import points_of
from strategies.admin.improvement_text import ChangeLine
from strategies.admin.strategy_page import BY_HAND
from strategies.arms import Traffic, read_traffic
from strategies.experiments import progress_of
from strategies.learning.analyses import STATISTICIAN
from strategies.models import Improvement, ImprovementChange, LearningRun
from strategies.registry import Agent

Status = Improvement.Status
STEPS_SHOWN: Final = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Arm:
    """One arm of a test: its version, and the matches all of whose predictions are settled."""

    title: str
    version: int | None
    matches: int
    won: int

    @property
    def win_rate(self) -> float | None:
        """Matches won of 100; None without matches."""
        return 100 * self.won / self.matches if self.matches else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of its life; `before` is empty for the first."""

    row: ImprovementChange
    before: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowed:
    """The steps that lead from where it stands."""

    activate: bool
    apply: bool
    archive: bool
    reactivate: bool
    remove: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ImprovementPage:
    """Everything on it; without a test there are no arms, and no traffic unless it runs."""

    name: str
    tone: str
    origin: str
    changes: list[ChangeLine]
    adjustments: list[str]
    has_reasons: bool
    verdict: str
    verdict_tone: str
    percent: int
    interval: str
    effect: str
    course: dict[str, Any]
    arms: list[Arm]
    traffic: Traffic | None
    steps: list[Step]
    allowed: Allowed
    analysis: LearningRun | None
    cost: str


def read(improvement: Improvement) -> ImprovementPage:
    """Read the page of one improvement."""
    agent = improvement.strategy.rules
    adjustments = [_adjustment(one, agent) for one in improvement.recommended_adjustments or []]
    analysis = LearningRun.objects.filter(improvement=improvement).first()
    told = (improvement.failure_pattern, improvement.missing_factors, improvement.llm_reasoning)
    return ImprovementPage(
        name=improvement_text.name_of(improvement),
        tone=improvement_text.STATUS_TONES[improvement.status],
        origin=origin_of(improvement),
        changes=list(improvement_text.changes_of(improvement)),
        adjustments=adjustments,
        has_reasons=any((*told, adjustments)),
        verdict=improvement_text.verdict_in_words(improvement),
        verdict_tone=improvement_text.VERDICT_TONES.get(improvement.verdict, ""),
        percent=_progress(improvement),
        interval=improvement_text.gain_interval(improvement),
        effect=figures.plain(improvement.plan_effect),
        course=_course(improvement),
        arms=_arms(improvement),
        traffic=read_traffic(improvement) if improvement.is_in_test else None,
        steps=_steps(improvement),
        allowed=_allowed(improvement),
        analysis=analysis,
        cost=improvement_text.dollars(analysis) if analysis else "",
    )


def origin_of(improvement: Improvement) -> str:
    """Where it came from, in the user's language; a dash where nobody said."""
    if improvement.origin == STATISTICIAN:
        return _("statistical analyst")
    if improvement.origin.startswith(BY_HAND):
        return _("by %(name)s") % {"name": improvement.origin.removeprefix(BY_HAND)}
    return improvement.origin or figures.UNDEFINED


def _adjustment(given: Any, agent: Agent) -> str:
    """An adjustment as a line: a sentence, or anything else as JSON."""
    if not isinstance(given, str):
        return json.dumps(given, ensure_ascii=False)
    return evidence_text.changed(given, agent)


def _progress(improvement: Improvement) -> int:
    """Percent of the horizon; never more than all of it."""
    if not improvement.plan_horizon:
        return 0
    return min(100, 100 * improvement.paired_matches // improvement.plan_horizon)


def _course(improvement: Improvement) -> dict[str, Any]:
    """The chart of a test: the gain after each match, what would count, and where it ends."""
    return {
        "points": points_of(progress_of(improvement)),
        "horizon": improvement.plan_horizon,
        "goal": improvement.plan_effect,
    }


def _arms(improvement: Improvement) -> list[Arm]:
    if improvement.ab_test_start is None:
        return []
    first, second = improvement.version_a, improvement.version_b
    return [
        Arm(
            title=_("A: as it was"),
            version=first.number if first else None,
            matches=improvement.ab_test_matches_a,
            won=improvement.ab_test_wins_a,
        ),
        Arm(
            title=_("B: with the change"),
            version=second.number if second else None,
            matches=improvement.ab_test_matches_b,
            won=improvement.ab_test_wins_b,
        ),
    ]


def _steps(improvement: Improvement) -> list[Step]:
    """The newest first."""
    labels = dict(Status.choices)
    return [
        Step(
            row=row,
            before=str(labels.get(row.old_status, row.old_status)),
            by=_author(row),
        )
        for row in improvement.changes.all()[:STEPS_SHOWN]
    ]


def _author(row: ImprovementChange) -> str:
    """Who took it, in the user's language where it was nobody."""
    return _("statistical analyst") if row.changed_by == STATISTICIAN else row.changed_by


def _allowed(improvement: Improvement) -> Allowed:
    status = improvement.status
    return Allowed(
        activate=status in {Status.PROPOSED, Status.ARCHIVED},
        apply=status == Status.ACTIVE,
        archive=status in {Status.PROPOSED, Status.ACTIVE},
        reactivate=status == Status.ARCHIVED,
        remove=status != Status.APPLIED,
    )
