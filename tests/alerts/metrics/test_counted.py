"""Counters over all that ever happened: the same whether or not anything was summed before."""

from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import Sum
from django.test.utils import CaptureQueriesContext

from alerts.metrics import counted
from alerts.models import CountedTotal
from betting.models import Opportunity
from odds.models import Collection
from tests.alerts.metrics.scraped import samples
from tests.factories import NOON, make_collection, make_match, make_opportunity, make_sport

DAY, HOUR = timedelta(days=1), timedelta(hours=1)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _ten_days() -> None:
    """Two sports; every day some quotes and opportunities of both."""
    for number, key in enumerate(("soccer_epl", "basketball_nba"), start=1):
        sport = make_sport(key=key, is_collected=True)
        match = make_match(sport=sport)
        for day in range(10):
            at = NOON - day * DAY
            make_collection(
                sport=sport, started_at=at, quotes_received=number * day, quotes_stored=number * day
            )
            make_opportunity(
                match=match, outcome="home", first_seen_at=at, closed_at=at, closing="price_moved"
            )
            make_opportunity(
                match=match, outcome="away", first_seen_at=at, closed_at=at, closing="price_moved",
                rejection="stale",
            )  # fmt: skip
        make_collection(
            sport=sport, started_at=NOON - 5 * DAY, source="replay", quotes_received=7,
            quotes_stored=7,
        )  # fmt: skip


def by_rows() -> tuple[dict[str, int], dict[str, int]]:
    """The same by walking over all rows."""
    quotes: dict[str, int] = {}
    for call in Collection.objects.filter(source="api", status="stored").select_related("sport"):
        quotes[call.sport.key] = quotes.get(call.sport.key, 0) + call.quotes_stored
    found: dict[str, int] = {}
    for one in Opportunity.objects.select_related("match__sport"):
        if not one.rejection:
            found[one.match.sport.key] = found.get(one.match.sport.key, 0) + 1
    return quotes, found


def scraped_counters() -> tuple[dict[str, float], dict[str, float]]:
    return samples("monps_odds_collected_total"), samples("monps_opportunities_detected_total")


def test_they_count_every_row_before_anything_was_folded() -> None:
    assert scraped_counters() == by_rows()
    assert by_rows() == (
        {"soccer_epl": 45, "basketball_nba": 90},
        {"soccer_epl": 10, "basketball_nba": 10},
    )


def test_folding_changes_no_counter_however_often() -> None:
    for days in (3, 2, 2, 0, 0):
        counted.fold(now=NOON - days * DAY)
        assert scraped_counters() == by_rows()


def test_what_is_folded_is_not_read_again() -> None:
    counted.fold(now=NOON)
    folded = CountedTotal.objects.filter(counter="quotes").aggregate(total=Sum("total"))["total"]

    with CaptureQueriesContext(connection) as captured:
        scraped_counters()

    assert folded == 45 * 3  # the newest of the ten days stored nothing
    reads = [query["sql"] for query in captured if "SUM(" in query["sql"]]
    assert any("started_at" in sql and ">=" in sql for sql in reads)


def test_what_comes_after_a_fold_is_counted_and_may_be_older_than_the_fold() -> None:
    counted.fold(now=NOON)
    sport = make_sport(key="soccer_epl")
    make_collection(sport=sport, started_at=NOON, quotes_received=3, quotes_stored=3)
    make_opportunity(match=make_match(sport=sport), first_seen_at=NOON - 2 * DAY)

    assert scraped_counters() == by_rows()


def test_a_call_that_runs_for_hours_is_not_lost() -> None:
    sport = make_sport(key="soccer_epl")
    slow = make_collection(
        sport=sport, started_at=NOON - 6 * HOUR, status="running", finished_at=None,
        observed_at=None,
    )  # fmt: skip
    counted.fold(now=NOON)
    Collection.objects.filter(pk=slow.pk).update(
        status="stored", finished_at=NOON, observed_at=NOON, quotes_received=11, quotes_stored=11
    )
    counted.fold(now=NOON + DAY)

    assert scraped_counters() == by_rows()


def test_a_sport_that_comes_later_is_counted_from_its_first_quote() -> None:
    counted.fold(now=NOON)
    sport = make_sport(key="icehockey_nhl", is_collected=True)
    make_collection(sport=sport, started_at=NOON, quotes_received=4, quotes_stored=4)
    counted.fold(now=NOON + DAY)

    assert scraped_counters()[0] == by_rows()[0]


def test_a_counter_does_not_fall_when_an_old_match_is_deleted() -> None:
    counted.fold(now=NOON + 10 * DAY)
    before = scraped_counters()[1]
    Opportunity.objects.all().delete()

    assert scraped_counters()[1] == before


def test_folding_back_in_time_takes_nothing_back() -> None:
    counted.fold(now=NOON)
    counted.fold(now=NOON - 5 * DAY)

    assert scraped_counters() == by_rows()
