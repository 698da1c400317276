"""The history of quotes and the current ones.

`odds_1`, `odds_x`, `odds_2` are home, draw and away; or over, – and under; or, at a handicap, home,
– and away. `line` is the goals or handicap line (home's), 0 where the market has none. Odds are
decimal as offered, an exchange's before commission.
"""

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from odds.models.matches import Bookmaker, Match


class Market(models.TextChoices):
    """Markets MON_PS stores, by The Odds API's keys."""

    H2H = "h2h", _("Match winner")
    TOTALS = "totals", _("Over / under")
    SPREADS = "spreads", _("Handicap")
    H2H_LAY = "h2h_lay", _("Match winner, lay side")


class QuoteQuerySet(models.QuerySet["Quote"]):
    """Words for the history of quotes."""

    def as_of(self, when: datetime) -> Self:
        """Only what had been seen by `when`. Every backtest read starts here."""
        return self.filter(observed_at__lte=when)

    def with_odds(self) -> Self:
        """Without the rows that say a quote was withdrawn."""
        return self.exclude(odds_1=None, odds_x=None, odds_2=None)


class Quote(models.Model):
    """History: one bookmaker's odds for one market of one match, from one instant on.

    A fact: inserted once, when any of its odds changed, and never updated. Without any odds it says
    that the quote was withdrawn: what was on offer at an instant is the last row up to then of each
    bookmaker, market and line, where that one has odds.

    The table has no primary key, no foreign-key constraint and one index (the first migration says
    why); that a change is stored once is the work of `latest_quotes`, whose row is locked while
    both are written. `pk` only tells Django what identifies a row.
    """

    pk = models.CompositePrimaryKey("match", "bookmaker", "market", "line", "observed_at")
    match = models.ForeignKey(
        Match, models.DO_NOTHING, related_name="quotes", db_constraint=False, db_index=False
    )
    bookmaker = models.ForeignKey(
        Bookmaker, models.DO_NOTHING, related_name="quotes", db_constraint=False, db_index=False
    )
    market = models.CharField(max_length=8, choices=Market)
    line = models.DecimalField(max_digits=6, decimal_places=2, default=0)
    odds_1 = models.DecimalField(max_digits=8, decimal_places=3, null=True)
    odds_x = models.DecimalField(max_digits=8, decimal_places=3, null=True)
    odds_2 = models.DecimalField(max_digits=8, decimal_places=3, null=True)
    observed_at = models.DateTimeField()
    source_updated_at = models.DateTimeField(null=True)

    objects = QuoteQuerySet.as_manager()

    class Meta:
        db_table = "quotes"
        verbose_name = _("quote")
        verbose_name_plural = _("quotes")

    def __str__(self) -> str:
        return f"{self.match_id}/{self.bookmaker_id}/{self.market}/{self.line}"


class LatestQuote(models.Model):
    """The current odds of one bookmaker for one market and line of one match.

    `changed_at` is when these odds were first seen (again, if they had been withdrawn), `seen_at`
    the last collection that still offered them. What detection reads; it never reads history.
    """

    pk = models.CompositePrimaryKey("match", "bookmaker", "market", "line")
    match = models.ForeignKey(Match, models.CASCADE, related_name="latest_quotes", db_index=False)
    bookmaker = models.ForeignKey(
        Bookmaker, models.PROTECT, related_name="latest_quotes", db_index=False
    )
    market = models.CharField(max_length=8, choices=Market)
    line = models.DecimalField(max_digits=6, decimal_places=2, default=0)
    odds_1 = models.DecimalField(max_digits=8, decimal_places=3, null=True)
    odds_x = models.DecimalField(max_digits=8, decimal_places=3, null=True)
    odds_2 = models.DecimalField(max_digits=8, decimal_places=3, null=True)
    changed_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    is_offered = models.BooleanField(
        default=True, db_default=True, help_text="The newest look at its market still offered it."
    )
    source_updated_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "latest_quotes"
        verbose_name = _("current quote")
        verbose_name_plural = _("current quotes")
        constraints = [
            models.CheckConstraint(
                name="latest_quotes_odds_above_1",
                condition=(Q(odds_1=None) | Q(odds_1__gt=1))
                & (Q(odds_x=None) | Q(odds_x__gt=1))
                & (Q(odds_2=None) | Q(odds_2__gt=1)),
            ),
            models.CheckConstraint(
                name="latest_quotes_seen_after_changed", condition=Q(seen_at__gte=F("changed_at"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.match_id}/{self.bookmaker_id}/{self.market}/{self.line}"
