""".env.example and monps/settings.py name the same variables, each once and explained."""

import ast
import re
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
# docker-compose.yml alone reads them.
OF_GRAFANA = {"GRAFANA_ADMIN_PASSWORD", "GRAFANA_DB_PASSWORD"}


def variables_read(source):
    """Names in calls like env.str("NAME", ...), wherever they stand in the module."""
    return [
        call.args[0].value
        for call in ast.walk(ast.parse(source))
        if isinstance(call, ast.Call)
        and "env" in {name.id for name in ast.walk(call.func) if isinstance(name, ast.Name)}
        and call.args
        and isinstance(call.args[0], ast.Constant)
    ]


def variables_explained(text):
    """Names on lines NAME=value that follow a comment."""
    return re.findall(r"^# .+\n([A-Z][A-Z0-9_]*)=", text, re.MULTILINE)


@pytest.fixture(scope="module")
def settings_source():
    return (ROOT / "monps/settings.py").read_text()


@pytest.fixture(scope="module")
def example():
    return (ROOT / ".env.example").read_text()


def test_the_example_explains_exactly_the_variables_that_settings_read(settings_source, example):
    told = set(variables_read(settings_source)) | OF_GRAFANA
    assert sorted(variables_explained(example)) == sorted(told)


def test_settings_read_each_variable_once(settings_source):
    assert [
        name for name, times in Counter(variables_read(settings_source)).items() if times > 1
    ] == []


def test_every_assignment_of_the_example_has_its_comment(example):
    assigned = re.findall(r"^([A-Z][A-Z0-9_]*)=", example, re.MULTILINE)

    assert assigned == variables_explained(example)


def test_the_example_holds_no_secret(example):
    secret = re.findall(r"^(SECRET_KEY|\w*PASSWORD|\w*TOKEN|\w*_KEY)=(.+)$", example, re.MULTILINE)

    assert secret == []


def test_only_settings_read_the_environment():
    """What runs inside Django takes its values from settings; the launchers set them."""
    launchers = {"run.py", "installation.py", "embedded.py", "child.py", "cluster.py"}
    launchers.add("exposition.py")  # the Prometheus client takes its folder from there itself
    readers = {
        path.name
        for app in ("monps", "odds", "betting", "strategies", "backups", "alerts")
        for path in (ROOT / app).rglob("*.py")
        if re.search(r"os\.(environ\b(?!\.setdefault\(\"DJANGO)|getenv)", path.read_text())
    }

    assert readers <= launchers
