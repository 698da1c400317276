"""docker-compose.yml without Docker: its schema, what the schema cannot see, and its promises."""

import copy
import json
import os
import re
import subprocess
from pathlib import Path

import pytest
import yaml

from monps import processes

ROOT = Path(__file__).parents[2]
FILE = ROOT / "docker-compose.yml"
DURATION = re.compile(r"(\d+h)?(\d+m)?(\d+s)?")
DURATIONS = {"interval", "timeout", "start_period", "stop_grace_period"}


@pytest.fixture(scope="module")
def compose():
    return yaml.safe_load(FILE.read_text())


def faults(compose):
    """What `docker compose` would refuse, or wait for without end, though the schema allows it."""
    return [
        f"{name}: {fault}"
        for name, service in compose["services"].items()
        for search in (undefined_names, impossible_waits, wrong_durations)
        for fault in search(service, compose)
    ]


def undefined_names(service, compose):
    sources = {mount.partition(":")[0] for mount in service.get("volumes", [])}
    volumes = {source for source in sources if re.fullmatch(r"\w[\w-]*", source)}
    yield from (f"undefined volume {name}" for name in volumes - compose["volumes"].keys())
    networks = set(service.get("networks", []))
    yield from (
        f"undefined network {name}" for name in networks - compose.get("networks", {}).keys()
    )


def impossible_waits(service, compose):
    for other, how in service.get("depends_on", {}).items():
        if other not in compose["services"]:
            yield f"depends on undefined {other}"
        elif how["condition"] == "service_healthy" and not is_checked(compose["services"][other]):
            yield f"waits for the health of {other}, which has no check"


def wrong_durations(service, compose):
    for where in (service, service.get("healthcheck", {})):
        for key in DURATIONS & where.keys():
            if not where[key] or not DURATION.fullmatch(where[key]):
                yield f"{key} {where[key]!r} is no duration"


def is_checked(service):
    return "test" in service.get("healthcheck", {})


def seconds(duration):
    units = {"h": 3600, "m": 60, "s": 1}
    return sum(int(number) * units[unit] for number, unit in re.findall(r"(\d+)([hms])", duration))


def test_the_file_follows_the_compose_schema():
    checked = subprocess.run(
        ["check-jsonschema", "--builtin-schema", "vendor.compose-spec", FILE],
        env=os.environ | {"PATH": f"{ROOT / '.venv/bin'}:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert checked.returncode == 0, checked.stdout


def test_everything_it_refers_to_exists_and_every_duration_is_one(compose):
    assert faults(compose) == []


@pytest.mark.parametrize(
    ("plant", "complaint"),
    [
        (lambda c: c["services"]["redis"]["volumes"].append("lost:/x"), "undefined volume lost"),
        (lambda c: c["services"]["web"].update(networks=["lost"]), "undefined network lost"),
        (
            lambda c: c["services"]["web"]["depends_on"].update(
                lost={"condition": "service_started"}
            ),
            "depends on undefined lost",
        ),
        (lambda c: c["services"]["postgres"].pop("healthcheck"), "postgres, which has no check"),
        (
            lambda c: c["services"]["redis"]["healthcheck"].update(interval="10 s"),
            "interval '10 s' is no duration",
        ),
        (lambda c: c["services"]["worker"].update(stop_grace_period="5"), "'5' is no duration"),
    ],
)
def test_a_planted_fault_is_found(compose, plant, complaint):
    broken = copy.deepcopy(compose)
    plant(broken)

    assert any(fault.endswith(complaint) for fault in faults(broken)), faults(broken)


def test_the_commands_are_those_of_make_run(compose):
    commands = {name: service.get("command") for name, service in compose["services"].items()}

    assert commands["migrate"] == list(processes.PREPARE)
    assert commands["web"] == list(processes.web(host="0.0.0.0", port=8001))
    assert commands["worker"] == list(processes.WORKER)
    assert commands["long-worker"] == list(processes.LONG_WORKER)
    assert commands["beat"] == list(processes.BEAT)


def test_the_image_alone_serves_the_site_as_compose_does():
    lines = (ROOT / "Dockerfile").read_text().splitlines()
    command = next(line.removeprefix("CMD ") for line in lines if line.startswith("CMD "))

    assert json.loads(command) == list(processes.web(host="0.0.0.0", port=8001))


def test_every_service_that_stays_is_checked_and_comes_back(compose):
    stay = {name: one for name, one in compose["services"].items() if name != "migrate"}

    assert {name for name, one in stay.items() if not is_checked(one)} == set()
    assert {name for name, one in stay.items() if one["restart"] != "unless-stopped"} == set()
    assert compose["services"]["migrate"]["restart"] == "no"


def test_no_port_is_open_to_the_network(compose):
    ports = [port for one in compose["services"].values() for port in one.get("ports", [])]

    assert len(ports) >= 2
    assert [port for port in ports if not port.startswith("127.0.0.1:")] == []


def test_every_image_is_pinned(compose):
    images = [one["image"] for one in compose["services"].values()]
    images += re.findall(r"^FROM (\S+)", (ROOT / "Dockerfile").read_text(), re.MULTILINE)

    assert [i for i in images if ":" not in i or i.endswith((":latest", ":stable"))] == []


def test_no_secret_is_written_in_the_file(compose):
    values = [
        (name, value)
        for service in compose["services"].values()
        for name, value in service.get("environment", {}).items()
        if re.search("PASSWORD|SECRET|TOKEN|KEY", name)
    ]

    assert values
    assert [name for name, value in values if not value.startswith("${")] == []


def test_a_worker_may_finish_its_task_before_it_is_killed(compose, settings):
    grace = seconds(compose["services"]["worker"]["stop_grace_period"])

    assert grace > settings.CELERY_TASK_SOFT_TIME_LIMIT


def test_the_worker_for_long_work_writes_backups_and_the_web_only_reads_them(compose):
    volumes = {name: one.get("volumes", []) for name, one in compose["services"].items()}

    assert volumes["long-worker"] == ["backups:/backups"]
    assert volumes["web"] == ["backups:/backups:ro"]


def test_backups_are_made_with_the_tools_of_the_servers_version(compose):
    image = compose["services"]["postgres"]["image"]
    tools = re.search(r"postgresql-client-(\d+)", (ROOT / "Dockerfile").read_text())

    assert image.endswith(f"-pg{tools.group(1)}")
