"""The night: results, settling, grading, ranking, analysing, notifying; once a UTC day.

A row says which step comes next and how often it was tried. A step that fails, or whose process
dies, is tried three times, a minute apart, and then given up: the ones after it work on what is
there. Whoever is killed between two steps is followed by a process that does the second only.
"""

import logging
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, time, timedelta
from typing import Any, Final

from celery import shared_task
from django.db.models import QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from alerts.mails.nightly import post_nightly
from alerts.models import NotificationSettings
from monps import pipeline
from odds.models import MatchResult
from strategies.learning.analyses import BusyError, analyse_strategies
from strategies.locks import Space, held
from strategies.models import Improvement, LearningRun, LearningSettings, NightlyRun
from strategies.ranking import ranking
from strategies.tasks import HARD_LIMIT_SECONDS, SOFT_LIMIT_SECONDS

logger = logging.getLogger(__name__)

MOST_TRIES: Final = 3
BETWEEN_TRIES: Final = timedelta(seconds=60)
MOST_LETTERS: Final = 500  # of an error
Clock = Callable[[], datetime]
Report = dict[str, Any]
Step = Callable[[NightlyRun, Clock], Report]
Status = NightlyRun.Status


class UnfinishedError(RuntimeError):
    """A step has more to do later; the message is a sentence."""


@shared_task(acks_late=True, soft_time_limit=SOFT_LIMIT_SECONDS, time_limit=HARD_LIMIT_SECONDS)
def run_night() -> None:
    """Do what is left of today's chain; nothing where it is done, or somebody is at it."""
    run(clock=timezone.now)


def run(*, clock: Clock, steps: Mapping[str, Step] | None = None) -> NightlyRun | None:
    """Do what is left of today's chain, as far as it goes.

    Args:
        clock: Tells the time.
        steps: The chain, by name and in order; the real one where none is given.

    Returns:
        The day's row; `None` while another process is at it.
    """
    steps = STEPS if steps is None else steps
    with held(Space.NIGHT) as is_ours:
        if not is_ours:
            return None
        now = clock()
        given = {"step": next(iter(steps)), "started_at": now}
        night, _is_new = NightlyRun.objects.get_or_create(day=now.date(), defaults=given)
        while night.step and _is_due(night, clock()):
            _do(night, steps, clock)
        return night


def _is_due(night: NightlyRun, now: datetime) -> bool:
    """A step that was tried waits for a minute, in case what failed needs it."""
    return night.tries == 0 or night.tried_at is None or now - night.tried_at >= BETWEEN_TRIES


def _do(night: NightlyRun, steps: Mapping[str, Step], clock: Clock) -> None:
    """Try the next step; one that was begun so often and never ended is given up."""
    step = night.step
    if night.tries >= MOST_TRIES:
        _give_up(night, steps, night.error or "Its process ended each time.", clock())
        return
    _write(night, tries=night.tries + 1, tried_at=clock(), error="")
    try:
        said = steps[step](night, clock)
    except Exception as error:  # whatever it is, the night goes on
        logger.exception("the night's step %s failed", step)
        sentence = f"{type(error).__name__}: {error}"[:MOST_LETTERS]
        if night.tries >= MOST_TRIES:
            _give_up(night, steps, sentence, clock())
        else:
            _write(night, error=sentence)
    else:
        night.report[step] = said
        _advance(night, steps, clock())


def _give_up(night: NightlyRun, steps: Mapping[str, Step], error: str, now: datetime) -> None:
    night.failures = [*night.failures, {"step": night.step, "error": error}]
    _advance(night, steps, now)


def _advance(night: NightlyRun, steps: Mapping[str, Step], now: datetime) -> None:
    """On to the next step, or to the end."""
    names = list(steps)
    after = names[names.index(night.step) + 1 :]
    given: dict[str, Any] = {"step": after[0] if after else "", "tries": 0, "error": ""}
    if not after:
        given |= {"status": Status.FAILED if night.failures else Status.DONE, "finished_at": now}
    _write(night, **given)


def _write(night: NightlyRun, **given: Any) -> None:
    for name, value in given.items():
        setattr(night, name, value)
    night.save()


def _results(_night: NightlyRun, clock: Clock) -> Report:
    now = clock()
    pipeline.ask_for_results(now=now)
    found = MatchResult.objects.filter(observed_at__gte=now)
    return {"matches": found.values("match").distinct().count()}


def _settle(_night: NightlyRun, clock: Clock) -> Report:
    pipeline.settle(now=clock())
    return {}


def _grade(_night: NightlyRun, clock: Clock) -> Report:
    pipeline.grade(now=clock())
    return {}


def _rank(_night: NightlyRun, clock: Clock) -> Report:
    ranking.rank(now=clock())
    pipeline.learn_what_calls_find(now=clock())
    return {}


def _analyse(_night: NightlyRun, clock: Clock) -> Report:
    """Raises where an analysis is to be tried again, so that the step is."""
    if not LearningSettings.current().is_nightly:
        return {"is_off": True}
    try:
        found = analyse_strategies(clock=clock)
    except BusyError as error:
        raise UnfinishedError(str(error)) from error
    if found.waiting:
        raise UnfinishedError(f"{found.waiting} analyses are to be tried again.")
    return {"skipped": {skip.strategy.pk: skip.reason for skip in found.skipped}}


def _notify(night: NightlyRun, clock: Clock) -> Report:
    """What the day's analyses and tests came to."""
    runs = LearningRun.objects.filter(day=night.day).select_related("strategy")
    since = datetime.combine(night.day, time(), UTC)
    reached = Improvement.objects.filter(verdict_at__gte=since - timedelta(days=1))
    return {
        "proposed": runs.filter(status=LearningRun.Status.PROPOSED).count(),
        "refused": runs.filter(status=LearningRun.Status.REFUSED).count(),
        "failed": runs.filter(status=LearningRun.Status.FAILED).count(),
        "cost_usd": str(runs.cost_usd()),
        "verdicts": list(reached.order_by("pk").values_list("pk", flat=True)),
        "is_mailed": _mail(night, runs, clock()),
    }


def _mail(night: NightlyRun, runs: QuerySet[LearningRun], now: datetime) -> bool:
    """One mail where there is something to decide or to mend, in the language of the mails."""
    with translation.override(NotificationSettings.current().language):
        lines = [
            _("%(strategy)s: a change is proposed. %(outcome)s")
            % {"strategy": run.strategy, "outcome": run.sentence}
            for run in runs.filter(status=LearningRun.Status.PROPOSED)
        ]
        broken = [
            _("The step “%(step)s” was given up: %(error)s") % failure for failure in night.failures
        ]
        broken += [
            _("%(strategy)s could not be analysed. %(outcome)s")
            % {"strategy": run.strategy, "outcome": run.sentence}
            for run in runs.filter(status=LearningRun.Status.FAILED)
        ]
        said = [str(line) for line in (*broken, *lines)]
    return post_nightly(night.day.isoformat(), said, now, is_failure=bool(broken))


STEPS: Final[Mapping[str, Step]] = {
    "results": _results,
    "settle": _settle,
    "grade": _grade,
    "rank": _rank,
    "analyse": _analyse,
    "notify": _notify,
}
