"""The four cards of the first page: what stands now, and how the last 24 hours changed it.

The change is what the bets settled since then and the money moved since then made of it. A bet
that was corrected counts as it stands now, then as well as today.
"""

from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, Final

import numpy as np
from django.db.models import Count, Exists, OuterRef, Q, Sum

from betting.bankroll import ledger
from betting.bankroll.curve import FROM_OUTSIDE
from betting.models import Bet, LedgerEntry, StakingSettings
from betting.models.bankroll import NOTHING
from betting.performance.measures import by_match, yield_of
from betting.performance.records import Sample, evidence_of, sample
from betting.performance.totals import Book, book, in_percent
from betting.performance.verdict import Evidence

LATELY: Final = timedelta(hours=24)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lately:
    """What the last 24 hours did; rates are as they were before, None where undefined.

    Attributes:
        bankroll: Before; None where there was none yet.
        moved: Put in, less what was taken out.
        gained: Profit of the bets settled since.
        settled: How many of those there are, void ones included.
        placed: Bets placed since.
        decided: Those settled since that were not void.
        graded: Those among them that a closing line graded.
        roi_pct: Before.
        clv_pct: Fair, a mean over matches, before.
        pending: Active bets before.
    """

    bankroll: Decimal | None
    moved: Decimal
    gained: Decimal
    settled: int
    placed: int
    decided: int
    graded: int
    roi_pct: float | None
    clv_pct: float | None
    pending: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """All bets staked with money, and what they came to."""

    currency: str
    old_price: timedelta
    balance: ledger.Balance
    book: Book
    bets: Sample
    evidence: Evidence
    pending: int
    lately: Lately


def read(*, now: datetime) -> Figures:
    """The cards' numbers, in a handful of queries."""
    ledger.cash_account(now=now)
    settings = StakingSettings.current()
    since = now - LATELY
    kept, bets, balance = book(), sample(), ledger.balance()
    active = (
        Bet.objects.pending()
        .real()
        .aggregate(all=Count("pk"), placed=Count("pk", filter=Q(placed_at__gte=since)))
    )
    return Figures(
        currency=settings.currency,
        old_price=settings.old_price,
        balance=balance,
        book=kept,
        bets=bets,
        evidence=evidence_of(kept.decided, bets),
        pending=active["all"],
        lately=_lately(bets, balance.bankroll, active, since=since),
    )


def _lately(bets: Sample, bankroll: Decimal, active: dict[str, int], *, since: datetime) -> Lately:
    ended = Bet.objects.real().filter(settled_at__gte=since)
    settled: dict[str, Any] = ended.aggregate(
        all=Count("pk"),
        placed=Count("pk", filter=Q(placed_at__gte=since)),
        profit=Sum("profit"),
    )
    moved, gained = _moved(since), settled["profit"] or NOTHING
    instant = np.datetime64(since.astimezone(UTC).replace(tzinfo=None), "us")
    is_earlier = bets.settled_at < instant
    earlier = _only(bets, is_earlier)
    graded = _only(earlier, earlier.is_graded)
    return Lately(
        bankroll=bankroll - moved - gained or None,
        moved=moved,
        gained=gained,
        settled=settled["all"],
        placed=active["placed"] + settled["placed"],
        decided=int((~is_earlier).sum()),
        graded=int((~is_earlier & bets.is_graded).sum()),
        roi_pct=in_percent(yield_of(int(earlier.profit.sum()), int(earlier.risk.sum()))),
        clv_pct=by_match(graded.fair_clv, graded.match)[1],
        pending=active["all"] - active["placed"] + settled["all"] - settled["placed"],
    )


def _moved(since: datetime) -> Decimal:
    """What entered and left since then.

    An account whose history was entered late was opened later than its first bet; what it began
    with was there before.
    """
    earlier = LedgerEntry.objects.filter(account=OuterRef("account"), at__lt=since)
    is_old = Exists(earlier) & Q(kind=LedgerEntry.Kind.INITIAL)
    return LedgerEntry.objects.filter(~is_old, FROM_OUTSIDE, at__gte=since).total()


def _only(bets: Sample, chosen: Any) -> Sample:
    return replace(bets, **{one.name: getattr(bets, one.name)[chosen] for one in fields(bets)})
