"""Closing windows in which no odds were seen: recorded with the reason, and counted."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import Exists, F, OuterRef, QuerySet

from odds.budget.encoding import encoded
from odds.gate import month_start
from odds.models import Collection, CurrentPlan, Match, PlannedCall
from odds.planner.situation import Kind
from odds.scores import PROVIDER_ID

ATTEMPTED: Final = timedelta(days=2)  # before a kick-off: a call made for it before it was moved
LOOKS_BACK: Final = timedelta(days=35)  # a longer standstill is not told match by match

# Beside the planner's reasons; places are named as in its sentences.
NOT_RUNNING: Final = "not_running"
CALL_FAILED: Final = "call_failed"
REFUSED: Final = "refused"
MOVED: Final = "moved"
LISTED_LATE: Final = "listed_late"
WAITING: Final = "waiting"  # just kicked off, not looked at yet; or before the first plan


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """The matches of collected sports that kicked off since the reset.

    `captured` have odds seen inside the closing window; `missing` are reasons with the number of
    matches, the most frequent first.
    """

    matches: int
    captured: int
    missing: list[tuple[str, int]]

    @property
    def share(self) -> float | None:
        """Of 1; undefined before the first match."""
        return self.captured / self.matches if self.matches else None


def note(now: datetime, *, window: timedelta) -> None:
    """Record planned calls whose time passed, and kick-offs without closing odds.

    Every kick-off is looked at once; the first time, none before now.
    """
    _expire(now)
    plan, _created = CurrentPlan.objects.get_or_create(pk=1)
    since = max(plan.checked_until or now, now - LOOKS_BACK)
    uncovered = list(
        _kicked_off(since, now)
        .filter(~_captured(window))
        .order_by("sport", "commence_time", "pk")
        .values_list("sport", "sport__key", "commence_time", "provider_id", "listed_at")
    )
    if uncovered:
        _record(uncovered, plan, now, window=window)
    CurrentPlan.objects.filter(pk=1).update(checked_until=now)


def coverage(now: datetime, *, window: timedelta) -> Coverage:
    """The month so far; three queries."""
    kicked_off = _kicked_off(month_start(now), now).annotate(is_captured=_captured(window))
    states = dict(kicked_off.order_by().values_list("provider_id", "is_captured"))
    captured = sum(states.values())
    missing: Counter[str] = Counter()
    left = {key for key, is_captured in states.items() if not is_captured}
    if left:
        rows = PlannedCall.objects.filter(
            kind=Kind.CLOSING.value,
            status=PlannedCall.Status.MISSED,
            at__gte=month_start(now) - ATTEMPTED,
        )
        for reason, match_ids in rows.order_by("-at", "-pk").values_list("reason", "match_ids"):
            found = left.intersection(match_ids)
            missing[reason] += len(found)
            left -= found
        missing[WAITING] += len(left)
    ordered = sorted(missing.items(), key=lambda one: (-one[1], one[0]))
    return Coverage(
        matches=len(states), captured=captured, missing=[one for one in ordered if one[1]]
    )


def _kicked_off(since: datetime, until: datetime) -> QuerySet[Match]:
    """Matches of collected sports that kicked off after `since`."""
    return Match.objects.filter(
        sport__is_collected=True,
        commence_time__gt=since,
        commence_time__lte=until,
        provider_id__regex=PROVIDER_ID,
    ).exclude(status=Match.Status.POSTPONED)


def _captured(window: timedelta) -> Exists:
    """Whether odds were seen inside a match's closing window."""
    seen = Collection.objects.stored().filter(
        sport=OuterRef("sport"),
        started_at__gte=OuterRef("commence_time") - window - timedelta(minutes=10),
        started_at__lte=OuterRef("commence_time"),  # before it is observed; bounds what is read
        observed_at__gte=OuterRef("commence_time") - window,
        observed_at__lte=OuterRef("commence_time"),
    )
    return Exists(seen)


def _expire(now: datetime) -> None:
    """Planned calls nobody made in their time."""
    late = PlannedCall.objects.filter(status=PlannedCall.Status.PLANNED, until__lt=now)
    ended = {"status": PlannedCall.Status.MISSED, "ended_at": now}
    late.exclude(error="").update(reason=REFUSED, **ended)
    late.update(reason=NOT_RUNNING, **ended)


Uncovered = tuple[int, str, datetime, str, datetime | None]
Reason = tuple[str, dict[str, Any]]


def _record(
    uncovered: Iterable[Uncovered], plan: CurrentPlan, now: datetime, *, window: timedelta
) -> None:
    """One row for each sport, kick-off and reason."""
    rows = list(uncovered)
    known = _known_reasons([match_id for *_head, match_id, _listed in rows], plan, now)
    slots: dict[tuple[int, str, datetime, str], list[str]] = defaultdict(list)
    numbers: dict[tuple[int, str, datetime, str], dict[str, Any]] = {}
    for sport_id, sport, kickoff, match_id, listed_at in rows:
        reason, told = known.get(match_id) or _otherwise(kickoff, listed_at, window)
        if reason == "":
            continue
        key = (sport_id, sport, kickoff, reason)
        slots[key].append(match_id)
        numbers[key] = told
    PlannedCall.objects.bulk_create(
        PlannedCall(
            sport_id=key[0],
            kind=Kind.CLOSING.value,
            endpoint=Collection.Endpoint.ODDS,
            at=key[2] - window,
            until=key[2],
            kickoff=key[2],
            cost=0,
            value=len(match_ids),
            match_ids=match_ids,
            reason=key[3],
            numbers=numbers[key]
            | encoded({"sport": key[1], "kickoff": key[2], "matches": len(match_ids)}),
            status=PlannedCall.Status.MISSED,
            planned_at=now,
            ended_at=now,
        )
        for key, match_ids in slots.items()
    )


def _known_reasons(match_ids: list[str], plan: CurrentPlan, now: datetime) -> Mapping[str, Reason]:
    """By match: nothing where it is recorded already, what went wrong, or the plan's own reason."""
    found: dict[str, Reason] = {}
    for one in plan.left_out:
        if one["kind"] == Kind.CLOSING.value:
            found |= dict.fromkeys(one["match_ids"], (one["reason"], one["numbers"]))
    calls = PlannedCall.objects.filter(
        kind=Kind.CLOSING.value,
        at__gt=now - ATTEMPTED - LOOKS_BACK,
        match_ids__overlap=match_ids,
    ).exclude(status__in=["planned", "claimed"])
    order = {"done": 0, "failed": 1, "missed": 2}
    told = calls.annotate(failure=F("collection__failure")).values_list(
        "status", "match_ids", "failure", "error", "kickoff"
    )
    for status, ids, failure, error, _kickoff in sorted(told, key=lambda row: order[row[0]]):
        reason: Reason = {
            "done": (MOVED, {}),
            "failed": (CALL_FAILED, {"failure": failure or "", "error": error}),
        }.get(status, ("", {}))
        found |= dict.fromkeys(ids, reason)
    return found


def _otherwise(kickoff: datetime, listed_at: datetime | None, window: timedelta) -> Reason:
    if listed_at is not None and listed_at > kickoff - window:
        return LISTED_LATE, {}
    return NOT_RUNNING, {}
