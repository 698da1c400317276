"""Matches with the best odds on offer now."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from odds.models import Match
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


class TestMatches:
    def test_a_match_in_the_original_shape(self, leeds: Match) -> None:
        make_quote("2.42", "3.40", "3.20", match=leeds, seen_at=LOOK)
        make_quote("2.31", "3.55", "3.30", match=leeds, bookmaker=make_bookmaker("b"), seen_at=LOOK)

        assert get("/odds/matches") == [
            {
                "match_id": "9f2c",
                "sport": "soccer_epl",
                "league": "soccer_epl",
                "home_team": "Leeds",
                "away_team": "Fulham",
                "commence_time": utc_text(TOMORROW),
                "best_home_odds": "2.42",
                "best_away_odds": "3.30",
                "best_draw_odds": "3.55",
                "bookmaker_count": 2,
                "odds_seen_at": utc_text(LOOK),
            }
        ]

    def test_odds_gone_since_the_newest_look_are_not_the_best(self, leeds: Match) -> None:
        make_quote("9.00", "9.00", "9.00", match=leeds, seen_at=EARLIER)
        make_quote("2.31", "3.55", "3.30", match=leeds, bookmaker=make_bookmaker("b"), seen_at=LOOK)

        [match] = get("/odds/matches")

        assert match["best_home_odds"] == "2.31"
        assert match["bookmaker_count"] == 1

    def test_a_look_at_another_market_or_sport_or_a_failed_one_takes_nothing_away(
        self, leeds: Match
    ) -> None:
        make_quote("2.31", "3.55", "3.30", match=leeds, seen_at=LOOK)
        make_collection(started_at=NOW, markets=["totals"])
        make_collection(started_at=NOW, sport=make_sport(key="basketball_nba"))
        make_collection(started_at=NOW, status="failed", failure="unavailable", observed_at=None)

        [match] = get("/odds/matches")

        assert match["best_home_odds"] == "2.31"

    def test_an_exchange_before_commission_is_not_the_best(self, leeds: Match) -> None:
        exchange = make_bookmaker("betfair_ex_eu", kind="exchange")
        make_quote("2.60", "3.80", "3.70", match=leeds, bookmaker=exchange, seen_at=LOOK)
        make_quote("2.31", "3.55", "3.30", match=leeds, seen_at=LOOK)

        [match] = get("/odds/matches")

        assert match["best_home_odds"] == "2.31"
        assert match["bookmaker_count"] == 1

    @pytest.mark.usefixtures("leeds")
    def test_without_quotes_the_best_is_null_and_nobody_counts(self) -> None:
        [match] = get("/odds/matches")

        assert match["best_home_odds"] is None
        assert match["best_draw_odds"] is None
        assert match["bookmaker_count"] == 0

    def test_a_sport_without_draws_has_no_best_draw(self, leeds: Match) -> None:
        make_quote("1.50", "2.60", match=leeds, seen_at=LOOK)

        [match] = get("/odds/matches")

        assert (match["best_home_odds"], match["best_draw_odds"]) == ("1.50", None)

    def test_only_matches_to_come_are_listed_unless_all_are_asked_for(self) -> None:
        make_match(provider_id="played", commence_time=EARLIER)
        make_match(provider_id="later", commence_time=TOMORROW + timedelta(hours=1))
        make_match(provider_id="sooner", commence_time=TOMORROW)

        def ids(**query: Any) -> list[str]:
            return [match["match_id"] for match in get("/odds/matches", **query)]

        assert ids() == ["sooner", "later"]
        assert ids(upcoming_only="false") == ["played", "sooner", "later"]
        assert ids(limit=1, offset=1) == ["later"]
        assert ids(sport="basketball_nba") == []

    def test_queries_do_not_grow_with_matches(
        self, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        make_collection(started_at=LOOK)
        for _ in range(12):
            make_quote("2.0", "3.0", "4.0", match=make_match(commence_time=TOMORROW), seen_at=LOOK)

        with django_assert_num_queries(1):
            matches = get("/odds/matches")

        assert [match["bookmaker_count"] for match in matches] == [1] * 12


class TestMatchDetail:
    def test_it_names_who_offers_most_by_market_line_and_outcome(self, leeds: Match) -> None:
        pinnacle, betclic = make_bookmaker("pinnacle"), make_bookmaker("betclic_fr")
        make_quote("2.31", "3.55", "3.30", match=leeds, bookmaker=pinnacle, seen_at=LOOK)
        make_quote("2.42", "3.40", "3.20", match=leeds, bookmaker=betclic, seen_at=LOOK)
        line = Decimal("2.50")
        make_quote(
            "1.95", "1.90", match=leeds, bookmaker=betclic, market="totals", line=line, seen_at=LOOK
        )

        match = get("/odds/matches/9f2c")

        assert (match["match_id"], match["league"], match["commence_time"]) == (
            "9f2c",
            "soccer_epl",
            utc_text(TOMORROW),
        )
        assert len(match["odds"]) == 8
        assert match["best_odds"] == {
            "h2h": {
                "home": {"bookmaker": "betclic_fr", "odds_value": "2.42"},
                "draw": {"bookmaker": "pinnacle", "odds_value": "3.55"},
                "away": {"bookmaker": "pinnacle", "odds_value": "3.30"},
            },
            "totals:2.5": {
                "over": {"bookmaker": "betclic_fr", "odds_value": "1.95"},
                "under": {"bookmaker": "betclic_fr", "odds_value": "1.90"},
            },
        }

    def test_it_lists_old_exchange_and_lay_odds_but_none_of_them_is_best(
        self, leeds: Match
    ) -> None:
        exchange = make_bookmaker("betfair_ex_eu", kind="exchange")
        make_quote("9.00", "9.00", "9.00", match=leeds, seen_at=EARLIER)
        make_quote("8.00", "8.00", "8.00", match=leeds, bookmaker=exchange, seen_at=LOOK)
        make_quote(
            "7.00", "7.00", "7.00",
            match=leeds, bookmaker=make_bookmaker("b"), market="h2h_lay", seen_at=LOOK,
        )  # fmt: skip

        match = get("/odds/matches/9f2c")

        assert len(match["odds"]) == 9
        assert match["best_odds"] == {}

    def test_an_unknown_match_is_404(self) -> None:
        response = signed_in().get("/odds/matches/nothing")

        assert response.status_code == 404
        assert response.json() == {"detail": "Match not found"}

    def test_queries_do_not_grow_with_quotes(
        self, leeds: Match, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        for key in "abcdef":
            make_quote(
                "2.0", "3.0", "4.0", match=leeds, bookmaker=make_bookmaker(key), seen_at=LOOK
            )

        with django_assert_num_queries(2):
            get("/odds/matches/9f2c")
