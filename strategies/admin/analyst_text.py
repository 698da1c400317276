"""What the statistical analyst and the held-out matches say, in the user's language.

They speak English, as the API does, and what they said is kept word for word. Here a sentence is
recognised by its form and said again; one that is not known, such as a language model's, stays.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any, Final

from django.utils.formats import get_format
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, gettext_noop
from django.utils.translation import gettext as _

from odds.models import Bookmaker, Market, Sport
from strategies.admin.parameter_form import parameter_text
from strategies.registry import Agent

SENTENCES: Final = (
    # The analyst's.
    gettext_noop("None of the %(tested)s segments tested loses to the closing line beyond chance."),
    gettext_noop(
        "No segment has %(fewest)s graded matches yet; of all predictions %(graded)s matches are "
        "graded."
    ),
    gettext_noop("Every band of edges loses (%(segments)s): no threshold would help."),
    gettext_noop("What loses beyond chance (%(segments)s) is what no parameter leaves out."),
    gettext_noop(
        "%(changes)s would leave out what loses beyond chance (%(segments)s), but what is left is "
        "not better beyond chance."
    ),
    gettext_noop("%(changes)s was refused before: %(sentence)s"),
    gettext_noop("Some prices lose to the closing line: %(segments)s."),
    gettext_noop(
        "%(changes)s leaves out what loses beyond chance: %(segments)s. Of %(tested)s segments "
        "tested on %(graded)s graded matches, allowing for their number (Benjamini-Hochberg). "
        "What is left is better beyond chance, too (p %(chance)s). The gain is that of the same "
        "predictions, so the truth is likely to be less."
    ),
    gettext_noop("OPENAI_API_KEY is not set, so statistics looked at the record."),
    # The held-out matches'.
    gettext_noop(
        "It cannot be judged on %(matches)s held-out matches; %(fewest)s are needed."
    ),
    gettext_noop("It would have predicted nothing on %(matches)s held-out matches."),
    gettext_noop("It would have changed nothing on %(matches)s held-out matches."),
    gettext_noop(
        "It cannot be judged: it differs by the same %(gain)s points of fair CLV on each of "
        "%(matches)s held-out matches, which says nothing of chance."
    ),
    gettext_noop("It stood: %(figures)s."),
    gettext_noop("It did not stand: %(figures)s, which is not above 0."),
)  # fmt: skip
FIGURES: Final = gettext_noop(
    "on %(matches)s held-out matches it gained %(gain)s points of fair CLV a match (%(before)s "
    "predictions before, %(after)s after), with %(confidence)s %% confidence at least %(low)s"
)
SEGMENT: Final = gettext_noop(
    "%(dimension)s %(value)s: CLV %(clv)s %% on %(matches)s matches, adjusted p %(chance)s"
)
BANDS: Final = (
    gettext_noop("below %(high)s"),
    gettext_noop("%(low)s to %(high)s"),
    gettext_noop("%(low)s or more"),
)
DIMENSIONS: Final[dict[str, str | Promise]] = {
    "league": gettext_lazy("League"),
    "odds": gettext_lazy("Odds"),
    "bookmaker": gettext_lazy("Bookmaker"),
    "hours_to_kickoff": gettext_lazy("Hours before kick-off"),
    "market": gettext_lazy("Market"),
    "edge_pct": gettext_lazy("Claimed edge (%)"),
}


def said(sentence: str, agent: Agent) -> str:
    """A stored sentence, in the user's language where it is one of theirs."""
    if str(get_language()).startswith("en"):
        return sentence
    readers = _readers(agent)
    for template in SENTENCES:
        found = _pattern(template).fullmatch(sentence)
        if found:
            return _again(template, found.groupdict(), readers)
    return sentence


def band(value: str) -> str:
    """A band as evidence names it, `1.5 to 2`; any other value as it is."""
    for template in BANDS:
        found = _pattern(template, field=r"-?[\d.]+").fullmatch(value)
        if found:
            return _again(template, found.groupdict(), {})
    return value


def changed(words: str, agent: Agent) -> str:
    """Changes such as `minimum_odds = 2 and maximum_odds = 5`, by the parameters' names."""
    return _(" and ").join(_change(one, agent) for one in words.split(" and "))


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


def _change(words: str, agent: Agent) -> str:
    name, is_one, value = words.partition(" = ")
    return f"{parameter_text(agent, name).label} = {_number(value)}" if is_one else words


def _readers(agent: Agent) -> Mapping[str, Callable[[str], str]]:
    """How a part of a sentence is said, where it is more than a number."""
    return {
        "changes": lambda words: changed(words, agent),
        "sentence": lambda words: said(words, agent),
        "segments": lambda words: _("; ").join(map(_segment, words.split("; "))),
        "figures": lambda words: _form(FIGURES, words),
    }


def _segment(words: str) -> str:
    names = {"dimension": lambda name: str(DIMENSIONS.get(name, name)), "value": band}
    return _form(SEGMENT, words, names)


def _form(
    template: str, words: str, readers: Mapping[str, Callable[[str], str]] | None = None
) -> str:
    found = _pattern(template).fullmatch(words)
    return _again(template, found.groupdict(), readers or {}) if found else words


def _again(
    template: str, parts: Mapping[str, str], readers: Mapping[str, Callable[[str], str]]
) -> str:
    """The translated form, filled with the parts as they are said in the language."""
    return _(template) % {name: readers.get(name, _number)(part) for name, part in parts.items()}


def _number(text: str) -> str:
    """With the language's decimal mark and a real minus."""
    shown = re.sub(r"(?<=\d)\.(?=\d)", get_format("DECIMAL_SEPARATOR"), text)
    return re.sub(r"^-(?=\d)", "−", shown)


@cache
def _pattern(template: str, field: str = ".+?") -> re.Pattern[str]:
    """What a form looks like once it is filled."""
    parts = re.split(r"%\((\w+)\)s", template)
    literal = [re.escape(part.replace("%%", "%")) for part in parts[::2]]
    named = [f"(?P<{name}>{field})" for name in parts[1::2]]
    return re.compile("".join(a + b for a, b in zip(literal, [*named, ""], strict=True)))
