"""Times that run: written by the server, kept true by a few lines of JavaScript.

Both write the same words; the browser gets them from `words`.
"""

from datetime import datetime, timedelta
from typing import Final

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from odds import figures

SOON: Final = timedelta(hours=1)
IN_DAYS: Final = timedelta(hours=48)


def words() -> dict[str, str]:
    """What the browser writes times with, a number in the place of %(number)d."""
    return {
        "moment": _("< 1 min"),
        "minutes": _("%(number)d min"),
        "hours": _("%(number)d h"),
        "days": _("%(number)d d"),
        "hoursAndMinutes": _("%(hours)d h %(minutes)s"),
        "in": _("in %(time)s"),
        "ago": _("%(time)s ago"),
        "begun": _("kicked off"),
    }


def countdown(kick_off: datetime, now: datetime) -> SafeString:
    """How long until kick-off, to the minute on the last two days: `in 5 h 20`, red below 1 h."""
    left = kick_off - now
    css = "mp-countdown is-soon" if left < SOON else "mp-countdown"
    return format_html(
        '<time class="{}" datetime="{}" data-countdown>{}</time>',
        css,
        kick_off.isoformat(),
        _until(left, now),
    )


def price_age(seen_at: datetime, now: datetime, *, old: timedelta) -> SafeString:
    """How long ago a price was seen; orange where it is too old to trust."""
    css = "mp-age is-old" if now - seen_at > old else "mp-age"
    return format_html(
        '<time class="{}" datetime="{}" data-age data-old-after="{}">{}</time>',
        css,
        seen_at.isoformat(),
        int(old.total_seconds()),
        figures.ago(seen_at, now),
    )


def _until(left: timedelta, now: datetime) -> str:
    if left <= timedelta(0):
        return _("kicked off")
    if SOON <= left < IN_DAYS:
        hours, minutes = divmod(int(left.total_seconds()) // 60, 60)
        length = _("%(hours)d h %(minutes)s") % {"hours": hours, "minutes": f"{minutes:02d}"}
    else:
        length = figures.age(now, now + left)
    return _("in %(time)s") % {"time": length}
