"""The provider's side of a replay: credits, a key shared with another tool, and outages."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final

ELSEWHERE_ON: Final = 10  # day of the month on which another tool spends


class Answer(StrEnum):
    """How a call went."""

    ODDS = "odds"
    EMPTY = "empty"
    UNAVAILABLE = "unavailable"
    OUT_OF_CREDITS = "out_of_credits"


@dataclass(frozen=True, slots=True, kw_only=True)
class Conditions:
    """What the provider gives a month, and what goes wrong.

    `elsewhere` credits are spent by another tool on the tenth; on `outages`, days by their first
    instant, nothing is answered.
    """

    quota: int = 500
    elsewhere: int = 0
    outages: Sequence[datetime] = ()

    def is_out(self, at: datetime) -> bool:
        """Nothing is answered at this instant."""
        return any(day <= at < day + timedelta(days=1) for day in self.outages)


def month_start(at: datetime) -> datetime:
    """The first of the month, 00:00 UTC, when credits come."""
    return at.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def next_month(at: datetime) -> datetime:
    """When the next credits come."""
    return (month_start(at) + timedelta(days=32)).replace(day=1)


@dataclass(slots=True, kw_only=True)
class Provider:
    """Keeps the account of one key."""

    conditions: Conditions
    month: datetime = field(init=False, default=datetime.min.replace(tzinfo=UTC))
    used: int = 0
    is_shared: bool = False

    def remaining(self, at: datetime) -> int:
        """Credits left, as a header would say."""
        if month_start(at) != self.month:
            self.month, self.used, self.is_shared = month_start(at), 0, False
        if self.conditions.elsewhere and not self.is_shared and at.day >= ELSEWHERE_ON:
            self.used += self.conditions.elsewhere
            self.is_shared = True
        return max(0, self.conditions.quota - self.used)

    def ask(self, at: datetime, cost: int, *, has_matches: bool) -> Answer:
        """One call; an answer without matches costs nothing, and so does a failed call."""
        if self.conditions.is_out(at):
            return Answer.UNAVAILABLE
        if self.remaining(at) < cost:
            return Answer.OUT_OF_CREDITS
        if not has_matches:
            return Answer.EMPTY
        self.used += cost
        return Answer.ODDS
