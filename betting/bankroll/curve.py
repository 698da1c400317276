"""The bankroll over time: what was paid in and out, and the profits as bets were settled.

Bets settled at one instant are one step, because nothing says which of them was paid first.
Deposits and withdrawals move the bankroll and are neither gain nor loss: a fall is measured on the
return of each step, on the money that was there before it.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Final

import numpy as np
from django.db.models import Case, DateTimeField, F, OuterRef, Q, Subquery, Sum, When
from numpy.typing import NDArray

from betting.models import LedgerEntry
from betting.models.bankroll import NOTHING
from betting.performance.measures import drawdown
from betting.performance.scopes import Scope

CENTS: Final = Decimal("0.01")
# Money moved from or to outside; a bet's entries and transfers between accounts are not.
FROM_OUTSIDE: Final = Q(bet=None, transfer=None) & ~Q(kind=LedgerEntry.Kind.TRANSFER)


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """The bankroll after each instant at which bets were settled; money in whole cents.

    Attributes:
        at: The instants, ascending, shape (n,).
        bets: How many were settled then.
        risk: What they risked.
        profit: What they gained.
        before: The bankroll before them, what was paid in until then included.
    """

    at: NDArray[np.datetime64]
    bets: NDArray[np.int64]
    risk: NDArray[np.int64]
    profit: NDArray[np.int64]
    before: NDArray[np.int64]

    @property
    def after(self) -> NDArray[np.int64]:
        """The bankroll after each instant."""
        return self.before + self.profit

    @property
    def drawdown_pct(self) -> float | None:
        """The deepest fall in percent of the peak before it.

        None without bets, or where a bankroll they could have been staked from is not recorded.
        """
        if not len(self.at) or (self.before <= 0).any():
            return None
        growth = np.cumprod(1 + self.profit / self.before)
        fall = drawdown(np.diff(growth, prepend=1.0), 1.0)
        return None if fall is None else 100 * fall.fraction


def bankroll_curve(
    scope: Scope,
    settled_at: NDArray[np.datetime64],
    risk: NDArray[np.int64],
    profit: NDArray[np.int64],
) -> Curve:
    """The bankroll as if only the scope's bets had been made since its period began.

    Args:
        scope: What the columns were read for; its period decides what was there before.
        settled_at: See `bet_columns.read`, as for the others.
        risk: In whole cents.
        profit: In whole cents.
    """
    order = np.argsort(settled_at, kind="stable")
    at, first, bets = np.unique(settled_at[order], return_index=True, return_counts=True)
    gained = sums(profit[order], first)
    moved_at, moved = _movements()
    before = np.concatenate([[0], np.cumsum(moved)])[np.searchsorted(moved_at, at, side="right")]
    won_before = _cents(_profit_before(scope))
    return Curve(
        at=at,
        bets=bets,
        risk=sums(risk[order], first),
        profit=gained,
        before=before + won_before + np.cumsum(gained) - gained,
    )


def in_groups(curve: Curve, unit: str) -> tuple[NDArray[np.datetime64], NDArray[np.intp]]:
    """The UTC days, weeks or months of a curve, and where in it each begins.

    Args:
        curve: In the order of time.
        unit: "day", "week" (from Monday) or "month".

    Returns:
        First days, ascending, and positions; shape (g,) both.
    """
    days = curve.at.astype("datetime64[D]")
    if unit == "week":
        days = days - (days.astype(np.int64) + 3) % 7  # 1970 began on a Thursday
    elif unit == "month":
        days = days.astype("datetime64[M]").astype("datetime64[D]")
    return np.unique(days, return_index=True)


def sums(values: NDArray[np.int64], starts: NDArray[np.intp]) -> NDArray[np.int64]:
    """What stands between one start and the next, added up; exact."""
    return np.add.reduceat(values, starts) if len(starts) else values[:0]


def amount(cents: int) -> Decimal:
    """Whole cents as money."""
    return cents * CENTS


def _cents(money: Decimal) -> int:
    return int(money / CENTS)


def _profit_before(scope: Scope) -> Decimal:
    """What all bets settled before the period had gained, of whatever type."""
    if scope.since is None:
        return NOTHING
    earlier = Scope(until=scope.since, is_paper=scope.is_paper).decided()
    return earlier.aggregate(total=Sum("profit"))["total"] or NOTHING


def _movements() -> tuple[NDArray[np.datetime64], NDArray[np.int64]]:
    """Instants and cents of what entered and left, in the order of time.

    An account whose history was entered late was opened later than its first bet; what it began
    with was there before.
    """
    first = LedgerEntry.objects.filter(account=OuterRef("account")).order_by("at").values("at")[:1]
    moved: Any = (
        LedgerEntry.objects.filter(FROM_OUTSIDE)
        .annotate(
            moved_at=Case(
                When(kind=LedgerEntry.Kind.INITIAL, then=Subquery(first)),
                default=F("at"),
                output_field=DateTimeField(),
            )
        )
        .order_by("moved_at", "id")
        .values_list("moved_at", "amount")
    )
    rows: list[tuple[datetime, Decimal]] = list(moved)
    instants = [at.astimezone(UTC).replace(tzinfo=None) for at, _amount in rows]
    cents = [_cents(money) for _at, money in rows]
    return np.array(instants, dtype="datetime64[us]"), np.array(cents, dtype=np.int64)
