"""Long work as rows: asked for, claimed by one worker, watched, cancelled, taken up again.

The row is the queue. A worker holds a session lock of the database while it calculates, which
dies with it; a row that is running while nobody holds its lock was abandoned, and is queued anew.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from celery.exceptions import SoftTimeLimitExceeded

from strategies.locks import Space, held
from strategies.models import Backtest, Job, Proof

logger = logging.getLogger(__name__)

SPACES: Final[dict[type[Job], Space]] = {Backtest: Space.BACKTEST, Proof: Space.PROOF}
WRITTEN_EVERY: Final = timedelta(seconds=1)
MOST_LETTERS: Final = 500  # of an error
Clock = Callable[[], datetime]
Watch = Callable[[float, str], None]  # told how far the work is, from 0 to 1, and at which step
Status = Job.Status


class RefusedError(ValueError):
    """What was asked cannot be calculated; the message is a sentence for whoever asked."""


class StoppedError(Exception):
    """Whoever asked cancelled it, or another worker has taken it over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What finished work came to."""

    result: dict[str, Any]
    code_version: str
    fingerprint: str


@dataclass(slots=True, kw_only=True)
class Claim:
    """A running row of ours: what is written to it reaches it only while it is."""

    model: type[Job]
    pk: int
    started_at: datetime
    clock: Clock
    watch: Watch
    written_at: datetime | None = None

    def advance(self, share: float, step: str) -> None:
        """Write how far the work is, once a second at most; raise where it should stop."""
        self.watch(share, step)
        now = self.clock()
        if self.written_at is not None and now - self.written_at < WRITTEN_EVERY:
            return
        self.written_at = now
        if not self._rows(is_cancel_asked=False).update(progress=share, step=str(step)):
            raise StoppedError

    def finish(self, status: str, **given: Any) -> None:
        """Write the end."""
        self._rows().update(status=status, finished_at=self.clock(), step="", **given)
        logger.info("%s %d: %s", self.model._meta.verbose_name, self.pk, status)

    def fail(self, sentence: str) -> None:
        """Write why there is no result."""
        self.finish(Status.FAILED, error=sentence[:MOST_LETTERS])

    def _rows(self, **given: Any) -> Any:
        mine = {"pk": self.pk, "status": Status.RUNNING, "started_at": self.started_at}
        return self.model._default_manager.filter(**mine | given)


def queued_ids(model: type[Job]) -> list[int]:
    """Work that waits, the oldest first."""
    waiting = model._default_manager.filter(status=Status.QUEUED)
    return list(waiting.order_by("created_at", "pk").values_list("pk", flat=True))


def requeue_abandoned(model: type[Job]) -> int:
    """Queue anew what runs with nobody calculating it; how many."""
    running = model._default_manager.filter(status=Status.RUNNING).values_list("pk", flat=True)
    found = 0
    for pk in list(running):
        with held(SPACES[model], pk) as is_ours:
            found += _requeue(model, pk) if is_ours else 0
    return found


def cancel(model: type[Job], pk: int, *, now: datetime) -> bool:
    """Ask for work to be stopped: at once where it waits, soon where it runs.

    Returns:
        Whether there was anything to stop.
    """
    rows = model._default_manager.filter(pk=pk)
    waiting = rows.filter(status=Status.QUEUED)
    if waiting.update(status=Status.CANCELLED, is_cancel_asked=True, finished_at=now):
        return True
    return rows.filter(status=Status.RUNNING).update(is_cancel_asked=True) == 1


def calculate(
    model: type[Job],
    pk: int,
    work: Callable[[Claim], Outcome],
    *,
    clock: Clock,
    watch: Watch = lambda _share, _step: None,
) -> bool:
    """Do queued work and store what came of it.

    Doing it twice does nothing the second time. Whatever stops it but the process's own end is
    stored with the row.

    Args:
        model: What kind of work.
        pk: The row; one that somebody abandoned is begun anew.
        work: Does it; `RefusedError` says that it cannot be done.
        clock: Tells the time.
        watch: Told how far it is.

    Returns:
        Whether it was ours to do.
    """
    with held(SPACES[model], pk) as is_ours:
        if not is_ours:
            return False
        _requeue(model, pk)
        started_at = clock()
        row = model._default_manager.filter(pk=pk, status=Status.QUEUED)
        if not row.update(status=Status.RUNNING, started_at=started_at):
            return False
        _finish(Claim(model=model, pk=pk, started_at=started_at, clock=clock, watch=watch), work)
        return True


def _finish(claim: Claim, work: Callable[[Claim], Outcome]) -> None:
    """Do the work and write its end, whichever it is."""
    try:
        outcome = work(claim)
    except RefusedError as refusal:
        claim.fail(str(refusal))
    except StoppedError:
        claim.finish(Status.CANCELLED)
    except KeyboardInterrupt:
        claim.finish(Status.CANCELLED)
        raise
    except SoftTimeLimitExceeded:
        claim.fail("It took too long; choose a shorter period or fewer competitions.")
        raise
    except Exception as error:  # repeated for ever otherwise; it is raised for the log
        claim.fail(f"The calculation broke off: {type(error).__name__}: {error}")
        raise
    else:
        claim.finish(
            Status.DONE,
            progress=1.0,
            result=outcome.result,
            code_version=outcome.code_version,
            fingerprint=outcome.fingerprint,
        )


def _requeue(model: type[Job], pk: int) -> int:
    """We hold the claim, so a row that is running belongs to a process that died."""
    abandoned = model._default_manager.filter(pk=pk, status=Status.RUNNING)
    return abandoned.update(status=Status.QUEUED, started_at=None, progress=0.0, step="")
