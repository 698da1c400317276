"""A call for scores over real HTTP: one a sport, accounted for, results with it or not at all."""

import json
import threading
import zlib
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection, connections
from pytest_django.fixtures import Settings
from pytest_httpserver import HTTPServer

from odds import collector, scores
from odds.client import OddsApiClient
from odds.gate import CollectionRefusedError
from odds.models import Collection, Match, MatchResult
from tests.factories import NOON, make_collection
from tests.odds.test_scores import scored
from tests.odds.test_scores_due import over

KEY = "feedfeedfeedfeedfeedfeedfeedfeed"
QUOTA = {"x-requests-remaining": "489", "x-requests-used": "11", "x-requests-last": "2"}
HOUR = timedelta(hours=1)
PATH = "/v4/sports/soccer_epl/scores"


@pytest.fixture
def source(httpserver: HTTPServer, settings: Settings) -> HTTPServer:
    settings.ODDS_API_BASE_URL = httpserver.url_for("").rstrip("/")
    settings.ODDS_API_KEY = KEY
    return httpserver


def leeds(**given: Any) -> Match:
    return over(**{"home_team": "Leeds United", "away_team": "Fulham"} | given)


def fetch(*matches: Match, now: datetime = NOON) -> Collection:
    return scores.fetch_scores(
        "soccer_epl", [match.provider_id for match in matches], clock=lambda: now
    )


def standing(match: Match) -> tuple[str, int | None, int | None]:
    match.refresh_from_db()
    return match.status, match.home_score, match.away_score


@pytest.mark.django_db
def test_one_call_asks_for_the_matches_by_id_and_leaves_its_account(source: HTTPServer):
    first, second = leeds(), over(commence_time=NOON - 25 * HOUR)
    body = [
        scored(first.provider_id),
        scored(second.provider_id, completed=False, scores=None),
    ]
    source.expect_oneshot_request(
        PATH,
        query_string={
            "apiKey": KEY,
            "dateFormat": "iso",
            "daysFrom": "2",
            "eventIds": f"{second.provider_id},{first.provider_id}",
        },
    ).respond_with_json(body, headers=QUOTA)

    collection = fetch(first, second)

    collection.refresh_from_db()
    assert (collection.status, collection.endpoint, collection.reason) == (
        "stored",
        "scores",
        "results",
    )
    assert (collection.credits_used, collection.credits_remaining) == (2, 489)
    assert (collection.markets, collection.matches_received) == ([], 2)
    assert collection.tally == {
        "scores": {"received": 1, "stored": 1, "unchanged": 0, "rejected": {}}
    }
    assert json.loads(zlib.decompress(collection.raw_payload.body)) == body
    assert standing(first) == ("completed", 2, 1)
    assert standing(second) == ("scheduled", None, None)
    assert MatchResult.objects.get().source == "odds_api"


@pytest.mark.parametrize(
    ("age", "days"),
    [
        (timedelta(0), "1"),
        (timedelta(days=1), "1"),
        (timedelta(days=1, seconds=1), "2"),
        (timedelta(days=3, seconds=-1), "3"),
    ],
)
@pytest.mark.django_db
def test_days_back_are_the_fewest_that_reach_the_oldest_match(
    source: HTTPServer, age: timedelta, days: str
):
    source.expect_request(PATH).respond_with_json([], headers=QUOTA)

    fetch(leeds(commence_time=NOON - age), leeds(commence_time=NOON))

    assert source.log[0][0].args["daysFrom"] == days


@pytest.mark.parametrize(
    "given",
    [
        {"commence_time": NOON - timedelta(days=3)},
        {"commence_time": NOON + HOUR},
        {"provider_id": "fd:E0:2026-11-21:leeds:fulham"},
    ],
)
@pytest.mark.django_db
def test_no_call_is_made_for_matches_the_source_tells_nothing_of(
    source: HTTPServer, given: dict[str, Any]
):
    with pytest.raises(CollectionRefusedError, match="kicked off in the last 3 days"):
        fetch(leeds(**given))

    assert not source.log
    assert not Collection.objects.exists()


@pytest.mark.django_db
def test_an_unknown_sport_is_refused_without_a_call(source: HTTPServer):
    with pytest.raises(CollectionRefusedError, match="soccer_epl is not a sport"):
        fetch()

    assert not source.log


@pytest.mark.django_db
def test_so_many_matches_are_asked_for_without_naming_them(source: HTTPServer):
    matches = [leeds() for _ in range(101)]
    source.expect_request(PATH).respond_with_json(
        [scored(matches[7].provider_id), scored("f" * 32)], headers=QUOTA
    )

    collection = fetch(*matches)

    assert "eventIds" not in source.log[0][0].args
    assert collection.tally["scores"]["stored"] == 1
    assert standing(matches[7]) == ("completed", 2, 1)


@pytest.mark.django_db
def test_the_teams_of_a_swapped_match_keep_their_own_scores(source: HTTPServer):
    match = leeds(is_swapped_at_source=True)
    answer = scored(match.provider_id, home="0", away="3", teams=("Fulham", "Leeds United"))
    source.expect_request(PATH).respond_with_json([answer], headers=QUOTA)

    fetch(match)

    assert standing(match) == ("completed", 3, 0)


@pytest.mark.django_db
def test_a_renamed_team_is_told_and_leaves_no_result(source: HTTPServer):
    match, other = leeds(away_team="Fulham FC"), leeds()
    source.expect_request(PATH).respond_with_json(
        [scored(match.provider_id), scored(other.provider_id)], headers=QUOTA
    )

    collection = fetch(match, other)

    assert collection.tally["scores"] == {
        "received": 2,
        "stored": 1,
        "unchanged": 0,
        "rejected": {"score of other teams": 1},
    }
    assert standing(match) == ("scheduled", None, None)
    assert standing(other) == ("completed", 2, 1)


@pytest.mark.django_db
def test_a_second_call_counts_what_is_known_and_records_a_correction(source: HTTPServer):
    kept, corrected = leeds(), leeds()
    for goals in ("2", "3"):
        source.expect_ordered_request(PATH).respond_with_json(
            [scored(kept.provider_id), scored(corrected.provider_id, goals)], headers=QUOTA
        )
    fetch(kept, corrected)

    second = fetch(kept, corrected, now=NOON + HOUR)

    assert second.tally["scores"] == {
        "received": 2,
        "stored": 1,
        "unchanged": 1,
        "rejected": {},
    }
    assert standing(corrected) == ("completed", 3, 1)
    assert MatchResult.objects.count() == 3


@pytest.mark.django_db
def test_the_reserve_is_not_touched_for_a_result(source: HTTPServer):
    match = leeds()
    make_collection(started_at=NOON - HOUR, credits_remaining=51, credits_used_this_month=449)

    with pytest.raises(CollectionRefusedError, match="51 credits are left and 50 are the reserve"):
        fetch(match)

    assert not source.log


@pytest.mark.django_db(transaction=True)
def test_a_sport_whose_odds_are_being_collected_is_not_asked_for_scores(source: HTTPServer):
    """The claim is of another session; the same one could take it twice."""
    match = leeds()
    claimed, done = threading.Event(), threading.Event()

    def other_worker() -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_advisory_lock(%s, %s)", [collector.CLAIM_SPACE, match.sport_id]
            )
            claimed.set()
            done.wait(10)
        connections.close_all()

    worker = threading.Thread(target=other_worker)
    worker.start()
    assert claimed.wait(10)

    with pytest.raises(CollectionRefusedError, match="is being collected right now"):
        fetch(match)
    done.set()
    worker.join()

    assert not source.log
    connections.close_all()


@pytest.mark.django_db
def test_a_call_left_running_by_a_dead_process_is_marked_as_abandoned(source: HTTPServer):
    source.expect_request(PATH).respond_with_json([], headers=QUOTA)
    match = leeds()
    left = make_collection(
        endpoint="scores", markets=[], status="running", finished_at=None, observed_at=None
    )

    fetch(match)

    left.refresh_from_db()
    assert left.status == "abandoned"


def test_without_days_only_matches_under_way_are_asked_for(httpserver: HTTPServer):
    """The documented request that costs one credit."""
    httpserver.expect_request(
        PATH, query_string={"apiKey": KEY, "dateFormat": "iso"}
    ).respond_with_json([])

    with OddsApiClient(base_url=httpserver.url_for(""), key=KEY) as client:
        answer = client.scores("soccer_epl", days_from=None)

    assert answer.events == []
