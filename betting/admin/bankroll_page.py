"""What the bankroll page shows: balances and the curve."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from django.conf import settings
from django.db.models import OuterRef, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce
from numpy.typing import NDArray

from betting.bankroll import ledger
from betting.models import Account, Bet, LedgerEntry, StakingSettings
from betting.models.bankroll import NOTHING
from betting.performance import records
from betting.performance.records import Sample
from betting.performance.scopes import EVERYTHING

POINTS = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class BankrollPage:
    """Above the list of accounts; `curve` is None until a bet is settled or money moved."""

    currency: str
    balance: ledger.Balance
    curve: dict[str, Any] | None
    drawdown_pct: float | None


def read(*, now: datetime, points: int = POINTS) -> BankrollPage:
    """Everything above the list; a curve of more points than these is drawn day by day."""
    ledger.cash_account(now=now)
    bets = records.sample()
    return BankrollPage(
        currency=StakingSettings.current().currency,
        balance=ledger.balance(),
        curve=_curve(_steps(bets, points), now=now),
        drawdown_pct=bets.curve(EVERYTHING).drawdown_pct,
    )


def with_balances(accounts: QuerySet[Any]) -> QuerySet[Any]:
    """Accounts with what is available, what is at risk, both, and the user's currency."""
    entries = LedgerEntry.objects.filter(account=OuterRef("pk")).order_by().values("account")
    pending = Bet.objects.pending().real().filter(account=OuterRef("pk")).order_by()
    available = entries.annotate(total=Sum("amount")).values("total")
    exposure = pending.values("account").annotate(total=Sum("risk")).values("total")
    with_money: QuerySet[Any] = accounts.annotate(
        available=Coalesce(Subquery(available), NOTHING),
        exposure=Coalesce(Subquery(exposure), NOTHING),
        currency=Value(StakingSettings.current().currency),
    )
    return with_money


def statement(account: Account, number: int) -> QuerySet[LedgerEntry]:
    """An account's newest entries."""
    return account.entries.select_related("bet")[:number]


def _steps(bets: Sample, points: int) -> NDArray[np.float64]:
    """Seconds since 1970, money put in or taken out and profits of decided bets, shape (n, 3).

    One row for each instant; for each day in the zone of the pages where there are too many.
    """
    by_hand = LedgerEntry.objects.filter(bet=None, transfer=None).order_by()
    moved = list(by_hand.values_list("at", "amount"))
    moved_at = np.array([at.timestamp() for at, _amount in moved], dtype=np.float64)
    settled_at = bets.settled_at.astype("datetime64[s]").astype(np.float64)
    at = np.floor(np.concatenate([moved_at, settled_at]))
    if len(at) > points:
        days = _midnights(float(at.min()), float(at.max()))
        at = days[np.searchsorted(days, at, side="right") - 1]
    instants, place = np.unique(at, return_inverse=True)
    amounts = [float(amount) for _at, amount in moved]
    by_hand_then, bets_then = np.split(place, [len(moved)])
    put_in = np.bincount(by_hand_then, weights=amounts, minlength=len(instants))
    profit = np.bincount(bets_then, weights=bets.profit / 100, minlength=len(instants))
    return np.column_stack([instants, put_in, profit])


def _midnights(first: float, last: float) -> NDArray[np.float64]:
    """The beginnings of all days from one instant to another, in the zone of the pages."""
    zone = ZoneInfo(settings.TIME_ZONE)
    day, end = (datetime.fromtimestamp(at, zone).date() for at in (first, last))
    days = [day + timedelta(days=number) for number in range((end - day).days + 1)]
    return np.array([datetime.combine(one, time.min, zone).timestamp() for one in days])


def _curve(steps: Any, *, now: datetime) -> dict[str, Any] | None:
    """The bankroll and the money put in as staircases, JSON-ready; None with fewer than two."""
    if len(steps) < 2:
        return None
    start = int(steps[0, 0])
    seconds = (steps[:, 0] - start).astype(int).tolist()
    put_in = np.cumsum(steps[:, 1]).round(2)
    bankroll = (put_in + np.cumsum(steps[:, 2])).round(2)
    end = max(int(now.timestamp()) - start, seconds[-1])
    return {
        "zone": settings.TIME_ZONE,
        "start": start,
        "end": end,
        "bankroll": [*zip(seconds, bankroll.tolist(), strict=True), (end, float(bankroll[-1]))],
        "put_in": [*zip(seconds, put_in.tolist(), strict=True), (end, float(put_in[-1]))],
    }
