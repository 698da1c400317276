"""Current quotes and the history of one match."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from odds.models import Match, Quote
from tests.api import get, signed_in, utc_text
from tests.factories import make_bookmaker, make_collection, make_match, make_quote, make_sport

NOW = timezone.now()
LOOK = NOW - timedelta(minutes=10)  # the newest collection
EARLIER = LOOK - timedelta(hours=2)  # the one before it
TOMORROW = NOW + timedelta(days=1)

pytestmark = pytest.mark.django_db


@pytest.fixture
def leeds() -> Match:
    """Leeds against Fulham tomorrow, its sport looked at ten minutes ago."""
    make_collection(started_at=LOOK, markets=["h2h", "totals"])
    return make_match(
        provider_id="9f2c", home_team="Leeds", away_team="Fulham", commence_time=TOMORROW
    )


class TestQuotes:
    def test_a_quote_is_one_item_per_outcome_in_the_original_shape(self, leeds: Match) -> None:
        pinnacle = make_bookmaker("pinnacle")
        make_quote("2.310", "3.480", "3.260", match=leeds, bookmaker=pinnacle, seen_at=LOOK)

        home, draw, away = get("/odds/")

        assert home | {"id": 0} == {
            "id": 0,
            "match_id": "9f2c",
            "sport": "soccer_epl",
            "home_team": "Leeds",
            "away_team": "Fulham",
            "bookmaker": "pinnacle",
            "outcome": "home",
            "odds_value": "2.31",
            "created_at": utc_text(LOOK),
            "seen_at": utc_text(LOOK),
            "market_type": "h2h",
            "line": None,
        }
        assert (draw["outcome"], draw["odds_value"]) == ("draw", "3.48")
        assert (away["outcome"], away["odds_value"]) == ("away", "3.26")

    @pytest.mark.parametrize("microsecond", [0, 500_000, 123_456])
    def test_ids_are_those_of_the_view_odds(self, leeds: Match, microsecond: int) -> None:
        changed_at = EARLIER.replace(microsecond=microsecond)
        make_quote("2.31", "3.48", "3.26", match=leeds, changed_at=changed_at, seen_at=LOOK)
        make_quote(
            "1.90", "1.95", match=leeds, market="totals", line=Decimal("2.5"),
            changed_at=changed_at, seen_at=LOOK,
        )  # fmt: skip
        with connection.cursor() as cursor:
            cursor.execute("SELECT id, market_type, outcome FROM odds")
            in_view = set(cursor.fetchall())

        items = get("/odds/")

        assert {(item["id"], item["market_type"], item["outcome"]) for item in items} == in_view
        assert len(items) == 5

    def test_the_newest_change_comes_first(self, leeds: Match) -> None:
        make_quote("2.00", "3.00", "4.00", match=leeds, changed_at=EARLIER, seen_at=LOOK)
        make_quote("2.10", "3.10", "4.10", match=leeds, bookmaker=make_bookmaker("b"), seen_at=LOOK)

        items = get("/odds/")

        assert [item["odds_value"] for item in items] == [
            "2.10", "3.10", "4.10", "2.00", "3.00", "4.00"
        ]  # fmt: skip

    def test_filters_leave_only_what_is_asked_for(self, leeds: Match) -> None:
        make_quote("2.00", "3.00", "4.00", match=leeds, seen_at=LOOK)
        make_quote("1.90", "1.95", match=leeds, market="totals", line=Decimal("2.5"), seen_at=LOOK)
        other = make_match(sport=make_sport(key="basketball_nba"), commence_time=TOMORROW)
        unibet = make_bookmaker("unibet_fr", title="Unibet (FR)")
        make_quote("1.50", "2.60", match=other, bookmaker=unibet, seen_at=LOOK)

        assert {item["match_id"] for item in get("/odds/", match_id="9f2c")} == {"9f2c"}
        assert {item["sport"] for item in get("/odds/", sport="basketball_nba")} == {
            "basketball_nba"
        }
        assert len(get("/odds/", bookmaker="unibet_fr")) == 2
        assert len(get("/odds/", bookmaker="Unibet (FR)")) == 2
        totals = get("/odds/", market="totals")
        assert [(item["outcome"], item["line"]) for item in totals] == [
            ("over", "2.5"),
            ("under", "2.5"),
        ]
        assert get("/odds/", sport="no_such_sport") == []

    def test_a_finished_match_has_no_current_quotes_unless_it_is_named(self) -> None:
        match = make_match(provider_id="over", commence_time=EARLIER)
        make_quote("2.00", "3.00", "4.00", match=match, seen_at=EARLIER)

        assert get("/odds/") == []
        assert len(get("/odds/", match_id="over")) == 3

    def test_the_limit_counts_items(self, leeds: Match) -> None:
        make_quote("2.00", "3.00", "4.00", match=leeds, seen_at=LOOK)

        assert len(get("/odds/", limit=2)) == 2

    def test_an_empty_parameter_is_one_not_given(self, leeds: Match) -> None:
        make_quote("2.00", "3.00", "4.00", match=leeds, seen_at=LOOK)

        assert len(get("/odds/", sport="", limit="", unknown="x")) == 3

    def test_queries_do_not_grow_with_rows(
        self,
        leeds: Match,
        django_assert_num_queries: DjangoAssertNumQueries,
    ) -> None:
        for key in "abcdef":
            make_quote(
                "2.0", "3.0", "4.0", match=leeds, bookmaker=make_bookmaker(key), seen_at=LOOK
            )

        with django_assert_num_queries(1):
            assert len(get("/odds/")) == 18


def make_history(match: Match, *odds: str, at: datetime, **given: Any) -> None:
    first, draw, second = odds if len(odds) == 3 else (odds[0], None, odds[1])
    given.setdefault("bookmaker", make_bookmaker("pinnacle"))
    Quote.objects.create(
        match=match, odds_1=first, odds_x=draw, odds_2=second, observed_at=at, **given
    )


class TestHistory:
    FIRST = datetime(2025, 11, 21, 10, 0, 2, tzinfo=UTC)
    SECOND = datetime(2025, 11, 22, 14, 45, tzinfo=UTC)

    @pytest.fixture
    def moved(self) -> Match:
        """The example of the documentation."""
        match = make_match(
            provider_id="9f2c",
            home_team="Leeds",
            away_team="Fulham",
            commence_time=datetime(2025, 11, 22, 15, tzinfo=UTC),
        )
        make_history(match, "2.28", "3.50", "3.31", at=self.SECOND, market="h2h")
        make_history(match, "2.31", "3.48", "3.26", at=self.FIRST, market="h2h")
        return match

    @pytest.mark.usefixtures("moved")
    def test_it_answers_the_documented_example(self) -> None:
        answer = get("/odds/history/9f2c")

        assert answer == {
            "match_id": "9f2c",
            "home_team": "Leeds",
            "away_team": "Fulham",
            "commence_time": "2025-11-22T15:00:00Z",
            "market": "h2h",
            "count": 2,
            "has_more": False,
            "history": [
                {
                    "bookmaker": "pinnacle",
                    "home_odds": "2.31",
                    "draw_odds": "3.48",
                    "away_odds": "3.26",
                    "collected_at": "2025-11-21T10:00:02Z",
                },
                {
                    "bookmaker": "pinnacle",
                    "home_odds": "2.28",
                    "draw_odds": "3.50",
                    "away_odds": "3.31",
                    "collected_at": "2025-11-22T14:45:00Z",
                },
            ],
        }

    def test_totals_carry_their_line_and_both_sides(self, moved: Match) -> None:
        for line in ("2.5", "3.0"):
            make_history(moved, "1.94", "1.98", at=self.FIRST, market="totals", line=Decimal(line))

        answer = get("/odds/history/9f2c", market="totals", line="2.5")

        assert answer["history"] == [
            {
                "bookmaker": "pinnacle",
                "line": "2.5",
                "over_odds": "1.94",
                "under_odds": "1.98",
                "collected_at": "2025-11-21T10:00:02Z",
            }
        ]

    def test_spreads_carry_the_home_handicap(self, moved: Match) -> None:
        make_history(moved, "1.94", "1.98", at=self.FIRST, market="spreads", line=Decimal("-0.25"))

        [item] = get("/odds/history/9f2c", market="spreads")["history"]

        assert (item["line"], item["home_odds"], item["away_odds"]) == ("-0.25", "1.94", "1.98")
        assert "draw_odds" not in item

    def test_a_withdrawal_is_no_item(self, moved: Match) -> None:
        at = self.FIRST + timedelta(hours=1)
        Quote.objects.create(
            match=moved, bookmaker=make_bookmaker("pinnacle"), market="h2h", observed_at=at
        )

        answer = get("/odds/history/9f2c", limit=2)

        assert (answer["count"], answer["has_more"]) == (2, False)
        assert all(item["home_odds"] for item in answer["history"])

    @pytest.mark.usefixtures("moved")
    def test_from_and_to_include_their_ends_and_mean_utc(self) -> None:
        def count(**query: str) -> int:
            return int(get("/odds/history/9f2c", **query)["count"])

        assert count(**{"from": "2025-11-22T14:45:00Z"}) == 1
        assert count(**{"from": "2025-11-22T14:45:00"}) == 1
        assert count(**{"from": "2025-11-22T15:45:01+01:00"}) == 0
        assert count(to="2025-11-21T10:00:02Z") == 1
        assert count(to="2025-11-21T10:00:01Z") == 0

    @pytest.mark.usefixtures("moved")
    def test_a_cut_history_says_so(self) -> None:
        answer = get("/odds/history/9f2c", limit=1)

        assert (answer["count"], answer["has_more"]) == (1, True)
        assert answer["history"][0]["collected_at"] == "2025-11-21T10:00:02Z"

    def test_one_bookmaker_can_be_asked_for(self, moved: Match) -> None:
        unibet = make_bookmaker("unibet_fr", title="Unibet (FR)")
        make_history(moved, "2.2", "3.4", "3.2", at=self.FIRST, market="h2h", bookmaker=unibet)

        assert get("/odds/history/9f2c", bookmaker="Unibet (FR)")["count"] == 1
        assert get("/odds/history/9f2c", bookmaker="pinnacle")["count"] == 2

    def test_an_unknown_match_is_404(self) -> None:
        response = signed_in().get("/odds/history/nothing")

        assert response.status_code == 404
        assert response.json() == {"detail": "Match not found"}

    def test_queries_do_not_grow_with_rows(
        self, moved: Match, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        for minute in range(20):
            at = self.FIRST + timedelta(minutes=minute + 1)
            make_history(moved, "2.2", "3.4", "3.2", at=at, market="h2h")

        with django_assert_num_queries(2):
            assert get("/odds/history/9f2c")["count"] == 22
