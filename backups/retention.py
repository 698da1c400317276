"""Which backups are kept: the newest of each of the last days, weeks and months that have one.

And all of the last 24 hours: who makes one by hand before something daring wants that one.
Counted from the newest backup and not from today, so that a machine that was off for a year
still has them all.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

Period = tuple[int, ...]
RECENT: Final = timedelta(hours=24)

# Name, how many periods, and the period an instant lies in. The first that keeps one names it.
RULES: Final[tuple[tuple[str, int, Callable[[datetime], Period]], ...]] = (
    ("daily", 7, lambda when: (when.year, when.month, when.day)),
    ("weekly", 4, lambda when: tuple(when.isocalendar()[:2])),
    ("monthly", 6, lambda when: (when.year, when.month)),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A finished backup.

    Attributes:
        key: What it is known by; the larger one counts as newer at the same instant.
        made_at: When it was begun.
        has_failed: Whether its restore test said that it cannot be restored.
    """

    key: int
    made_at: datetime
    has_failed: bool = False


def choose(candidates: Iterable[Candidate]) -> dict[int, str]:
    """The keys of those to keep, each with the rule that keeps it.

    One whose restore test failed never takes the place of a good one, and is itself kept as long
    as it would be otherwise: the test may have failed for another reason.
    """
    every = list(candidates)
    good = [one for one in every if not one.has_failed]
    return _choose(every) | _choose(good)


def _choose(candidates: list[Candidate]) -> dict[int, str]:
    newest_first = sorted(candidates, key=lambda one: (one.made_at, one.key), reverse=True)
    kept: dict[int, str] = {}
    for one in newest_first:
        if newest_first[0].made_at - one.made_at < RECENT:
            kept[one.key] = RULES[0][0]
    for name, number, period_of in RULES:
        newest: dict[Period, int] = {}
        for one in newest_first:
            newest.setdefault(period_of(one.made_at.astimezone(UTC)), one.key)
        for key in list(newest.values())[:number]:
            kept.setdefault(key, name)
    return kept
