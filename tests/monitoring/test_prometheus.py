"""The rules under promtool: each fires when it should, and is silent when it should be."""

import json
import os
import re
import subprocess
import urllib.request
from datetime import timedelta

import pytest
import yaml

from alerts.conditions import Facts
from alerts.models import AlertSettings
from alerts.rule import Holding
from alerts.rules import RULES
from tests.monitoring.conftest import MONITORING, answers, free_port, until
from tests.monitoring.promtool_files import FILES, JOB, MINUTE, duration, rule_tests
from tests.monitoring.rule_cases import CASES, Ago, Case

HOUR = timedelta(hours=1)
# Prometheus alone evaluates these: they have their own tests below.
ONLY_PROMETHEUS = {"BackendDown", "NewOpportunitySpike", "AlertmanagerMailsFailing"}


def step_of(rule):
    """Between two evaluations; longer for what takes hours, which promtool would take long over."""
    return 10 * MINUTE if rule.holds_for >= HOUR else MINUTE


def looked_at(rule):
    """When a rule is looked at, from the first sample on: just after it has held long enough."""
    return rule.holds_for + step_of(rule)


def value_of(sample, at):
    return at.total_seconds() - sample.seconds if isinstance(sample, Ago) else sample


def scraped(series):
    """A series with the labels a scrape adds."""
    name, _brace, labels = series.rstrip("}").partition("{")
    return f"{name}{{{', '.join(filter(None, [labels, JOB]))}}}"


def said(case):
    """The one alert a case expects, or none."""
    if case.says is None:
        return []
    rule = RULES[case.rule]
    return [
        {
            "exp_labels": {"severity": rule.severity.value} | case.labels,
            "exp_annotations": {
                "summary": rule.summary.fr.format(**case.labels),
                "description": case.says,
                "runbook": f"docs/OPERATIONS.md#{case.rule.lower()}",
            },
        }
    ]


def expected(case, at, alerts):
    return {"eval_time": duration(at), "alertname": case.rule, "exp_alerts": alerts}


def test_of(case):
    """A case for promtool: nothing before it has held long enough, then what it says."""
    rule = RULES[case.rule]
    at, step = looked_at(rule), step_of(rule)
    steps = at // step + 1
    before = [expected(case, at - 2 * step, [])] if rule.holds_for > step else []
    return {
        "interval": duration(step),
        "input_series": [
            {"series": scraped(series), "values": f"{value_of(sample, at)}+0x{steps}"}
            for series, sample in case.samples.items()
        ],
        "alert_rule_test": [*before, expected(case, at, said(case))],
    }


test_of.__test__ = False


def test_the_configuration_is_one(promtool, filled):
    path = filled(
        "prometheus/prometheus.yml",
        RULES_FOLDER=str(MONITORING / "prometheus/rules"),
        MONPS_API_TOKEN="the token",
    )

    checked = promtool("check", "config", path)

    assert checked.returncode == 0, checked.stderr
    assert f"{len(FILES)} rule files found" in checked.stdout


def test_without_the_token_it_does_not_start(filled, tmp_path):
    filled("prometheus/prometheus.yml", command=("touch", str(tmp_path / "started")))

    assert filled.code == 2
    assert "MONPS_API_TOKEN is not set" in filled.said
    assert not (tmp_path / "started").exists()


def test_the_rules_are_rules(promtool):
    checked = promtool("check", "rules", "--lint=all", "--lint-fatal", *FILES)

    assert len(FILES) == 5
    assert checked.returncode == 0, checked.stderr


def test_every_rule_has_a_case_that_fires_and_one_that_does_not():
    fires = {case.rule for case in CASES if case.says}
    silent = {case.rule for case in CASES if not case.says}

    assert fires == silent == RULES.keys() - ONLY_PROMETHEUS
    assert {name for name, rule in RULES.items() if rule.needs_prometheus} == ONLY_PROMETHEUS


@pytest.mark.parametrize("step", [MINUTE, 10 * MINUTE], ids=duration)
def test_every_rule_fires_when_it_should_and_only_then(promtool, tmp_path, step):
    tests = [test_of(case) for case in CASES if step_of(RULES[case.rule]) == step]

    tested = promtool("test", "rules", rule_tests(tmp_path, tests, step))

    assert tested.returncode == 0, tested.stdout + tested.stderr


def test_a_wrong_expectation_is_noticed(promtool, tmp_path):
    wrong = Case("BankrollCritique", {"monps_bankroll": 890}, "La bankroll va bien.")

    tested = promtool("test", "rules", rule_tests(tmp_path, [test_of(wrong)]))

    assert tested.returncode != 0


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.rule}-{case.says is not None}")
def test_what_is_evaluated_here_is_what_prometheus_finds(case):
    rule = RULES[case.rule]
    at = looked_at(rule)
    samples = {}
    for series, sample in case.samples.items():
        name, _brace, rest = series.partition("{")
        labels = dict(re.findall(r'(\w+)="([^"]*)"', rest))
        samples.setdefault(name, []).append((labels, value_of(sample, at)))

    found = rule.holding(
        Facts(samples=samples, thresholds=AlertSettings().thresholds(), now=at.total_seconds())
    )

    assert [described(one) for one in found] == [
        (one["exp_labels"], one["exp_annotations"]) for one in said(case)
    ]


def described(holding: Holding):
    labels = holding.labels
    assert labels.pop("alertname") == holding.rule.name
    return labels, holding.annotations("fr")


def test_a_prometheus_reads_the_site_with_its_token_and_evaluates_every_rule(
    tool, tmp_path, httpserver
):
    httpserver.expect_request(
        "/metrics", headers={"Authorization": "Bearer the token"}
    ).respond_with_data("monps_up 1\n", content_type="text/plain; version=0.0.4")
    source = tmp_path / "prometheus.yml"
    text = (MONITORING / "prometheus/prometheus.yml").read_text(encoding="utf-8")
    source.write_text(
        re.sub(r"(scrape_interval|scrape_timeout|evaluation_interval): \d+s", r"\1: 1s", text)
    )
    port = free_port()
    command = [
        *("/bin/sh", MONITORING / "start.sh", source, tool("prometheus")),
        f"--config.file={tmp_path}/run/prometheus.yml",
        f"--storage.tsdb.path={tmp_path}/data",
        f"--web.listen-address=127.0.0.1:{port}",
    ]
    environment = {
        "PATH": os.environ["PATH"],
        "RUN_FOLDER": str(tmp_path / "run"),
        "RULES_FOLDER": str(MONITORING / "prometheus/rules"),
        "WEB_ADDRESS": f"127.0.0.1:{httpserver.port}",
        "ALERTMANAGER_ADDRESS": "127.0.0.1:9",
        "MONPS_API_TOKEN": "the token",
    }
    api = f"http://127.0.0.1:{port}/api/v1"
    with (tmp_path / "log").open("w") as log:
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
    try:
        until(lambda: answers(f"http://127.0.0.1:{port}/-/ready"))
        found = until(lambda: asked(f"{api}/query?query=monps_up")["result"])
        groups = until(lambda: evaluated(asked(f"{api}/rules")["groups"]))
    finally:
        process.terminate()
        process.wait(10)

    assert [(one["metric"]["job"], one["value"][1]) for one in found] == [("monps_backend", "1")]
    assert [
        rule["lastError"] for group in groups for rule in group["rules"] if "lastError" in rule
    ] == []
    assert {rule["name"] for group in groups for rule in group["rules"]} == RULES.keys()


def asked(url):
    with urllib.request.urlopen(url, timeout=5) as answer:
        return json.load(answer)["data"]


def evaluated(groups):
    """The groups, once each rule was evaluated without an error."""
    rules = [rule for group in groups for rule in group["rules"]]
    return groups if rules and all(rule["health"] == "ok" for rule in rules) else None


def written_rules():
    return [
        rule
        for file in FILES
        for group in yaml.safe_load(file.read_text(encoding="utf-8"))["groups"]
        for rule in group["rules"]
    ]


def test_no_value_is_a_label():
    labels = {key for rule in written_rules() for key in rule["labels"]}
    values = [value for rule in written_rules() for value in rule["labels"].values()]

    assert labels == {"severity"}
    assert set(values) == {"critical", "warning", "info"}


def test_every_alert_is_in_the_runbook():
    handbook = MONITORING.parent / "docs/OPERATIONS.md"
    headings = re.findall(r"^#+ (\w+)$", handbook.read_text(encoding="utf-8"), re.MULTILINE)

    assert RULES.keys() - set(headings) == set()
