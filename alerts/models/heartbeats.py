"""When each process was last known to live."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Heartbeat(models.Model):
    """One process, or one queue's workers, and when it last gave a sign of life."""

    name = models.CharField(_("process"), max_length=60, unique=True)
    seen_at = models.DateTimeField(_("last sign of life"))

    class Meta:
        db_table = "heartbeats"
        ordering = ["name"]
        verbose_name = _("heartbeat")
        verbose_name_plural = _("heartbeats")

    def __str__(self) -> str:
        return self.name
