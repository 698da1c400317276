"""The cards: what the last 24 hours changed, and dashes with reasons where nothing is defined."""

from datetime import timedelta
from decimal import Decimal

import pytest

from betting.bankroll import ledger
from monps import overview_figures
from monps.overview_cards import Card, cards
from tests.factories import NOON, make_account, make_bet, make_bookmaker, make_match

pytestmark = pytest.mark.django_db

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def card(title: str) -> Card:
    return next(one for one in cards(overview_figures.read(now=NOON)) if one.title == title)


def settle(result: str, *, hours_ago: float, **given: object) -> None:
    at = NOON - hours_ago * HOUR
    make_bet(result, settled_at=at, at=at, placed_at=at - HOUR, **given)


def test_the_bankroll_changed_by_what_was_settled_and_what_was_moved() -> None:
    account = make_account("1000", at=NOON - 9 * DAY)
    settle("won", hours_ago=30, odds="2.00", stake="100")
    settle("lost", hours_ago=2, stake="40")
    ledger.post(account, "deposit", Decimal(15), now=NOON - HOUR)

    lately = overview_figures.read(now=NOON).lately
    shown = card("Bankroll")

    assert [lately.bankroll, lately.gained, lately.moved] == [1100, -40, 15]
    assert shown.value == "1,075.00\N{NO-BREAK SPACE}€"
    assert shown.change == "−25.00\N{NO-BREAK SPACE}€ in 24 h"
    assert shown.lines[0] == "of which +15.00\N{NO-BREAK SPACE}€ moved"


def test_the_bankroll_of_yesterday_is_what_the_ledger_said_then() -> None:
    """By a second method: what was read a day ago, with the rows there were then."""
    account = make_account("1000", at=NOON - 9 * DAY)
    settle("won", hours_ago=30, odds="2.50", stake="20")
    then = ledger.balance().bankroll
    settle("lost", hours_ago=20, stake="40")
    settle("void", hours_ago=3, stake="40")
    make_bet(at=NOON - HOUR, stake="7")
    ledger.post(account, "withdrawal", Decimal(15), now=NOON - HOUR)

    assert overview_figures.read(now=NOON).lately.bankroll == then


def test_a_bankroll_that_began_today_has_no_yesterday() -> None:
    make_account("1000", at=NOON - HOUR)

    assert overview_figures.read(now=NOON).lately.bankroll is None
    assert card("Bankroll").change == "It began less than 24 h ago"


def test_history_entered_today_was_staked_from_a_bankroll_of_then() -> None:
    long_ago = NOON - 300 * DAY
    make_bet("lost", stake="100", placed_at=long_ago, settled_at=long_ago + DAY, at=NOON - HOUR)

    lately = overview_figures.read(now=NOON).lately

    assert [lately.bankroll, lately.moved] == [900, 0]
    assert card("Bankroll").change == "unchanged in 24 h"


def test_money_at_an_account_opened_today_is_money_put_in() -> None:
    make_account("1000", at=NOON - 9 * DAY)
    make_account("200", at=NOON - HOUR, bookmaker=make_bookmaker("unibet_fr"))

    lately = overview_figures.read(now=NOON).lately

    assert [lately.bankroll, lately.moved] == [1000, 200]


def test_the_yield_changed_by_the_bets_settled_since_yesterday() -> None:
    make_account("1000", at=NOON - 9 * DAY)
    settle("won", hours_ago=25, odds="2.00", stake="100")  # 100 on 100
    settle("lost", hours_ago=23, stake="100")  # 0 on 200

    shown = card("ROI")

    assert overview_figures.read(now=NOON).lately.roi_pct == pytest.approx(100.0)
    assert (shown.value, shown.change) == ("0.0%", "−100.0 points in 24 h")
    assert shown.change_tone == "mp-bad"
    assert shown.lines[0] == "2 settled bets, 200.00\N{NO-BREAK SPACE}€ staked"


def test_a_void_bet_does_not_change_the_yield() -> None:
    make_account("1000", at=NOON - 9 * DAY)
    settle("won", hours_ago=25)
    settle("void", hours_ago=2)

    assert card("ROI").change == "unchanged in 24 h"


def test_the_clv_changed_by_the_matches_graded_since_yesterday() -> None:
    make_account("1000", at=NOON - 9 * DAY)
    for hours_ago, clv in ((25, 1.0), (26, 3.0), (2, 5.0)):
        settle("won", hours_ago=hours_ago, clv_status="graded", clv_fair_pct=clv,
               clv_reference="pinnacle")  # fmt: skip

    shown = card("Fair CLV")

    assert (shown.value, shown.change) == ("+3.0%", "+1.0 points in 24 h")
    assert shown.lines == ["3 graded bets on 3 matches", "An interval needs 30 matches."]


def test_bets_on_one_match_are_one_observation_then_as_now() -> None:
    make_account("1000", at=NOON - 9 * DAY)
    match = make_match()
    for outcome, clv in (("home", 2.0), ("draw", 4.0)):
        settle("won", hours_ago=25, match=match, outcome=outcome, clv_status="graded",
               clv_fair_pct=clv, clv_reference="pinnacle")  # fmt: skip
    settle("won", hours_ago=26, clv_status="graded", clv_fair_pct=9.0, clv_reference="pinnacle")

    assert overview_figures.read(now=NOON).lately.clv_pct == pytest.approx(6.0)


def test_active_bets_changed_by_those_placed_and_those_that_ended() -> None:
    make_account("1000", at=NOON - 9 * DAY)
    make_bet(at=NOON - 30 * HOUR)  # was active and is
    make_bet(at=NOON - HOUR)  # new
    make_bet("void", at=NOON - 30 * HOUR, settled_at=NOON - HOUR)  # was active
    settle("lost", hours_ago=2)  # came and went
    settle("lost", hours_ago=40)
    make_bet(at=NOON - HOUR, is_paper=True)

    lately = overview_figures.read(now=NOON).lately
    shown = card("Active bets")

    assert (lately.pending, lately.placed, lately.settled) == (2, 2, 2)
    assert (shown.value, shown.change) == ("2", "unchanged in 24 h")
    assert shown.lines[0] == "2 placed, 2 ended since yesterday"


def test_without_bets_rates_are_dashes_with_their_reason() -> None:
    roi, clv = card("ROI"), card("Fair CLV")

    assert (roi.value, roi.lines) == ("–", ["No bet is settled yet."])
    assert (clv.value, clv.lines) == ("–", ["No closing line has graded a bet yet."])
    assert roi.change == clv.change == "– in 24 h: there was none before"
