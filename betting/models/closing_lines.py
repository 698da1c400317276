"""Closing lines: what a market held to be fair when the match began."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from odds.models import Market, Match


class ClosingLine(models.Model):
    """One reference's last prices before the actual kick-off, or why there are none.

    `reference` is a bookmaker's key or `consensus`; empty where the row says what is missing.
    `kickoff_at` is the kick-off it was computed for: when the source corrects that, the line is
    captured anew. `seen_at` is the last look before it that still offered these odds.
    """

    class Source(models.TextChoices):
        QUOTES = "quotes", _("Own collection")
        FOOTBALL_DATA = "football_data", _("football-data.co.uk")

    class Missing(models.TextChoices):
        NOT_COLLECTED = "not_collected", _("Market not collected before kick-off")
        NOT_OFFERED = "not_offered", _("Nobody offered this line any more")
        NO_REFERENCE = "no_reference", _("Offered by too few")

    match = models.ForeignKey(
        Match,
        models.CASCADE,
        related_name="closing_lines",
        verbose_name=_("match"),
        db_index=False,  # the unique constraint below starts with it
    )
    market = models.CharField(_("market"), max_length=8, choices=Market)
    line = models.DecimalField(_("line"), max_digits=6, decimal_places=2, default=0)
    reference = models.CharField(_("reference"), max_length=60, blank=True)
    source = models.CharField(_("source"), max_length=13, choices=Source)
    odds_1 = models.DecimalField(
        _("home or over"), max_digits=8, decimal_places=3, null=True, blank=True
    )
    odds_x = models.DecimalField(_("draw"), max_digits=8, decimal_places=3, null=True, blank=True)
    odds_2 = models.DecimalField(
        _("away or under"), max_digits=8, decimal_places=3, null=True, blank=True
    )
    fair_1 = models.FloatField(_("fair home or over"), null=True, blank=True)
    fair_x = models.FloatField(_("fair draw"), null=True, blank=True)
    fair_2 = models.FloatField(_("fair away or under"), null=True, blank=True)
    bookmaker_count = models.PositiveSmallIntegerField(_("bookmakers"), default=0)
    seen_at = models.DateTimeField(_("last seen"), null=True, blank=True)
    kickoff_at = models.DateTimeField(_("kick-off"))
    minutes_before_kickoff = models.FloatField(_("minutes before kick-off"), null=True, blank=True)
    missing = models.CharField(_("missing because"), max_length=13, choices=Missing, blank=True)
    captured_at = models.DateTimeField(_("captured"))

    class Meta:
        db_table = "closing_lines"
        ordering = ["-kickoff_at", "match", "market", "line", "reference"]
        verbose_name = _("closing line")
        verbose_name_plural = _("closing lines")
        indexes = [
            # The list, newest first.
            models.Index(fields=["-kickoff_at"], name="closing_lines_newest"),
        ]
        constraints = [
            models.UniqueConstraint(
                "match", "market", "line", "reference", "source", name="closing_lines_once"
            ),
            models.CheckConstraint(
                name="closing_lines_known_or_missing_with_its_reason",
                condition=Q(
                    missing="",
                    fair_1__isnull=False,
                    fair_2__isnull=False,
                    minutes_before_kickoff__gte=0,
                )
                & ~Q(reference="")
                | (~Q(missing="") & Q(reference="", fair_1=None, fair_2=None, fair_x=None)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.match} · {self.get_market_display()} {self.line.normalize():f}"
