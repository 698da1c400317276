"""The month's credits and the headers that tell them."""

from datetime import UTC, datetime
from threading import Lock

_UNLIMITED = 100_000_000  # credits; what a quota of 0 shows


class Quota:
    """Credits of one calendar month (UTC), kept in memory and safe to share between threads.

    Args:
        limit: Credits a month, 0 for no limit.
    """

    def __init__(self, limit: int) -> None:
        self.limit = limit or _UNLIMITED
        self._used = 0
        self._month = (0, 0)
        self._lock = Lock()

    def spend(self, cost: int, now: float) -> bool:
        """Book the cost of a call, unless more than what is left; whether it was booked."""
        with self._lock:
            self._begin_month(now)
            if self._used + cost > self.limit:
                return False
            self._used += cost
            return True

    def headers(self, cost: int, now: float) -> dict[str, str]:
        """The quota headers after a call that cost so much."""
        with self._lock:
            self._begin_month(now)
            return {
                "x-requests-remaining": str(self.limit - self._used),
                "x-requests-used": str(self._used),
                "x-requests-last": str(cost),
            }

    def exhausted_headers(self) -> dict[str, str]:
        """The quota headers when nothing is left."""
        return {
            "x-requests-remaining": "0",
            "x-requests-used": str(self.limit),
            "x-requests-last": "0",
        }

    def _begin_month(self, now: float) -> None:
        today = datetime.fromtimestamp(now, UTC)
        if self._month != (today.year, today.month):
            self._month, self._used = (today.year, today.month), 0
