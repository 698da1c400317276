"""Whether a call may be made now, and which calls are due; pure questions, no call.

The rules: not twice within the minimum interval unless forced; never below the reserve, forced or
not; after a failure, not before the wait that fits it.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from odds.models import Collection, CollectionSettings, Sport

FIRST_RETRY = timedelta(seconds=20)  # then doubled up to the minimum interval
KEY_RETRY = timedelta(minutes=10)
FAILURES_COUNTED = 10


class CollectionRefusedError(Exception):
    """The call was not made; the message says why and when it can be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Credits:
    """What is known about the month's credits.

    `remaining` is what the newest answer of this month said, the whole plan's credits where none
    has been given yet; `known_at` is None then.
    """

    limit: int
    remaining: int
    reserve: int
    known_at: datetime | None
    resets_at: datetime

    @property
    def used(self) -> int:
        """Credits spent since the last reset."""
        return self.limit - self.remaining

    def refuses(self, cost: int) -> bool:
        """A call of this cost would touch the reserve."""
        return self.remaining - cost < self.reserve


def month_start(now: datetime) -> datetime:
    """When the running month's credits were given: the first, 00:00 UTC."""
    return now.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def credits_at(now: datetime, settings: CollectionSettings) -> Credits:
    """The month's account as the newest answer's headers tell it."""
    newest = (
        Collection.objects.from_api()
        .started_since(month_start(now))
        .filter(credits_remaining__isnull=False)
        .order_by("-started_at")
        .first()
    )
    limit, remaining, known_at = settings.monthly_credits, settings.monthly_credits, None
    if newest is not None and newest.credits_remaining is not None:
        remaining, known_at = newest.credits_remaining, newest.finished_at
        limit = remaining + (newest.credits_used_this_month or max(0, limit - remaining))
    return Credits(
        limit=limit,
        remaining=remaining,
        reserve=-(-limit * settings.reserve_percent // 100),
        known_at=known_at,
        resets_at=(month_start(now) + timedelta(days=32)).replace(day=1),
    )


def cost_of(settings: CollectionSettings) -> int:
    """Credits of one call for odds: markets times regions."""
    return len(settings.market_keys) * len(settings.region_keys)


def due_sport_keys(now: datetime) -> list[str]:
    """The collected sports that may be asked now, in order of their keys."""
    settings = CollectionSettings.current()
    if credits_at(now, settings).refuses(cost_of(settings)):
        return []
    return [
        sport.key
        for sport in Sport.objects.filter(is_collected=True)
        if due_at(sport, now, settings) <= now
    ]


def due_at(sport: Sport, now: datetime, settings: CollectionSettings) -> datetime:
    """From when on a sport may be asked again, unforced."""
    last = list(
        sport.collections.from_api()
        .exclude(status__in=[Collection.Status.RUNNING, Collection.Status.ABANDONED])
        .order_by("-started_at")[:FAILURES_COUNTED]
    )
    if not last:
        return now
    interval = timedelta(seconds=settings.minimum_interval_seconds)
    newest = last[0]
    if newest.status == Collection.Status.STORED:
        return newest.started_at + interval
    if newest.failure == Collection.Failure.OUT_OF_CREDITS:
        return (month_start(newest.started_at) + timedelta(days=32)).replace(day=1)
    if newest.failure in {Collection.Failure.WRONG_KEY, Collection.Failure.PLAN_LIMIT}:
        return newest.started_at + min(interval, KEY_RETRY)
    failed = [collection.status == Collection.Status.FAILED for collection in last]
    in_a_row: int = [*failed, False].index(False)
    return newest.started_at + min(interval, FIRST_RETRY * (1 << in_a_row - 1))


def check(sport: Sport, *, now: datetime, is_forced: bool, settings: CollectionSettings) -> None:
    """Pass, or say why not.

    Raises:
        CollectionRefusedError: Too soon, or the reserve would be touched.
    """
    account, cost = credits_at(now, settings), cost_of(settings)
    if account.refuses(cost):
        raise CollectionRefusedError(
            f"{account.remaining} credits are left and {account.reserve} are the reserve: a call "
            f"of {cost} waits for the reset on {account.resets_at:%Y-%m-%d} or a smaller reserve."
        )
    due = due_at(sport, now, settings)
    if not is_forced and due > now:
        raise CollectionRefusedError(
            f"{sport.key} is not due before {due.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC; "
            "force the call to make it now."
        )
