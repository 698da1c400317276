"""Collect: ask for a sport's odds, store the snapshot and account for the call.

A call, for odds or for scores, is claimed by a session lock that dies with the process holding
it, so a killed worker leaves nothing to wait for: the next claim marks its unfinished row as
abandoned. What an answer brought, its raw payload and the collection's account are one
transaction.
"""

import logging
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from datetime import datetime

from django.conf import settings as django_settings
from django.db import connection, transaction

from odds import gate
from odds.client import Answer, OddsApiClient, OddsApiError
from odds.gate import CollectionRefusedError
from odds.models import Collection, CollectionSettings, RawPayload, Sport
from odds.parsing import parse_snapshot
from odds.storage import store_snapshot
from odds.tally import Tally
from odds.withdrawals import Asked

logger = logging.getLogger(__name__)

CLAIM_SPACE = 7_366  # the session locks' half; storage.LOCK_SPACE is the transactions'


def collect_sport(
    sport_key: str, *, clock: Callable[[], datetime], reason: str, is_forced: bool = False
) -> Collection:
    """Ask The Odds API for one sport and store the answer.

    Args:
        sport_key: A key of The Odds API; unknown ones are refused.
        clock: Tells the time; read before the call, when the answer is in, and at the end.
        reason: A value of `Collection.Reason`, kept with the row.
        is_forced: Pass over the minimum interval (never over the reserve).

    Returns:
        The finished collection: stored, or failed with its reason.

    Raises:
        CollectionRefusedError: No call was made.
    """

    def admitted(sport: Sport, now: datetime) -> Collection:
        terms = gate.terms_at(now)
        gate.check(sport, now=now, is_forced=is_forced, terms=terms)
        options = terms.settings
        return Collection(
            reason=reason, markets=options.market_keys, regions=",".join(options.region_keys)
        )

    return make_call(sport_key, clock=clock, admitted=admitted, ask=ask_odds, store=store_odds)


def ask_odds(client: OddsApiClient, collection: Collection) -> Answer:
    """Ask for the odds that a collection says."""
    return client.odds(
        collection.sport.key,
        regions=collection.regions.split(","),
        markets=collection.markets,
        bookmakers=[key for key in collection.bookmakers.split(",") if key],
    )


def _nothing(_collection: Collection) -> None:
    """What else is done as a call begins, where nothing is."""


def make_call(
    sport_key: str,
    *,
    clock: Callable[[], datetime],
    admitted: Callable[[Sport, datetime], Collection],
    ask: Callable[[OddsApiClient, Collection], Answer],
    store: Callable[[Collection, Answer, datetime], None],
    begun: Callable[[Collection], None] = _nothing,
) -> Collection:
    """Claim a sport, make one call and account for it.

    Args:
        sport_key: A key of The Odds API; unknown ones are refused.
        clock: Tells the time; read before the call, when the answer is in, and at the end.
        admitted: Gives the collection to begin (unsaved, without sport and times), or raises
            `CollectionRefusedError`.
        ask: Makes the call.
        store: Stores the answer, given when it was, and writes the account into the collection
            (unsaved); what it writes stands or falls with the collection.
        begun: Told of the collection in the transaction that saves its beginning; it may refuse.

    Returns:
        The finished collection: stored, or failed with its reason.

    Raises:
        CollectionRefusedError: No call was made.
    """
    sport = Sport.objects.filter(key=sport_key).first()
    if sport is None:
        raise CollectionRefusedError(f"{sport_key} is not a sport MON_PS knows.")
    with _claimed(sport):
        now = clock()
        _abandon_unfinished(sport, now)
        collection = admitted(sport, now)
        collection.sport, collection.started_at = sport, now
        with transaction.atomic():
            collection.save()
            begun(collection)
        try:
            with _client() as client:
                answer = ask(client, collection)
        except OddsApiError as error:
            return _finish_failed(collection, error, now=clock())
        return _finish_stored(collection, answer, store, observed_at=clock())


@contextmanager
def _claimed(sport: Sport) -> Iterator[None]:
    """Hold the sport for this session; released at the end, or by the server when we die."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [CLAIM_SPACE, sport.pk])
        if not cursor.fetchone()[0]:
            raise CollectionRefusedError(f"{sport.key} is being collected right now.")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [CLAIM_SPACE, sport.pk])


def abandon_dead(sport: Sport, *, now: datetime) -> None:
    """Mark a sport's unfinished calls as abandoned, unless who makes them lives."""
    with suppress(CollectionRefusedError), _claimed(sport):
        _abandon_unfinished(sport, now)


def _abandon_unfinished(sport: Sport, now: datetime) -> None:
    """We hold the claim, so a row still running belongs to a process that died."""
    sport.collections.filter(status=Collection.Status.RUNNING).update(
        status=Collection.Status.ABANDONED,
        finished_at=now,
        error="The process ended before the answer was stored.",
    )


def _client() -> OddsApiClient:
    return OddsApiClient(
        base_url=django_settings.ODDS_API_BASE_URL,
        key=django_settings.ODDS_API_KEY,
        timeout_seconds=CollectionSettings.current().timeout_seconds,
    )


def _finish_failed(collection: Collection, error: OddsApiError, *, now: datetime) -> Collection:
    collection.status = Collection.Status.FAILED
    collection.failure = error.failure
    collection.error = str(error)
    collection.finished_at = now
    collection.http_status = error.http_status
    _note_quota(collection, error)
    with transaction.atomic():
        collection.save()
        if error.body:
            _keep(collection, error.body)
    logger.warning("%s: no %s collected: %s", collection.sport.key, collection.endpoint, error)
    return collection


def _finish_stored(
    collection: Collection,
    answer: Answer,
    store: Callable[[Collection, Answer, datetime], None],
    *,
    observed_at: datetime,
) -> Collection:
    with transaction.atomic():
        store(collection, answer, observed_at)
        collection.status = Collection.Status.STORED
        collection.observed_at = collection.finished_at = observed_at
        collection.http_status = answer.http_status
        _note_quota(collection, answer)
        collection.save()
        if collection.endpoint != Collection.Endpoint.EVENTS:  # each few minutes, nearly the same
            _keep(collection, answer.body)
    return collection


def store_odds(collection: Collection, answer: Answer, observed_at: datetime) -> None:
    """Store a snapshot of odds and account for it."""
    asked = Asked(sport_key=collection.sport.key, markets=collection.markets)
    tally = store_snapshot(parse_snapshot(answer.events), observed_at=observed_at, asked=asked)
    account_for(collection, tally)
    logger.info(
        "%s collected: %d quotes, %d stored, %d unchanged, %d rejected, %d withdrawn",
        collection.sport.key,
        collection.quotes_received,
        collection.quotes_stored,
        collection.quotes_unchanged,
        collection.quotes_rejected,
        tally.withdrawn.total(),
    )


def account_for(collection: Collection, tally: Tally) -> None:
    """Write a tally into a collection's columns (unsaved)."""
    collection.matches_received = tally.matches
    collection.quotes_received = tally.received.total()
    collection.quotes_stored = tally.stored.total()
    collection.odds_stored = tally.odds_stored
    collection.quotes_unchanged = tally.unchanged_total
    collection.quotes_rejected = tally.rejected_total
    collection.tally = {market: asdict(account) for market, account in tally.by_market().items()}
    for market, number in sorted(tally.withdrawn.items()):
        collection.tally.setdefault(market, {})["withdrawn"] = number
    if tally.unreadable_matches:
        reasons = ", ".join(f"{why} ({n})" for why, n in sorted(tally.unreadable_matches.items()))
        collection.error = f"Matches that could not be read: {reasons}."


def _note_quota(collection: Collection, said: Answer | OddsApiError) -> None:
    collection.credits_used = said.quota.used
    collection.credits_remaining = said.quota.remaining
    collection.credits_used_this_month = said.quota.used_this_month


def _keep(collection: Collection, body: bytes) -> None:
    RawPayload.objects.create(collection=collection, body=zlib.compress(body))
