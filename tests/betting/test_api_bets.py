"""Bets over the API as they are read: the classic list, the P&L page's history and totals."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from betting.bets import placing
from betting.bets.posting import Author
from betting.models import Bet
from odds.models import Match
from tests.api import get, signed_in
from tests.factories import NOON, make_account, make_bet, make_bookmaker, make_match

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _account() -> None:
    make_account("1000")


def send(method: str, path: str, body: Any = None) -> Any:
    return getattr(signed_in(), method)(path, body, format="json")


def refusal(method: str, path: str, body: Any = None, status: int = 400) -> str:
    response = send(method, path, body)
    assert response.status_code == status, response.content
    [sentence] = response.json().values()
    return str(sentence)


def ids(answer: list[dict[str, Any]]) -> list[int]:
    return [item["id"] for item in answer]


class TestShape:
    @pytest.fixture
    def bet(self) -> Bet:
        """The contract's example: 10 at 2.30 won, closing at 2.26."""
        return make_bet(
            "won",
            match=make_match(provider_id="9f2c", home_team="Leeds", away_team="Fulham"),
            bookmaker=make_bookmaker("betclic_fr", title="Betclic (FR)"),
            odds="2.30",
            bet_type="tabac",
            clv_status="graded",
            clv_reference="pinnacle",
            clv_pct=1.8,
            clv_fair_pct=-0.4,
            closing_odds=Decimal("2.26"),
        )

    def test_the_classic_bet_is_the_contracts(self, bet: Bet):
        contract = {
            "id": bet.pk,
            "match_id": "9f2c",
            "outcome": "home",
            "bookmaker": "betclic_fr",
            "odds_value": "2.30",
            "stake": "10.00",
            "bet_type": "tabac",
            "result": "won",
            "actual_odds": None,
            "payout": "23.00",
            "profit_loss": "13.00",
            "notes": None,
            "status": "settled",
            "actual_profit": "13.00",
            "clv": 1.8,
            "odds_close": 2.26,
            "market_type": "h2h",
            "created_at": "2026-11-21T12:00:00Z",
            "updated_at": "2026-11-21T12:00:00Z",
        }

        answer = get(f"/bets/{bet.pk}")

        assert {name: answer[name] for name in contract} == contract
        assert [answer] == get("/bets/")

    def test_a_bet_of_the_history_has_the_pages_names_and_numbers(self, bet: Bet):
        page = get("/bets/history")

        assert (page["count"], page["total"]) == (1, 1)
        assert page["bets"][0] == {
            "id": bet.pk,
            "match_id": "9f2c",
            "home_team": "Leeds",
            "away_team": "Fulham",
            "sport": "soccer_epl",
            "league": "Soccer Epl",
            "commence_time": "2026-11-22T12:00:00Z",
            "market_type": "h2h",
            "line": None,
            "outcome": "home",
            "odds": 2.3,
            "stake": 10.0,
            "bookmaker": "betclic_fr",
            "bookmaker_title": "Betclic (FR)",
            "edge_pct": None,
            "agent_recommended": None,
            "patron_score": None,
            "patron_confidence": None,
            "status": "won",
            "result": "won",
            "final_score": None,
            "payout": 23.0,
            "profit": 13.0,
            "placed_at": "2026-11-21T12:00:00Z",
            "settled_at": "2026-11-21T12:00:00Z",
            "notes": None,
            "closing_odds": 2.26,
            "clv_percent": 1.8,
            "settled_by": "manual",
        }

    def test_a_closing_line_that_graded_nothing_is_not_shown(self, bet: Bet):
        placing.correct(bet.pk, {"odds": Decimal("2.40")}, author=Author(now=NOON))

        answer = get(f"/bets/{bet.pk}")

        assert (answer["clv"], answer["clv_fair_pct"], answer["odds_close"]) == (None, None, None)
        assert answer["clv_status"] == "pending"

    def test_what_the_answer_shows_is_what_the_schema_says(self, bet: Bet):
        described = signed_in().get("/api/schema/", HTTP_ACCEPT="application/vnd.oai.openapi+json")
        shapes = described.json()["components"]["schemas"]

        assert set(get(f"/bets/{bet.pk}")) == set(shapes["Bet"]["properties"])
        item = get("/bets/history")["bets"][0]
        assert set(item) == set(shapes["BetHistoryItem"]["properties"])


def test_zero_stays_zero_and_unknown_stays_null():
    make_bet("lost", edge_pct=0.0, patron_confidence=0.0)
    make_bet()

    unknown, lost = get("/bets/history")["bets"]

    assert (lost["payout"], lost["profit"], lost["edge_pct"]) == (0.0, -10.0, 0.0)
    assert lost["patron_confidence"] == 0.0
    assert (unknown["payout"], unknown["profit"], unknown["edge_pct"]) == (None, None, None)
    assert (unknown["status"], unknown["result"]) == ("pending", None)


class TestList:
    def test_the_newest_comes_first_and_the_limit_is_kept(self):
        placed = [make_bet(placed_at=NOON + timedelta(hours=n)).pk for n in range(3)]

        assert ids(get("/bets/")) == placed[::-1]
        assert ids(get("/bets/", limit=2)) == placed[:0:-1]

    @pytest.mark.parametrize(
        ("query", "wanted"),
        [
            ({"result": "pending"}, ["pending"]),
            ({"result": "won"}, ["won"]),
            ({"result": "half_lost"}, ["half_lost"]),
            ({"status": "pending"}, ["pending"]),
            ({"status": "settled"}, ["half_lost", "won"]),
            ({"status": "void"}, ["void"]),
            ({"status": "settled", "result": "won"}, ["won"]),
            ({"bet_type": "tabac"}, ["won"]),
            ({"bookmaker": "unibet_fr"}, ["half_lost"]),
            ({"bookmaker": "Unibet"}, ["half_lost"]),
            ({"bookmaker": "Nobody"}, []),
            ({"result": ""}, ["half_lost", "void", "won", "pending"]),
        ],
    )
    def test_filters_narrow_it(self, query: dict[str, str], wanted: list[str]):
        make_bet()
        make_bet("won", bet_type="tabac")
        make_bet("void")
        make_bet("half_lost", bookmaker=make_bookmaker("unibet_fr"))

        assert [bet["result"] or "pending" for bet in get("/bets/", **query)] == wanted

    @pytest.mark.parametrize(
        "query", ["limit=0", "limit=1001", "limit=x", "result=lucky", "status=x", "bet_type=x"]
    )
    def test_an_unusable_parameter_is_one_sentence(self, query: str):
        assert refusal("get", f"/bets/?{query}").startswith(query.partition("=")[0])

    def test_cancelled_bets_and_those_on_paper_are_left_out(self):
        gone, paper = make_bet(), make_bet(is_paper=True)
        placing.cancel(gone.pk, author=Author(now=NOON))

        assert get("/bets/") == []
        assert ids(get("/bets/", is_paper="true")) == [paper.pk]
        assert get("/bets/history")["total"] == 0

    @pytest.mark.parametrize(
        ("path", "queries"), [("/bets/", 2), ("/bets/history", 2), ("/bets/stats", 1)]
    )
    def test_a_hundred_bets_cost_the_queries_of_one(self, path: str, queries: int):
        make_bet("won", odds="2.10")
        with CaptureQueriesContext(
            connection,
        ) as of_one:
            get(path)
        for number in range(99):
            make_bet("" if number % 2 else "lost", match=Match.objects.first())
        with CaptureQueriesContext(connection) as of_many:
            get(path)

        assert (len(of_one), len(of_many)) == (queries, queries)


class TestHistory:
    def test_it_is_turned_by_pages_and_counts_them_all(self):
        placed = [make_bet(placed_at=NOON + timedelta(hours=n)).pk for n in range(5)]

        page = get("/bets/history", limit=2, offset=2)

        assert (ids(page["bets"]), page["count"], page["total"]) == (placed[2:0:-1], 2, 5)
        assert get("/bets/history", offset=9) == {"bets": [], "count": 0, "total": 5}

    @pytest.mark.parametrize("status", ["pending", "won", "lost", "void", "push"])
    def test_its_status_is_pending_or_the_result(self, status: str):
        made = {word: make_bet("" if word == "pending" else word).pk
                for word in ("pending", "won", "lost", "void", "push")}  # fmt: skip

        page = get("/bets/history", status=status)

        assert ids(page["bets"]) == [made[status]]
        assert page["bets"][0]["status"] == status

    def test_a_sport_narrows_it(self):
        make_bet()
        other = make_bet(match=None, home_team="Nadal", sport_key="tennis_atp", commence_time=NOON)

        page = get("/bets/history", sport="tennis_atp")

        assert (ids(page["bets"]), page["total"]) == ([other.pk], 1)

    @pytest.mark.parametrize("query", ["limit=501", "limit=0", "offset=-1", f"offset={2**63}"])
    def test_a_page_out_of_range_is_refused(self, query: str):
        refusal("get", f"/bets/history?{query}")


class TestStatistics:
    def test_without_bets_every_number_is_a_zero(self):
        assert get("/bets/stats") == {
            "total_bets": 0, "wins": 0, "losses": 0, "pending": 0,
            "total_staked": 0.0, "total_profit": 0.0, "roi_pct": 0.0, "win_rate": 0.0,
        }  # fmt: skip

    def test_five_won_and_three_lost_are_the_contracts_eight_bets(self):
        for _number in range(5):
            make_bet("won", odds="2.00")
        for _number in range(3):
            make_bet("lost", odds="2.50")

        assert get("/bets/stats") == {
            "total_bets": 8, "wins": 5, "losses": 3, "pending": 0,
            "total_staked": 80.0, "total_profit": 20.0, "roi_pct": 25.0, "win_rate": 62.5,
        }  # fmt: skip

    def test_halves_void_paper_and_pending_bets_count_as_they_should(self):
        make_bet("half_won", odds="2.00")  # +5, half a win
        make_bet("lost")  # -10, a loss
        make_bet("void", stake="70")
        make_bet("won", is_paper=True)
        make_bet(stake="3")

        # Win rate .5 / (.5 + 1); return (5 - 10) / 20.
        assert get("/bets/stats") == {
            "total_bets": 4, "wins": 1, "losses": 1, "pending": 1,
            "total_staked": 93.0, "total_profit": -5.0, "roi_pct": -25.0, "win_rate": 33.33,
        }  # fmt: skip

    def test_they_are_those_of_the_database_view(self):
        for result in ("won", "half_won", "lost", "half_lost", "push", "void", ""):
            make_bet(result, odds="2.75", stake="7.30")
        make_bet("won", side="lay", odds="3.10")
        with connection.cursor() as cursor:
            cursor.execute("SELECT * FROM bets_stats")
            names = [column.name for column in cursor.description]
            view = dict(zip(names, map(float, cursor.fetchone()), strict=True))

        answer = get("/bets/stats")

        assert {name: answer[name] for name in answer if name in view} == {
            name: view[name] for name in view if name in answer
        }
        assert set(answer) - set(view) == {"win_rate"}


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("get", "/bets/"),
        ("post", "/bets/"),
        ("get", "/bets/1"),
        ("patch", "/bets/1"),
        ("put", "/bets/1"),
        ("delete", "/bets/1"),
        ("post", "/bets/place"),
        ("get", "/bets/history"),
        ("get", "/bets/stats"),
        ("get", "/settlement/stats"),
        ("get", "/manual-bets/"),
        ("post", "/manual-bets/"),
        ("get", "/manual-bets/1"),
        ("put", "/manual-bets/1"),
        ("delete", "/manual-bets/1"),
        ("get", "/manual-bets/stats"),
        ("get", "/manual-bets/pending-clv"),
        ("post", "/manual-bets/calculate-clv"),
    ],
)
def test_a_stranger_is_refused(method: str, path: str):
    response = APIClient().generic(method.upper(), path)

    assert response.status_code == 401
    assert list(response.json()) == ["detail"]
