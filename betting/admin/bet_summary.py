"""The cards above the list of bets: money, results, and what the closing line says of them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Q

from betting.bankroll import ledger
from betting.models import Bet, StakingSettings
from betting.performance import records, verdict_text
from betting.performance.totals import Totals, totals
from betting.performance.verdict import Evidence, Verdict, judge


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """Of all bets staked with money; percentages are None where they are undefined."""

    currency: str
    balance: ledger.Balance
    totals: Totals
    evidence: Evidence
    verdict: Verdict
    sentence: str
    numbers: list[tuple[str, str]]
    pending: int
    on_paper: int

    @property
    def won(self) -> int:
        """Won and half won."""
        return self.totals.endings.get("won", 0) + self.totals.endings.get("half_won", 0)

    @property
    def lost(self) -> int:
        """Lost and half lost."""
        return self.totals.endings.get("lost", 0) + self.totals.endings.get("half_lost", 0)


def read(*, now: datetime) -> Summary:
    """The cards' numbers, in a handful of queries."""
    ledger.cash_account(now=now)
    summed, sample = totals(), records.sample()
    evidence = records.evidence_of(summed, sample)
    luck = sample.luck
    currency = StakingSettings.current().currency
    words: dict[str, Any] = {"luck": luck.amount if luck else None, "currency": currency}
    active = Bet.objects.pending().aggregate(
        pending=Count("pk", filter=Q(is_paper=False)),
        on_paper=Count("pk", filter=Q(is_paper=True)),
    )
    return Summary(
        currency=currency,
        balance=ledger.balance(),
        totals=summed,
        evidence=evidence,
        verdict=judge(evidence),
        sentence=verdict_text.sentence(evidence, **words),
        numbers=verdict_text.numbers(evidence, **words),
        **active,
    )
