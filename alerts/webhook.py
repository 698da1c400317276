"""What Alertmanager tells of alerts (`alerts.views`), read and kept as episodes.

Each alert becomes an episode, known by its fingerprint and its beginning. A delivery may come
twice, and the news that an alert is over may come before the news that it began: an episode that
is over stays over.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from django.db import connection, transaction

MOST: Final = 2000  # alerts in one delivery
LONGEST_TEXT: Final = 4000
UNENDED_YEAR: Final = 1  # what Alertmanager writes where an alert has no end
STORE: Final = """
INSERT INTO alerts (
    source, fingerprint, name, severity, labels, annotations, starts_at, ends_at, seen_at,
    acknowledged_by, note
)
VALUES (
    'alertmanager', %(fingerprint)s, %(name)s, %(severity)s, %(labels)s, %(annotations)s,
    %(starts_at)s, %(ends_at)s, %(now)s, '', ''
)
ON CONFLICT (source, fingerprint, starts_at) DO UPDATE
SET ends_at = greatest(alerts.ends_at, excluded.ends_at),  -- nulls do not count
    annotations = excluded.annotations, seen_at = excluded.seen_at
"""


class MalformedDeliveryError(ValueError):
    """The body is none of Alertmanager's; the message says what is wrong."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """One alert as Alertmanager tells of it; `ends_at` is None while it fires."""

    fingerprint: str
    labels: dict[str, str]
    annotations: dict[str, str]
    starts_at: datetime
    ends_at: datetime | None


def read(body: bytes) -> list[Delivered]:
    """The alerts of a delivery.

    Raises:
        MalformedDeliveryError: It is none; nothing of it is to be stored.
    """
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        raise MalformedDeliveryError("The body is not JSON.") from None
    alerts = told.get("alerts") if isinstance(told, dict) else None
    if not isinstance(alerts, list):
        raise MalformedDeliveryError('The body has no list "alerts".')
    if len(alerts) > MOST:
        raise MalformedDeliveryError(f"The body has more than {MOST} alerts.")
    return [_read_alert(one, number) for number, one in enumerate(alerts, start=1)]


def store(delivered: Iterable[Delivered], *, now: datetime) -> None:
    """Keep episodes, all or none; what is known already is brought up to date."""
    rows = [
        {
            "fingerprint": one.fingerprint,
            "name": one.labels["alertname"],
            "severity": one.labels.get("severity", "")[:20],
            "labels": json.dumps(one.labels),
            "annotations": json.dumps(one.annotations),
            "starts_at": one.starts_at,
            "ends_at": one.ends_at,
            "now": now,
        }
        # In one order, so that two deliveries at once wait for each other and do not deadlock.
        for one in sorted(delivered, key=lambda one: (one.fingerprint, one.starts_at))
    ]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.executemany(STORE, rows)


def _read_alert(told: Any, number: int) -> Delivered:
    def wrong(what: str) -> MalformedDeliveryError:
        return MalformedDeliveryError(f"Alert {number}: {what}.")

    if not isinstance(told, dict):
        raise wrong("it is no object")
    labels, annotations = _texts(told.get("labels")), _texts(told.get("annotations", {}))
    if labels is None or not 0 < len(labels.get("alertname", "")) <= 120:
        raise wrong("its labels are no texts, or do not name it")
    if annotations is None:
        raise wrong("its annotations are no texts")
    fingerprint = told.get("fingerprint")
    if not (isinstance(fingerprint, str) and fingerprint.isalnum() and len(fingerprint) <= 64):
        raise wrong("it has no fingerprint")
    if told.get("status") not in ("firing", "resolved"):  # no set: it may be a list
        raise wrong("its status is neither firing nor resolved")
    starts_at, ends_at = _instant(told.get("startsAt")), _instant(told.get("endsAt"))
    is_over = told["status"] == "resolved"
    if starts_at is None or (is_over and ends_at is None):
        raise wrong("it has no instant at which it began or ended")
    return Delivered(
        fingerprint=fingerprint,
        labels=labels,
        annotations=annotations,
        starts_at=starts_at,
        ends_at=ends_at if is_over else None,
    )


def _texts(told: Any) -> dict[str, str] | None:
    """Names and texts as they can be stored; None where they are something else."""
    if not isinstance(told, dict):
        return None
    return told if all(_is_text(name) and _is_text(text) for name, text in told.items()) else None


def _is_text(told: Any) -> bool:
    """Whether the database can keep it: no zero byte, no half of a surrogate pair."""
    if not isinstance(told, str) or len(told) > LONGEST_TEXT or "\x00" in told:
        return False
    return not any("\ud800" <= letter <= "\udfff" for letter in told)


def _instant(told: Any) -> datetime | None:
    """An instant with its zone; None where there is none, or the year 1 that means none."""
    try:
        instant = datetime.fromisoformat(told)
        if instant.tzinfo is None or instant.year <= UNENDED_YEAR:
            return None
        return instant.astimezone(UTC)
    except (TypeError, ValueError, OverflowError):
        return None
