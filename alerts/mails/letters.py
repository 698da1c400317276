"""What a mail says, before it is laid out as HTML and as text; and the short ones.

A letter is composed in the language that is active (`alerts.mails.rendering.for_readers`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from alerts.channels import address_of
from alerts.models import Mail
from odds import figures


class Tone(StrEnum):
    """The colour of a letter or of a part of it: what it asks of the reader."""

    BRAND = "brand"
    GOOD = "good"
    WARNING = "warning"
    BAD = "bad"


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One thing a letter tells of.

    Attributes:
        title: What it is.
        subtitle: When and where, in small above it.
        lead: What to know of it, in one sentence.
        badge: The one figure that counts, beside the title.
        tone: Of the badge.
        facts: Names and values, in this order.
        url: Its page; empty where our address is not known.
    """

    title: str
    subtitle: str = ""
    lead: str = ""
    badge: str = ""
    tone: Tone = Tone.BRAND
    facts: Sequence[tuple[str, str]] = ()
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A mail's content.

    Attributes:
        subject: With what it is about first.
        severity: Of `Mail.Severity`.
        tone: Of its head.
        kicker: What kind of mail it is, above the title.
        title: The most important thing it says.
        lead: One or two sentences beneath.
        cards: What it tells of.
        notes: Small print after the cards, a paragraph each.
        url: Where the button leads; empty for none.
        url_text: What stands on the button.
    """

    subject: str
    severity: str
    kicker: str
    title: str
    lead: str = ""
    tone: Tone = Tone.BRAND
    cards: Sequence[Card] = ()
    notes: Sequence[str] = ()
    url: str = ""
    url_text: str = ""


def doubt(mail: Mail) -> Letter:
    """That a mail may not have arrived."""
    return Letter(
        subject=_("❔ [MON_PS] Perhaps not received: %(subject)s") % {"subject": mail.subject},
        severity=mail.severity,
        kicker=_("Mail in doubt"),
        title=_("One mail may not have arrived"),
        lead=_(
            "The mail server was given it and did not confirm that it has it. It is not sent "
            "again by itself, because it might then arrive twice."
        ),
        tone=Tone.WARNING,
        cards=[
            Card(
                title=mail.subject,
                facts=[(_("Posted"), figures.moment(mail.created_at))],
                url=address_of("admin:alerts_mail_change", mail.pk),
            )
        ],
        notes=[_("If you do not have it, read it or send it again on its page.")],
    )


def test() -> Letter:
    """That mails arrive."""
    return Letter(
        subject=_("✅ [MON_PS] Test: mails arrive"),
        severity=Mail.Severity.CRITICAL,  # a test is answered at once, at night too
        kicker=_("Test"),
        title=_("Mails of MON_PS arrive here"),
        lead=_(
            "Somebody asked for this test. Alerts look like this mail; what is worth a message is "
            "up to the settings."
        ),
        tone=Tone.GOOD,
        url=address_of("admin:alerts_notificationsettings_changelist"),
        url_text=_("Notification settings"),
    )


def nightly(lines: Sequence[str], *, is_failure: bool = False) -> Letter:
    """What the night's work came to, a sentence a line."""
    number = len(lines)
    said = ngettext("%(number)d result", "%(number)d results", number) % {"number": number}
    title = _("The night’s work failed") if is_failure else _("The night’s work is done")
    return Letter(
        subject=_("🌙 [MON_PS] %(title)s: %(said)s") % {"title": title, "said": said},
        severity=Mail.Severity.WARNING if is_failure else Mail.Severity.INFO,
        kicker=_("Night"),
        title=title,
        tone=Tone.WARNING if is_failure else Tone.BRAND,
        cards=[Card(title=line) for line in lines],
        url=address_of("admin:index"),
        url_text=_("Open MON_PS"),
    )
