"""The tasks and signals that give signs of life, and the task that keeps counters cheap."""

import logging
import time
from typing import Any, Final

from celery import current_app, shared_task
from celery.signals import after_task_publish, heartbeat_sent
from django.db import Error, connection
from django.utils import timezone

from alerts import heartbeats
from alerts.metrics import counted

logger = logging.getLogger(__name__)

SIGN_OF_LIFE: Final = "alerts.metrics.tasks.give_sign_of_life"
PAUSE: Final = 30  # seconds between two signs of a main process, whose heart beats more often


@shared_task(name=SIGN_OF_LIFE)
def give_sign_of_life() -> None:
    """A worker of the default queue runs what beat sent."""
    queue = current_app.conf.task_default_queue
    heartbeats.beat(heartbeats.of_worker(queue), now=timezone.now())


@shared_task
def fold_counters() -> None:
    """Sum what can no longer change, so that reading the metrics stays cheap."""
    counted.fold(now=timezone.now())


@after_task_publish.connect(sender=SIGN_OF_LIFE)
def note_beat(**_given: Any) -> None:
    """The broker has taken what beat alone sends."""
    try:
        heartbeats.beat(heartbeats.BEAT, now=timezone.now())
    except Error as error:
        logger.warning("beat's sign of life was not noted: %s", error)


class MainProcess:
    """The process of a worker that hands tasks to others; it lives while these are busy."""

    def __init__(self) -> None:
        self.due_at = 0.0

    def note(self, **_given: Any) -> None:
        """Its heart beat, which it does while the broker can be reached.

        The default queue is left out: there a task must have been run.
        """
        if time.monotonic() < self.due_at:
            return
        self.due_at = time.monotonic() + PAUSE
        queues = set(current_app.amqp.queues.consume_from)
        for queue in sorted(queues - {current_app.conf.task_default_queue}):
            self._note(queue)

    def _note(self, queue: str) -> None:
        try:
            heartbeats.beat(heartbeats.of_worker(queue), now=timezone.now())
        except Error as error:
            logger.warning("the sign of life of queue %s was not noted: %s", queue, error)
        finally:
            connection.close()  # or processes forked later would inherit it


main_process = MainProcess()
heartbeat_sent.connect(main_process.note)
