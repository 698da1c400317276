"""Bets and the log of what was changed about them."""

from datetime import datetime
from decimal import Decimal
from typing import Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Mod
from django.db.models.lookups import Exact
from django.utils.translation import gettext_lazy as _

from betting.models.bankroll import Account
from betting.models.grades import ClvStatus, Graded
from betting.models.opportunities import Opportunity
from betting.models.outcomes import MARKETS_WITH_LINE, OUTCOMES, BetMarket, Ending, Outcome
from odds import figures
from odds.models import Bookmaker, Match


class BetImport(models.Model):
    """A file of bets that was uploaded: first looked at, then applied, and perhaps undone."""

    name = models.CharField(_("file"), max_length=200)
    content = models.TextField(_("content"))
    uploaded_at = models.DateTimeField(_("uploaded"))
    uploaded_by = models.CharField(_("by"), max_length=150, blank=True)
    applied_at = models.DateTimeField(_("applied"), null=True, blank=True)
    undone_at = models.DateTimeField(_("undone"), null=True, blank=True)

    class Meta:
        db_table = "bet_imports"
        ordering = ["-uploaded_at", "-id"]
        verbose_name = _("import of bets")
        verbose_name_plural = _("imports of bets")
        constraints = [
            models.CheckConstraint(
                name="bet_imports_undone_after_applied",
                condition=Q(undone_at=None) | Q(applied_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class BetQuerySet(models.QuerySet["Bet"]):
    """Words for bets; cancelled ones are left out of all but `cancelled`."""

    def kept(self) -> Self:
        """Those that were not cancelled."""
        return self.filter(cancelled_at=None)

    def cancelled(self) -> Self:
        """Those taken back as if never made; the ledger shows both movements."""
        return self.filter(cancelled_at__isnull=False)

    def real(self) -> Self:
        """Those staked with money, not on paper."""
        return self.kept().filter(is_paper=False)

    def pending(self) -> Self:
        """Those not settled yet."""
        return self.kept().filter(status=Bet.Status.PENDING)

    def settled(self) -> Self:
        """Those that ended, void ones included."""
        return self.kept().exclude(status=Bet.Status.PENDING)

    def decided(self) -> Self:
        """Settled and not void: what yields and win rates are computed on."""
        return self.kept().filter(status=Bet.Status.SETTLED)

    def kicked_off(self, now: datetime) -> Self:
        """Those whose match began by `now`, as far as is known."""
        return self.filter(commence_time__lte=now)


class Bet(Graded):
    """One bet: its own copy of what was bet on, at what odds, and how it ended.

    `line` is the goals line, or the home team's handicap, 0 where the market has none. `odds` are
    decimal as offered; `commission` is the bookmaker's at the time, taken from the net winnings of
    a market. A lay bet wins when the outcome does not happen; its `stake` is the backer's and its
    `risk` the liability, stake times (odds − 1). A back bet risks its stake.

    `revision` counts how often money was posted for it: see `LedgerEntry`.
    """

    class Status(models.TextChoices):
        PENDING = "pending", _("Pending")
        SETTLED = "settled", _("Settled")
        VOID = "void", _("Void")

    class Type(models.TextChoices):
        """Why and where it was made; the original's words."""

        VALUE = "value", _("Value")
        ARBITRAGE = "arbitrage", _("Arbitrage")
        TABAC = "tabac", _("In a shop")
        LIGNE = "ligne", _("Online")

    class Side(models.TextChoices):
        BACK = "back", _("Back")
        LAY = "lay", _("Lay")

    class SettledBy(models.TextChoices):
        AUTO = "auto", _("By its result")
        MANUAL = "manual", _("By hand")
        IMPORT = "import", _("Imported")

    match = models.ForeignKey(
        Match,
        models.PROTECT,
        related_name="bets",
        null=True,
        blank=True,
        verbose_name=_("match"),
        help_text=_("Empty when MON_PS does not know the match; it is then settled by hand."),
    )
    opportunity = models.ForeignKey(
        Opportunity,
        models.PROTECT,
        related_name="bets",
        null=True,
        blank=True,
        verbose_name=_("opportunity"),
    )
    home_team = models.CharField(_("home team"), max_length=160)
    away_team = models.CharField(_("away team"), max_length=160, blank=True)
    sport_key = models.CharField(_("sport"), max_length=80, blank=True)
    league = models.CharField(_("league"), max_length=120, blank=True)
    commence_time = models.DateTimeField(_("kick-off"))
    market = models.CharField(_("market"), max_length=13, choices=BetMarket, default=BetMarket.H2H)
    line = models.DecimalField(_("line"), max_digits=6, decimal_places=2, default=0)
    outcome = models.CharField(_("outcome"), max_length=5, choices=Outcome)
    selection = models.CharField(
        _("selection"),
        max_length=300,
        blank=True,
        help_text=_("In words, where no market above fits: an accumulator, a scorer."),
    )
    side = models.CharField(_("side"), max_length=4, choices=Side, default=Side.BACK)
    bookmaker = models.ForeignKey(
        Bookmaker, models.PROTECT, related_name="bets", verbose_name=_("bookmaker")
    )
    odds = models.DecimalField(_("odds"), max_digits=8, decimal_places=3)
    stake = models.DecimalField(_("stake"), max_digits=12, decimal_places=2)
    risk = models.DecimalField(
        _("risk"), max_digits=12, decimal_places=2, help_text=_("What the bet can lose.")
    )
    commission = models.DecimalField(
        _("commission"),
        max_digits=4,
        decimal_places=3,
        default=0,
        validators=[MinValueValidator(0), MaxValueValidator(Decimal("0.2"))],
    )
    bet_type = models.CharField(_("type"), max_length=9, choices=Type, default=Type.VALUE)
    account = models.ForeignKey(
        Account,
        models.PROTECT,
        related_name="bets",
        null=True,
        blank=True,
        verbose_name=_("account"),
        help_text=_("Who pays; empty for a bet on paper."),
    )
    is_paper = models.BooleanField(
        _("on paper"), default=False, help_text=_("Followed and graded, but no money is staked.")
    )
    # What was believed when it was placed.
    edge_pct = models.FloatField(_("claimed edge (%)"), null=True, blank=True)
    fair_probability = models.FloatField(_("fair probability"), null=True, blank=True)
    reference = models.CharField(
        _("selected by"),
        max_length=60,
        blank=True,
        help_text=_("Whose fair probability chose it: a bookmaker's key, or consensus."),
    )
    agent_recommended = models.CharField(_("recommended by"), max_length=120, blank=True)
    patron_score = models.CharField(_("Patron's label"), max_length=60, blank=True)
    patron_confidence = models.FloatField(_("Patron's confidence"), null=True, blank=True)
    notes = models.TextField(_("notes"), blank=True)
    batch = models.ForeignKey(
        BetImport,
        models.PROTECT,
        related_name="bets",
        null=True,
        blank=True,
        editable=False,
        verbose_name=_("imported with"),
    )
    # How it ended.
    status = models.CharField(
        _("status"), max_length=7, choices=Status, default=Status.PENDING, editable=False
    )
    result = models.CharField(_("result"), max_length=9, choices=Ending, blank=True, editable=False)
    dead_heat_ways = models.PositiveSmallIntegerField(
        _("winners in a dead heat"), null=True, blank=True, editable=False
    )
    final_score = models.CharField(_("final score"), max_length=20, blank=True)
    commission_paid = models.DecimalField(
        _("commission paid"), max_digits=12, decimal_places=2, default=0, editable=False
    )
    payout = models.DecimalField(
        _("payout"), max_digits=12, decimal_places=2, null=True, blank=True, editable=False
    )
    profit = models.DecimalField(
        _("profit"), max_digits=12, decimal_places=2, null=True, blank=True, editable=False
    )
    settled_by = models.CharField(
        _("settled"), max_length=6, choices=SettledBy, blank=True, editable=False
    )
    settled_at = models.DateTimeField(_("settled at"), null=True, blank=True, editable=False)
    placed_at = models.DateTimeField(_("placed"))
    updated_at = models.DateTimeField(_("updated"))
    cancelled_at = models.DateTimeField(_("cancelled"), null=True, blank=True, editable=False)
    revision = models.PositiveSmallIntegerField(_("revision"), default=1, editable=False)
    idempotency_key = models.CharField(
        _("idempotency key"),
        max_length=120,
        null=True,
        blank=True,
        unique=True,
        editable=False,
    )
    request_digest = models.CharField(max_length=64, blank=True, editable=False)

    objects = BetQuerySet.as_manager()

    class Meta:
        db_table = "bets"
        ordering = ["-placed_at", "-id"]
        verbose_name = _("bet")
        verbose_name_plural = _("bets")
        indexes = [
            # Lists, newest first.
            models.Index(fields=["-placed_at", "-id"], name="bets_newest"),
            # What settlement looks for: pending and kicked off.
            models.Index(
                fields=["commence_time"],
                condition=Q(status="pending", cancelled_at=None),
                name="bets_pending_by_kickoff",
            ),
            # The leagues to choose from, one after the other.
            models.Index(fields=["league"], name="bets_league"),
            # Statistics over all real bets: what they read, without the rest of the row.
            models.Index(
                fields=["settled_at"],
                include=[
                    *("id", "status", "result", "bet_type", "odds", "risk", "payout", "profit"),
                    *("edge_pct", "clv_status", "clv_pct", "clv_fair_pct"),
                    *("match", "commence_time"),
                    *("bookmaker", "market", "league", "sport_key", "side", "fair_probability"),
                ],
                condition=Q(cancelled_at=None, is_paper=False),
                name="bets_statistics",
            ),
        ]
        constraints = [
            models.CheckConstraint(name="bets_odds_above_1", condition=Q(odds__gt=1)),
            models.CheckConstraint(
                name="bets_stake_and_risk_above_0", condition=Q(stake__gt=0, risk__gt=0)
            ),
            models.CheckConstraint(
                name="bets_back_risks_its_stake", condition=~Q(side="back") | Q(risk=F("stake"))
            ),
            models.CheckConstraint(
                name="bets_commission_from_0_to_20_percent",
                condition=Q(commission__gte=0, commission__lte=Decimal("0.2")),
            ),
            models.CheckConstraint(
                name="bets_outcome_of_its_market",
                condition=Q(
                    *(
                        Q(market=str(market), outcome__in=[str(one) for one in outcomes])
                        for market, outcomes in OUTCOMES.items()
                    ),
                    _connector=Q.OR,
                ),
            ),
            models.CheckConstraint(
                name="bets_other_markets_say_what_was_bet_on",
                condition=~Q(market="other") | ~Q(selection=""),
            ),
            models.CheckConstraint(
                name="bets_line_where_the_market_has_one",
                condition=Q(market__in=[str(one) for one in MARKETS_WITH_LINE]) | Q(line=0),
            ),
            models.CheckConstraint(
                name="bets_line_in_quarters",
                condition=Exact(Mod(F("line"), Value(Decimal("0.25"))), Value(Decimal(0))),
            ),
            models.CheckConstraint(
                name="bets_pending_has_no_end",
                condition=Q(
                    status="pending",
                    result="",
                    payout=None,
                    profit=None,
                    settled_at=None,
                    settled_by="",
                    commission_paid=0,
                )
                | (
                    Q(
                        payout__isnull=False,
                        settled_at__isnull=False,
                        profit=F("payout") - F("risk"),
                    )
                    & ~Q(settled_by="")
                    & (
                        Q(status="void", result="void", profit=0)
                        | (Q(status="settled") & ~Q(result__in=["", "void"]))
                    )
                ),
            ),
            models.CheckConstraint(
                name="bets_dead_heat_with_its_winners",
                condition=Q(result="dead_heat", dead_heat_ways__gte=2)
                | (~Q(result="dead_heat") & Q(dead_heat_ways=None)),
            ),
            models.CheckConstraint(
                name="bets_paid_by_an_account_unless_on_paper",
                condition=Q(is_paper=True, account=None) | Q(is_paper=False, account__isnull=False),
            ),
            models.CheckConstraint(
                name="bets_graded_with_its_closing_line",
                condition=~Q(clv_status__in=["graded", "early"])
                | (Q(clv_fair_pct__isnull=False) & ~Q(clv_reference="")),
            ),
        ]

    def __str__(self) -> str:
        odds = figures.decimal_odds(self.odds)
        return f"{self.match_name} · {self.get_outcome_display()} @ {odds}"

    @property
    def match_name(self) -> str:
        """Both teams, or the one name an imported bet came with."""
        return f"{self.home_team} – {self.away_team}" if self.away_team else self.home_team

    @property
    def is_graded(self) -> bool:
        """A closing line counts for the verdict."""
        return self.clv_status == ClvStatus.GRADED


class BetChange(models.Model):
    """What was done to a bet, by whom and why; the log is never changed."""

    class Kind(models.TextChoices):
        PLACED = "placed", _("Placed")
        SETTLED = "settled", _("Settled")
        CORRECTED = "corrected", _("Corrected")
        REOPENED = "reopened", _("Reopened")
        CANCELLED = "cancelled", _("Cancelled")
        NOTED = "noted", _("Noted")

    bet = models.ForeignKey(Bet, models.PROTECT, related_name="changes", verbose_name=_("bet"))
    kind = models.CharField(_("kind"), max_length=9, choices=Kind)
    before = models.JSONField(_("before"), default=dict)
    after = models.JSONField(_("after"), default=dict)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    by = models.CharField(_("by"), max_length=150, blank=True)
    at = models.DateTimeField(_("at"))

    class Meta:
        db_table = "bet_changes"
        ordering = ["-at", "-id"]
        verbose_name = _("change of a bet")
        verbose_name_plural = _("changes of bets")

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.bet_id}"
