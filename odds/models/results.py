"""Results: what each source said about how a match ended, and the names it uses for teams."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from odds.models.matches import Match, Sport


class MatchResult(models.Model):
    """One statement about how a match ended; a fact, never changed.

    A later statement of the same source corrects the earlier one. Which source is believed:
    a person before football-data.co.uk (90 minutes), before The Odds API (which says nothing of
    extra time). What is in force stands in the match itself.
    """

    class Source(models.TextChoices):
        HAND = "hand", _("By hand")
        FOOTBALL_DATA = "football_data", _("football-data.co.uk")
        ODDS_API = "odds_api", _("The Odds API")

    match = models.ForeignKey(
        Match, models.CASCADE, related_name="results", verbose_name=_("match")
    )
    source = models.CharField(_("source"), max_length=13, choices=Source)
    status = models.CharField(_("status"), max_length=10, choices=Match.Status)
    home_score = models.PositiveSmallIntegerField(_("home score"), null=True, blank=True)
    away_score = models.PositiveSmallIntegerField(_("away score"), null=True, blank=True)
    observed_at = models.DateTimeField(_("observed"))
    recorded_by = models.CharField(_("recorded by"), max_length=150, blank=True)
    note = models.CharField(_("note"), max_length=300, blank=True)

    class Meta:
        db_table = "results"
        ordering = ["-observed_at", "-id"]
        verbose_name = _("result")
        verbose_name_plural = _("results")
        indexes = [
            # The list, newest first.
            models.Index(fields=["-observed_at", "-id"], name="results_newest"),
        ]
        constraints = [
            models.CheckConstraint(
                name="results_completed_with_a_score",
                condition=Q(status="completed", home_score__isnull=False, away_score__isnull=False)
                | (
                    Q(status__in=["scheduled", "postponed", "abandoned"])
                    & (
                        Q(home_score=None, away_score=None)
                        | Q(home_score__isnull=False, away_score__isnull=False)
                    )
                ),
            ),
        ]

    def __str__(self) -> str:
        if self.home_score is None:
            return str(self.get_status_display())
        return f"{self.home_score}–{self.away_score}"


class TeamAlias(models.Model):
    """What football-data.co.uk calls a team that The Odds API calls otherwise."""

    sport = models.ForeignKey(
        Sport, models.CASCADE, related_name="team_aliases", verbose_name=_("sport"), db_index=False
    )
    name = models.CharField(_("name at football-data.co.uk"), max_length=160)
    team = models.CharField(_("team"), max_length=160)

    class Meta:
        db_table = "team_aliases"
        ordering = ["sport", "name"]
        verbose_name = _("team name")
        verbose_name_plural = _("team names")
        constraints = [
            models.UniqueConstraint("sport", "name", name="team_aliases_one_team_per_name"),
        ]

    def __str__(self) -> str:
        return f"{self.name} = {self.team}"


class LeagueUpdate(models.Model):
    """When a league's file was last asked for at football-data.co.uk, and whether it came."""

    sport = models.OneToOneField(
        Sport, models.CASCADE, primary_key=True, related_name="league_update"
    )
    tried_at = models.DateTimeField(_("asked"))
    failure = models.CharField(_("failure"), max_length=300, blank=True)

    class Meta:
        db_table = "league_updates"
        verbose_name = _("league update")
        verbose_name_plural = _("league updates")

    def __str__(self) -> str:
        return f"{self.sport_id} {self.tried_at:%Y-%m-%d %H:%M}"
