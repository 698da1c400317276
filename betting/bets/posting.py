"""Held bets: locked, changed, priced anew, and written together with their money and their log.

Every change of a bet goes this way, whether one is corrected by hand or a thousand are settled:
hold, change what is in memory, `write`. An exchange takes its commission from the net winnings of
a market, so the bets of one market are held and priced together.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import groupby
from typing import Any

from django.db import connection
from django.db.models import Q

from betting.bets.rules import Ending, commissions, gross_payout
from betting.models import UNGRADED, Bet, BetChange, LedgerEntry
from betting.models.bankroll import NOTHING

LOGGED = (
    "selection",
    *("home_team", "away_team", "commence_time", "market", "line", "outcome", "side"),
    *("bookmaker_id", "odds", "stake", "commission", "bet_type", "notes", "league", "sport_key"),
    *("status", "result", "dead_heat_ways", "final_score", "commission_paid", "payout", "profit"),
    *("settled_by", "cancelled_at"),
)
WRITTEN = (*LOGGED, "account_id", "risk", "settled_at", "updated_at", "revision")
MARKET = ("match_id", "bookmaker_id", "market", "line", "is_paper")  # what nets before commission


@dataclass(frozen=True, slots=True, kw_only=True)
class Money:
    """What a bet's live revision has moved; `payout` is None until it is settled."""

    account_id: int | None
    risk: Decimal
    payout: Decimal | None
    is_cancelled: bool

    @classmethod
    def of(cls, bet: Bet) -> "Money":
        """As the bet stands in memory."""
        return cls(
            account_id=bet.account_id,
            risk=bet.risk,
            payout=bet.payout,
            is_cancelled=bet.cancelled_at is not None,
        )

    @property
    def balance(self) -> Decimal:
        """The sum of the revision's entries."""
        return (self.payout or NOTHING) - self.risk


@dataclass(slots=True, kw_only=True)
class Held:
    """A locked bet, and how it stood when it was locked."""

    bet: Bet
    before: dict[str, Any]
    money: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Author:
    """Who changes a bet, when and why."""

    now: datetime
    by: str = ""
    reason: str = ""


def hold(bet_ids: Iterable[int], *, are_cancelled: bool = False) -> dict[int, Held]:
    """Lock these bets and those that share their exchange market, in the order of their ids."""
    wanted = Bet.objects.filter(pk__in=list(bet_ids), cancelled_at__isnull=not are_cancelled)
    on_exchanges = wanted.filter(commission__gt=0, match__isnull=False)
    mates = Q(pk__in=wanted.values("pk"))
    for market in set(on_exchanges.values_list(*MARKET)):
        mates |= Q(**dict(zip(MARKET, market, strict=True)), cancelled_at=None)
    return _locked(mates)


def hold_mates(bet: Bet) -> dict[int, Held]:
    """Lock the other bets of the exchange market that a bet in memory now belongs to."""
    if not bet.commission or bet.match_id is None:
        return {}
    market = {name: getattr(bet, name) for name in MARKET}
    return _locked(Q(**market, cancelled_at=None) & ~Q(pk=bet.pk))


def _locked(wanted: Q) -> dict[int, Held]:
    rows = Bet.objects.filter(wanted).select_for_update().order_by("pk")
    return {bet.pk: _held(bet) for bet in rows}


def _held(bet: Bet) -> Held:
    return Held(bet=bet, before=snapshot(bet), money=Money.of(bet))


def snapshot(bet: Bet) -> dict[str, Any]:
    """What the log compares: plain values, numbers as text so that no digit is lost."""
    return {name: _plain(getattr(bet, name)) for name in LOGGED}


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, int):
        return value
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return str(value)


def end(bet: Bet, ending: str, *, settled_by: str, at: datetime) -> None:
    """Write an ending into a bet in memory; what it pays is computed by `write`."""
    is_void = ending == Ending.VOID
    bet.status = Bet.Status.VOID if is_void else Bet.Status.SETTLED
    bet.result = ending
    bet.settled_by = settled_by
    bet.settled_at = bet.settled_at or at
    if ending != Ending.DEAD_HEAT:
        bet.dead_heat_ways = None


def reopen(bet: Bet) -> None:
    """Take the ending out of a bet in memory."""
    bet.status, bet.result, bet.settled_by, bet.final_score = Bet.Status.PENDING, "", "", ""
    bet.settled_at = bet.payout = bet.profit = bet.dead_heat_ways = None
    bet.commission_paid = NOTHING


def write(held: Mapping[int, Held], author: Author, *, kind: str | None = None) -> list[BetChange]:
    """Price the held bets, post what their money changed by, save and log what is different.

    Args:
        held: All bets of each exchange market concerned, changed in memory, still locked.
        author: Who, when and why.
        kind: What the log calls it; told from the change where it is not given.

    Returns:
        The log's new entries, one for each bet that changed.
    """
    _price([one.bet for one in held.values()])
    entries: list[LedgerEntry] = []
    changes: list[BetChange] = []
    changed: list[Bet] = []
    for one in held.values():
        after = snapshot(one.bet)
        if after == one.before and Money.of(one.bet) == one.money:
            continue
        one.bet.updated_at = author.now
        entries += _entries(one, author)
        changes.append(_change(one, after, author, kind))
        changed.append(one.bet)
    _save(changed)
    LedgerEntry.objects.bulk_create(entries)
    return BetChange.objects.bulk_create(changes)


def _save(bets: list[Bet]) -> None:
    """Write the columns that may have changed; one pipeline of plain updates.

    Django's `bulk_update` builds an expression for each value, which took ten times as long.
    """
    columns = [*WRITTEN, *UNGRADED]
    update = f"UPDATE bets SET {', '.join(f'{name} = %s' for name in columns)} WHERE id = %s"  # noqa: S608 - made of constants
    if bets:
        with connection.cursor() as cursor:
            cursor.executemany(
                update, [[getattr(bet, name) for name in [*columns, "pk"]] for bet in bets]
            )


def place(bets: list[Bet], author: Author) -> None:
    """Save new pending bets, take their stakes and log them."""
    Bet.objects.bulk_create(bets)
    LedgerEntry.objects.bulk_create(entry for bet in bets for entry in _posted(bet, author))
    BetChange.objects.bulk_create(
        BetChange(
            bet=bet,
            kind=BetChange.Kind.PLACED,
            after=_different({}, snapshot(bet)),
            by=author.by,
            reason=author.reason,
            at=author.now,
        )
        for bet in bets
    )


def _price(bets: list[Bet]) -> None:
    """Payouts and profits of the settled ones, commission shared over each exchange market."""
    settled = [bet for bet in bets if bet.status != Bet.Status.PENDING and not bet.cancelled_at]
    for _market, group in groupby(sorted(settled, key=_market_of), key=_market_of):
        _price_market(list(group))


def _market_of(bet: Bet) -> tuple[Any, ...]:
    """Bets with the same one net before commission; without commission each is on its own."""
    if not bet.commission or bet.match_id is None:
        return (bet.pk,)
    return (0, *(getattr(bet, name) for name in MARKET))


def _price_market(bets: list[Bet]) -> None:
    gross = [
        gross_payout(
            stake=bet.stake,
            odds=bet.odds,
            ending=Ending(bet.result),
            side=bet.side,
            dead_heat_ways=bet.dead_heat_ways or 1,
        )
        for bet in bets
    ]
    gains = [payout - bet.risk for bet, payout in zip(bets, gross, strict=True)]
    taken = commissions(gains, max(bet.commission for bet in bets))
    for bet, payout, commission in zip(bets, gross, taken, strict=True):
        bet.commission_paid = commission
        bet.payout = payout - commission
        bet.profit = bet.payout - bet.risk


def _entries(one: Held, author: Author) -> list[LedgerEntry]:
    """What must be posted so that the ledger says what the bet says."""
    bet, before, after = one.bet, one.money, Money.of(one.bet)
    if bet.is_paper or before == after:
        return []
    same_stake = (before.account_id, before.risk) == (after.account_id, after.risk)
    if same_stake and before.payout is None and not before.is_cancelled and not after.is_cancelled:
        return [_entry(bet, LedgerEntry.Kind.PAYOUT, after.payout or NOTHING, author)]
    entries = []
    if not before.is_cancelled:
        reversal = LedgerEntry.Kind.REVERSAL
        entries.append(_entry(bet, reversal, -before.balance, author, before.account_id))
    if not after.is_cancelled:
        bet.revision += 1
        entries += _posted(bet, author)
    return entries


def _posted(bet: Bet, author: Author) -> list[LedgerEntry]:
    """The entries of a whole revision: the stake, and the payout of a settled bet."""
    if bet.is_paper:
        return []
    entries = [_entry(bet, LedgerEntry.Kind.STAKE, -bet.risk, author)]
    if bet.payout is not None:
        entries.append(_entry(bet, LedgerEntry.Kind.PAYOUT, bet.payout, author))
    return entries


def _entry(
    bet: Bet, kind: str, amount: Decimal, author: Author, account_id: int | None = None
) -> LedgerEntry:
    """Money first posted is dated when it moved, so that history entered late has its own dates."""
    moved = {LedgerEntry.Kind.STAKE: bet.placed_at, LedgerEntry.Kind.PAYOUT: bet.settled_at}
    at = moved.get(LedgerEntry.Kind(kind)) if bet.revision == 1 else None
    return LedgerEntry(
        account_id=account_id or bet.account_id or 0,  # 0: refused by the database
        kind=kind,
        amount=amount,
        bet=bet,
        revision=bet.revision,
        at=at or author.now,
        recorded_by=author.by,
        note=author.reason,
    )


def _change(one: Held, after: dict[str, Any], author: Author, kind: str | None) -> BetChange:
    was_pending = one.before["status"] == Bet.Status.PENDING
    told = BetChange.Kind.SETTLED if was_pending else BetChange.Kind.CORRECTED
    before = _different(after, one.before)
    return BetChange(
        bet=one.bet,
        kind=kind or told,
        before=before,
        after=_different(one.before, after),
        by=author.by,
        reason=author.reason,
        at=author.now,
    )


def _different(other: dict[str, Any], values: dict[str, Any]) -> dict[str, Any]:
    return {
        name: value for name, value in values.items() if other.get(name) != value and value != ""
    }
