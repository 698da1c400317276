"""What the bankroll page shows: balances, the curve, and the proof that the books agree."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from django.conf import settings
from django.db import connection
from django.db.models import OuterRef, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from betting.bankroll import ledger
from betting.bankroll.reconciliation import Proof, reconcile
from betting.models import Account, Bet, LedgerEntry, StakingSettings
from betting.models.bankroll import NOTHING
from betting.performance import records
from betting.performance.scopes import EVERYTHING

POINTS = 2_000

# Money put in or taken out, and profits of settled bets, one row for each instant or each day.
CURVE = """
WITH changes AS (
    SELECT at, amount AS put_in, 0 AS profit
    FROM bankroll_entries
    WHERE bet_id IS NULL AND transfer IS NULL
    UNION ALL
    SELECT settled_at, 0, profit
    FROM bets
    WHERE NOT is_paper AND cancelled_at IS NULL AND status <> 'pending'
),
steps AS (
    SELECT CASE WHEN (SELECT count(*) FROM changes) > %(points)s
                THEN date_trunc('day', at, %(zone)s) ELSE at END AS at,
           put_in, profit
    FROM changes
)
SELECT extract(epoch FROM at)::bigint, sum(put_in)::float8, sum(profit)::float8
FROM steps
GROUP BY at
ORDER BY at
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class BankrollPage:
    """Above the list of accounts; `curve` is None until a bet is settled or money moved."""

    currency: str
    balance: ledger.Balance
    proof: Proof
    curve: dict[str, Any] | None
    drawdown_pct: float | None


def read(*, now: datetime, points: int = POINTS) -> BankrollPage:
    """Everything above the list; a curve of more points than these is drawn day by day."""
    ledger.cash_account(now=now)
    return BankrollPage(
        currency=StakingSettings.current().currency,
        balance=ledger.balance(),
        proof=reconcile(),
        curve=_curve(_steps(points), now=now),
        drawdown_pct=records.sample().curve(EVERYTHING).drawdown_pct,
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


def _steps(points: int) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Seconds since 1970, money put in and profits, shape (n, 3)."""
    with connection.cursor() as cursor:
        cursor.execute(CURVE, {"points": points, "zone": settings.TIME_ZONE})
        return np.array(cursor.fetchall(), dtype=np.float64).reshape(-1, 3)


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
