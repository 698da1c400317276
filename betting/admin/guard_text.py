"""What each guard says of a price, in one sentence with its numbers."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from betting.detection.explanation import Check, Explanation
from betting.detection.guards import Rejection
from odds import figures


@dataclass(frozen=True, slots=True, kw_only=True)
class Guard:
    """One guard; `state` is passed, failed or off."""

    title: str | Promise
    sentence: str
    state: str


def guards(told: Explanation) -> Iterator[Guard]:
    """Every guard in the order in which they are tried."""
    for check in told.checks:
        state = "off" if not check.is_on else "passed" if check.passes else "failed"
        yield Guard(
            title=TITLES[check.guard],
            sentence=SENTENCES[check.guard](check),
            state=state,
        )


def _incomplete(check: Check) -> str:
    return _("%(number)s of %(all)s outcomes offered.") % {
        "number": _whole(check.value),
        "all": _whole(check.bound),
    }


def _stale(check: Check) -> str:
    bound = {"bound": _whole(check.bound)}
    if check.value is None:
        return _("It says nothing of its own update; at most %(bound)s min are allowed.") % bound
    return _("Its own update was %(age)s min old when seen; at most %(bound)s are allowed.") % {
        "age": _whole(max(check.value, 0)),
        **bound,
    }


def _overround(check: Check) -> str:
    bounds = {
        "lowest": figures.share(check.bound),
        "highest": figures.share(check.second_bound),
    }
    if check.value is None:
        return _("No overround without every outcome; %(lowest)s to %(highest)s are sane.") % bounds
    return _("Its overround is %(value)s; %(lowest)s to %(highest)s are sane.") % {
        "value": figures.share(check.value),
        **bounds,
    }


def _few(check: Check) -> str:
    return _(
        "%(number)s bookmakers offer the outcome, at least %(bound)s are needed; %(others)s other "
        "operators quote the market soundly, at least %(operators)s are needed."
    ) % {
        "number": _whole(check.value),
        "bound": _whole(check.bound),
        "others": _whole(check.second_value),
        "operators": _whole(check.second_bound),
    }


def _too_good(check: Check) -> str:
    bound = {"bound": figures.percent(check.bound)}
    if check.value is None:
        return _("No edge without a reference; above %(bound)s it is taken for an error.") % bound
    return _("It claims %(edge)s; above %(bound)s it is taken for an error.") % {
        "edge": figures.signed_percent(check.value),
        **bound,
    }


def _lagging(check: Check) -> str:
    above = int(check.value or 0)
    moved = int(check.second_value or 0)
    first = ngettext(
        "%(number)d operator offers more than fair, ",
        "%(number)d operators offer more than fair, ",
        above,
    ) % {"number": above}
    second = ngettext(
        "and %(number)d other moved after it; refused if it is alone and %(bound)s moved.",
        "and %(number)d others moved after it; refused if it is alone and %(bound)s moved.",
        moved,
    ) % {"number": moved, "bound": _whole(check.second_bound)}
    return first + second


def _whole(value: float | None) -> str:
    return figures.UNDEFINED if value is None else str(number_format(round(value), 0))


TITLES: Final[dict[Rejection, str | Promise]] = {
    Rejection.INCOMPLETE: gettext_lazy("Every outcome is offered"),
    Rejection.STALE: gettext_lazy("The bookmaker’s feed is alive"),
    Rejection.OVERROUND: gettext_lazy("Its margin is sane"),
    Rejection.FEW_BOOKMAKERS: gettext_lazy("Enough others quote it"),
    Rejection.TOO_GOOD: gettext_lazy("Not too good to be true"),
    Rejection.LAGGING: gettext_lazy("Not left behind by the others"),
}
SENTENCES: Final[dict[Rejection, Callable[[Check], str]]] = {
    Rejection.INCOMPLETE: _incomplete,
    Rejection.STALE: _stale,
    Rejection.OVERROUND: _overround,
    Rejection.FEW_BOOKMAKERS: _few,
    Rejection.TOO_GOOD: _too_good,
    Rejection.LAGGING: _lagging,
}
