"""Keeps a set of child processes running: their logs, restarts and ordered end."""

import contextlib
import os
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from monps import child

DEATHS_ALLOWED = 5
DEATHS_WINDOW_SECONDS = 60
FIRST_DELAY_SECONDS = 0.5  # before a restart; doubled for each death in the window
STOP_SECONDS = (5.0, 1.5, 2.5)  # for each stage in turn; together below 10
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class StopRequestedError(Exception):
    """Somebody asked for the end, by Ctrl-C or a signal."""


class GaveUpError(Exception):
    """A child cannot be kept running; the message tells a person which."""


@dataclass(kw_only=True)
class Child:
    """One process to keep running.

    Attributes:
        name: What its log lines start with.
        start: Starts it, with a file descriptor for its output, and returns it once it runs.
        stop_signal: What asks it to end.
        stage: When it ends: 0 what works, 1 what answers the workers, 2 what all others need.
        runs_once: Whether it ends by itself, with exit code 0.
    """

    name: str
    start: Callable[[int], subprocess.Popen[bytes]]
    stop_signal: signal.Signals = signal.SIGTERM
    stage: int = 0
    runs_once: bool = False
    process: subprocess.Popen[bytes] | None = None
    deaths: list[float] = field(default_factory=list)
    restart_at: float | None = None

    @property
    def is_running(self) -> bool:
        """Whether it has been started and has not ended."""
        return self.process is not None and self.process.poll() is None

    @property
    def is_done(self) -> bool:
        """Whether a child that runs once has ended well."""
        return self.runs_once and self.process is not None and self.process.poll() == 0


class Supervisor:
    """Runs children from the main thread of this process; use it as a context manager.

    Leaving the context stops them, stage by stage and in each the last started first.
    """

    def __init__(self, records: Path) -> None:
        self._records = records
        self._children: list[Child] = []
        self._outputs = selectors.DefaultSelector()
        self._is_stopping = False
        self._wakeup, self._wakeup_writer = os.pipe()
        os.set_blocking(self._wakeup, False)
        os.set_blocking(self._wakeup_writer, False)
        self._outputs.register(self._wakeup, selectors.EVENT_READ)

    def __enter__(self) -> "Supervisor":
        signal.set_wakeup_fd(self._wakeup_writer)
        for number in STOP_SIGNALS:
            signal.signal(number, self._request_stop)
        signal.signal(signal.SIGCHLD, lambda *_: None)  # only to wake `_tick` up
        return self

    def __exit__(self, *_error: object) -> None:
        self._stop()

    def start(self, *children: Child) -> None:
        """Start children and look after them from now on.

        Raises:
            StopRequestedError: Before that was done.
        """
        for one in children:
            if self._is_stopping:
                raise StopRequestedError
            self._children.append(one)
            self._launch(one)

    def run_until(self, condition: Callable[[], bool], *, every: float = 1) -> None:
        """Pass logs on and restart what died until `condition` holds, asked `every` seconds.

        Raises:
            StopRequestedError: By a signal.
            GaveUpError: A child died too often.
        """
        while not condition():
            self._tick(every)
            if self._is_stopping:
                raise StopRequestedError
            for one in self._children:
                self._look_after(one)

    def _launch(self, one: Child) -> None:
        reader, writer = os.pipe()
        os.set_blocking(reader, False)
        self._outputs.register(reader, selectors.EVENT_READ, _Lines(one.name))
        try:
            one.process = one.start(writer)
        finally:
            os.close(writer)
        child.record(one.process, self._records / f"{one.name}.pid")

    def _look_after(self, one: Child) -> None:
        now = time.monotonic()
        if one.restart_at is not None and now >= one.restart_at:
            one.restart_at = None
            self._launch(one)
        elif one.restart_at is None and not one.is_running and not one.is_done:
            self._schedule_restart(one, now)

    def _schedule_restart(self, one: Child, now: float) -> None:
        assert one.process is not None
        child.kill_group(one.process.pid)  # what it started may have survived it
        self._tick(0)  # its last words
        if one.runs_once:
            raise GaveUpError(f"{one.name} failed (exit code {one.process.returncode}).")
        since = now - DEATHS_WINDOW_SECONDS
        one.deaths = [at for at in one.deaths if at > since] + [now]
        if len(one.deaths) >= DEATHS_ALLOWED:
            raise GaveUpError(f"{one.name} died {len(one.deaths)} times within a minute.")
        delay = FIRST_DELAY_SECONDS * 2 ** (len(one.deaths) - 1)
        one.restart_at = now + delay
        write(f"{one.name} ended (exit code {one.process.returncode}); again in {delay:g} s.")

    def _tick(self, seconds: float) -> None:
        """Pass on what the children said; return at once when one ended or a signal came."""
        for key, _ in self._outputs.select(seconds):
            try:
                said = os.read(key.fd, 65536)
            except BlockingIOError:
                continue
            if key.data is None:  # a signal
                continue
            for line in key.data.feed(said):
                write(line)
            if not said:
                self._outputs.unregister(key.fd)
                os.close(key.fd)

    def _request_stop(self, number: int, _frame: object) -> None:
        if self._is_stopping and number == signal.SIGINT:
            self._kill(self._children)
            os._exit(130)
        self._is_stopping = True

    def _stop(self) -> None:
        self._is_stopping = True
        for stage, seconds in enumerate(STOP_SECONDS):
            group = [one for one in self._children if one.stage == stage]
            for one in reversed(group):
                if one.process is not None and one.is_running:
                    one.process.send_signal(one.stop_signal)
            deadline = time.monotonic() + seconds
            while any(one.is_running for one in group) and time.monotonic() < deadline:
                self._tick(0.1)
            self._kill(group)
        for one in self._children:
            if one.process is not None:
                one.process.wait()
        self._tick(0)
        for one in self._children:
            (self._records / f"{one.name}.pid").unlink(missing_ok=True)

    def _kill(self, group: list[Child]) -> None:
        """Whatever is left of these and of what they started."""
        for one in group:
            if one.process is not None:
                child.kill_group(one.process.pid)


class _Lines:
    """Cuts one child's output into lines that start with its name."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._rest = b""

    def feed(self, said: bytes) -> Iterator[str]:
        """Complete lines so far; an empty `said` is the end of the output."""
        *lines, self._rest = (self._rest + said).split(b"\n")
        if not said and self._rest:
            lines.append(self._rest)
        for line in lines:
            yield f"{self._name:<9} | {line.decode(errors='replace').rstrip()}"


def write(line: str) -> None:
    """Tell the terminal; one that was closed is no reason to fail."""
    with contextlib.suppress(OSError, ValueError):
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()
