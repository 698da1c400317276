"""MON_PS as `make run` starts it, in a folder that is gone afterwards."""

import os
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.request import urlopen

from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Sink

from monps.installation import HOST, ROOT, free_port

READY: Final = "MON_PS runs."  # said when the account is made and the first page answers
STOPS_WITHIN_SECONDS: Final = 60
# The market is simulated and the servers are its own, whatever the terminal is set up for.
LEFT_OUT: Final = ("ODDS_API_KEY", "ODDS_API_BASE_URL", "DATABASE_URL", "REDIS_URL", "SECRET_KEY")


class SiteError(Exception):
    """There is nothing to look at; the message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """Where to look, and as whom.

    Attributes:
        address: Without a slash at the end.
        user: Who signs in.
        password: With what.
        folder: The data folder; None where somebody else started it.
    """

    address: str
    user: str
    password: str
    folder: Path | None = None

    def cut_database(self) -> None:
        """Kill PostgreSQL, which the supervisor starts again within seconds."""
        if self.folder is None:
            raise SiteError("Only an installation of our own may lose its database.")
        record = self.folder / "simulated" / "postgres" / "postmaster.pid"
        os.kill(int(record.read_text().split()[0]), signal.SIGKILL)

    def wait_for_database(self) -> None:
        """Until the health check is content again."""
        while not self._is_well():
            time.sleep(0.2)

    def _is_well(self) -> bool:
        try:
            with urlopen(f"{self.address}/health", timeout=5):  # noqa: S310  # our own, http
                return True
        except OSError:
            return False


@contextmanager
def swallowing_mail() -> Iterator[int]:
    """A mail server on the port it yields, which forgets what it takes."""
    server = Controller(Sink(), hostname=HOST, port=free_port())
    server.start()
    try:
        yield int(server.port)
    finally:
        server.stop()


@contextmanager
def installed(folder: Path, *, days_before: int = 0, mail_port: int = 0) -> Iterator[Site]:
    """A new installation of the simulated market, from its first answer to the end of the block.

    Args:
        folder: Its data folder.
        days_before: Days of past that it gets first; sixty take about five minutes.
        mail_port: Where its e-mails go to; 0 where it is not told of any server.

    Raises:
        SiteError: It ended before it answered.
    """
    port, password = free_port(), secrets.token_urlsafe(15)
    site = Site(address=f"http://{HOST}:{port}", user="admin", password=password, folder=folder)
    given = {name: value for name, value in os.environ.items() if name not in LEFT_OUT}
    mine = {"PORT": str(port), "MONPS_VAR": str(folder), "MONPS_ADMIN_PASSWORD": password}
    if mail_port:
        mine |= {"EMAIL_HOST": HOST, "EMAIL_PORT": str(mail_port), "EMAIL_USE_TLS": "false"}
        mine |= {"EMAIL_TO": "parieur@example.org", "DEFAULT_FROM_EMAIL": "monps@example.org"}
    command = [sys.executable, "-m", "monps.run", "--days-before", str(days_before)]
    folder.mkdir(parents=True, exist_ok=True)
    log = folder / "run.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, cwd=ROOT, env=given | mine, stdout=output, stderr=output
        )
    try:
        while READY not in _text(log):
            if process.poll() is not None:
                raise SiteError(f"MON_PS ended before it answered: {_text(log)[-1000:].strip()}")
            time.sleep(0.5)
        yield site
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(STOPS_WITHIN_SECONDS)


def _text(log: Path) -> str:
    return log.read_text(errors="replace")
