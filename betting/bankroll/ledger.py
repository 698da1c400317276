"""Accounts and the ledger: opening accounts, moving money, undoing a movement.

A bet's stake leaves its account when it is placed, its payout enters when it is settled. So:
available = the sum of the entries; exposure = what pending bets can lose; bankroll = both.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from betting.models import Account, Bet, LedgerEntry
from betting.models.bankroll import NOTHING
from odds.models import Bookmaker

CASH = "Cash"
INITIAL_BALANCE = Decimal("1000.00")  # the original's; the user sets it on the bankroll page
BY_HAND = (
    LedgerEntry.Kind.DEPOSIT,
    LedgerEntry.Kind.WITHDRAWAL,
    LedgerEntry.Kind.BONUS,
    LedgerEntry.Kind.ADJUSTMENT,
)


class LedgerRefusedError(Exception):
    """Nothing was posted; the message says why and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """What an account, or all of them together, holds."""

    available: Decimal
    exposure: Decimal

    @property
    def bankroll(self) -> Decimal:
        """What is there when every pending bet is given back its stake."""
        return self.available + self.exposure


def cash_account(*, now: datetime) -> Account:
    """The account that pays where the bookmaker has none; opened when first asked for."""
    with transaction.atomic():
        account, is_new = Account.objects.get_or_create(
            bookmaker=None, defaults={"name": CASH, "created_at": now}
        )
        if is_new:
            _initial(account, INITIAL_BALANCE, now=now, by="")
    return account


def open_account(
    bookmaker: Bookmaker, *, initial: Decimal = NOTHING, now: datetime, by: str = ""
) -> Account:
    """An account at a bookmaker, with what already lies there.

    Raises:
        LedgerRefusedError: There is one already, or the balance is negative.
    """
    if initial < 0:
        raise LedgerRefusedError(_("An account cannot begin below zero."))
    with transaction.atomic():
        account, is_new = Account.objects.get_or_create(
            bookmaker=bookmaker, defaults={"name": _free_name(bookmaker.title), "created_at": now}
        )
        if not is_new:
            raise LedgerRefusedError(
                _("There is already an account at %(name)s.") % {"name": bookmaker.title}
            )
        _initial(account, initial, now=now, by=by)
    return account


def account_of(bookmaker: Bookmaker, *, now: datetime) -> Account:
    """Who pays for a bet there: the bookmaker's own account, else cash."""
    return Account.objects.filter(bookmaker=bookmaker).first() or cash_account(now=now)


def lock(account: Account) -> None:
    """Hold the account until the transaction ends, so that its balance cannot be spent twice."""
    Account.objects.select_for_update(of=("self",)).get(pk=account.pk)


def post(
    account: Account, kind: str, amount: Decimal, *, now: datetime, by: str = "", note: str = ""
) -> LedgerEntry:
    """A deposit, withdrawal, bonus (each given as a positive amount) or a signed adjustment.

    Raises:
        LedgerRefusedError: No such movement by hand, nothing to move, or not so much available.
    """
    if kind not in BY_HAND:
        raise LedgerRefusedError(_("This kind of movement is not entered by hand."))
    if kind != LedgerEntry.Kind.ADJUSTMENT and amount <= 0:
        raise LedgerRefusedError(_("The amount must be above zero."))
    if not amount:
        raise LedgerRefusedError(_("An adjustment of zero changes nothing."))
    signed = -amount if kind == LedgerEntry.Kind.WITHDRAWAL else amount
    with transaction.atomic():
        lock(account)
        if signed < 0:
            refuse_beyond(account, -signed)
        return LedgerEntry.objects.create(
            account=account, kind=kind, amount=signed, at=now, recorded_by=by, note=note
        )


def transfer(
    source: Account,
    target: Account,
    amount: Decimal,
    *,
    now: datetime,
    by: str = "",
    note: str = "",
) -> uuid.UUID:
    """Move money between two accounts; two entries of one number that sum to zero.

    Raises:
        LedgerRefusedError: The same account, nothing to move, or not so much available.
    """
    if source.pk == target.pk:
        raise LedgerRefusedError(_("Choose two different accounts."))
    if amount <= 0:
        raise LedgerRefusedError(_("The amount must be above zero."))
    number = uuid.uuid4()
    with transaction.atomic():
        for account in sorted((source, target), key=lambda one: one.pk):
            lock(account)
        refuse_beyond(source, amount)
        LedgerEntry.objects.bulk_create(
            LedgerEntry(
                account=account,
                kind=LedgerEntry.Kind.TRANSFER,
                amount=signed,
                transfer=number,
                at=now,
                recorded_by=by,
                note=note,
            )
            for account, signed in ((source, -amount), (target, amount))
        )
    return number


def undo(entry: LedgerEntry, *, now: datetime, by: str = "", reason: str = "") -> list[LedgerEntry]:
    """Post the opposite of an entry made by hand; both halves of a transfer.

    Raises:
        LedgerRefusedError: A bet's entry, undone already, or the money is gone.
    """
    if entry.bet_id is not None or entry.kind == LedgerEntry.Kind.REVERSAL:
        raise LedgerRefusedError(_("A bet's money is moved by correcting the bet."))
    entries = [entry]
    if entry.transfer is not None:
        entries = list(LedgerEntry.objects.filter(transfer=entry.transfer).exclude(kind="reversal"))
    with transaction.atomic():
        for one in sorted(entries, key=lambda one: one.account_id):
            lock(one.account)
            if LedgerEntry.objects.filter(reverses=one).exists():
                raise LedgerRefusedError(_("This movement was undone already."))
            if one.amount > 0:
                refuse_beyond(one.account, one.amount)
        return LedgerEntry.objects.bulk_create(
            LedgerEntry(
                account=one.account,
                kind=LedgerEntry.Kind.REVERSAL,
                amount=-one.amount,
                reverses=one,
                transfer=one.transfer,
                at=now,
                recorded_by=by,
                note=reason,
            )
            for one in entries
        )


def refuse_beyond(account: Account, amount: Decimal) -> None:
    """Pass if so much is available in the account, which the caller has locked.

    Raises:
        LedgerRefusedError: It is not.
    """
    available = account.entries.total()
    if amount > available:
        raise LedgerRefusedError(
            _("Only %(available)s is available in %(account)s; %(wanted)s is needed.")
            % {"available": f"{available:.2f}", "account": account, "wanted": f"{amount:.2f}"}
        )


def balance(account: Account | None = None) -> Balance:
    """What one account holds, or all of them; two queries, whatever the history."""
    entries, bets = LedgerEntry.objects.all(), Bet.objects.pending().real()
    if account is not None:
        entries, bets = entries.filter(account=account), bets.filter(account=account)
    exposure = bets.aggregate(total=Sum("risk"))["total"] or NOTHING
    return Balance(available=entries.total(), exposure=exposure)


def _free_name(title: str) -> str:
    taken = Account.objects.filter(name__startswith=title).values_list("name", flat=True)
    names = set(taken)
    return title if title not in names else f"{title} ({len(names) + 1})"


def _initial(account: Account, amount: Decimal, *, now: datetime, by: str) -> None:
    LedgerEntry.objects.create(
        account=account,
        kind=LedgerEntry.Kind.INITIAL,
        amount=amount,
        at=now,
        recorded_by=by,
    )
