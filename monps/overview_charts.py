"""The two charts of the first page: the bankroll with its falls, and how the bets ended."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final

import numpy as np
from django.utils.translation import gettext as _
from numpy.typing import NDArray

from betting.api.performance import series
from betting.bankroll.curve import Curve, in_groups
from betting.models import Ending
from betting.performance.totals import Book

MOST_DAYS: Final = 400  # beyond them a point is a week
ENDING_KINDS: Final = {
    "won": (Ending.WON, Ending.HALF_WON),
    "lost": (Ending.LOST, Ending.HALF_LOST),
    "dead_heat": (Ending.DEAD_HEAT,),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class BankrollChart:
    """The bankroll after each day with settled bets, and how deep it then lay under its peak.

    `points` are JSON-ready: date, bankroll, fall in percent (None where undefined), bets settled
    and their profit. The first stands before the first bet, the last is now.
    """

    points: list[dict[str, Any]]
    is_weekly: bool
    deepest_pct: float | None
    highest: float

    @property
    def start(self) -> date:
        """The day of the first bet that was settled, or the Monday before it."""
        return date.fromisoformat(self.points[1]["date"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Slice:
    """Bets that ended one way."""

    kind: str
    label: str
    number: int
    percent: float


def bankroll_chart(curve: Curve, *, bankroll: Decimal, now: datetime) -> BankrollChart | None:
    """The chart's points; None until a bet is settled.

    Args:
        curve: Of all bets staked with money.
        bankroll: What it is now, money moved since the last bet included.
        now: The current instant.
    """
    if not len(curve.at):
        return None
    unit = "day" if curve.at[-1] - curve.at[0] <= np.timedelta64(MOST_DAYS, "D") else "week"
    falls = _falls(curve, unit)
    points: list[dict[str, Any]] = [
        {
            "date": one["date"],
            "bankroll": one["bankroll"],
            "fall": fall,
            "bets": one["bets"],
            "profit": one["profit"],
        }
        for one, fall in zip(series(curve, unit), falls, strict=True)
    ]
    day_before = date.fromisoformat(points[0]["date"]) - timedelta(days=1)
    nothing = {"bets": 0, "profit": 0.0}
    first = {"date": day_before.isoformat(), "bankroll": int(curve.before[0]) / 100} | nothing
    points.insert(0, first | {"fall": None if falls[0] is None else 0.0})
    today = now.astimezone(UTC).date().isoformat()
    if today > points[-1]["date"]:
        points.append(points[-1] | nothing | {"date": today})
    points[-1]["bankroll"] = float(bankroll)
    return BankrollChart(
        points=points,
        is_weekly=unit == "week",
        deepest_pct=curve.drawdown_pct,
        highest=max(point["bankroll"] for point in points),
    )


def endings(kept: Book) -> list[Slice]:
    """How all bets staked with money ended, and those that have not; only those there are."""
    ended = kept.decided.endings
    numbers = {kind: sum(ended.get(one, 0) for one in ways) for kind, ways in ENDING_KINDS.items()}
    pushed = kept.decided.bets - sum(numbers.values())
    numbers["void"] = kept.bets - kept.pending - kept.decided.bets + pushed
    numbers["pending"] = kept.pending
    titles = {
        "won": _("Won"),
        "lost": _("Lost"),
        "void": _("Void"),
        "dead_heat": _("Dead heat"),
        "pending": _("Pending"),
    }
    return [
        Slice(
            kind=kind,
            label=label,
            number=numbers[kind],
            percent=100 * numbers[kind] / kept.bets,
        )
        for kind, label in titles.items()
        if numbers[kind]
    ]


def _falls(curve: Curve, unit: str) -> list[float] | list[None]:
    """Of each group the deepest fall below the peak before it, in percent, money put in left aside.

    Undefined where the bankroll a bet was staked from is not recorded, as the curve's own is.
    """
    _days, starts = in_groups(curve, unit)
    if (curve.before <= 0).any():
        return [None] * len(starts)
    growth: NDArray[Any] = np.cumprod(1 + curve.profit / curve.before)
    peaks = np.maximum.accumulate(np.maximum(growth, 1.0))
    deepest: list[float] = np.maximum.reduceat(100 * (1 - growth / peaks), starts).tolist()
    return deepest
