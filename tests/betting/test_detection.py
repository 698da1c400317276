"""What detection reads, when it has work, and that two at once do it once."""

import re
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from betting.detection.opportunities import Detected, close_finished, detect, pending_sport_ids
from betting.models import Detection, DetectionSettings, Opportunity
from tests.betting.looks import FOUND, MINUTE, TENNIS, detect_at, look, make_bookmakers, seen
from tests.factories import NOON, make_match, make_opportunity, make_sport

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _bookmakers():
    make_bookmakers()
    DetectionSettings.objects.create(minimum_spread_pct=50, detects_arbitrage=False)


def test_a_sport_never_collected_is_left_alone():
    assert detect_at(NOON) == Detected()
    assert not Detection.objects.exists()


def test_detection_never_goes_back_in_time():
    seen(FOUND)

    detect_at(NOON - timedelta(days=1))

    assert Opportunity.objects.get().closed_at is None
    assert Detection.objects.get().detected_at == NOON


def test_a_sport_is_pending_until_its_newest_collection_was_read():
    make_sport(key="tennis_wta")  # never collected
    sport_id = make_sport(key=TENNIS).pk
    look(FOUND, at=NOON)
    before = pending_sport_ids()
    detect_at(NOON)
    after = pending_sport_ids()
    newest = look(FOUND, at=NOON + MINUTE)

    assert (before, after, pending_sport_ids()) == ([sport_id], [], [sport_id])
    detect_at(NOON + MINUTE)
    assert Detection.objects.get().collection == newest


def test_finished_opportunities_close_without_a_detection():
    kicked_off = make_opportunity(match=make_match(commence_time=NOON + MINUTE))
    old = make_opportunity(
        match=make_match(sport=make_sport(key="tennis_wta")), price_seen_at=NOON - 230 * MINUTE
    )
    live = make_opportunity()

    closed = close_finished(now=NOON + 11 * MINUTE)

    assert closed == 2
    for row in (kicked_off, old, live):
        row.refresh_from_db()
    assert (kicked_off.closing, kicked_off.closed_at) == ("kicked_off", NOON + MINUTE)
    assert (old.closing, old.closed_at) == ("expired", NOON + 11 * MINUTE)
    assert (live.closing, live.closed_at) == ("", None)
    assert close_finished(now=NOON + 11 * MINUTE) == 0


def test_history_is_never_read_and_more_matches_ask_no_more_queries():
    seen(FOUND)
    counts = []
    for number in range(2):
        at = NOON + (number + 1) * MINUTE
        for match in range(1 + 3 * number):
            look(FOUND, at=at, match=f"match{match}")
        with CaptureQueriesContext(connection) as queries:
            detect_at(at)
        counts.append(len(queries))
        assert not [q for q in queries if re.search(r'(FROM|JOIN) "?quotes\b', q["sql"])]

    assert counts[0] == counts[1]


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_open_one_row():
    look(FOUND, at=NOON)
    sport_id, ready, results = make_sport(key=TENNIS).pk, Barrier(2), []

    def work():
        try:
            ready.wait(timeout=10)
            results.append(detect(sport_id, now=NOON))
        finally:
            connection.close()

    workers = [Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(timeout=30)

    assert sorted(result.opened for result in results) == [0, 1]
    assert Opportunity.objects.count() == 1
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE quotes")  # unmanaged: Django does not empty it
