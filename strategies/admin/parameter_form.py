"""Forms of an agent's parameters: a number each, with its range and what it means."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _

from betting.admin.form_fields import NumberWidget
from odds import figures
from strategies.models import Strategy
from strategies.parameters import ParametersError, Range, as_mapping, parse, ranges
from strategies.registry import Agent
from strategies.texts import TEXTS, AgentText, ParameterText

PREFIX = "p_"  # keeps parameters apart from the other fields of a form


def text_of(agent: Agent) -> AgentText:
    """What is said about an agent; its names alone where nothing is."""
    return TEXTS.get(agent.key) or AgentText(purpose=agent.name, method="", parameters={})


def parameter_text(agent: Agent, name: str) -> ParameterText:
    """What is said about a parameter; its name alone where nothing is."""
    plain = ParameterText(label=name.replace("_", " "), explanation="")
    return text_of(agent).parameters.get(name, plain)


class ParametersForm(forms.Form):
    """Every parameter of one agent; `cleaned` are those that were accepted, all of them."""

    def __init__(self, agent: Agent, *given: Any, values: dict[str, float], **more: Any) -> None:
        """With a field for each parameter, filled with these values."""
        super().__init__(*given, **more)
        self.agent = agent
        self.cleaned: dict[str, float] = {}
        for name, allowed in ranges(agent.parameters).items():
            self.fields[PREFIX + name] = _field(agent, name, allowed, values[name])

    @property
    def parameter_fields(self) -> list[forms.BoundField]:
        """The fields, for the page."""
        return [self[name] for name in self.fields if name.startswith(PREFIX)]

    def clean(self) -> dict[str, Any]:
        """Hold them against the agent's own rules."""
        found: dict[str, Any] = super().clean() or self.cleaned_data
        names = ranges(self.agent.parameters)
        if all(PREFIX + name in found for name in names):
            try:
                parsed = parse(self.agent.parameters, {one: found[PREFIX + one] for one in names})
                self.cleaned = as_mapping(parsed)
            except ParametersError as error:
                self.add_error(None, str(error))
        return found


def form_of(strategy: Strategy, sent: Any = None, **given: Any) -> ParametersForm:
    """The parameters of a strategy's current version, to be changed."""
    version = strategy.versions.select_related("strategy").get(is_current=True)
    return ParametersForm(strategy.rules, sent, values=version.mapping, **given)


def _field(agent: Agent, name: str, allowed: Range, value: float) -> forms.Field:
    text = parameter_text(agent, name)
    bounds = _("%(low)s to %(high)s; shipped with %(default)s.") % {
        "low": figures.plain(allowed.low),
        "high": figures.plain(allowed.high),
        "default": figures.plain(allowed.default),
    }
    widget = NumberWidget(
        {
            "step": "1" if allowed.is_whole else "any",
            "inputmode": "numeric" if allowed.is_whole else "decimal",
        }
    )
    kind = forms.IntegerField if allowed.is_whole else forms.FloatField
    return kind(
        label=str(text.label),
        help_text=f"{text.explanation} {bounds}".strip(),
        min_value=allowed.low,  # type: ignore[arg-type]  # a whole one for whole numbers
        max_value=allowed.high,  # type: ignore[arg-type]
        initial=value,
        widget=widget,
    )
