"""Counters of things that happened, summed once and for all."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class CountedTotal(models.Model):
    """How much of one kind happened in one sport before an instant.

    What happened from that instant on is counted when the metrics are read; so a counter costs as
    much after years as on its second day. All rows of one counter have the same instant.
    """

    class Counter(models.TextChoices):
        QUOTES = "quotes", _("Quotes stored")
        OPPORTUNITIES = "opportunities", _("Opportunities detected")

    counter = models.CharField(_("counter"), max_length=13, choices=Counter)
    sport_id = models.PositiveSmallIntegerField(_("sport"))
    total = models.PositiveBigIntegerField(_("total"))
    counted_until = models.DateTimeField(_("counted until"))

    class Meta:
        db_table = "counted_totals"
        ordering = ["counter", "sport_id"]
        verbose_name = _("counted total")
        verbose_name_plural = _("counted totals")
        constraints = [
            models.UniqueConstraint("counter", "sport_id", name="counted_totals_once"),
        ]

    def __str__(self) -> str:
        return f"{self.counter} {self.sport_id}"
