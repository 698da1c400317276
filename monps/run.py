"""`make run`: the whole product on one machine, with one command and no question.

    PORT=8002 MONPS_VAR=elsewhere ODDS_API_KEY=... python -m monps.run

Embedded servers stand in where DATABASE_URL or REDIS_URL is not set, and a simulated market
where ODDS_API_KEY is not. Exit codes: 0 stopped as asked, 1 failed, 2 cannot start as asked.
"""

import http.client
import os
import signal
import subprocess
import sys
import time
from argparse import ArgumentParser
from collections.abc import Callable
from pathlib import Path

from monps import child, embedded, processes
from monps.binaries import EmbeddedError
from monps.embedded import Server
from monps.installation import (
    HOST,
    ROOT,
    Installation,
    UnusableError,
    lock,
    read_installation,
    require_free_port,
)
from monps.supervisor import Child, GaveUpError, StopRequestedError, Supervisor, write

SERVERS = ("valkey", "postgres")
HEALTHY_WITHIN_SECONDS = 120


def main(days_before: int = 0) -> int:
    """Run everything until somebody stops it; returns the exit code.

    Args:
        days_before: Days of past that a new simulated market gets first.
    """
    try:
        installation = read_installation(os.environ)
        _require_simulated(installation, days_before)
        lock(installation.folder)
        _end_leftovers(installation.folder)
        require_free_port(installation.port)
    except UnusableError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    try:
        with Supervisor(installation.folder / "run") as supervisor:
            _run(installation, supervisor, days_before)
    except StopRequestedError:
        write("Stopped.")
        return 0
    except (GaveUpError, EmbeddedError, OSError) as error:
        sys.stderr.write(f"MON_PS stopped: {error}\n")
        return 1
    return 0


def _require_simulated(installation: Installation, days_before: int) -> None:
    if days_before and not installation.is_simulated:
        raise UnusableError("Only the simulated market gets a past: unset ODDS_API_KEY.")


def _run(installation: Installation, supervisor: Supervisor, days_before: int) -> None:
    """Start everything in the order of what needs what, then look after it for ever."""
    _start_server(installation, supervisor, "valkey", "REDIS_URL", embedded.start_broker)
    _start_server(installation, supervisor, "postgres", "DATABASE_URL", embedded.start_postgres)
    environment = installation.environment
    if days_before:
        _live_through_past(installation, supervisor, days_before)
    if installation.simulator_port:
        command = processes.simulator(installation.simulator_port)
        supervisor.start(_child("simulator", command, environment, stage=1))
    command = processes.web(host=HOST, port=installation.port)
    web = _child("web", command, environment, stage=1)
    prepare = _child("prepare", processes.PREPARE, environment, runs_once=True)
    supervisor.start(web, prepare)
    supervisor.run_until(lambda: prepare.is_done)
    give_up_at = time.monotonic() + HEALTHY_WITHIN_SECONDS
    supervisor.run_until(lambda: _is_healthy(installation.port, give_up_at), every=0.05)
    supervisor.start(
        _child("worker", processes.WORKER, environment),
        _child("long-worker", processes.LONG_WORKER, environment),
        _child("beat", processes.BEAT, environment),
    )
    write(_welcome(installation))
    supervisor.run_until(lambda: False)


def _live_through_past(installation: Installation, supervisor: Supervisor, days: int) -> None:
    """Before anything is collected; once, and on from where it was interrupted."""
    is_there = installation.folder / "run" / "past"
    if is_there.exists():
        return
    write(f"Simulating {days} days of past; this takes some minutes, and only once.")
    for name, command in (("migrate", processes.MIGRATE), ("past", processes.past(days))):
        one = _child(name, command, installation.environment, runs_once=True)
        supervisor.start(one)
        supervisor.run_until(lambda one=one: one.is_done)  # type: ignore[misc]
    is_there.touch()


def _start_server(
    installation: Installation,
    supervisor: Supervisor,
    name: str,
    variable: str,
    start: Callable[..., Server],
) -> None:
    """Start an embedded server and put its address into `variable`, unless one is given there."""
    environment = installation.environment

    def launch(output: int) -> subprocess.Popen[bytes]:
        server = start(installation.folder, output=output)
        environment[variable] = server.url
        return server.process

    if variable not in environment:
        stop_signal = embedded.STOP_SIGNALS[name]
        supervisor.start(Child(name=name, start=launch, stop_signal=stop_signal, stage=2))


def _child(
    name: str,
    command: tuple[str, ...],
    environment: dict[str, str],
    *,
    stage: int = 0,
    runs_once: bool = False,
) -> Child:
    # granian's worker process outlives a killed parent, so the parent must be asked to end it.
    death_signal = signal.SIGTERM if name == "web" else signal.SIGKILL

    def launch(output: int) -> subprocess.Popen[bytes]:
        return child.spawn(
            [sys.executable, *command[1:]],
            output=output,
            cwd=ROOT,
            environment=environment,
            death_signal=death_signal,
        )

    return Child(name=name, start=launch, stage=stage, runs_once=runs_once)


def _end_leftovers(folder: Path) -> None:
    """End what a killed `make run` left; the servers see to theirs when they start."""
    for record in (folder / "run").glob("*.pid"):
        if record.stem not in SERVERS:
            child.end_leftover(record, stop_signal=signal.SIGTERM, seconds=2)


def _is_healthy(port: int, give_up_at: float) -> bool:
    if time.monotonic() > give_up_at:
        raise GaveUpError(f"The web server was not healthy after {HEALTHY_WITHIN_SECONDS} s.")
    connection = http.client.HTTPConnection(HOST, port, timeout=2)
    try:
        connection.request("GET", "/health")
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _welcome(installation: Installation) -> str:
    given = installation.environment
    lines = [
        "MON_PS runs.",
        "",
        f"  Open       {installation.address}",
        f"  User       {given['MONPS_ADMIN_USER']}",
        f"  Password   {given['MONPS_ADMIN_PASSWORD']}  (as first set; your own change is kept)",
        f"  API token  {given['MONPS_API_TOKEN']}",
        f"  Data       {installation.folder}",
        "",
    ]
    if installation.is_simulated:
        lines += [
            "  SIMULATED MARKET: no odds here are real, and nothing here is worth a bet.",
            "  For real odds: ODDS_API_KEY=your-key make run",
            "",
        ]
    lines.append("  Ctrl-C stops everything; the next `make run` goes on from here.")
    rule = "=" * max(map(len, lines))
    return "\n".join(["", rule, *lines, rule, ""])


def _days_before() -> int:
    parser = ArgumentParser(prog="python -m monps.run", description="All of MON_PS.")
    told = "days of past that a new simulated market gets first"
    parser.add_argument("--days-before", type=int, default=0, help=told)
    return int(parser.parse_args().days_before)


if __name__ == "__main__":
    sys.exit(main(_days_before()))
