"""Mails: the outbox, in which each is a row until it is sent, and afterwards."""

import hashlib
from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class MailQuerySet(models.QuerySet["Mail"]):
    """Words for mails."""

    def due(self, now: datetime) -> Self:
        """Waiting, and not to be tried later than now."""
        return self.filter(status=Mail.Status.WAITING, due_at__lte=now)

    def waiting(self) -> Self:
        """Neither sent nor given up."""
        return self.filter(status__in=[Mail.Status.WAITING, Mail.Status.SENDING])

    def failed(self) -> Self:
        """Refused for good, or perhaps lost: somebody must look."""
        return self.filter(status__in=[Mail.Status.FAILED, Mail.Status.IN_DOUBT])


class Mail(models.Model):
    """One mail, known by a key under which it is posted once, ever.

    It holds no address: to whom and from whom is in the environment when it is sent. `claim`
    numbers the attempts, so that a sender who was taken for dead cannot go on with one that
    another has taken over.
    """

    class Severity(models.TextChoices):
        CRITICAL = "critical", _("Critical")
        WARNING = "warning", _("Warning")
        INFO = "info", _("Information")

    class Status(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        SENDING = "sending", _("Being sent")
        HANDED_OVER = "handed_over", _("Being handed over")
        SENT = "sent", _("Sent")
        IN_DOUBT = "in_doubt", _("In doubt")
        FAILED = "failed", _("Refused")

    key = models.CharField(_("key"), max_length=200, unique=True)
    severity = models.CharField(_("severity"), max_length=8, choices=Severity)
    subject = models.CharField(_("subject"), max_length=200)
    text = models.TextField(_("text"))
    html = models.TextField(_("HTML"), blank=True)
    status = models.CharField(_("status"), max_length=11, choices=Status, default=Status.WAITING)
    created_at = models.DateTimeField(_("posted"))
    due_at = models.DateTimeField(_("next attempt"))
    claim = models.PositiveIntegerField(_("attempts"), default=0)
    claimed_at = models.DateTimeField(_("last attempt"), null=True, blank=True)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    failure = models.CharField(_("failure"), max_length=300, blank=True)

    objects = MailQuerySet.as_manager()

    class Meta:
        db_table = "notifications"
        ordering = [F("created_at").desc(), "-id"]
        verbose_name = _("mail")
        verbose_name_plural = _("mails")
        indexes = [
            # The list, newest first.
            models.Index(fields=["-created_at", "-id"], name="notifications_newest"),
            # What a sweep looks for: the few that are not sent yet, or need a look.
            models.Index(
                "status", "due_at", condition=~Q(status="sent"), name="notifications_unsent"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="notifications_sent_with_its_time",
                condition=Q(status="sent", sent_at__isnull=False)
                | (~Q(status="sent") & Q(sent_at=None)),
            ),
            models.CheckConstraint(
                name="notifications_claimed_with_its_time",
                condition=Q(status="waiting") | Q(claimed_at__isnull=False, claim__gt=0),
            ),
            models.CheckConstraint(
                name="notifications_failed_with_its_reason",
                condition=~Q(status__in=["failed", "in_doubt"]) | ~Q(failure=""),
            ),
        ]

    def __str__(self) -> str:
        return self.subject

    @property
    def message_id(self) -> str:
        """What every transmission of this mail is known by, and no other installation's."""
        known_by = f"{self.key}\n{self.created_at.timestamp():.6f}"
        return f"<{hashlib.sha256(known_by.encode()).hexdigest()[:40]}@monps>"
