"""Competitions that can be replayed: how many matches each has, and from when to when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from django import forms
from django.db.models import Count, Max, Min
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from odds import figures
from odds.models import Match
from strategies.days import month
from strategies.replay.reading import IMPORTED


@dataclass(frozen=True, slots=True, kw_only=True)
class Competition:
    """One competition's matches that have kicked off; days are UTC."""

    key: str
    title: str
    matches: int
    first: date
    last: date

    @property
    def label(self) -> str:
        """Its title, how many matches, and their period."""
        number = ngettext("%(number)s match", "%(number)s matches", self.matches) % {
            "number": figures.whole(self.matches)
        }
        return _("%(title)s – %(matches)s, %(first)s to %(last)s") % {
            "title": self.title,
            "matches": number,
            "first": month(self.first),
            "last": month(self.last),
        }


def read(*, now: datetime, is_imported: bool = False) -> list[Competition]:
    """Those with matches before now, by title; one pass over the matches, on forms alone.

    Args:
        now: The current instant.
        is_imported: Only matches that football-data.co.uk alone knows.
    """
    begins = {"provider_id__startswith": IMPORTED} if is_imported else {}
    rows = (
        Match.objects.filter(commence_time__lt=now, **begins)
        .order_by()
        .values("sport__key", "sport__title")
        .annotate(number=Count("pk"), first=Min("commence_time"), last=Max("commence_time"))
        .order_by("sport__title")
    )
    return [
        Competition(
            key=row["sport__key"],
            title=row["sport__title"],
            matches=row["number"],
            first=row["first"].astimezone(UTC).date(),
            last=row["last"].astimezone(UTC).date(),
        )
        for row in rows
    ]


def field_of(competitions: Sequence[Competition]) -> forms.MultipleChoiceField:
    """All of them to choose from, all chosen at first."""
    return forms.MultipleChoiceField(
        label=_("Competitions"),
        choices=[(one.key, one.label) for one in competitions],
        initial=[one.key for one in competitions],
        widget=UnfoldAdminCheckboxSelectMultipleWidget(),
        error_messages={"required": _("Choose at least one competition.")},
    )
