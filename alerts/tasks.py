"""The minute's work: look, tell Alertmanager or ourselves, send what waits."""

from celery import shared_task
from django.utils import timezone

from alerts import evaluating, pushing
from alerts.mails import outbox
from alerts.mails.verdicts import post_verdicts


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
