"""The World Cup as it was recorded, served at 100 times its speed over real HTTP, lived through."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection
from pytest_django.fixtures import Settings

from betting.detection import opportunities
from betting.models import Opportunity
from odds import collector
from odds.models import Collection, CollectionSettings, MatchChange
from odds.simulator.clock import Clock
from odds.simulator.replay import Recording, ReplaySource
from odds.simulator.server import build_server
from tests.factories import make_sport

ROOT = Path(__file__).resolve().parents[2]
SERIES = ROOT.parent / "shared/data/the-odds-api/series/soccer_fifa_world_cup_2026_us"
SPORT = "soccer_fifa_world_cup"
KICK_OFF = datetime(2026, 6, 19, 12, tzinfo=UTC).timestamp()  # the recording's
STEPS, STEP = 60, timedelta(seconds=60)  # a minute is 100 recorded ones: four days in all

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.recorded,
    pytest.mark.skipif(
        not SERIES.exists(), reason="the recorded odds are not beside the repository"
    ),
    pytest.mark.django_db,
]


class Wall:
    """The clock of both sides: ours and the server's."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def timestamp(self) -> float:
        return self.now.timestamp()


def test_opportunities_appear_and_disappear_as_the_recorded_market_moves(settings: Settings):
    wall = Wall(datetime(2026, 11, 21, 12, tzinfo=UTC))
    clock = Clock(speed=100, started_at=wall.timestamp(), simulated_start=KICK_OFF)
    source = ReplaySource(Recording(SERIES), clock, "american")
    CollectionSettings.objects.create(minimum_interval_seconds=60, markets="h2h,totals")
    sport = make_sport(key=SPORT, is_collected=True)

    with build_server(source, port=0, quota=0, now=wall.timestamp) as server:
        settings.ODDS_API_BASE_URL, settings.ODDS_API_KEY = server.url, "any"
        for _step in range(STEPS):
            collector.collect_sport(SPORT, clock=lambda: wall.now, reason="interval")
            opportunities.detect(sport.pk, now=wall.now)
            wall.now += STEP
            opportunities.close_finished(now=wall.now)

    assert Collection.objects.stored().count() == STEPS
    closings = Counter(Opportunity.objects.filter(kind="value").values_list("closing", flat=True))
    assert closings["price_moved"] > 10
    assert closings["kicked_off"] > 0
    assert (
        not Opportunity.objects.open(wall.now).filter(match__commence_time__lte=wall.now).exists()
    )
    assert Opportunity.objects.filter(kind="value").rejected().exists()
    assert MatchChange.objects.filter(kind="kickoff").exists()
    with connection.cursor() as cursor:  # every row of history is a change
        cursor.execute(
            """
            SELECT count(*) FROM (
                SELECT (odds_1, odds_x, odds_2) IS NOT DISTINCT FROM lag((odds_1, odds_x, odds_2))
                       OVER (PARTITION BY match_id, bookmaker_id, market, line
                             ORDER BY observed_at) AS repeats
                FROM quotes
            ) AS history
            WHERE repeats
            """
        )
        assert cursor.fetchone() == (0,)
