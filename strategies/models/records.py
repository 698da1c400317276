"""What versions' predictions came to: by day, and in sum with a tier."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from odds.models.one_row import OneRow, one_row_in_range, within
from strategies.models.strategies import Strategy, StrategyVersion


class StrategyDay(models.Model):
    """One version's predictions on the matches of one UTC day; sums, made anew when one changes.

    `risk` is the number of units settled, pushes among them and void ones left out, `profit` what
    they brought. The CLV columns sum over matches the mean fair CLV of each match's graded
    predictions, in percent, and its square: what a mean and its variance are made of.
    """

    version = models.ForeignKey(
        StrategyVersion,
        models.CASCADE,
        related_name="days",
        verbose_name=_("strategy version"),
        db_index=False,  # the unique constraint below starts with it
    )
    day = models.DateField(_("day"))
    predictions = models.PositiveIntegerField(_("predictions"))
    won = models.FloatField(_("won"))
    lost = models.FloatField(_("lost"))
    risk = models.FloatField(_("units decided"))
    profit = models.FloatField(_("profit"))
    graded = models.PositiveIntegerField(_("graded"))
    graded_matches = models.PositiveIntegerField(_("matches graded"))
    clv_sum = models.FloatField(_("sum of fair CLV (%)"))
    clv_squares = models.FloatField(_("sum of its squares"))
    raw_clv_sum = models.FloatField(_("sum of raw CLV (%)"))

    class Meta:
        db_table = "strategy_days"
        ordering = ["version", "day"]
        verbose_name = _("strategy's day")
        verbose_name_plural = _("strategies' days")
        constraints = [
            models.UniqueConstraint("version", "day", name="strategy_days_once"),
        ]

    def __str__(self) -> str:
        return f"{self.version_id} {self.day}"


class Tier(models.TextChoices):
    """How good a strategy's record is; empty while it is too short to say."""

    S = "S", _("Excellent")
    A = "A", _("Good")
    B = "B", pgettext_lazy("tier", "Fair")
    C = "C", _("To improve")
    D = "D", _("Critical")


class Trend(models.TextChoices):
    """Whether the last seven days were better than the seven before."""

    UP = "up", _("Up")
    DOWN = "down", _("Down")
    STABLE = "stable", _("Stable")


class StrategyRecord(models.Model):
    """Where a strategy's current version stands; undefined is null, never 0. Percentages."""

    strategy = models.OneToOneField(
        Strategy,
        models.CASCADE,
        primary_key=True,
        related_name="record",
        verbose_name=_("strategy"),
    )
    version = models.ForeignKey(
        StrategyVersion,
        models.CASCADE,
        related_name="+",
        verbose_name=_("strategy version"),
        db_index=False,
    )
    computed_at = models.DateTimeField(_("computed"))
    total_predictions = models.PositiveIntegerField(_("predictions"))
    settled = models.PositiveIntegerField(_("settled"))
    win_rate = models.FloatField(_("win rate (%)"), null=True)
    roi = models.FloatField(_("yield (%)"), null=True)
    roi_low = models.FloatField(_("yield, from (%)"), null=True)
    roi_high = models.FloatField(_("yield, to (%)"), null=True)
    roi_shrunk = models.FloatField(_("shrunken yield (%)"), null=True)
    graded_matches = models.PositiveIntegerField(_("matches graded"))
    clv = models.FloatField(_("fair CLV (%)"), null=True)
    clv_low = models.FloatField(_("fair CLV, from (%)"), null=True)
    clv_high = models.FloatField(_("fair CLV, to (%)"), null=True)
    raw_clv = models.FloatField(_("raw CLV (%)"), null=True)
    strategies_tried = models.PositiveSmallIntegerField(
        _("strategies compared"), help_text=_("The interval allows for so many.")
    )
    tier = models.CharField(_("tier"), max_length=1, choices=Tier, null=True)  # noqa: DJ001 - unrated
    legacy_tier = models.CharField(  # noqa: DJ001 - unrated
        _("tier by win rate"), max_length=1, choices=Tier, null=True
    )
    global_score = models.FloatField(_("score"), null=True)
    trend = models.CharField(_("trend"), max_length=6, choices=Trend, default=Trend.STABLE)

    class Meta:
        db_table = "strategy_records"
        ordering = [models.F("global_score").desc(nulls_last=True), "strategy"]
        verbose_name = _("ranking")
        verbose_name_plural = _("ranking")

    def __str__(self) -> str:
        return f"{self.strategy} {self.tier or '–'}"


RANKING_RANGES = {
    "prior_bets": (0, 1000),
    "minimum_settled": (1, 1000),
    "minimum_for_top": (10, 5000),
    "s_roi": (0, 50),
    "s_clv": (0, 50),
    "a_roi": (0, 50),
    "a_clv": (0, 50),
    "c_roi": (-100, 0),
    "legacy_s": (0, 100),
    "legacy_a": (0, 100),
    "legacy_b": (0, 100),
    "legacy_c": (0, 100),
    "trend_dead_band": (0, 50),
    "alpha": (0.001, 0.2),
}


class RankingSettings(OneRow):
    """The one row of thresholds that the ranking reads; percentages."""

    prior_bets = models.FloatField(
        _("prior bets"),
        default=50.0,
        validators=within(RANKING_RANGES, "prior_bets"),
        help_text=_("So many bets of no profit are added to a record before it is judged. 0–1000."),
    )
    minimum_settled = models.PositiveSmallIntegerField(
        _("settled predictions for a tier"),
        default=10,
        validators=within(RANKING_RANGES, "minimum_settled"),
        help_text=_("With fewer a strategy is unrated. 1–1000."),
    )
    minimum_for_top = models.PositiveSmallIntegerField(
        _("settled predictions for S or A"),
        default=30,
        validators=within(RANKING_RANGES, "minimum_for_top"),
        help_text=_("And the interval of its CLV must lie above 0. 10–5000."),
    )
    s_roi = models.FloatField(
        _("tier S: shrunken yield (%)"), default=5.0, validators=within(RANKING_RANGES, "s_roi")
    )
    s_clv = models.FloatField(
        _("tier S: fair CLV (%)"), default=2.0, validators=within(RANKING_RANGES, "s_clv")
    )
    a_roi = models.FloatField(
        _("tier A: shrunken yield (%)"), default=2.0, validators=within(RANKING_RANGES, "a_roi")
    )
    a_clv = models.FloatField(
        _("tier A: fair CLV (%)"), default=1.0, validators=within(RANKING_RANGES, "a_clv")
    )
    c_roi = models.FloatField(
        _("tier C: shrunken yield (%)"),
        default=-5.0,
        validators=within(RANKING_RANGES, "c_roi"),
        help_text=_("Tier B takes a yield or a CLV of 0 or more; below this yield it is D."),
    )
    legacy_s = models.FloatField(
        _("by win rate, S (%)"), default=60.0, validators=within(RANKING_RANGES, "legacy_s")
    )
    legacy_a = models.FloatField(
        _("by win rate, A (%)"), default=55.0, validators=within(RANKING_RANGES, "legacy_a")
    )
    legacy_b = models.FloatField(
        _("by win rate, B (%)"), default=45.0, validators=within(RANKING_RANGES, "legacy_b")
    )
    legacy_c = models.FloatField(
        _("by win rate, C (%)"), default=35.0, validators=within(RANKING_RANGES, "legacy_c")
    )
    trend_dead_band = models.FloatField(
        _("trend: dead band (points)"),
        default=2.0,
        validators=within(RANKING_RANGES, "trend_dead_band"),
        help_text=_("Smaller differences of the weekly yield are no trend. 0–50."),
    )
    alpha = models.FloatField(
        _("error probability"),
        default=0.05,
        validators=within(RANKING_RANGES, "alpha"),
        help_text=_(
            "That any of the strategies compared is ever held to be better than it is. 0.001–0.2."
        ),
    )

    class Meta:
        db_table = "ranking_settings"
        verbose_name = _("ranking settings")
        verbose_name_plural = _("ranking settings")
        constraints = one_row_in_range("ranking_settings", RANKING_RANGES)

    def __str__(self) -> str:
        return str(_("Ranking settings"))
