"""Which settled bets a statistic is about."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from django.db.models import Q

from betting.models import Bet
from betting.models.bets import BetQuerySet
from odds.models import Bookmaker


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Which bets; cancelled ones never, those on paper only where asked for.

    Attributes:
        since: Settled then or later.
        until: Settled before.
        bet_type: One of `Bet.Type`; all where empty, as below.
        bookmaker: A bookmaker's key.
        market: One of `BetMarket`.
        is_paper: Those on paper, instead of those staked with money.
    """

    since: datetime | None = None
    until: datetime | None = None
    bet_type: str = ""
    bookmaker: str = ""
    market: str = ""
    is_paper: bool = False

    def kept(self) -> BetQuerySet:
        """Those of the scope in any state, settled at any time."""
        wanted = Q(is_paper=self.is_paper)
        if self.bet_type:
            wanted &= Q(bet_type=self.bet_type)
        if self.bookmaker:
            wanted &= Q(bookmaker__in=Bookmaker.objects.filter(key=self.bookmaker))
        if self.market:
            wanted &= Q(market=self.market)
        return Bet.objects.kept().filter(wanted)

    def decided(self) -> BetQuerySet:
        """Those settled in the period and not void: what yields and win rates are made of."""
        period = Q()
        if self.since is not None:
            period &= Q(settled_at__gte=self.since)
        if self.until is not None:
            period &= Q(settled_at__lt=self.until)
        return self.kept().decided().filter(period)


EVERYTHING: Final = Scope()


def days_until(now: datetime, days: int) -> datetime:
    """The start of the last `days` UTC days, today among them."""
    return now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(
        days=days - 1
    )
