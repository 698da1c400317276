"""One dump of the database: when, how large, what it held, and whether it could be restored."""

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class BackupQuerySet(models.QuerySet["Backup"]):
    """Words for backups."""

    def good(self) -> Self:
        """Finished, and the file is still in the folder."""
        return self.filter(status=Backup.Status.DONE, removed_at=None)

    def newest(self) -> "Backup | None":
        """The last one begun."""
        return self.order_by("-started_at", "-pk").first()


class Backup(models.Model):
    """A dump, as a row: what its manifest says, why it is kept, and how its restore test went.

    The folder is what counts. Rows are caught up with it, for a restored database knows only the
    backups that were made before it was dumped.
    """

    class Status(models.TextChoices):
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")

    class Kept(models.TextChoices):
        DAILY = "daily", _("Daily")
        WEEKLY = "weekly", _("Weekly")
        MONTHLY = "monthly", _("Monthly")

    file_name = models.CharField(_("file"), max_length=100, unique=True)
    status = models.CharField(_("status"), max_length=7, choices=Status, default=Status.RUNNING)
    started_at = models.DateTimeField(_("started"))
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    bytes = models.BigIntegerField(_("size"), null=True, blank=True, help_text=_("In bytes."))
    sha256 = models.CharField(_("SHA-256"), max_length=64, blank=True)
    rows = models.JSONField(
        _("rows"), default=dict, blank=True, help_text=_("Of each table, in the dumped snapshot.")
    )
    checksums = models.JSONField(
        _("checksums"),
        default=dict,
        blank=True,
        help_text=_("Of each table, if they were made."),
    )
    error = models.CharField(_("error"), max_length=500, blank=True)
    kept_as = models.CharField(_("kept as"), max_length=7, choices=Kept, blank=True)
    removed_at = models.DateTimeField(
        _("removed"), null=True, blank=True, help_text=_("Since when the file is gone.")
    )
    restore_tested_at = models.DateTimeField(_("restore tested"), null=True, blank=True)
    is_restore_ok = models.BooleanField(_("restore test passed"), null=True, blank=True)
    restore_error = models.CharField(_("restore test’s error"), max_length=500, blank=True)

    objects = BackupQuerySet.as_manager()

    class Meta:
        db_table = "backups"
        ordering = ["-started_at", "-id"]
        verbose_name = _("backup")
        verbose_name_plural = _("backups")
        # No index but the name's: a row a day, and those long gone are deleted.
        constraints = [
            models.CheckConstraint(
                name="backups_finished_with_its_time",
                condition=Q(status="running", finished_at=None)
                | Q(status__in=["done", "failed"], finished_at__isnull=False),
            ),
            models.CheckConstraint(
                name="backups_done_with_its_size_and_sum",
                condition=~Q(status="done") | (Q(bytes__gt=0) & ~Q(sha256="")),
            ),
            models.CheckConstraint(
                name="backups_failed_with_its_error", condition=~Q(status="failed") | ~Q(error="")
            ),
            models.CheckConstraint(
                name="backups_only_done_ones_are_kept_or_removed",
                condition=Q(status="done") | Q(kept_as="", removed_at=None),
            ),
            models.CheckConstraint(
                name="backups_tested_with_its_result",
                condition=Q(restore_tested_at=None, is_restore_ok=None, restore_error="")
                | Q(restore_tested_at__isnull=False, is_restore_ok=True, restore_error="")
                | (Q(restore_tested_at__isnull=False, is_restore_ok=False) & ~Q(restore_error="")),
            ),
        ]

    def __str__(self) -> str:
        return self.file_name

    def is_good(self) -> bool:
        """Whether it is finished and its file is still there."""
        return self.status == self.Status.DONE and self.removed_at is None

    def seconds(self) -> float | None:
        """How long it took."""
        finished: datetime | None = self.finished_at
        return None if finished is None else (finished - self.started_at).total_seconds()
