"""When to ask football-data.co.uk again: its files change a few times a week."""

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from odds.football_data.fetching import update_leagues
from odds.football_data.leagues import division_of
from odds.models import LeagueUpdate, Sport

logger = logging.getLogger(__name__)

EVERY: Final = timedelta(hours=12)
AFTER_FAILURE: Final = timedelta(hours=2)


def due_leagues(sport_keys: Iterable[str], *, now: datetime) -> list[str]:
    """Those of these sports that the site covers and was not asked for lately."""
    covered = [key for key in sport_keys if division_of(key)]
    asked = {
        update.sport.key: update
        for update in LeagueUpdate.objects.filter(sport__key__in=covered).select_related("sport")
    }
    return [key for key in covered if key not in asked or _is_due(asked[key], now)]


def update_due_leagues(sport_keys: Iterable[str], *, now: datetime) -> list[str]:
    """Bring those that are due up to date, and note that they were asked for.

    Returns:
        The sports asked for, whether their files came or not.
    """
    due = due_leagues(sport_keys, now=now)
    if not due:
        return []
    summary = update_leagues(due, now=now)
    for missed in summary.missed.values():
        logger.warning("football-data.co.uk has no result of %s yet, or names it otherwise", missed)
    for sport in Sport.objects.filter(key__in=due):
        league = division_of(sport.key)
        failure = summary.failures.get(league.code, "") if league else ""
        LeagueUpdate.objects.update_or_create(
            sport=sport, defaults={"tried_at": now, "failure": failure[:300]}
        )
    return due


def _is_due(update: LeagueUpdate, now: datetime) -> bool:
    return now >= update.tried_at + (AFTER_FAILURE if update.failure else EVERY)
