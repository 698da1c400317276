"""Alerts: each an episode, from when a rule began to hold until it no longer does."""

from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class AlertQuerySet(models.QuerySet["Alert"]):
    """Words for alerts."""

    def open(self) -> Self:
        """Firing now."""
        return self.filter(starts_at__isnull=False, ends_at=None)

    def pending(self) -> Self:
        """Their rule holds, but not yet for as long as it must."""
        return self.filter(starts_at=None)

    def own(self) -> Self:
        """Those MON_PS found by itself."""
        return self.filter(source=Alert.Source.OWN)


class Alert(models.Model):
    """One episode of one alert, told by Alertmanager or found by MON_PS itself.

    What identifies an alert is its labels, of which `fingerprint` is the digest; an episode is an
    alert and the instant it began. Only alerts MON_PS evaluates are ever pending: their rule holds
    since `pending_since` and was last seen to hold at `seen_at`, so that a restart forgets neither.
    `mailed_at` is when MON_PS last posted a mail about it; Alertmanager mails its own.
    """

    class Source(models.TextChoices):
        ALERTMANAGER = "alertmanager", _("Alertmanager")
        OWN = "own", _("MON_PS")

    source = models.CharField(_("found by"), max_length=12, choices=Source)
    fingerprint = models.CharField(_("fingerprint"), max_length=64)
    name = models.CharField(_("name"), max_length=120)
    severity = models.CharField(_("severity"), max_length=20, blank=True)
    labels = models.JSONField(_("labels"), default=dict)
    annotations = models.JSONField(_("annotations"), default=dict, blank=True)
    pending_since = models.DateTimeField(_("holds since"), null=True, blank=True)
    starts_at = models.DateTimeField(_("began"), null=True, blank=True)
    ends_at = models.DateTimeField(_("ended"), null=True, blank=True)
    seen_at = models.DateTimeField(_("last seen"))
    mailed_at = models.DateTimeField(_("mailed"), null=True, blank=True)
    acknowledged_at = models.DateTimeField(_("acknowledged"), null=True, blank=True)
    acknowledged_by = models.CharField(_("acknowledged by"), max_length=150, blank=True)
    note = models.TextField(_("note"), blank=True)

    objects = AlertQuerySet.as_manager()

    class Meta:
        db_table = "alerts"
        ordering = [F("ends_at").desc(nulls_first=True), F("starts_at").desc(), "-id"]
        verbose_name = _("alert")
        verbose_name_plural = _("alerts")
        indexes = [
            # The list: the open ones first, then the newest.
            models.Index(
                F("ends_at").desc(nulls_first=True),
                F("starts_at").desc(),
                F("id").desc(),
                name="alerts_open_then_newest",
            ),
            # What each evaluation compares with: all that MON_PS found and that has not ended.
            models.Index(
                "name", condition=Q(source="own", ends_at=None), name="alerts_own_unended"
            ),
        ]
        constraints = [
            models.UniqueConstraint(  # what makes a delivery that is repeated harmless
                "source", "fingerprint", "starts_at", name="alerts_one_row_per_episode"
            ),
            models.UniqueConstraint(
                "fingerprint",
                condition=Q(source="own", ends_at=None),
                name="alerts_one_own_unended_per_alert",
            ),
            models.CheckConstraint(
                name="alerts_begun_or_pending",
                condition=Q(starts_at__isnull=False)
                | Q(source="own", pending_since__isnull=False, ends_at=None, mailed_at=None),
            ),
            models.CheckConstraint(
                name="alerts_acknowledged_by_someone",
                condition=Q(acknowledged_at=None, acknowledged_by="")
                | (Q(acknowledged_at__isnull=False) & ~Q(acknowledged_by="")),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_open(self) -> bool:
        """Whether it fires now."""
        return self.starts_at is not None and self.ends_at is None


class AlertmanagerState(models.Model):
    """The one row that says how pushing to Alertmanager goes, so that a fault is told once."""

    id = models.SmallIntegerField(primary_key=True, default=1, editable=False)
    pushed_at = models.DateTimeField(_("last pushed"), null=True, blank=True)
    failing_since = models.DateTimeField(_("failing since"), null=True, blank=True)
    failure = models.CharField(_("failure"), max_length=200, blank=True)

    class Meta:
        db_table = "alertmanager_state"
        verbose_name = _("state of Alertmanager")
        verbose_name_plural = _("state of Alertmanager")
        constraints = [
            models.CheckConstraint(name="alertmanager_state_one_row", condition=Q(id=1)),
            models.CheckConstraint(
                name="alertmanager_state_fails_with_a_reason",
                condition=Q(failing_since=None, failure="")
                | (Q(failing_since__isnull=False) & ~Q(failure="")),
            ),
        ]

    def __str__(self) -> str:
        return self.failure or str(_("reachable"))
