"""The calendar feed of planned closing captures, and the token that opens it and nothing else."""

from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import blake2s
from typing import Final

from django.contrib.auth.models import User
from django.core.signing import Signer
from django.utils.crypto import constant_time_compare
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from monps.budget import text
from odds.planner.plans import Plan, PlannedCall
from odds.planner.situation import Kind

PERMISSION: Final = "odds.view_collection"
OCTETS_A_LINE: Final = 75  # RFC 5545, 3.1, the line's end left aside
REFRESHED: Final = "PT1H"


def token_of(user: User) -> str:
    """What stands in the feed's address: it reads this feed only, until the password changes.

    It is derived, not stored: from SECRET_KEY, the user's id and the hash of the password.
    """
    return f"{user.pk}.{_signature(user)}"


def reader(token: str) -> User | None:
    """The active user whose token this is and who may see calls; None for any other token."""
    number = token.partition(".")[0]
    is_number = number.isascii() and number.isdigit() and len(number) < 10
    user = User.objects.filter(pk=number, is_active=True).first() if is_number else None
    if user is None or not constant_time_compare(token, token_of(user)):
        return None
    return user if user.has_perm(PERMISSION) else None


def _signature(user: User) -> str:
    return Signer(salt="monps.budget_feed").signature(f"{user.pk}:{user.get_session_auth_hash()}")


def calendar(plan: Plan | None, *, now: datetime, titles: dict[str, str]) -> str:
    """The planned closing captures as an iCalendar object (RFC 5545).

    A capture keeps its identifier while its earliest match is the same, so a calendar moves it
    where the kick-off moved. An event lasts as long as the call may be tried.

    Args:
        plan: Whose closing calls; None while none is in force.
        now: The current instant.
        titles: The sports' names by their keys.
    """
    name = _("MON_PS: closing captures")
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:-//MON_PS//Budget API//{(get_language() or 'en').upper()}",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{_text(name)}",
        f"REFRESH-INTERVAL;VALUE=DURATION:{REFRESHED}",
        f"X-PUBLISHED-TTL:{REFRESHED}",
    ]
    for call in plan.calls if plan else ():
        if call.kind == Kind.CLOSING:
            lines += _event(call, made_at=now, titles=titles)
    lines.append("END:VCALENDAR")
    return "".join(f"{folded}\r\n" for line in lines for folded in _folded(line))


def _event(call: PlannedCall, *, made_at: datetime, titles: dict[str, str]) -> list[str]:
    title = titles.get(call.sport, call.sport)
    summary = _("Closing odds: %(sport)s") % {"sport": title}
    cost = text.credits_label(call.cost)
    ends = [f"DTEND:{_instant(call.until)}"] if call.until > call.at else []
    return [
        "BEGIN:VEVENT",
        f"UID:{_identifier(call)}",
        f"DTSTAMP:{_instant(made_at)}",
        f"DTSTART:{_instant(call.at)}",
        *ends,
        f"SUMMARY:{_text(f'{summary} ({cost})')}",
        f"DESCRIPTION:{_text(text.reason(call, titles))}",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
    ]


def _identifier(call: PlannedCall) -> str:
    """Of the sport and the slot's first match, whatever characters the provider uses."""
    key = f"{call.sport}\n{call.match_ids[0] if call.match_ids else call.at.isoformat()}"
    return f"closing-{blake2s(key.encode(), digest_size=16).hexdigest()}@monps"


def _instant(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _text(value: str) -> str:
    """A value of type TEXT: four characters are escaped (RFC 5545, 3.3.11)."""
    for plain, escaped in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\n", "\\n")):
        value = value.replace(plain, escaped)
    return value.replace("\r", "")


def _folded(line: str) -> Iterator[str]:
    """A content line in pieces of at most 75 octets, no character cut in two; the rest indented."""
    piece, room = "", OCTETS_A_LINE
    for character in line:
        size = len(character.encode())
        if size > room:
            yield piece
            piece, room = " ", OCTETS_A_LINE - 1
        piece, room = piece + character, room - size
    yield piece
