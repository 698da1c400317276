"""The free list: asked for daily and often near kick-offs; it teaches kick-offs and credits."""

from datetime import UTC, datetime, timedelta

import pytest
from pytest_django.fixtures import Settings
from pytest_httpserver import HTTPServer

from odds import gate
from odds.budget import kickoffs
from odds.models import Collection, CollectionSettings, Match, MatchChange, PlannerSettings, Sport
from tests.factories import NOON, make_match, make_sport
from tests.odds.test_parsing import event

pytestmark = pytest.mark.django_db
LIST = "/v4/sports/soccer_epl/events"
FREE = {"x-requests-remaining": "317", "x-requests-used": "183", "x-requests-last": "0"}


@pytest.fixture
def source(httpserver: HTTPServer, settings: Settings) -> HTTPServer:
    settings.ODDS_API_BASE_URL = httpserver.url_for("").rstrip("/")
    settings.ODDS_API_KEY = "a-key"
    return httpserver


@pytest.fixture
def sport() -> Sport:
    PlannerSettings.objects.create(is_on=True)
    return make_sport(is_collected=True)


def refresh(at: datetime) -> Collection:
    return kickoffs.refresh("soccer_epl", clock=lambda: at)


def test_new_matches_are_listed_moved_ones_follow_and_nothing_is_paid(
    source: HTTPServer, sport: Sport
):
    first = event(commence_time="2026-11-22T15:00:00Z")
    moved = event(commence_time="2026-11-23T19:45:00Z")
    source.expect_ordered_request(LIST).respond_with_json([first], headers=FREE)
    source.expect_ordered_request(LIST).respond_with_json([moved], headers=FREE)

    collection = refresh(NOON)
    match = Match.objects.get()
    assert (match.commence_time, match.listed_at) == (datetime(2026, 11, 22, 15, tzinfo=UTC), NOON)
    assert (collection.status, collection.endpoint, collection.credits_used) == (
        "stored",
        "events",
        0,
    )

    refresh(NOON + timedelta(days=1))
    match.refresh_from_db()
    assert match.commence_time == datetime(2026, 11, 23, 19, 45, tzinfo=UTC)
    assert match.listed_at == NOON
    assert MatchChange.objects.get().kind == "kickoff"
    # A free answer tells the credits left, whoever spent them.
    assert gate.credits_at(NOON + timedelta(days=1), CollectionSettings.current()).remaining == 317


def test_the_list_is_due_daily_and_each_five_minutes_around_a_kickoff(
    source: HTTPServer, sport: Sport
):
    source.expect_request(LIST).respond_with_json([], headers=FREE)
    kickoff = NOON + timedelta(hours=12)
    make_match(sport=sport, commence_time=kickoff)

    def is_due(at: datetime) -> bool:
        return kickoffs.due_sport_keys(at) == ["soccer_epl"]

    assert is_due(NOON)
    refresh(NOON)
    assert not is_due(kickoff - timedelta(hours=2, minutes=1))
    assert is_due(kickoff - timedelta(hours=2))
    refresh(kickoff)
    assert not is_due(kickoff + timedelta(minutes=4))
    assert is_due(kickoff + timedelta(minutes=5))
    refresh(kickoff + timedelta(minutes=10))
    assert not is_due(kickoff + timedelta(minutes=15))
    assert not is_due(kickoff + timedelta(hours=23))
    assert is_due(kickoff + timedelta(hours=24, minutes=10))


def test_nothing_is_asked_while_the_planner_is_off(sport: Sport):
    PlannerSettings.objects.update(is_on=False)

    assert kickoffs.due_sport_keys(NOON) == []


def test_a_refused_key_is_tried_again_after_ten_minutes(source: HTTPServer, sport: Sport):
    source.expect_request(LIST).respond_with_json(
        {"error_code": "INVALID_KEY", "message": "API key is not valid."}, status=401
    )

    assert refresh(NOON).failure == "wrong_key"
    assert kickoffs.due_sport_keys(NOON + timedelta(minutes=9)) == []
    assert kickoffs.due_sport_keys(NOON + timedelta(minutes=10)) == ["soccer_epl"]
    assert gate.paused_until(NOON) == NOON + timedelta(minutes=10)
