"""A demonstration with a past: what a simulated installation would have seen, lived through.

Instant by instant, in order, the simulated market is asked for what The Odds API would have
answered then, and the steps of `monps.pipeline` are taken with that instant as the present.

Each step finds from rows what is done, so that a step taken again changes nothing, and a past that
was interrupted goes on at the last instant that something was collected at.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from django.db import connection, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from betting.bankroll import ledger, stake_advice
from betting.bets import placing
from betting.bets.posting import Author
from betting.closing import capture
from betting.detection import opportunities
from betting.models import Bet, Opportunity, SettlementSettings
from monps import pipeline
from monps.demonstration_steps import ONE_DAY, Market, Past, Step, last_kick_off
from monps.management.commands.prepare import (
    SIMULATED_COLLECTION,
    SIMULATED_CUP,
    SIMULATED_SETTLEMENT,
)
from odds import catalogue, results
from odds.models import Collection, CollectionSettings, Match, MatchResult, Sport
from odds.replay import Recording, store_recording
from odds.scores import MOST_DAYS, parse_scores
from odds.simulator.sources import DEFAULT_ANCHOR
from odds.simulator.sports import SOCCER_SIMULATED_CUP as CUP
from odds.simulator.sports import SPORTS
from strategies import lifecycle, versions
from strategies.live import asking
from strategies.models import Improvement, Strategy
from strategies.ranking import ranking

FEWEST_MINUTES, MOST_MINUTES = 30, 24 * 60  # between two rounds; scores are told for three days
LEAST: Final = timedelta(hours=12)  # far longer than any match
PONDERED: Final = timedelta(days=21)  # that a proposal waits for better ones
CONSIDERED: Final = 5  # opportunities a bettor looks at, the best first
LOCK: Final = 7_371  # any number of our own: one past at a time in a database
BET_KEY: Final = "simulated-past"  # with the half of the day: one bet in each, whatever happens

Nightly = Callable[[datetime], object]
Status = Improvement.Status


class PastRefusedError(Exception):
    """Nothing was simulated; the message says why and what to do."""


def open_past(
    *, days: int, every: timedelta, until: datetime, sport_keys: Iterable[str], now: datetime
) -> Past:
    """Prepare the installation for its past, or take up the one it has begun.

    Args:
        days: How long it is; one that was begun keeps its beginning.
        every: From one round to the next.
        until: Its end, cut to whole minutes.
        sport_keys: Which sports; all collected ones where empty.
        now: The current instant.

    Raises:
        PastRefusedError: It cannot be simulated into this database.
    """
    until = until.astimezone(UTC).replace(second=0, microsecond=0)
    begin = _begun_at() or until - days * ONE_DAY
    _refuse_impossible(begin, every, until, now)
    with transaction.atomic():
        catalogue.seed()
        Sport.objects.get_or_create(key=CUP.key, defaults=SIMULATED_CUP)
        CollectionSettings.objects.get_or_create(pk=1, defaults=SIMULATED_COLLECTION)
        SettlementSettings.objects.get_or_create(pk=1, defaults=SIMULATED_SETTLEMENT)
        ledger.cash_account(now=begin)
        if versions.install_shipped(now=begin):
            _loosen_ferrari(now=begin)
    return Past(begin=begin, until=until, every=every, sport_keys=_sports(sport_keys))


def _loosen_ferrari(*, now: datetime) -> None:
    """Let the Spread Optimizer begin as the original had it: every expected value above zero."""
    ferrari = Strategy.objects.get(agent="spread_optimizer")
    parameters = ferrari.versions.get(is_current=True).mapping | {"minimum_edge_pct": 0.0}
    versions.add_version(ferrari, parameters, origin="as the original had it", now=now)


@contextmanager
def alone() -> Iterator[None]:
    """Hold the database's past for this session; the server releases it when we die.

    Raises:
        PastRefusedError: Another process is at it.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
        if not cursor.fetchone()[0]:
            raise PastRefusedError("Another process is simulating this past: let it finish.")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])


def steps_left(steps: Iterable[Step]) -> list[Step]:
    """Those not known to be done: from the last instant that something was collected at."""
    last = _own_collections().order_by("-observed_at").values_list("observed_at", flat=True).first()
    return [step for step in steps if last is None or step.at >= last]


def live_through(step: Step, *, past: Past, market: Market, nightly: Nightly | None = None) -> None:
    """Do what a running installation would have done at an instant.

    Args:
        step: The instant.
        past: The whole that it is part of.
        market: Who answers.
        nightly: Called at midnight, last; ranking, where it is not given. After a kill it may be
            called again for the last midnight.

    Raises:
        PastRefusedError: Somebody collects live odds into the same database.
    """
    now = step.at
    if step.is_round:
        _refuse_live(past.begin)
    has_news = _learn_results(now, market, past.sport_keys)
    if has_news or not step.sport_keys:
        pipeline.settle(now=now)
    opportunities.close_finished(now=now)
    if not step.sport_keys or capture.pending_match_ids(now):
        pipeline.grade(now=now)
    settings = CollectionSettings.current()
    for key in step.sport_keys:
        store_recording(
            Recording(
                observed_at=now,
                sport_key=key,
                body=market.odds(
                    key,
                    at=now,
                    regions=settings.region_keys,
                    markets=settings.market_keys,
                    first=past.begin,
                    last=last_kick_off(past, key),
                ),
            )
        )
        sport_id = Sport.objects.values_list("pk", flat=True).get(key=key)
        opportunities.detect(sport_id, now=now)
        asking.predict(sport_id, now=now)
    if step.is_round:
        _bet(now)
    if step.is_midnight:
        (nightly or rank)(now)
        _decide(now)


def rank(now: datetime) -> None:
    """What a night brings where nothing else is asked for."""
    ranking.rank(now=now)


def _decide(now: datetime) -> None:
    """As a bettor might: test the best of what waits, apply what proved better, put the rest away.

    A proposal waits for others first, because nothing more is proposed while one is in test.
    """
    for improvement in Improvement.objects.exclude(verdict="").filter(status=Status.ACTIVE):
        if improvement.verdict == Improvement.Verdict.BETTER:
            lifecycle.apply(improvement.pk, now=now)
        else:
            reason = _("The test’s verdict: %(verdict)s.") % {
                "verdict": improvement.get_verdict_display().lower()
            }
            lifecycle.archive(improvement.pk, reason=reason, now=now)
    in_test = Improvement.objects.filter(status=Status.ACTIVE).values("strategy")
    proposed = Improvement.objects.filter(status=Status.PROPOSED)
    due = proposed.filter(created_at__lte=now - PONDERED).exclude(strategy__in=in_test)
    best_first = F("expected_improvement").desc(nulls_last=True)
    choice = proposed.filter(strategy__in=due.values("strategy"))
    for improvement in choice.order_by("strategy_id", best_first, "pk").distinct("strategy_id"):
        lifecycle.activate([improvement.pk], now=now)


def _learn_results(now: datetime, market: Market, sport_keys: Iterable[str]) -> bool:
    """Record the final scores told by now of matches without one; whether there were any."""
    shortest = min(SPORTS[key].duration for key in sport_keys)
    over = Match.objects.filter(
        sport__key__in=sport_keys,
        status=Match.Status.SCHEDULED,
        commence_time__lte=now - timedelta(seconds=shortest),
        commence_time__gt=now - MOST_DAYS * ONE_DAY,
    )
    matches = {match.provider_id: match for match in over.select_related("sport")}
    statements = []
    for key in sorted({match.sport.key for match in matches.values()}):
        scores, _unreadable = parse_scores(market.scores(key, at=now))
        for score in scores:
            if match := matches.get(score.provider_id):
                home, away = score.of(match.home_team, match.away_team)
                statements.append(
                    MatchResult(
                        match=match,
                        source=MatchResult.Source.ODDS_API,
                        status=Match.Status.COMPLETED,
                        home_score=home,
                        away_score=away,
                        observed_at=now,
                    )
                )
    new, _changed = results.record_many(statements)
    return bool(new)


def _bet(now: datetime) -> None:
    """Place the best bet on offer at a playable bookmaker, once in each half of a day."""
    key = f"{BET_KEY}-{now:%Y-%m-%d}-{'am' if now.hour < 12 else 'pm'}"
    if Bet.objects.filter(idempotency_key=key).exists():
        return
    on_offer = Opportunity.objects.open(now).filter(
        kind=Opportunity.Kind.VALUE, best_bookmaker__is_playable=True
    )
    new = on_offer.exclude(match__in=Bet.objects.pending().values("match"))
    best = new.select_related("match__sport", "best_bookmaker").order_by("-shrunk_edge_pct", "pk")
    for found in best[:CONSIDERED]:
        advice = stake_advice.advise(found, now=now)
        if advice and advice.suggestion.stake:
            _place(found, advice, key=key, now=now)
            return


def _place(found: Opportunity, advice: stake_advice.Advice, *, key: str, now: datetime) -> None:
    if found.best_bookmaker is None or found.best_odds is None:
        return
    new = placing.NewBet(
        match=found.match,
        bookmaker=found.best_bookmaker,
        market=found.market,
        line=found.line,
        outcome=found.outcome,
        odds=found.best_odds,
        stake=advice.suggestion.stake,
        opportunity=found,
        placed_at=now,
        notes=_("Demonstration on the simulated market."),
    )
    placing.place(new, author=Author(now=now), idempotency_key=key)


def _refuse_impossible(begin: datetime, every: timedelta, until: datetime, now: datetime) -> None:
    if not FEWEST_MINUTES <= every / timedelta(minutes=1) <= MOST_MINUTES:
        raise PastRefusedError(
            f"Rounds come every {FEWEST_MINUTES} minutes to every {MOST_MINUTES // 60} hours."
        )
    if until > now:
        raise PastRefusedError(f"{until:%Y-%m-%d %H:%M} UTC is yet to come: a past ends by now.")
    if begin + LEAST > until:
        raise PastRefusedError(
            f"A past that begins on {begin:%Y-%m-%d %H:%M} UTC cannot end on "
            f"{until:%Y-%m-%d %H:%M}: give a later end."
        )
    if begin < DEFAULT_ANCHOR:
        raise PastRefusedError(
            f"The simulated market began on {DEFAULT_ANCHOR:%Y-%m-%d}, after "
            f"{begin:%Y-%m-%d}: give fewer days, or a later end."
        )
    _refuse_live(begin)


def _refuse_live(begin: datetime) -> None:
    live = Collection.objects.from_api().started_since(begin).order_by("started_at").first()
    if live is not None:
        raise PastRefusedError(
            f"Odds were collected into this database on {live.started_at:%Y-%m-%d %H:%M} UTC, "
            f"after {begin:%Y-%m-%d}, where its past begins: use an empty one, and run nothing "
            "else on it meanwhile."
        )


def _sports(asked: Iterable[str]) -> tuple[str, ...]:
    keys = sorted(set(asked)) or sorted(
        Sport.objects.filter(is_collected=True, key__in=SPORTS).values_list("key", flat=True)
    )
    unknown = set(keys) - set(SPORTS)
    if unknown:
        raise PastRefusedError(
            f"{min(unknown)} is not on the simulated market, which has {', '.join(SPORTS)}."
        )
    if not keys:
        raise PastRefusedError("No sport of the simulated market is collected: name one.")
    return tuple(keys)


def _own_collections() -> Any:
    """What a past stored before; on a simulated market nothing else is replayed."""
    return Collection.objects.stored().filter(
        source=Collection.Source.REPLAY, sport__key__in=SPORTS
    )


def _begun_at() -> datetime | None:
    first: datetime | None = (
        _own_collections().order_by("observed_at").values_list("observed_at", flat=True).first()
    )
    return first
