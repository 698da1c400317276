"""Values and spreads over the API; the numbers are the worked example of a match at odds 3.95."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from betting.models import DetectionSettings, Opportunity
from odds.models import Match
from tests.api import get, signed_in, utc_text
from tests.factories import (
    make_bookmaker,
    make_match,
    make_opportunity,
    make_sport,
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


def make_spread(pct: float, **given: Any) -> Opportunity:
    return make_offer(kind="spread", spread_pct=pct, **given)


def make_value(edge_pct: float, **given: Any) -> Opportunity:
    return make_offer(edge_pct=edge_pct, **given)


class TestShape:
    @pytest.fixture
    def item(self) -> dict[str, Any]:
        """Fulham at 3.95 where Pinnacle's 2.10/3.50/3.60 makes its fair probability .267176."""
        make_value(
            5.5345,
            match=make_upcoming(provider_id="9f2c", home_team="Leeds", away_team="Fulham"),
            outcome="away",
            best_odds=Decimal("3.95"),
            worst_odds=Decimal("3.40"),
            best_bookmaker=make_bookmaker("marathonbet"),
            worst_bookmaker=make_bookmaker("winamax_fr"),
            bookmaker_count=21,
            spread_pct=16.18,
            fair_probability=0.267176,
            shrunk_edge_pct=2.76725,
        )
        [item] = get("/opportunities/top")
        return dict(item)

    def test_the_original_fields_keep_their_names_and_kinds(self, item: dict[str, Any]) -> None:
        original = {
            "match_id": "9f2c",
            "home_team": "Leeds",
            "away_team": "Fulham",
            "sport": "soccer_epl",
            "commence_time": utc_text(TOMORROW),
            "opportunity_type": "value",
            "outcome": "away",
            "best_odd": "3.95",
            "worst_odd": "3.40",
            "spread_pct": 16.18,
            "bookmaker_best": "marathonbet",
            "bookmaker_worst": "winamax_fr",
            "nb_bookmakers": 21,
            "id": Opportunity.objects.get().pk,
            "value": None,
            "details": None,
            "created_at": utc_text(SEEN),
        }

        assert {name: item[name] for name in original} == original

    def test_true_edge_and_kelly_are_those_of_the_worked_example(
        self, item: dict[str, Any]
    ) -> None:
        assert item["estimated_value"] == pytest.approx(5.53, abs=0.005)
        assert item["edge_pct"] == item["estimated_value"]
        assert item["ev_per_unit"] == pytest.approx(0.0553, abs=5e-5)
        assert item["kelly_fraction"] == pytest.approx(0.01876, abs=5e-6)
        assert item["fair_odds"] == pytest.approx(3.7429, abs=5e-5)  # 3.60 x 1.039683

    def test_the_added_fields_say_where_the_numbers_come_from(self, item: dict[str, Any]) -> None:
        assert item["opportunity_id"] == "9f2c:h2h:away"
        assert (item["kind"], item["market"], item["line"]) == ("value", "h2h", None)
        assert (item["reference"], item["fair_probability"]) == ("pinnacle", 0.267176)
        assert item["shrunk_edge_pct"] == 2.76725
        assert item["snapshot_at"] == item["first_seen_at"] == utc_text(SEEN)
        assert (item["stale"], item["is_playable"]) == (False, False)


def test_kelly_is_reckoned_on_odds_net_of_commission() -> None:
    exchange = make_bookmaker("betfair_ex_eu", kind="exchange", commission=Decimal("0.05"))
    make_offer(best_odds=Decimal("3.00"), fair_probability=0.40, best_bookmaker=exchange)

    [item] = get("/opportunities/top")

    assert item["kelly_fraction"] == pytest.approx((0.40 * 2.90 - 1) / 1.90)


def test_kelly_is_never_negative() -> None:
    make_spread(8.0, best_odds=Decimal("2.00"), fair_probability=0.45, edge_pct=-10.0)

    [item] = get("/opportunities/")

    assert item["kelly_fraction"] == 0
    assert item["estimated_value"] == -10.0


def test_what_no_reference_tells_is_null_and_not_zero() -> None:
    make_spread(8.0, fair_probability=None, edge_pct=None, shrunk_edge_pct=None, reference="")

    [item] = get("/opportunities/")

    unknown = (
        "fair_probability", "fair_odds", "edge_pct", "shrunk_edge_pct", "estimated_value",
        "ev_per_unit", "kelly_fraction", "reference",
    )  # fmt: skip
    assert {name: item[name] for name in unknown} == dict.fromkeys(unknown)


def test_a_price_not_seen_for_longer_than_the_settings_allow_is_stale() -> None:
    DetectionSettings.objects.create(maximum_seen_age_minutes=30)
    make_value(5.0, price_seen_at=NOW - timedelta(minutes=31))
    make_value(4.0, price_seen_at=NOW - timedelta(minutes=10))

    assert [item["stale"] for item in get("/opportunities/top")] == [True, False]


def test_a_line_is_part_of_the_stable_id() -> None:
    make_value(
        3.0, match=make_upcoming(provider_id="9f2c"), market="totals", line=Decimal("2.50"),
        outcome="over",
    )  # fmt: skip

    [item] = get("/opportunities/top")

    assert item["opportunity_id"] == "9f2c:totals:2.5:over"
    assert item["line"] == "2.5"


class TestList:
    def test_it_shows_spreads_of_five_percent_the_widest_first(self) -> None:
        for pct in (4.99, 5.0, 12.0, 7.5):
            make_spread(pct)
        make_value(9.0, spread_pct=50.0)

        assert [item["spread_pct"] for item in get("/opportunities/")] == [12.0, 7.5, 5.0]
        assert [item["spread_pct"] for item in get("/opportunities/", min_spread_pct=10)] == [12.0]

    def test_with_min_edge_it_shows_values_the_best_edge_first(self) -> None:
        for edge in (2.0, 4.0, 3.0):
            make_value(edge, spread_pct=10 * edge)
        make_spread(60.0, edge_pct=20.0)

        edges = [item["edge_pct"] for item in get("/opportunities/", min_edge=2.5)]
        narrowed = get("/opportunities/", min_edge=2.5, min_spread_pct=35)

        assert edges == [4.0, 3.0]
        assert [item["edge_pct"] for item in narrowed] == [4.0]

    def test_other_markets_are_shown_when_asked_for(self) -> None:
        make_spread(8.0)
        make_spread(9.0, market="totals", line=Decimal("2.5"), outcome="over")

        assert [item["market"] for item in get("/opportunities/")] == ["h2h"]
        assert [item["market"] for item in get("/opportunities/", market="totals")] == ["totals"]

    def test_a_sport_can_be_asked_for(self) -> None:
        make_spread(8.0)
        make_spread(9.0, match=make_upcoming(sport=make_sport(key="basketball_nba")))

        [item] = get("/opportunities/", sport="basketball_nba")

        assert item["sport"] == "basketball_nba"


@pytest.mark.parametrize("path", ["/opportunities/?min_edge=0", "/opportunities/top"])
def test_only_what_can_still_be_taken_is_listed(path: str) -> None:
    make_value(3.0, match=make_upcoming(commence_time=NOW - timedelta(seconds=1)))
    make_value(3.0, rejection="lagging")
    make_value(3.0, closed_at=NOW, closing="price_moved")
    taken = make_value(3.0)

    assert [item["id"] for item in signed_in().get(path).json()] == [taken.pk]


class TestTop:
    def test_the_best_edge_comes_first_then_the_next_kickoff(self) -> None:
        make_value(3.0, match=make_upcoming(commence_time=TOMORROW + timedelta(hours=2)))
        make_value(3.0, match=make_upcoming(commence_time=TOMORROW))
        make_value(4.0, match=make_upcoming(commence_time=TOMORROW + timedelta(hours=4)))

        items = get("/opportunities/top")

        assert [(item["edge_pct"], item["commence_time"]) for item in items] == [
            (4.0, utc_text(TOMORROW + timedelta(hours=4))),
            (3.0, utc_text(TOMORROW)),
            (3.0, utc_text(TOMORROW + timedelta(hours=2))),
        ]

    def test_it_lists_ten_of_any_market_unless_told_otherwise(self) -> None:
        for place in range(12):
            make_value(3.0 + place, market="totals", line=Decimal(place), outcome="over")

        assert len(get("/opportunities/top")) == 10
        assert len(get("/opportunities/top", limit=3)) == 3
        assert len(get("/opportunities/top", min_edge=13)) == 2
        assert get("/opportunities/top", sport="basketball_nba") == []


@pytest.mark.parametrize(
    ("path", "make"),
    [
        ("/opportunities/", lambda: make_spread(8.0)),
        ("/opportunities/top", lambda: make_value(3.0)),
    ],
)
def test_queries_do_not_grow_with_rows(
    path: str, make: Any, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(8):
        make()

    with django_assert_num_queries(2):
        assert len(get(path)) == 8


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("/opportunities/", {"limit": 101}),
        ("/opportunities/", {"min_edge": "much"}),
        ("/opportunities/top", {"limit": 51}),
        ("/opportunities/arbitrage", {"market": "corners"}),
    ],
)
def test_a_parameter_that_cannot_be_used_is_refused_by_name(
    path: str, query: dict[str, Any]
) -> None:
    response = signed_in().get(path, query)

    assert response.status_code == 400
    assert response.json()["detail"].startswith(f"{next(iter(query))}: ")
