"""The original's improvements among ours: proposed where the change is one, else in the archive.

The original proposed thresholds of a confidence that no agent has here, so nearly all of them can
only be kept for what they say. Such a row keeps the original's numbers under the original's name;
because no agent has a parameter of that name, its test is refused. Nothing was ever tested or
applied there, so no row comes over as in test or applied.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction

from monps.legacy.account import Ledger, RowError, rejection_of
from monps.legacy.improvement_rows import ToldImprovement, read_improvement
from monps.legacy.source import IMPROVEMENTS, Source
from strategies import lifecycle
from strategies.lifecycle import RefusedChangeError
from strategies.models import Improvement, ImprovementChange, Strategy

BY = "import_legacy"
Status = Improvement.Status


def import_improvements(
    source: Source, ledger: Ledger, *, now: datetime, advance: Callable[[int], object]
) -> None:
    """Store every improvement of the original that is not stored yet, one by one.

    Args:
        source: The original.
        ledger: Grows by what became of the rows.
        now: When they come over.
        advance: Told of every number of rows that are dealt with.
    """
    zone, account = ZoneInfo(source.zone), ledger.of(IMPROVEMENTS)
    strategies = {str(row.get("id")): row for row in source.rows("strategies")}
    for row in source.rows(IMPROVEMENTS):
        account.received += 1
        try:
            told = read_improvement(row, strategies=strategies, zone=zone)
            account.date(told.created_at)
            is_new = _store(told, now=now)
        except RowError as error:
            ledger.reject(rejection_of(IMPROVEMENTS, str(row.get("id") or ""), error))
        else:
            account.stored += is_new
            account.unchanged += not is_new
        advance(1)


@transaction.atomic
def _store(told: ToldImprovement, *, now: datetime) -> bool:
    """Whether it was not there yet.

    Raises:
        RowError: No strategy of ours asks its agent, or it is dated in the future.
    """
    if told.created_at > now:
        raise RowError("proposed in the future", told.created_at.isoformat())
    origin = f"the original's improvement {told.row_id}"[:120]
    if Improvement.objects.filter(origin=origin).exists():
        return False
    strategy = _strategy(told)
    try:
        made = lifecycle.propose(
            strategy, told.changes, now=told.created_at, by=BY, origin=origin, **told.columns
        )
    except RefusedChangeError as refusal:
        _archive(told, strategy, origin=origin, refusal=str(refusal), now=now)
        return True
    if told.status == Status.ARCHIVED:
        reason = told.archived_reason or None
        lifecycle.archive(made.pk, reason=reason, now=told.archived_at or now, by=BY)
    return True


def _strategy(told: ToldImprovement) -> Strategy:
    """The agent's strategy of that name, else its first."""
    found = list(Strategy.objects.filter(agent=told.agent).order_by("pk"))
    if not found:
        raise RowError("agent without a strategy: run manage.py prepare first", told.agent)
    return next((one for one in found if one.strategy_name == told.strategy_name), found[0])


def _archive(
    told: ToldImprovement, strategy: Strategy, *, origin: str, refusal: str, now: datetime
) -> None:
    """Keep what it says, in the archive from the start."""
    current = strategy.versions.get(is_current=True)
    at = told.archived_at if told.status == Status.ARCHIVED and told.archived_at else now
    sentences = (
        told.archived_reason,
        f"It comes from the original ({told.status} there).",
        refusal,
    )
    reason = " ".join(one for one in sentences if one)
    made = Improvement.objects.create(
        strategy=strategy,
        status=Status.ARCHIVED,
        new_parameters=told.changes,
        old_parameters=told.before,
        old_threshold=_or(told.old_threshold, current.threshold),
        new_threshold=_or(told.new_threshold, current.threshold),
        origin=origin,
        created_at=told.created_at,
        archived_at=max(at, told.created_at),
        archived_reason=reason,
        **told.columns,
    )
    _note(made, "", Status.PROPOSED, at=told.created_at)
    _note(made, Status.PROPOSED, Status.ARCHIVED, at=max(at, told.created_at), reason=reason)


def _or(value: float | None, otherwise: float) -> float:
    return otherwise if value is None else value


def _note(made: Improvement, old: str, new: str, **told: Any) -> None:
    at, reason = told["at"], told.get("reason", "")
    ImprovementChange.objects.create(
        improvement=made,
        old_status=old,
        new_status=new,
        reason=reason,
        changed_by=BY,
        changed_at=at,
    )
