"""Real web processes and ports on which nothing, or nothing useful, answers."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import requests
from django.db import connection

from monps import processes
from tests.alerts.metrics.scraped import Family, parsed

ROOT = Path(__file__).resolve().parents[3]
PATIENCE_SECONDS = 60


def database_address() -> str:
    """The address of this test's database, for other processes."""
    address = os.environ["DATABASE_URL"].rpartition("/")[0]
    return f"{address}/{connection.settings_dict['NAME']}"


@contextlib.contextmanager
def web_process(*, workers: int = 1, **environment: str) -> Iterator[str]:
    """Granian as in production; gives its address, and ends within a minute when asked to."""
    port = closed_port()
    _python, *words = processes.web(host="127.0.0.1", port=port)
    command = [sys.executable, *words, "--workers", str(workers)]
    server = subprocess.Popen(
        command, cwd=ROOT, env=os.environ | environment, start_new_session=True
    )
    try:
        wait_until_it_listens(port, server)
        yield f"http://127.0.0.1:{port}"
        server.terminate()
        server.wait(PATIENCE_SECONDS)
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(server.pid, signal.SIGKILL)
        server.wait()


def wait_until_it_listens(port: int, server: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while server.poll() is None and time.monotonic() < deadline:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.1)
    raise AssertionError("The web process did not start.")


def page_of(address: str, *, seconds: float = PATIENCE_SECONDS) -> dict[str, Family]:
    """Its metrics; an error unless it answers 200 in time."""
    response = requests.get(f"{address}/metrics", timeout=seconds)
    assert response.status_code == 200, response.text
    return parsed(response.text)


def closed_port() -> int:
    """A port on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def silent_port() -> Iterator[int]:
    """A port that takes connections and never says a word."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(16)
        yield int(listener.getsockname()[1])
