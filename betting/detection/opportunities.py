"""Opportunities: detect them in what is on offer, follow them, close them.

Work to do is rows: a sport whose newest stored collection has not been read yet is pending, so a
lost message costs one tick and a doubled one costs nothing.
"""

import logging
from dataclasses import dataclass, fields
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import F, OuterRef, Q, Subquery

from betting.detection import lifecycle
from betting.detection.current_quotes import newest_looks, read_bookmakers, read_quotes
from betting.detection.findings import find
from betting.detection.pricing import Thresholds
from betting.models import Detection, DetectionSettings
from odds.devig import Method
from odds.models import Collection, Sport
from odds.models.collections import CollectionQuerySet
from odds.storage import LOCK_SPACE

logger = logging.getLogger(__name__)

ALWAYS_DRAWS = "soccer"  # sports whose match winner always has a draw begin with it


@dataclass(frozen=True, slots=True, kw_only=True)
class Detected:
    """What a detection did to a sport's opportunities.

    `updated` were on offer before and still are; `rejected` of those opened or updated are
    refused by a guard.
    """

    opened: int = 0
    updated: int = 0
    closed: int = 0
    rejected: int = 0


def pending_sport_ids() -> list[int]:
    """Sports whose newest stored collection no detection has read."""
    newest = _newest_first().filter(sport=OuterRef("pk")).values("pk")[:1]
    sports = Sport.objects.annotate(newest=Subquery(newest))
    unread = Q(detection=None) | ~Q(detection__collection=F("newest"))
    return list(sports.filter(unread, newest__isnull=False).values_list("pk", flat=True))


def detect(sport_id: int, *, now: datetime) -> Detected:
    """Bring a sport's opportunities in line with its newest collections.

    Stores and detections of one sport go one after the other, so that a detection sees whole
    snapshots. It never goes back in time: it is dated no earlier than what it reads and than the
    detection before it.

    Args:
        sport_id: The sport.
        now: The current instant, or the recorded one when a recording is replayed.
    """
    with transaction.atomic():
        _lock(sport_id)
        collection = _newest_first().filter(sport_id=sport_id).first()
        if collection is None or collection.observed_at is None:
            return Detected()
        earlier = Detection.objects.filter(sport_id=sport_id).first()
        at = max(now, collection.observed_at, earlier.detected_at if earlier else now)
        detected = _detect(sport_id, at)
        Detection.objects.update_or_create(
            sport_id=sport_id, defaults={"collection": collection, "detected_at": at}
        )
    logger.info(
        "sport %d: %d opportunities opened, %d updated, %d closed, %d rejected",
        sport_id,
        detected.opened,
        detected.updated,
        detected.closed,
        detected.rejected,
    )
    return detected


def close_finished(*, now: datetime) -> int:
    """Close opportunities whose match kicked off or whose price is too old, of whatever sport.

    Returns:
        How many were closed.
    """
    return lifecycle.close_finished(now=now, oldest=_oldest(DetectionSettings.current(), now))


def thresholds_of(settings: DetectionSettings) -> Thresholds:
    """The user's settings as pricing takes them."""
    values = {field.name: getattr(settings, field.name) for field in fields(Thresholds)}
    return Thresholds(**values | {"devig": Method(settings.devig)})


def _detect(sport_id: int, now: datetime) -> Detected:
    settings = DetectionSettings.current()
    panel, ids = read_bookmakers()
    looks = newest_looks(sport_id, since=_oldest(settings, now))
    findings = find(
        read_quotes(sport_id, looks=looks, ids=list(ids.values()), now=now),
        panel,
        thresholds_of(settings),
        has_draws=Sport.objects.get(pk=sport_id).key.startswith(ALWAYS_DRAWS),
    )
    opened, updated, closed = lifecycle.record(
        findings, sport_id=sport_id, ids=ids, looks=looks, now=now
    )
    rejected = sum(1 for finding in findings if finding.rejection)
    return Detected(opened=opened, updated=updated, closed=closed, rejected=rejected)


def _newest_first() -> CollectionQuerySet:
    """Stored collections; a sport's calls go one after the other, so by start is by answer."""
    return Collection.objects.stored().order_by("-started_at", "-pk")


def _oldest(settings: DetectionSettings, now: datetime) -> datetime:
    return now - timedelta(minutes=settings.maximum_seen_age_minutes)


def _lock(sport_id: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK_SPACE, sport_id])
