"""What is asked of a backtest: whom, where, when, at what costs."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from django import forms
from django.db.models import Model
from django.utils.translation import gettext as _
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget, UnfoldAdminSingleDateWidget

from betting.admin.form_fields import NumberWidget
from odds import figures
from odds.models import Market
from strategies.admin import competitions
from strategies.admin.competitions import Competition
from strategies.admin.parameter_form import ParametersForm
from strategies.models import Backtest
from strategies.registry import Agent

MARKETS: Final = [Market.H2H, Market.TOTALS, Market.SPREADS]
NUMBERS: Final = (
    "earliest_hours",
    "latest_minutes",
    "commission",
    "delay_minutes",
    "haircut",
    "kelly_fraction",
    "holdout",
)


class BacktestForm(ParametersForm):
    """The parameters, and the conditions they are tried under."""

    def __init__(
        self,
        agent: Agent,
        known: Sequence[Competition],
        *given: Any,
        today: date,
        like: Mapping[str, Any] | None = None,
        **more: Any,
    ) -> None:
        """With what is stored to choose from; `like` fills it with another backtest's."""
        super().__init__(agent, *given, **more)
        self.fields["sport_keys"] = competitions.field_of(known)
        self.fields["markets"] = forms.MultipleChoiceField(
            label=_("Markets"),
            choices=[(one.value, one.label) for one in MARKETS],
            initial=[one.value for one in MARKETS],
            widget=UnfoldAdminCheckboxSelectMultipleWidget(),
            error_messages={"required": _("Choose at least one market.")},
        )
        first = min((one.first for one in known), default=today)
        last = max((one.last for one in known), default=today)
        self.fields["since"] = _day(_("First day"), first)
        self.fields["until"] = _day(_("Last day"), last)
        for name in NUMBERS:
            self.fields[name] = _number(name)
        for name, value in (like or {}).items():
            self.fields[name].initial = value

    @property
    def window_fields(self) -> list[forms.BoundField]:
        """How long before kick-off it is asked."""
        return [self["earliest_hours"], self["latest_minutes"]]

    @property
    def cost_fields(self) -> list[forms.BoundField]:
        """What keeps prices from being obtained as seen."""
        return [self["commission"], self["delay_minutes"], self["haircut"]]

    @property
    def judging_fields(self) -> list[forms.BoundField]:
        """What is shown beside flat stakes, and what is held out."""
        return [self["kelly_fraction"], self["holdout"]]

    def clean(self) -> dict[str, Any]:
        """A period must begin before it ends, and so must the window."""
        found = super().clean()
        since, until = found.get("since"), found.get("until")
        if since and until and until < since:
            self.add_error("until", _("It ends before it begins."))
        earliest, latest = found.get("earliest_hours"), found.get("latest_minutes")
        if earliest is not None and latest is not None and earliest * 60 <= latest:
            self.add_error("latest_minutes", _("The window ends before it begins."))
        return found

    def conditions(self) -> dict[str, Any]:
        """Everything of a valid form but the parameters, by the names of the model."""
        names = ("sport_keys", "markets", "since", "until", *NUMBERS)
        return {name: self.cleaned_data[name] for name in names}


def conditions_of(backtest: Backtest) -> dict[str, Any]:
    """What another backtest was asked under."""
    names = ("sport_keys", "markets", "since", "until", *NUMBERS)
    return {name: getattr(backtest, name) for name in names}


def _day(label: str, initial: date) -> forms.DateField:
    return forms.DateField(label=label, initial=initial, widget=UnfoldAdminSingleDateWidget())


def _number(name: str) -> forms.FloatField:
    """A field as the model has it: its label, its default, its range."""
    model: type[Model] = Backtest
    known: Any = model._meta.get_field(name)
    low, high = (validator.limit_value for validator in known.validators[-2:])
    bounds = _("%(low)s to %(high)s.") % {"low": figures.plain(low), "high": figures.plain(high)}
    label = str(known.verbose_name)
    return forms.FloatField(
        label=label[:1].upper() + label[1:],
        help_text=known.help_text or bounds,
        initial=known.default,
        min_value=low,
        max_value=high,
        widget=NumberWidget({"step": "any", "inputmode": "decimal"}),
    )
