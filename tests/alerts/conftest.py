"""What tests of mails share: a port for a mail server, and settings that lead there.

Loaded before Django is set up, so what needs it is imported inside.
"""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.alerts.mailbox import Mailbox, free_port, serving


@pytest.fixture
def mail_port(settings: Any) -> int:
    """Where a mail server would be, and mails are sent to two readers; nothing listens yet."""
    settings.EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_PORT = free_port()
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    settings.EMAIL_TIMEOUT = 5
    settings.EMAIL_TO = ["owner@example.org", "friend@example.org"]
    settings.DEFAULT_FROM_EMAIL = "MON_PS <monps@example.org>"
    settings.PUBLIC_URL = "https://monps.example.org"
    settings.ALERTMANAGER_URL = ""
    port: int = settings.EMAIL_PORT
    return port


@pytest.fixture
def mailbox(mail_port: int) -> Iterator[Mailbox]:
    """A mail server that answers there."""
    box = Mailbox()
    with serving(box, mail_port):
        yield box
