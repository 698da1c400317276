"""Collecting over real HTTP: one account for each call, claims that die with their holder."""

import json
import threading
import zlib
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, connections
from pytest_django.fixtures import Settings
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from odds import collector
from odds.gate import CollectionRefusedError
from odds.models import Collection, LatestQuote, Match, Quote, RawPayload, Sport
from tests.factories import NOON, make_collection, make_sport
from tests.odds.test_parsing import H2H, bookmaker, event, market

KEY = "feedfeedfeedfeedfeedfeedfeedfeed"
QUOTA = {"x-requests-remaining": "491", "x-requests-used": "9", "x-requests-last": "1"}


@pytest.fixture
def source(httpserver: HTTPServer, settings: Settings) -> HTTPServer:
    settings.ODDS_API_BASE_URL = httpserver.url_for("").rstrip("/")
    settings.ODDS_API_KEY = KEY
    return httpserver


def collect(sport: Sport, **given: Any) -> Collection:
    return collector.collect_sport(
        sport.key, **{"clock": lambda: NOON, "reason": "command", "is_forced": True} | given
    )


@pytest.mark.django_db
def test_a_collection_accounts_for_every_quote_credit_and_byte(source: HTTPServer):
    bad = market("h2h", ("Leeds United", "abc"), ("Fulham", 2.0))
    body = [event(bookmaker(H2H), bookmaker(bad, key="betclic_fr"))]
    source.expect_request("/v4/sports/soccer_epl/odds").respond_with_json(body, headers=QUOTA)

    collection = collect(make_sport())

    collection.refresh_from_db()
    assert collection.status == "stored"
    assert collection.tally == {
        "h2h": {
            "received": 2,
            "stored": 1,
            "unchanged": 0,
            "rejected": {"price is not a number": 1},
        }
    }
    assert (collection.credits_used, collection.credits_remaining) == (1, 491)
    assert collection.odds_stored == 3
    assert json.loads(zlib.decompress(RawPayload.objects.get().body)) == body


@pytest.mark.django_db
def test_an_empty_answer_withdraws_what_was_on_offer_and_accounts_for_it(source: HTTPServer):
    sport, odds = make_sport(), "/v4/sports/soccer_epl/odds"
    body = [event(bookmaker(H2H))]
    source.expect_ordered_request(odds).respond_with_json(body, headers=QUOTA)
    source.expect_ordered_request(odds).respond_with_json([], headers=QUOTA)
    collect(sport)

    collection = collect(sport, clock=lambda: NOON + timedelta(hours=3))

    assert collection.tally == {"h2h": {"withdrawn": 1}}
    assert (collection.quotes_received, collection.quotes_stored) == (0, 0)
    assert not LatestQuote.objects.get().is_offered
    assert Quote.objects.get(odds_1=None).observed_at == NOON + timedelta(hours=3)


@pytest.mark.django_db
def test_a_failed_call_leaves_a_clear_row_and_touches_no_quote(source: HTTPServer):
    sport = make_sport()
    source.expect_ordered_request("/v4/sports/soccer_epl/odds").respond_with_json(
        [event(bookmaker(H2H))], headers=QUOTA
    )
    source.expect_ordered_request("/v4/sports/soccer_epl/odds").respond_with_json(
        {"error_code": "OUT_OF_USAGE_CREDITS", "message": "Usage quota has been reached."},
        status=401,
        headers={"x-requests-remaining": "0"},
    )
    collect(sport)

    failed = collect(sport)

    assert (failed.status, failed.failure, failed.http_status) == ("failed", "out_of_credits", 401)
    assert failed.error.startswith("The month's credits at The Odds API are used up")
    assert (failed.credits_remaining, Quote.objects.count()) == (0, 1)


@pytest.mark.django_db
def test_an_unreadable_answer_is_kept_to_be_looked_at(source: HTTPServer):
    source.expect_request("/v4/sports/soccer_epl/odds").respond_with_data('[{"id"', headers=QUOTA)

    collection = collect(make_sport())

    assert (collection.failure, collection.credits_used) == ("malformed", 1)
    assert zlib.decompress(collection.raw_payload.body) == b'[{"id"'


@pytest.mark.django_db
def test_matches_that_could_not_be_read_are_told(source: HTTPServer):
    source.expect_request("/v4/sports/soccer_epl/odds").respond_with_json(
        [event(bookmaker(H2H)), event(home_team=None)], headers=QUOTA
    )

    collection = collect(make_sport())

    assert collection.error == "Matches that could not be read: match without two teams (1)."


@pytest.mark.django_db
def test_an_unknown_sport_is_refused_without_a_call(source: HTTPServer):
    with pytest.raises(CollectionRefusedError, match="soccer_moon is not a sport"):
        collector.collect_sport("soccer_moon", clock=lambda: NOON, reason="command")

    assert not source.log


@pytest.mark.django_db
def test_a_row_left_running_by_a_dead_process_is_marked_as_abandoned(source: HTTPServer):
    source.expect_request("/v4/sports/soccer_epl/odds").respond_with_json([], headers=QUOTA)
    left = make_collection(
        status="running", finished_at=None, observed_at=None, started_at=NOON - timedelta(hours=1)
    )

    collect(left.sport)

    left.refresh_from_db()
    assert left.status == "abandoned"
    assert Collection.objects.filter(status="stored").count() == 1


@pytest.mark.django_db
def test_the_key_is_in_no_row(source: HTTPServer):
    def echo(request: Request) -> Response:
        return Response(json.dumps({"message": "bad", "error_code": "INVALID_KEY"}), status=401)

    source.expect_request("/v4/sports/soccer_epl/odds").respond_with_handler(echo)

    collect(make_sport())

    with connection.cursor() as cursor:
        cursor.execute("SELECT collections::text FROM collections")
        assert KEY not in str(cursor.fetchall())
    assert KEY in source.log[0][0].query_string.decode()


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_make_one_call_and_store_once(source: HTTPServer):
    sport = make_sport()
    arrived, answer_now = threading.Event(), threading.Event()

    def slow(_request: Request) -> Response:
        arrived.set()
        assert answer_now.wait(10)
        return Response(json.dumps([event(bookmaker(H2H))]), headers=QUOTA)

    source.expect_request("/v4/sports/soccer_epl/odds").respond_with_handler(slow)

    def first_worker() -> None:
        collect(sport)
        connections.close_all()

    worker = threading.Thread(target=first_worker)
    worker.start()
    assert arrived.wait(10)

    with pytest.raises(CollectionRefusedError, match="is being collected right now"):
        collect(sport)
    answer_now.set()
    worker.join()

    assert len(source.log) == 1
    assert (Quote.objects.count(), LatestQuote.objects.count(), Match.objects.count()) == (1, 1, 1)
    connections.close_all()


@pytest.mark.django_db
def test_the_database_refuses_an_account_that_does_not_add_up():
    from django.db import IntegrityError, transaction

    with pytest.raises(IntegrityError, match="every_quote_accounted_for"), transaction.atomic():
        make_collection(quotes_received=3, quotes_stored=1, quotes_unchanged=1)


@pytest.mark.django_db
def test_the_database_allows_one_running_collection_of_a_sport():
    from django.db import IntegrityError, transaction

    running = {"status": "running", "finished_at": None, "observed_at": None}
    make_collection(**running)

    with pytest.raises(IntegrityError, match="one_running_per_sport"), transaction.atomic():
        make_collection(**running)
