"""Sports, bookmakers and matches."""

from datetime import datetime
from typing import Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Sport(models.Model):
    """One competition of The Odds API, such as `soccer_epl`."""

    id = models.SmallAutoField(primary_key=True)
    key = models.CharField(_("key"), max_length=80, unique=True)
    title = models.CharField(_("title"), max_length=120)
    group = models.CharField(_("group"), max_length=80, blank=True)
    is_collected = models.BooleanField(
        _("collected"), default=False, help_text=_("Ask The Odds API for this sport's odds.")
    )
    priority = models.PositiveSmallIntegerField(
        _("priority"),
        default=50,
        db_default=50,
        help_text=_("Where credits do not suffice for all, the lowest number comes first."),
    )

    class Meta:
        db_table = "sports"
        ordering = ["key"]
        verbose_name = _("sport")
        verbose_name_plural = _("sports")

    def __str__(self) -> str:
        return self.title


class Bookmaker(models.Model):
    """Who offers odds; known by the API's key, because titles are shared and change."""

    class Kind(models.TextChoices):
        SOFT = "soft", _("Soft")
        SHARP = "sharp", _("Sharp")
        EXCHANGE = "exchange", _("Exchange")
        AGGREGATE = "aggregate", _("Maximum or average of a market")

    id = models.SmallAutoField(primary_key=True)
    key = models.CharField(_("key"), max_length=60, unique=True)
    title = models.CharField(_("title"), max_length=120)
    operator = models.CharField(
        _("operator"),
        max_length=60,
        help_text=_("Bookmakers of one operator count once in a consensus."),
    )
    kind = models.CharField(_("kind"), max_length=9, choices=Kind, default=Kind.SOFT)
    commission = models.DecimalField(
        _("commission"),
        max_digits=4,
        decimal_places=3,
        default=0,
        help_text=_("Share of net winnings kept by the exchange, from 0 to 0.2."),
        validators=[MinValueValidator(0), MaxValueValidator(0.2)],
    )
    is_playable = models.BooleanField(
        _("playable"), default=False, help_text=_("You can bet with this bookmaker.")
    )

    class Meta:
        db_table = "bookmakers"
        ordering = ["title", "key"]
        verbose_name = _("bookmaker")
        verbose_name_plural = _("bookmakers")
        constraints = [
            models.CheckConstraint(
                name="bookmakers_commission_from_0_to_20_percent",
                condition=Q(commission__gte=0, commission__lte=0.2),
            ),
        ]

    def __str__(self) -> str:
        return self.title


class MatchQuerySet(models.QuerySet["Match"]):
    """Words for matches."""

    def upcoming(self, now: datetime) -> Self:
        """Those that have not kicked off by `now`, as far as the source says."""
        return self.filter(commence_time__gt=now)


class Match(models.Model):
    """One event of the source, known by the provider's id; everything else may change.

    `home_team` and `away_team` keep the order in which the source first gave them, because every
    stored quote means those two; a later swap at the source is recorded (`MatchChange`) and its
    outcomes are mapped by name.
    """

    class Status(models.TextChoices):
        SCHEDULED = "scheduled", _("Scheduled")
        COMPLETED = "completed", _("Completed")
        POSTPONED = "postponed", _("Postponed")
        ABANDONED = "abandoned", _("Abandoned")

    id = models.AutoField(primary_key=True)
    provider_id = models.CharField(_("provider id"), max_length=64, unique=True)
    sport = models.ForeignKey(
        Sport,
        models.PROTECT,
        related_name="matches",
        verbose_name=_("sport"),
        db_index=False,  # the index below starts with it
    )
    home_team = models.CharField(_("home team"), max_length=160)
    away_team = models.CharField(_("away team"), max_length=160)
    commence_time = models.DateTimeField(_("kick-off"), db_index=True)  # lists of coming matches
    is_swapped_at_source = models.BooleanField(
        _("swapped at the source"),
        default=False,
        help_text=_("The source now lists the two teams the other way round."),
    )
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.SCHEDULED)
    listed_at = models.DateTimeField(
        _("listed"), null=True, blank=True, help_text=_("When the source first told of it.")
    )
    home_score = models.PositiveSmallIntegerField(_("home score"), null=True, blank=True)
    away_score = models.PositiveSmallIntegerField(_("away score"), null=True, blank=True)

    objects = MatchQuerySet.as_manager()

    class Meta:
        db_table = "matches"
        ordering = ["commence_time", "id"]
        verbose_name = _("match")
        verbose_name_plural = _("matches")
        indexes = [
            # Coming matches of one sport: /odds/matches?sport=…, detection, the collector's look.
            models.Index("sport", "commence_time", name="matches_sport_kickoff"),
        ]
        constraints = [
            models.CheckConstraint(
                name="matches_scores_come_in_pairs",
                condition=Q(home_score=None, away_score=None)
                | Q(home_score__isnull=False, away_score__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.home_team} – {self.away_team}"


class MatchChange(models.Model):
    """What the source changed about a match it had already announced."""

    class Kind(models.TextChoices):
        KICKOFF = "kickoff", _("Kick-off moved")
        SWAPPED = "swapped", _("Home and away swapped")
        RENAMED = "renamed", _("Team renamed")

    match = models.ForeignKey(
        Match, models.CASCADE, related_name="changes", verbose_name=_("match")
    )
    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    before = models.CharField(_("before"), max_length=330)
    after = models.CharField(_("after"), max_length=330)
    observed_at = models.DateTimeField(_("observed"))

    class Meta:
        db_table = "match_changes"
        ordering = ["-observed_at", "-id"]
        verbose_name = _("change at the source")
        verbose_name_plural = _("changes at the source")

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.before} → {self.after}"
