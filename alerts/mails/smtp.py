"""Giving one mail to the mail server, and knowing exactly what became of it.

A server has a mail from the moment it confirms the line with the single dot that ends it. Until
that line is sent it has nothing, whatever happens; between that line and the confirmation nobody
can know. So the dialogue is led step by step here, and the caller writes down that the mail is
being handed over right before the dot: what is interrupted earlier can be sent again without any
risk of sending it twice. Django composes the message and opens the connection. What is raised is a
sentence in the language that is active.
"""

import re
import smtplib
import socket
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Final, Self

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.smtp import EmailBackend
from django.core.mail.message import sanitize_address
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

ANSWER_SECONDS: Final = 120  # a server may filter for long before it confirms
DOT: Final = b".\r\n"
SERVICE_CLOSING: Final = 421
ADDRESS: Final = re.compile(r"[^\s<>\"'(),;:]+@[^\s<>\"'(),;:]+")
LONGEST_REPLY: Final = 150  # characters of what the server said
# The first that fits counts.
SENTENCES: Final[dict[type[Exception], str | Promise]] = {
    TimeoutError: gettext_lazy("The mail server did not answer in time."),
    socket.gaierror: gettext_lazy("The mail server's name is not known (EMAIL_HOST)."),
    ConnectionRefusedError: gettext_lazy("Nothing listens where the mail server should be."),
    smtplib.SMTPServerDisconnected: gettext_lazy("The mail server broke off."),
    ConnectionError: gettext_lazy("The mail server broke off."),
}


class UnreachableError(Exception):
    """The server cannot be used now, for this mail or any other: try again later."""


class PostponedError(Exception):
    """The server does not take this mail now: try again later, and others at once."""


class RefusedError(Exception):
    """The server will never take this mail: somebody must look."""


class UnansweredError(Exception):
    """The mail was given to the server, which did not say whether it took it."""


class TakenOverError(Exception):
    """Another sender has taken this mail over; it was not sent here."""


class Line:
    """A connection to the mail server, opened by the first mail and kept for the next."""

    def __init__(self) -> None:
        self._server: smtplib.SMTP | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        if self._server is not None:
            with suppress(OSError):
                self._server.quit()
        self.drop()

    def drop(self) -> None:
        """Hang up without a word: what was not ended by the dot is forgotten by the server."""
        if self._server is not None:
            self._server.close()
        self._server = None

    def send(self, message: EmailMultiAlternatives, *, is_ready: Callable[[], bool]) -> str:
        """Give a mail to the server.

        Args:
            message: With sender and recipients.
            is_ready: Called when all but the dot is sent; writes down that the mail is being
                handed over, and says whether it may be.

        Returns:
            A sentence on recipients the server refused beside others it took; empty mostly.

        Raises:
            UnreachableError: The server cannot be used now.
            PostponedError: It does not take this mail now.
            RefusedError: It will never take it.
            UnansweredError: It got the mail, and did not answer.
            TakenOverError: `is_ready` said no.
        """
        try:
            server = self._open()
            refused = _name_both_sides(server, message)
            code, reply = server.docmd("DATA")
            if code != 354:
                raise _refusal(code, reply)
            server.send(_body(message))
        except (OSError, smtplib.SMTPException) as error:
            self.drop()
            raise UnreachableError(_sentence_of(error)) from None
        except (PostponedError, RefusedError):
            self._forget()
            raise
        except UnreachableError:
            self.drop()
            raise
        self._end(server, is_ready)
        return refused

    def _open(self) -> smtplib.SMTP:
        if self._server is None:
            backend = EmailBackend()
            try:
                backend.open()
            except ValueError as error:
                said = _("The mail settings are wrong: %(why)s") % {"why": error}
                raise UnreachableError(said) from None
            self._server = backend.connection
            if self._server is not None and self._server.sock is not None:
                # The dot is a packet of its own, and would wait for the one before to be confirmed.
                self._server.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        assert self._server is not None
        return self._server

    def _end(self, server: smtplib.SMTP, is_ready: Callable[[], bool]) -> None:
        """Send the dot, and wait for the answer that decides."""
        try:
            may_go = is_ready()
        except BaseException:
            self.drop()
            raise
        if not may_go:
            self.drop()
            raise TakenOverError
        try:
            server.send(DOT)
            if server.sock is not None:
                server.sock.settimeout(ANSWER_SECONDS)
            code, reply = server.getreply()
            if server.sock is not None:
                server.sock.settimeout(settings.EMAIL_TIMEOUT)
        except (OSError, smtplib.SMTPException) as error:
            self.drop()
            raise UnansweredError(_sentence_of(error)) from None
        if 200 <= code < 300:
            return
        self.drop()
        if not 400 <= code < 600:
            raise UnansweredError(_("The mail server answered what no mail server answers."))
        raise _refusal(code, reply, closes=PostponedError)

    def _forget(self) -> None:
        """Begin anew with the next mail."""
        if self._server is None:
            return
        try:
            code, _reply = self._server.rset()
        except (OSError, smtplib.SMTPException):
            code = -1
        if code != 250:
            self.drop()


def _name_both_sides(server: smtplib.SMTP, message: EmailMultiAlternatives) -> str:
    """Tell sender and recipients; a sentence where only some of them are taken."""
    try:
        sender = sanitize_address(message.from_email, "utf-8")
        recipients = [sanitize_address(one, "utf-8") for one in message.recipients()]
    except ValueError:
        said = _("DEFAULT_FROM_EMAIL or EMAIL_TO holds what is no address.")
        raise UnreachableError(said) from None
    server.ehlo_or_helo_if_needed()
    code, reply = server.mail(sender)
    if code != 250:
        said = _("The mail server refuses the sender (%(said)s).")
        raise UnreachableError(said % {"said": _said(code, reply)})
    answers = [server.rcpt(one) for one in recipients]
    refusals = [(code, reply) for code, reply in answers if code not in {250, 251}]
    if len(refusals) < len(answers):
        if not refusals:
            return ""
        return _("%(refused)d of %(all)d recipients were refused (%(said)s).") % {
            "refused": len(refusals),
            "all": len(answers),
            "said": _said(*refusals[0]),
        }
    # A later attempt may still reach those that are refused for now.
    raise _refusal(*min(refusals))


def _body(message: EmailMultiAlternatives) -> bytes:
    """The message as it goes over the line, up to the dot that ends it."""
    raw = message.message().as_bytes(linesep="\r\n")
    stuffed = re.sub(rb"(?m)^\.", b"..", raw)
    return stuffed if stuffed.endswith(b"\r\n") else stuffed + b"\r\n"


def _refusal(code: int, reply: bytes, *, closes: type[Exception] = UnreachableError) -> Exception:
    """What to make of a reply that is no consent."""
    said = _("The mail server answered: %(said)s.") % {"said": _said(code, reply)}
    if code == SERVICE_CLOSING or code < 400:
        return closes(said)
    return PostponedError(said) if code < 500 else RefusedError(said)


def _said(code: int, reply: bytes) -> str:
    """The server's words without addresses and without our account."""
    words = " ".join(reply.decode(errors="replace").split())
    hidden = _without(words, [settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD])
    return f"{code} {hidden}"[:LONGEST_REPLY].strip().rstrip(".")


def _without(words: str, secrets: Iterable[str]) -> str:
    for secret in secrets:
        if secret:
            words = words.replace(secret, "[…]")
    return ADDRESS.sub("[…]", words).replace("\x00", "")


def _sentence_of(error: Exception) -> str:
    """Why there is no dialogue; of what libraries say only what names nobody."""
    if isinstance(error, smtplib.SMTPAuthenticationError):
        said = _("The mail server does not accept the account (code %(code)s).")
        return said % {"code": error.smtp_code}
    if isinstance(error, smtplib.SMTPResponseException):
        return _("The mail server refuses (code %(code)s).") % {"code": error.smtp_code}
    known = (sentence for kind, sentence in SENTENCES.items() if isinstance(error, kind))
    other = _("The mail server cannot be used (%(why)s).") % {"why": type(error).__name__}
    return str(next(known, other))
