"""The settings that decide what counts as an opportunity."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from odds.models.one_row import OneRow, one_row_in_range, within

RANGES = {
    "minimum_edge_pct": (0, 50),
    "maximum_edge_pct": (1, 100),
    "minimum_spread_pct": (0, 100),
    "minimum_bookmakers": (2, 20),
    "minimum_consensus_operators": (2, 20),
    "maximum_source_age_minutes": (1, 1440),
    "maximum_seen_age_minutes": (1, 2880),
    "lowest_overround": (0.8, 1),
    "highest_overround": (1, 1.5),
    "shrinkage": (0, 1),
}


class DetectionSettings(OneRow):
    """The one row of thresholds and guards that detection reads."""

    class Devig(models.TextChoices):
        MULTIPLICATIVE = "multiplicative", _("Multiplicative")
        ADDITIVE = "additive", _("Additive")
        POWER = "power", _("Power")
        SHIN = "shin", _("Shin")
        ODDS_RATIO = "odds_ratio", _("Odds ratio")

    devig = models.CharField(
        _("devig method"),
        max_length=14,
        choices=Devig,
        default=Devig.POWER,
        help_text=_("How a bookmaker's margin is removed; an exchange's is always multiplicative."),
    )
    minimum_edge_pct = models.FloatField(
        _("minimum edge (%)"),
        default=1.0,
        validators=within(RANGES, "minimum_edge_pct"),
        help_text=_("A price becomes a value opportunity from this claimed edge on. 0 to 50."),
    )
    maximum_edge_pct = models.FloatField(
        _("maximum edge (%)"),
        default=20.0,
        validators=within(RANGES, "maximum_edge_pct"),
        help_text=_("Above it a price is taken for an error and rejected. 1 to 100."),
    )
    minimum_spread_pct = models.FloatField(
        _("minimum spread (%)"),
        default=5.0,
        validators=within(RANGES, "minimum_spread_pct"),
        help_text=_("Spreads below it are not kept. A spread says nothing about value. 0 to 100."),
    )
    minimum_bookmakers = models.PositiveSmallIntegerField(
        _("minimum bookmakers"),
        default=3,
        validators=within(RANGES, "minimum_bookmakers"),
        help_text=_("How many must offer an outcome before it is looked at. 2 to 20."),
    )
    minimum_consensus_operators = models.PositiveSmallIntegerField(
        _("minimum operators in a consensus"),
        default=4,
        validators=within(RANGES, "minimum_consensus_operators"),
        help_text=_("Independent operators besides the one that offers the price. 2 to 20."),
    )
    maximum_source_age_minutes = models.PositiveSmallIntegerField(
        _("maximum age of a bookmaker's update (minutes)"),
        default=30,
        validators=within(RANGES, "maximum_source_age_minutes"),
        help_text=_("Older when collected: the bookmaker's feed is stuck. 1 to 1440."),
    )
    maximum_seen_age_minutes = models.PositiveSmallIntegerField(
        _("maximum age of a price (minutes)"),
        default=240,
        validators=within(RANGES, "maximum_seen_age_minutes"),
        help_text=_("Not seen for longer: no longer an opportunity. 1 to 2880."),
    )
    lowest_overround = models.FloatField(
        _("lowest overround"),
        default=0.99,
        validators=within(RANGES, "lowest_overround"),
        help_text=_("A bookmaker below it has an error in its prices. 0.8 to 1."),
    )
    highest_overround = models.FloatField(
        _("highest overround"),
        default=1.15,
        validators=within(RANGES, "highest_overround"),
        help_text=_("A bookmaker above it is not taken seriously. 1 to 1.5."),
    )
    shrinkage = models.FloatField(
        _("shrinkage"),
        default=0.5,
        validators=within(RANGES, "shrinkage"),
        help_text=_("Share of a claimed edge that is expected to be real. 0 to 1."),
    )
    rejects_lagging = models.BooleanField(
        _("reject lagging prices"),
        default=True,
        help_text=_(
            "Reject the only price above fair if its bookmaker stood still and three others moved."
        ),
    )
    detects_arbitrage = models.BooleanField(
        _("detect arbitrages"),
        default=True,
        help_text=_("Most last seconds or are errors; each leg is shown with its age."),
    )
    only_playable = models.BooleanField(
        _("only playable bookmakers"),
        default=False,
        help_text=_("Look for value only at bookmakers you can bet with."),
    )

    class Meta:
        db_table = "detection_settings"
        verbose_name = _("detection settings")
        verbose_name_plural = _("detection settings")
        constraints = one_row_in_range("detection_settings", RANGES)

    def __str__(self) -> str:
        return str(_("Detection settings"))
