"""The proof that the ledger and the bets say the same."""

from dataclasses import dataclass
from decimal import Decimal

from django.db import connection
from django.db.models import Q, Sum
from django.db.models.functions import Coalesce

from betting.models import Bet, LedgerEntry
from betting.models.bankroll import NOTHING

MOST_SHOWN = 100

# A bet's live revision holds its stake and, once settled, one payout; earlier ones come to nothing.
WRONG_BETS = """
WITH posted AS (
    SELECT bet_id, revision, sum(amount) AS amount, count(*) FILTER (WHERE kind = 'payout') AS paid
    FROM bankroll_entries
    WHERE bet_id IS NOT NULL
    GROUP BY bet_id, revision
)
SELECT bets.id
FROM bets
LEFT JOIN posted ON posted.bet_id = bets.id AND posted.revision = bets.revision
WHERE NOT is_paper
  AND (coalesce(posted.amount, 0) <> CASE
           WHEN cancelled_at IS NOT NULL THEN 0
           WHEN status = 'pending' THEN -risk
           ELSE profit
       END
       OR (cancelled_at IS NULL AND status <> 'pending' AND posted.paid IS DISTINCT FROM 1))
UNION
SELECT bets.id
FROM posted
JOIN bets ON bets.id = posted.bet_id
WHERE is_paper OR posted.revision > bets.revision
   OR (posted.revision < bets.revision AND posted.amount <> 0)
ORDER BY id
LIMIT %s
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """Both sides of the books, and every bet whose entries say something else than the bet.

    `ledger` is the sum of all entries. `expected` is initial balances + deposits − withdrawals +
    bonuses + adjustments + profits of settled bets − risk of pending ones.
    """

    ledger: Decimal
    initial: Decimal
    moved: Decimal
    profits: Decimal
    exposure: Decimal
    transfers: Decimal
    wrong_bets: list[int]

    @property
    def expected(self) -> Decimal:
        """What the entries must sum to."""
        return self.initial + self.moved + self.profits - self.exposure

    @property
    def is_proved(self) -> bool:
        """Nothing is missing and nothing is too much."""
        return self.ledger == self.expected and not self.transfers and not self.wrong_bets


def reconcile() -> Proof:
    """Prove the ledger against the bets; a handful of queries, set-based."""
    by_hand = Q(bet=None) & ~Q(kind__in=["initial", "transfer"]) & Q(transfer=None)
    sums = LedgerEntry.objects.aggregate(
        ledger=Coalesce(Sum("amount"), NOTHING),
        initial=Coalesce(Sum("amount", filter=Q(kind="initial")), NOTHING),
        moved=Coalesce(Sum("amount", filter=by_hand), NOTHING),
        transfers=Coalesce(Sum("amount", filter=Q(transfer__isnull=False)), NOTHING),
    )
    bets = Bet.objects.real().aggregate(
        profits=Coalesce(Sum("profit"), NOTHING),
        exposure=Coalesce(Sum("risk", filter=Q(status="pending")), NOTHING),
    )
    return Proof(**sums, **bets, wrong_bets=_wrong_bets())


def _wrong_bets() -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(WRONG_BETS, [MOST_SHOWN])
        return [bet_id for (bet_id,) in cursor.fetchall()]
