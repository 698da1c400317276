"""The test of every channel: the command and the button say of each what came of it."""

import io

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from pytest_httpserver import HTTPServer

from alerts.models import Mail
from tests.alerts.choices import choose
from tests.alerts.mailbox import Mailbox

pytestmark = pytest.mark.django_db


def tried() -> str:
    out = io.StringIO()
    call_command("send_test_alert", stdout=out, no_color=True)
    return out.getvalue()


def test_a_test_mail_arrives_though_others_wait(mailbox: Mailbox):
    Mail.objects.create(
        key="other", severity="info", subject="Other", text="", created_at="2026-11-21T12:00Z",
        due_at="2026-11-21T12:00Z",
    )  # fmt: skip

    said = tried()

    assert len(mailbox.received) == 1
    assert Mail.objects.get(key="other").status == Mail.Status.WAITING
    assert "E-mail: the mail server took the test mail." in said
    assert "Alertmanager: none is configured" in said


def test_two_tests_are_two_mails(mailbox: Mailbox):
    tried()
    tried()

    assert len(mailbox.received) == 2
    assert len({message["Message-ID"] for message in mailbox.received}) == 2


def test_a_channel_that_fails_is_said_and_the_command_fails(mail_port: int):
    choose()
    out = io.StringIO()
    with pytest.raises(CommandError):
        call_command("send_test_alert", stdout=out, no_color=True)

    assert "E-mail: Waiting. Nothing listens" in out.getvalue()


def test_mails_that_are_not_configured_are_said(settings):
    settings.EMAIL_TO = []

    with pytest.raises(CommandError):
        tried()


def test_alertmanager_is_tried_where_there_is_one(
    mailbox: Mailbox, settings, httpserver: HTTPServer
):
    settings.ALERTMANAGER_URL = httpserver.url_for("")
    httpserver.expect_request("/api/v2/alerts").respond_with_json({})

    assert "Alertmanager: it took the test alert" in tried()
    assert len(httpserver.log) == 1


def test_the_button_says_the_same(mailbox: Mailbox, admin_client):
    page = admin_client.post(
        reverse("admin:alerts_try"), follow=True, headers={"accept-language": "en"}
    )

    assert "the mail server took the test mail" in page.content.decode()
    assert len(mailbox.received) == 1


def test_the_button_is_for_those_who_may_work_with_mails(client, django_user_model):
    reader = django_user_model.objects.create(username="reader", is_staff=True)
    client.force_login(reader)

    assert client.post(reverse("admin:alerts_try")).status_code == 403
    assert client.get(reverse("admin:alerts_try")).status_code == 405
