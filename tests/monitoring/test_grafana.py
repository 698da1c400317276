"""Dashboards: every question can be asked, and what it names is really exported."""

import json
import re
from datetime import UTC, datetime

import pytest
import yaml
from django.db import ProgrammingError, connection, transaction
from django_prometheus.middleware import Metrics

from alerts.metrics import exposition
from alerts.rules import GROUPS
from tests.monitoring.conftest import MONITORING

GRAFANA = MONITORING / "grafana"
FILES = sorted((GRAFANA / "dashboards").glob("*.json"))
NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
# What Prometheus and Alertmanager say of themselves.
THEIRS = {"up", "ALERTS", "alertmanager_notifications_failed_total"}
OPPORTUNITIES = (
    "📊 Opportunités Actuelles|📈 Spread Maximum par Sport|🔑 Requêtes API Restantes|"
    "🎯 Opportunités par Sport|📚 Bookmakers Actifs par Sport|"
    "⚡ Taux de Détection d'Opportunités|🏆 Top Spreads Actuels"
)
WORDS = re.compile(r"[a-zA-Z_:][a-zA-Z0-9_:]*")


def dashboards():
    return {file.name: json.loads(file.read_text(encoding="utf-8")) for file in FILES}


def questions(kind):
    return [
        (f"{name}: {panel['title']}", target[kind])
        for name, board in dashboards().items()
        for panel in board["panels"]
        for target in panel.get("targets", [])
        if kind in target
    ]


def names_in(expression):
    """The metrics of an expression: words that are no function, label, text or duration."""
    bare = re.sub(r'"[^"]*"', "", expression)
    bare = re.sub(r"\b(by|on|ignoring|without)\s*\([^)]*\)", "", bare)
    bare = re.sub(r"\{[^}]*\}|\[[^\]]*\]", "", bare)
    words = {(m.group(), bare[m.end() :].lstrip()[:1]) for m in WORDS.finditer(bare)}
    return {word for word, after in words if after != "("} - {"and", "or", "unless", "max", "sum"}


@pytest.fixture
def exported(db):
    """Names of every series the site tells of itself, also of those without a sample today."""
    Metrics.get_instance()  # as its middleware does when the site starts
    page = exposition.page(now=NOON).decode()
    found = set()
    for name, kind in re.findall(r"^# TYPE (\S+) (\S+)$", page, re.MULTILINE):
        found |= (
            {f"{name}_{part}" for part in ("bucket", "sum", "count")}
            if kind == "histogram"
            else {name}
        )
    return found


def test_the_three_dashboards_keep_their_names():
    assert {board["uid"]: board["title"] for board in dashboards().values()} == {
        "monps_opportunities": "Mon_PS - Opportunités de Trading",
        "monps-performance": "Mon_PS - Performance Analysis",
        "monps-health": "Mon_PS - System Health",
    }


@pytest.mark.parametrize(
    ("uid", "titles"),
    [
        ("monps_opportunities", OPPORTUNITIES),
        ("monps-performance", "Évolution Bankroll|Évolution ROI|Win Rate|Total Paris|ROI Actuel"),
        (
            "monps-health",
            "Activité Paris|Performance Win Rate|Bankroll Santé|ROI Performance|Volume Total",
        ),
    ],
)
def test_what_the_original_showed_comes_first(uid, titles):
    (board,) = [board for board in dashboards().values() if board["uid"] == uid]
    expected = titles.split("|")

    assert [panel["title"] for panel in board["panels"]][: len(expected)] == expected


def test_panels_have_a_place_and_an_id_of_their_own():
    for name, board in dashboards().items():
        panels = board["panels"]
        assert len({panel["id"] for panel in panels}) == len(panels)
        cells = [
            (x, y)
            for panel in panels
            for place in [panel["gridPos"]]
            for x in range(place["x"], place["x"] + place["w"])
            for y in range(place["y"], place["y"] + place["h"])
        ]
        assert len(set(cells)) == len(cells), f"{name} lays one panel over another"
        assert max(x for x, _y in cells) == 23


def test_every_expression_is_one(promtool, tmp_path):
    asked = questions("expr")
    path = tmp_path / "rules.yml"
    rules = [
        {"record": f"question_{number}", "expr": expression}
        for number, (_panel, expression) in enumerate(asked)
    ]
    path.write_text(json.dumps({"groups": [{"name": "dashboards", "rules": rules}]}))

    checked = promtool("check", "rules", path)

    assert checked.returncode == 0, checked.stderr
    assert f"{len(asked)} rules found" in checked.stdout
    assert len(asked) > 40


def test_every_metric_on_a_dashboard_is_exported(exported):
    unknown = {
        panel: names
        for panel, expression in questions("expr")
        if (names := names_in(expression) - exported - THEIRS)
    }

    assert unknown == {}


def test_every_metric_in_a_rule_is_exported(exported):
    ours = {
        name
        for file in (MONITORING / "prometheus/rules").glob("*.yml")
        for group in yaml.safe_load(file.read_text(encoding="utf-8"))["groups"]
        for rule in group["rules"]
        for name in names_in(rule["expr"])
    }

    assert ours - exported - THEIRS == set()
    assert len(ours) > len(GROUPS)


@pytest.mark.parametrize(
    ("expression", "names"),
    [
        ('max(monps_up{job="x"}) == 1', {"monps_up"}),
        ("time() - max by (queue) (beat) > 5 and on () absent(gone)", {"beat", "gone"}),
        ("sum(rate(a_total[5m])) / b", {"a_total", "b"}),
    ],
)
def test_names_are_found_in_an_expression(expression, names):
    assert names_in(expression) == names


@pytest.mark.django_db
def test_every_query_runs_for_a_user_who_can_read_nothing_else():
    asked = questions("rawSql")
    made = (GRAFANA / "reader.sql").read_text(encoding="utf-8").replace(":'password'", "'secret'")

    with connection.cursor() as cursor:
        cursor.execute(made.replace(":DBNAME", connection.settings_dict["NAME"]))
        cursor.execute("SET LOCAL ROLE monps_reader")
        for _panel, query in asked:
            cursor.execute(query)
        for forbidden in ("SELECT FROM auth_user", "DELETE FROM bets"):
            with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
                cursor.execute(forbidden)
    assert len(asked) == 3


def test_every_panel_asks_a_datasource_that_is_provisioned():
    provisioned = yaml.safe_load((GRAFANA / "provisioning/datasources/monps.yml").read_text())
    known = {one["uid"]: one["type"] for one in provisioned["datasources"]}
    asked = {
        (target["datasource"]["uid"], target["datasource"]["type"])
        for board in dashboards().values()
        for panel in board["panels"]
        for target in panel.get("targets", [])
    }

    assert dict(asked) == known
    assert all("password" not in str(one.get("jsonData")) for one in provisioned["datasources"])


def test_passwords_come_from_the_environment():
    text = (GRAFANA / "provisioning/datasources/monps.yml").read_text()

    assert re.findall(r"password: (.*)", text) == ["${GRAFANA_DB_PASSWORD}"]
