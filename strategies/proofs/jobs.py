"""Proofs as rows: asked for, claimed by one worker, watched, cancelled; as backtests are.

The row is the queue. A worker holds a session lock of the database while it calculates, which
dies with it; a row that is running while nobody holds its lock was abandoned, and is queued anew.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from celery.exceptions import SoftTimeLimitExceeded
from django.db import connection
from django.db.models import Exists, OuterRef

from odds.models import Match, Sport
from strategies.backtests.code import code_version
from strategies.models import Proof
from strategies.proofs.proof import NothingImportedError, Step, make
from strategies.replay.reading import IMPORTED

logger = logging.getLogger(__name__)

CLAIM_SPACE: Final = 7_368  # of session locks on proofs; 7 367 is of backtests
MOST_LETTERS: Final = 500  # of an error
Clock = Callable[[], datetime]
Watch = Callable[[float, Step], None]
Status = Proof.Status


class StoppedError(Exception):
    """Whoever asked cancelled it, or another worker has taken it over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Of which matches: by default all that were imported; from `since` to before `until`."""

    sport_keys: tuple[str, ...] | None = None
    since: datetime = datetime(1900, 1, 1, tzinfo=UTC)
    until: datetime = datetime(2200, 1, 1, tzinfo=UTC)


def ask(*, by: str, now: datetime) -> Proof:
    """A proof for the next worker; the one that waits or runs already where there is one."""
    unfinished = Proof.objects.filter(status__in=[Status.QUEUED, Status.RUNNING])
    return unfinished.first() or Proof.objects.create(asked_by=by, created_at=now)


def queued_ids() -> list[int]:
    """Proofs that wait, the oldest first."""
    waiting = Proof.objects.filter(status=Status.QUEUED)
    return list(waiting.order_by("created_at", "pk").values_list("pk", flat=True))


def requeue_abandoned() -> int:
    """Queue anew what runs with nobody calculating it; how many."""
    running = Proof.objects.filter(status=Status.RUNNING).values_list("pk", flat=True)
    found = 0
    for proof_id in list(running):
        with _held(proof_id) as is_ours:
            found += _requeue(proof_id) if is_ours else 0
    return found


def ask_to_cancel(proof_id: int, *, now: datetime) -> bool:
    """Ask for a proof to be stopped: at once where it waits, at its next step where it runs.

    Returns:
        Whether there was anything to stop.
    """
    rows = Proof.objects.filter(pk=proof_id)
    waiting = rows.filter(status=Status.QUEUED)
    if waiting.update(status=Status.CANCELLED, is_cancel_asked=True, finished_at=now):
        return True
    return rows.filter(status=Status.RUNNING).update(is_cancel_asked=True) == 1


def calculate(
    proof_id: int,
    *,
    clock: Clock,
    scope: Scope | None = None,
    watch: Watch = lambda _share, _step: None,
) -> bool:
    """Make a queued proof and store what it came to.

    Doing it twice does nothing the second time.

    Args:
        proof_id: The row; one that somebody abandoned is begun anew.
        clock: Tells the time.
        scope: Of which matches.
        watch: Told how far it is.

    Returns:
        Whether it was ours to calculate.
    """
    with _held(proof_id) as is_ours:
        if not is_ours:
            return False
        _requeue(proof_id)
        started_at = clock()
        row = Proof.objects.filter(pk=proof_id, status=Status.QUEUED)
        if not row.update(status=Status.RUNNING, started_at=started_at):
            return False
        claim = _Claim(proof_id=proof_id, started_at=started_at, clock=clock, watch=watch)
        _calculate(claim, scope or Scope())
        return True


def imported_sports() -> tuple[str, ...]:
    """The competitions of which football-data.co.uk's files brought matches, by key."""
    of_sport = Match.objects.filter(sport=OuterRef("pk"), provider_id__startswith=IMPORTED)
    keys = Sport.objects.filter(Exists(of_sport)).order_by("key").values_list("key", flat=True)
    return tuple(keys)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Claim:
    """A running row of ours: what is written to it reaches it only while it is."""

    proof_id: int
    started_at: datetime
    clock: Clock
    watch: Watch

    def advance(self, share: float, step: Step) -> None:
        """Write how far the work is; raise where it should stop."""
        self.watch(share, step)
        if not self._rows(is_cancel_asked=False).update(progress=share, step=step.value):
            raise StoppedError

    def finish(self, status: str, **given: Any) -> None:
        """Write the end."""
        self._rows().update(status=status, finished_at=self.clock(), step="", **given)
        logger.info("proof %d: %s", self.proof_id, status)

    def fail(self, sentence: str) -> None:
        """Write why there is no result."""
        self.finish(Status.FAILED, error=sentence[:MOST_LETTERS])

    def _rows(self, **given: Any) -> Any:
        mine = {"pk": self.proof_id, "status": Status.RUNNING, "started_at": self.started_at}
        return Proof.objects.filter(**mine | given)


def _calculate(claim: _Claim, scope: Scope) -> None:
    """Do the work and write its end, whichever it is."""
    try:
        _make(claim, scope)
    except NothingImportedError as refusal:
        claim.fail(str(refusal))
    except (StoppedError, KeyboardInterrupt) as stop:
        claim.finish(Status.CANCELLED)
        if isinstance(stop, KeyboardInterrupt):
            raise
    except SoftTimeLimitExceeded:
        claim.fail("It took too long.")
        raise
    except Exception as error:  # repeated for ever otherwise; it is raised for the log
        claim.fail(f"The calculation broke off: {type(error).__name__}: {error}")
        raise


def _make(claim: _Claim, scope: Scope) -> None:
    keys = imported_sports() if scope.sport_keys is None else scope.sport_keys
    results = make(keys, since=scope.since, until=scope.until, advance=claim.advance)
    claim.finish(
        Status.DONE,
        progress=1.0,
        result=results.as_json(),
        fingerprint=results.fingerprint,
        code_version=code_version(),
    )


@contextmanager
def _held(proof_id: int) -> Iterator[bool]:
    """Hold a proof for this session, where nobody does; the server releases it when we die."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [CLAIM_SPACE, proof_id])
        is_ours = bool(cursor.fetchone()[0])
    try:
        yield is_ours
    finally:
        if is_ours:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [CLAIM_SPACE, proof_id])


def _requeue(proof_id: int) -> int:
    """We hold the claim, so a row that is running belongs to a process that died."""
    abandoned = Proof.objects.filter(pk=proof_id, status=Status.RUNNING)
    return abandoned.update(status=Status.QUEUED, started_at=None, progress=0.0, step="")
