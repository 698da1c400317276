"""Improvements: changes of parameters that must prove themselves, and every step of their life."""

from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

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
                | Q(ab_test_start__isnull=False, version_a__isnull=False, version_b__isnull=False),
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
