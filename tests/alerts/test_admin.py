"""Alerts and mails in the admin: seen at a glance, acknowledged, silenced, sent again."""

import json
import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pytest_httpserver import HTTPServer

from alerts.models import Alert, AlertmanagerState, Mail, NotificationSettings
from tests.alerts.mailbox import free_port

pytestmark = pytest.mark.django_db

ALERTS, MAILS = "/admin/alerts/alert/", "/admin/alerts/mail/"


@pytest.fixture
def desk(admin_user: Any) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(admin_user)
    return client


def make_alert(name="BankrollCritique", **given: Any) -> Alert:
    now = timezone.now()
    values = {
        "source": "own",
        "fingerprint": f"{Alert.objects.count():016x}",
        "name": name,
        "severity": "critical",
        "labels": {"alertname": name, "severity": "critical"},
        "annotations": {"summary": f"Summary of {name}", "description": "Below 900 €"},
        "pending_since": now - timedelta(minutes=9),
        "starts_at": now - timedelta(minutes=4),
        "seen_at": now,
    }
    return Alert.objects.create(**values | given)


def make_mail(key="first", **given: Any) -> Mail:
    now = timezone.now()
    values = {
        "key": key, "severity": "info", "subject": f"About {key}", "text": "As text",
        "html": "<p>As <b>HTML</b></p><script>alert(1)</script>", "created_at": now, "due_at": now,
    }  # fmt: skip
    return Mail.objects.create(**values | given)


def failed(key="first", **given: Any) -> Mail:
    now = timezone.now()
    given = {"status": "failed", "claim": 1, "claimed_at": now, "failure": "Refused."} | given
    return make_mail(key, **given)


def text_of(answer: Any) -> str:
    html = re.sub(r"<(script|style)\b.*?</\1>", " ", answer.content.decode(), flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def test_open_alerts_come_first_then_the_newest(desk: Client):
    now = timezone.now()
    make_alert("Older", ends_at=now - timedelta(hours=2), starts_at=now - timedelta(hours=3))
    make_alert("Newer", ends_at=now - timedelta(hours=1), starts_at=now - timedelta(hours=3))
    make_alert("Open", starts_at=now - timedelta(days=2))

    page = text_of(desk.get(ALERTS))

    positions = [page.index(f"Summary of {name}") for name in ("Open", "Newer", "Older")]
    assert positions == sorted(positions)


def test_the_list_is_narrowed_to_open_ones(desk: Client):
    make_alert("Open")
    make_alert("Over", ends_at=timezone.now())
    make_alert("Pending", starts_at=None)

    pages = {
        show: text_of(desk.get(ALERTS, {"show": show})) for show in ("open", "over", "pending")
    }

    assert "Summary of Open" in pages["open"]
    assert "Summary of Over" not in pages["open"]
    assert "Summary of Over" in pages["over"]
    assert "Summary of Pending" in pages["pending"]


def test_an_alert_is_acknowledged_by_its_first_reader_with_a_note(desk: Client, admin_user: Any):
    alert = make_alert()
    address = reverse("admin:alerts_alert_acknowledge", args=[alert.pk])

    first = desk.post(address, {"note": "moving money"}, follow=True)
    second = desk.post(address, {"note": "too late"}, follow=True)

    alert.refresh_from_db()
    assert "It is acknowledged" in text_of(first)
    assert "acknowledged already" in text_of(second)
    assert (alert.acknowledged_by, alert.note) == (admin_user.username, "moving money")
    assert "moving money" in text_of(
        desk.get(reverse("admin:alerts_alert_change", args=[alert.pk]))
    )


def test_several_are_acknowledged_at_once(desk: Client):
    pks = [make_alert(name).pk for name in ("A", "B")]

    page = desk.post(ALERTS, {"action": "acknowledge", "_selected_action": pks}, follow=True)

    assert "2 alerts acknowledged." in text_of(page)
    assert not Alert.objects.filter(acknowledged_at=None).exists()


def test_who_may_only_look_cannot_acknowledge(client: Client, django_user_model: Any):
    alert = make_alert()
    reader = django_user_model.objects.create(username="reader", is_staff=True)
    client.force_login(reader)

    answer = client.post(reverse("admin:alerts_alert_acknowledge", args=[alert.pk]), {"note": ""})

    assert answer.status_code == 403
    assert Alert.objects.get().acknowledged_at is None


def test_a_silence_is_asked_of_alertmanager_for_as_long_as_chosen(
    desk: Client, settings: Any, httpserver: HTTPServer, admin_user: Any
):
    settings.ALERTMANAGER_URL = httpserver.url_for("")
    httpserver.expect_request("/api/v2/silences").respond_with_json({"silenceID": "1"})
    alert = make_alert(source="alertmanager")
    page = text_of(desk.get(reverse("admin:alerts_alert_change", args=[alert.pk])))
    assert "Silence in Alertmanager" in page

    answer = desk.post(
        reverse("admin:alerts_alert_silence", args=[alert.pk]),
        {"hours": "4", "comment": "known"},
        follow=True,
    )

    assert "Alertmanager is silent about it until" in text_of(answer)
    [(request, _answer)] = httpserver.log
    assert json.loads(request.data)["createdBy"] == admin_user.username


def test_a_silence_that_fails_is_said(desk: Client, settings: Any):
    settings.ALERTMANAGER_URL = f"http://127.0.0.1:{free_port()}"
    address = reverse("admin:alerts_alert_silence", args=[make_alert().pk])

    assert "Alertmanager cannot be reached" in text_of(desk.post(address, {"hours": "4"}))
    assert "Select a valid choice" in text_of(desk.post(address, {"hours": "9999"}))


def test_without_alertmanager_there_is_nothing_to_silence(desk: Client):
    page = desk.get(reverse("admin:alerts_alert_change", args=[make_alert().pk]))

    assert "Silence" not in text_of(page)


def test_a_link_of_an_alert_is_followed_only_where_it_is_one(desk: Client):
    alert = make_alert(annotations={"url": "javascript:alert(1)"})

    page = desk.get(reverse("admin:alerts_alert_change", args=[alert.pk]))

    assert 'href="javascript:' not in page.content.decode()


def test_a_mail_is_shown_as_it_is_read_in_a_frame_that_runs_nothing(desk: Client):
    mail = make_mail()

    page = desk.get(reverse("admin:alerts_mail_change", args=[mail.pk])).content.decode()

    assert re.search(r"<iframe sandbox [^>]*srcdoc=\"&lt;p&gt;As &lt;b&gt;HTML", page)
    assert "<script>alert(1)</script>" not in page
    assert "As text" in page


def test_a_failed_mail_says_why_and_is_sent_again(desk: Client):
    mail = failed()
    page = text_of(desk.get(MAILS))
    assert "Refused." in page

    answer = desk.post(reverse("admin:alerts_mail_again", args=[mail.pk]), follow=True)

    assert "It is sent again within a minute." in text_of(answer)
    assert Mail.objects.get().status == Mail.Status.WAITING


def test_several_mails_are_sent_again_and_the_others_left(desk: Client):
    pks = [failed("a").pk, failed("b", status="in_doubt").pk, make_mail("c").pk]

    page = desk.post(MAILS, {"action": "send_again", "_selected_action": pks}, follow=True)

    assert "2 mails are sent again within a minute; 1 left as they are." in text_of(page)


def test_the_list_of_mails_says_which_channels_there_are(desk: Client, settings: Any):
    settings.EMAIL_TO, settings.ALERTMANAGER_URL = [], ""
    assert "E-mail is not configured" in text_of(desk.get(MAILS))

    settings.EMAIL_TO, settings.EMAIL_HOST = ["owner@example.org"], "mail.example.org"
    settings.ALERTMANAGER_URL = "http://alertmanager:9093"
    AlertmanagerState.objects.create(failing_since=timezone.now(), failure="It is away.")
    NotificationSettings.objects.create(is_mail_on=False)
    page = text_of(desk.get(MAILS))
    assert "switched off" in page
    assert "It is away." in page
    assert "owner@example.org" not in page


@pytest.mark.parametrize(
    ("address", "make", "most"), [(ALERTS, make_alert, 4), (MAILS, make_mail, 6)]
)
def test_a_list_asks_as_often_for_fifty_rows_as_for_five(desk, address, make, most):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert desk.get(address).status_code == 200
        # Once, for the action that takes all of them.
        assert sum("COUNT(*)" in one["sql"].upper() for one in captured) == 1
        return len(captured)

    for number in range(5):
        make(f"few-{number}")
    few = queries()
    for number in range(45):
        make(f"many-{number}")

    assert queries() == few <= most


@pytest.mark.parametrize("model", ["notificationsettings", "alertsettings"])
def test_settings_are_one_form(desk: Client, model: str):
    answer = desk.get(f"/admin/alerts/{model}/", follow=True)

    assert answer.status_code == 200
    assert answer.context["adminform"].errors == {}
