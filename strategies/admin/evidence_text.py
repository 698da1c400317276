"""What evidence names, in the user's language: segments, their bands, and changed parameters."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.utils.formats import get_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from odds.models import Bookmaker, Market, Sport
from strategies.admin.parameter_form import parameter_text
from strategies.registry import Agent

BANDS: Final = (
    (re.compile(r"below (?P<high>-?[\d.]+)"), gettext_noop("below %(high)s")),
    (re.compile(r"(?P<low>-?[\d.]+) to (?P<high>-?[\d.]+)"), gettext_noop("%(low)s to %(high)s")),
    (re.compile(r"(?P<low>-?[\d.]+) or more"), gettext_noop("%(low)s or more")),
)
DIMENSIONS: Final[dict[str, str | Promise]] = {
    "league": gettext_lazy("League"),
    "odds": gettext_lazy("Odds"),
    "bookmaker": gettext_lazy("Bookmaker"),
    "hours_to_kickoff": gettext_lazy("Hours before kick-off"),
    "market": gettext_lazy("Market"),
    "edge_pct": gettext_lazy("Claimed edge (%)"),
}


def band(value: str) -> str:
    """A band as evidence names it, `1.5 to 2`; any other value as it is."""
    for form, words in BANDS:
        if found := form.fullmatch(value):
            return _(words) % {name: _number(text) for name, text in found.groupdict().items()}
    return value


def changed(words: str, agent: Agent) -> str:
    """A change such as `minimum_odds = 2` by the parameter's name; any other words as they are."""
    name, is_one, value = words.partition(" = ")
    return f"{parameter_text(agent, name).label} = {_number(value)}" if is_one else words


def named(segments: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The rows of evidence with what they are cut by, and their own names, for people."""
    markets = dict(Market.choices)
    titles = {
        "league": dict(Sport.objects.values_list("key", "title")),
        "bookmaker": dict(Bookmaker.objects.values_list("key", "title")),
        "market": {key: str(label) for key, label in markets.items()},
    }
    return [
        {
            **row,
            "name": titles.get(row["dimension"], {}).get(row["value"]) or band(row["value"]),
            "cut_by": DIMENSIONS.get(row["dimension"], row["dimension"]),
        }
        for row in segments
    ]


def _number(text: str) -> str:
    """With the language's decimal mark and a real minus."""
    shown = re.sub(r"(?<=\d)\.(?=\d)", get_format("DECIMAL_SEPARATOR"), text)
    return re.sub(r"^-(?=\d)", "−", shown)
