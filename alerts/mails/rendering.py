"""Laying letters out: one template as HTML, one as text, in the reader's language and zone."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Final

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone, translation

from alerts.mails.letters import Letter, Tone
from alerts.models import NotificationSettings

# Text on white keeps a contrast of at least 4.5 to 1.
COLOURS: Final = {
    Tone.BRAND: {"strong": "#6d28d9", "soft": "#f3eefe"},
    Tone.GOOD: {"strong": "#15803d", "soft": "#e9f7ee"},
    Tone.WARNING: {"strong": "#b45309", "soft": "#fdf3e3"},
    Tone.BAD: {"strong": "#b91c1c", "soft": "#fdecec"},
}


@contextmanager
def for_readers(chosen: NotificationSettings) -> Iterator[None]:
    """Words in the language of the mails, times in the zone of the pages."""
    with translation.override(chosen.language), timezone.override(timezone.get_default_timezone()):
        yield


def render(letter: Letter, *, now: datetime) -> tuple[str, str]:
    """A letter as text and as HTML, in the language that is active."""
    context = {
        "letter": letter,
        "cards": [(card, COLOURS[card.tone]) for card in letter.cards],
        "colour": COLOURS[letter.tone],
        "language": translation.get_language(),
        "zone": settings.TIME_ZONE,
        "now": now,
    }
    text = render_to_string("alerts/mail/letter.txt", context)
    return text.strip() + "\n", render_to_string("alerts/mail/letter.html", context)
