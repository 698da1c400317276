"""The configuration of Alertmanager: filled in at the start, and where each alert goes."""

import pytest
import yaml

from alerts.rules import RULES
from tests.monitoring.conftest import MONITORING

FULL = {
    "EMAIL_HOST": "smtp.example.org",
    "EMAIL_TO": "me@example.org",
    "DEFAULT_FROM_EMAIL": "MON_PS <monps@example.org>",
    "ALERTS_WEBHOOK_SECRET": "shared",
}


def configuration(filled, **changes):
    path = filled("alertmanager/alertmanager.yml", **FULL | changes)
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def test_it_is_one(amtool, filled):
    path = filled("alertmanager/alertmanager.yml", **FULL)

    checked = amtool("check-config", path)

    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert "4 receivers" in checked.stdout
    assert "2 templates" in checked.stdout


def test_without_a_mail_server_alerts_are_still_recorded(amtool, filled):
    path = filled("alertmanager/alertmanager.yml", ALERTS_WEBHOOK_SECRET="shared")

    assert "EMAIL_HOST is not set" in filled.said
    assert amtool("check-config", path).returncode == 0
    for receiver in yaml.safe_load(path.read_text(encoding="utf-8"))["receivers"]:
        assert receiver.keys() == {"name", "webhook_configs"}


def test_what_is_filled_in_stays_what_it_was(filled):
    odd = "O'Neil & Fils \\ |x| <me@example.org>"

    values = configuration(filled, DEFAULT_FROM_EMAIL=odd, EMAIL_PORT="2525")

    assert values["global"]["smtp_from"] == odd
    assert values["global"]["smtp_smarthost"] == "smtp.example.org:2525"
    assert values["global"]["smtp_require_tls"] is True


def test_nothing_is_left_to_start_on_a_connection_that_is_encrypted_from_the_first(filled):
    assert configuration(filled, EMAIL_PORT="465")["global"]["smtp_require_tls"] is False


def test_secrets_are_in_files_of_one_account_and_not_in_the_configuration(filled, tmp_path):
    values = configuration(filled, EMAIL_HOST_PASSWORD="open sesame")

    assert (tmp_path / "email_password").read_text() == "open sesame"
    assert (tmp_path / "webhook_secret").read_text() == "shared"
    assert {path.stat().st_mode & 0o077 for path in tmp_path.iterdir()} == {0}
    assert "open sesame" not in str(values)
    assert values["global"]["smtp_auth_password_file"] == f"{tmp_path}/email_password"


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"EMAIL_TO": ""}, "name who gets the mails in EMAIL_TO"),
        ({"EMAIL_PORT": "smtp"}, "EMAIL_PORT is a number, not smtp"),
        ({"EMAIL_USE_TLS": "perhaps"}, "EMAIL_USE_TLS is true or false, not perhaps"),
        ({"EMAIL_TO": "a@b.c\n- evil"}, "EMAIL_TO has more than one line"),
    ],
)
def test_what_cannot_be_meant_is_refused_in_one_sentence(filled, tmp_path, changes, complaint):
    started = tmp_path / "started"

    filled("alertmanager/alertmanager.yml", command=("touch", str(started)), **FULL | changes)

    assert filled.code == 2
    assert complaint in filled.said
    assert filled.said.count("\n") == 1
    assert not started.exists()


@pytest.mark.parametrize(
    ("name", "receiver"),
    [
        *((name, "critical") for name, rule in RULES.items() if rule.severity == "critical"),
        *((name, "default") for name, rule in RULES.items() if rule.severity == "warning"),
        ("OpportunityDetected", "opportunities"),
        ("NewOpportunitiesDetected", "opportunities"),
        ("NewOpportunitySpike", "opportunities"),
        ("ExtremeSpreadOpportunity", "opportunities"),
        ("AgentTestVerdict", "agents"),
        ("SomethingElse", "default"),
    ],
)
def test_each_alert_has_its_receiver(amtool, filled, name, receiver):
    path = filled("alertmanager/alertmanager.yml", **FULL)
    severity = RULES[name].severity if name in RULES else "info"

    routed = amtool(
        *("config", "routes", "test", f"--config.file={path}"),
        *(f"alertname={name}", f"severity={severity}", "sport=soccer_epl"),
    )

    assert routed.stdout.strip() == receiver, routed.stderr


def test_only_a_site_that_is_down_is_told_again_within_the_day(filled):
    route = configuration(filled)["route"]
    first, *others = route["routes"]

    assert first["matchers"] == ['alertname = "BackendDown"']
    assert first["repeat_interval"] == "30m"
    assert route["repeat_interval"] == "24h"
    assert [one for one in others if "repeat_interval" in one] == []
    assert route["group_by"] == ["alertname", "sport"]
    assert [one for one in route["routes"] if "group_by" in one] == []


def test_every_name_in_the_configuration_is_an_alert(filled):
    values = configuration(filled)
    matchers = [m for route in values["route"]["routes"] for m in route["matchers"]]
    for rule in values["inhibit_rules"]:
        matchers += rule["source_matchers"] + rule["target_matchers"]
    named = {
        name
        for matcher in matchers
        if matcher.startswith("alertname")
        for name in matcher.split('"')[1].split("|")
        if "*" not in name
    }

    assert named - RULES.keys() == {"OpportunityDetected"}


def test_start_is_a_script_that_can_be_started():
    assert (MONITORING / "start.sh").stat().st_mode & 0o111
