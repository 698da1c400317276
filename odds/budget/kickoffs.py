"""Kick-offs from the free list: asked for daily, and each few minutes near a kick-off.

A match put off at the last minute is put off on the list first; and any answer, even a free one,
tells the credits left.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Exists, OuterRef

from odds.client import Answer, OddsApiClient
from odds.collector import make_call
from odds.gate import KEY_RETRY
from odds.models import Collection, Match, PlannerSettings, Sport
from odds.parsing import parse_snapshot
from odds.storage import store_kickoffs

logger = logging.getLogger(__name__)

DAILY: Final = timedelta(days=1)
OFTEN: Final = timedelta(minutes=5)
BEFORE: Final = timedelta(hours=2)
AFTER: Final = timedelta(minutes=15)
RETRY: Final = timedelta(minutes=5)


def due_sport_keys(now: datetime) -> list[str]:
    """The collected sports whose list is to be asked for now; none while the planner is off."""
    if not PlannerSettings.current().is_on:
        return []
    near = Match.objects.filter(
        sport=OuterRef("pk"),
        commence_time__gt=now - AFTER,
        commence_time__lte=now + BEFORE,
        status=Match.Status.SCHEDULED,
    )
    sports = list(Sport.objects.filter(is_collected=True).annotate(is_near=Exists(near)))
    newest = {
        call.sport_id: call
        for call in Collection.objects.from_api()
        .filter(
            endpoint=Collection.Endpoint.EVENTS,
            sport__in=sports,
            started_at__gt=now - DAILY,
        )
        .order_by("sport_id", "-started_at")
        .distinct("sport_id")
    }
    return [
        sport.key
        for sport in sports
        if _due(newest.get(sport.pk), OFTEN if sport.is_near else DAILY, now) <= now
    ]


def _due(newest: Collection | None, interval: timedelta, now: datetime) -> datetime:
    if newest is None:
        return now
    if newest.status != Collection.Status.FAILED:
        return newest.started_at + interval
    keys = {
        Collection.Failure.WRONG_KEY,
        Collection.Failure.PLAN_LIMIT,
        Collection.Failure.OUT_OF_CREDITS,
    }
    return newest.started_at + (KEY_RETRY if newest.failure in keys else RETRY)


def refresh(sport_key: str, *, clock: Callable[[], datetime]) -> Collection:
    """Ask for a sport's coming matches and store what is new or moved; free.

    Raises:
        CollectionRefusedError: The sport is unknown, or asked for something else just now.
    """

    def admitted(_sport: Sport, _now: datetime) -> Collection:
        return Collection(
            endpoint=Collection.Endpoint.EVENTS, reason=Collection.Reason.KICKOFFS, markets=[]
        )

    def ask(client: OddsApiClient, _collection: Collection) -> Answer:
        return client.events(sport_key)

    return make_call(sport_key, clock=clock, admitted=admitted, ask=ask, store=_store)


def _store(collection: Collection, answer: Answer, observed_at: datetime) -> None:
    snapshot = parse_snapshot(answer.events)
    store_kickoffs(snapshot.matches, observed_at=observed_at)
    collection.matches_received = len(snapshot.matches)
    if snapshot.unreadable_matches:
        reasons = ", ".join(
            f"{why} ({n})" for why, n in sorted(snapshot.unreadable_matches.items())
        )
        collection.error = f"Matches that could not be read: {reasons}."
    logger.info("%s: %d kick-offs listed", collection.sport.key, len(snapshot.matches))
