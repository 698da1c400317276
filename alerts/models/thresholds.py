"""The thresholds that alert rules compare with."""

from decimal import Decimal

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from odds.models.one_row import OneRow, Ranges, one_row_in_range, within

RANGES: Ranges = {
    "bankroll_critical": (0, 10_000_000),
    "bankroll_warning": (0, 10_000_000),
    "drawdown_warning_pct": (1, 100),
    "drawdown_critical_pct": (1, 100),
    "minimum_roi_pct": (-100, 100),
    "minimum_win_rate_pct": (0, 100),
    "minimum_settled": (1, 10_000),
    "minimum_clv_pct": (-50, 50),
    "minimum_graded": (1, 10_000),
    "many_opportunities": (1, 1000),
    "opportunity_spike": (1, 1000),
    "extreme_spread_pct": (5, 1000),
    "collection_silence_hours": (0.25, 168),
    "collection_gap_factor": (1, 10),
    "failed_collections": (1, 1000),
    "low_quota": (0, 1_000_000),
    "worker_silence_minutes": (2, 1440),
    "long_worker_silence_minutes": (2, 1440),
    "beat_silence_minutes": (2, 1440),
    "long_queue": (1, 1_000_000),
    "backup_age_hours": (1, 720),
    "restore_test_age_days": (1, 90),
    "nightly_age_hours": (1, 720),
    "llm_budget_pct": (1, 100),
}


class AlertSettings(OneRow):
    """The one row of thresholds; every rule of `alerts.rules` takes its numbers from here."""

    bankroll_critical = models.DecimalField(
        _("critical bankroll (€)"),
        max_digits=12,
        decimal_places=2,
        default=Decimal(900),
        validators=within(RANGES, "bankroll_critical"),
        help_text=_("Below it for five minutes: stop betting. 0 switches it off."),
    )
    bankroll_warning = models.DecimalField(
        _("low bankroll (€)"),
        max_digits=12,
        decimal_places=2,
        default=Decimal(950),
        validators=within(RANGES, "bankroll_warning"),
        help_text=_("Below it for five minutes; at or above the critical one. 0 switches it off."),
    )
    drawdown_warning_pct = models.FloatField(
        _("drawdown, warning (%)"),
        default=10.0,
        validators=within(RANGES, "drawdown_warning_pct"),
        help_text=_("Fall from the highest bankroll. 1 to 100."),
    )
    drawdown_critical_pct = models.FloatField(
        _("drawdown, critical (%)"),
        default=18.0,
        validators=within(RANGES, "drawdown_critical_pct"),
        help_text=_("Fall from the highest bankroll at which betting should stop. 1 to 100."),
    )
    minimum_roi_pct = models.FloatField(
        _("lowest yield (%)"),
        default=0.0,
        validators=within(RANGES, "minimum_roi_pct"),
        help_text=_("Of settled bets, once there are enough of them. -100 to 100."),
    )
    minimum_win_rate_pct = models.FloatField(
        _("lowest win rate (%)"),
        default=50.0,
        validators=within(RANGES, "minimum_win_rate_pct"),
        help_text=_("Of settled bets, once there are enough of them. 0 to 100."),
    )
    minimum_settled = models.PositiveIntegerField(
        _("settled bets needed"),
        default=30,
        validators=within(RANGES, "minimum_settled"),
        help_text=_("With fewer, yield and win rate are luck and raise nothing. 1 to 10,000."),
    )
    minimum_clv_pct = models.FloatField(
        _("lowest fair CLV (%)"),
        default=0.0,
        validators=within(RANGES, "minimum_clv_pct"),
        help_text=_("Mean of graded bets, once there are enough of them. -50 to 50."),
    )
    minimum_graded = models.PositiveIntegerField(
        _("graded bets needed"),
        default=100,
        validators=within(RANGES, "minimum_graded"),
        help_text=_("With fewer, the mean CLV raises nothing. 1 to 10,000."),
    )
    many_opportunities = models.PositiveIntegerField(
        _("many opportunities"),
        default=20,
        validators=within(RANGES, "many_opportunities"),
        help_text=_("More value opportunities than this at once. 1 to 1,000."),
    )
    opportunity_spike = models.PositiveIntegerField(
        _("spike of opportunities"),
        default=5,
        validators=within(RANGES, "opportunity_spike"),
        help_text=_("More new ones than this in five minutes. 1 to 1,000."),
    )
    extreme_spread_pct = models.FloatField(
        _("extreme spread (%)"),
        default=50.0,
        validators=within(RANGES, "extreme_spread_pct"),
        help_text=_("Bookmakers further apart: more often an error than a gift. 5 to 1,000."),
    )
    collection_silence_hours = models.FloatField(
        _("no collection for (hours)"),
        default=4.0,
        validators=within(RANGES, "collection_silence_hours"),
        help_text=_("At least; a longer planned gap counts instead, see below. 0.25 to 168."),
    )
    collection_gap_factor = models.FloatField(
        _("planned gap, times"),
        default=1.5,
        validators=within(RANGES, "collection_gap_factor"),
        help_text=_("So many times the planned gap may pass without a collection. 1 to 10."),
    )
    failed_collections = models.PositiveIntegerField(
        _("failed collections in a day"),
        default=5,
        validators=within(RANGES, "failed_collections"),
        help_text=_("From so many on. 1 to 1,000."),
    )
    low_quota = models.PositiveIntegerField(
        _("credits left"),
        default=50,
        validators=within(RANGES, "low_quota"),
        help_text=_("Fewer than this above the reserve. 0 to 1,000,000."),
    )
    worker_silence_minutes = models.FloatField(
        _("worker silent for (minutes)"),
        default=10.0,
        validators=within(RANGES, "worker_silence_minutes"),
        help_text=_("2 to 1,440."),
    )
    long_worker_silence_minutes = models.FloatField(
        _("worker of long jobs silent for (minutes)"),
        default=70.0,
        validators=within(RANGES, "long_worker_silence_minutes"),
        help_text=_("A backtest may keep it for 55 minutes. 2 to 1,440."),
    )
    beat_silence_minutes = models.FloatField(
        _("scheduler silent for (minutes)"),
        default=10.0,
        validators=within(RANGES, "beat_silence_minutes"),
        help_text=_("2 to 1,440."),
    )
    long_queue = models.PositiveIntegerField(
        _("tasks waiting"),
        default=100,
        validators=within(RANGES, "long_queue"),
        help_text=_("More than this for a quarter of an hour. 1 to 1,000,000."),
    )
    backup_age_hours = models.FloatField(
        _("age of the last backup (hours)"),
        default=26.0,
        validators=within(RANGES, "backup_age_hours"),
        help_text=_("It is made every night. 1 to 720."),
    )
    restore_test_age_days = models.FloatField(
        _("age of the last restore test (days)"),
        default=9.0,
        validators=within(RANGES, "restore_test_age_days"),
        help_text=_("It is made every week. 1 to 90."),
    )
    nightly_age_hours = models.FloatField(
        _("age of the last nightly analysis (hours)"),
        default=30.0,
        validators=within(RANGES, "nightly_age_hours"),
        help_text=_("Since the last one that succeeded. 1 to 720."),
    )
    llm_budget_pct = models.FloatField(
        _("share of the month's LLM budget (%)"),
        default=80.0,
        validators=within(RANGES, "llm_budget_pct"),
        help_text=_("From this share on. 1 to 100."),
    )

    class Meta:
        db_table = "alert_settings"
        verbose_name = _("alert thresholds")
        verbose_name_plural = _("alert thresholds")
        constraints = [
            *one_row_in_range("alert_settings", RANGES),
            models.CheckConstraint(
                name="alert_settings_bankroll_warns_first",
                condition=Q(bankroll_warning=0) | Q(bankroll_warning__gte=F("bankroll_critical")),
                violation_error_message=_("The low bankroll must not lie below the critical one."),
            ),
            models.CheckConstraint(
                name="alert_settings_drawdown_warns_first",
                condition=Q(drawdown_warning_pct__lte=F("drawdown_critical_pct")),
                violation_error_message=_("The drawdown must warn before it is critical."),
            ),
        ]

    def __str__(self) -> str:
        return str(_("Alert thresholds"))

    def thresholds(self) -> dict[str, float]:
        """Every threshold by its name."""
        return {name: float(getattr(self, name)) for name in RANGES}
