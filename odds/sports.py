"""The list of sports, as The Odds API gives it for nothing."""

import logging

from django.conf import settings as django_settings

from odds.client import OddsApiClient
from odds.models import CollectionSettings, Sport

logger = logging.getLogger(__name__)


def refresh_sports() -> int:
    """Learn the sports in season, so that they can be ticked in the admin; free of credits.

    Titles and groups follow the source; which sports are collected is the user's and stays.

    Returns:
        How many sports the source listed.

    Raises:
        OddsApiError: The list could not be had.
    """
    with OddsApiClient(
        base_url=django_settings.ODDS_API_BASE_URL,
        key=django_settings.ODDS_API_KEY,
        timeout_seconds=CollectionSettings.current().timeout_seconds,
    ) as client:
        listed = client.sports().events
    rows = [
        Sport(
            key=str(item["key"])[:80],
            title=str(item.get("title") or item["key"])[:120],
            group=str(item.get("group") or "")[:80],
        )
        for item in listed
        if isinstance(item, dict) and item.get("key") and not item.get("has_outrights")
    ]
    unique = {row.key: row for row in rows}
    Sport.objects.bulk_create(
        unique.values(),
        update_conflicts=True,
        unique_fields=["key"],
        update_fields=["title", "group"],
    )
    logger.info("%d sports are in season", len(unique))
    return len(unique)
