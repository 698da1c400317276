"""The outbox: what is to be mailed is a row, and a sweep sends each once.

A row goes waiting → being sent → being handed over → sent. The first claim is a row lock that
skips what others hold; every later step is a compare-and-swap on the number of the claim, so that
of two senders one goes on. What becomes of an interruption depends on where it was:

- Before the line with the dot that ends a mail (`alerts.mails.smtp`), the server has nothing. A
  claim older than `ABANDONED_AFTER` goes back to waiting. A server that is down, slow or full is
  the same: the mail waits, tried again after 1, 2, 4, 8 and then every 15 minutes, for ever.
- Between the dot and the committed `sent` nobody can know whether the server has it. Sending it
  again might deliver it twice, forgetting it might lose it; so neither is done. The mail is put *in
  doubt*, which the list shows and a metric counts, and another, short mail says which one may not
  have arrived. A person who looks may send it again: it has the same Message-ID, by which most
  mailboxes know a second copy. This window is one round trip to the server, and its answer.

So a mail is given to the server at most once unless a person asks, and one that may be lost is
told of. A note about a mail in doubt that is itself in doubt is not told of again: a server that
never answers would otherwise get one every few minutes.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from email.utils import format_datetime
from typing import Final

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import connection, transaction
from django.db.models import Case, Value, When
from django.utils.translation import gettext as _

from alerts import channels
from alerts.mails import letters, rendering, smtp
from alerts.mails.letters import Letter
from alerts.models import Mail, NotificationSettings

logger = logging.getLogger(__name__)

ABANDONED_AFTER: Final = timedelta(minutes=5)  # above what waiting for one answer may take
LONGEST_SWEEP: Final = timedelta(seconds=120)  # below the limit of a task
PAUSES: Final = tuple(timedelta(minutes=minutes) for minutes in (1, 2, 4, 8, 15))
DOUBT: Final = "doubt-"  # the key of a note about a mail in doubt begins so
TAKEN: Final = "another sender has taken it over"
LONGEST_SUBJECT: Final = 200
INSERT: Final = """
INSERT INTO notifications (
    key, severity, subject, text, html, status, created_at, due_at, claim, failure
)
VALUES (
    %(key)s, %(severity)s, %(subject)s, %(text)s, %(html)s, 'waiting', %(now)s, %(now)s, 0, ''
)
ON CONFLICT (key) DO NOTHING
"""


def is_open(chosen: NotificationSettings) -> bool:
    """Whether mails are wanted, and can be sent at all."""
    return chosen.is_mail_on and channels.is_mail_configured()


def post(
    key: str,
    *,
    subject: str,
    text: str,
    html: str,
    now: datetime,
    severity: str = Mail.Severity.INFO,
) -> bool:
    """Put a mail into the outbox, in the caller's transaction; once for each key, ever.

    Args:
        key: What it is about; a second mail of the same key is not kept.
        subject: In one line.
        text: The mail for those who read no HTML.
        html: The same, or empty.
        now: The current instant, which is the mail's date.
        severity: A critical one is sent during quiet hours too.

    Returns:
        Whether it was put there.
    """
    row: dict[str, str | datetime] = {
        "key": key,
        "severity": str(severity),
        "subject": " ".join(subject.split())[:LONGEST_SUBJECT],
        "text": text,
        "html": html,
        "now": now,
    }
    with connection.cursor() as cursor:
        cursor.execute(INSERT, row)
        return bool(cursor.rowcount)


def post_letter(key: str, letter: Letter, *, now: datetime) -> bool:
    """Write a letter out and put it into the outbox; see `post`."""
    text, html = rendering.render(letter, now=now)
    return post(
        key, subject=letter.subject, text=text, html=html, now=now, severity=letter.severity
    )


def send_waiting(*, clock: Callable[[], datetime], key: str = "") -> int:
    """Send what is due, each mail once; whoever else sweeps takes others.

    Args:
        clock: Tells the current instant.
        key: Only this mail; all where empty.

    Returns:
        How many were sent.
    """
    chosen = NotificationSettings.current()
    with rendering.for_readers(chosen):
        release_abandoned(now=clock())
        sent = _sweep(chosen, clock, key) if is_open(chosen) else 0
    if sent:
        logger.info("sent %d mails", sent)
    return sent


def release_abandoned(*, now: datetime) -> None:
    """Take back what senders left that are no more; tell of what may be lost."""
    old = Mail.objects.filter(claimed_at__lt=now - ABANDONED_AFTER)
    old.filter(status=Mail.Status.SENDING).update(status=Mail.Status.WAITING, due_at=now)
    for mail in old.filter(status=Mail.Status.HANDED_OVER):
        why = _("The sender was interrupted while the mail server was taking this mail.")
        _doubt(mail, why, now)


def send_again(pks: list[int], *, now: datetime) -> int:
    """Let mails that were refused or are in doubt be sent again.

    Returns:
        How many wait now; those that are sent or under way are left as they are.
    """
    again = Mail.objects.failed().filter(pk__in=pks)
    return again.update(status=Mail.Status.WAITING, due_at=now, failure="")


def _sweep(chosen: NotificationSettings, clock: Callable[[], datetime], key: str) -> int:
    began, sent = clock(), 0
    with smtp.Line() as line:
        while (now := clock()) - began < LONGEST_SWEEP:
            mail = _claim(now, key=key, is_quiet=chosen.is_quiet(now))
            if mail is None:
                break
            try:
                sent += _send(mail, line, clock)
            except (smtp.UnreachableError, smtp.UnansweredError):
                break  # the server is ill; the others are better off waiting
    return sent


def _claim(now: datetime, *, key: str, is_quiet: bool) -> Mail | None:
    """Take the most urgent mail that is due and that nobody else is taking."""
    due = Mail.objects.due(now)
    if key:
        due = due.filter(key=key)
    if is_quiet:
        due = due.filter(severity=Mail.Severity.CRITICAL)
    is_urgent = Case(When(severity=Mail.Severity.CRITICAL, then=Value(0)), default=Value(1))
    with transaction.atomic(durable=True):  # what follows must not be rolled back with it
        mail = (
            due.order_by(is_urgent, "created_at", "pk").select_for_update(skip_locked=True).first()
        )
        if mail is not None:
            mail.status, mail.claimed_at, mail.claim = Mail.Status.SENDING, now, mail.claim + 1
            mail.save(update_fields=["status", "claimed_at", "claim"])
    return mail


def _send(mail: Mail, line: smtp.Line, clock: Callable[[], datetime]) -> bool:
    """Try once, and write down what became of it.

    Raises:
        UnreachableError: The server cannot be used; the mail waits.
        UnansweredError: The server did not confirm; the mail is in doubt.
    """
    try:
        refused = line.send(
            _compose(mail),
            is_ready=lambda: _move(mail, Mail.Status.HANDED_OVER, claimed_at=clock()),
        )
    except smtp.UnreachableError as error:
        _wait(mail, str(error), clock())
        raise
    except smtp.PostponedError as error:
        _wait(mail, str(error), clock())
    except (smtp.RefusedError, ValueError) as error:
        _fail(mail, str(error))
    except smtp.UnansweredError as error:
        _doubt(mail, str(error), clock())
        raise
    except smtp.TakenOverError:
        logger.warning("mail %d: %s", mail.pk, TAKEN)
    else:
        return _move(mail, Mail.Status.SENT, sent_at=clock(), failure=refused)
    return False


def _compose(mail: Mail) -> EmailMultiAlternatives:
    """The message, the same at every attempt."""
    headers = {
        "Message-ID": mail.message_id,
        "Date": format_datetime(mail.created_at),
        "Auto-Submitted": "auto-generated",
    }
    if mail.severity == Mail.Severity.CRITICAL:
        headers["Importance"] = "high"
    message = EmailMultiAlternatives(
        mail.subject,
        mail.text,
        settings.DEFAULT_FROM_EMAIL,
        channels.mail_recipients(),
        headers=headers,
    )
    if mail.html:
        message.attach_alternative(mail.html, "text/html")
    return message


def _wait(mail: Mail, why: str, now: datetime) -> None:
    """Try again later; whatever happened, the server does not have it."""
    pause = PAUSES[min(mail.claim, len(PAUSES)) - 1]
    logger.warning("mail %d waits: %s", mail.pk, why)
    _move(mail, Mail.Status.WAITING, due_at=now + pause, failure=why)


def _fail(mail: Mail, why: str) -> None:
    logger.error("mail %d was refused: %s", mail.pk, why)
    _move(mail, Mail.Status.FAILED, failure=why)


def _doubt(mail: Mail, why: str, now: datetime) -> None:
    """Put a mail in doubt, and tell of it by another one."""
    with transaction.atomic():
        if not _move(mail, Mail.Status.IN_DOUBT, failure=why) or mail.key.startswith(DOUBT):
            return
        logger.error("mail %d is in doubt: %s", mail.pk, why)
        post_letter(f"{DOUBT}{mail.pk}-{mail.claim}", letters.doubt(mail), now=now)


FROM: Final[dict[str, list[str]]] = {
    Mail.Status.HANDED_OVER: [Mail.Status.SENDING],
    Mail.Status.SENT: [Mail.Status.HANDED_OVER, Mail.Status.IN_DOUBT],
    Mail.Status.IN_DOUBT: [Mail.Status.HANDED_OVER],
    Mail.Status.WAITING: [Mail.Status.SENDING, Mail.Status.HANDED_OVER, Mail.Status.IN_DOUBT],
    Mail.Status.FAILED: [Mail.Status.SENDING, Mail.Status.HANDED_OVER, Mail.Status.IN_DOUBT],
}


def _move(mail: Mail, status: str, **more: object) -> bool:
    """Write a step down, committed, unless the claim is another's by now."""
    mine = Mail.objects.filter(pk=mail.pk, claim=mail.claim, status__in=FROM[status])
    return bool(mine.update(status=status, **more))
