"""Alertmanager's deliveries: kept once each, in whatever order they come, and from nobody else."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import RequestFactory
from django.urls import reverse
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from alerts import views
from alerts.models import Alert

pytestmark = pytest.mark.django_db

SECRET = "a-secret-of-some-length"
ENDLESS = "0001-01-01T00:00:00Z"


@pytest.fixture(autouse=True)
def secret(settings):
    settings.ALERTS_WEBHOOK_SECRET = SECRET


def alert(**given: Any) -> dict[str, Any]:
    """As Alertmanager 0.25 writes it."""
    values = {
        "status": "firing",
        "labels": {"alertname": "BankrollCritique", "severity": "critical", "sport": "x"},
        "annotations": {"summary": "Bankroll critique"},
        "startsAt": "2026-11-21T12:00:00.123456789Z",
        "endsAt": ENDLESS,
        "generatorURL": "http://prometheus/graph",
        "fingerprint": "c1a7d5e8b4f20916",
    }
    return values | given


RESOLVED = {"status": "resolved", "endsAt": "2026-11-21T13:00:00+01:00"}


def deliver(*alerts: Any, body: Any = None, authorization: str | None = f"Bearer {SECRET}"):
    """Through the view as Alertmanager reaches it: no session, no token of a form."""
    content = {"version": "4", "status": "firing", "alerts": list(alerts)} if body is None else body
    data = content if isinstance(content, bytes) else json.dumps(content).encode()
    headers = {} if authorization is None else {"Authorization": authorization}
    request = RequestFactory(enforce_csrf_checks=True).post(
        "/alerts/webhook", data, content_type="application/json", headers=headers
    )
    return views.receive(request)


def detail(answer) -> str:
    return json.loads(answer.content)["detail"]


def test_a_firing_alert_becomes_an_open_episode():
    answer = deliver(alert())

    kept = Alert.objects.get()
    assert answer.status_code == 200
    assert (kept.name, kept.severity, kept.source) == (
        "BankrollCritique",
        "critical",
        "alertmanager",
    )
    assert kept.starts_at == datetime(2026, 11, 21, 12, 0, 0, 123456, tzinfo=UTC)
    assert kept.ends_at is None
    assert kept.labels == alert()["labels"]
    assert kept.annotations == {"summary": "Bankroll critique"}


def test_a_delivery_that_comes_twice_changes_nothing():
    deliver(alert(), alert(fingerprint="d" * 16))
    before = list(Alert.objects.values("pk", "starts_at", "ends_at"))

    deliver(alert(), alert(fingerprint="d" * 16), alert())

    assert list(Alert.objects.values("pk", "starts_at", "ends_at")) == before


@pytest.mark.parametrize("order", [("firing", "resolved"), ("resolved", "firing")])
def test_an_episode_is_over_whichever_news_comes_first(order):
    told = {"firing": alert(), "resolved": alert(**RESOLVED)}
    for status in order:
        deliver(told[status])

    assert Alert.objects.get().ends_at == datetime(2026, 11, 21, 12, tzinfo=UTC)


def test_the_same_alert_later_is_another_episode():
    deliver(alert(**RESOLVED))
    deliver(alert(startsAt="2026-11-22T12:00:00Z"))

    assert Alert.objects.count() == 2
    assert Alert.objects.open().count() == 1


def test_an_acknowledgement_outlives_the_next_delivery():
    deliver(alert())
    Alert.objects.update(acknowledged_at=datetime.now(UTC), acknowledged_by="owner", note="known")

    deliver(alert(**RESOLVED))

    assert (Alert.objects.get().acknowledged_by, Alert.objects.get().note) == ("owner", "known")


@pytest.mark.parametrize(
    "authorization",
    [
        None,
        "",
        "Bearer",
        "Bearer wrong",
        f"Basic {SECRET}",
        SECRET,
        f"Bearer {SECRET}x",
        "Bearer é",
    ],
)
def test_nobody_without_the_secret_is_heard(authorization):
    answer = deliver(alert(), authorization=authorization)

    assert answer.status_code == 401
    assert SECRET not in answer.content.decode()
    assert not Alert.objects.exists()


def test_without_a_secret_of_our_own_nobody_is_heard(settings):
    settings.ALERTS_WEBHOOK_SECRET = ""

    assert deliver(alert(), authorization="Bearer ").status_code == 401


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"labels": None}, "Alert 2: its labels"),
        ({"labels": {"severity": "x"}}, "Alert 2: its labels"),
        ({"labels": {"alertname": 7}}, "Alert 2: its labels"),
        ({"labels": {"alertname": "A", "b": "\x00"}}, "Alert 2: its labels"),
        ({"labels": {"alertname": "A", "b": "\ud800"}}, "Alert 2: its labels"),
        ({"annotations": []}, "Alert 2: its annotations"),
        ({"fingerprint": ""}, "Alert 2: it has no fingerprint"),
        ({"status": "suppressed"}, "Alert 2: its status"),
        ({"startsAt": "yesterday"}, "Alert 2: it has no instant"),
        ({"startsAt": "2026-11-21T12:00:00"}, "Alert 2: it has no instant"),
        ({"startsAt": ENDLESS}, "Alert 2: it has no instant"),
        ({"status": "resolved", "endsAt": ENDLESS}, "Alert 2: it has no instant"),
    ],
)
def test_a_malformed_alert_is_said_in_one_sentence_and_nothing_of_the_delivery_is_kept(
    wrong, sentence
):
    answer = deliver(alert(), alert(**wrong))

    assert answer.status_code == 400
    assert detail(answer).startswith(sentence)
    assert not Alert.objects.exists()


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"null", b'{"alerts": {}}', b"[" * 100_000, b"\xff\xfe"]
)
def test_a_body_that_is_no_delivery_is_refused(body):
    answer = deliver(body=body)

    assert answer.status_code == 400
    assert detail(answer).startswith("The body")


def test_too_large_a_body_is_refused(settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100

    assert deliver(alert()).status_code == 400


def test_only_posts_are_heard():
    assert views.receive(RequestFactory().get("/alerts/webhook")).status_code == 405


def test_the_page_of_each_episode_has_an_address():
    deliver(alert())

    assert reverse("admin:alerts_alert_change", args=[Alert.objects.get().pk])


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=8,
)


@hypothesis_settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.fixed_dictionaries({}, optional=dict.fromkeys(alert(), JSON)))
def test_whatever_comes_is_kept_or_refused(told):
    answer = deliver(alert() | told)

    assert answer.status_code in {200, 400}
    if answer.status_code == 400:
        assert detail(answer).startswith("Alert 1: ")
