"""What the collector did and will do, and what is left of the month's credits."""

from datetime import timedelta
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from odds.api_status import StatusSerializer, status
from odds.models import Sport
from tests.api import get, utc_text
from tests.factories import NOON, make_collection, make_sport

LOOK = NOON - timedelta(minutes=10)
EARLIER = LOOK - timedelta(hours=2)

pytestmark = pytest.mark.django_db


def collected(key: str = "soccer_epl") -> Sport:
    return make_sport(key=key, is_collected=True)


def status_at_noon() -> Any:
    return StatusSerializer(status(now=NOON)).data


def test_before_the_first_collection_nothing_is_known() -> None:
    answer = status_at_noon()

    assert answer["collector"] == {
        "last_run": None,
        "last_success": None,
        "status": "stale",
        "next_run": None,
        "sports": [],
    }
    assert answer["quota"] == {
        "remaining": None,
        "used": None,
        "limit": 500,
        "resets_on": "2026-12-01",
    }


def test_a_fresh_snapshot_is_ok_and_the_next_run_is_an_interval_later() -> None:
    make_collection(
        sport=collected(), started_at=LOOK, matches_received=20, quotes_received=200,
        quotes_stored=150, quotes_unchanged=50, odds_stored=410,
        credits_remaining=491, credits_used_this_month=9,
    )  # fmt: skip

    answer = status_at_noon()

    assert answer["collector"] == {
        "last_run": utc_text(LOOK),
        "last_success": utc_text(LOOK),
        "status": "ok",
        "next_run": utc_text(LOOK + timedelta(hours=2)),
        "sports": [
            {
                "sport": "soccer_epl",
                "last_collected": utc_text(LOOK),
                "matches": 20,
                "odds_saved": 410,
                "skipped": False,
            }
        ],
    }
    assert answer["quota"] == {
        "remaining": 491,
        "used": 9,
        "limit": 500,
        "resets_on": "2026-12-01",
    }


def test_a_snapshot_older_than_two_intervals_is_stale() -> None:
    make_collection(sport=collected(), started_at=NOON - timedelta(hours=5))

    assert status_at_noon()["collector"]["status"] == "stale"


def test_one_sport_without_a_snapshot_makes_it_stale() -> None:
    make_collection(sport=collected(), started_at=LOOK)
    collected("basketball_nba")

    assert status_at_noon()["collector"]["status"] == "stale"


def test_a_newest_call_that_failed_is_an_error() -> None:
    sport = collected()
    make_collection(sport=sport, started_at=EARLIER)
    make_collection(
        sport=sport, started_at=LOOK, status="failed", failure="unavailable", observed_at=None
    )

    collector = status_at_noon()["collector"]

    assert collector["status"] == "error"
    assert collector["last_run"] == utc_text(LOOK)
    assert collector["last_success"] == utc_text(EARLIER)


def test_at_the_reserve_due_sports_are_skipped_until_the_reset() -> None:
    at_the_reserve = {"credits_remaining": 50, "credits_used_this_month": 450}
    for key, started_at in (("soccer_epl", EARLIER), ("basketball_nba", LOOK)):
        make_collection(sport=collected(key), started_at=started_at, **at_the_reserve)

    collector = status_at_noon()["collector"]

    assert collector["next_run"] == "2026-12-01T00:00:00Z"
    assert {sport["sport"]: sport["skipped"] for sport in collector["sports"]} == {
        "soccer_epl": True,
        "basketball_nba": False,
    }


def test_a_replay_is_not_a_run_of_the_collector() -> None:
    make_collection(sport=collected(), started_at=LOOK, source="replay")

    assert status_at_noon()["collector"]["last_run"] is None


def test_queries_grow_neither_with_collections_nor_with_sports(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for key in ("soccer_epl", "soccer_fa_cup", "soccer_uefa_champs_league"):
        sport = make_sport(key=key, is_collected=True)
        for minutes in range(20):
            make_collection(sport=sport, started_at=LOOK - timedelta(minutes=minutes))

    with django_assert_num_queries(7):
        status_at_noon()


def test_the_route_answers_in_the_documented_shape() -> None:
    answer = get("/metrics/status")

    assert list(answer) == ["collector", "quota", "metrics_refreshed_at"]
    assert answer["metrics_refreshed_at"].endswith("Z")
