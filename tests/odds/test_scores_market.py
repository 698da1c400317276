"""Scores of the simulated market over real HTTP, sixty times as fast as the wall."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from pytest_django.fixtures import Settings

from odds import collector, scores
from odds.models import Collection, CollectionSettings, Match, MatchResult, Sport
from odds.simulator.faults import Fault
from odds.simulator.server import Server, build_server
from odds.simulator.sources import DEFAULT_ANCHOR, SimulatedSource
from tests.factories import make_sport
from tests.odds.test_scores_call import standing

KEY = "feedfeedfeedfeedfeedfeedfeedfeed"
MINUTE = timedelta(minutes=1)  # on the wall; an hour of the market
HOUR = timedelta(hours=1)
WEEK = 7 * 24 * MINUTE  # of the market


class Market:
    """A simulated market and the clock that both sides read."""

    def __init__(self) -> None:
        self.now = DEFAULT_ANCHOR + timedelta(days=10)
        self.source = SimulatedSource(seed=1, speed=60, anchor=DEFAULT_ANCHOR)
        self.server: Server = build_server(self.source, quota=0, keys=[KEY], now=self.seconds)

    def clock(self) -> datetime:
        return self.now

    def seconds(self) -> float:
        return self.now.timestamp()

    def final_score(self, match: Match) -> tuple[int, int]:
        """What the market's truth says, without the wire."""
        played = self.source.world.match(match.provider_id)
        result = self.source.world.result(played, played.commence + 1_000_000)
        assert result is not None
        assert result.is_final
        return result.home, result.away


@pytest.fixture
def market(settings: Settings) -> Iterator[Market]:
    market = Market()
    with market.server:
        settings.ODDS_API_BASE_URL = market.server.url
        settings.ODDS_API_KEY = KEY
        CollectionSettings.objects.create(timeout_seconds=5)
        yield market


def collected(market: Market, sport_key: str) -> Sport:
    """A sport whose matches have just been collected."""
    sport = make_sport(key=sport_key)
    stored = collector.collect_sport(
        sport_key, clock=market.clock, reason="command", is_forced=True
    )
    assert stored.matches_received > 0
    return sport


def fetch_kicked_off(market: Market, sport: Sport) -> Collection:
    ids = sport.matches.filter(commence_time__lte=market.now).values_list("provider_id", flat=True)
    return scores.fetch_scores(sport.key, list(ids), clock=market.clock)


@pytest.mark.parametrize("sport_key", ["soccer_epl", "basketball_nba"])
@pytest.mark.django_db
def test_final_scores_of_the_market_arrive_as_they_truly_were(market: Market, sport_key: str):
    sport = collected(market, sport_key)
    market.now += WEEK
    cutoff = market.now - 3 * MINUTE  # no match lasts three hours of the market

    collection = fetch_kicked_off(market, sport)

    ended = list(sport.matches.filter(commence_time__lte=cutoff))
    assert len(ended) >= 5
    assert {match.pk: (match.home_score, match.away_score) for match in ended} == {
        match.pk: market.final_score(match) for match in ended
    }
    assert {match.status for match in ended} == {"completed"}
    coming = sport.matches.filter(commence_time__gt=market.now)
    assert set(coming.values_list("status", "home_score")) <= {("scheduled", None)}
    assert collection.tally["scores"]["rejected"] == {}


@pytest.mark.django_db
def test_a_match_under_way_in_the_market_leaves_nothing(market: Market):
    sport = collected(market, "soccer_epl")
    first = sport.matches.filter(commence_time__gt=market.now).earliest("commence_time")
    market.now = first.commence_time + MINUTE  # an hour into it
    with_score = market.source.world.result(
        market.source.world.match(first.provider_id),
        market.source.clock.simulated(market.now.timestamp()),
    )

    fetch_kicked_off(market, sport)

    assert with_score is not None
    assert not with_score.is_final
    assert standing(first) == ("scheduled", None, None)
    assert not first.results.exists()


FAULTS = {
    "invalid_key": "wrong_key",
    "out_of_credits": "out_of_credits",
    "rate_limited": "rate_limited",
    "server_error": "unavailable",
    "disconnect": "unavailable",
    "truncated": "malformed",
    "malformed": "malformed",
}


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.django_db
def test_a_fault_leaves_a_failed_row_and_no_result(market: Market, fault: str):
    sport = collected(market, "soccer_epl")
    market.now += WEEK
    market.server.faults.add(Fault(fault=fault, sport="soccer_epl", times=1))

    spoilt = fetch_kicked_off(market, sport)

    spoilt.refresh_from_db()
    assert (spoilt.status, spoilt.failure, spoilt.endpoint) == ("failed", FAULTS[fault], "scores")
    assert KEY not in spoilt.error
    assert not MatchResult.objects.exists()
    assert not Match.objects.exclude(status="scheduled").exists()


@pytest.mark.django_db
def test_a_passing_fault_is_made_up_for_by_the_next_call(market: Market):
    sport = collected(market, "soccer_epl")
    market.now += WEEK
    market.server.faults.add(Fault(fault="server_error", sport="soccer_epl", times=1))
    waiting = list(sport.matches.values_list("pk", flat=True))
    given = {"after": 3 * MINUTE, "interval": HOUR}
    fetch_kicked_off(market, sport)
    assert scores.due_for_results(waiting, now=market.now, **given) == {}

    market.now += timedelta(seconds=20)
    wanted = scores.due_for_results(waiting, now=market.now, **given)
    scores.fetch_scores("soccer_epl", wanted["soccer_epl"], clock=market.clock)
    market.now += timedelta(seconds=20)

    assert MatchResult.objects.count() == len(wanted["soccer_epl"])
    assert scores.due_for_results(waiting, now=market.now, **given) == {}
