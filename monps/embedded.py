"""PostgreSQL and Valkey as direct children of ours, under a data folder, on unix sockets only.

`make run`, the tests and CI use them where DATABASE_URL or REDIS_URL is not set; production has
servers of its own. `python -m monps.embedded -- COMMAND...` runs one command beside two empty
servers and removes them again.
"""

import contextlib
import os
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psycopg

from monps import child
from monps.binaries import EmbeddedError, find_broker, find_postgres
from monps.cluster import ENVIRONMENT, SUPERUSER, make_cluster, remove_stale_lock
from monps.server_folder import name_inside, own_folder, server_account, socket_folder

DATABASE = "monps"
POSTGRES_SOCKET = ".s.PGSQL.5432"
BROKER_SOCKET = "valkey.sock"
START_SECONDS = 120  # crash recovery of a large database takes its time
STOP_SIGNALS = {
    "postgres": signal.SIGINT,  # "fast": rolls back, writes a checkpoint and ends
    "valkey": signal.SIGTERM,
}
POSTGRES_SETTINGS = {
    "listen_addresses": "",
    "port": "5432",  # only names the socket
    "shared_buffers": "128MB",
    "max_connections": "60",
    "jit": "off",  # compiling costs more than our queries
    "log_checkpoints": "off",
}
DISPOSABLE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
BROKER_SETTINGS = {
    "port": "0",
    "dir": ".",
    "unixsocketperm": "700",
    "appendonly": "yes",  # with no snapshots beside it: a kill -9 loses no queued task
    "save": "",
    "maxmemory-policy": "noeviction",
    "loglevel": "warning",
}


@dataclass(frozen=True, slots=True)
class Server:
    """A running server: where clients find it, and how it is stopped."""

    url: str
    process: subprocess.Popen[bytes]
    stop_signal: signal.Signals

    def stop(self, seconds: float = 5) -> None:
        """End it in order; after `seconds` by kill -9, which loses nothing committed either."""
        child.stop(self.process, stop_signal=self.stop_signal, seconds=seconds)


def start_postgres(
    var: Path,
    *,
    output: int | None = None,
    durable: bool = True,
    further: Mapping[str, str] | None = None,
) -> Server:
    """Start PostgreSQL in `var`/postgres and wait until it answers.

    Makes the cluster and the database on the first start, ends a server that an earlier run of
    ours left behind, and recovers from any crash.

    Args:
        var: Data folder; made when missing.
        output: File descriptor for its log; `var`/postgres.log when None.
        durable: False gives up safety in a power cut for speed (tests).
        further: PostgreSQL's settings beside ours.

    Raises:
        EmbeddedError: It cannot run here; the message says why.
    """
    account, folder = server_account(), var.resolve() / "postgres"
    child.end_leftover(_record(var, "postgres"), stop_signal=STOP_SIGNALS["postgres"])
    binaries = find_postgres(account)
    make_cluster(folder, binaries, account, durable=durable)
    remove_stale_lock(folder)
    sockets = socket_folder(folder, POSTGRES_SOCKET, account)
    settings = {**POSTGRES_SETTINGS, **({} if durable else DISPOSABLE), **(further or {})}
    settings["unix_socket_directories"] = "." if sockets == folder else str(sockets)
    command = [str(binaries.folder / "postgres"), "-D", name_inside(folder, account)]
    command += [f"--{name}={value}" for name, value in settings.items()]
    process = _spawn(command, var, "postgres", output)
    _wait_until(lambda: _make_database(sockets), process, "PostgreSQL")
    return Server(
        f"postgres://{SUPERUSER}@/{quote(str(sockets))}/{DATABASE}",
        process,
        STOP_SIGNALS["postgres"],
    )


def start_broker(var: Path, *, output: int | None = None) -> Server:
    """Start Valkey (or Redis) in `var`/valkey and wait until it answers; see `start_postgres`.

    Raises:
        EmbeddedError: It cannot run here; the message says why.
    """
    account, folder = server_account(), var.resolve() / "valkey"
    child.end_leftover(_record(var, "valkey"), stop_signal=STOP_SIGNALS["valkey"])
    own_folder(folder, account)
    sockets = socket_folder(folder, BROKER_SOCKET, account)
    path = sockets / BROKER_SOCKET
    settings = BROKER_SETTINGS | {"unixsocket": BROKER_SOCKET if sockets == folder else str(path)}
    command = [str(find_broker(account))]
    command += [word for name, value in settings.items() for word in (f"--{name}", value)]
    process = _spawn(command, var, "valkey", output)
    _wait_until(lambda: _answers_ping(path), process, "Valkey")
    return Server(f"unix://{quote(str(path))}?db=0", process, STOP_SIGNALS["valkey"])


@contextlib.contextmanager
def disposable_servers(**further: str) -> Iterator[dict[str, str]]:
    """Two empty servers in a temporary folder; gives the environment that points to them.

    Args:
        further: PostgreSQL's settings beside ours.
    """
    with tempfile.TemporaryDirectory(prefix="monps-") as name, contextlib.ExitStack() as stack:
        postgres = start_postgres(Path(name), durable=False, further=further)
        stack.callback(postgres.stop)
        broker = start_broker(Path(name))
        stack.callback(broker.stop)
        yield {"DATABASE_URL": postgres.url, "REDIS_URL": broker.url}


def main(arguments: list[str]) -> int:
    """Run the command after `--` beside disposable servers; its exit code is ours."""
    if arguments[:1] != ["--"] or len(arguments) == 1:
        sys.stderr.write("Usage: python -m monps.embedded -- COMMAND...\n")
        return 2
    try:
        with disposable_servers() as servers:
            environment = {"SECRET_KEY": secrets.token_urlsafe(50)} | os.environ | servers
            return subprocess.run(arguments[1:], env=environment, check=False).returncode
    except EmbeddedError as error:
        sys.stderr.write(f"{error}\n")
        return 1


def _spawn(command: list[str], var: Path, name: str, output: int | None) -> subprocess.Popen[bytes]:
    """Start a server inside its folder and record it."""
    with contextlib.ExitStack() as stack:
        if output is None:
            output = os.open(var / f"{name}.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            stack.callback(os.close, output)
        process = child.spawn(
            command,
            output=output,
            cwd=var / name,
            environment=ENVIRONMENT,
            account=server_account(),
            death_signal=STOP_SIGNALS[name],
        )
    child.record(process, _record(var, name))
    return process


def _record(var: Path, name: str) -> Path:
    return var / "run" / f"{name}.pid"


def _wait_until(answers: Callable[[], bool], process: subprocess.Popen[bytes], name: str) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not answers():
        if process.poll() is not None:
            raise EmbeddedError(f"{name} ended while it started (exit code {process.returncode}).")
        if time.monotonic() > deadline:
            raise EmbeddedError(f"{name} did not answer within {START_SECONDS} seconds.")
        time.sleep(child.POLL_SECONDS)


def _make_database(sockets: Path) -> bool:
    """Make the database on the first start; False while the server does not answer yet."""
    try:
        connection = psycopg.connect(
            host=str(sockets), port=5432, user=SUPERUSER, dbname="postgres", autocommit=True
        )
    except psycopg.OperationalError:
        return False
    with connection:
        known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
        if known.fetchone() is None:
            connection.execute(f"CREATE DATABASE {DATABASE}")
    return True


def _answers_ping(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as connection, contextlib.suppress(OSError):
        connection.settimeout(1)
        connection.connect(str(path))
        connection.sendall(b"PING\r\n")
        return connection.recv(64).startswith(b"+PONG")  # "-LOADING" while it reads its file
    return False


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
