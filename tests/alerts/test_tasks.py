"""The minute's tasks: with an Alertmanager it is told, without one MON_PS watches itself."""

import json
import logging
from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_httpserver import HTTPServer

from alerts.models import Alert, AlertSettings
from alerts.rules import GROUPS
from alerts.tasks import tick, write_rules
from tests.alerts.mailbox import Mailbox
from tests.factories import make_match, make_opportunity

pytestmark = pytest.mark.django_db


def offer():
    now = timezone.now()
    match = make_match(commence_time=now + timedelta(hours=5))
    return make_opportunity(match=match, first_seen_at=now)


def test_without_an_alertmanager_a_new_opportunity_is_mailed_within_the_minute(mailbox: Mailbox):
    offer()

    tick()
    tick()

    assert len([one for one in mailbox.subjects if one.startswith("💰")]) == 1


def test_with_an_alertmanager_it_is_told_and_no_mail_is_sent_for_it(
    mailbox: Mailbox, settings, httpserver: HTTPServer
):
    httpserver.expect_request("/api/v2/alerts").respond_with_json({})
    offer()
    tick()
    settings.ALERTMANAGER_URL = httpserver.url_for("")
    other = offer()

    tick()

    told = [alert for request, _answer in httpserver.log for alert in json.loads(request.data)]
    assert str(other.pk) in {alert["labels"]["opportunity"] for alert in told}
    assert not Alert.objects.own().open().exists()
    assert len([one for one in mailbox.subjects if one.startswith("💰")]) == 1


def test_a_threshold_that_was_changed_reaches_the_rule_files_within_the_minute(settings, tmp_path):
    folder = tmp_path / "rules"
    settings.ALERT_RULES_FOLDER = str(folder)
    write_rules()
    before = {path.name: path.stat() for path in folder.iterdir()}
    AlertSettings(bankroll_critical=750).save()

    write_rules()

    after = {path.name: path.stat() for path in folder.iterdir()}
    assert "< 750'" in (folder / "money.yml").read_text(encoding="utf-8")
    assert after.keys() == before.keys() == {f"{group}.yml" for group in GROUPS}
    replaced = {name for name in after if after[name].st_ino != before[name].st_ino}
    assert replaced == {"money.yml"}  # as another file, and a reader of the old one has it whole


def test_without_a_folder_no_rules_are_written(settings, tmp_path, monkeypatch):
    settings.ALERT_RULES_FOLDER = ""
    monkeypatch.chdir(tmp_path)

    write_rules()

    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_written_is_named_in_one_line(settings, tmp_path, caplog):
    (tmp_path / "file").touch()
    settings.ALERT_RULES_FOLDER = str(tmp_path / "file")
    caplog.set_level(logging.INFO, "alerts")

    write_rules()

    [line] = [record.getMessage() for record in caplog.records]
    assert line.endswith(f"ALERT_RULES_FOLDER {tmp_path / 'file'}: File exists")
