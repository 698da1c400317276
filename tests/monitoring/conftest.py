"""Prometheus and Alertmanager, as Debian's packages bring them."""

import os
import shutil
import socket
import subprocess
import time
import urllib.request
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MONITORING = ROOT / "monitoring"
PACKAGES = "install Debian's packages prometheus and prometheus-alertmanager"


@pytest.fixture(scope="session")
def tool():
    """Finds a program of these packages by its names."""

    def find(*names):
        found = next(filter(None, map(shutil.which, names)), None)
        if found is None:
            reason = f"there is no {names[0]} here: {PACKAGES}"
            if os.environ.get("REQUIRE_MONITORING") == "1":
                pytest.fail(reason)
            pytest.skip(reason)
        return found

    return find


@pytest.fixture(scope="session")
def promtool(tool):
    return runner(tool("promtool"))


@pytest.fixture(scope="session")
def amtool(tool):
    return runner(tool("amtool"))


def runner(program):
    """Runs it with some words; what it wrote and whether it was content."""

    def run(*words):
        return subprocess.run(
            [program, *map(str, words)],
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
            env=os.environ | {"LC_ALL": "C.UTF-8"},
        )

    return run


@pytest.fixture
def filled(tmp_path):
    """Fills a configuration in as a container does at its start; gives its path."""

    def fill(name, command=("true",), **environment):
        source = MONITORING / name
        ran = subprocess.run(
            ["/bin/sh", MONITORING / "start.sh", source, *command],
            env={"PATH": os.environ["PATH"], "RUN_FOLDER": str(tmp_path)} | environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        fill.said = ran.stderr
        fill.code = ran.returncode
        return tmp_path / source.name

    return fill


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def answers(url):
    try:
        with urllib.request.urlopen(url, timeout=1) as answer:
            return answer.status == 200
    except OSError:
        return False


def until(happens, seconds=10):
    give_up_at = time.monotonic() + seconds
    while not (result := happens()):
        assert time.monotonic() < give_up_at, "it did not happen"
        time.sleep(0.05)
    return result
