"""The routes that start settling work, and learning results from both sources over real HTTP."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django.fixtures import Settings
from pytest_httpserver import HTTPServer
from rest_framework.test import APIClient

from betting.models import Bet
from odds.models import Collection, LeagueUpdate
from tests.api import signed_in
from tests.factories import make_account, make_bet, make_match

pytestmark = pytest.mark.django_db
ROUTES = ["/results/fetch", "/settlement/run-settlement", "/settlement/run-clv"]


@pytest.fixture
def sources(httpserver: HTTPServer, settings: Settings) -> HTTPServer:
    settings.ODDS_API_BASE_URL = settings.FOOTBALL_DATA_BASE_URL = httpserver.url_for("").rstrip(
        "/"
    )
    settings.ODDS_API_KEY = "any"
    return httpserver


@pytest.mark.parametrize("route", ROUTES)
def test_a_stranger_starts_nothing(route: str):
    assert APIClient().post(route).status_code == 401


@pytest.mark.parametrize("route", ROUTES)
def test_work_is_queued_and_answered_with_its_id(route: str):
    answer = signed_in().post(route)

    assert answer.status_code == 202
    assert answer.json()["success"] is True
    assert answer.json()["task_id"]


def test_results_are_learned_and_bets_settled_while_the_caller_waits(sources: HTTPServer):
    make_account()
    match = make_match(commence_time=timezone.now() - timedelta(hours=4))
    bet = make_bet(match=match, odds="2.50")
    sources.expect_request(f"/v4/sports/{match.sport.key}/scores").respond_with_data(
        json.dumps(
            [
                {
                    "id": match.provider_id,
                    "sport_key": match.sport.key,
                    "commence_time": "2026-11-21T15:00:00Z",
                    "completed": True,
                    "home_team": match.home_team,
                    "away_team": match.away_team,
                    "scores": [
                        {"name": match.away_team, "score": "1"},
                        {"name": match.home_team, "score": "2"},
                    ],
                    "last_update": "2026-11-21T17:00:00Z",
                }
            ]
        ),
        headers={"x-requests-last": "2", "x-requests-remaining": "450"},
    )

    answer = signed_in().post("/results/fetch?sync=1")

    assert answer.status_code == 200, answer.content
    assert answer.json() == {
        "success": True,
        "message": "Résultats récupérés",
        "matches_processed": 1,
        "output": "1 matches have a new result.",
    }
    bet = Bet.objects.get(pk=bet.pk)
    assert (bet.result, bet.profit, bet.final_score) == ("won", 15, "2-1")
    call = Collection.objects.get(endpoint="scores")
    assert (call.credits_used, call.credits_remaining) == (2, 450)
    assert LeagueUpdate.objects.get().failure  # the free file was tried first, and is not there


def test_nothing_is_asked_when_nothing_waits(sources: HTTPServer):
    assert signed_in().post("/results/fetch?sync=1").json()["matches_processed"] == 0

    assert sources.log == []


def test_a_sync_that_is_neither_is_refused():
    answer = signed_in().post("/results/fetch?sync=perhaps")

    assert answer.status_code == 400
    assert "sync" in answer.json()["detail"]
