"""Who may use the API: nobody, the token, a session, or anybody who only reads."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import URLPattern, get_resolver
from pytest_django import Settings
from rest_framework.test import APIClient
from rest_framework.views import APIView

from strategies import lifecycle
from tests.factories import NOON, make_account, make_bet, make_match, make_strategy

TOKEN = "a-token-only-for-the-tests"
PASSWORD = "a long password of the tests"

pytestmark = pytest.mark.django_db


def api_patterns() -> Iterator[tuple[URLPattern, type[APIView]]]:
    """Every path that a view of the API answers, as the resolver knows them."""
    for pattern in get_resolver().url_patterns:
        view = getattr(getattr(pattern, "callback", None), "cls", None)
        if isinstance(view, type) and issubclass(view, APIView) and pattern.name != "docs":
            yield pattern, view


def api_requests() -> Iterator[tuple[str, str]]:
    """Every path and method of the API, with some value in place of each parameter."""
    for pattern, view in api_patterns():
        path = re.sub(r"<int:[^>]+>", "1", "/" + str(pattern.pattern))
        path = re.sub(r"<str:agent[^>]*>", "sharp_reference", path)
        path = re.sub(r"<[^>]+>", "9f2c", path)
        for method in ("get", "post", "put", "patch", "delete"):
            if hasattr(view, method):
                yield method, path


READABLE = [path for method, path in api_requests() if method == "get"]
WRITABLE = [(method, path) for method, path in api_requests() if method != "get"]


@pytest.fixture
def admin(settings: Settings) -> User:
    settings.API_TOKEN = TOKEN
    settings.ADMIN_USER = "admin"
    return User.objects.create_superuser("admin", password=PASSWORD)


class TestWhoMayUseIt:
    @pytest.mark.parametrize(("method", "path"), list(api_requests()))
    def test_a_stranger_is_refused_everywhere(self, method: str, path: str) -> None:
        response = APIClient().generic(method.upper(), path)

        assert response.status_code == 401
        assert response.headers["WWW-Authenticate"] == "Token"
        assert list(response.data) == ["detail"]

    @pytest.mark.usefixtures("admin")
    @pytest.mark.parametrize("scheme", ["Token", "Bearer", "bearer"])
    def test_the_token_opens_it(self, scheme: str) -> None:
        response = APIClient().get("/odds/", headers={"authorization": f"{scheme} {TOKEN}"})

        assert response.status_code == 200

    @pytest.mark.usefixtures("admin")
    @pytest.mark.parametrize(
        "header", ["Token wrong", "Bearer wrong", f"Token {TOKEN}x", "Token é", "Token "]
    )
    def test_a_wrong_token_is_401(self, header: str) -> None:
        response = APIClient().get("/odds/", HTTP_AUTHORIZATION=header)

        assert response.status_code == 401

    @pytest.mark.usefixtures("admin")
    def test_where_no_token_is_set_none_opens_it(self, settings: Settings) -> None:
        settings.API_TOKEN = ""

        response = APIClient().get("/odds/", headers={"authorization": "Token x"})

        assert response.status_code == 401

    @pytest.mark.usefixtures("admin")
    @pytest.mark.parametrize("lost", [{"is_active": False}, {"username": "renamed"}])
    def test_a_token_without_its_user_is_401_and_says_what_to_do(
        self, lost: dict[str, Any]
    ) -> None:
        User.objects.update(**lost)

        response = APIClient().get("/odds/", headers={"authorization": f"Token {TOKEN}"})

        assert response.status_code == 401
        assert "prepare" in response.json()["detail"]

    def test_a_session_opens_it(self, admin: User, client: Client) -> None:
        client.force_login(admin)

        assert client.get("/odds/").status_code == 200

    def test_a_session_writes_only_with_the_csrf_token(self, admin: User) -> None:
        client = Client(enforce_csrf_checks=True)
        client.force_login(admin)

        response = client.post("/odds/collect", {"sport": "x"}, content_type="application/json")

        assert response.status_code == 403
        assert "CSRF" in response.json()["detail"]

    @pytest.mark.usefixtures("admin")
    def test_a_token_writes_without_it(self) -> None:
        client = APIClient(enforce_csrf_checks=True)

        response = client.post(
            "/odds/collect", {"sport": "x"}, format="json",
            headers={"authorization": f"Token {TOKEN}"},
        )  # fmt: skip

        assert response.status_code == 404


class TestPublicRead:
    @pytest.fixture(autouse=True)
    def _opened(self, settings: Settings) -> None:
        settings.API_PUBLIC_READ = True

    @pytest.mark.parametrize("path", [path for path in READABLE if path != "/api/schema/"])
    def test_a_stranger_may_read(self, path: str) -> None:
        make_account()
        bet = make_bet(match=make_match(provider_id="9f2c"))
        strategy = make_strategy("sharp_reference").strategy
        improvement = lifecycle.propose(strategy, {"minimum_edge_pct": 3.0}, now=NOON)
        lifecycle.activate([improvement.pk], now=NOON)  # who is told of a split must be in test
        row = strategy if "/strategies/" in path else bet
        row = improvement if "/improvements/" in path else row

        assert APIClient().get(path.replace("/1", f"/{row.pk}")).status_code == 200

    @pytest.mark.parametrize(("method", "path"), WRITABLE)
    def test_a_stranger_may_not_write(self, method: str, path: str) -> None:
        assert APIClient().generic(method.upper(), path).status_code == 401

    @pytest.mark.usefixtures("admin")
    def test_a_wrong_token_is_still_401(self) -> None:
        response = APIClient().get("/odds/", headers={"authorization": "Token wrong"})

        assert response.status_code == 401

    def test_the_schema_stays_closed(self) -> None:
        assert APIClient().get("/api/schema/").status_code == 401
