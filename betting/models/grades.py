"""How a price compared with the closing line: the columns of everything that is graded."""

from typing import Any, Final

from django.db import models
from django.utils.translation import gettext_lazy as _


class ClvStatus(models.TextChoices):
    """Whether a closing line could grade the price; only `graded` counts in a verdict."""

    PENDING = "pending", _("Before kick-off")
    GRADED = "graded", _("Graded")
    EARLY = "early", _("Last seen too early")
    LINE_MOVED = "line_moved", _("Line moved away")
    MISSING = "missing", _("No closing line")


class Graded(models.Model):
    """A price taken at some moment, held against the closing line.

    `clv_pct` compares with the reference's closing odds as offered, `clv_fair_pct` with its
    closing odds without margin; positive is good, both in percent. `clv_reference` names who
    graded: never the reference that selected the price, nor the bookmaker that offered it.
    """

    clv_status = models.CharField(
        _("CLV status"), max_length=10, choices=ClvStatus, default=ClvStatus.PENDING
    )
    clv_reference = models.CharField(
        _("graded by"),
        max_length=60,
        blank=True,
        help_text=_("Whose closing line: a bookmaker's key, or consensus."),
    )
    closing_odds = models.DecimalField(
        _("closing odds"), max_digits=8, decimal_places=3, null=True, blank=True
    )
    closing_probability = models.FloatField(_("closing fair probability"), null=True, blank=True)
    closing_minutes = models.FloatField(
        _("minutes before kick-off"),
        null=True,
        blank=True,
        help_text=_("When the closing line was last seen."),
    )
    clv_pct = models.FloatField(_("raw CLV (%)"), null=True, blank=True)
    clv_fair_pct = models.FloatField(_("CLV (%)"), null=True, blank=True)
    graded_at = models.DateTimeField(_("graded"), null=True, blank=True)

    class Meta:
        abstract = True


def graded_models() -> list[Any]:
    """Every model of prices that closing lines grade, also those of apps above this one."""
    return Graded.__subclasses__()


# What a row's grade is taken back to.
UNGRADED: Final[dict[str, Any]] = {
    "clv_status": ClvStatus.PENDING,
    "clv_reference": "",
    "closing_odds": None,
    "closing_probability": None,
    "closing_minutes": None,
    "clv_pct": None,
    "clv_fair_pct": None,
    "graded_at": None,
}
