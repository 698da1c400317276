"""Talking to Alertmanager: opportunities as alerts, and silences. Nobody else here speaks HTTP.

An alert that is open is pushed every minute with an end a few minutes ahead, so that it is over by
itself should MON_PS die; one that closed is pushed with its true end for a while, so that
Alertmanager learns of it. Pushing the same again changes nothing, so nothing is remembered here
but whether Alertmanager was reached.
"""

import logging
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import requests
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from alerts import channels, opportunities
from alerts.mails import rendering
from alerts.models import AlertmanagerState, NotificationSettings
from betting.models import Opportunity

logger = logging.getLogger(__name__)

TIMEOUT: Final = (5, 15)  # seconds to connect, and for each read
STAYS_OPEN: Final = timedelta(minutes=5)  # several pushes may fail before it counts as over
TOLD_CLOSED: Final = timedelta(minutes=15)  # as Alertmanager may be away for a while
BATCH: Final = 200  # alerts in one request
OK: Final = range(200, 300)


class AlertmanagerError(Exception):
    """Alertmanager did not do it; the message is a sentence without its address."""


def is_configured() -> bool:
    """Whether there is an Alertmanager to tell."""
    return bool(channels.alertmanager_url())


def push(*, now: datetime) -> int:
    """Tell Alertmanager which opportunities are open, and which closed a short while ago.

    Returns:
        How many alerts it took; 0 where it could not be reached, which is logged once.
    """
    chosen = NotificationSettings.current()
    with rendering.for_readers(chosen):
        alerts = _alerts(chosen, now)
        try:
            for first in range(0, len(alerts), BATCH):
                _post("alerts", alerts[first : first + BATCH])
        except AlertmanagerError as error:
            _note_failure(str(error), now)
            return 0
    _note_success(now)
    return len(alerts)


def silence(
    labels: dict[str, str], *, until: datetime, by: str, comment: str, now: datetime
) -> None:
    """Let Alertmanager mail nothing about an alert until then.

    Raises:
        AlertmanagerError: It could not be told.
    """
    matchers = [
        {"name": name, "value": value, "isRegex": False, "isEqual": True}
        for name, value in sorted(labels.items())
    ]
    given = {
        "matchers": matchers,
        "startsAt": _instant(now),
        "endsAt": _instant(until),
        "createdBy": by,
        "comment": comment or "MON_PS",
    }
    _post("silences", given)


def push_test(*, now: datetime) -> None:
    """Push an alert that says it is a test, and ends by itself.

    Raises:
        AlertmanagerError: It could not be told.
    """
    labels = {"alertname": "MonPsTest", "severity": "info"}
    annotations = {"summary": "Test", "description": "MON_PS reaches Alertmanager."}
    _post("alerts", [_alert(labels, annotations, now, now + STAYS_OPEN)])


def _alerts(chosen: NotificationSettings, now: datetime) -> list[dict[str, Any]]:
    """All open ones, then those that closed."""
    ends = dict.fromkeys(opportunities.worth_telling(chosen, now=now), now + STAYS_OPEN)
    for one in _lately_closed(now):
        closed_at = min(now, one.closed_at or one.match.commence_time)
        ends[one] = max(one.first_seen_at, closed_at)
    titles = opportunities.titles_of(list(ends))
    return [
        _alert(
            opportunities.labels_of(one),
            opportunities.annotations_of(one, titles, now=now),
            one.first_seen_at,
            end,
        )
        for one, end in ends.items()
    ]


def _lately_closed(now: datetime) -> QuerySet[Opportunity]:
    """Those that closed or kicked off; of one that was never pushed Alertmanager says nothing."""
    since = now - TOLD_CLOSED
    over = Q(closed_at__gt=since) | Q(
        closed_at=None, match__commence_time__gt=since, match__commence_time__lte=now
    )
    found = Opportunity.objects.accepted().filter(over, kind__in=opportunities.KINDS)
    return opportunities.with_names(found).order_by("-pk")[: opportunities.MOST]


def _alert(
    labels: dict[str, str], annotations: dict[str, str], begins: datetime, ends: datetime
) -> dict[str, Any]:
    return {
        "labels": labels,
        "annotations": annotations,
        "startsAt": _instant(begins),
        "endsAt": _instant(ends),
        "generatorURL": annotations.get("url", ""),
    }


def _instant(when: datetime) -> str:
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _post(path: str, body: object) -> None:
    """Send one request.

    Raises:
        AlertmanagerError: With a sentence; the libraries' own name the address.
    """
    try:
        answer = requests.post(
            f"{channels.alertmanager_url()}/api/v2/{path}", json=body, timeout=TIMEOUT,
            allow_redirects=False,
        )  # fmt: skip
    except requests.Timeout:
        raise AlertmanagerError(_("Alertmanager did not answer in time.")) from None
    except (requests.RequestException, ValueError) as error:
        said = _("Alertmanager cannot be reached (%(why)s).")
        raise AlertmanagerError(said % {"why": type(error).__name__}) from None
    if answer.status_code not in OK:
        said = _("Alertmanager refused what it was told (status %(status)s).")
        raise AlertmanagerError(said % {"status": answer.status_code})


def _note_failure(why: str, now: datetime) -> None:
    """Say so once; the minutes that follow are silent until it is reached again."""
    AlertmanagerState.objects.get_or_create(pk=1)
    well = AlertmanagerState.objects.filter(pk=1, failing_since=None)
    if well.update(failing_since=now, failure=why):
        logger.error("%s (it is tried again every minute)", why)
    else:
        AlertmanagerState.objects.filter(pk=1).update(failure=why)


def _note_success(now: datetime) -> None:
    AlertmanagerState.objects.get_or_create(pk=1)
    ill = AlertmanagerState.objects.filter(pk=1, failing_since__isnull=False)
    if ill.update(failing_since=None, failure=""):
        logger.warning("Alertmanager can be reached again")
    AlertmanagerState.objects.filter(pk=1).update(pushed_at=now)
