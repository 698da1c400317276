"""Backtests as rows: asked for, claimed by one worker, watched, cancelled, repeated.

The row is the queue. A worker holds a session lock of the database while it calculates, which
dies with it; a row that is running while nobody holds its lock was abandoned, and is queued anew.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final

from celery.exceptions import SoftTimeLimitExceeded
from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models import Exists, OuterRef

from betting.detection.board import MARKETS
from odds.models import Match, Sport
from strategies.backtests.audit import LookAheadError
from strategies.backtests.code import code_version
from strategies.backtests.costs import Costs
from strategies.backtests.guarding import without_database
from strategies.backtests.running import NothingToJudgeError, Plan, Step, run
from strategies.models import Backtest
from strategies.parameters import ParametersError, as_mapping, parse
from strategies.registry import AGENTS
from strategies.replay.decisions import Window
from strategies.replay.history import History
from strategies.replay.reading import read_history

logger = logging.getLogger(__name__)

CLAIM_SPACE: Final = 7_367  # of session locks on backtests; 7 366 is of collections
WRITTEN_EVERY: Final = timedelta(seconds=1)
MOST_LETTERS: Final = 500  # of an error
Clock = Callable[[], datetime]
Status = Backtest.Status


class RefusedError(ValueError):
    """What was asked cannot be calculated; the message is a sentence for whoever asked."""


class StoppedError(Exception):
    """Whoever asked cancelled it, or another worker has taken it over."""


def queue(backtest: Backtest, *, now: datetime) -> Backtest:
    """Store a backtest to be calculated by the next worker.

    No competition means all, no market all of them; parameters left out have their defaults.

    Args:
        backtest: Unsaved, with what is asked.
        now: The current instant.

    Raises:
        RefusedError: It cannot be calculated.
    """
    backtest.sport_keys = backtest.sport_keys or _all_sport_keys()
    backtest.markets = backtest.markets or list(MARKETS)
    plan = _plan_of(backtest)
    backtest.parameters = as_mapping(plan.parameters)
    backtest.status, backtest.created_at = Status.QUEUED, now
    backtest.save()
    return backtest


def queued_ids() -> list[int]:
    """Backtests that wait, the oldest first."""
    waiting = Backtest.objects.filter(status=Status.QUEUED)
    return list(waiting.order_by("created_at", "pk").values_list("pk", flat=True))


def requeue_abandoned() -> int:
    """Queue anew what runs with nobody calculating it; how many."""
    running = Backtest.objects.filter(status=Status.RUNNING).values_list("pk", flat=True)
    found = 0
    for backtest_id in list(running):
        with _held(backtest_id) as is_ours:
            found += _requeue(backtest_id) if is_ours else 0
    return found


def cancel(backtest_id: int, *, now: datetime) -> bool:
    """Ask for a backtest to be stopped: at once where it waits, soon where it runs.

    Returns:
        Whether there was anything to stop.
    """
    rows = Backtest.objects.filter(pk=backtest_id)
    waiting = rows.filter(status=Status.QUEUED)
    if waiting.update(status=Status.CANCELLED, is_cancel_asked=True, finished_at=now):
        return True
    return rows.filter(status=Status.RUNNING).update(is_cancel_asked=True) == 1


def calculate(
    backtest_id: int,
    *,
    clock: Clock,
    watch: Callable[[float, Step], None] = lambda _share, _step: None,
) -> bool:
    """Calculate a queued backtest and store what came of it.

    Doing it twice does nothing the second time. Whatever stops it but the process's own end is
    stored with the row.

    Args:
        backtest_id: The row; one that somebody abandoned is begun anew.
        clock: Tells the time.
        watch: Told how far it is.

    Returns:
        Whether it was ours to calculate.
    """
    with _held(backtest_id) as is_ours:
        if not is_ours:
            return False
        _requeue(backtest_id)
        started_at = clock()
        row = Backtest.objects.filter(pk=backtest_id, status=Status.QUEUED)
        if not row.update(status=Status.RUNNING, started_at=started_at):
            return False
        claim = _Claim(backtest_id=backtest_id, started_at=started_at, clock=clock, watch=watch)
        _calculate(claim)
        return True


@dataclass(slots=True, kw_only=True)
class _Claim:
    """A running row of ours: what is written to it reaches it only while it is."""

    backtest_id: int
    started_at: datetime
    clock: Clock
    watch: Callable[[float, Step], None]
    written_at: datetime | None = None

    def advance(self, share: float, step: Step) -> None:
        """Write how far the work is, once a second at most; raise where it should stop."""
        self.watch(share, step)
        now = self.clock()
        if self.written_at is not None and now - self.written_at < WRITTEN_EVERY:
            return
        self.written_at = now
        if not self._rows(is_cancel_asked=False).update(progress=share, step=step.value):
            raise StoppedError

    def finish(self, status: str, **given: Any) -> None:
        """Write the end."""
        self._rows().update(status=status, finished_at=self.clock(), step="", **given)
        logger.info("backtest %d: %s", self.backtest_id, status)

    def fail(self, sentence: str) -> None:
        """Write why there is no result."""
        self.finish(Status.FAILED, error=sentence[:MOST_LETTERS])

    def _rows(self, **given: Any) -> Any:
        mine = {"pk": self.backtest_id, "status": Status.RUNNING, "started_at": self.started_at}
        return Backtest.objects.filter(**mine | given)


def _calculate(claim: _Claim) -> None:
    """Do the work and write its end, whichever it is."""
    try:
        _run(claim)
    except (RefusedError, NothingToJudgeError, LookAheadError) as refusal:
        claim.fail(str(refusal))
    except (StoppedError, KeyboardInterrupt) as stop:
        claim.finish(Status.CANCELLED)
        if isinstance(stop, KeyboardInterrupt):
            raise
    except SoftTimeLimitExceeded:
        claim.fail("It took too long; choose a shorter period or fewer competitions.")
        raise
    except Exception as error:  # repeated for ever otherwise; it is raised for the log
        claim.fail(f"The calculation broke off: {type(error).__name__}: {error}")
        raise


def _run(claim: _Claim) -> None:
    claim.advance(0.0, Step.READING)
    backtest = Backtest.objects.get(pk=claim.backtest_id)
    plan = _plan_of(backtest)
    history = _read(backtest)
    fingerprint = history.fingerprint
    tried = _variants_tried(backtest.agent, as_mapping(plan.parameters), fingerprint)
    result = run(
        replace(plan, variants_tried=tried),
        history,
        guard=without_database,
        advance=claim.advance,
    )
    claim.finish(
        Status.DONE,
        progress=1.0,
        result=result.as_json(),
        code_version=code_version(),
        fingerprint=fingerprint,
    )


def _plan_of(backtest: Backtest) -> Plan:
    """What a row asks for.

    Raises:
        RefusedError: Something in it is unknown or out of its range.
    """
    _require_sane(backtest)
    agent = AGENTS[backtest.agent]
    try:
        parameters = parse(agent.parameters, backtest.parameters)
    except ParametersError as error:
        raise RefusedError(str(error)) from error
    return Plan(
        agent=agent,
        parameters=parameters,
        window=Window(earliest=backtest.earliest_hours * 3600, latest=backtest.latest_minutes * 60),
        costs=Costs(
            commission=backtest.commission,
            delay_seconds=backtest.delay_minutes * 60,
            haircut=backtest.haircut,
        ),
        kelly_fraction=backtest.kelly_fraction,
        holdout=backtest.holdout,
    )


def _require_sane(backtest: Backtest) -> None:
    try:
        backtest.clean_fields(exclude={"created_at", "parameters", "result", "version"})
    except ValidationError as error:
        name, messages = next(iter(error.message_dict.items()))
        words = name.replace("_", " ").capitalize()
        raise RefusedError(f"{words}: {messages[0]}") from error
    if backtest.until < backtest.since:
        raise RefusedError(f"{backtest.until} lies before {backtest.since}.")
    if backtest.earliest_hours * 60 <= backtest.latest_minutes:
        raise RefusedError(
            f"From {backtest.earliest_hours:g} hours until {backtest.latest_minutes:g} minutes"
            " before kick-off nothing can be looked at."
        )
    if unknown := sorted(set(backtest.markets) - set(MARKETS)):
        raise RefusedError(f"There is no market {unknown[0]}; there are {', '.join(MARKETS)}.")
    known = Sport.objects.filter(key__in=backtest.sport_keys).values_list("key", flat=True)
    if strange := sorted(set(backtest.sport_keys) - set(known)):
        raise RefusedError(f"{strange[0]} is not a competition MON_PS knows.")


def _read(backtest: Backtest) -> History:
    return read_history(
        sorted(backtest.sport_keys),
        since=_midnight(backtest.since),
        until=_midnight(backtest.until + timedelta(days=1)),
        markets=[market for market in MARKETS if market in backtest.markets],
    )


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _variants_tried(agent: str, parameters: dict[str, float], fingerprint: str) -> int:
    """Distinct parameter sets of this agent tried on the same data, this one included."""
    done = Backtest.objects.filter(status=Status.DONE, agent=agent, fingerprint=fingerprint)
    stored = done.order_by().values_list("parameters", flat=True).distinct()
    return len({tuple(sorted(one.items())) for one in [*stored, parameters]})


def _all_sport_keys() -> list[str]:
    """Competitions with a match."""
    sports = Sport.objects.filter(Exists(Match.objects.filter(sport=OuterRef("pk"))))
    return list(sports.order_by("key").values_list("key", flat=True))


@contextmanager
def _held(backtest_id: int) -> Iterator[bool]:
    """Hold a backtest for this session, where nobody does; the server releases it when we die."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [CLAIM_SPACE, backtest_id])
        is_ours = bool(cursor.fetchone()[0])
    try:
        yield is_ours
    finally:
        if is_ours:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [CLAIM_SPACE, backtest_id])


def _requeue(backtest_id: int) -> int:
    """We hold the claim, so a row that is running belongs to a process that died."""
    abandoned = Backtest.objects.filter(pk=backtest_id, status=Status.RUNNING)
    return abandoned.update(status=Status.QUEUED, started_at=None, progress=0.0, step="")
