"""Without Alertmanager MON_PS watches itself: the same rules, on the same numbers, every minute.

A rule that holds becomes a pending row and, after as long as it must hold, an alert; both survive
a restart, because they are rows. What the process that evaluates cannot see is left out: that the
web server does not answer (BackendDown), that the worker is dead, and what needs a past that only
Prometheus keeps. Who wants to be told of those runs Prometheus and Alertmanager.
"""

import hashlib
import json
import logging
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import connection, transaction

from alerts import opportunities, rules, telling
from alerts.conditions import Samples
from alerts.mails import rendering
from alerts.metrics.exposition import State
from alerts.models import Alert, AlertSettings, NotificationSettings
from alerts.rule import Holding, Rule

logger = logging.getLogger(__name__)

LOCK: Final = 7_369  # any number of our own; one evaluation at a time
# A pending alert goes on after a gap so long, as Prometheus does with the same tolerance.
LONGEST_GAP: Final = timedelta(hours=1)


def evaluate(*, now: datetime) -> bool:
    """Bring alerts in line with what holds now, and post what is to be told of them.

    Returns:
        Whether it was done: not while another does it, nor where the numbers cannot be read.
    """
    samples = current_samples(now)
    if not any(value for _labels, value in samples.get("monps_up", ())):
        logger.warning("the metrics could not be read; alerts are left as they are")
        return False
    chosen = NotificationSettings.current()
    with rendering.for_readers(chosen), transaction.atomic():
        if not _is_alone():
            return False
        thresholds = AlertSettings.current().thresholds()
        found = rules.holding(samples, thresholds, now_seconds=now.timestamp())
        _follow_rules(found, language=chosen.language, now=now)
        _follow_opportunities(chosen, now=now)
        telling.post_news(chosen, now=now)
    return True


def leave(*, now: datetime) -> None:
    """Leave the watch to Alertmanager: what MON_PS found by itself is over."""
    own = Alert.objects.own()
    own.pending().delete()
    own.open().update(ends_at=now, mailed_at=now)


def current_samples(now: datetime) -> Samples:
    """What the metrics page says, as the rules read it."""
    samples: dict[str, list[tuple[Mapping[str, str], float]]] = {}
    for family in State(now).collect():
        for sample in family.samples:
            samples.setdefault(sample.name, []).append((sample.labels, sample.value))
    return samples


def fingerprint_of(labels: Mapping[str, str]) -> str:
    """One alert's digest, whatever the order of its labels."""
    written = json.dumps(sorted(labels.items()), separators=(",", ":"))
    return hashlib.sha256(written.encode()).hexdigest()[:16]


def _is_alone() -> bool:
    """Whether nobody else evaluates until this transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
        return bool(cursor.fetchone()[0])


def _follow_rules(found: Iterable[Holding], *, language: str, now: datetime) -> None:
    known = {
        one.fingerprint: one
        for one in Alert.objects.own().filter(ends_at=None).exclude(name=opportunities.NAME)
    }
    for holding in found:
        alert = known.pop(fingerprint_of(holding.labels), None)
        _go_on(holding, alert, language=language, now=now)
    for alert in known.values():
        _let_go(alert, now)


def _go_on(holding: Holding, alert: Alert | None, *, language: str, now: datetime) -> None:
    """The rule holds: it begins to, goes on, or has held for long enough."""
    given: dict[str, Any] = {"annotations": holding.annotations(language), "seen_at": now}
    if alert is None:
        labels = holding.labels
        alert = Alert(
            source=Alert.Source.OWN,
            fingerprint=fingerprint_of(labels),
            name=holding.rule.name,
            severity=holding.rule.severity.value,
            labels=labels,
            pending_since=now,
        )
    elif alert.starts_at is None and now - alert.seen_at > LONGEST_GAP:
        alert.pending_since = now
    for name, value in given.items():
        setattr(alert, name, value)
    since = alert.pending_since
    if alert.starts_at is None and since is not None and now - since >= holding.rule.holds_for:
        alert.starts_at = now
    alert.save()


def _let_go(alert: Alert, now: datetime) -> None:
    """The rule does not hold: what was pending is forgotten, what fired is soon over."""
    if alert.starts_at is None:
        alert.delete()
        return
    rule: Rule | None = rules.RULES.get(alert.name)
    if rule is None or now - alert.seen_at >= rule.keeps_for:
        Alert.objects.filter(pk=alert.pk).update(ends_at=now)


def _follow_opportunities(chosen: NotificationSettings, *, now: datetime) -> None:
    """One alert for each opportunity, once: one that comes back under its number began already."""
    found = opportunities.worth_telling(chosen, now=now)
    titles = opportunities.titles_of(found)
    by_fingerprint = {fingerprint_of(opportunities.labels_of(one)): one for one in found}
    own = Alert.objects.own().filter(name=opportunities.NAME, ends_at=None)
    own.exclude(fingerprint__in=by_fingerprint).update(ends_at=now)
    known = set(own.values_list("fingerprint", flat=True))
    Alert.objects.bulk_create(
        [
            Alert(
                source=Alert.Source.OWN,
                fingerprint=fingerprint,
                name=opportunities.NAME,
                severity="info",
                labels=opportunities.labels_of(one),
                annotations=opportunities.annotations_of(one, titles, now=now),
                pending_since=one.first_seen_at,
                starts_at=one.first_seen_at,
                seen_at=now,
            )
            for fingerprint, one in by_fingerprint.items()
            if fingerprint not in known
        ],
        ignore_conflicts=True,
    )
