"""Long work that is asked for, watched, cancelled and repeated: backtests and proofs."""

from typing import Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from strategies import days
from strategies.models.strategies import StrategyVersion, known_agent
from strategies.registry import AGENTS


class JobQuerySet(models.QuerySet["Job"]):
    """Words for jobs."""

    def unfinished(self) -> Self:
        """Waiting or running."""
        return self.filter(status__in=[Job.Status.QUEUED, Job.Status.RUNNING])


class Job(models.Model):
    """A long calculation: what was asked, how far it is, and with what it was made.

    `code_version` and `fingerprint` say with which code and which data, so that it can be
    repeated: the same of both gives the same result.
    """

    class Status(models.TextChoices):
        QUEUED = "queued", _("Queued")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        CANCELLED = "cancelled", _("Cancelled")
        FAILED = "failed", _("Failed")

    status = models.CharField(_("status"), max_length=9, choices=Status, default=Status.QUEUED)
    progress = models.FloatField(_("progress"), default=0, help_text=_("From 0 to 1."))
    step = models.CharField(_("step"), max_length=200, blank=True)
    is_cancel_asked = models.BooleanField(_("cancel asked"), default=False)
    error = models.CharField(_("error"), max_length=500, blank=True)
    code_version = models.CharField(_("code"), max_length=80, blank=True)
    fingerprint = models.CharField(_("data"), max_length=64, blank=True)
    result = models.JSONField(_("result"), null=True, blank=True)
    asked_by = models.CharField(_("asked by"), max_length=150, blank=True)
    created_at = models.DateTimeField(_("asked"))
    started_at = models.DateTimeField(_("started"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)

    class Meta:
        abstract = True


def _job_constraints(table: str) -> list[models.BaseConstraint]:
    return [
        models.CheckConstraint(
            name=f"{table}_progress_from_0_to_1", condition=Q(progress__gte=0, progress__lte=1)
        ),
        models.CheckConstraint(
            name=f"{table}_finished_with_its_time",
            condition=Q(status__in=["queued", "running"], finished_at=None)
            | Q(status__in=["done", "cancelled", "failed"], finished_at__isnull=False),
        ),
        models.CheckConstraint(
            name=f"{table}_done_with_its_result",
            condition=~Q(status="done") | Q(result__isnull=False),
        ),
    ]


class Backtest(Job):
    """A strategy asked about the past as if it were live."""

    version = models.ForeignKey(
        StrategyVersion,
        models.SET_NULL,
        related_name="backtests",
        null=True,
        blank=True,
        verbose_name=_("strategy"),
        help_text=_("Empty where parameters were tried that no version has."),
    )
    agent = models.CharField(_("agent"), max_length=20, validators=[known_agent])
    parameters = models.JSONField(_("parameters"))
    sport_keys = models.JSONField(_("competitions"), default=list)
    markets = models.JSONField(_("markets"), default=list)
    since = models.DateField(_("from"))
    until = models.DateField(_("to"), help_text=_("The last day, included."))
    earliest_hours = models.FloatField(
        _("from hours before kick-off"),
        default=168.0,
        validators=[MinValueValidator(0.0), MaxValueValidator(1000.0)],
    )
    latest_minutes = models.FloatField(
        _("until minutes before kick-off"),
        default=10.0,
        validators=[MinValueValidator(0.0), MaxValueValidator(10_000.0)],
        help_text=_("Later prices are not looked at; 0 takes closing prices too."),
    )
    commission = models.FloatField(
        _("extra commission"),
        default=0.0,
        validators=[MinValueValidator(0.0), MaxValueValidator(0.2)],
        help_text=_("Share of winnings taken from every bet, on top of an exchange's own. 0–0.2."),
    )
    delay_minutes = models.FloatField(
        _("delay (minutes)"),
        default=0.0,
        validators=[MinValueValidator(0.0), MaxValueValidator(1440.0)],
        help_text=_("From seeing a price to taking it; what is offered then is taken. 0–1440."),
    )
    haircut = models.FloatField(
        _("haircut"),
        default=0.0,
        validators=[MinValueValidator(0.0), MaxValueValidator(0.5)],
        help_text=_("Share of the odds above 1 that is not obtained. 0–0.5."),
    )
    kelly_fraction = models.FloatField(
        _("Kelly fraction"),
        default=0.25,
        validators=[MinValueValidator(0.0), MaxValueValidator(1.0)],
        help_text=_("Of the Kelly stakes shown beside flat ones. 0–1."),
    )
    holdout = models.FloatField(
        _("held-out share"),
        default=0.2,
        validators=[MinValueValidator(0.0), MaxValueValidator(0.9)],
        help_text=_("Of the match days, the last ones, reported apart. 0–0.9."),
    )

    class Meta:
        db_table = "backtests"
        ordering = ["-created_at", "-id"]
        verbose_name = _("backtest")
        verbose_name_plural = _("backtests")
        indexes = [
            # The list, newest first.
            models.Index(fields=["-created_at", "-id"], name="backtests_newest"),
        ]
        constraints = [
            *_job_constraints("backtests"),
            models.CheckConstraint(
                name="backtests_from_before_to", condition=Q(until__gte=models.F("since"))
            ),
        ]

    def __str__(self) -> str:
        return f"{AGENTS[self.agent].name} {days.period(self.since, self.until)}"


class Proof(Job):
    """The published studies made again on the user's own imported matches."""

    sport_keys = models.JSONField(
        _("competitions"), default=list, blank=True, help_text=_("Empty for all imported ones.")
    )
    since = models.DateField(_("from"), null=True, blank=True)
    until = models.DateField(_("to"), null=True, blank=True, help_text=_("The last day, included."))

    class Meta:
        db_table = "proofs"
        ordering = ["-created_at", "-id"]
        verbose_name = _("proof")
        verbose_name_plural = _("proofs")
        constraints = _job_constraints("proofs")

    def __str__(self) -> str:
        return f"{self.created_at:%Y-%m-%d %H:%M}"
