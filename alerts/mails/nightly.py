"""The mail about what the night's work came to."""

from collections.abc import Sequence
from datetime import datetime

from alerts.mails import letters, outbox, rendering
from alerts.models import NotificationSettings


def post_nightly(
    key: str, lines: Sequence[str], now: datetime, *, is_failure: bool = False
) -> bool:
    """Post one mail about a night; once for each key, ever.

    Args:
        key: Of the night, such as its day.
        lines: What it came to, a sentence each, in the language of the mails.
        now: The current instant.
        is_failure: Whether a part of it failed.

    Returns:
        Whether a mail was posted: not where mails are off, nothing is to be told or it was told.
    """
    chosen = NotificationSettings.current()
    if not (lines and outbox.is_open(chosen)):
        return False
    with rendering.for_readers(chosen):
        letter = letters.nightly(lines, is_failure=is_failure)
        return outbox.post_letter(f"nightly-{key}", letter, now=now)
