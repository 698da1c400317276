"""Long work handed to workers; what waits is found in rows, so that no message need arrive."""

import logging

from celery import shared_task
from django.utils import timezone

from strategies.backtests import jobs

logger = logging.getLogger(__name__)

QUEUE = "long"  # whose worker may be busy for an hour
TICK_SECONDS = 60
SOFT_LIMIT_SECONDS = 3000
HARD_LIMIT_SECONDS = 3300  # below the broker's visibility timeout, or it would be sent again


@shared_task
def run_queued_backtests() -> None:
    """Hand every waiting backtest to a worker for long work; a doubled message does nothing."""
    if abandoned := jobs.requeue_abandoned():
        logger.warning("%d backtests were abandoned and wait again", abandoned)
    for backtest_id in jobs.queued_ids():
        run_backtest.apply_async((backtest_id,), queue=QUEUE, expires=TICK_SECONDS)


@shared_task(acks_late=True, soft_time_limit=SOFT_LIMIT_SECONDS, time_limit=HARD_LIMIT_SECONDS)
def run_backtest(backtest_id: int) -> None:
    """Calculate one backtest."""
    if not jobs.calculate(backtest_id, clock=timezone.now):
        logger.info("backtest %d is not waiting", backtest_id)
