"""Fields of the betting forms: numbers, selections, bookmakers, matches."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelect
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from betting.models import OUTCOMES, Bet, BetMarket, Outcome
from odds.models import Bookmaker, Match


class NumberWidget(UnfoldAdminTextInputWidget):
    """A number that the browser shows and reads in the user's language."""

    input_type = "number"


def number_field(label: Any, *, places: int, step: str, **given: Any) -> forms.DecimalField:
    """A decimal with the steps of its arrows."""
    widget = NumberWidget({"step": step, "inputmode": "decimal"})
    return forms.DecimalField(label=label, decimal_places=places, widget=widget, **given)


def wagers() -> list[tuple[str, list[tuple[str, str]]]]:
    """Every outcome under its market; the value names both."""
    labels = dict(Outcome.choices)
    return [
        (
            str(market.label),
            [(f"{market.value}:{one}", str(labels[str(one)])) for one in OUTCOMES[market]],
        )
        for market in BetMarket
    ]


class BookmakerField(forms.ModelChoiceField):  # type: ignore[type-arg]  # no subscript at run time
    """Those the user can bet with come first, and say so."""

    def __init__(self, **given: Any) -> None:
        """All bookmakers that take bets."""
        placing = Bookmaker.objects.exclude(kind=Bookmaker.Kind.AGGREGATE)
        super().__init__(
            placing.order_by("-is_playable", "title"), widget=UnfoldAdminSelectWidget(), **given
        )

    def label_from_instance(self, obj: Bookmaker) -> str:
        """The title, with the star of the playable ones."""
        return f"{obj.title} ★" if obj.is_playable else obj.title


class MatchField(forms.ModelChoiceField):  # type: ignore[type-arg]  # no subscript at run time
    """A match found by typing a part of a team's name."""

    def __init__(self, **given: Any) -> None:
        """The search is the list of matches' own."""
        widget = AutocompleteSelect(
            Bet._meta.get_field("match"),
            admin.site,
            attrs={"data-theme": "admin-autocomplete"},
        )
        super().__init__(Match.objects.select_related("sport"), widget=widget, **given)
