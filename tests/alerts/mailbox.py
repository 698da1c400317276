"""A real SMTP server for tests, which keeps what it takes and fails as it is told."""

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

PATIENCE_SECONDS = 30


class Mailbox:
    """What arrived, and how the server behaves.

    `refuse_recipient` and `refuse_mail` are replies given instead of consent. With `stall_at`
    "recipient" the server stops before it has anything; with "taken" after it took a mail and
    before it says so; with "lost" it never takes what it was given. `reached` is set when it stops.
    """

    def __init__(self) -> None:
        self.received: list[EmailMessage] = []
        self.peers: list[Any] = []
        self.refuse_recipient: dict[str, str] = {}
        self.refuse_mail = ""
        self.stall_at = ""
        self.hangs_up = False
        self.reached = threading.Event()

    @property
    def subjects(self) -> list[str]:
        return [str(message["Subject"]).strip() for message in self.received]

    async def handle_RCPT(  # noqa: N802 (a name of aiosmtpd)
        self,
        _server: SMTP,
        _session: Session,
        envelope: Envelope,
        address: str,
        _options: list[Any],
    ) -> str:
        if self.stall_at == "recipient":
            await self._stall()
        if address in self.refuse_recipient:
            return self.refuse_recipient[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802 (a name of aiosmtpd)
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        if self.refuse_mail:
            return self.refuse_mail
        if self.stall_at == "lost":
            await self._stall()
        content = envelope.content
        assert isinstance(content, bytes)
        message = message_from_bytes(content, policy=policy.default)
        assert isinstance(message, EmailMessage)
        self.received.append(message)
        self.peers.append(session.peer)
        if self.stall_at == "taken":
            await self._stall()
        if self.hangs_up:
            assert server.transport is not None
            server.transport.abort()
        return "250 taken"

    async def _stall(self) -> None:
        self.reached.set()
        await asyncio.sleep(PATIENCE_SECONDS)


@contextmanager
def serving(mailbox: Mailbox, port: int) -> Iterator[None]:
    """The server answers here for as long as the block lasts."""
    controller = Controller(mailbox, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield
    finally:
        controller.stop()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
