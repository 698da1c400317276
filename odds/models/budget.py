"""The plan of calls to The Odds API: its settings, what it holds, and each of its calls."""

from datetime import timedelta
from typing import Final

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from odds.models.collections import Collection
from odds.models.matches import Sport
from odds.models.one_row import OneRow, Ranges, one_row_in_range, within
from odds.planner.shapes import CallShape
from odds.planner.situation import PlanSettings

RANGES: Final[Ranges] = {
    "closing_window_minutes": (6, 60),
    "scan_interval_minutes": (5, 1440),
    "freshness_percent": (0, 100),
    "known_ahead_days": (0, 60),
    "results_wait_hours": (0, 48),
}


class PlannerSettings(OneRow):
    """The one row of settings that govern the plan of calls.

    Without a row the planner is off: the first start makes one, on for a real key and off on the
    simulated market, whose credits are worth nothing.
    """

    class Shape(models.TextChoices):
        """What a planned call asks for."""

        CHEAPEST = "cheapest", _("The cheapest with your bookmakers and the references")
        REGIONS = "regions", _("The regions of the collection settings")

    is_on = models.BooleanField(
        _("planned"),
        default=False,
        help_text=_(
            "Calls are made when the plan says: closing odds first, scans with what is left. Off: "
            "each sport in turn, as often as the credits allow."
        ),
    )
    shape = models.CharField(
        _("asks for"),
        max_length=8,
        choices=Shape,
        default=Shape.CHEAPEST,
        help_text=_("Ten named bookmakers cost as much as one region."),
    )
    closing_window_minutes = models.PositiveSmallIntegerField(
        _("closing window (minutes)"),
        default=15,
        validators=within(RANGES, "closing_window_minutes"),
        help_text=_("Odds seen this long before the kick-off are closing odds. 6 to 60."),
    )
    has_scans = models.BooleanField(
        _("scans"),
        default=True,
        help_text=_("Look for opportunities with the credits that closing odds leave."),
    )
    scan_interval_minutes = models.PositiveSmallIntegerField(
        _("between two scans (minutes)"),
        default=120,
        validators=within(RANGES, "scan_interval_minutes"),
        help_text=_("The shortest time between two calls for a sport's odds. 5 to 1440."),
    )
    freshness_percent = models.PositiveSmallIntegerField(
        _("more leagues ↔ fresher odds (%)"),
        default=50,
        validators=within(RANGES, "freshness_percent"),
        help_text=_("0: scans are spread over the leagues. 100: where they find most. 0 to 100."),
    )
    known_ahead_days = models.PositiveSmallIntegerField(
        _("kick-offs known ahead (days)"),
        default=14,
        validators=within(RANGES, "known_ahead_days"),
        help_text=_("How far ahead matches are listed, until it has been measured. 0 to 60."),
    )
    results_wait_hours = models.PositiveSmallIntegerField(
        _("paid results wait (hours)"),
        default=12,
        validators=within(RANGES, "results_wait_hours"),
        help_text=_("How long results wait for others, to be asked for with one call. 0 to 48."),
    )

    class Meta:
        db_table = "planner_settings"
        verbose_name = _("planner settings")
        verbose_name_plural = _("planner settings")
        constraints = one_row_in_range("planner_settings", RANGES)

    def __str__(self) -> str:
        return str(_("Planner settings"))

    @property
    def window(self) -> timedelta:
        """How long before a kick-off closing odds may be seen."""
        return timedelta(minutes=self.closing_window_minutes)

    def plan_settings(self) -> PlanSettings:
        """As the planner takes them."""
        return PlanSettings(
            window=self.window,
            minimum_interval=timedelta(minutes=self.scan_interval_minutes),
            freshness=self.freshness_percent / 100,
            has_scans=self.has_scans,
            known_ahead=timedelta(days=self.known_ahead_days),
            results_wait=timedelta(hours=self.results_wait_hours),
        )


class CurrentPlan(OneRow):
    """The plan in force, but for its calls: those are rows of their own.

    `fingerprint` is of what the plan was made from. Kick-offs up to `checked_until` have been
    looked at for closing odds. `rates` are what past calls taught, empty before they did.
    """

    made_at = models.DateTimeField(_("made"), null=True, blank=True)
    fingerprint = models.CharField(max_length=64, blank=True)
    budget = models.JSONField(default=dict, blank=True)
    left_out = models.JSONField(default=list, blank=True)
    rates = models.JSONField(default=dict, blank=True)
    checked_until = models.DateTimeField(_("checked until"), null=True, blank=True)

    class Meta:
        db_table = "current_plan"
        verbose_name = _("plan in force")
        verbose_name_plural = _("plan in force")
        constraints = one_row_in_range("current_plan", {})

    def __str__(self) -> str:
        return str(_("Plan in force"))


class PlannedCall(models.Model):
    """One call of the plan, from planned to done; or a closing window in which none was made.

    The row is the claim: a worker that changes it from planned to claimed makes the call, in the
    transaction that also begins the collection, so that no two make it. `at` to `until` is when it
    may be made; `match_ids`, the provider's, whose closing odds or results it brings.
    """

    class Kind(models.TextChoices):
        CLOSING = "closing", _("Closing odds")
        RESULTS = "results", _("Results")
        SCAN = "scan", _("Scan")

    class Status(models.TextChoices):
        PLANNED = "planned", _("Planned")
        CLAIMED = "claimed", _("Being made")
        DONE = "done", _("Made")
        FAILED = "failed", _("Failed")
        MISSED = "missed", _("Missed")

    sport = models.ForeignKey(
        Sport, models.PROTECT, related_name="planned_calls", verbose_name=_("sport"), db_index=False
    )
    kind = models.CharField(_("for"), max_length=7, choices=Kind)
    endpoint = models.CharField(_("asks for"), max_length=6, choices=Collection.Endpoint)
    markets = models.CharField(_("markets"), max_length=80, blank=True)
    regions = models.CharField(_("regions"), max_length=80, blank=True)
    bookmakers = models.CharField(_("bookmakers"), max_length=1000, blank=True)
    at = models.DateTimeField(_("due"))
    until = models.DateTimeField(_("until"))
    kickoff = models.DateTimeField(_("kick-off"), null=True, blank=True)
    cost = models.PositiveSmallIntegerField(_("credits"))
    value = models.FloatField(_("expected"), default=0)
    match_ids = ArrayField(
        models.CharField(max_length=64), default=list, blank=True, verbose_name=_("matches")
    )
    reason = models.CharField(_("reason"), max_length=16)
    numbers = models.JSONField(_("numbers"), default=dict, blank=True)
    status = models.CharField(_("status"), max_length=7, choices=Status, default=Status.PLANNED)
    planned_at = models.DateTimeField(_("planned"))
    claimed_at = models.DateTimeField(_("begun"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    collection = models.ForeignKey(
        Collection,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="planned_calls",
        verbose_name=_("collection"),
    )
    error = models.TextField(_("message"), blank=True)

    class Meta:
        db_table = "planned_calls"
        ordering = ["at", "id"]
        verbose_name = _("planned call")
        verbose_name_plural = _("planned calls")
        indexes = [
            # What is due, what is under way: the executor, each minute.
            models.Index(
                fields=["at"],
                condition=Q(status__in=["planned", "claimed"]),
                name="planned_calls_open",
            ),
            # A month of past and coming calls: the calendar, the coverage.
            models.Index(fields=["at", "status"], name="planned_calls_by_time"),
        ]
        constraints = [
            models.CheckConstraint(name="planned_calls_in_order", condition=Q(until__gte=F("at"))),
            models.CheckConstraint(
                name="planned_calls_begun_unless_waiting",
                condition=(Q(status__in=["planned", "missed"]) & Q(claimed_at=None))
                | (Q(status__in=["claimed", "done", "failed"]) & Q(claimed_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="planned_calls_ended_unless_open",
                condition=(Q(status__in=["planned", "claimed"]) & Q(ended_at=None))
                | (Q(status__in=["done", "failed", "missed"]) & Q(ended_at__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {date_format(localtime(self.at), 'DATETIME_FORMAT')}"

    @property
    def asked(self) -> CallShape | None:
        """What it asks for; None where it is no odds."""
        if self.endpoint != Collection.Endpoint.ODDS or not self.markets:
            return None
        return CallShape(
            markets=_listed(self.markets),
            regions=_listed(self.regions),
            bookmakers=_listed(self.bookmakers),
        )


def _listed(text: str) -> tuple[str, ...]:
    return tuple(part for part in text.split(",") if part)
