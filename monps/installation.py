"""What `make run` is asked for by the environment, and what it keeps in its data folder."""

import fcntl
import json
import os
import secrets
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HOST = "127.0.0.1"
GENERATED = ("SECRET_KEY", "MONPS_ADMIN_PASSWORD", "MONPS_API_TOKEN")


class UnusableError(Exception):
    """The installation cannot start as asked; the message tells a person what to change."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Installation:
    """One data folder and how it is to be run.

    Attributes:
        folder: Data folder; a simulated market never shares one with real odds.
        port: Where the web server listens, on this machine only.
        is_simulated: Whether the odds are not real.
        simulator_port: Where our own simulator listens; None where it is not needed.
        environment: What the processes get, less the addresses of the servers.
    """

    folder: Path
    port: int
    is_simulated: bool
    simulator_port: int | None
    environment: dict[str, str]

    @property
    def address(self) -> str:
        """Where a browser finds it."""
        return f"http://{HOST}:{self.port}/"


def read_installation(given: Mapping[str, str]) -> Installation:
    """Work out what to run from environment variables; an empty one counts as unset.

    Makes the data folder and, on the first start, its credentials.

    Raises:
        UnusableError: A value is wrong or the folder cannot be used.
    """
    given = {name: value for name, value in given.items() if value}
    is_simulated = "ODDS_API_KEY" not in given
    folder = Path(given.get("MONPS_VAR", "var")).resolve() / (
        "simulated" if is_simulated else "live"
    )
    simulator_port = free_port() if is_simulated and "ODDS_API_BASE_URL" not in given else None
    defaults = {
        "ODDS_API_KEY": "simulated",
        "ODDS_API_BASE_URL": f"http://{HOST}:{simulator_port}",
        "MONPS_ADMIN_USER": "admin",
        "ALLOWED_HOSTS": f"{HOST},localhost,[::1]",
        "HTTPS": "false",
        "BACKUP_FOLDER": str(folder / "backups"),
        "PUBLIC_URL": f"http://{HOST}:{given.get('PORT', '8001')}",
        "PYTHONUNBUFFERED": "1",
        "OPENBLAS_NUM_THREADS": "1",  # each taking every core, processes make a fit much slower
    }
    if simulator_port is None:
        del defaults["ODDS_API_BASE_URL"]
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        credentials = _credentials(folder / "credentials.json")
    except OSError as error:
        raise UnusableError(
            f"The data folder {folder} cannot be used: {error.strerror}."
        ) from error
    return Installation(
        folder=folder,
        port=_port(given.get("PORT", "8001")),
        is_simulated=is_simulated,
        simulator_port=simulator_port,
        environment=defaults | credentials | given | {"SIMULATED": str(is_simulated).lower()},
    )


def lock(folder: Path) -> int:
    """Take the data folder for this process, for as long as it lives.

    Returns:
        The file descriptor that holds the lock.

    Raises:
        UnusableError: Another process has it.
    """
    held = os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        os.close(held)
        raise UnusableError(
            f"MON_PS already runs on {folder}: stop it first (Ctrl-C in its terminal), "
            "or choose another data folder with MONPS_VAR=folder make run."
        ) from error
    return held


def require_free_port(port: int) -> None:
    """Raise UnusableError unless the web server can listen on `port`."""
    try:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((HOST, port))
    except OSError as error:
        raise UnusableError(
            f"Port {port} cannot be used ({error.strerror}): choose another with "
            f"PORT={port + 1 if port < 65535 else 8001} make run."
        ) from error


def free_port() -> int:
    """A port of this machine on which nobody listens."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def _port(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise UnusableError(f"PORT must be a number from 1 to 65535, not {text!r}.")
    return int(text)


def _credentials(path: Path) -> dict[str, str]:
    """The secrets of this data folder, made once and readable by its owner only."""
    if path.exists():
        kept: dict[str, str] = json.loads(path.read_text())
        return kept
    made = {name: secrets.token_urlsafe(48 if name == "SECRET_KEY" else 15) for name in GENERATED}
    unfinished = path.with_suffix(".new")
    unfinished.unlink(missing_ok=True)
    with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump(made, file, indent=2)
        file.flush()
        os.fsync(file.fileno())
    unfinished.rename(path)
    return made
