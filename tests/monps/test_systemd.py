"""The systemd units: the commands of every other way to run it, checked by systemd itself."""

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from monps import processes

FOLDER = Path(__file__).parents[2] / "deploy/systemd"
PYTHON = "/opt/monps/.venv/bin/python"
COMMANDS = {
    "prepare": processes.PREPARE,
    "web": processes.web(host="127.0.0.1", port=8001),
    "worker": processes.WORKER,
    "long-worker": processes.LONG_WORKER,
    "beat": processes.BEAT,
}
SERVICES = sorted(FOLDER.glob("*.service"))
MOST_EXPOSED = 2.5  # of 10, by systemd's own scale, where an unconfined service has 9.6


def read(path):
    """The settings of a unit; those that are given several times as several."""
    found = {}
    for line in path.read_text().splitlines():
        name, equals, value = line.partition("=")
        if equals and not line.startswith("#"):
            found.setdefault(name, []).append(value)
    return found


def words(command):
    """What systemd makes of a command line: `%%` is a plain `%`."""
    assert not re.search(r"(?<!%)%(?!%)", command)
    return tuple(word.replace("%%", "%") for word in shlex.split(command))


def test_there_is_a_unit_for_every_process():
    names = {path.stem.removeprefix("monps-") for path in SERVICES}

    assert names == COMMANDS.keys()


@pytest.mark.parametrize("path", SERVICES, ids=lambda path: path.stem)
def test_the_commands_are_those_of_make_run(path):
    (command,) = read(path)["ExecStart"]

    expected = COMMANDS[path.stem.removeprefix("monps-")]
    assert words(command.replace(PYTHON, "python", 1)) == expected


def test_the_target_starts_them_all_and_stops_them_all():
    (wanted,) = read(FOLDER / "monps.target")["Wants"]

    assert set(wanted.split()) == {path.name for path in SERVICES}
    assert [path.name for path in SERVICES if read(path)["PartOf"] != ["monps.target"]] == []


def test_nothing_starts_before_the_database_is_prepared():
    others = [path for path in SERVICES if path.stem != "monps-prepare"]

    for path in others:
        unit = read(path)
        assert unit["Requires"] == ["monps-prepare.service"], path.name
        assert "monps-prepare.service" in unit["After"][0].split(), path.name
        assert unit["Restart"] == ["always"], path.name


def test_a_worker_may_finish_its_task_before_it_is_killed(settings):
    (grace,) = read(FOLDER / "monps-worker.service")["TimeoutStopSec"]

    assert int(grace) > settings.CELERY_TASK_SOFT_TIME_LIMIT


def test_no_secret_is_written_in_a_unit():
    for path in SERVICES:
        given = " ".join(read(path)["Environment"])
        assert not re.search("PASSWORD|SECRET|TOKEN|KEY", given)
        assert read(path)["EnvironmentFile"] == ["/etc/monps/monps.env"]


@pytest.fixture
def units(tmp_path):
    """The units with a Python that is here, for systemd looks whether programs exist."""
    for path in FOLDER.iterdir():
        (tmp_path / path.name).write_text(path.read_text().replace(PYTHON, sys.executable))
    return tmp_path


def analyze(*arguments):
    return subprocess.run(
        ["systemd-analyze", *map(str, arguments)], capture_output=True, text=True, check=False
    )


needs_systemd = pytest.mark.skipif(
    shutil.which("systemd-analyze") is None, reason="systemd-analyze is not installed"
)


@needs_systemd
def test_systemd_accepts_every_unit(units):
    checked = analyze("verify", "--man=no", *sorted(units.iterdir()))

    complaints = [line for line in checked.stderr.splitlines() if "monps" in line]
    assert (checked.returncode, complaints) == (0, [])


@needs_systemd
def test_systemd_would_see_a_planted_mistake(units):
    broken = units / "monps-web.service"
    broken.write_text(broken.read_text().replace("Restart=always", "Restart=allways"))

    assert "allways" in analyze("verify", "--man=no", broken).stderr


@needs_systemd
def test_a_service_that_is_taken_over_reaches_little(units):
    for path in sorted(units.glob("*.service")):
        judged = analyze("security", "--offline=true", f"--threshold={MOST_EXPOSED * 10:.0f}", path)
        assert judged.returncode == 0, judged.stdout[-300:] + judged.stderr
