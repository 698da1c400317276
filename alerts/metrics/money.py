"""The bankroll and how the bets staked with money did."""

from collections.abc import Iterator

import numpy as np
from prometheus_client.core import Metric

from alerts.metrics.families import gauge
from betting.bankroll import ledger
from betting.bankroll.curve import bankroll_curve
from betting.models import LedgerEntry
from betting.performance import bet_columns
from betting.performance.scopes import EVERYTHING
from betting.performance.totals import Book, book


def read() -> Iterator[Metric]:
    """Bankroll families are absent before there is a ledger, rates before a bet is settled."""
    yield from _bets(book())
    yield from _bankroll()


def _bets(kept: Book) -> Iterator[Metric]:
    decided = kept.decided
    yield gauge("monps_total_bets", "Real bets, pending and void ones included.", kept.bets)
    yield gauge("monps_settled_bets", "Real bets settled and not void.", decided.bets)
    yield gauge("monps_pending_bets", "Real bets waiting for their result.", kept.pending)
    yield gauge(
        "monps_roi",
        "Profit in percent of what settled real bets, void ones left out, risked.",
        decided.roi_pct,
    )
    yield gauge(
        "monps_win_rate",
        "Percent won of the real bets won or lost; a half counts as a half.",
        decided.win_rate_pct,
    )
    yield gauge(
        "monps_graded_bets", "Settled real bets that a closing line graded.", decided.graded
    )
    yield gauge(
        "monps_fair_clv_percent",
        "Mean fair CLV of the settled real bets that a closing line graded.",
        decided.average_fair_clv_pct,
    )


def _bankroll() -> Iterator[Metric]:
    balance = ledger.balance() if LedgerEntry.objects.exists() else None
    yield gauge(
        "monps_bankroll",
        "Bankroll in euros: what is available and what pending bets risk.",
        balance.bankroll if balance else None,
    )
    yield gauge(
        "monps_bankroll_available",
        "Euros in the accounts, without the stakes of pending bets.",
        balance.available if balance else None,
    )
    yield gauge(
        "monps_exposure", "Euros pending bets can lose.", balance.exposure if balance else None
    )
    yield gauge(
        "monps_drawdown_percent",
        "How far settled bets have brought the bankroll below its highest value, now.",
        current_drawdown_pct() if balance else None,
    )


def current_drawdown_pct() -> float | None:
    """How far the bankroll lies below its peak, deposits and withdrawals left out of account.

    None where bets were staked from a bankroll that is not recorded.
    """
    settled_at, risk, profit = bet_columns.read(EVERYTHING, "settled_at", "risk", "profit")
    curve = bankroll_curve(EVERYTHING, settled_at, risk, profit)
    if (curve.before <= 0).any():
        return None
    growth = np.cumprod(np.concatenate([[1.0], 1 + curve.profit / curve.before]))
    return float(100 * (1 - growth[-1] / growth.max()))
