"""What is on offer and collected, by sport, each gauge against the rows themselves."""

from datetime import timedelta
from typing import Any

import pytest

from odds.gate import PAUSING
from odds.models import Collection, LatestQuote, Sport
from tests.alerts.metrics.scraped import samples, scraped, value
from tests.factories import (
    NOON,
    make_bookmaker,
    make_collection,
    make_match,
    make_opportunity,
    make_quote,
    make_sport,
)

HOUR = timedelta(hours=1)

pytestmark = pytest.mark.django_db


def collected(key: str) -> Sport:
    return make_sport(key=key, is_collected=True)


def opportunity(sport: Sport, **given: Any) -> None:
    make_opportunity(match=make_match(sport=sport), **given)


class TestOffers:
    def test_open_ones_are_counted_and_the_others_are_not(self) -> None:
        epl, nba = collected("soccer_epl"), collected("basketball_nba")
        opportunity(epl, spread_pct=12.0, edge_pct=3.0)
        opportunity(epl, spread_pct=20.0, edge_pct=2.0)
        opportunity(epl, kind="spread", spread_pct=31.0, edge_pct=9.0)
        opportunity(epl, rejection="stale", spread_pct=99.0, edge_pct=99.0)
        opportunity(epl, closed_at=NOON, closing="withdrawn", spread_pct=98.0, edge_pct=98.0)
        make_opportunity(match=make_match(sport=epl, commence_time=NOON), spread_pct=97.0)

        families = scraped()

        assert families["monps_current_opportunities"].samples == {epl.key: 3, nba.key: 0}
        assert families["monps_value_opportunities"].samples == {epl.key: 2, nba.key: 0}
        assert families["monps_max_spread_percent"].samples == {epl.key: 31.0}
        assert families["monps_best_edge_percent"].samples == {epl.key: 3.0}
        assert nba.key in families["monps_opportunities_detected_total"].samples

    def test_a_sport_no_longer_collected_leaves_when_nothing_of_it_is_on_offer(self) -> None:
        epl = collected("soccer_epl")
        make_collection(sport=epl, quotes_received=5, quotes_stored=5)
        opportunity(epl)
        assert "soccer_epl" in samples("monps_current_opportunities")

        Sport.objects.update(is_collected=False)
        still = scraped()
        after = scraped(NOON + timedelta(days=2))

        assert still["monps_current_opportunities"].samples == {"soccer_epl": 1}
        assert not [name for name, one in after.items() if "soccer_epl" in one.samples]


class TestBookmakers:
    def test_those_with_a_believed_quote_on_a_coming_match_count_once(self) -> None:
        epl = collected("soccer_epl")
        coming, begun = make_match(sport=epl), make_match(sport=epl, commence_time=NOON - HOUR)
        one, two = make_bookmaker("one"), make_bookmaker("two")
        make_quote("2.00", "3.00", "4.00", match=coming, bookmaker=one)
        make_quote("1.90", "1.90", match=coming, bookmaker=one, market="totals", line=2)
        make_quote("2.00", "3.00", "4.00", match=coming, bookmaker=two)
        make_quote("2.00", "3.00", "4.00", match=begun, bookmaker=make_bookmaker("begun"))
        old = NOON - timedelta(days=3)
        make_quote(
            "2.00", "3.00", "4.00", match=coming, bookmaker=make_bookmaker("old"), seen_at=old
        )
        make_quote("2.00", "3.00", "4.00", match=coming, bookmaker=make_bookmaker("gone"))
        LatestQuote.objects.filter(bookmaker__key="gone").update(is_offered=False)

        assert samples("monps_active_bookmakers") == {"soccer_epl": 2}


class TestCollections:
    def test_the_newest_stored_call_of_each_sport_counts(self) -> None:
        epl, nba = collected("soccer_epl"), collected("basketball_nba")
        for sport, hours, seconds in ((epl, 5, 9), (epl, 1, 4), (nba, 2, 6)):
            at = NOON - hours * HOUR
            took = timedelta(seconds=seconds)
            make_collection(sport=sport, started_at=at, observed_at=at, finished_at=at + took)
        later = NOON - timedelta(minutes=5)
        make_collection(sport=epl, started_at=later, status="failed", failure="unavailable")
        make_collection(sport=epl, started_at=later, source="replay")
        make_collection(sport=epl, started_at=later, endpoint="scores")

        families = scraped()

        assert families["monps_collection_duration_seconds"].samples == {epl.key: 4, nba.key: 6}
        last = families["monps_last_collection_timestamp"].samples[""]
        assert last == (NOON - HOUR).timestamp()

    @pytest.mark.parametrize("failure", Collection.Failure.values)
    def test_a_refused_key_pauses_until_a_call_is_answered(self, failure: str) -> None:
        epl = collected("soccer_epl")
        collected("basketball_nba")
        make_collection(sport=epl, started_at=NOON - HOUR, status="failed", failure=failure)
        during = value("monps_collections_paused")
        make_collection(sport=epl, started_at=NOON)

        assert during == (failure in PAUSING)
        assert value("monps_collections_paused") == 0

    def test_a_running_call_does_not_end_a_pause(self) -> None:
        epl = collected("soccer_epl")
        make_collection(sport=epl, started_at=NOON - HOUR, status="failed", failure="wrong_key")
        make_collection(sport=epl, status="running", finished_at=None, observed_at=None)

        assert value("monps_collections_paused") == 1
