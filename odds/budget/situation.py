"""What the planner is told, read from the database."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import reduce
from operator import or_
from typing import Any, Final

from django.db.models import Count, F, Max, Min, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce

from odds import gate
from odds.budget import shape
from odds.models import (
    Collection,
    CollectionSettings,
    CurrentPlan,
    Match,
    PlannedCall,
    PlannerSettings,
    Sport,
)
from odds.planner.forecast import listed_ahead
from odds.planner.rates import Rates
from odds.planner.situation import (
    Account,
    AwaitedResult,
    KickOff,
    PlanSettings,
    Situation,
    SportState,
    SportTerms,
)
from odds.scores import PROVIDER_ID

PAST: Final = timedelta(days=28)
AHEAD: Final = timedelta(days=60)
LEADS: Final = 200  # newly listed matches by which it is measured how early they are
REMEMBERED: Final = timedelta(days=2)  # of calls; older ones bear on nothing
WRONG_REQUEST: Final = timedelta(hours=1)  # one refused as wrong is not right a minute later


def read(
    now: datetime,
    *,
    awaited: Sequence[int] = (),
    results_after: timedelta | None = None,
    rates: Rates | None = None,
) -> Situation:
    """Everything the planner must know at `now`; as many queries whatever there is.

    Args:
        now: The current instant.
        awaited: Matches whose result may be paid for.
        results_after: How long after the kick-off a match can be over.
        rates: What past calls taught; as stored where not given.
    """
    collection, planner = CollectionSettings.current(), PlannerSettings.current()
    sports = list(Sport.objects.filter(is_collected=True).order_by("priority", "key"))
    asked = shape.in_force(collection, planner)
    kickoffs = _kickoffs(sports, now)
    settings = planner.plan_settings()
    if results_after is not None:
        settings = replace(settings, results_after=results_after)
    return Situation(
        now=now,
        kickoffs=kickoffs,
        sports=[SportTerms(key=sport.key, shape=asked) for sport in sports],
        account=account(now, collection),
        settings=replace(settings, known_ahead=_known_ahead(sports, kickoffs, settings, now)),
        rates=rates or stored_rates(),
        states=_states(sports, now),
        awaited=_awaited(awaited),
        paused_until=gate.paused_until(now),
    )


def account(now: datetime, settings: CollectionSettings) -> Account:
    """The credits, less those of calls under way."""
    said = gate.credits_at(now, settings)
    claimed = PlannedCall.objects.filter(status=PlannedCall.Status.CLAIMED)
    under_way = claimed.aggregate(cost=Coalesce(Sum("cost"), 0))["cost"]
    return Account(
        remaining=max(0, said.remaining - under_way),
        reserve=said.reserve,
        resets_at=said.resets_at,
    )


def stored_rates() -> Rates:
    """What past calls taught, or the prior."""
    said: dict[str, Any] = CurrentPlan.current().rates
    if not said:
        return Rates()
    return Rates(
        by_lead=tuple(said["by_lead"]),
        by_hour=tuple(said["by_hour"]),
        by_sport=said["by_sport"],
        lifetime_hours=said["lifetime_hours"],
    )


def fingerprint(situation: Situation, *, since: datetime) -> str:
    """Of all that a plan made at `since` rests on, but the credits and the clock."""
    settings = replace(situation.settings, known_ahead=timedelta(0))
    told: list[object] = [
        sorted((one.match_id, one.at.isoformat()) for one in situation.kickoffs if one.at > since),
        [repr(sport) for sport in situation.sports],
        [situation.account.reserve, situation.account.resets_at.isoformat()],
        [repr(settings), repr(situation.rates), str(situation.paused_until)],
        sorted(
            (key, str(state.failed_at), state.failures_in_a_row)
            for key, state in situation.states.items()
        ),
        sorted((one.match_id, one.kickoff.isoformat()) for one in situation.awaited),
    ]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()


def _kickoffs(sports: Sequence[Sport], now: datetime) -> list[KickOff]:
    rows = Match.objects.filter(
        sport__in=sports,
        commence_time__gt=now - PAST,
        commence_time__lte=now + AHEAD,
        provider_id__regex=PROVIDER_ID,
    ).exclude(status=Match.Status.POSTPONED)
    found = rows.order_by().values_list("provider_id", "sport__key", "commence_time")
    return [KickOff(match_id=key, sport=sport, at=at) for key, sport, at in found]


def _known_ahead(
    sports: Sequence[Sport], kickoffs: Sequence[KickOff], settings: PlanSettings, now: datetime
) -> timedelta:
    """As measured on the matches last listed, those of each sport's first list left out."""
    listed = Match.objects.filter(sport__in=sports, listed_at__gt=now - PAST)
    first_lists = (
        Match.objects.filter(sport__in=sports, listed_at__isnull=False)
        .order_by()
        .values_list("sport")
        .annotate(first=Min("listed_at"))
    )
    is_later = [Q(sport=sport, listed_at__gt=first) for sport, first in first_lists]
    leads = (
        listed.filter(reduce(or_, is_later, Q(pk__in=[])))
        .annotate(lead=F("commence_time") - F("listed_at"))
        .order_by("-listed_at")
        .values_list("lead", flat=True)[:LEADS]
    )
    furthest = max((one.at for one in kickoffs), default=now) - now
    return listed_ahead(list(leads), furthest=furthest, believed=settings.known_ahead)


def _states(sports: Sequence[Sport], now: datetime) -> dict[str, SportState]:
    """How each sport's calls for odds went; a call under way counts as answered."""
    calls = (
        Collection.objects.from_api()
        .of_odds()
        .filter(sport__in=sports, started_at__gt=now - REMEMBERED)
    )
    stored = Q(status=Collection.Status.STORED)
    under_way = Q(status=Collection.Status.RUNNING)
    answered = dict(
        calls.order_by()
        .values_list("sport__key")
        .annotate(at=Max("started_at", filter=stored | under_way))
    )
    lost = [Collection.Status.FAILED, Collection.Status.ABANDONED]
    last = (
        calls.filter(sport=OuterRef("sport"), status=Collection.Status.STORED)
        .order_by("-started_at")
        .values("started_at")[:1]
    )
    since = calls.filter(status__in=lost).annotate(last=Subquery(last))
    failed = (
        since.filter(Q(last=None) | Q(started_at__gt=F("last")))
        .order_by()
        .values_list("sport__key")
        .annotate(
            at=Max("started_at"),
            wrong=Max("started_at", filter=Q(failure=Collection.Failure.BAD_REQUEST)),
            count=Count("pk"),
        )
    )
    states = {key: SportState(answered_at=at) for key, at in answered.items()}
    for key, at, wrong, count in failed:
        waits_from = at if wrong is None else max(at, wrong + WRONG_REQUEST)
        states[key] = replace(states[key], failed_at=waits_from, failures_in_a_row=count)
    return states


def _awaited(match_ids: Sequence[int]) -> list[AwaitedResult]:
    if not match_ids:
        return []
    found = Match.objects.filter(pk__in=match_ids, provider_id__regex=PROVIDER_ID).order_by()
    return [
        AwaitedResult(match_id=key, sport=sport, kickoff=at, has_free_source=False)
        for key, sport, at in found.values_list("provider_id", "sport__key", "commence_time")
    ]
