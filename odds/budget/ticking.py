"""What happens each minute: look for what was missed, plan anew where something changed."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from django.db import connection, transaction
from django.db.models import Case, IntegerField, Sum, Value, When
from django.db.models.functions import Coalesce

from odds.budget import executing, missing, stored
from odds.budget.situation import fingerprint, read
from odds.models import CurrentPlan, PlannedCall, PlannerSettings
from odds.planner.planning import plan
from odds.planner.situation import Situation

LOCK: Final = (7_367, 0)
FIRST: Final = {"closing": 0, "results": 1, "scan": 2}


def tick(
    now: datetime, *, awaited: Sequence[int] = (), results_after: timedelta | None = None
) -> list[int]:
    """Bring the plan up to date.

    Args:
        now: The current instant.
        awaited: Matches whose result may be paid for.
        results_after: How long after the kick-off a match can be over.

    Returns:
        The planned calls to make now, the most important first; none while the planner is off.
    """
    now = now.replace(microsecond=0)  # a plan is in whole seconds: what it has at once is due now
    planner = PlannerSettings.current()
    if not planner.is_on:
        PlannedCall.objects.filter(status=PlannedCall.Status.PLANNED).delete()
        return []
    executing.recover(now)
    with transaction.atomic():
        if _has_lock():
            _hold_planned_rows()
            missing.note(now, window=planner.window)
            _plan_anew(read(now, awaited=awaited, results_after=results_after))
    return due_ids(now)


def due_ids(now: datetime) -> list[int]:
    """The planned calls to make now, the most important first."""
    places = [When(kind=kind, then=Value(place)) for kind, place in FIRST.items()]
    due = PlannedCall.objects.filter(
        status=PlannedCall.Status.PLANNED, at__lte=now, until__gte=now
    ).order_by(Case(*places, output_field=IntegerField()), "until", "pk")
    return list(due.values_list("pk", flat=True))


def _plan_anew(situation: Situation) -> None:
    """Put a new plan in force on a new day and wherever things are not as the one in force has it.

    The credits are as it has them when they are those it began with, less its calls since.
    """
    known = CurrentPlan.current()
    now = situation.now
    if known.made_at is not None and _day(known.made_at) == _day(now):
        is_same = known.fingerprint == fingerprint(situation, since=known.made_at)
        expected = known.budget["remaining"] - _spent_since(known.made_at)
        if is_same and expected == situation.account.remaining:
            return
    stored.save(plan(situation), fingerprint=fingerprint(situation, since=now))


def _spent_since(made_at: datetime) -> int:
    made = PlannedCall.objects.filter(status__in=["claimed", "done"], claimed_at__gte=made_at)
    spent: int = made.aggregate(cost=Coalesce(Sum("cost"), 0))["cost"]
    return spent


def _day(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d}"


def _has_lock() -> bool:
    """Only one worker plans at a time; another's tick then only hands out what is due."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", LOCK)
        return bool(cursor.fetchone()[0])


def _hold_planned_rows() -> None:
    """Wait for claims under way and let no other begin, so that the plan knows every one."""
    list(
        PlannedCall.objects.select_for_update()
        .filter(status=PlannedCall.Status.PLANNED)
        .order_by("pk")
        .values_list("pk", flat=True)
    )
