"""What `/stats/global` counts and what it leaves unknown."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from odds.models import Match
from tests.api import get, utc_text
from tests.factories import (
    make_bookmaker,
    make_collection,
    make_match,
    make_quote,
    make_sport,
)

NOW = timezone.now()
SEEN = NOW - timedelta(minutes=10)
TOMORROW = NOW + timedelta(days=1)

pytestmark = pytest.mark.django_db


def make_upcoming(**given: Any) -> Match:
    return make_match(**{"commence_time": TOMORROW} | given)


def test_it_counts_the_store_and_leaves_unknown_numbers_null() -> None:
    make_sport(key="basketball_nba")
    make_collection(started_at=SEEN, odds_stored=410, credits_remaining=None)
    make_collection(started_at=SEEN - timedelta(hours=2), odds_stored=19, credits_remaining=None)
    make_quote("2.0", "3.0", "4.0", match=make_upcoming(), seen_at=SEEN)
    make_bookmaker("never_quoted")

    assert get("/stats/global") == {
        "total_odds": 429,
        "total_matches": 1,
        "total_bookmakers": 1,
        "total_sports": 1,
        "last_update": utc_text(SEEN),
        "api_requests_remaining": None,
        "total_bets": 0,
        "total_stake": 0.0,
        "total_return": 0.0,
        "total_profit": 0.0,
        "avg_odds": None,
        "win_rate": None,
        "roi": None,
        "avg_clv": None,
        "sharpe_ratio": None,
    }


def test_an_empty_store_holds_nothing_and_was_never_updated() -> None:
    answer = get("/stats/global")

    assert (answer["total_odds"], answer["total_matches"]) == (0, 0)
    assert answer["last_update"] is None


def test_the_credits_left_are_those_the_newest_answer_told() -> None:
    make_collection(started_at=NOW, credits_remaining=491)

    assert get("/stats/global")["api_requests_remaining"] == 491


def test_queries_do_not_grow_with_rows(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    for minutes in range(10):
        make_collection(started_at=NOW - timedelta(minutes=minutes))

    with django_assert_num_queries(8):
        get("/stats/global")
