"""One process of ours: started so that it cannot outlive us, recognised again, and ended."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

PR_SET_PDEATHSIG = 1  # linux/prctl.h
POLL_SECONDS = 0.02
STATE, SESSION, START = 0, 3, 19  # places in what `_stat` returns
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


@dataclass(frozen=True, slots=True)
class Account:
    """A user and group of this machine, by number."""

    uid: int
    gid: int


def spawn(
    command: Sequence[str],
    *,
    output: int,
    cwd: Path | None = None,
    environment: Mapping[str, str] | None = None,
    account: Account | None = None,
    death_signal: signal.Signals = signal.SIGKILL,
) -> subprocess.Popen[bytes]:
    """Start a command in a session of its own, so that a Ctrl-C in the terminal reaches only us.

    Call it from the main thread only: on Linux the child receives `death_signal` when the
    *thread* that started it ends, however it ends. Elsewhere it outlives our kill -9 until the
    next start ends it (`end_leftover`).

    Args:
        command: The program and its arguments.
        output: File descriptor for both of its outputs.
        cwd: Folder to start in; entered before privileges are dropped.
        environment: Its whole environment; ours when None.
        account: Whom to run as; ourselves when None.
        death_signal: What the kernel sends to it when we die.
    """
    return subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=output,
        cwd=cwd,
        env=environment,
        user=account.uid if account else None,
        group=account.gid if account else None,
        extra_groups=[] if account else None,
        start_new_session=True,
        preexec_fn=_tie_to(os.getpid(), death_signal),  # noqa: PLW1509 - we have no other thread
    )


def _tie_to(parent: int, death_signal: signal.Signals) -> Callable[[], None] | None:
    """What the child does last before it runs the command: setuid would undo it if done earlier."""
    libc = _libc
    if libc is None:
        return None

    def tie() -> None:
        libc.prctl(PR_SET_PDEATHSIG, int(death_signal), 0, 0, 0)
        if os.getppid() != parent:  # it died between fork and prctl
            os.kill(os.getpid(), signal.SIGKILL)

    return tie


def started_at(pid: int) -> str | None:
    """When a running process began, in a form made only for comparing; None once it has ended.

    With the process id this names one process for ever, although ids are given out again. A
    zombie has ended, even where nobody collects it (a container whose first process does not).
    """
    if not Path("/proc/self/stat").exists():
        command = ["ps", "-o", "lstart=", "-p", str(pid)]
        answer = subprocess.run(command, capture_output=True, text=True, check=False).stdout
        return "_".join(answer.split()) or None
    fields = _stat(pid)
    boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    return f"{boot}/{fields[START]}" if fields and fields[STATE] not in "ZX" else None


def record(process: subprocess.Popen[bytes], path: Path) -> None:
    """Write down which process this is, for `end_leftover` of a later run."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.write_text(f"{process.pid} {started_at(process.pid)}\n")


def end_leftover(path: Path, *, stop_signal: signal.Signals, seconds: float = 5) -> None:
    """End the process recorded in `path` and what it started, if they still run."""
    with contextlib.suppress(FileNotFoundError, ValueError):
        pid_text, began = path.read_text().split()
        pid = int(pid_text)
        if started_at(pid) == began:
            _send(pid, stop_signal)
            deadline = time.monotonic() + seconds
            while started_at(pid) == began:
                if time.monotonic() > deadline:
                    kill_group(pid)
                time.sleep(POLL_SECONDS)
        if started_at(pid) is None:
            _kill_orphans(pid, began)
    path.unlink(missing_ok=True)


def _kill_orphans(leader: int, began: str) -> None:
    """Kill what is left of the session of a dead process: granian's worker outlives its parent."""
    boot, _, start = began.rpartition("/")
    for folder in Path("/proc").glob("[0-9]*"):
        fields = _stat(int(folder.name))
        if fields and fields[SESSION] == str(leader) and int(fields[START]) >= int(start):
            pid = int(folder.name)
            while started_at(pid) == f"{boot}/{fields[START]}":
                _send(pid, signal.SIGKILL)
                time.sleep(POLL_SECONDS)


def _stat(pid: int) -> list[str] | None:
    """What Linux says about a process, from its state on (proc(5)); None when there is none."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None


def stop(
    process: subprocess.Popen[bytes], *, stop_signal: signal.Signals, seconds: float = 5
) -> None:
    """Ask our own child to end, wait, and after `seconds` kill its whole group."""
    if process.poll() is None:
        _send(process.pid, stop_signal)
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        kill_group(process.pid)
        process.wait()


def kill_group(pid: int) -> None:
    """Kill -9 a child and everything it started in its session."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(pid, signal.SIGKILL)


def _send(pid: int, stop_signal: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, stop_signal)
