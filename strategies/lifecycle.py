"""The life of an improvement: proposed, in test, applied or archived; every step leaves a row.

proposed → active → applied, proposed or active → archived, archived → proposed or active. Each
step compares and swaps: of two that want the same row at once, one finds it gone and is refused.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from django.db import IntegrityError, transaction

from strategies.models import (
    ExperimentSettings,
    Improvement,
    ImprovementChange,
    Strategy,
    StrategyRecord,
    StrategyVersion,
)
from strategies.parameters import ParametersError, as_mapping, parse
from strategies.versions import make_current, store_version

Status = Improvement.Status
UNTESTED: Final[dict[str, Any]] = {
    "ab_test_matches_a": 0,
    "ab_test_matches_b": 0,
    "ab_test_wins_a": 0,
    "ab_test_wins_b": 0,
    "ab_test_end": None,
    "paired_matches": 0,
    "clv_gain": None,
    "clv_gain_low": None,
    "clv_gain_high": None,
    "profit_gain": None,
    "verdict": "",
    "verdict_at": None,
    "performance_gain": None,
}
UNARCHIVED: Final[dict[str, Any]] = {"archived_at": None, "archived_reason": None}


class UnknownImprovementError(LookupError):
    """There is no such improvement."""


class WrongStateError(ValueError):
    """The improvement is not in a state from which this step leads."""

    def __init__(self, status: str) -> None:
        super().__init__(status)
        self.status = status


class RefusedChangeError(ValueError):
    """The change cannot be made; the message is a sentence."""


@transaction.atomic
def propose(
    strategy: Strategy,
    changes: Mapping[str, Any],
    *,
    now: datetime,
    by: str = "",
    origin: str = "",
    **told: Any,
) -> Improvement:
    """Store a proposed change of a strategy's parameters.

    Args:
        strategy: Whose.
        changes: The parameters that change; others stay as they are.
        now: The current instant.
        by: Who proposes it.
        origin: What it comes from.
        told: What else is known of it: columns of `Improvement`; without a baseline that of the
            strategy's record.

    Raises:
        RefusedChangeError: A parameter is unknown or out of its range, or nothing changes.
    """
    current = strategy.versions.get(is_current=True)
    before = current.mapping
    try:
        after = as_mapping(parse(strategy.rules.parameters, before | dict(changes)))
    except ParametersError as error:
        raise RefusedChangeError(str(error)) from error
    changed = {name: value for name, value in after.items() if value != before[name]}
    if not changed:
        raise RefusedChangeError("Nothing would change: these are the parameters in force.")
    threshold = strategy.rules.threshold
    told = _before(current) | told
    improvement = Improvement.objects.create(
        strategy=strategy,
        new_parameters=changed,
        old_parameters=before,
        old_threshold=before[threshold],
        new_threshold=after[threshold],
        origin=origin,
        created_at=now,
        **told,
    )
    _note(improvement.pk, "", Status.PROPOSED, now=now, by=by)
    return improvement


@transaction.atomic
def archive(improvement_id: int, *, reason: str | None, now: datetime, by: str = "") -> Improvement:
    """Put an improvement away, and end its test.

    Raises:
        UnknownImprovementError: There is none of this id.
        WrongStateError: It is applied or archived already.
    """
    improvement = _locked([improvement_id])[0]
    if improvement.status not in {Status.PROPOSED, Status.ACTIVE}:
        raise WrongStateError(improvement.status)
    ended = {"ab_test_end": now} if improvement.is_in_test else {}
    return _step(
        improvement,
        Status.ARCHIVED,
        {"archived_at": now, "archived_reason": reason} | ended,
        now=now,
        by=by,
        reason=reason or "",
    )


@transaction.atomic
def reactivate(improvement_id: int, *, now: datetime, by: str = "") -> Improvement:
    """Take an archived improvement back among the proposed ones.

    Raises:
        UnknownImprovementError: There is none of this id.
        WrongStateError: It is not archived.
    """
    improvement = _locked([improvement_id])[0]
    if improvement.status != Status.ARCHIVED:
        raise WrongStateError(improvement.status)
    return _step(improvement, Status.PROPOSED, UNARCHIVED, now=now, by=by)


@transaction.atomic
def activate(improvement_ids: Sequence[int], *, now: datetime, by: str = "") -> list[Improvement]:
    """Begin the tests of these improvements, all of them or none; each id counts once.

    Raises:
        UnknownImprovementError: One of them does not exist.
        WrongStateError: One of them is neither proposed nor archived.
        RefusedChangeError: A strategy would have two tests at once, or the change fits its
            parameters no more.
    """
    improvements = _locked(list(dict.fromkeys(improvement_ids)))
    for improvement in improvements:
        if improvement.status not in {Status.PROPOSED, Status.ARCHIVED}:
            raise WrongStateError(improvement.status)
    _lock_strategies(improvements)
    return [_begin_test(improvement, now=now, by=by) for improvement in improvements]


@transaction.atomic
def apply(improvement_id: int, *, now: datetime, by: str = "") -> Improvement:
    """Make the tested version of a strategy its current one, and end the test.

    Undoing it is making the version before current again.

    Raises:
        UnknownImprovementError: There is none of this id.
        WrongStateError: It is not in test.
    """
    improvement = _locked([improvement_id])[0]
    if improvement.status != Status.ACTIVE or improvement.version_b is None:
        raise WrongStateError(improvement.status)
    make_current(improvement.version_b)
    matches, won = improvement.ab_test_matches_b, improvement.ab_test_wins_b
    gain = None
    if matches and improvement.baseline_win_rate is not None:
        gain = round(100 * won / matches - improvement.baseline_win_rate, 2)
    ended = {"applied_at": now, "ab_test_end": now, "performance_gain": gain}
    return _step(improvement, Status.APPLIED, ended, now=now, by=by)


@transaction.atomic
def delete(improvement_id: int) -> None:
    """Forget an improvement that was never applied; the versions of its test are kept.

    Raises:
        UnknownImprovementError: There is none of this id.
        WrongStateError: It is applied.
    """
    improvement = _locked([improvement_id])[0]
    if improvement.status == Status.APPLIED:
        raise WrongStateError(improvement.status)
    improvement.delete()


def _before(version: StrategyVersion) -> dict[str, Any]:
    """What the version in force brought so far."""
    record = StrategyRecord.objects.filter(version=version).first()
    return {
        "baseline_win_rate": record and record.win_rate,
        "baseline_roi": record and record.roi,
        "baseline_samples": record.settled if record else 0,
    }


def _begin_test(improvement: Improvement, *, now: datetime, by: str) -> Improvement:
    """Arm A is the version in force, arm B the same with the change; both are asked from now on."""
    strategy = improvement.strategy
    if strategy.improvements.filter(status=Status.ACTIVE).exists():
        raise RefusedChangeError(f"{strategy} has a test already; end it before the next one.")
    arm_a = StrategyVersion.objects.select_related("strategy").get(
        strategy=strategy, is_current=True
    )
    try:
        changed = parse(strategy.rules.parameters, arm_a.mapping | improvement.new_parameters)
    except ParametersError as error:
        raise RefusedChangeError(str(error)) from error
    origin = f"improvement {improvement.pk}"
    arm_b = store_version(strategy, as_mapping(changed), origin=origin, now=now)
    begun = UNTESTED | UNARCHIVED
    begun |= {"ab_test_start": now, "version_a": arm_a, "version_b": arm_b}
    plan = ExperimentSettings.current()
    begun |= {
        "plan_effect": plan.smallest_gain,
        "plan_alpha": plan.alpha,
        "plan_horizon": plan.horizon,
    }
    return _step(improvement, Status.ACTIVE, begun, now=now, by=by)


def _locked(improvement_ids: Sequence[int]) -> list[Improvement]:
    """The improvements in the order asked for, locked in the order of their ids."""
    rows = Improvement.objects.select_for_update(of=("self",)).order_by("pk")
    found = rows.select_related("strategy", "version_b__strategy").in_bulk(improvement_ids)
    missing = [pk for pk in improvement_ids if pk not in found]
    if missing:
        raise UnknownImprovementError(missing[0])
    return [found[pk] for pk in improvement_ids]


def _lock_strategies(improvements: Sequence[Improvement]) -> None:
    """Before their versions are read, and in one order, so that no two selections deadlock."""
    wanted = {improvement.strategy_id for improvement in improvements}
    list(Strategy.objects.select_for_update().filter(pk__in=wanted).order_by("pk"))


def _step(
    improvement: Improvement,
    status: Status,
    written: Mapping[str, Any],
    *,
    now: datetime,
    by: str,
    reason: str = "",
) -> Improvement:
    """Swap the status of the row that was compared, and note the step."""
    old = improvement.status
    rows = Improvement.objects.filter(pk=improvement.pk, status=old)
    try:
        with transaction.atomic():
            changed = rows.update(status=status, **written)
    except IntegrityError as error:
        raise RefusedChangeError(f"{improvement.strategy} has a test already.") from error
    if changed != 1:
        raise WrongStateError(old)
    _note(improvement.pk, old, status, now=now, by=by, reason=reason)
    improvement.refresh_from_db()
    return improvement


def _note(
    improvement_id: int, old: str, new: str, *, now: datetime, by: str, reason: str = ""
) -> None:
    ImprovementChange.objects.create(
        improvement_id=improvement_id,
        old_status=old,
        new_status=new,
        reason=reason,
        changed_by=by,
        changed_at=now,
    )
