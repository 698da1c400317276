"""Words of analysts in the language of whoever reads them; nothing of Django.

Sentences are written once, when something is found, and kept. Whoever asks hands over how a
sentence is translated; nothing is, unless he does.
"""

from collections.abc import Callable, Iterable

from strategies.learning.proposal import ParameterChange
from strategies.learning.segments import BOOKMAKER, EDGE, HOURS, LEAGUE, MARKET, ODDS, Segment

Translate = Callable[[str], str]


def named(segment: Segment, gettext: Translate) -> str:
    """A segment for people, such as `odds 2 to 3`."""
    return f"{_dimension(segment.dimension, gettext)} {_value(segment, gettext)}"


def in_words(changes: Iterable[ParameterChange], gettext: Translate) -> str:
    """Parameters by name, as they are to be set."""
    both = gettext(" and ")
    return both.join(f"{each.name} = {each.value:g}" for each in changes)


def _dimension(name: str, gettext: Translate) -> str:
    names = {
        LEAGUE: gettext("league"),
        ODDS: gettext("odds"),
        BOOKMAKER: gettext("bookmaker"),
        HOURS: gettext("hours to kick-off"),
        MARKET: gettext("market"),
        EDGE: gettext("claimed edge (%)"),
    }
    return names.get(name, name)


def _value(segment: Segment, gettext: Translate) -> str:
    if segment.low is None and segment.high is None:
        return segment.value
    if segment.low is None:
        return gettext("below %(high)g") % {"high": segment.high}
    if segment.high is None:
        return gettext("%(low)g or more") % {"low": segment.low}
    return gettext("%(low)g to %(high)g") % {"low": segment.low, "high": segment.high}
