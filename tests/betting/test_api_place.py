"""Placing bets over the API: the classic route and the page's own, and what they refuse."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from betting.bankroll import ledger, reconciliation
from betting.models import Bet, LedgerEntry
from odds.models import Bookmaker
from tests.api import get, signed_in
from tests.betting.asked_bets import BODIES, ROUTES, classic, page, post
from tests.factories import (
    NOON,
    make_account,
    make_bet,
    make_bookmaker,
    make_match,
    make_opportunity,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _known() -> None:
    make_account("1000")
    make_bookmaker("betclic_fr", title="Betclic (FR)")
    make_match(provider_id="9f2c", home_team="Leeds", away_team="Fulham")


def placed(path: str, body: Any) -> dict[str, Any]:
    response = post(path, body)
    assert response.status_code == (200 if path == "/bets/place" else 201), response.content
    return dict(response.json())


def refusal(path: str, body: Any, **headers: str) -> str:
    response = post(path, body, **headers)
    assert response.status_code == 400, response.content
    [sentence] = response.json().values()
    assert not Bet.objects.filter(idempotency_key=None).exists()
    return str(sentence)


class TestClassic:
    def test_a_placed_bet_takes_its_stake_and_copies_its_match(self):
        answer = placed("/bets/", classic())

        assert (answer["status"], answer["result"], answer["market_type"]) == (
            "pending",
            None,
            "h2h",
        )
        assert (answer["bookmaker"], answer["bookmaker_title"]) == ("betclic_fr", "Betclic (FR)")
        assert (answer["home_team"], answer["bet_type"]) == ("Leeds", "value")
        assert answer == get(f"/bets/{answer['id']}")
        assert ledger.balance().available == 990
        assert Bet.objects.get().changes.get().by == "bettor"

    @pytest.mark.parametrize(
        ("given", "means"),
        [
            ({"outcome": "Draw"}, ("h2h", "draw", None)),
            ({"outcome": "Fulham"}, ("h2h", "away", None)),
            ({"outcome": "Over 2.5"}, ("totals", "over", "2.5")),
            ({"outcome": "under", "market_type": "totals", "line": 3}, ("totals", "under", "3")),
            ({"outcome": "home", "line": "-0.25"}, ("spreads", "home", "-0.25")),
            ({"outcome": "away", "market_type": "draw_no_bet"}, ("draw_no_bet", "away", None)),
            ({"outcome": "1x"}, ("double_chance", "1x", None)),
        ],
    )
    def test_it_says_what_is_bet_on_in_its_own_words(self, given: dict[str, Any], means: Any):
        answer = placed("/bets/", classic(**given))

        assert (answer["market_type"], answer["outcome"], answer["line"]) == means

    @pytest.mark.parametrize(
        ("given", "profit"),
        [
            ({"result": "won", "status": "settled"}, "13.00"),
            ({"result": "lost", "final_score": "0-1"}, "-10.00"),
            ({"status": "void"}, "0.00"),
        ],
    )
    def test_one_that_ended_is_entered_settled(self, given: dict[str, Any], profit: str):
        answer = placed("/bets/", classic(**given))

        assert answer["profit_loss"] == profit
        assert answer["final_score"] == given.get("final_score")
        assert Bet.objects.get().settled_by == "manual"
        assert ledger.balance().available == 1000 + Decimal(profit)
        assert reconciliation.reconcile().is_proved

    def test_one_that_ended_was_paid_long_ago(self):
        assert placed("/bets/", classic(stake="5000", result="won"))["payout"] == "11500.00"

    def test_what_older_clients_send_besides_is_ignored(self):
        answer = placed(
            "/bets/",
            classic(result=None, status="pending", actual_profit=None, clv="x", odds_close=1.9),
        )

        assert (answer["status"], answer["clv"], answer["odds_close"]) == ("pending", None, None)

    def test_an_unknown_bookmaker_is_added_with_its_first_bet_only(self):
        refusal("/bets/", classic(bookmaker="Bar du Port", stake=0))
        assert not Bookmaker.objects.filter(key="bar_du_port").exists()

        answer = placed("/bets/", classic(bookmaker="Bar du Port"))

        assert answer["bookmaker"] == "bar_du_port"


class TestPage:
    def test_it_answers_what_the_page_reads(self):
        answer = placed("/bets/place", page())

        assert answer == {
            "success": True,
            "bet_id": Bet.objects.get().pk,
            "placed_at": answer["placed_at"],
            "potential_payout": 23.0,
        }
        assert answer["placed_at"].endswith("Z")
        [item] = get("/bets/history")["bets"]
        assert (item["edge_pct"], item["patron_score"]) == (4.5, "ANALYSER")
        assert (item["agent_recommended"], item["patron_confidence"]) == ("Spread Optimizer", 61.5)

    def test_a_known_match_needs_no_names(self):
        body = page(home_team=None, away_team="", sport=None, commence_time=None)

        placed("/bets/place", body)

        assert Bet.objects.get().away_team == "Fulham"

    def test_an_unknown_match_needs_names_and_a_kick_off(self):
        placed(
            "/bets/place", page(match_id="x", outcome="Fulham", commence_time="2026-12-01T15:00")
        )

        bet = Bet.objects.get()
        assert (bet.match, bet.home_team, bet.outcome) == (None, "Leeds", "away")
        assert bet.commence_time.isoformat() == "2026-12-01T15:00:00+00:00"

    @pytest.mark.parametrize(
        ("given", "told"),
        [({"home_team": ""}, "which match"), ({"commence_time": None}, "when the match begins")],
    )
    def test_without_them_it_is_refused(self, given: dict[str, Any], told: str):
        assert told in refusal("/bets/place", page(match_id="x", **given))

    def test_the_payout_is_net_of_an_exchanges_commission(self):
        make_bookmaker("smarkets", kind="exchange", commission=Decimal("0.02"))

        # 10 at 2.30 wins 13, of which 2 % stay there.
        answer = placed("/bets/place", page(bookmaker="smarkets"))

        assert answer["potential_payout"] == 22.74


class TestOpportunity:
    @pytest.fixture
    def bet_on(self) -> Any:
        match = make_match(provider_id="77", commence_time=NOON + timedelta(days=1))
        self.opportunity = make_opportunity(
            match=match, market="totals", line=Decimal("2.5"), outcome="over",
            fair_probability=0.45, reference="pinnacle",
        )  # fmt: skip

        def place(opportunity_id: Any, **given: Any) -> Bet:
            body = page(match_id="77", outcome="Over 2.5", edge_pct=None) | given
            answer = placed("/bets/place", body | {"opportunity_id": opportunity_id})
            return Bet.objects.get(pk=answer["bet_id"])

        return place

    def test_its_key_or_number_gives_the_bet_its_reference(self, bet_on: Any):
        for known_as in ("77:totals:2.5:over", self.opportunity.pk, str(self.opportunity.pk)):
            bet = bet_on(known_as)

            assert bet.opportunity == self.opportunity
            assert (bet.reference, bet.fair_probability) == ("pinnacle", 0.45)
            assert bet.edge_pct == pytest.approx(3.5)  # 0.45 x 2.30 - 1

    def test_an_unknown_one_is_ignored(self, bet_on: Any):
        next_number = str(self.opportunity.pk + 1)
        for unknown in ("77:totals:3.5:over", next_number, "nonsense", "9" * 30, "", None):
            bet = bet_on(unknown)

            assert (bet.opportunity, bet.reference) == (None, "")

    @pytest.mark.usefixtures("bet_on")
    def test_one_for_another_bet_is_refused(self):
        body = page(match_id="77", opportunity_id="77:totals:2.5:over")

        assert "for another bet" in refusal("/bets/place", body | {"outcome": "Under 2.5"})
        assert "for another bet" in refusal("/bets/place", body | {"match_id": "9f2c"})

    def test_the_one_on_offer_comes_before_those_that_closed(self, bet_on: Any):
        for kind, closed_at in [("value", NOON), ("spread", None)]:
            make_opportunity(
                match=self.opportunity.match, market="totals", line=Decimal("2.5"),
                outcome="over", kind=kind, closed_at=closed_at,
                closing="withdrawn" if closed_at else "",
            )  # fmt: skip

        assert bet_on("77:totals:2.5:over").opportunity == self.opportunity


class TestRefusals:
    @pytest.mark.parametrize(
        ("given", "told"),
        [
            ({"stake": -5}, "stake must be above zero"),
            ({"stake": 0}, "stake must be above zero"),
            ({"stake": "many"}, "stake:"),
            ({"stake": None}, "stake:"),
            ({"stake": 10.005}, "stake:"),
            ({"stake": True}, "stake:"),
            ({"bookmaker": ""}, "bookmaker:"),
            ({"notes": "a\x00b"}, "notes:"),
            ({"line": 2.5}, "line"),
            ({"line": "1e5"}, "line:"),
        ],
    )
    @pytest.mark.parametrize("path", ROUTES)
    def test_what_cannot_be_is_one_sentence_on_every_route(
        self, path: str, given: dict[str, Any], told: str
    ):
        body = BODIES[path](**given)
        if given == {"line": 2.5}:
            body |= {"outcome": "draw", "selection": "Draw"}

        assert told in refusal(path, body)
        assert not LedgerEntry.objects.of_kinds("stake").exists()

    @pytest.mark.parametrize("odds", [1, 0.3, -2, "1.000", "Infinity", "NaN", 123456789])
    @pytest.mark.parametrize("path", ROUTES)
    def test_odds_are_above_1(self, path: str, odds: Any):
        names = {"/bets/": "odds_value", "/bets/place": "odds", "/manual-bets/": "odds_obtained"}

        assert "odds" in refusal(path, BODIES[path](**{names[path]: odds}))

    @pytest.mark.parametrize(
        ("given", "told"),
        [
            ({"match_id": "x"}, "There is no match x"),
            ({"outcome": "corner"}, "not an outcome"),
            ({"outcome": "Over 2.4"}, "quarters"),
            ({"market_type": "corners"}, "market_type:"),
            ({"status": "settled"}, "how the bet ended"),
            ({"result": "won", "status": "lost"}, "contradicts"),
            ({"bet_type": "hunch"}, "bet_type:"),
            ({"stake": "2000.00"}, "Only 1000.00 is available in Cash; 2000.00 is needed."),
        ],
    )
    def test_the_classic_route_says_what_is_wrong(self, given: dict[str, Any], told: str):
        assert told in refusal("/bets/", classic(**given))

    @pytest.mark.parametrize("field", ["edge_pct", "patron_confidence"])
    @pytest.mark.parametrize("value", ["nan", "inf", "-inf", "high"])
    def test_a_number_is_a_number(self, field: str, value: str):
        assert refusal("/bets/place", page(**{field: value})).startswith(field)

    @pytest.mark.parametrize("path", ROUTES)
    @pytest.mark.parametrize("body", [[], "bet", None, 5])
    def test_a_body_that_is_no_object_is_refused(self, path: str, body: Any):
        refusal(path, body)

    @pytest.mark.parametrize("path", ROUTES)
    def test_every_field_that_is_needed_is_asked_for(self, path: str):
        assert "required" in refusal(path, {})

    def test_a_session_places_only_with_the_csrf_token(self):
        client = Client(enforce_csrf_checks=True)
        client.force_login(User.objects.create_superuser("admin"))

        response = client.post("/bets/", classic(), content_type="application/json")

        assert response.status_code == 403
        assert not Bet.objects.exists()


def test_a_bet_of_one_route_is_seen_by_the_others():
    for path in ROUTES:
        placed(path, BODIES[path]())
    make_bet()

    found = [get("/bets/"), get("/bets/history")["bets"], get("/manual-bets/")]

    assert [len(bets) for bets in found] == [4, 4, 4]
    assert len({tuple(bet["id"] for bet in bets) for bets in found}) == 1


def test_an_opportunity_says_the_market_and_line_its_outcome_leaves_open():
    make_account()
    found = make_opportunity(market="totals", outcome="over", line=Decimal("2.5"))

    answer = signed_in().post(
        "/bets/place",
        {
            "match_id": found.match.provider_id,
            "opportunity_id": found.opportunity_id,
            "home_team": found.match.home_team,
            "away_team": found.match.away_team,
            "sport": "soccer_epl",
            "commence_time": "2026-11-22T12:00:00Z",
            "outcome": "over",
            "odds": 1.97,
            "stake": 8,
            "bookmaker": "betclic_fr",
        },
        format="json",
    )

    assert answer.status_code == 200, answer.content
    bet = Bet.objects.get()
    assert (bet.market, bet.line, bet.opportunity) == ("totals", Decimal("2.5"), found)
