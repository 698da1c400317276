"""The sequence: collect, detect, predict, close, grade, settle, rank; it alone composes the apps.

Each step also finds by itself, from rows, what an earlier one left for it: a due sport is due
until it was collected, a stored collection is pending until detection and the agents have read it,
a match that began is pending until its closing lines are captured, a bet until its match has a
result. So a lost message costs one tick, and a doubled one costs nothing.
"""

import logging
from datetime import datetime, timedelta

from celery import shared_task
from django.utils import timezone

from betting.bets import awaiting, settlement
from betting.closing import capture, grading, paper
from betting.detection import opportunities
from betting.models import Opportunity, SettlementSettings
from odds import collector, gate, pruning, scores, sports
from odds.budget import executing, kickoffs, learning, ticking
from odds.client import OddsApiError
from odds.football_data import updates
from odds.models import Collection, MatchResult, PlannerSettings, Sport
from strategies import experiments
from strategies.live import asking, settling
from strategies.models import Prediction
from strategies.ranking import ranking

logger = logging.getLogger(__name__)

LONGEST_RESULTS_WAIT_MINUTES = 24 * 60  # scores are told for three days, and calls wait for two


@shared_task
def collect_due_sports() -> None:
    """Hand every sport that is due to its own task; with a planner only those never seen."""
    if PlannerSettings.current().is_on:
        asked = Collection.objects.filter(endpoint=Collection.Endpoint.ODDS)
        new = Sport.objects.filter(is_collected=True).exclude(pk__in=asked.values("sport"))
        for key in new.values_list("key", flat=True):
            collect_and_detect.apply_async((key,), {"is_forced": True}, expires=60)
        return
    for sport_key in gate.due_sport_keys(timezone.now()):
        collect_and_detect.apply_async((sport_key,), expires=60)


@shared_task
def refresh_kickoffs() -> None:
    """Hand every sport whose kick-offs are due to be read again, which is free, to its own task."""
    for sport_key in kickoffs.due_sport_keys(timezone.now()):
        refresh_sport_kickoffs.apply_async((sport_key,), expires=60)


@shared_task
def refresh_sport_kickoffs(sport_key: str) -> None:
    """Learn when the matches of a sport begin."""
    try:
        kickoffs.refresh(sport_key, clock=timezone.now)
    except gate.CollectionRefusedError as refusal:
        logger.info("kick-offs not asked for: %s", refusal)


@shared_task
def run_planned_calls() -> None:
    """Plan anew where something changed, and hand every call that is due to its own task."""
    now, settings = timezone.now(), SettlementSettings.current()
    predicted = Prediction.objects.filter(result="").values("match")
    awaited = awaiting.awaited(now, settings, on_paper=predicted).paid_match_ids
    after = min(settings.results_after_minutes, LONGEST_RESULTS_WAIT_MINUTES)
    for call_id in ticking.tick(now, awaited=awaited, results_after=timedelta(minutes=after)):
        make_planned_call.apply_async((call_id,), expires=60)


@shared_task
def make_planned_call(call_id: int) -> None:
    """Make one call of the plan, unless somebody has, and go on with what it brought."""
    collection = executing.make(call_id, clock=timezone.now)
    if collection is None or collection.status != Collection.Status.STORED:
        return
    if collection.endpoint == Collection.Endpoint.ODDS:
        opportunities.detect(collection.sport_id, now=timezone.now())
        asking.predict(collection.sport_id, now=timezone.now())
    else:
        settle(now=timezone.now())


@shared_task
def collect_and_detect(sport_key: str, is_forced: bool = False) -> None:
    """Store one snapshot of a sport and look for opportunities in it.

    Running it twice stores nothing new; the second one is refused, or waits for the interval.
    """
    reason = Collection.Reason.REQUEST if is_forced else Collection.Reason.INTERVAL
    try:
        collection = collector.collect_sport(
            sport_key, clock=timezone.now, reason=reason, is_forced=is_forced
        )
    except gate.CollectionRefusedError as refusal:
        logger.info("not collected: %s", refusal)
        return
    if collection.status == Collection.Status.STORED:
        opportunities.detect(collection.sport_id, now=timezone.now())
        asking.predict(collection.sport_id, now=timezone.now())


@shared_task
def detect_opportunities() -> None:
    """Close what kicked off or grew old; read every collection no detection has read."""
    opportunities.close_finished(now=timezone.now())
    for sport_id in opportunities.pending_sport_ids():
        opportunities.detect(sport_id, now=timezone.now())


@shared_task
def predict() -> None:
    """Ask the agents about every collection they have not judged."""
    for sport_id in asking.pending_sport_ids():
        asking.predict(sport_id, now=timezone.now())


@shared_task
def refresh_sports() -> None:
    """Learn which sports are in season; what cannot be had today can be had tomorrow."""
    try:
        sports.refresh_sports()
    except OddsApiError as error:
        logger.warning("the list of sports could not be had: %s", error)


@shared_task
def prune_payloads() -> None:
    """Forget raw answers that nobody would replay any more."""
    if deleted := pruning.prune_payloads(now=timezone.now()):
        logger.info("%d raw answers were forgotten", deleted)


@shared_task
def grade_closing_lines() -> None:
    """Capture the closing lines of matches that began, and grade all prices by them."""
    grade(now=timezone.now())


@shared_task
def rank_strategies() -> None:
    """Sum up what predictions came to since the last time, and rank by it."""
    ranking.rank(now=timezone.now())


@shared_task
def fetch_results() -> None:
    """Learn how awaited matches ended, and settle what waited for them."""
    learn_results(now=timezone.now())


@shared_task
def settle_bets() -> None:
    """Settle bets, and opportunities and predictions on paper, by the results in force."""
    settle(now=timezone.now())


def grade(*, now: datetime) -> None:
    """Capture the closing lines of matches that began, and grade all prices by them."""
    capture.forget_unplayed(now)
    capture.capture(capture.pending_match_ids(now), now=now)
    grading.grade_bets(now)
    grading.grade_opportunities(now)
    settling.grade_predictions(now)
    experiments.follow(now=now)


def learn_what_calls_find(*, now: datetime) -> None:
    """Let the planner learn from the opportunities of the last months how much a scan finds."""
    found = Opportunity.objects.filter(
        first_seen_at__gte=now - learning.LEARNED_FROM, rejection="", kind=Opportunity.Kind.VALUE
    )
    rows = found.values_list(
        "match__sport__key", "first_seen_at", "match__commence_time", "closed_at"
    )
    openings = (
        learning.Opening(
            sport=key,
            seen_at=seen_at,
            kickoff=kickoff,
            hours_open=(closed_at - seen_at) / timedelta(hours=1) if closed_at else None,
        )
        for key, seen_at, kickoff, closed_at in rows.iterator()
    )
    learning.learn(openings, now=now)


def settle(*, now: datetime) -> None:
    """Settle bets, and opportunities and predictions on paper, by the results in force."""
    settlement.settle_finished(now=now)
    paper.settle_opportunities(now)
    settling.settle_predictions(now)
    experiments.follow(now=now)


def learn_results(*, now: datetime) -> int:
    """Ask for awaited results, free sources first, and settle by them.

    Returns:
        How many matches have a new result.
    """
    ask_for_results(now=now)
    settle(now=timezone.now())
    return MatchResult.objects.filter(observed_at__gte=now).values("match").distinct().count()


def ask_for_results(*, now: datetime) -> None:
    """Ask for awaited results, free sources first."""
    settings = SettlementSettings.current()
    predicted = Prediction.objects.filter(result="").values("match")
    free = awaiting.awaited(now, settings, on_paper=predicted).sport_keys
    updates.update_due_leagues(free, now=now)
    if PlannerSettings.current().is_on:
        return  # what costs credits is in the plan
    due = scores.due_for_results(
        awaiting.awaited(now, settings, on_paper=predicted).paid_match_ids,
        now=now,
        after=timedelta(minutes=settings.results_after_minutes),
        interval=timedelta(minutes=settings.results_interval_minutes),
    )
    for sport_key, provider_ids in due.items():
        try:
            scores.fetch_scores(sport_key, provider_ids, clock=timezone.now)
        except gate.CollectionRefusedError as refusal:
            logger.info("scores not asked for: %s", refusal)
