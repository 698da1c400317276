"""Improvements: changes of parameters that must prove themselves, and every step of their life."""

from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from odds.models.one_row import OneRow, one_row_in_range, within
from strategies.models.strategies import Strategy, StrategyVersion


class ImprovementQuerySet(models.QuerySet["Improvement"]):
    """Words for improvements."""

    def archived(self) -> Self:
        """Those put away."""
        return self.filter(status=Improvement.Status.ARCHIVED)

    def kept(self) -> Self:
        """All but those put away."""
        return self.exclude(status=Improvement.Status.ARCHIVED)


class Improvement(models.Model):
    """A proposed change of one strategy's parameters, from the proposal to what became of it.

    `new_parameters` holds the parameters that change. While it is active both arms judge the same
    snapshots: A the version that was current when the test began, B the same with the change.
    Counters count matches both arms have settled; percentages are in percent.
    """

    class Status(models.TextChoices):
        PROPOSED = "proposed", _("Proposed")
        ACTIVE = "active", _("In test")
        APPLIED = "applied", _("Applied")
        ARCHIVED = "archived", _("Archived")

    class Verdict(models.TextChoices):
        BETTER = "better", _("Better")
        WORSE = "worse", _("Worse")
        UNDECIDED = "undecided", _("Undecided")

    id = models.AutoField(primary_key=True)
    strategy = models.ForeignKey(
        Strategy, models.CASCADE, related_name="improvements", verbose_name=_("strategy")
    )
    status = models.CharField(_("status"), max_length=8, choices=Status, default=Status.PROPOSED)
    new_parameters = models.JSONField(_("changed parameters"))
    old_parameters = models.JSONField(_("parameters before"))
    old_threshold = models.FloatField(_("threshold before"))
    new_threshold = models.FloatField(_("threshold after"))
    baseline_win_rate = models.FloatField(_("win rate before (%)"), null=True, blank=True)
    baseline_roi = models.FloatField(_("yield before (%)"), null=True, blank=True)
    baseline_samples = models.PositiveIntegerField(_("settled before"), default=0)
    failure_pattern = models.TextField(_("pattern of failures"), blank=True)
    missing_factors = ArrayField(
        models.TextField(), verbose_name=_("missing factors"), default=list
    )
    recommended_adjustments = models.JSONField(
        _("recommended adjustments"), default=list, blank=True
    )
    llm_reasoning = models.TextField(_("reasoning"), blank=True)
    expected_improvement = models.FloatField(_("expected gain (points)"), null=True, blank=True)
    origin = models.CharField(_("origin"), max_length=120, blank=True)
    version_a = models.ForeignKey(
        StrategyVersion,
        models.PROTECT,
        related_name="tests_as_a",
        null=True,
        blank=True,
        verbose_name=_("arm A"),
        help_text=_("The version that was current when the test began."),
    )
    version_b = models.ForeignKey(
        StrategyVersion,
        models.PROTECT,
        related_name="tests_as_b",
        null=True,
        blank=True,
        verbose_name=_("arm B"),
        help_text=_("The same with the change; applying makes it current."),
    )
    ab_test_start = models.DateTimeField(_("test began"), null=True, blank=True)
    ab_test_end = models.DateTimeField(_("test ended"), null=True, blank=True)
    ab_test_matches_a = models.PositiveIntegerField(_("matches of A"), default=0)
    ab_test_matches_b = models.PositiveIntegerField(_("matches of B"), default=0)
    ab_test_wins_a = models.PositiveIntegerField(_("won by A"), default=0)
    ab_test_wins_b = models.PositiveIntegerField(_("won by B"), default=0)
    plan_effect = models.FloatField(
        _("smallest gain that counts (points of CLV)"),
        null=True,
        blank=True,
        help_text=_("The plan is fixed when the test begins."),
    )
    plan_alpha = models.FloatField(_("error probability"), null=True, blank=True)
    plan_horizon = models.PositiveIntegerField(_("matches at most"), null=True, blank=True)
    paired_matches = models.PositiveIntegerField(
        _("matches compared"), default=0, help_text=_("On which an arm predicted, all graded.")
    )
    clv_gain = models.FloatField(_("gain of B in fair CLV (points)"), null=True, blank=True)
    clv_gain_low = models.FloatField(_("gain, from (points)"), null=True, blank=True)
    clv_gain_high = models.FloatField(_("gain, to (points)"), null=True, blank=True)
    profit_gain = models.FloatField(_("gain of B in profit (units a match)"), null=True, blank=True)
    verdict = models.CharField(_("verdict"), max_length=9, choices=Verdict, blank=True)
    verdict_at = models.DateTimeField(_("verdict reached"), null=True, blank=True)
    performance_gain = models.FloatField(_("gain (points)"), null=True, blank=True)
    applied_at = models.DateTimeField(_("applied"), null=True, blank=True)
    archived_at = models.DateTimeField(_("archived"), null=True, blank=True)
    archived_reason = models.TextField(_("archived because"), null=True, blank=True)  # noqa: DJ001
    created_at = models.DateTimeField(_("proposed"))
    analyzed_at = models.DateTimeField(_("analysed"), null=True, blank=True)

    objects = ImprovementQuerySet.as_manager()

    class Meta:
        db_table = "strategy_improvements"
        ordering = ["-created_at", "-id"]
        verbose_name = _("improvement")
        verbose_name_plural = _("improvements")
        indexes = [
            # The list, newest first.
            models.Index(fields=["-created_at", "-id"], name="improvements_newest"),
        ]
        constraints = [
            models.UniqueConstraint(
                "strategy", condition=Q(status="active"), name="improvements_one_test_a_strategy"
            ),
            models.CheckConstraint(
                name="improvements_archived_with_its_time",
                condition=Q(status="archived", archived_at__isnull=False)
                | (~Q(status="archived") & Q(archived_at=None, archived_reason=None)),
            ),
            models.CheckConstraint(
                name="improvements_applied_with_its_time",
                condition=Q(status="applied", applied_at__isnull=False)
                | (~Q(status="applied") & Q(applied_at=None)),
            ),
            models.CheckConstraint(
                name="improvements_tested_with_both_arms",
                condition=~Q(status__in=["active", "applied"])
                | Q(
                    ab_test_start__isnull=False,
                    version_a__isnull=False,
                    version_b__isnull=False,
                    plan_effect__isnull=False,
                    plan_alpha__isnull=False,
                    plan_horizon__isnull=False,
                ),
            ),
            models.CheckConstraint(
                name="improvements_verdict_with_its_time",
                condition=Q(verdict="", verdict_at=None)
                | (~Q(verdict="") & Q(verdict_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="improvements_test_ends_when_it_is_over",
                condition=~Q(status="active") | Q(ab_test_end=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.strategy} · {self.pk}"

    @property
    def is_in_test(self) -> bool:
        """Whether both arms are being asked; what the original called `ab_test_active`."""
        return self.status == self.Status.ACTIVE


class ImprovementChange(models.Model):
    """One step of an improvement's life; a fact, never changed."""

    improvement = models.ForeignKey(
        Improvement, models.CASCADE, related_name="changes", verbose_name=_("improvement")
    )
    old_status = models.CharField(_("from"), max_length=8, blank=True)
    new_status = models.CharField(_("to"), max_length=8, choices=Improvement.Status)
    reason = models.TextField(_("reason"), blank=True)
    changed_by = models.CharField(_("by"), max_length=150, blank=True)
    changed_at = models.DateTimeField(_("changed"))

    class Meta:
        db_table = "improvement_status_history"
        ordering = ["-changed_at", "-id"]
        verbose_name = _("step of an improvement")
        verbose_name_plural = _("steps of improvements")

    def __str__(self) -> str:
        return f"{self.improvement_id}: {self.old_status or '–'} → {self.new_status}"


EXPERIMENT_RANGES = {
    "smallest_gain": (0, 10),
    "alpha": (0.001, 0.2),
    "horizon": (30, 10_000),
}


class ExperimentSettings(OneRow):
    """The one row of the plan that a test begun from now on gets; a running one keeps its own."""

    smallest_gain = models.FloatField(
        _("smallest gain that counts (points of CLV)"),
        default=0.5,
        validators=within(EXPERIMENT_RANGES, "smallest_gain"),
        help_text=_(
            "Per match judged: a change that is better by less is not called better. 0–10."
        ),
    )
    alpha = models.FloatField(
        _("error probability"),
        default=0.05,
        validators=within(EXPERIMENT_RANGES, "alpha"),
        help_text=_("That a test ever calls better or worse what is neither. 0.001–0.2."),
    )
    horizon = models.PositiveIntegerField(
        _("matches at most"),
        default=300,
        validators=within(EXPERIMENT_RANGES, "horizon"),
        help_text=_("After so many compared matches without a verdict it is undecided. 30–10,000."),
    )
    splits_real_stakes = models.BooleanField(
        _("split real stakes between the arms"),
        default=False,
        help_text=_(
            "Each match is bet by one arm, the more often the likelier it brings more profit. Off, "
            "all follow the version in force; on paper both arms judge every match."
        ),
    )

    class Meta:
        db_table = "experiment_settings"
        verbose_name = _("test settings")
        verbose_name_plural = _("test settings")
        constraints = one_row_in_range("experiment_settings", EXPERIMENT_RANGES)

    def __str__(self) -> str:
        return str(_("Test settings"))
