"""Under which paths the API answers, how it refuses, and what its schema shows."""

import re
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.test import Client, RequestFactory
from django.utils import timezone
from pytest_django import Settings
from rest_framework.test import APIClient

from monps.api import answer_failure
from tests.api import signed_in
from tests.factories import make_match

TOKEN = "a-token-only-for-the-tests"
PASSWORD = "a long password of the tests"

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(settings: Settings) -> User:
    settings.API_TOKEN = TOKEN
    settings.ADMIN_USER = "admin"
    return User.objects.create_superuser("admin", password=PASSWORD)


ALIASES = [
    ("/odds/", "/odds", "/odds/odds/", "/odds/odds"),
    ("/odds/matches", "/odds/matches/", "/odds/odds/matches", "/odds/odds/matches/"),
    ("/odds/matches/9f2c", "/odds/matches/9f2c/", "/odds/odds/matches/9f2c"),
    ("/odds/history/9f2c", "/odds/history/9f2c/", "/odds/odds/history/9f2c"),
    ("/opportunities/", "/opportunities", "/opportunities/opportunities/"),
    ("/opportunities/top", "/opportunities/top/", "/opportunities/opportunities/top"),
    (
        "/opportunities/arbitrage",
        "/opportunities/arbitrage/",
        "/opportunities/opportunities/arbitrage",
    ),
    ("/stats/global", "/stats/global/", "/stats/stats/global"),
    ("/bets/", "/bets", "/bets/bets/", "/bets/bets"),
    ("/bets/stats", "/bets/stats/", "/bets/bets/stats"),
    ("/manual-bets/", "/manual-bets", "/manual-bets/manual-bets/"),
    ("/stats/bankroll", "/stats/bankroll/", "/stats/stats/bankroll"),
    ("/stats/performance", "/stats/performance/", "/stats/stats/performance"),
]


@pytest.mark.parametrize("paths", ALIASES, ids=lambda paths: paths[0])
def test_every_spelling_of_a_path_answers_the_same(paths: tuple[str, ...]) -> None:
    make_match(provider_id="9f2c", commence_time=timezone.now())

    answers = [signed_in().get(path) for path in paths]

    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.content for answer in answers}) == 1


def test_the_home_page_leads_to_the_admin(client: Client) -> None:
    assert client.get("/").headers["Location"].startswith("/admin/")


class TestErrors:
    @pytest.mark.parametrize("path", ["/odds/nothing", "/opportunities/x/y", "/nowhere"])
    def test_an_unknown_path_is_404_in_json(self, path: str) -> None:
        response = signed_in().get(path)

        assert response.status_code == 404
        assert list(response.json()) == ["detail"]

    def test_an_unknown_page_of_the_admin_is_a_page(self, admin: User, client: Client) -> None:
        client.force_login(admin)

        response = client.get("/admin/nowhere/")

        assert response.status_code == 404
        assert response.headers["Content-Type"].startswith("text/html")

    def test_a_failure_is_500_in_json_and_tells_nothing_of_the_inside(self) -> None:
        response = answer_failure(RequestFactory().get("/odds/"))

        assert response.status_code == 500
        assert response.headers["Content-Type"] == "application/json"

    def test_a_failure_in_the_admin_is_a_page(self) -> None:
        response = answer_failure(RequestFactory().get("/admin/"))

        assert response.headers["Content-Type"].startswith("text/html")

    def test_a_method_a_route_does_not_have_is_405_in_json(self) -> None:
        response = signed_in().delete("/odds/")

        assert response.status_code == 405
        assert list(response.json()) == ["detail"]


class TestSchema:
    def test_it_validates_without_a_warning(self, tmp_path: Any) -> None:
        call_command(
            "spectacular", "--validate", "--fail-on-warn", "--file", str(tmp_path / "schema.yml")
        )

    @pytest.mark.usefixtures("admin")
    def test_it_shows_every_route_once_under_its_canonical_path(self) -> None:
        response = APIClient().get(
            "/api/schema/",
            headers={
                "authorization": f"Token {TOKEN}",
                "accept": "application/vnd.oai.openapi+json",
            },
        )

        assert set(response.json()["paths"]) == {
            "/odds/",
            "/odds/matches",
            "/odds/matches/{match_id}",
            "/odds/history/{match_id}",
            "/odds/collect",
            "/opportunities/",
            "/opportunities/top",
            "/opportunities/arbitrage",
            "/bets/",
            "/bets/place",
            "/bets/history",
            "/bets/stats",
            "/bets/{bet_id}",
            "/manual-bets/",
            "/manual-bets/stats",
            "/manual-bets/pending-clv",
            "/manual-bets/calculate-clv",
            "/manual-bets/{bet_id}",
            "/results/fetch",
            "/settlement/stats",
            "/settlement/run-settlement",
            "/settlement/run-clv",
            "/stats/global",
            "/stats/bankroll",
            "/stats/performance",
            "/stats/bookmakers",
            "/stats/analytics/comprehensive",
            "/stats/agents",
            "/metrics/status",
            "/odds/budget",
            "/odds/plan",
            "/metrics/refresh",
            "/metrics/collector/stats",
            "/refresh",
            "/agents/signals",
            "/agents/performance",
            "/agents/health",
            "/agents/summary",
            "/agents/analyze/{match_id}",
            "/agents/patron/analyze/{match_id}",
            "/agents/patron/batch",
            "/agents/stats",
            "/agents/stats/detailed",
            "/agents/recommendations",
            "/agents/compare/{agent1}/{agent2}",
            "/agents/comparison",
            "/strategies/ranking",
            "/strategies/performance/{strategy_id}",
            "/strategies/failures/{agent_name}",
            "/strategies/improvements",
            "/strategies/improvements/archived",
            "/strategies/improvements/activate-selected",
            "/strategies/improvements/{improvement_id}",
            "/strategies/improvements/{improvement_id}/archive",
            "/strategies/improvements/{improvement_id}/reactivate",
            "/strategies/improvements/{improvement_id}/activate-test",
            "/strategies/improvements/{improvement_id}/apply",
            "/strategies/improvement/create",
            "/strategies/meta-learning/analyze",
            "/strategies/improvements/{improvement_id}/traffic",
        }

    def test_its_page_sends_a_stranger_to_sign_in(self, client: Client) -> None:
        response = client.get("/api/docs/")

        assert response.status_code == 302
        assert response.headers["Location"].startswith("/admin/login/")

    def test_its_page_loads_nothing_from_elsewhere(self, admin: User, client: Client) -> None:
        client.force_login(admin)

        page = client.get("/api/docs/").content.decode()

        assert "/static/drf_spectacular_sidecar/swagger-ui-dist/swagger-ui-bundle.js" in page
        assert re.findall(r"(?:src|href)=\"(?:https?:)?//", page) == []
