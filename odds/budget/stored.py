"""The plan in force, kept as rows: saved as a whole, and given back as the planner made it."""

from dataclasses import asdict
from datetime import datetime

from odds.budget.encoding import encoded, refusal_of, refusal_to_json
from odds.models import CurrentPlan, PlannedCall, Sport
from odds.planner import plans
from odds.planner.plans import Budget, Endpoint, Plan
from odds.planner.situation import Kind

Key = tuple[int, str, datetime, datetime]
FIELDS = ["kickoff", "cost", "value", "match_ids", "numbers", "markets", "regions", "bookmakers"]


def save(plan: Plan, *, fingerprint: str) -> None:
    """Put a plan in force; called inside a transaction that holds the rows of the one before.

    Calls that are in both keep their rows; those of the one before only are deleted.
    """
    sports = dict(Sport.objects.values_list("key", "pk"))
    before = {_key(row): row for row in PlannedCall.objects.filter(status="planned")}
    new, kept = [], []
    for call in plan.calls:
        row = _row(call, sports[call.sport], plan.made_at)
        if known := before.pop(_key(row), None):
            if any(getattr(row, name) != getattr(known, name) for name in FIELDS):
                row.pk, row.planned_at, row.error = known.pk, known.planned_at, known.error
                kept.append(row)
        else:
            new.append(row)
    gone = [row.pk for row in before.values()]
    PlannedCall.objects.filter(pk__in=gone, status=PlannedCall.Status.PLANNED).delete()
    PlannedCall.objects.bulk_create(  # in one statement; bulk_update takes half a second for 200
        kept, update_conflicts=True, unique_fields=["id"], update_fields=FIELDS
    )
    PlannedCall.objects.bulk_create(new)
    CurrentPlan.objects.update_or_create(
        pk=1,
        defaults={
            "made_at": plan.made_at,
            "fingerprint": fingerprint,
            "budget": asdict(plan.budget),
            "left_out": [refusal_to_json(one) for one in plan.not_planned],
        },
    )


def current() -> Plan | None:
    """The plan in force with the calls still to be made; None before the first."""
    stored = CurrentPlan.current()
    if stored.made_at is None:
        return None
    rows = PlannedCall.objects.filter(status=PlannedCall.Status.PLANNED).select_related("sport")
    return Plan(
        made_at=stored.made_at,
        calls=tuple(_call(row) for row in rows.order_by("at", "pk")),
        not_planned=tuple(refusal_of(one) for one in stored.left_out),
        budget=Budget(**stored.budget),
    )


def _key(row: PlannedCall) -> Key:
    return row.sport_id, row.kind, row.at, row.until


def _row(call: plans.PlannedCall, sport_id: int, now: datetime) -> PlannedCall:
    shape = call.shape
    return PlannedCall(
        sport_id=sport_id,
        kind=call.kind.value,
        endpoint=call.endpoint.value,
        markets=",".join(shape.markets) if shape else "",
        regions=",".join(shape.regions) if shape else "",
        bookmakers=",".join(shape.bookmakers) if shape else "",
        at=call.at,
        until=call.until,
        kickoff=call.kickoff,
        cost=call.cost,
        value=call.value,
        match_ids=list(call.match_ids),
        reason=call.reason.value,
        numbers=encoded(call.numbers),
        planned_at=now,
    )


def _call(row: PlannedCall) -> plans.PlannedCall:
    return plans.PlannedCall(
        at=row.at,
        until=row.until,
        sport=row.sport.key,
        kind=Kind(row.kind),
        endpoint=Endpoint(row.endpoint),
        shape=row.asked,
        cost=row.cost,
        value=row.value,
        match_ids=tuple(row.match_ids),
        kickoff=row.kickoff,
    )
