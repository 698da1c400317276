"""`make run`, as a person meets it: the real command, real servers, real signals."""

import contextlib
import http.client
import json
import os
import queue
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import psutil
import psycopg
import pytest

from monps.installation import UnusableError, free_port, read_installation

pytestmark = pytest.mark.e2e
ROOT = Path(__file__).parents[2]
FOREIGN = ("DATABASE_URL", "REDIS_URL", "SECRET_KEY", "ODDS_API_KEY", "ODDS_API_BASE_URL")


class Run:
    """One `python -m monps.run`, its output and every process it started."""

    def __init__(self, var, port, **environment):
        given = {name: value for name, value in os.environ.items() if name not in FOREIGN}
        self.port = port
        self.folder = var / "simulated"
        self.process = subprocess.Popen(
            [sys.executable, "-m", "monps.run"],
            cwd=ROOT,
            env=given | {"MONPS_VAR": str(var), "PORT": str(port)} | environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self._lines = queue.SimpleQueue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self):
        for line in self.process.stdout:
            self._lines.put(line)

    def close(self):
        """Ends it, if it has not ended, and everything that was opened for it."""
        self.process.kill()
        self.process.wait()
        self._reader.join(10)
        self.process.stdout.close()

    def wait_for(self, text, seconds=60):
        """Everything said until a line contains `text`."""
        said = []
        give_up_at = time.monotonic() + seconds
        while not said or text not in said[-1]:
            try:
                said.append(self._lines.get(timeout=max(0.01, give_up_at - time.monotonic())))
            except queue.Empty:
                pytest.fail(f"{text!r} was not said within {seconds} s:\n{''.join(said)}")
        return "".join(said)

    def family(self):
        """This process and all below it."""
        me = psutil.Process(self.process.pid)
        return [me, *me.children(recursive=True)]

    def status(self):
        """What /health answers; 0 when nobody listens."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", "/health")
            return connection.getresponse().status
        except OSError:
            return 0
        finally:
            connection.close()

    def database(self):
        """A connection to its database, as a person would look into it."""
        return psycopg.connect(
            host=str(self.folder / "postgres"), user="postgres", dbname="monps", autocommit=True
        )

    def credentials(self):
        """What it keeps between two runs."""
        return json.loads((self.folder / "credentials.json").read_text())


@pytest.fixture
def var():
    """A data folder with a short name: sockets want one."""
    with tempfile.TemporaryDirectory(prefix="run-", ignore_cleanup_errors=True) as name:
        yield Path(name)


@pytest.fixture
def start(var):
    """Starts runs; kills at the end what a failed test left."""
    family, runs = [], []

    def start_run(*, port=None, wait=True):
        run = Run(var, port or free_port())
        runs.append(run)
        if wait:
            run.welcome = run.wait_for("Ctrl-C stops everything")
            run.wait_for("ready.")  # the worker, which is the last
            family.extend(run.family())
        return run

    yield start_run
    kill(family)
    for run in runs:
        run.close()


def kill(family):
    """Kill -9 every one, though some end by themselves when another is killed."""
    for process in family:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()


def gone(family, seconds):
    """Whether all of them have ended within some seconds."""
    return psutil.wait_procs(family, timeout=seconds)[1] == []


def test_one_command_serves_the_site_tells_how_to_enter_and_stops_without_a_trace(start):
    run = start()
    family = run.family()
    secrets = run.credentials()

    assert run.status() == 200
    assert f"http://127.0.0.1:{run.port}/" in run.welcome
    assert secrets["MONPS_ADMIN_PASSWORD"] in run.welcome
    assert secrets["MONPS_API_TOKEN"] in run.welcome
    assert "SIMULATED MARKET" in run.welcome
    assert stat.S_IMODE((run.folder / "credentials.json").stat().st_mode) == 0o600
    run.process.terminate()

    assert run.process.wait(30) == 0
    assert gone(family, 20)  # init takes its time to bury orphans
    assert list((run.folder / "run").iterdir()) == []


def test_what_was_committed_survives_kill_9_of_everything_and_the_next_start_goes_on(start):
    first = start()
    with first.database() as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS number")
    family = first.family()
    kill(family)
    assert gone(family, 20)

    second = start(port=first.port)

    with second.database() as connection:
        assert connection.execute("SELECT number FROM kept").fetchone() == (7,)
    assert second.credentials()["MONPS_ADMIN_PASSWORD"] in first.welcome
    assert second.credentials()["MONPS_ADMIN_PASSWORD"] in second.welcome


def test_after_kill_9_of_the_supervisor_nothing_stays(start):
    run = start()
    family = run.family()

    run.process.kill()

    assert gone(family, 20)
    assert run.status() == 0


def test_a_second_start_on_the_same_folder_is_refused_in_one_sentence(start):
    start()

    second = start(wait=False)

    said = second.wait_for("MONPS_VAR=")
    assert second.process.wait(30) == 2
    assert said.count("\n") == 1
    assert "already runs" in said


def test_a_process_that_dies_is_started_again_and_a_second_ctrl_c_kills_at_once(start):
    run = start()
    web = int((run.folder / "run/web.pid").read_text().split()[0])
    os.kill(web, signal.SIGKILL)
    run.wait_for("web ended (exit code -9); again in 0.5 s")
    give_up_at = time.monotonic() + 60
    while run.status() != 200 and time.monotonic() < give_up_at:
        time.sleep(0.1)
    assert run.status() == 200
    family = run.family()

    run.process.send_signal(signal.SIGINT)
    time.sleep(0.1)
    run.process.send_signal(signal.SIGINT)

    assert run.process.wait(20) == 130
    assert gone(family, 20)


def test_a_busy_port_is_refused_in_one_sentence_before_anything_is_started(start, var):
    holder = socket.create_server(("127.0.0.1", 0))
    port = holder.getsockname()[1]

    run = start(port=port, wait=False)

    said = run.wait_for("make run")
    assert run.process.wait(30) == 2
    assert said.count("\n") == 1
    assert f"Port {port} " in said
    assert f"PORT={port + 1} make run" in said
    assert not (var / "simulated/postgres").exists()
    holder.close()


@pytest.mark.parametrize("command", ["false", "true"])  # however it says that it ended
def test_a_process_that_cannot_live_stops_everything_with_one_sentence(tmp_path, command):
    script = """
import pathlib, signal, sys
from monps import child, supervisor
supervisor.FIRST_DELAY_SECONDS = 0.01
def start(output): return child.spawn(sys.argv[2:], output=output)
try:
    with supervisor.Supervisor(pathlib.Path(sys.argv[1])) as keeper:
        keeper.start(supervisor.Child(name="worker", start=start))
        keeper.run_until(lambda: False, every=0.01)
except supervisor.GaveUpError as error:
    print(error)
"""
    ended = subprocess.run(
        [sys.executable, "-c", script, tmp_path, command],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        timeout=30,
    )

    assert ended.stdout.splitlines()[-1] == "worker died 5 times within a minute."


@pytest.mark.parametrize("port", ["0", "65536", "-1", "eight", "80.5"])
def test_a_port_that_is_none_is_refused_in_one_sentence(tmp_path, port):
    with pytest.raises(UnusableError, match="PORT must be a number from 1 to 65535"):
        read_installation({"MONPS_VAR": str(tmp_path), "PORT": port})


def test_real_odds_get_no_simulated_past(tmp_path):
    ended = subprocess.run(
        [sys.executable, "-m", "monps.run", "--days-before", "3"],
        cwd=ROOT,
        env=os.environ | {"MONPS_VAR": str(tmp_path), "ODDS_API_KEY": "real"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert ended.returncode == 2
    assert ended.stderr == "Only the simulated market gets a past: unset ODDS_API_KEY.\n"


def test_real_odds_and_a_simulated_market_never_share_a_folder(tmp_path):
    given = {"MONPS_VAR": str(tmp_path)}

    simulated = read_installation(given)
    replayed = read_installation(given | {"ODDS_API_BASE_URL": "http://127.0.0.1:9"})
    live = read_installation(given | {"ODDS_API_KEY": "real"})

    assert simulated.folder == replayed.folder == tmp_path / "simulated"
    assert live.folder == tmp_path / "live"
    assert [one.simulator_port is None for one in (simulated, replayed, live)] == [
        False,
        True,
        True,
    ]
    assert [one.environment["SIMULATED"] for one in (simulated, replayed, live)] == [
        "true",
        "true",
        "false",
    ]
    assert replayed.environment["ODDS_API_BASE_URL"] == "http://127.0.0.1:9"
    assert "ODDS_API_BASE_URL" not in live.environment
    assert live.environment["ODDS_API_KEY"] == "real"


def test_secrets_given_by_the_environment_win_over_those_kept(tmp_path):
    given = {"MONPS_VAR": str(tmp_path)}
    kept = read_installation(given).environment

    again = read_installation(given | {"MONPS_ADMIN_PASSWORD": "mine"}).environment

    assert again["MONPS_ADMIN_PASSWORD"] == "mine"
    assert again["SECRET_KEY"] == kept["SECRET_KEY"]
    assert (
        read_installation(given).environment["MONPS_ADMIN_PASSWORD"] == kept["MONPS_ADMIN_PASSWORD"]
    )
