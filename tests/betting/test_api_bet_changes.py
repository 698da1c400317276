"""Bets changed and taken back over the API.

Amounts are the classic rules by hand: a win pays stake x odds, a loss nothing, a void bet its
stake; a half win pays half the stake at the odds and gives the other half back.
"""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from betting.bankroll import ledger, reconciliation
from betting.bets.settlement import settle_finished
from betting.models import Bet
from odds.models import Bookmaker
from tests.api import get, signed_in
from tests.factories import NOON, make_account, make_bet, make_bookmaker, make_match

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _account() -> None:
    make_account("1000")


def send(method: str, path: str, body: Any = None) -> Any:
    return getattr(signed_in(), method)(path, body, format="json")


def patch(bet: Bet, **body: Any) -> dict[str, Any]:
    response = send("patch", f"/bets/{bet.pk}", body)
    assert response.status_code == 200, response.content
    return dict(response.json())


def refusal(method: str, path: str, body: Any = None, status: int = 400) -> str:
    response = send(method, path, body)
    assert response.status_code == status, response.content
    [sentence] = response.json().values()
    return str(sentence)


class TestChange:
    @pytest.mark.parametrize(
        ("result", "payout", "profit", "status"),
        [
            ("won", "23.00", "13.00", "settled"),
            ("lost", "0.00", "-10.00", "settled"),
            ("void", "10.00", "0.00", "void"),
            ("push", "10.00", "0.00", "settled"),
            ("half_won", "16.50", "6.50", "settled"),
            ("half_lost", "5.00", "-5.00", "settled"),
        ],
    )
    def test_a_result_settles_it_by_hand(self, result: str, payout: str, profit: str, status: str):
        bet = make_bet(odds="2.30")

        answer = patch(bet, result=result)

        assert (answer["success"], answer["bet_id"]) == (True, bet.pk)
        assert (answer["result"], answer["status"]) == (result, status)
        assert (answer["payout"], answer["profit_loss"]) == (payout, profit)
        assert answer == get(f"/bets/{bet.pk}") | {"success": True, "bet_id": bet.pk}
        assert ledger.balance().available == 1000 + Decimal(profit)
        assert reconciliation.reconcile().is_proved

    def test_a_dead_heat_says_how_many_won(self):
        bet = make_bet(odds="3.00")

        # Half the stake at the full odds: 10 / 2 x 3.
        assert patch(bet, result="dead_heat", dead_heat_ways=2)["payout"] == "15.00"
        assert patch(bet, result="dead_heat", dead_heat_ways=3)["payout"] == "10.00"

    def test_the_profit_and_loss_page_settles_by_its_status(self):
        bet = make_bet(notes="mine")

        answer = patch(bet, status="lost", final_score="0-1")

        assert (answer["result"], answer["final_score"]) == ("lost", "0-1")
        assert answer["notes"] == "mine"
        assert patch(bet, status="void")["final_score"] == "0-1"

    @pytest.mark.parametrize(
        "body", [{"result": None}, {"result": "pending"}, {"status": "pending"}]
    )
    def test_it_is_opened_again(self, body: dict[str, Any]):
        bet = make_bet("won")

        answer = patch(bet, **body)

        assert (answer["result"], answer["payout"], answer["status"]) == (None, None, "pending")
        assert ledger.balance().available == 990

    def test_corrected_odds_pay_anew(self):
        bet = make_bet("won", odds="2.30")

        answer = patch(bet, actual_odds="2.25", reason="taken later")

        assert (answer["odds_value"], answer["actual_odds"]) == ("2.25", "2.25")
        assert (answer["payout"], answer["profit_loss"]) == ("22.50", "12.50")
        change = bet.changes.first()
        assert (change.kind, change.reason, change.by) == ("corrected", "taken later", "bettor")

    def test_odds_and_result_come_in_one_request(self):
        bet = make_bet(odds="2.30")

        answer = patch(bet, result="won", actual_odds=2.5, notes="late")

        assert (answer["payout"], answer["notes"]) == ("25.00", "late")
        assert reconciliation.reconcile().is_proved

    def test_what_was_bet_on_is_corrected_in_words(self):
        bet = make_bet(market="totals", outcome="over", line=Decimal("2.5"))

        assert patch(bet, outcome="Under 3.5")["line"] == "3.5"
        assert patch(bet, outcome="over")["line"] == "3.5"
        assert patch(bet, line=2.75)["outcome"] == "over"
        answer = patch(bet, market_type="h2h", outcome="Draw", line=None)
        assert (answer["market_type"], answer["outcome"], answer["line"]) == ("h2h", "draw", None)

    def test_another_bookmaker_takes_its_own_commission(self):
        exchange = make_bookmaker("smarkets", kind="exchange", commission=Decimal("0.02"))
        bet = make_bet("won", odds="2.00")

        answer = patch(bet, bookmaker="smarkets")

        assert (answer["bookmaker"], answer["profit_loss"]) == ("smarkets", "9.80")
        assert Bet.objects.get().bookmaker == exchange

    def test_a_whole_bet_sent_back_changes_nothing(self):
        match = make_match(status="completed", home_score=1, away_score=0)
        bet = make_bet(
            match=match, market="totals", outcome="under", line=Decimal("1.5"),
            clv_status="graded", clv_reference="pinnacle", clv_pct=1.0, clv_fair_pct=1.0,
        )  # fmt: skip
        settle_finished(now=NOON + timedelta(days=2))
        before, changes = get(f"/bets/{bet.pk}"), bet.changes.count()

        response = send("put", f"/bets/{bet.pk}", before)

        assert response.status_code == 200, response.content
        assert response.json() == before | {"success": True, "bet_id": bet.pk}
        assert bet.changes.count() == changes
        assert Bet.objects.get().settled_by == "auto"

    def test_a_whole_bet_sent_back_with_new_odds_has_them(self):
        bet = make_bet(odds="2.30")
        patch(bet, actual_odds="2.25")

        response = send("put", f"/bets/{bet.pk}", get(f"/bets/{bet.pk}") | {"odds_value": "2.40"})

        assert response.json()["odds_value"] == "2.40"

    def test_a_null_text_is_cleared_and_an_absent_one_stays(self):
        bet = make_bet(notes="mine")

        assert patch(bet, stake="12.00")["notes"] == "mine"
        assert patch(bet, notes=None)["notes"] is None

    def test_what_is_computed_is_ignored(self):
        bet = make_bet(odds="2.30")

        answer = patch(bet, result="won", payout=99, actual_profit="77", clv=50, odds_close=1.01)

        assert (answer["payout"], answer["actual_profit"], answer["clv"]) == (
            "23.00",
            "13.00",
            None,
        )

    @pytest.mark.parametrize(
        ("body", "told"),
        [
            ({}, "Nothing in it can be changed"),
            ({"colour": "red"}, "Nothing in it can be changed"),
            ({"payout": 5}, "Nothing in it can be changed"),
            ({"reason": "because"}, "Nothing in it can be changed"),
            ({"result": "lucky"}, "result:"),
            ({"result": "dead_heat"}, "dead_heat_ways"),
            ({"result": "won", "dead_heat_ways": 2}, "dead_heat_ways"),
            ({"status": "settled"}, "how the bet ended"),
            ({"status": "void", "result": "won"}, "contradicts"),
            ({"odds_value": 1}, "odds are above 1"),
            ({"odds_value": "2.50", "actual_odds": "2.60"}, "differ"),
            ({"stake": -5}, "above zero"),
            ({"stake": "10.005"}, "stake:"),
            ({"outcome": "over"}, "not an outcome of h2h"),
            ({"line": 2.5}, "no line"),
            ({"match_id": "another"}, "stays on its match"),
            ({"bookmaker": "!!!"}, "Name the bookmaker"),
            ([], "Invalid data"),
        ],
    )
    def test_what_cannot_be_is_one_sentence_and_changes_nothing(self, body: Any, told: str):
        bet = make_bet("lost", odds="2.30")

        assert told in refusal("patch", f"/bets/{bet.pk}", body)

        assert get(f"/bets/{bet.pk}")["odds_value"] == "2.30"
        assert bet.changes.count() == 2

    def test_a_refused_part_takes_the_rest_with_it(self):
        bet = make_bet("lost", odds="2.30")

        refusal("patch", f"/bets/{bet.pk}", {"result": "won", "notes": "x", "odds_value": 1})

        refusal("patch", f"/bets/{bet.pk}", {"bookmaker": "Bar du Port", "stake": -5})

        answer = get(f"/bets/{bet.pk}")
        assert (answer["result"], answer["notes"]) == ("lost", None)
        assert not Bookmaker.objects.filter(title="Bar du Port").exists()

    def test_the_same_result_twice_is_settled_once(self):
        bet = make_bet()

        assert patch(bet, result="won") == patch(bet, result="won")
        assert bet.entries.count() == 2


class TestTakingBack:
    def test_a_deleted_bet_is_gone_and_its_money_is_back(self):
        bet = make_bet("lost")

        response = send("delete", f"/bets/{bet.pk}")

        assert (response.status_code, response.content) == (204, b"")
        assert ledger.balance().available == 1000
        assert refusal("get", f"/bets/{bet.pk}", status=404) == "Bet not found"
        assert bet.changes.first().by == "bettor"

    @pytest.mark.parametrize("bet_id", [999_999, 10**30])
    def test_an_unknown_bet_is_not_found(self, bet_id: int):
        for method, body in [("get", None), ("patch", {"notes": "x"}), ("delete", None)]:
            assert refusal(method, f"/bets/{bet_id}", body, status=404) == "Bet not found"
