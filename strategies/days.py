"""Days as people write them: `24 May 2026`."""

from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _


def day(when: date) -> str:
    """A day with its year."""
    # Translators: a date in Django's format letters.
    return date_format(when, _("j M Y"))


def month(when: date) -> str:
    """A month with its year."""
    # Translators: a month in Django's format letters.
    return date_format(when, _("M Y"))


def period(first: date, last: date) -> str:
    """From one day to another."""
    return f"{day(first)} – {day(last)}"
