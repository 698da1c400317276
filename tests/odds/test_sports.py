"""The list of sports follows the source; what is collected is the user's."""

import pytest
from pytest_django.fixtures import Settings
from pytest_httpserver import HTTPServer

from odds.client import OddsApiKeyError
from odds.models import Sport
from odds.sports import refresh_sports
from tests.factories import make_sport

pytestmark = pytest.mark.django_db


@pytest.fixture
def source(httpserver: HTTPServer, settings: Settings) -> HTTPServer:
    settings.ODDS_API_BASE_URL = httpserver.url_for("").rstrip("/")
    settings.ODDS_API_KEY = "a-key"
    return httpserver


def test_sports_are_learnt_and_the_users_choice_is_kept(source: HTTPServer):
    make_sport(key="soccer_epl", title="Old", is_collected=True)
    source.expect_request("/v4/sports").respond_with_json(
        [
            {"key": "soccer_epl", "group": "Soccer", "title": "EPL", "has_outrights": False},
            {"key": "soccer_fa_cup", "group": "Soccer", "title": "FA Cup"},
            {"key": "golf_masters_winner", "title": "Masters", "has_outrights": True},
            {"title": "nameless"},
            None,
        ]
    )

    count = refresh_sports()

    assert count == 2
    assert list(Sport.objects.values_list("key", "title", "group", "is_collected")) == [
        ("soccer_epl", "EPL", "Soccer", True),
        ("soccer_fa_cup", "FA Cup", "Soccer", False),
    ]


def test_a_refused_key_changes_nothing(source: HTTPServer):
    source.expect_request("/v4/sports").respond_with_json(
        {"error_code": "INVALID_KEY", "message": "API key is not valid."}, status=401
    )

    with pytest.raises(OddsApiKeyError):
        refresh_sports()

    assert not Sport.objects.exists()
