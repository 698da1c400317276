"""Opportunities and the detections that found them."""

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from betting.models.grades import Graded
from betting.models.outcomes import Ending, Outcome
from odds.models import Bookmaker, Collection, Market, Match, Sport


class OpportunityQuerySet(models.QuerySet["Opportunity"]):
    """Words for opportunities."""

    def unclosed(self) -> Self:
        """On offer now, accepted or rejected."""
        return self.filter(closed_at=None)

    def accepted(self) -> Self:
        """Those no guard refused."""
        return self.filter(rejection="")

    def rejected(self) -> Self:
        """Those a guard refused, with the reason."""
        return self.exclude(rejection="")

    def open(self, now: datetime) -> Self:
        """Accepted, on offer and not kicked off by `now`."""
        return self.unclosed().accepted().filter(match__commence_time__gt=now)


class Opportunity(Graded):
    """A price that reached the user's threshold, from first seen to closed.

    One unclosed row per match, market, line, outcome and kind. When a guard refuses what was
    accepted (or the reverse), the row closes and another opens, so that a row is one or the other
    for its whole life. Odds are as offered; edges are net of the bookmaker's commission, in
    percent. `fair_probability` is None where no reference could be formed.

    Whether or not it was bet on, its first price is graded by the closing line and settled on
    paper: `paper_profit` is what one unit staked at the first odds brought, net of commission.
    """

    class Kind(models.TextChoices):
        VALUE = "value", _("Value")
        SPREAD = "spread", _("Spread")
        ARBITRAGE = "arbitrage", _("Arbitrage")

    class Rejection(models.TextChoices):
        """Which guard refused the price."""

        STALE = "stale", _("Bookmaker's update too old")
        LAGGING = "lagging", _("Has not moved while others did")
        OVERROUND = "overround", _("Margin out of bounds")
        INCOMPLETE = "incomplete", _("Outcome missing")
        TOO_GOOD = "too_good", _("Too good to be true")
        FEW_BOOKMAKERS = "few_bookmakers", _("Too few independent bookmakers")

    class Closing(models.TextChoices):
        """Why it ended."""

        KICKED_OFF = "kicked_off", _("Kicked off")
        PRICE_MOVED = "price_moved", _("Price or fair price moved")
        WITHDRAWN = "withdrawn", _("No longer offered")
        EXPIRED = "expired", _("Price too old")
        JUDGED_ANEW = "judged_anew", _("A guard decided otherwise")

    match = models.ForeignKey(
        Match, models.CASCADE, related_name="opportunities", verbose_name=_("match")
    )
    market = models.CharField(_("market"), max_length=8, choices=Market)
    line = models.DecimalField(_("line"), max_digits=6, decimal_places=2, default=0)
    outcome = models.CharField(_("outcome"), max_length=5, choices=Outcome)
    kind = models.CharField(_("kind"), max_length=9, choices=Kind)
    rejection = models.CharField(
        _("rejected because"), max_length=14, choices=Rejection, blank=True
    )
    best_odds = models.DecimalField(
        _("best odds"), max_digits=8, decimal_places=3, null=True, blank=True
    )
    best_bookmaker = models.ForeignKey(
        Bookmaker,
        models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("at"),
        db_index=False,
    )
    worst_odds = models.DecimalField(
        _("worst odds"), max_digits=8, decimal_places=3, null=True, blank=True
    )
    worst_bookmaker = models.ForeignKey(
        Bookmaker,
        models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("worst at"),
        db_index=False,
    )
    bookmaker_count = models.PositiveSmallIntegerField(_("bookmakers"))
    spread_pct = models.FloatField(_("spread (%)"), null=True, blank=True)
    fair_probability = models.FloatField(_("fair probability"), null=True, blank=True)
    reference = models.CharField(
        _("reference"),
        max_length=60,
        blank=True,
        help_text=_("Whose fair probability: a bookmaker's key, or consensus."),
    )
    edge_pct = models.FloatField(
        _("edge (%)"), null=True, blank=True, help_text=_("Claimed, for an arbitrage its profit.")
    )
    shrunk_edge_pct = models.FloatField(_("expected edge (%)"), null=True, blank=True)
    legs = models.JSONField(_("legs"), default=list, blank=True)
    price_seen_at = models.DateTimeField(
        _("price seen"), help_text=_("Last collection that offered it; the oldest leg's.")
    )
    first_odds = models.DecimalField(
        _("first odds"), max_digits=8, decimal_places=3, null=True, blank=True
    )
    first_bookmaker = models.ForeignKey(
        Bookmaker,
        models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("first at"),
        db_index=False,
    )
    first_reference = models.CharField(_("first reference"), max_length=60, blank=True)
    first_edge_pct = models.FloatField(_("first edge (%)"), null=True, blank=True)
    peak_edge_pct = models.FloatField(_("peak edge (%)"), null=True, blank=True)
    peak_at = models.DateTimeField(_("peak"))
    first_seen_at = models.DateTimeField(_("first seen"))
    last_seen_at = models.DateTimeField(_("last seen"))
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    closing = models.CharField(_("closed because"), max_length=11, choices=Closing, blank=True)
    paper_result = models.CharField(_("paper result"), max_length=9, choices=Ending, blank=True)
    paper_profit = models.FloatField(
        _("paper profit"), null=True, blank=True, help_text=_("Of one unit at the first odds.")
    )

    objects = OpportunityQuerySet.as_manager()

    class Meta:
        db_table = "opportunities"
        ordering = ["-first_seen_at", "-id"]
        verbose_name = _("opportunity")
        verbose_name_plural = _("opportunities")
        indexes = [
            # Best first among those on offer: /opportunities/top and the admin's default list.
            models.Index(
                "kind",
                F("edge_pct").desc(nulls_last=True),
                condition=Q(closed_at=None, rejection=""),
                name="opportunities_open_by_edge",
            ),
            # Widest first among those on offer: /opportunities/.
            models.Index(
                "kind",
                F("spread_pct").desc(nulls_last=True),
                condition=Q(closed_at=None, rejection=""),
                name="opportunities_open_by_spread",
            ),
            # The history list, newest first.
            models.Index(fields=["-first_seen_at", "-id"], name="opportunities_newest"),
            # What grading looks for: everything of a match that has no grade or no paper result.
            models.Index(
                fields=["match"],
                condition=Q(clv_status="pending") | Q(paper_result=""),
                name="opportunities_ungraded",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                "match",
                "market",
                "line",
                "outcome",
                "kind",
                condition=Q(closed_at=None),
                name="opportunities_one_unclosed_per_key",
            ),
            models.CheckConstraint(
                name="opportunities_closed_with_its_reason",
                condition=Q(closed_at=None, closing="")
                | (Q(closed_at__isnull=False) & ~Q(closing="")),
            ),
            models.CheckConstraint(
                name="opportunities_probability_inside_0_1",
                condition=Q(fair_probability=None)
                | Q(fair_probability__gt=0, fair_probability__lt=1),
            ),
            models.CheckConstraint(
                name="opportunities_seen_in_order",
                condition=Q(last_seen_at__gte=F("first_seen_at")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.match} · {self.get_market_display()} · {self.get_outcome_display()}"

    @property
    def opportunity_id(self) -> str:
        """The stable key the API gives out: match, market, line where there is one, outcome."""
        line = f"{self.line.normalize():f}:" if self.line else ""
        return f"{self.match.provider_id}:{self.market}:{line}{self.outcome}"


class Detection(models.Model):
    """How far detection has come for one sport: the newest collection it has read."""

    sport = models.OneToOneField(
        Sport, models.CASCADE, primary_key=True, related_name="detection", verbose_name=_("sport")
    )
    collection = models.ForeignKey(
        Collection, models.CASCADE, related_name="+", verbose_name=_("collection"), db_index=False
    )
    detected_at = models.DateTimeField(_("detected"))

    class Meta:
        db_table = "detections"
        verbose_name = _("detection")
        verbose_name_plural = _("detections")

    def __str__(self) -> str:
        return f"{self.sport_id} {self.detected_at:%Y-%m-%d %H:%M:%S}"
