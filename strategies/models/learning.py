"""Learning: what an analyst was told of a strategy, what it proposed, and what that cost."""

from decimal import Decimal
from typing import Self

from django.db import models
from django.db.models import F, Q, Sum
from django.utils.translation import gettext_lazy as _

from odds.models.one_row import OneRow, Ranges, one_row_in_range, within
from strategies import days
from strategies.models.improvements import Improvement
from strategies.models.strategies import Strategy, StrategyVersion


class LearningRunQuerySet(models.QuerySet["LearningRun"]):
    """Words for analyses."""

    def cost_usd(self) -> Decimal:
        """What they cost together, dollars."""
        total: Decimal | None = self.aggregate(total=Sum("cost_usd"))["total"]
        return total or Decimal(0)

    def begun_in(self, year: int, month: int) -> Self:
        """Those of one UTC month."""
        return self.filter(day__year=year, day__month=month)


class LearningRun(models.Model):
    """One look of an analyst at one strategy; a strategy has at most one on a UTC day.

    It is claimed before a model is asked and keeps the answer before that is judged, so that an
    answer is paid for once, whatever dies in between.
    """

    class Analyst(models.TextChoices):
        MODEL = "model", _("Language model")
        STATISTICS = "statistics", _("Statistics")

    class Status(models.TextChoices):
        ASKING = "asking", _("Being asked")
        WAITING = "waiting", _("To be asked again")
        ANSWERED = "answered", _("Answered, to be judged")
        PROPOSED = "proposed", _("Proposed a change")
        REFUSED = "refused", _("Proposal refused")
        NOTHING = "nothing", _("Nothing to propose")
        FAILED = "failed", _("Failed")

    strategy = models.ForeignKey(
        Strategy,
        models.CASCADE,
        related_name="analyses",
        verbose_name=_("strategy"),
        db_index=False,  # the unique constraint below starts with it
    )
    version = models.ForeignKey(
        StrategyVersion, models.CASCADE, related_name="+", verbose_name=_("strategy version")
    )
    day = models.DateField(_("day"))
    analyst = models.CharField(_("analyst"), max_length=10, choices=Analyst)
    status = models.CharField(_("status"), max_length=8, choices=Status, default=Status.ASKING)
    note = models.TextField(
        _("note"), blank=True, help_text=_("Why statistics looked at it and no language model.")
    )
    sentence = models.TextField(_("outcome"), blank=True)
    held_out_since = models.DateTimeField(
        _("held out since"), help_text=_("The analyst was told of no match that began later.")
    )
    evidence = models.JSONField(_("evidence"))
    prompt = models.TextField(_("prompt"), blank=True)
    model = models.CharField(_("model"), max_length=100, blank=True)
    raw_reply = models.TextField(_("reply as it came"), blank=True)
    prompt_tokens = models.PositiveIntegerField(_("tokens sent"), null=True, blank=True)
    completion_tokens = models.PositiveIntegerField(_("tokens received"), null=True, blank=True)
    cost_usd = models.DecimalField(
        _("cost ($)"), max_digits=10, decimal_places=6, null=True, blank=True
    )
    is_cost_assumed = models.BooleanField(
        _("cost assumed"),
        default=False,
        help_text=_("No answer came, yet one may be charged: the most it can have cost."),
    )
    duration_seconds = models.FloatField(_("duration (s)"), null=True, blank=True)
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    proposal = models.JSONField(_("proposal"), null=True, blank=True)
    changes = models.JSONField(_("changes"), null=True, blank=True)
    judgement = models.JSONField(_("on held-out matches"), null=True, blank=True)
    improvement = models.OneToOneField(
        Improvement,
        models.SET_NULL,
        related_name="analysis",
        null=True,
        blank=True,
        verbose_name=_("improvement"),
    )
    asked_by = models.CharField(_("asked by"), max_length=150, blank=True)
    started_at = models.DateTimeField(_("started"))
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)

    objects = LearningRunQuerySet.as_manager()

    class Meta:
        db_table = "llm_runs"
        ordering = ["-started_at", "-id"]
        verbose_name = _("analysis")
        verbose_name_plural = _("analyses")
        indexes = [
            # The list, newest first; the month's cost.
            models.Index(fields=["-started_at", "-id"], name="llm_runs_newest"),
            models.Index(fields=["day"], name="llm_runs_day", include=["cost_usd"]),
        ]
        constraints = [
            models.UniqueConstraint("strategy", "day", name="llm_runs_once_a_day"),
            models.CheckConstraint(
                name="llm_runs_finished_with_its_time",
                condition=Q(status__in=["asking", "waiting", "answered"], finished_at=None)
                | Q(
                    status__in=["proposed", "refused", "nothing", "failed"],
                    finished_at__isnull=False,
                ),
            ),
            models.CheckConstraint(
                name="llm_runs_judged_with_its_proposal",
                condition=~Q(status__in=["answered", "proposed", "refused"])
                | Q(proposal__isnull=False),
            ),
            models.CheckConstraint(
                name="llm_runs_cost_not_negative",
                condition=Q(cost_usd=None) | Q(cost_usd__gte=0),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.strategy} · {days.day(self.day)}"

    @property
    def is_finished(self) -> bool:
        """Whether nothing is left to do."""
        return self.finished_at is not None


class NightlyRun(models.Model):
    """One UTC day's chain of steps; it goes on where it was interrupted.

    `step` is the one to be done next, empty once all are; `failures` are the steps given up.
    """

    class Status(models.TextChoices):
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")

    day = models.DateField(_("day"), unique=True)
    status = models.CharField(_("status"), max_length=7, choices=Status, default=Status.RUNNING)
    step = models.CharField(_("step"), max_length=10, blank=True)
    tries = models.PositiveSmallIntegerField(_("tries of this step"), default=0)
    tried_at = models.DateTimeField(_("last try"), null=True, blank=True)
    error = models.TextField(_("last error"), blank=True)
    failures = models.JSONField(_("steps given up"), default=list, blank=True)
    report = models.JSONField(_("report"), default=dict, blank=True)
    started_at = models.DateTimeField(_("started"))
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)

    class Meta:
        db_table = "nightly_runs"
        ordering = ["-day"]
        verbose_name = _("night")
        verbose_name_plural = _("nights")
        constraints = [
            models.CheckConstraint(
                name="nightly_runs_finished_with_its_time",
                condition=Q(status="running", finished_at=None)
                | Q(status__in=["done", "failed"], finished_at__isnull=False, step=""),
            ),
            models.CheckConstraint(
                name="nightly_runs_finished_after_start",
                condition=Q(finished_at=None) | Q(finished_at__gte=F("started_at")),
            ),
        ]

    def __str__(self) -> str:
        return str(self.day)


LEARNING_RANGES: Ranges = {
    "input_price": (Decimal(0), Decimal(1000)),
    "output_price": (Decimal(0), Decimal(1000)),
    "monthly_budget_eur": (Decimal(0), Decimal(1000)),
    "euros_per_dollar": (Decimal("0.1"), Decimal(10)),
    "most_strategies": (1, 50),
    "most_waiting": (1, 20),
    "held_out_share": (0.1, 0.6),
}


class LearningSettings(OneRow):
    """The one row of what analyses may look at and spend."""

    is_nightly = models.BooleanField(
        _("every night"),
        default=True,
        help_text=_("Look at the strategies after midnight UTC; asking by hand always works."),
    )
    model = models.CharField(
        _("model"),
        max_length=100,
        default="gpt-4o",
        help_text=_("Asked where OPENAI_API_KEY is set; without a key statistics look."),
    )
    input_price = models.DecimalField(
        _("price of what is sent ($ per million tokens)"),
        max_digits=8,
        decimal_places=3,
        default=Decimal("2.5"),
        validators=within(LEARNING_RANGES, "input_price"),
        help_text=_("As in the vendor's price list for this model. 0–1,000."),
    )
    output_price = models.DecimalField(
        _("price of what is received ($ per million tokens)"),
        max_digits=8,
        decimal_places=3,
        default=Decimal(10),
        validators=within(LEARNING_RANGES, "output_price"),
        help_text=_("Likewise. 0–1,000."),
    )
    monthly_budget_eur = models.DecimalField(
        _("budget of a month (€)"),
        max_digits=8,
        decimal_places=2,
        default=Decimal(5),
        validators=within(LEARNING_RANGES, "monthly_budget_eur"),
        help_text=_("A question that could exceed it is not asked; statistics look. 0–1,000."),
    )
    euros_per_dollar = models.DecimalField(
        _("euros per dollar"),
        max_digits=8,
        decimal_places=4,
        default=Decimal("0.92"),
        validators=within(LEARNING_RANGES, "euros_per_dollar"),
        help_text=_("To hold dollar prices against the budget. 0.1–10."),
    )
    most_strategies = models.PositiveSmallIntegerField(
        _("strategies a day"),
        default=5,
        validators=within(LEARNING_RANGES, "most_strategies"),
        help_text=_("The worst ones first. 1–50."),
    )
    most_waiting = models.PositiveSmallIntegerField(
        _("proposals waiting"),
        default=3,
        validators=within(LEARNING_RANGES, "most_waiting"),
        help_text=_("A strategy with so many gets no further one. 1–20."),
    )
    held_out_share = models.FloatField(
        _("held-out share"),
        default=0.3,
        validators=within(LEARNING_RANGES, "held_out_share"),
        help_text=_(
            "Of a strategy's graded matches the last ones: analysts are not told of them, and a "
            "proposal must stand on them. 0.1–0.6."
        ),
    )

    class Meta:
        db_table = "learning_settings"
        verbose_name = _("learning settings")
        verbose_name_plural = _("learning settings")
        constraints = one_row_in_range("learning_settings", LEARNING_RANGES)

    def __str__(self) -> str:
        return str(_("Learning settings"))
