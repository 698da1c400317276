"""How numbers and times are written for people: in their language, undefined as a dash."""

from datetime import datetime, timedelta
from decimal import Decimal

from django.utils.formats import date_format, number_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

UNDEFINED = "–"


def age(since: datetime | None, now: datetime) -> str:
    """How long ago, in one unit: `3 min`, `5 h`, `4 d`; a dash where there is no instant."""
    return UNDEFINED if since is None else _duration(max(now - since, timedelta(0)))


def ago(since: datetime | None, now: datetime) -> str:
    """The age as a sentence part: `3 min ago`."""
    return UNDEFINED if since is None else _("%(time)s ago") % {"time": age(since, now)}


def away(when: datetime | None, now: datetime) -> str:
    """How far off an instant is, before or behind: `in 5 h`, `3 min ago`."""
    if when is None or when <= now:
        return ago(when, now)
    return _("in %(time)s") % {"time": _duration(when - now)}


def moment(when: datetime | None) -> str:
    """Date and time in the user's zone: `21 Nov 2026, 13:05`."""
    if when is None:
        return UNDEFINED
    # Translators: a date and time in Django's format letters.
    return date_format(localtime(when), _("j M Y, H:i"))


def near_moment(when: datetime) -> str:
    """A moment of these days, where the year goes without saying: `21 Nov, 13:05`."""
    # Translators: a date and time without the year, in Django's format letters.
    return date_format(localtime(when), _("j M, H:i"))


def _duration(length: timedelta) -> str:
    minutes = int(length.total_seconds() // 60)
    if minutes < 1:
        return _("< 1 min")
    if minutes < 60:
        return _("%(number)d min") % {"number": minutes}
    if minutes < 48 * 60:
        return _("%(number)d h") % {"number": minutes // 60}
    return _("%(number)d d") % {"number": minutes // (24 * 60)}


def decimal_odds(odds: Decimal | float | None) -> str:
    """Odds as offered, with a third place where it says something; computed ones with two."""
    if odds is None:
        return UNDEFINED
    thousandths = round(odds * 1000)
    is_fine = isinstance(odds, Decimal) and thousandths % 10 != 0
    return str(number_format(_rounded(float(odds), 3 if is_fine else 2), 3 if is_fine else 2))


def percent(value: float | None, decimals: int = 1) -> str:
    """A number that is already in percent: `15.0%`, in French `15,0 %`."""
    if value is None:
        return UNDEFINED
    return _("%(number)s%%") % {"number": number_format(_rounded(value, decimals), decimals)}


def signed_percent(value: float | None, decimals: int = 1) -> str:
    """A percentage that may be a gain or a loss: `+3.5%`, `−2.0%`."""
    if value is None:
        return UNDEFINED
    size = percent(abs(value), decimals)
    rounded = _rounded(value, decimals)
    return size if not rounded else f"{'+' if rounded > 0 else '−'}{size}"


def share(value: float | None, decimals: int = 1) -> str:
    """A probability or another share of 1, as a percentage."""
    return percent(None if value is None else value * 100, decimals)


def signed_line(line: Decimal) -> str:
    """A handicap: `+0.5`, `−1`, `0`."""
    size = plain_line(abs(line))
    return size if not line else f"{'+' if line > 0 else '−'}{size}"


def plain_line(line: Decimal) -> str:
    """A goals line without needless zeros: `2.5`, `3`."""
    return str(number_format(Decimal(f"{line.normalize():f}")))


def plain(value: float | None) -> str:
    """A setting or parameter without needless zeros: `3.5`, in French `3,5`."""
    return UNDEFINED if value is None else str(number_format(Decimal(f"{value:g}")))


def whole(value: int | None) -> str:
    """A count with its thousands apart."""
    return UNDEFINED if value is None else str(number_format(value, 0, force_grouping=True))


def _rounded(value: float, decimals: int) -> Decimal:
    return round(Decimal(repr(float(value))), decimals)
