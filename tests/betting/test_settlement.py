"""Settling bets by their matches' results: once, and anew when the result is another."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from betting.bankroll.reconciliation import reconcile
from betting.bets import placing, settlement
from betting.bets.posting import Author
from betting.bets.settlement import Ruling, Settled
from betting.models import Bet, BetChange, SettlementSettings
from odds.models import Match, MatchResult
from tests.factories import (
    NOON,
    make_account,
    make_bet,
    make_bookmaker,
    make_match,
    make_quote,
    make_sport,
)

pytestmark = pytest.mark.django_db
AFTER = NOON + timedelta(days=1, hours=2)


def finish(match: Match, score: str = "2-1", *, status: str = "completed", at: Any = AFTER) -> None:
    """A result as a source reports it: a statement, and what is in force."""
    home, away = score.split("-") if score else (None, None)
    MatchResult.objects.create(
        match=match, source="odds_api", status=status, home_score=home, away_score=away,
        observed_at=at,
    )  # fmt: skip
    Match.objects.filter(pk=match.pk).update(status=status, home_score=home, away_score=away)


def settled(**given: Any) -> Bet:
    """A bet on a match that ended 2-1, after settlement."""
    make_account()
    match = given.pop("match", None) or make_match()
    bet = make_bet(match=match, **given)
    finish(match)
    settlement.settle_finished(now=AFTER)
    bet.refresh_from_db()
    return bet


@pytest.mark.parametrize(
    ("given", "result", "profit"),
    [
        ({"outcome": "home", "odds": "2.50"}, "won", "15.00"),
        ({"outcome": "draw", "odds": "3.50"}, "lost", "-10.00"),
        ({"outcome": "away", "odds": "3.50", "side": "lay"}, "won", "10.00"),
        ({"outcome": "home", "odds": "3.50", "side": "lay"}, "lost", "-25.00"),
        ({"market": "totals", "outcome": "over", "line": "3", "odds": "1.90"}, "push", "0.00"),
        (
            {"market": "totals", "outcome": "over", "line": "2.75", "odds": "1.90"},
            "half_won",
            "4.50",
        ),
        (
            {"market": "totals", "outcome": "under", "line": "2.75", "odds": "1.90"},
            "half_lost",
            "-5.00",
        ),
        ({"market": "spreads", "outcome": "home", "line": "-1", "odds": "1.95"}, "push", "0.00"),
        ({"market": "spreads", "outcome": "away", "line": "-1.5", "odds": "1.80"}, "won", "8.00"),
        ({"market": "draw_no_bet", "outcome": "home", "odds": "1.60"}, "won", "6.00"),
        ({"market": "double_chance", "outcome": "x2", "odds": "1.50"}, "lost", "-10.00"),
    ],
)
def test_a_bet_is_settled_by_the_score(given: dict[str, Any], result: str, profit: str):
    line = Decimal(given.pop("line", 0))

    bet = settled(line=line, **given)

    assert (bet.result, bet.profit) == (result, Decimal(profit))
    assert (bet.status, bet.settled_by, bet.final_score) == ("settled", "auto", "2-1")
    assert bet.settled_at == AFTER
    assert bet.changes.first().kind == BetChange.Kind.SETTLED
    assert reconcile().is_proved


@pytest.mark.parametrize(("draw", "result"), [(None, "push"), ("15.00", "lost")])
def test_a_tie_pushes_where_no_draw_was_on_offer(draw: str | None, result: str):
    make_account()
    match = make_match(sport=make_sport(key="americanfootball_nfl"))
    make_quote("1.90", draw, "1.95", match=match)
    bet = make_bet(match=match)

    finish(match, "20-20")
    settlement.settle_finished(now=AFTER)

    bet.refresh_from_db()
    assert bet.result == result


def test_settling_twice_pays_once():
    bet = settled()

    again = settlement.settle_finished(now=AFTER)

    assert again == Settled()
    assert bet.entries.filter(kind="payout").count() == 1


def test_a_match_without_a_result_settles_nothing():
    make_account()
    make_bet(match=make_match(commence_time=NOON - timedelta(hours=3)))

    assert settlement.settle_finished(now=NOON) == Settled()


def test_a_corrected_score_reverses_and_pays_anew():
    bet = settled(odds="2.50")

    finish(bet.match, "1-1", at=AFTER + timedelta(hours=1))
    done = settlement.settle_finished(now=AFTER + timedelta(hours=1))

    bet.refresh_from_db()
    assert done == Settled(corrected=1)
    assert (bet.result, bet.profit, bet.final_score) == ("lost", Decimal("-10.00"), "1-1")
    entries = bet.entries.order_by("pk").values_list("kind", "revision", "amount")
    assert [(kind, revision, str(amount)) for kind, revision, amount in entries] == [
        ("stake", 1, "-10.00"),
        ("payout", 1, "25.00"),
        ("reversal", 1, "-15.00"),
        ("stake", 2, "-10.00"),
        ("payout", 2, "0.00"),
    ]
    assert reconcile().is_proved


def test_a_corrected_score_that_changes_no_ending_moves_no_money():
    bet = settled()

    finish(bet.match, "3-1", at=AFTER + timedelta(hours=1))
    settlement.settle_finished(now=AFTER + timedelta(hours=1))

    bet.refresh_from_db()
    assert (bet.final_score, bet.revision) == ("3-1", 1)
    assert bet.entries.count() == 2


def test_a_withdrawn_result_reopens_the_bet():
    bet = settled()

    finish(bet.match, "", status="scheduled", at=AFTER + timedelta(hours=1))
    settlement.settle_finished(now=AFTER + timedelta(hours=1))

    bet.refresh_from_db()
    assert (bet.status, bet.payout, bet.settled_at) == ("pending", None, None)
    assert reconcile().is_proved


def test_an_abandoned_match_voids_even_what_was_settled():
    bet = settled()

    finish(bet.match, "2-1", status="abandoned", at=AFTER + timedelta(hours=1))
    settlement.settle_finished(now=AFTER + timedelta(hours=1))

    bet.refresh_from_db()
    assert (bet.status, bet.result, bet.profit) == ("void", "void", 0)


def test_what_was_settled_by_hand_stays():
    make_account()
    match = make_match()
    bet = make_bet("lost", match=match)

    finish(match)
    settlement.settle_finished(now=AFTER)

    bet.refresh_from_db()
    assert (bet.result, bet.settled_by) == ("lost", "manual")


@pytest.mark.parametrize(("hours_later", "status"), [(48, "settled"), (49, "void")])
def test_a_match_played_too_late_voids_its_bets(hours_later: int, status: str):
    make_account()
    match = make_match(commence_time=NOON)
    bet = make_bet(match=match)
    Match.objects.filter(pk=match.pk).update(commence_time=NOON + timedelta(hours=hours_later))

    finish(match, at=NOON + timedelta(hours=hours_later + 2))
    settlement.settle_finished(now=NOON + timedelta(hours=hours_later + 2))

    bet.refresh_from_db()
    assert bet.status == status


def test_a_postponed_match_waits_as_long_as_bookmakers_do():
    SettlementSettings.objects.create(postponed_void_hours=24)
    make_account()
    match = make_match(commence_time=NOON)
    bet = make_bet(match=match)
    finish(match, "", status="postponed", at=NOON)

    settlement.settle_finished(now=NOON + timedelta(hours=24))
    bet.refresh_from_db()
    assert bet.status == "pending"

    settlement.settle_finished(now=NOON + timedelta(hours=25))
    bet.refresh_from_db()
    assert (bet.status, bet.final_score) == ("void", "postponed")


def test_bets_in_one_exchange_market_net_before_commission():
    make_account()
    match = make_match()
    exchange = make_bookmaker("betfair_ex_eu", kind="exchange", commission=Decimal("0.05"))
    given = {"match": match, "bookmaker": exchange}
    backed = make_bet(odds="3.00", stake="10", **given)
    laid = make_bet(odds="2.00", stake="8", side="lay", **given)
    elsewhere = make_bet(market="totals", outcome="over", line=Decimal("2.5"), **given)

    finish(match)
    settlement.settle_finished(now=AFTER)

    backed.refresh_from_db(), laid.refresh_from_db(), elsewhere.refresh_from_db()
    # +20 and −8 in one market: 5 % of 12, all taken from the winner; +10 in the other.
    assert (backed.commission_paid, backed.profit) == (Decimal("0.60"), Decimal("19.40"))
    assert (laid.commission_paid, laid.profit) == (0, Decimal("-8.00"))
    assert (elsewhere.commission_paid, elsewhere.profit) == (Decimal("0.50"), Decimal("9.50"))
    assert reconcile().is_proved


def test_cancelling_one_side_of_an_exchange_market_reprices_the_other():
    make_account()
    match = make_match()
    exchange = make_bookmaker("betfair_ex_eu", kind="exchange", commission=Decimal("0.05"))
    backed = make_bet(odds="3.00", match=match, bookmaker=exchange)
    laid = make_bet(odds="2.00", side="lay", match=match, bookmaker=exchange)
    finish(match)
    settlement.settle_finished(now=AFTER)

    placing.cancel(laid.pk, author=Author(now=AFTER))

    backed.refresh_from_db()
    assert (backed.commission_paid, backed.profit) == (Decimal("1.00"), Decimal("19.00"))
    assert reconcile().is_proved


def test_correcting_the_selection_of_a_settled_bet_rules_on_it_anew():
    bet = settled(outcome="home")

    placing.correct(bet.pk, {"outcome": "away"}, author=Author(now=AFTER))

    bet.refresh_from_db()
    assert (bet.result, bet.profit) == ("lost", Decimal("-10.00"))


def test_a_dead_heat_shares_the_win():
    make_account()
    bet = make_bet(odds="3.00")

    ruling = Ruling(ending="dead_heat", dead_heat_ways=2)
    settlement.rule({bet.pk: ruling}, author=Author(now=AFTER))

    bet.refresh_from_db()
    assert (bet.payout, bet.profit) == (Decimal("15.00"), Decimal("5.00"))


def test_ruling_otherwise_by_hand_corrects_and_reopening_takes_it_back():
    make_account()
    bet = make_bet("won")

    done = settlement.rule({bet.pk: Ruling(ending="lost")}, author=Author(now=AFTER))
    assert done == Settled(corrected=1)
    assert settlement.reopen(bet.pk, author=Author(now=AFTER))
    assert not settlement.reopen(bet.pk, author=Author(now=AFTER))

    bet.refresh_from_db()
    assert (bet.status, bet.revision) == ("pending", 3)
    assert reconcile().is_proved


def test_the_number_of_queries_does_not_grow_with_the_bets(
    django_assert_num_queries: DjangoAssertNumQueries,
):
    make_account("100000")
    for count in (3, 30):
        for _number in range(count):
            match = make_match()
            make_bet(match=match)
            finish(match)
        with django_assert_num_queries(10):
            settlement.settle_finished(now=AFTER)
