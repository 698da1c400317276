"""Long work handed to workers; what waits is found in rows, so that no message need arrive."""

import logging
from typing import Any

from celery import Task, shared_task
from django.utils import timezone

from strategies import jobs
from strategies.backtests import jobs as backtests
from strategies.learning import analyses
from strategies.models import Backtest, Proof
from strategies.proofs import jobs as proofs

logger = logging.getLogger(__name__)

QUEUE = "long"  # whose worker may be busy for an hour
TICK_SECONDS = 60
RETRY_SECONDS = 60
SOFT_LIMIT_SECONDS = 3000
HARD_LIMIT_SECONDS = 3300  # below the broker's visibility timeout, or it would be sent again


@shared_task
def run_queued_jobs() -> None:
    """Hand all waiting work to the worker for it; a doubled message does nothing."""
    for model, task in ((Backtest, run_backtest), (Proof, run_proof)):
        if abandoned := jobs.requeue_abandoned(model):
            logger.warning("%d of %s were abandoned and wait again", abandoned, model.__name__)
        for pk in jobs.queued_ids(model):
            task.apply_async((pk,), queue=QUEUE, expires=TICK_SECONDS)


@shared_task(acks_late=True, soft_time_limit=SOFT_LIMIT_SECONDS, time_limit=HARD_LIMIT_SECONDS)
def run_backtest(backtest_id: int) -> None:
    """Calculate one backtest."""
    if not backtests.calculate(backtest_id, clock=timezone.now):
        logger.info("backtest %d is not waiting", backtest_id)


@shared_task(
    bind=True,
    acks_late=True,
    soft_time_limit=SOFT_LIMIT_SECONDS,
    time_limit=HARD_LIMIT_SECONDS,
    max_retries=analyses.MOST_TRIES - 1,
)
def run_analyses(self: "Task[..., Any]", asked_by: str = "") -> None:
    """Look at the strategies whose turn it is; again in a minute where a model was overloaded."""
    try:
        found = analyses.analyse_strategies(clock=timezone.now, by=asked_by)
    except analyses.BusyError as busy:
        logger.info("not analysed: %s", busy)
        return
    if found.waiting:
        raise self.retry(countdown=RETRY_SECONDS)


@shared_task(acks_late=True, soft_time_limit=SOFT_LIMIT_SECONDS, time_limit=HARD_LIMIT_SECONDS)
def run_proof(proof_id: int) -> None:
    """Make one proof."""
    if not proofs.calculate(proof_id, clock=timezone.now):
        logger.info("proof %d is not waiting", proof_id)
