"""Leagues are asked for when they are due, and the asking is noted."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pytest_httpserver import HTTPServer

from odds.football_data.updates import due_leagues, update_due_leagues
from odds.models import LeagueUpdate, Match
from tests.factories import make_sport
from tests.odds.football_data.files import PRICES, csv_bytes, row

pytestmark = pytest.mark.django_db
NOW = datetime(2025, 2, 1, 12, tzinfo=UTC)
ADDRESS = "/mmz4281/2425/E0.csv"


@pytest.fixture
def site(httpserver: HTTPServer, settings: Any) -> HTTPServer:
    settings.FOOTBALL_DATA_BASE_URL = httpserver.url_for("/")
    make_sport(key="soccer_epl")
    return httpserver


def test_only_covered_sports_are_due(site: HTTPServer):
    assert due_leagues(["soccer_epl", "basketball_nba"], now=NOW) == ["soccer_epl"]


def test_a_league_is_asked_for_twice_a_day(site: HTTPServer):
    site.expect_request(ADDRESS).respond_with_data(csv_bytes(row(**PRICES)))

    assert update_due_leagues(["soccer_epl"], now=NOW) == ["soccer_epl"]
    assert Match.objects.filter(status="completed").exists()
    assert update_due_leagues(["soccer_epl"], now=NOW + timedelta(hours=11)) == []
    assert update_due_leagues(["soccer_epl"], now=NOW + timedelta(hours=12)) == ["soccer_epl"]
    assert len(site.log) == 2


def test_a_failure_is_noted_and_tried_again_sooner(site: HTTPServer):
    site.expect_request(ADDRESS).respond_with_data("x", status=500)

    update_due_leagues(["soccer_epl"], now=NOW)

    assert "answered 500" in LeagueUpdate.objects.get().failure
    assert due_leagues(["soccer_epl"], now=NOW + timedelta(hours=1)) == []
    assert due_leagues(["soccer_epl"], now=NOW + timedelta(hours=2)) == ["soccer_epl"]
