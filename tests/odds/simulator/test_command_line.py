"""Starting and stopping the simulator as a process."""

import json
import signal
import subprocess
import sys
from argparse import ArgumentParser
from contextlib import contextmanager

import pytest
import requests
from django.core.management import CommandError, call_command

from odds.management.commands.simulate_odds_api import Command
from odds.simulator.command_line import add_arguments, run


@contextmanager
def running(*arguments):
    command = [sys.executable, "-m", "odds.simulator", "--port", "0", *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as it:
        try:
            yield it
        finally:
            it.kill()


def url_of(process):
    return process.stdout.readline().strip()


def get(url, path, **parameters):
    return requests.get(f"{url}/v4/{path}", params={"apiKey": "k", **parameters}, timeout=10)


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
def test_it_prints_its_url_serves_and_stops_when_asked(stop):
    with running() as process:
        answer = get(url_of(process), "sports")
        process.send_signal(stop)

        assert answer.status_code == 200
        assert process.wait(timeout=10) == 0


def test_a_restarted_simulator_goes_on_with_the_same_market():
    # So slow that both see the same simulated minute.
    arguments = ["--seed", "5", "--speed", "0.001", "--anchor", "2026-01-05T00:00:00Z"]
    bodies = []
    for _ in range(2):
        with running(*arguments) as process:
            bodies.append(get(url_of(process), "sports/soccer_epl/odds", regions="eu").json())

    assert bodies[0]
    assert bodies[0] == bodies[1]


def test_options_reach_the_server():
    arguments = ["--key", "right", "--quota", "7", "--fault", "rate_limited:soccer_epl:1"]
    with running(*arguments) as process:
        url = url_of(process)
        wrong, right = get(url, "sports"), get(url, "sports", apiKey="right")
        limited = get(url, "sports/soccer_epl/events", apiKey="right")

    assert (wrong.status_code, right.status_code, limited.status_code) == (401, 200, 429)
    assert right.headers["x-requests-remaining"] == "7"


def test_a_recording_can_be_replayed(tmp_path):
    line = {"fetched_at": "2026-06-11T10:00:00Z", "sport": "soccer_epl", "body": []}
    (tmp_path / "day.jsonl").write_text(json.dumps(line) + "\n")

    with running("--replay", str(tmp_path), "--speed", "10") as process:
        url = url_of(process)
        sports, odds = get(url, "sports"), get(url, "sports/soccer_epl/odds", regions="eu")

    assert [sport["key"] for sport in sports.json()] == ["soccer_epl"]
    assert odds.json() == []
    assert odds.headers["x-requests-last"] == "0"


@pytest.mark.parametrize(
    "arguments",
    [["--speed", "0"], ["--fault", "plague"], ["--anchor", "soon"], ["--replay", "/nowhere"]],
)
def test_a_senseless_option_is_refused_before_anything_is_served(arguments):
    parser = ArgumentParser()
    add_arguments(parser)
    announced = []

    with pytest.raises((ValueError, OSError)):
        run(parser.parse_args(["--port", "0", *arguments]), announced.append)

    assert announced == []


def test_the_django_command_has_the_same_options():
    with pytest.raises(CommandError, match="no such fault: 'plague'"):
        call_command(Command(), "--port", "0", "--fault", "plague")
