"""Manual bets over the API: the same bets in other words, and their closing lines.

Raw closing line value is odds / closing odds - 1: the contract's 2.05 against 1.94 is 5.6701 %.
"""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from betting.bankroll import ledger
from betting.models import Bet
from odds.models import Match
from tests.api import get, signed_in
from tests.factories import (
    NOON,
    make_account,
    make_bet,
    make_bookmaker,
    make_collection,
    make_match,
    make_quote,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _account() -> None:
    make_account("1000")


def send(method: str, path: str, body: Any = None) -> Any:
    return getattr(signed_in(), method)(path, body, format="json")


def enter(**given: Any) -> Any:
    body = {
        "match_id": None,
        "match_name": "Leeds vs Fulham",
        "sport": "soccer_epl",
        "kickoff_time": "2026-11-22T15:00:00Z",
        "market_type": "totals",
        "selection": "Over 2.5",
        "line": 2.5,
        "bookmaker": "Winamax",
        "odds_obtained": 2.05,
        "stake": 20,
        "notes": None,
    }
    return send("post", "/manual-bets/", body | given)


def entered(**given: Any) -> dict[str, Any]:
    response = enter(**given)
    assert response.status_code == 201, response.content
    return dict(response.json())


def put(bet_id: int, **body: Any) -> dict[str, Any]:
    response = send("put", f"/manual-bets/{bet_id}", body)
    assert response.status_code == 200, response.content
    return dict(response.json())


def detail(response: Any, status: int) -> str:
    assert response.status_code == status, response.content
    [sentence] = response.json().values()
    return str(sentence)


def test_an_entered_bet_is_answered_in_the_contracts_form():
    answer = entered()

    bet = Bet.objects.get()
    assert answer == {
        "id": bet.pk,
        "match_id": None,
        "match_name": "Leeds vs Fulham",
        "sport": "soccer_epl",
        "kickoff_time": "2026-11-22T15:00:00Z",
        "market_type": "totals",
        "selection": "Over 2.5",
        "line": 2.5,
        "bookmaker": "winamax_fr",
        "bookmaker_title": "Winamax (FR)",
        "odds_obtained": 2.05,
        "stake": 20.0,
        "closing_odds": None,
        "clv_percent": None,
        "clv_calculated_at": None,
        "result": None,
        "profit_loss": None,
        "notes": None,
        "created_at": answer["created_at"],
        "updated_at": answer["created_at"],
    }
    assert (bet.match, bet.home_team, bet.away_team) == (None, "Leeds", "Fulham")
    assert answer == get(f"/manual-bets/{bet.pk}")
    assert [answer] == get("/manual-bets/")
    described = signed_in().get("/api/schema/", HTTP_ACCEPT="application/vnd.oai.openapi+json")
    assert set(answer) == set(described.json()["components"]["schemas"]["ManualBet"]["properties"])


def test_a_known_match_lends_its_names_and_its_kick_off():
    make_match(provider_id="9f2c", home_team="Leeds United", away_team="Fulham")

    answer = entered(match_id="9f2c", match_name="something else")

    assert (answer["match_id"], answer["match_name"]) == ("9f2c", "Leeds United vs Fulham")
    assert answer["kickoff_time"] == "2026-11-22T12:00:00Z"
    assert entered(match_id="unknown")["match_id"] is None


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ({"market_type": "h2h", "selection": "Home", "line": None}, ("Home", None)),
        ({"market_type": "h2h", "selection": "Fulham", "line": None}, ("Away", None)),
        ({"market_type": "h2h", "selection": "Draw", "line": None}, ("Draw", None)),
        ({"selection": "Under 2.5"}, ("Under 2.5", 2.5)),
        ({"selection": "under", "line": "3.25"}, ("Under 3.25", 3.25)),
        ({"selection": "Over 2.5", "line": None}, ("Over 2.5", 2.5)),
        (
            {"market_type": "spreads", "selection": "Away +0.5", "line": None},
            ("Away +0.5", -0.5),
        ),
        ({"market_type": "double_chance", "selection": "1x", "line": None}, ("1X", None)),
    ],
)
def test_a_selection_is_read_and_written_in_words(given: dict[str, Any], shown: tuple[str, Any]):
    answer = entered(**given)

    assert (answer["selection"], answer["line"]) == shown


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"line": 3}, "line 3 contradicts “Over 2.5”"),
        ({"selection": "Home"}, "home is not an outcome of totals"),
        ({"selection": "over", "line": None}, "goals line is above zero"),
        ({"odds_obtained": 1.0}, "odds are above 1"),
        ({"stake": 0}, "above zero"),
        ({"market_type": "corners"}, "market_type:"),
        ({"kickoff_time": "tomorrow"}, "kickoff_time:"),
        ({"match_name": ""}, "match_name:"),
    ],
)
def test_what_cannot_be_is_refused_with_one_sentence(given: dict[str, Any], told: str):
    assert told in detail(enter(**given), 400)
    assert not Bet.objects.exists()


class TestSettling:
    @pytest.mark.parametrize(
        ("result", "stored", "profit"),
        [
            ("win", "won", 21.0),
            ("loss", "lost", -20.0),
            ("push", "push", 0.0),
            ("void", "void", 0.0),
            ("half_win", "half_won", 10.5),
        ],
    )
    def test_the_server_computes_the_profit(self, result: str, stored: str, profit: float):
        bet_id = entered()["id"]

        answer = put(bet_id, result=result, profit_loss=999)

        assert (answer["result"], answer["profit_loss"]) == (result, profit)
        assert Bet.objects.get().result == stored
        assert get(f"/bets/{bet_id}")["result"] == stored
        assert ledger.balance().available == Decimal(1000 + profit)

    def test_a_note_leaves_the_result_and_a_result_the_note(self):
        bet_id = entered(notes="mine")["id"]

        assert put(bet_id, result="loss")["notes"] == "mine"
        assert put(bet_id, notes="late goal")["result"] == "loss"
        assert put(bet_id, result=None)["result"] is None

    @pytest.mark.parametrize("body", [{}, {"profit_loss": 21.0}, {"stake": 5}])
    def test_without_an_update_nothing_is_done(self, body: dict[str, Any]):
        bet_id = entered()["id"]

        response = send("put", f"/manual-bets/{bet_id}", body)

        assert detail(response, 400) == "Aucune mise à jour fournie"

    def test_a_deleted_bet_is_gone(self):
        bet_id = entered()["id"]

        response = send("delete", f"/manual-bets/{bet_id}")

        assert response.status_code == 200
        assert response.json() == {"message": f"Pari {bet_id} supprimé avec succès"}
        for method, body in [("get", None), ("put", {"notes": "x"}), ("delete", None)]:
            again = send(method, f"/manual-bets/{bet_id}", body)
            assert detail(again, 404) == f"Pari {bet_id} non trouvé"


class TestList:
    def test_filters_and_pages_narrow_it(self):
        made = [entered()["id"] for _number in range(3)]
        other = entered(
            sport="tennis_atp", market_type="h2h", selection="Home", line=None, match_name="Nadal"
        )["id"]
        put(made[0], result="win")

        def ids(**query: Any) -> list[int]:
            return [bet["id"] for bet in get("/manual-bets/", **query)]

        assert ids() == [other, *made[::-1]]
        assert ids(limit=2, offset=1) == [made[2], made[1]]
        assert ids(sport="tennis_atp") == [other]
        assert ids(market_type="totals") == made[::-1]
        assert ids(result="win") == [made[0]]
        assert ids(result="pending") == [other, *made[:0:-1]]

    @pytest.mark.parametrize("query", ["limit=0", "limit=501", "offset=-1", "result=lucky"])
    def test_an_unusable_parameter_is_refused(self, query: str):
        assert detail(signed_in().get(f"/manual-bets/?{query}"), 400)

    def test_a_hundred_bets_cost_one_query(self):
        match = make_match()
        for _number in range(100):
            make_bet(match=match)

        with CaptureQueriesContext(connection) as queries:
            assert len(get("/manual-bets/", limit=100)) == 100

        assert len(queries) == 1


class TestStatistics:
    def test_without_bets_there_is_nothing_to_tell(self):
        assert get("/manual-bets/stats") == {
            "total_bets": 0, "wins": 0, "losses": 0, "avg_clv_percent": None,
            "total_profit": None, "total_staked": None, "roi_percent": None,
        }  # fmt: skip

    def test_they_count_money_and_graded_closing_lines(self):
        graded = {"clv_status": "graded", "clv_reference": "pinnacle", "clv_fair_pct": 0.0}
        make_bet("won", odds="2.00", clv_pct=4.0, **graded)
        make_bet("half_lost", clv_pct=-1.0, **graded)
        make_bet("void", clv_status="early", clv_reference="pinnacle", clv_pct=90.0,
                 clv_fair_pct=90.0)  # fmt: skip
        make_bet(is_paper=True)
        make_bet()

        # Profit 10 - 5; return on the 20 that were decided.
        assert get("/manual-bets/stats") == {
            "total_bets": 4, "wins": 1, "losses": 1, "avg_clv_percent": 1.5,
            "total_profit": 5.0, "total_staked": 40.0, "roi_percent": 25.0,
        }  # fmt: skip


class TestClosingLines:
    @pytest.fixture
    def bet(self) -> Bet:
        """2.05 taken yesterday; Pinnacle closed at 1.94 / 1.96, last seen at the closing look."""
        kick_off = timezone.now() - timedelta(hours=1)
        match = make_match(commence_time=kick_off, home_team="Leeds", away_team="Fulham")
        look = kick_off - timedelta(minutes=5)
        make_collection(sport=match.sport, markets=["totals"], started_at=look)
        make_quote(
            "1.94", "1.96", match=match, market="totals", line=Decimal("2.5"), seen_at=look,
            bookmaker=make_bookmaker("pinnacle", kind="sharp"),
        )  # fmt: skip
        return make_bet(
            match=match, market="totals", outcome="over", line=Decimal("2.5"), odds="2.05"
        )

    def test_a_bet_waits_until_it_is_graded(self, bet: Bet):
        make_bet(match=make_match(commence_time=timezone.now() + timedelta(days=1)))

        assert get("/manual-bets/pending-clv") == {
            "count": 1,
            "bets": [
                {
                    "id": bet.pk,
                    "match_name": "Leeds vs Fulham",
                    "selection": "Over 2.5",
                    "odds_obtained": 2.05,
                    "kickoff_time": get(f"/manual-bets/{bet.pk}")["kickoff_time"],
                }
            ],
        }

        answer = send("post", "/manual-bets/calculate-clv").json()

        assert answer == {
            "message": "CLV calculé pour 1 pari",
            "updated": 1,
            "results": [{"bet_id": bet.pk, "closing_odds": 1.94, "clv_percent": 5.6701}],
        }
        assert get("/manual-bets/pending-clv") == {"count": 0, "bets": []}
        shown = get(f"/manual-bets/{bet.pk}")
        assert (shown["closing_odds"], shown["clv_percent"]) == (1.94, pytest.approx(5.6701))
        assert shown["clv_calculated_at"] is not None

    @pytest.mark.usefixtures("bet")
    def test_a_second_time_there_is_nothing_to_do(self):
        send("post", "/manual-bets/calculate-clv")

        answer = send("post", "/manual-bets/calculate-clv").json()

        assert answer == {"message": "Aucun pari en attente de CLV", "updated": 0}

    def test_a_bet_without_a_closing_line_is_told_apart(self, bet: Bet):
        unknown = make_bet(match=None, home_team="Nadal", commence_time=NOON - timedelta(days=1))
        Bet.objects.filter(pk=unknown.pk).update(commence_time=timezone.now() - timedelta(hours=2))

        answer = send("post", "/manual-bets/calculate-clv").json()

        assert [one["bet_id"] for one in answer["results"]] == [bet.pk]
        assert get(f"/manual-bets/{unknown.pk}")["clv_percent"] is None
        assert get("/manual-bets/pending-clv")["count"] == 0


def test_a_match_is_not_changed_by_a_bet_on_it():
    make_match(provider_id="9f2c")
    before = Match.objects.values().get()

    entered(match_id="9f2c", sport="other", match_name="Other vs Names")

    assert Match.objects.values().get() == before
