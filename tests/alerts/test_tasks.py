"""The minute's task: with an Alertmanager it is told, without one MON_PS watches itself."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_httpserver import HTTPServer

from alerts.models import Alert
from alerts.tasks import tick
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
