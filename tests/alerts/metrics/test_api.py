"""The routes that are kept for what asks them, in the original's shapes."""

from datetime import timedelta

import pytest
from django.utils import timezone

from odds.models import Collection
from tests.api import get, utc_text
from tests.factories import (
    make_bookmaker,
    make_collection,
    make_match,
    make_opportunity,
    make_quote,
    make_sport,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def market() -> Collection:
    """Two collected sports, one of them with two matches on offer; as of the real clock."""
    now = timezone.now()
    epl = make_sport(key="soccer_epl", is_collected=True)
    make_sport(key="basketball_nba", is_collected=True)
    for number, spread in enumerate((8.0, 12.5)):
        match = make_match(
            sport=epl, home_team=f"Home {number}", away_team=f"Away {number}",
            commence_time=now + timedelta(days=1),
        )  # fmt: skip
        for key in ("one", "two"):
            make_quote(
                "2.00", "3.00", "4.00", match=match, bookmaker=make_bookmaker(key), seen_at=now
            )
        make_opportunity(match=match, kind="spread", spread_pct=spread, first_seen_at=now)
        make_opportunity(match=match, spread_pct=spread - 1, first_seen_at=now)
    make_collection(sport=epl, started_at=now - timedelta(days=2))
    return make_collection(
        sport=epl, started_at=now, quotes_received=4, quotes_stored=4, odds_stored=12
    )


def test_refreshing_gives_what_is_on_offer_by_sport(market: Collection) -> None:
    answer = get("/metrics/refresh")

    assert answer.pop("refreshed_at").endswith("Z")
    assert answer == {
        "status": "ok",
        "updated": True,
        "opportunities": 4,
        "max_spread": 12.5,
        "bookmakers": 2,
        "by_sport": {
            "basketball_nba": {"opportunities": 0, "max_spread": None, "bookmakers": 0},
            "soccer_epl": {"opportunities": 4, "max_spread": 12.5, "bookmakers": 2},
        },
    }


def test_refreshing_nothing_finds_nothing() -> None:
    answer = get("/metrics/refresh")

    assert (answer["opportunities"], answer["max_spread"], answer["bookmakers"]) == (0, None, 0)
    assert answer["by_sport"] == {}


def test_the_original_answer_counts_the_sports(market: Collection) -> None:
    assert get("/refresh") == {
        "status": "success",
        "message": "Metrics refreshed successfully - 2 sports",
    }


def test_the_statistics_tell_the_store_and_the_widest_spreads(market: Collection) -> None:
    answer = get("/metrics/collector/stats")

    newest = utc_text(market.observed_at)
    assert answer["global"] == {
        "total_odds": 12,
        "total_matches": 2,
        "total_bookmakers": 2,
        "total_sports": 1,
        "last_update": newest,
        "api_requests_remaining": 480,
        "first_collection": utc_text(market.observed_at - timedelta(days=2)),
        "last_collection": newest,
    }
    assert answer["current_opportunities"] == 4
    assert [
        (one["home_team"], one["max_spread_pct"], one["bookmakers"], one["sport"])
        for one in answer["top_opportunities"]
    ] == [("Home 1", 12.5, 5, "soccer_epl"), ("Home 0", 8.0, 5, "soccer_epl")]
    assert answer["sports"] == [
        {
            "sport": "soccer_epl",
            "odds_count": 12,
            "matches_count": 2,
            "bookmakers_count": 2,
            "last_update": newest,
        }
    ]


def test_at_most_five_matches_are_shown(market: Collection) -> None:
    for number in range(9):
        match = make_match(commence_time=market.observed_at + timedelta(days=2))
        make_opportunity(match=match, spread_pct=20.0 + number)

    top = get("/metrics/collector/stats")["top_opportunities"]

    assert [one["max_spread_pct"] for one in top] == [28.0, 27.0, 26.0, 25.0, 24.0]


def test_an_empty_store_answers_too() -> None:
    answer = get("/metrics/collector/stats")

    assert answer["global"]["first_collection"] is None
    assert (answer["top_opportunities"], answer["sports"]) == ([], [])
