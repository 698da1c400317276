"""A site as it runs in production: our web server and workers on a database of its own."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import requests
from django.db import connection

from monps import embedded, processes
from monps.installation import free_port

ROOT = Path(__file__).resolve().parents[3]
PATIENCE_SECONDS = 60
NOWHERE = "http://127.0.0.1:9"  # the discard port: whatever should call the provider fails at once


class Site:
    """What runs, where it answers, and what it said."""

    def __init__(self, folder: Path, database_url: str) -> None:
        self.folder = folder
        # Of its own, as other tests' workers would take the work of this one.
        self._broker = embedded.start_broker(folder)
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self._started: dict[str, subprocess.Popen[bytes]] = {}
        self._environment = os.environ | {
            "DATABASE_URL": database_url,
            "REDIS_URL": self._broker.url,
            "ODDS_API_KEY": "never sent anywhere",
            "ODDS_API_BASE_URL": NOWHERE,
            "FOOTBALL_DATA_BASE_URL": NOWHERE,
            "OPENAI_API_KEY": "",
            "EMAIL_HOST": "",
        }

    def start(self) -> None:
        """The tables and rows first, then the server, then the worker for long work."""
        self._run("manage.py", "migrate", "--verbosity", "0")
        self._run("-m", "tests.e2e.flows.world")
        self._launch("web", processes.web(host="127.0.0.1", port=self.port))
        self._launch("long-worker", processes.LONG_WORKER)
        self._wait_for_web()

    def stop(self) -> None:
        """End everything, each with all it started."""
        for process in reversed(self._started.values()):
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        self._broker.stop()

    def said(self) -> str:
        """The last lines of each program."""
        logs = sorted(self.folder.glob("*.log"))
        return "\n".join(f"{log.name}: {log.read_text(errors='replace')[-3000:]}" for log in logs)

    def _run(self, *words: str) -> None:
        done = subprocess.run(
            [sys.executable, *words],
            cwd=ROOT,
            env=self._environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr

    def _launch(self, name: str, command: tuple[str, ...]) -> None:
        """In a group of its own, what it says in a file."""
        with (self.folder / f"{name}.log").open("wb") as log:
            self._started[name] = subprocess.Popen(
                [sys.executable, *command[1:]],
                cwd=ROOT,
                env=self._environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def _wait_for_web(self) -> None:
        give_up_at = time.monotonic() + PATIENCE_SECONDS
        while not self._answers():
            assert self._started["web"].poll() is None, self.said()
            assert time.monotonic() < give_up_at, self.said()
            time.sleep(0.05)

    def _answers(self) -> bool:
        try:
            return requests.get(f"{self.address}/health", timeout=5).ok
        except requests.RequestException:
            return False


@contextmanager
def running(site: Site) -> Iterator[Site]:
    """Starts everything; ends it with the block."""
    try:
        site.start()
        yield site
    finally:
        site.stop()


@contextmanager
def database(name: str) -> Iterator[str]:
    """The address of an empty database on the server of the tests; dropped with the block."""
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        cursor.execute(f'CREATE DATABASE "{name}"')
    yield f"{os.environ['DATABASE_URL'].rpartition('/')[0]}/{name}"
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
