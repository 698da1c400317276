"""Pruning: raw answers are forgotten once nobody would replay them; what they brought stays."""

from datetime import datetime, timedelta

from odds.models import CollectionSettings, RawPayload


def prune_payloads(*, now: datetime) -> int:
    """Delete the raw answers that are older than the settings keep them.

    Args:
        now: The current instant.

    Returns:
        How many were deleted.
    """
    kept = timedelta(days=CollectionSettings.current().payload_days)
    old = RawPayload.objects.filter(collection__started_at__lt=now - kept)
    deleted, _by_model = old.delete()
    return deleted
