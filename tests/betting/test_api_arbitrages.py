"""Arbitrages over the API; the worked example costs .977980 for a payout of 1."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from betting.models import Opportunity
from odds.models import Match
from tests.api import get, utc_text
from tests.factories import (
    make_match,
    make_opportunity,
)

NOW = timezone.now()
SEEN = NOW - timedelta(minutes=10)
TOMORROW = NOW + timedelta(days=1)

pytestmark = pytest.mark.django_db


def make_upcoming(**given: Any) -> Match:
    return make_match(**{"commence_time": TOMORROW} | given)


def make_offer(**given: Any) -> Opportunity:
    if "match" not in given:
        given["match"] = make_upcoming()
    return make_opportunity(**{"first_seen_at": SEEN} | given)


def make_arbitrage(profit_pct: float, odds: dict[str, str], **given: Any) -> Opportunity:
    legs = [
        {
            "outcome": outcome,
            "bookmaker": "pinnacle",
            "odds": float(price),
            "seen_at": SEEN.isoformat(),
            "source_age_seconds": None,
        }
        for outcome, price in odds.items()
    ]
    nothing = dict.fromkeys(
        ("best_odds", "best_bookmaker", "worst_odds", "worst_bookmaker", "fair_probability")
    )
    return make_offer(
        kind="arbitrage", outcome="all", edge_pct=profit_pct, spread_pct=None, legs=legs,
        **nothing, **given,
    )  # fmt: skip


def test_the_worked_example_in_the_original_shape() -> None:
    match = make_upcoming(provider_id="9f2c", home_team="Leeds", away_team="Fulham")
    make_arbitrage(2.2516, {"home": "2.20", "draw": "3.70", "away": "3.95"}, match=match)

    [item] = get("/opportunities/arbitrage")

    original = {
        "match_id": "9f2c",
        "home_team": "Leeds",
        "away_team": "Fulham",
        "sport": "soccer_epl",
        "commence_time": utc_text(TOMORROW),
        "home_odd": "2.20",
        "away_odd": "3.95",
        "draw_odd": "3.70",
    }
    assert {name: item[name] for name in original} == original
    assert item["arbitrage_sum"] == pytest.approx(0.977980, abs=5e-7)
    assert item["profit_pct"] == pytest.approx(2.25, abs=0.005)
    assert [leg["seen_at"] for leg in item["legs"]] == [utc_text(SEEN)] * 3


def test_two_outcomes_leave_the_draw_null() -> None:
    make_arbitrage(1.0, {"home": "2.10", "away": "1.95"})

    [item] = get("/opportunities/arbitrage")

    assert item["draw_odd"] is None


def test_totals_are_asked_for_by_name_and_have_their_own_legs() -> None:
    make_arbitrage(1.5, {"over": "2.05", "under": "2.02"}, market="totals", line=Decimal("2.5"))

    [item] = get("/opportunities/arbitrage", market="totals")

    assert get("/opportunities/arbitrage") == []
    assert (item["home_odd"], item["line"]) == (None, "2.5")
    assert [(leg["outcome"], leg["odds"]) for leg in item["legs"]] == [
        ("over", "2.05"),
        ("under", "2.02"),
    ]


def test_the_most_profitable_comes_first() -> None:
    for profit in (0.5, 1.5, 1.0):
        make_arbitrage(profit, {"home": "2.10", "away": "1.95"})

    profits = [item["profit_pct"] for item in get("/opportunities/arbitrage")]

    assert profits == [1.5, 1.0, 0.5]


def test_queries_do_not_grow_with_rows(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for _ in range(8):
        make_arbitrage(1.0, {"home": "2.10", "away": "1.95"})

    with django_assert_num_queries(2):
        assert len(get("/opportunities/arbitrage")) == 8
