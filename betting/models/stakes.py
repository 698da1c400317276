"""The settings that govern stakes, and those that govern results and closing lines."""

from datetime import timedelta
from decimal import Decimal

from django.db import models
from django.utils.translation import gettext_lazy as _

from odds.models.one_row import OneRow, Ranges, one_row_in_range, within

STAKING_RANGES: Ranges = {
    "kelly_fraction": (0.01, 1),
    "cap_bet_pct": (0.1, 100),
    "cap_match_pct": (0.1, 100),
    "cap_day_pct": (0.1, 100),
    "stake_step": (Decimal("0.01"), 1000),
    "minimum_stake": (0, 10_000),
    "old_price_minutes": (1, 240),
}
SETTLEMENT_RANGES: Ranges = {
    "results_after_minutes": (1, 1440),
    "results_interval_minutes": (1, 1440),
    "postponed_void_hours": (0, 720),
    "closing_max_age_minutes": (1, 1440),
    "closing_minimum_operators": (2, 20),
}


class StakingSettings(OneRow):
    """The one row that says how much to stake.

    The defaults are a quarter of Kelly with caps of 2 % a bet and 25 % a day, which on one
    recorded history of 14,141 bets quadrupled the bankroll with a drawdown of 21 %, where full
    Kelly fell by 79 %.
    """

    kelly_fraction = models.FloatField(
        _("Kelly fraction"),
        default=0.25,
        validators=within(STAKING_RANGES, "kelly_fraction"),
        help_text=_("Share of the full Kelly stake. 0.01 to 1."),
    )
    uses_expected_edge = models.BooleanField(
        _("stake on the expected edge"),
        default=True,
        help_text=_("Shrink the claimed edge before it is staked on."),
    )
    cap_bet_pct = models.FloatField(
        _("most on a bet (%)"),
        default=2.0,
        validators=within(STAKING_RANGES, "cap_bet_pct"),
        help_text=_("Of the bankroll. 0.1 to 100."),
    )
    cap_match_pct = models.FloatField(
        _("most on a match (%)"),
        default=5.0,
        validators=within(STAKING_RANGES, "cap_match_pct"),
        help_text=_("Of the bankroll, all bets on one match together. 0.1 to 100."),
    )
    cap_day_pct = models.FloatField(
        _("most on a day (%)"),
        default=25.0,
        validators=within(STAKING_RANGES, "cap_day_pct"),
        help_text=_("Of the bankroll, all pending bets on one day's matches. 0.1 to 100."),
    )
    stake_step = models.DecimalField(
        _("stakes in steps of"),
        max_digits=7,
        decimal_places=2,
        default=Decimal("0.50"),
        validators=within(STAKING_RANGES, "stake_step"),
        help_text=_("Stakes are rounded down to a multiple. 0.01 to 1000."),
    )
    minimum_stake = models.DecimalField(
        _("smallest stake"),
        max_digits=8,
        decimal_places=2,
        default=Decimal("1.00"),
        validators=within(STAKING_RANGES, "minimum_stake"),
        help_text=_("A smaller suggestion is not worth placing. 0 to 10000."),
    )
    old_price_minutes = models.PositiveSmallIntegerField(
        _("minutes until a price is old"),
        default=10,
        validators=within(STAKING_RANGES, "old_price_minutes"),
        help_text=_(
            "A price seen longer ago is marked, and you are warned before you bet on it. 1 to 240."
        ),
    )
    currency = models.CharField(
        _("currency"), max_length=8, default="€", help_text=_("Shown behind amounts.")
    )

    class Meta:
        db_table = "staking_settings"
        verbose_name = _("staking settings")
        verbose_name_plural = _("staking settings")
        constraints = one_row_in_range("staking_settings", STAKING_RANGES)

    def __str__(self) -> str:
        return str(_("Staking settings"))

    @property
    def old_price(self) -> timedelta:
        """After how long a price is marked as old."""
        return timedelta(minutes=self.old_price_minutes)


class SettlementSettings(OneRow):
    """The one row that says where results come from and what a closing line may be."""

    uses_football_data = models.BooleanField(
        _("results from football-data.co.uk"),
        default=True,
        help_text=_("Free; the leagues it covers are asked there first."),
    )
    uses_odds_api = models.BooleanField(
        _("results from The Odds API"),
        default=True,
        help_text=_("Two credits a sport, only when a bet or an opportunity waits for a result."),
    )
    asks_for_opportunities = models.BooleanField(
        _("pay for results of opportunities"),
        default=False,
        help_text=_(
            "Ask The Odds API at once for opportunities nobody bet on; else they wait for the free "
            "file, or for one call in three days."
        ),
    )
    results_after_minutes = models.PositiveSmallIntegerField(
        _("ask for a result after (minutes)"),
        default=150,
        validators=within(SETTLEMENT_RANGES, "results_after_minutes"),
        help_text=_("Counted from the kick-off. 1 to 1440."),
    )
    results_interval_minutes = models.PositiveSmallIntegerField(
        _("ask again after (minutes)"),
        default=360,
        validators=within(SETTLEMENT_RANGES, "results_interval_minutes"),
        help_text=_("A sport's results are not asked for again before. 1 to 1440."),
    )
    postponed_void_hours = models.PositiveSmallIntegerField(
        _("void after a postponement of (hours)"),
        default=48,
        validators=within(SETTLEMENT_RANGES, "postponed_void_hours"),
        help_text=_("Most bookmakers: 48. A bet stands if the match is played before. 0 to 720."),
    )
    closing_max_age_minutes = models.PositiveSmallIntegerField(
        _("oldest closing line (minutes)"),
        default=60,
        validators=within(SETTLEMENT_RANGES, "closing_max_age_minutes"),
        help_text=_("Last seen earlier before kick-off, it is marked and not counted. 1 to 1440."),
    )
    closing_minimum_operators = models.PositiveSmallIntegerField(
        _("operators in a closing consensus"),
        default=4,
        validators=within(SETTLEMENT_RANGES, "closing_minimum_operators"),
        help_text=_("Independent operators besides the one bet with. 2 to 20."),
    )

    class Meta:
        db_table = "settlement_settings"
        verbose_name = _("settlement settings")
        verbose_name_plural = _("settlement settings")
        constraints = one_row_in_range("settlement_settings", SETTLEMENT_RANGES)

    def __str__(self) -> str:
        return str(_("Settlement settings"))
