"""Make one planned call, at most once whoever else tries; take up what a killed worker left."""

import logging
from collections.abc import Callable
from datetime import datetime

from odds import collector, gate, scores
from odds.gate import CollectionRefusedError
from odds.models import Collection, CollectionSettings, PlannedCall, Sport

logger = logging.getLogger(__name__)

INTERRUPTED = "The process ended before the answer was stored; whether it was paid is not known."


def make(call_id: int, *, clock: Callable[[], datetime]) -> Collection | None:
    """Make a planned call.

    Args:
        call_id: The row's.
        clock: Tells the time.

    Returns:
        The finished collection; None where no call was made, because another worker made it, it is
        no longer planned, its time has passed or credits do not allow it. It is then still
        planned, and tried again as long as its time lasts.
    """
    call = (
        PlannedCall.objects.filter(pk=call_id, status=PlannedCall.Status.PLANNED)
        .select_related("sport")
        .first()
    )
    if call is None:
        return None
    try:
        collection = _scores(call, clock) if call.endpoint == "scores" else _odds(call, clock)
    except CollectionRefusedError as refusal:
        logger.info("planned call %d not made: %s", call_id, refusal)
        PlannedCall.objects.filter(pk=call_id, status="planned").update(error=str(refusal))
        return None
    _end(call.pk, collection)
    return collection


def recover(now: datetime) -> None:
    """End the calls that a killed worker left under way.

    Of a call whose answer is not stored nobody knows whether it was paid: it failed, and the plan
    made next asks again only where that is still needed.
    """
    for call in PlannedCall.objects.filter(status="claimed").select_related("sport", "collection"):
        if call.collection and call.collection.status == Collection.Status.RUNNING:
            collector.abandon_dead(call.sport, now=now)
            call.collection.refresh_from_db()
        if call.collection is None:
            _close(call.pk, "failed", now, INTERRUPTED)
        elif call.collection.status != Collection.Status.RUNNING:
            _end(call.pk, call.collection)


def _odds(call: PlannedCall, clock: Callable[[], datetime]) -> Collection:
    def admitted(_sport: Sport, now: datetime) -> Collection:
        _check_reserve(call, now)
        return Collection(
            reason=call.kind,
            markets=call.markets.split(","),
            regions=call.regions,
            bookmakers=call.bookmakers,
        )

    return collector.make_call(
        call.sport.key,
        clock=clock,
        admitted=admitted,
        ask=collector.ask_odds,
        store=collector.store_odds,
        begun=lambda collection: _claim(call, collection),
    )


def _scores(call: PlannedCall, clock: Callable[[], datetime]) -> Collection:
    return scores.fetch_scores(
        call.sport.key,
        call.match_ids,
        clock=clock,
        begun=lambda collection: _claim(call, collection),
    )


def _check_reserve(call: PlannedCall, now: datetime) -> None:
    account = gate.credits_at(now, CollectionSettings.current())
    gate.check_reserve(account, cost=call.cost)
    paused = gate.paused_until(now)
    if paused is not None and paused > now:
        raise CollectionRefusedError(f"Calls are stopped until {paused:%Y-%m-%d %H:%M:%S} UTC.")


def _claim(call: PlannedCall, collection: Collection) -> None:
    """Claim the row, in the transaction that begins the collection: both or neither."""
    now = collection.started_at
    claimed = PlannedCall.objects.filter(
        pk=call.pk, status=PlannedCall.Status.PLANNED, at__lte=now, until__gte=now
    ).update(status=PlannedCall.Status.CLAIMED, claimed_at=now, collection=collection, error="")
    if not claimed:
        raise CollectionRefusedError("The call was made by another worker or is not due.")


def _end(call_id: int, collection: Collection) -> None:
    is_stored = collection.status == Collection.Status.STORED
    ended_at = collection.finished_at or collection.started_at
    error = "" if is_stored else collection.error or INTERRUPTED
    _close(call_id, "done" if is_stored else "failed", ended_at, error)


def _close(call_id: int, status: str, now: datetime, error: str) -> None:
    PlannedCall.objects.filter(pk=call_id, status=PlannedCall.Status.CLAIMED).update(
        status=status, ended_at=now, error=error
    )
