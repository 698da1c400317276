"""Fetching from a real local HTTP server: the running season, and every way it can fail."""

import socket
from datetime import UTC, datetime
from typing import Any

import pytest
from pytest_httpserver import HTTPServer

from odds.football_data import fetching
from odds.football_data.fetching import FootballDataError, fetch_season, update_leagues
from odds.models import Match
from tests.odds.football_data.files import PRICES, csv_bytes, row

NOW = datetime(2025, 2, 1, 12, tzinfo=UTC)
FILE = csv_bytes(row(**PRICES))


@pytest.fixture
def site(httpserver: HTTPServer, settings: Any) -> HTTPServer:
    settings.FOOTBALL_DATA_BASE_URL = httpserver.url_for("/")
    return httpserver


@pytest.mark.parametrize(("year", "season"), [(2025, "2526"), (1999, "9900"), (2009, "0910")])
def test_a_season_is_fetched_from_its_address(site: HTTPServer, year: int, season: str):
    site.expect_oneshot_request(f"/mmz4281/{season}/E0.csv").respond_with_data(FILE)

    assert fetch_season("E0", year) == FILE


@pytest.mark.parametrize(
    ("status", "message"),
    [(404, r"has no file 2425/E0 \(yet\)"), (500, "answered 500"), (403, "answered 403")],
)
def test_a_refusal_is_one_sentence(site: HTTPServer, status: int, message: str):
    site.expect_request("/mmz4281/2425/E0.csv").respond_with_data("x", status=status)

    with pytest.raises(FootballDataError, match=message):
        fetch_season("E0", 2024)


def test_nobody_there_is_one_sentence(settings: Any):
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        settings.FOOTBALL_DATA_BASE_URL = f"http://127.0.0.1:{unused.getsockname()[1]}"

        with pytest.raises(FootballDataError, match=r"cannot be reached \(ConnectionError\)"):
            fetch_season("E0", 2024)


def test_a_silent_site_is_given_up(settings: Any, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(fetching, "TIMEOUT_SECONDS", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        settings.FOOTBALL_DATA_BASE_URL = f"http://127.0.0.1:{silent.getsockname()[1]}"

        with pytest.raises(FootballDataError, match="did not answer within"):
            fetch_season("E0", 2024)


@pytest.mark.django_db
def test_covered_leagues_are_imported_and_others_passed_over(site: HTTPServer):
    site.expect_oneshot_request("/mmz4281/2425/E0.csv").respond_with_data(FILE)

    summary = update_leagues(["soccer_epl", "soccer_epl", "basketball_nba"], now=NOW)

    assert (summary.total.matches_new, summary.total.quotes_stored) == (1, 8)
    assert summary.failures == {}
    assert len(site.log) == 1


@pytest.mark.django_db
def test_one_league_that_fails_leaves_the_others_be(site: HTTPServer):
    site.expect_request("/mmz4281/2425/F1.csv").respond_with_data("<html>")
    site.expect_request("/mmz4281/2425/E0.csv").respond_with_data(FILE)
    site.expect_request("/mmz4281/2425/SP1.csv").respond_with_data("", status=503)

    summary = update_leagues(
        ["soccer_france_ligue_one", "soccer_epl", "soccer_spain_la_liga"], now=NOW
    )

    assert summary.failures.keys() == {"F1", "SP1"}
    assert Match.objects.count() == 1


@pytest.mark.django_db
def test_the_season_turns_in_july(site: HTTPServer):
    site.expect_request("/mmz4281/2526/E0.csv").respond_with_data(FILE)

    assert update_leagues(["soccer_epl"], now=datetime(2025, 6, 30, 12, tzinfo=UTC)).failures
    assert not update_leagues(["soccer_epl"], now=datetime(2025, 7, 1, 12, tzinfo=UTC)).failures
