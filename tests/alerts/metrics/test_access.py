"""Who may read `/metrics`: this machine, the token, a session, or everybody where it is opened."""

import pytest
from django.contrib.auth.models import User
from django.test import Client
from pytest_django import Settings

from tests.alerts.metrics.scraped import parsed

TOKEN = "a-token-only-for-the-tests"
ELSEWHERE = "203.0.113.7"
PATHS = ["/metrics", "/metrics/", "/metrics/collector", "/metrics/collector/"]

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _token(settings: Settings) -> None:
    settings.API_TOKEN = TOKEN


@pytest.mark.parametrize("path", PATHS)
class TestFromElsewhere:
    def test_a_stranger_is_refused_in_one_sentence(self, path: str) -> None:
        response = Client(REMOTE_ADDR=ELSEWHERE).get(path)

        assert response.status_code == 401
        assert response.headers["WWW-Authenticate"] == "Token"
        assert list(response.json()) == ["detail"]
        assert b"monps_" not in response.content

    @pytest.mark.parametrize("scheme", ["Token", "Bearer", "token"])
    def test_the_token_opens_it(self, path: str, scheme: str) -> None:
        client = Client(REMOTE_ADDR=ELSEWHERE)

        response = client.get(path, headers={"Authorization": f"{scheme} {TOKEN}"})

        assert response.status_code == 200
        assert response.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
        families = parsed(response.content.decode())
        assert families["monps_up"].samples == {"": 1}
        assert families["django_http_requests_before_middlewares_total"].samples[""] >= 1
        assert "django_db_execute_total" in families

    def test_a_session_opens_it(self, path: str) -> None:
        client = Client(REMOTE_ADDR=ELSEWHERE)
        client.force_login(User.objects.create_user("bettor"))

        assert client.get(path).status_code == 200

    def test_public_reading_opens_it(self, path: str, settings: Settings) -> None:
        settings.API_PUBLIC_READ = True

        assert Client(REMOTE_ADDR=ELSEWHERE).get(path).status_code == 200


@pytest.mark.parametrize(
    "shown", [f"Token {TOKEN}x", "Token ", "Basic YTpi", f"Basic {TOKEN}", TOKEN, "Token é"]
)
@pytest.mark.parametrize("address", [ELSEWHERE, "127.0.0.1"])
def test_a_wrong_token_is_refused_even_where_none_is_needed(
    shown: str, address: str, settings: Settings
) -> None:
    settings.API_PUBLIC_READ = True

    response = Client(REMOTE_ADDR=address).get("/metrics", headers={"Authorization": shown})

    assert response.status_code == 401


@pytest.mark.parametrize("shown", ["Token ", "Bearer"])
def test_no_token_is_right_where_none_is_set(shown: str, settings: Settings) -> None:
    settings.API_TOKEN = ""

    response = Client(REMOTE_ADDR=ELSEWHERE).get("/metrics", headers={"Authorization": shown})

    assert response.status_code == 401


class TestFromThisMachine:
    @pytest.mark.parametrize("address", ["127.0.0.1", "127.8.8.8", "::1"])
    def test_no_token_is_needed(self, address: str) -> None:
        assert Client(REMOTE_ADDR=address).get("/metrics").status_code == 200

    @pytest.mark.parametrize(
        "header", ["X-Forwarded-For", "X-Forwarded-Proto", "X-Real-IP", "Forwarded", "Via"]
    )
    def test_what_a_proxy_passes_on_is_not_from_this_machine(self, header: str) -> None:
        response = Client(REMOTE_ADDR="127.0.0.1").get("/metrics", headers={header: "127.0.0.1"})

        assert response.status_code == 401

    @pytest.mark.parametrize("address", ["", "local", "10.0.0.1", "127.0.0.1.example"])
    def test_any_other_address_is_elsewhere(self, address: str) -> None:
        assert Client(REMOTE_ADDR=address).get("/metrics").status_code == 401

    def test_plain_http_is_not_sent_to_https(self, settings: Settings) -> None:
        settings.SECURE_SSL_REDIRECT = True

        assert Client().get("/metrics").status_code == 200

    def test_nothing_is_written_by_it(self) -> None:
        assert Client().post("/metrics").status_code == 405


def test_nobody_keeps_the_page() -> None:
    assert "no-store" in Client().get("/metrics").headers["Cache-Control"]


def test_an_invented_method_makes_no_series_of_its_own() -> None:
    for method in ("BREW", "PROPFIND2", "WHEN"):
        Client().generic(method, "/health")

    page = Client().get("/metrics").content.decode()

    assert "BREW" not in page
    assert 'method="<invalid method>"' in page
