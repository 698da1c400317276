"""Whether a call may be made now, and which calls are due; pure questions, no call.

The rules: unforced, not twice within the minimum interval and no oftener than lets the month's
credits last until the reset, or, where calls are planned, only with credits the plan does not keep
for closing odds; never below the reserve, forced or not; after a failure, not before the wait that
fits it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from odds.models import Collection, CollectionSettings, CurrentPlan, PlannerSettings, Sport
from odds.planner.plans import Budget

FIRST_RETRY = timedelta(seconds=20)  # then doubled up to the minimum interval
KEY_RETRY = timedelta(minutes=10)
RATE_RETRY = timedelta(minutes=1)
FAILURES_COUNTED = 10
# After these no call is made so long: 401, 429 and what the plan does not hold; until the reset
# where the month's credits are gone.
PAUSING: Final[Mapping[str, timedelta | None]] = {
    Collection.Failure.WRONG_KEY: KEY_RETRY,
    Collection.Failure.PLAN_LIMIT: KEY_RETRY,
    Collection.Failure.RATE_LIMITED: RATE_RETRY,
    Collection.Failure.OUT_OF_CREDITS: None,
}
# A row number over all calls of each sport would read every one of them.
LAST_CALLS = """
SELECT last.*
FROM unnest(%(sports)s::int[]) AS asked (sport_id)
CROSS JOIN LATERAL (
    SELECT id, sport_id, status, failure, started_at
    FROM collections
    WHERE sport_id = asked.sport_id AND source = %(source)s AND endpoint = %(endpoint)s
      AND status <> ALL (%(unfinished)s)
    ORDER BY started_at DESC
    LIMIT %(most)s
) AS last
ORDER BY last.sport_id, last.started_at DESC
"""


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


def next_month(now: datetime) -> datetime:
    """When the next credits are given."""
    return (month_start(now) + timedelta(days=32)).replace(day=1)


def credits_at(now: datetime, settings: CollectionSettings) -> Credits:
    """The month's account as the newest answer's headers tell it."""
    newest = (
        Collection.objects.from_api()
        .started_since(month_start(now))
        .filter(credits_remaining__isnull=False)
        .order_by("-started_at", "-pk")
        .first()
    )
    limit, remaining, known_at = settings.monthly_credits, settings.monthly_credits, None
    if newest is not None and newest.credits_remaining is not None:
        remaining, known_at = newest.credits_remaining, newest.finished_at
        used = newest.credits_used_this_month
        limit = remaining + (max(0, limit - remaining) if used is None else used)
    return Credits(
        limit=limit,
        remaining=remaining,
        reserve=-(-limit * settings.reserve_percent // 100),
        known_at=known_at,
        resets_at=next_month(now),
    )


def cost_of(settings: CollectionSettings) -> int:
    """Credits of one call for odds: markets times regions."""
    return len(settings.market_keys) * len(settings.region_keys)


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What governs calls at one instant.

    `interval` is the time between two unforced calls for one sport: the user's minimum, or longer
    where the credits left, spread evenly over the collected sports, would not last until the reset.
    Where calls are planned, `kept` are the credits of the plan that only it may spend, and
    `left_at_reset` is what it leaves, None before the first.
    """

    settings: CollectionSettings
    account: Credits
    cost: int
    interval: timedelta
    is_planned: bool = False
    kept: int = 0
    left_at_reset: int | None = None

    @property
    def minimum(self) -> timedelta:
        """The user's minimum interval."""
        return timedelta(seconds=self.settings.minimum_interval_seconds)

    @property
    def is_exhausted(self) -> bool:
        """No call can be made without touching the reserve."""
        return self.account.refuses(self.cost)

    @property
    def keeps_from_request(self) -> bool:
        """Only the plan, or force, may make a call: the other credits are kept."""
        room = self.account.remaining - self.cost - self.account.reserve
        return self.is_planned and room < self.kept


def terms_at(now: datetime) -> Terms:
    """The terms in force."""
    settings = CollectionSettings.current()
    account, cost = credits_at(now, settings), cost_of(settings)
    minimum = timedelta(seconds=settings.minimum_interval_seconds)
    if PlannerSettings.current().is_on:
        said = CurrentPlan.current().budget
        budget = Budget(**said) if said else None
        return Terms(
            settings=settings,
            account=account,
            cost=cost,
            interval=minimum,
            is_planned=True,
            kept=budget.kept if budget else 0,
            left_at_reset=budget.left_at_reset if budget else None,
        )
    sports = Sport.objects.filter(is_collected=True).count()
    affordable = (account.remaining - account.reserve) // max(cost, 1)
    pace = (account.resets_at - now) * sports / affordable if affordable > 0 else minimum
    return Terms(settings=settings, account=account, cost=cost, interval=max(minimum, pace))


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    """The newest call was refused, for which reason, and until when no other is to be made.

    Once `until` has passed the next call tells whether it still would be.
    """

    failure: Collection.Failure
    until: datetime


def pause(now: datetime) -> Pause | None:
    """What the newest call's failure says; None where it was answered, or failed otherwise.

    A call answered since, were it a free one, ends the pause: the key was changed, or the account
    filled up.
    """
    newest = (
        Collection.objects.from_api()
        .started_since(month_start(now))
        .exclude(status__in=[Collection.Status.RUNNING, Collection.Status.ABANDONED])
        .order_by("-started_at", "-pk")
        .first()
    )
    if newest is None or newest.failure not in PAUSING:
        return None
    failure = Collection.Failure(newest.failure)
    wait = PAUSING[failure]
    until = next_month(newest.started_at) if wait is None else newest.started_at + wait
    return Pause(failure=failure, until=until)


def paused_until(now: datetime) -> datetime | None:
    """Until when no call is to be made; None without a pause."""
    found = pause(now)
    return found.until if found is not None and found.until > now else None


def due_sport_keys(now: datetime) -> list[str]:
    """The collected sports that may be asked now, in order of their keys."""
    terms = terms_at(now)
    if terms.is_exhausted:
        return []
    sports = list(Sport.objects.filter(is_collected=True))
    due = due_times(sports, now, terms)
    return [sport.key for sport in sports if due[sport.pk] <= now]


def due_times(sports: Iterable[Sport], now: datetime, terms: Terms) -> dict[int, datetime]:
    """By the sport's id, from when on it may be asked for odds again, unforced; one query."""
    last = _last_calls(Collection.Endpoint.ODDS, [sport.pk for sport in sports])
    return {
        sport_id: _due_after(calls, now, interval=terms.interval, longest_wait=terms.minimum)
        for sport_id, calls in last.items()
    }


def scores_due_times(
    sport_ids: Iterable[int], now: datetime, *, interval: timedelta
) -> dict[int, datetime]:
    """By the sport's id, from when on it may be asked for scores again; one query for all."""
    last = _last_calls(Collection.Endpoint.SCORES, sport_ids)
    return {
        sport_id: _due_after(calls, now, interval=interval, longest_wait=interval)
        for sport_id, calls in last.items()
    }


def _last_calls(endpoint: str, sport_ids: Iterable[int]) -> dict[int, list[Collection]]:
    """The last finished calls of each sport for odds, or for scores, the newest first."""
    calls: dict[int, list[Collection]] = {sport_id: [] for sport_id in sport_ids}
    asked = {
        "sports": list(calls),
        "source": Collection.Source.API,
        "endpoint": endpoint,
        "unfinished": [Collection.Status.RUNNING, Collection.Status.ABANDONED],
        "most": FAILURES_COUNTED,
    }
    for collection in Collection.objects.raw(LAST_CALLS, asked):
        calls[collection.sport_id].append(collection)
    return calls


def due_at(sport: Sport, now: datetime, terms: Terms) -> datetime:
    """From when on a sport may be asked for odds again, unforced."""
    return due_times([sport], now, terms)[sport.pk]


def _due_after(
    last: list[Collection], now: datetime, *, interval: timedelta, longest_wait: timedelta
) -> datetime:
    """When the next call is due after these, the newest first; failed calls wait by their kind."""
    if not last:
        return now
    newest = last[0]
    if newest.status == Collection.Status.STORED:
        return newest.started_at + interval
    if newest.failure == Collection.Failure.OUT_OF_CREDITS:
        return next_month(newest.started_at)
    if newest.failure in {Collection.Failure.WRONG_KEY, Collection.Failure.PLAN_LIMIT}:
        return newest.started_at + min(longest_wait, KEY_RETRY)
    failed = [collection.status == Collection.Status.FAILED for collection in last]
    in_a_row: int = [*failed, False].index(False)
    return newest.started_at + min(longest_wait, FIRST_RETRY * (1 << in_a_row - 1))


def check(sport: Sport, *, now: datetime, is_forced: bool, terms: Terms) -> None:
    """Pass, or say why not.

    Raises:
        CollectionRefusedError: Too soon, or the reserve would be touched.
    """
    account = terms.account
    # With nothing left a forced call can spend nothing; it learns of a new key or a larger plan.
    may_ask = is_forced and account.remaining == 0
    if not may_ask:
        check_reserve(account, cost=terms.cost)
    if is_forced:
        return
    if terms.is_planned and (until := paused_until(now)):
        raise CollectionRefusedError(
            f"A call costs {terms.cost}, and The Odds API refused the last one: none is made "
            f"before {until.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC unless it is forced."
        )
    if terms.keeps_from_request:
        raise CollectionRefusedError(
            f"A call costs {terms.cost}, {account.remaining} credits are left, {account.reserve} "
            f"are the reserve and {terms.kept} are kept for planned closing odds and results: it "
            f"would cost one of them; force the call to make it all the same."
        )
    due = due_at(sport, now, terms)
    if due > now:
        why = "so that the credits last until the reset" if terms.interval > terms.minimum else ""
        raise CollectionRefusedError(
            f"{sport.key} is not due before {due.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"
            f"{', ' * bool(why)}{why}: a call costs {terms.cost}; force it to make it now."
        )


def check_reserve(account: Credits, *, cost: int) -> None:
    """Pass, or say that a call of this cost would touch the reserve.

    Raises:
        CollectionRefusedError: It would.
    """
    if account.refuses(cost):
        raise CollectionRefusedError(
            f"{account.remaining} credits are left and {account.reserve} are the reserve: a call "
            f"of {cost} waits for the reset on {account.resets_at:%Y-%m-%d} or a smaller reserve."
        )
