"""Accounts and their append-only ledger.

Money is posted when it moves: a stake leaves the account when the bet is placed, a payout enters
it when the bet is settled. So the sum of an account's entries is what is available there, and the
bankroll is that sum plus what pending bets can lose.
"""

from decimal import Decimal
from typing import Self

from django.db import models
from django.db.models import Q, Sum
from django.utils.translation import gettext_lazy as _

from odds.models import Bookmaker

NOTHING = Decimal("0.00")


class Account(models.Model):
    """Where money lies: at one bookmaker, or in cash for all the others."""

    name = models.CharField(_("name"), max_length=120, unique=True)
    bookmaker = models.OneToOneField(
        Bookmaker,
        models.PROTECT,
        related_name="account",
        null=True,
        blank=True,
        verbose_name=_("bookmaker"),
        help_text=_("Empty for cash, which pays for bets where you keep no account."),
    )
    created_at = models.DateTimeField(_("created"))

    class Meta:
        db_table = "accounts"
        ordering = ["name"]
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        constraints = [
            models.UniqueConstraint(
                "bookmaker",
                condition=Q(bookmaker=None),
                nulls_distinct=False,
                name="accounts_one_for_cash",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class LedgerQuerySet(models.QuerySet["LedgerEntry"]):
    """Words for ledger entries."""

    def of_kinds(self, *kinds: str) -> Self:
        """Entries of these kinds."""
        return self.filter(kind__in=kinds)

    def total(self) -> Decimal:
        """The sum of the amounts; nothing where there is no entry."""
        return self.aggregate(total=Sum("amount"))["total"] or NOTHING


class LedgerEntry(models.Model):
    """One movement of money; never changed, never deleted (a trigger refuses both).

    A bet's entries belong to one of its revisions: the stake, the payout once it is settled, and,
    when the bet is corrected, a reversal of both that brings the revision to zero.
    """

    class Kind(models.TextChoices):
        INITIAL = "initial", _("Initial balance")
        DEPOSIT = "deposit", _("Deposit")
        WITHDRAWAL = "withdrawal", _("Withdrawal")
        BONUS = "bonus", _("Bonus")
        ADJUSTMENT = "adjustment", _("Adjustment")
        TRANSFER = "transfer", _("Transfer")
        STAKE = "stake", _("Stake")
        PAYOUT = "payout", _("Payout")
        REVERSAL = "reversal", _("Reversal")

    account = models.ForeignKey(
        Account,
        models.PROTECT,
        related_name="entries",
        verbose_name=_("account"),
        db_index=False,  # the index below starts with it
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    amount = models.DecimalField(
        _("amount"), max_digits=12, decimal_places=2, help_text=_("Positive enters the account.")
    )
    bet = models.ForeignKey(
        "betting.Bet",
        models.PROTECT,
        related_name="entries",
        null=True,
        blank=True,
        verbose_name=_("bet"),
        db_index=False,  # the unique constraint below starts with it
    )
    revision = models.PositiveSmallIntegerField(_("revision of the bet"), null=True, blank=True)
    transfer = models.UUIDField(_("transfer"), null=True, blank=True)
    reverses = models.OneToOneField(
        "self",
        models.PROTECT,
        related_name="reversed_by",
        null=True,
        blank=True,
        verbose_name=_("undoes"),
    )
    at = models.DateTimeField(_("at"))
    recorded_by = models.CharField(_("recorded by"), max_length=150, blank=True)
    note = models.CharField(_("note"), max_length=300, blank=True)

    objects = LedgerQuerySet.as_manager()

    class Meta:
        db_table = "bankroll_entries"
        ordering = ["-at", "-id"]
        verbose_name = _("ledger entry")
        verbose_name_plural = _("ledger")
        indexes = [
            # An account's statement, newest first, and its balance.
            models.Index(
                fields=["account", "-at"], include=["amount"], name="bankroll_entries_of_account"
            ),
            # The whole ledger, newest first, and the bankroll over time.
            models.Index(fields=["-at", "-id"], name="bankroll_entries_newest"),
        ]
        constraints = [
            # What makes settling twice pay once; the proof reads the amounts from it.
            models.UniqueConstraint(
                fields=["bet", "revision", "kind"],
                include=["amount"],
                name="bankroll_entries_once_per_revision",
            ),
            models.UniqueConstraint(
                "account", condition=Q(kind="initial"), name="bankroll_entries_one_initial"
            ),
            models.CheckConstraint(
                name="bankroll_entries_bet_with_revision",
                condition=Q(bet=None, revision=None) | Q(bet__isnull=False, revision__isnull=False),
            ),
            models.CheckConstraint(
                name="bankroll_entries_stakes_and_payouts_have_a_bet",
                condition=~Q(kind__in=["stake", "payout"]) | Q(bet__isnull=False),
            ),
            models.CheckConstraint(
                name="bankroll_entries_right_sign",
                condition=Q(kind__in=["withdrawal", "stake"], amount__lt=0)
                | Q(kind__in=["deposit", "bonus"], amount__gt=0)
                | Q(kind__in=["initial", "payout"], amount__gte=0)
                | Q(kind__in=["adjustment", "transfer", "reversal"]),
            ),
            models.CheckConstraint(
                name="bankroll_entries_transfers_have_their_number",
                condition=Q(kind="transfer", transfer__isnull=False)
                | (~Q(kind="transfer") & Q(transfer=None))
                | Q(kind="reversal"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.amount}"
