"""The minute's work: look, tell Alertmanager or ourselves, send what waits, write the rules."""

import logging
from pathlib import Path

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from alerts import evaluating, pushing, rule_files
from alerts.mails import outbox
from alerts.mails.verdicts import post_verdicts
from alerts.models import AlertSettings

logger = logging.getLogger(__name__)


@shared_task
def tick() -> None:
    """One minute; running it twice tells nothing twice. Mails are sent whatever fails before."""
    try:
        look()
    finally:
        outbox.send_waiting(clock=timezone.now)


def look() -> None:
    """Push opportunities where there is an Alertmanager, evaluate the rules where there is none."""
    now = timezone.now()
    if pushing.is_configured():
        evaluating.leave(now=now)
        pushing.push(now=now)
    else:
        evaluating.evaluate(now=now)
    post_verdicts(now=now)


@shared_task
def write_rules() -> None:
    """Bring the files a Prometheus reads in line with the thresholds, where a folder is named."""
    if not settings.ALERT_RULES_FOLDER:
        return
    folder = Path(settings.ALERT_RULES_FOLDER)
    try:
        changed = rule_files.write(folder, AlertSettings.current().thresholds())
    except OSError as error:
        why = error.strerror or type(error).__name__
        logger.warning(
            "the alert rules cannot be written to ALERT_RULES_FOLDER %s: %s", folder, why
        )
        return
    if changed:
        logger.info("alert rules changed: %s", ", ".join(changed))
