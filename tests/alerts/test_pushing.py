"""Opportunities as alerts, at a server that speaks Alertmanager's API v2, and at the real one."""

import json
import logging
import shutil
import subprocess
import time
from datetime import UTC, datetime, timedelta

import pytest
import requests
from pytest_httpserver import HTTPServer
from werkzeug import Response

from alerts import pushing
from alerts.models import Alert, AlertmanagerState
from betting.models import Opportunity
from tests.alerts.choices import choose
from tests.alerts.mailbox import free_port
from tests.factories import NOON, make_bookmaker, make_match, make_opportunity, make_sport

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)
PROGRAM = shutil.which("prometheus-alertmanager")


@pytest.fixture(autouse=True)
def in_english(db):
    choose()


@pytest.fixture
def alertmanager(httpserver: HTTPServer, settings) -> HTTPServer:
    settings.ALERTMANAGER_URL = httpserver.url_for("/") + "/"
    settings.PUBLIC_URL = "https://monps.example.org"
    httpserver.expect_request("/api/v2/alerts", method="POST").respond_with_json({})
    return httpserver


def told(server: HTTPServer):
    """Every alert that was posted, in order."""
    return [alert for request, _answer in server.log for alert in json.loads(request.data)]


def found(**given) -> Opportunity:
    match = make_match(
        home_team="Lens",
        away_team="Lille",
        sport=make_sport(key="soccer_france_ligue_one", title="Ligue 1"),
        commence_time=datetime(2026, 11, 22, 20, tzinfo=UTC),
    )
    book = make_bookmaker("winamax_fr", title="Winamax (FR)", is_playable=True)
    return make_opportunity(match=match, best_bookmaker=book, **given)


def test_an_opportunity_is_told_with_all_that_is_known_of_it(alertmanager: HTTPServer):
    opportunity = found(price_seen_at=NOON - 3 * MINUTE)

    assert pushing.push(now=NOON) == 1

    [alert] = told(alertmanager)
    assert alert["labels"] == {
        "alertname": "OpportunityDetected",
        "severity": "info",
        "sport": "soccer_france_ligue_one",
        "opportunity": str(opportunity.pk),
    }
    known = {
        "home_team": "Lens",
        "away_team": "Lille",
        "outcome": "Lens",
        "market": "Match winner",
        "odds": "2.30",
        "bookmaker": "Winamax (FR)",
        "edge_pct": "3.5",
        "spread_pct": "15.0",
        "bookmakers": "5",
        "seen_age": "3 min",
        "kickoff_paris": "22 Nov 2026, 21:00",
        "url": f"https://monps.example.org/admin/betting/opportunity/{opportunity.pk}/change/",
    }
    assert known.items() <= alert["annotations"].items()
    assert alert["startsAt"] == "2026-11-21T12:00:00.000000Z"
    assert alert["endsAt"] == "2026-11-21T12:05:00.000000Z"


def test_its_identity_stays_whatever_its_price_does(alertmanager: HTTPServer):
    opportunity = found()
    pushing.push(now=NOON)
    Opportunity.objects.filter(pk=opportunity.pk).update(best_odds="2.600", edge_pct=17.0)
    pushing.push(now=NOON + MINUTE)

    before, after = told(alertmanager)
    assert before["labels"] == after["labels"]
    assert before["startsAt"] == after["startsAt"]
    assert after["endsAt"] == "2026-11-21T12:06:00.000000Z"
    assert (before["annotations"]["odds"], after["annotations"]["odds"]) != ("2.60", "2.60")


def test_one_that_closes_is_told_with_its_end_and_then_no_more(alertmanager: HTTPServer):
    opportunity = found()
    pushing.push(now=NOON)
    Opportunity.objects.filter(pk=opportunity.pk).update(
        closed_at=NOON + MINUTE, closing="withdrawn"
    )
    pushing.push(now=NOON + 2 * MINUTE)
    pushing.push(now=NOON + 20 * MINUTE)

    assert [alert["endsAt"][11:16] for alert in told(alertmanager)] == ["12:05", "12:01"]


def test_spreads_and_rejected_prices_are_not_told(alertmanager: HTTPServer):
    found(kind="spread")
    found(outcome="draw", rejection="stale")

    assert pushing.push(now=NOON) == 0


def test_an_arbitrage_names_each_leg(alertmanager: HTTPServer):
    legs = [
        {"outcome": outcome, "bookmaker": book, "odds": odds, "seen_at": NOON.isoformat()}
        for outcome, book, odds in (("home", "winamax_fr", 2.2), ("away", "unknown", 2.05))
    ]
    found(kind="arbitrage", legs=legs)
    Opportunity.objects.update(best_bookmaker=None, best_odds=None, fair_probability=None)

    pushing.push(now=NOON)

    [alert] = told(alertmanager)
    assert alert["annotations"]["odds"] == "2.20 / 2.05"
    assert alert["annotations"]["bookmaker"] == "Winamax (FR) / unknown"


def test_hundreds_are_told_in_several_requests_each_once(alertmanager: HTTPServer):
    match, book = make_match(), make_bookmaker()
    for line in range(450):
        make_opportunity(
            match=match, market="totals", outcome="over", line=line, best_bookmaker=book
        )

    assert pushing.push(now=NOON) == 450

    assert len({alert["labels"]["opportunity"] for alert in told(alertmanager)}) == 450
    assert len(alertmanager.log) == 3


def test_an_alertmanager_that_is_away_is_logged_once_and_tried_every_minute(
    settings, httpserver: HTTPServer, caplog
):
    caplog.set_level(logging.INFO, "alerts")
    settings.ALERTMANAGER_URL = f"http://127.0.0.1:{free_port()}/secret-path"
    found()
    for minute in range(60):
        assert pushing.push(now=NOON + minute * MINUTE) == 0
    [line] = [record.getMessage() for record in caplog.records]
    assert "cannot be reached" in line
    assert "secret-path" not in line + AlertmanagerState.objects.get().failure
    assert AlertmanagerState.objects.get().failing_since == NOON

    settings.ALERTMANAGER_URL = httpserver.url_for("")
    httpserver.expect_request("/api/v2/alerts").respond_with_json({})
    assert pushing.push(now=NOON + 60 * MINUTE) == 1

    state = AlertmanagerState.objects.get()
    assert (state.failing_since, state.failure) == (None, "")
    assert state.pushed_at == NOON + 60 * MINUTE


@pytest.mark.parametrize("status", [302, 400, 404, 500])
def test_an_answer_that_is_no_consent_is_a_failure(settings, httpserver: HTTPServer, status: int):
    settings.ALERTMANAGER_URL = httpserver.url_for("")
    httpserver.expect_request("/api/v2/alerts").respond_with_response(Response(status=status))
    found()

    assert pushing.push(now=NOON) == 0

    assert str(status) in AlertmanagerState.objects.get().failure


def test_a_silence_names_the_very_alert(settings, httpserver: HTTPServer):
    settings.ALERTMANAGER_URL = httpserver.url_for("")
    httpserver.expect_request("/api/v2/silences").respond_with_json({"silenceID": "1"})

    pushing.silence(
        {"alertname": "A", "sport": "x"}, until=NOON + 60 * MINUTE, by="owner", comment="", now=NOON
    )

    [(request, _answer)] = httpserver.log
    body = json.loads(request.data)
    assert [(one["name"], one["value"], one["isRegex"]) for one in body["matchers"]] == [
        ("alertname", "A", False),
        ("sport", "x", False),
    ]
    assert (body["startsAt"], body["endsAt"]) == (
        "2026-11-21T12:00:00.000000Z",
        "2026-11-21T13:00:00.000000Z",
    )


@pytest.mark.e2e
@pytest.mark.skipif(PROGRAM is None, reason="prometheus-alertmanager is not installed")
def test_the_real_alertmanager_knows_one_alert_for_each_opportunity(settings, tmp_path):
    """Pushed thrice, then closed: one alert that fires, and then none; silenced by its labels."""
    now = datetime.now(UTC)
    port = free_port()
    (tmp_path / "am.yml").write_text("route: {receiver: none}\nreceivers: [{name: none}]\n")
    address = f"http://127.0.0.1:{port}"
    command = [
        PROGRAM, f"--config.file={tmp_path / 'am.yml'}", f"--storage.path={tmp_path}",
        f"--web.listen-address=127.0.0.1:{port}", "--cluster.listen-address=",
    ]  # fmt: skip
    settings.ALERTMANAGER_URL = address
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + 30
        while not _answers(address):
            assert time.monotonic() < deadline
            time.sleep(0.05)
        opportunity = found(first_seen_at=now - MINUTE)
        Opportunity.objects.update(match=make_match(commence_time=now + 60 * MINUTE))
        for second in range(3):
            Opportunity.objects.update(edge_pct=3 + second)
            assert pushing.push(now=now + timedelta(seconds=second)) == 1
        [alert] = requests.get(f"{address}/api/v2/alerts", timeout=10).json()
        assert alert["labels"]["opportunity"] == str(opportunity.pk)
        assert alert["annotations"]["edge_pct"] == "5.0"

        pushing.silence(
            alert["labels"], until=now + 60 * MINUTE, by="owner", comment="known", now=now
        )
        deadline = time.monotonic() + 30
        while _state(address) != "suppressed":
            assert time.monotonic() < deadline
            time.sleep(0.1)

        Opportunity.objects.update(closed_at=now, closing="withdrawn")
        assert pushing.push(now=now + timedelta(seconds=4)) == 1
        assert requests.get(f"{address}/api/v2/alerts", timeout=10).json() == []
    finally:
        process.terminate()
        process.wait(10)
    assert not Alert.objects.exists()


def _answers(address: str) -> bool:
    try:
        return requests.get(f"{address}/-/ready", timeout=2).ok
    except requests.RequestException:
        return False


def _state(address: str) -> str:
    [alert] = requests.get(f"{address}/api/v2/alerts", timeout=10).json()
    return alert["status"]["state"]
