"""kill -9 of a real worker in the middle of its work: nothing lost, nothing double, by SQL."""

import json
import re
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.db import connection
from django.utils import timezone
from pytest_httpserver import HTTPServer
from redis import Redis
from werkzeug import Request, Response

from monps.pipeline import collect_due_sports
from odds.models import Collection, CollectionSettings, Sport
from tests.e2e.celery_processes import CELERY, running
from tests.odds.test_parsing import bookmaker, event, market

ROOT = Path(__file__).resolve().parents[2]
SPORTS = 200
BOOKMAKERS = 10
PATIENCE_SECONDS = 90

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def source(httpserver: HTTPServer) -> HTTPServer:
    """Every sport has one match with its own prices; an answer takes some milliseconds."""

    def answer(request: Request) -> Response:
        time.sleep(0.01)
        sport_key = request.path.split("/")[3]
        odds = market("h2h", ("Leeds United", 2.1), ("Draw", 3.5), ("Fulham", 3.6))
        books = [bookmaker(odds, key=f"book_{number}") for number in range(BOOKMAKERS)]
        kickoff = (timezone.now() + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
        body = [event(*books, id=sport_key, sport_key=sport_key, commence_time=kickoff)]
        return Response(json.dumps(body), headers={"x-requests-last": "1"})

    httpserver.expect_request(re.compile(r"/v4/sports/[^/]+/odds")).respond_with_handler(answer)
    return httpserver


def wait_for(stored: int, *, ticking: bool) -> None:
    """Until so many sports are stored; `ticking` does what beat does meanwhile."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while Collection.objects.stored().count() < stored:
        assert time.monotonic() < deadline, f"{Collection.objects.stored().count()} stored"
        if ticking:
            collect_due_sports()
        time.sleep(0.5 if ticking else 0.02)


def test_a_worker_killed_in_the_middle_of_200_snapshots_loses_and_doubles_nothing(
    source: HTTPServer,
):
    CollectionSettings.objects.create(minimum_interval_seconds=86_400, monthly_credits=10_000)
    Sport.objects.bulk_create(
        Sport(key=f"sport_{number}", title=f"Sport {number}", is_collected=True)
        for number in range(SPORTS)
    )
    Redis.from_url(django_settings.REDIS_URL).flushdb()
    command = (*CELERY, "worker", "--concurrency", "2")
    provider = {"ODDS_API_BASE_URL": source.url_for("").rstrip("/"), "ODDS_API_KEY": "not-a-secret"}

    with running(*command, **provider):
        collect_due_sports()
        wait_for(SPORTS // 4, ticking=False)
    killed_at = Collection.objects.stored().count()
    with running(*command, **provider):
        wait_for(SPORTS, ticking=True)

    assert killed_at < SPORTS
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT (SELECT count(*) FROM collections WHERE status = 'stored'),
                   (SELECT count(DISTINCT sport_id) FROM collections WHERE status = 'stored'),
                   (SELECT count(*) FROM collections WHERE status = 'running'),
                   (SELECT count(*) FROM quotes),
                   (SELECT count(*) FROM (SELECT DISTINCT match_id, bookmaker_id, market, line,
                                                 observed_at FROM quotes) AS facts),
                   (SELECT count(*) FROM latest_quotes),
                   (SELECT sum(quotes_stored) FROM collections),
                   (SELECT count(*) FROM raw_payloads)
            """
        )
        assert cursor.fetchone() == (
            SPORTS,
            SPORTS,
            0,
            SPORTS * BOOKMAKERS,
            SPORTS * BOOKMAKERS,
            SPORTS * BOOKMAKERS,
            SPORTS * BOOKMAKERS,
            SPORTS,
        )
