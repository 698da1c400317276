"""Predictions on paper, and how far the agents have come."""

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Case, Q, Value, When
from django.utils.translation import gettext_lazy as _

from betting.models import Ending, Outcome
from betting.models.grades import Graded
from odds.models import Bookmaker, Collection, Market, Match, Sport
from strategies.models.strategies import StrategyVersion


class PredictionQuerySet(models.QuerySet["Prediction"]):
    """Words for predictions."""

    def current(self) -> Self:
        """Of the versions that are current."""
        return self.filter(version__is_current=True)

    def upcoming(self, now: datetime) -> Self:
        """On matches that have not kicked off by `now`."""
        return self.filter(match__commence_time__gt=now)

    def wrong(self) -> Self:
        """Settled, and not as predicted."""
        return self.filter(was_correct=False)


class Prediction(Graded):
    """A price a strategy would have taken, as it stood at the instant of the prediction.

    Made once for each version, match, market and line, and never changed; later its closing line
    grades it and the result settles one unit staked on it. `outcome` is `all` for an arbitrage,
    whose prices are in `legs`; its odds are what a unit spread over them returns.
    """

    version = models.ForeignKey(
        StrategyVersion,
        models.PROTECT,
        related_name="predictions",
        verbose_name=_("strategy"),
        db_index=False,  # the unique constraint below starts with it
    )
    match = models.ForeignKey(
        Match, models.CASCADE, related_name="predictions", verbose_name=_("match")
    )
    market = models.CharField(_("market"), max_length=8, choices=Market)
    line = models.DecimalField(_("line"), max_digits=6, decimal_places=2, default=0)
    outcome = models.CharField(_("outcome"), max_length=5, choices=Outcome)
    odds = models.DecimalField(_("odds"), max_digits=8, decimal_places=3)
    bookmaker = models.ForeignKey(
        Bookmaker,
        models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("at"),
        db_index=False,
    )
    probability = models.FloatField(
        _("probability"), help_text=_("What the agent holds the outcome's chance to be.")
    )
    edge_pct = models.FloatField(_("edge (%)"), help_text=_("Claimed, net of commission."))
    kelly = models.FloatField(_("Kelly fraction"), help_text=_("Of the bankroll, uncut."))
    confidence = models.FloatField(
        _("agreement"),
        null=True,
        blank=True,
        help_text=_(
            "Share of the other operators whose own fair price also makes it value, from 0 to 1."
        ),
    )
    reference = models.CharField(
        _("reference"),
        max_length=60,
        blank=True,
        help_text=_("Whose probability: a bookmaker's key, consensus, or empty for a model's own."),
    )
    legs = models.JSONField(_("legs"), default=list, blank=True)
    predicted_at = models.DateTimeField(_("predicted"))
    result = models.CharField(_("result"), max_length=9, choices=Ending, blank=True)
    profit = models.FloatField(
        _("profit"), null=True, blank=True, help_text=_("Of one unit, net of commission.")
    )
    settled_at = models.DateTimeField(_("settled"), null=True, blank=True)
    was_correct = models.GeneratedField(  # undefined where the stake comes back
        expression=Case(
            When(result__in=["won", "half_won"], then=Value(value=True)),
            When(result__in=["lost", "half_lost"], then=Value(value=False)),
        ),
        output_field=models.BooleanField(null=True, verbose_name=_("correct")),
        db_persist=True,
    )

    objects = PredictionQuerySet.as_manager()

    class Meta:
        db_table = "predictions"
        ordering = ["-predicted_at", "-id"]
        verbose_name = _("prediction")
        verbose_name_plural = _("predictions")
        indexes = [
            # The list, newest first.
            models.Index(fields=["-predicted_at", "-id"], name="predictions_newest"),
            # A strategy's list and its failures, newest first.
            models.Index(fields=["version", "-predicted_at"], name="predictions_of_a_version"),
            # What grading and settling look for.
            models.Index(
                fields=["match"],
                condition=Q(clv_status="pending") | Q(result=""),
                name="predictions_unfinished",
            ),
        ]
        constraints = [
            models.UniqueConstraint("version", "match", "market", "line", name="predictions_once"),
            models.CheckConstraint(  # an arbitrage's profit may be below a thousandth
                name="predictions_odds_above_1",
                condition=Q(odds__gt=1) | Q(outcome="all", odds__gte=1),
            ),
            models.CheckConstraint(
                name="predictions_probability_inside_0_to_1",
                condition=Q(probability__gt=0, probability__lte=1),
            ),
            models.CheckConstraint(
                name="predictions_result_with_its_profit",
                condition=Q(result="", profit=None, settled_at=None)
                | (~Q(result="") & Q(profit__isnull=False, settled_at__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.match} · {self.get_market_display()} · {self.get_outcome_display()}"


class AgentRun(models.Model):
    """How far the agents have come for one sport: the newest collection they have judged."""

    sport = models.OneToOneField(
        Sport, models.CASCADE, primary_key=True, related_name="agent_run", verbose_name=_("sport")
    )
    collection = models.ForeignKey(
        Collection, models.CASCADE, related_name="+", verbose_name=_("collection"), db_index=False
    )
    predicted_at = models.DateTimeField(_("predicted"))

    class Meta:
        db_table = "agent_runs"
        verbose_name = _("agents' run")
        verbose_name_plural = _("agents' runs")

    def __str__(self) -> str:
        return f"{self.sport_id} {self.predicted_at:%Y-%m-%d %H:%M:%S}"
