"""The sequence: collect, then detect. The only place that composes the apps.

Each step also finds by itself, from rows, what an earlier one left for it: a due sport is due
until it was collected, a stored collection is pending until detection has read it. So a lost
message costs one tick, and a doubled one costs nothing.
"""

import logging

from celery import shared_task
from django.utils import timezone

from betting import opportunities
from odds import collector, gate, sports
from odds.client import OddsApiError
from odds.models import Collection

logger = logging.getLogger(__name__)


@shared_task
def collect_due_sports() -> None:
    """Hand every sport that is due to its own task."""
    for sport_key in gate.due_sport_keys(timezone.now()):
        collect_and_detect.apply_async((sport_key,), expires=60)


@shared_task
def collect_and_detect(sport_key: str, is_forced: bool = False) -> None:
    """Store one snapshot of a sport and look for opportunities in it.

    Running it twice stores nothing new; the second one is refused, or waits for the interval.
    """
    reason = Collection.Reason.REQUEST if is_forced else Collection.Reason.INTERVAL
    try:
        collection = collector.collect_sport(
            sport_key, clock=timezone.now, reason=reason, is_forced=is_forced
        )
    except gate.CollectionRefusedError as refusal:
        logger.info("not collected: %s", refusal)
        return
    if collection.status == Collection.Status.STORED:
        opportunities.detect(collection.sport_id, now=timezone.now())


@shared_task
def detect_opportunities() -> None:
    """Close what kicked off or grew old; read every collection no detection has read."""
    opportunities.close_finished(now=timezone.now())
    for sport_id in opportunities.pending_sport_ids():
        opportunities.detect(sport_id, now=timezone.now())


@shared_task
def refresh_sports() -> None:
    """Learn which sports are in season; what cannot be had today can be had tomorrow."""
    try:
        sports.refresh_sports()
    except OddsApiError as error:
        logger.warning("the list of sports could not be had: %s", error)
