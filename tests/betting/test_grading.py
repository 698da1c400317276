"""Grading in the database: whose closing line, and what is written."""

from decimal import Decimal

import pytest

from betting.closing.grading import grade_bets, grade_opportunities
from tests.betting.closings import (
    BOOKS,
    EXCHANGE,
    HOME,
    LATER,
    PINNACLE,
    after_grading,
    bet_on,
    capture_pending,
    look,
    make_bookmakers,
)
from tests.factories import NOON, make_bookmaker, make_opportunity

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _bookmakers():
    make_bookmakers()
    make_bookmaker("winamax_fr")


def test_a_bet_is_graded_in_percent_by_the_sharp_bookmaker():
    bet = bet_on(look(PINNACLE | EXCHANGE | BOOKS, before=4))

    after_grading(bet)

    assert (bet.clv_status, bet.clv_reference) == ("graded", "pinnacle")
    assert bet.clv_fair_pct == pytest.approx(5.0)  # 2.10 × 0.5 - 1
    assert bet.clv_pct == pytest.approx((2.10 / 1.95 - 1) * 100)
    assert (bet.closing_odds, bet.closing_minutes) == (Decimal("1.95"), 4)
    assert bet.closing_probability == pytest.approx(0.5)
    assert bet.graded_at == LATER


@pytest.mark.parametrize(
    ("absent", "grader"),
    [
        ((), "pinnacle"),
        (("pinnacle",), "betfair_ex_eu"),
        (("pinnacle", "betfair_ex_eu"), "consensus"),
    ],
)
def test_the_chain_is_sharp_exchange_consensus(absent, grader):
    bet = bet_on(look({key: odds for key, odds in HOME.items() if key not in absent}))

    assert after_grading(bet).clv_reference == grader


def test_too_few_operators_grade_nothing():
    bet = bet_on(look({key: HOME[key] for key in ("soft0", "soft1", "soft2")}))

    after_grading(bet)

    assert (bet.clv_status, bet.clv_reference, bet.clv_fair_pct) == ("missing", "", None)
    assert bet.graded_at == LATER


def test_what_selected_a_bet_does_not_grade_it():
    bet = bet_on(look(HOME), reference="pinnacle")

    assert after_grading(bet).clv_reference == "betfair_ex_eu"


def test_the_operator_that_took_a_bet_does_not_grade_it():
    make_bookmaker("betfair_sb_uk", operator="betfair")
    bet = bet_on(look(HOME), reference="pinnacle", bookmaker=make_bookmaker("betfair_sb_uk"))

    assert after_grading(bet).clv_reference == "consensus"


def test_a_consensus_grades_without_the_operator_that_took_the_bet():
    make_bookmaker("soft4", operator="soft4")
    of_five = BOOKS | {"soft4": (1.10, 7.50)}
    for number in range(3):
        make_bookmaker(f"soft{number}_eu", operator="soft4")
        of_five[f"soft{number}_eu"] = (1.10, 7.50)
    match = look(of_five)
    bet = bet_on(match, bookmaker=make_bookmaker("soft4"))

    after_grading(bet)

    assert bet.clv_reference == "consensus"
    assert bet.closing_probability == pytest.approx(0.5)
    assert bet.closing_odds == Decimal("1.915")  # of 1.90 1.91 1.92 1.93


def test_a_consensus_needs_enough_operators_besides_the_one_bet_with():
    match = look(BOOKS)
    inside, outside = bet_on(match, bookmaker=make_bookmaker("soft0")), bet_on(match)

    assert after_grading(inside).clv_status == "missing"
    outside.refresh_from_db()
    assert (outside.clv_status, outside.clv_reference) == ("graded", "consensus")


def test_the_line_that_moved_away_says_so():
    match = look({"pinnacle": (1.9, 1.9)}, before=60, market="totals", line=2.5)
    look({"pinnacle": (1.9, 1.9)}, before=10, market="totals", line=3.0)
    bet = bet_on(match, market="totals", outcome="over", line=Decimal("2.5"))
    none = bet_on(match, market="spreads", outcome="home", line=Decimal("-0.5"))

    assert after_grading(bet).clv_status == "line_moved"
    none.refresh_from_db()
    assert none.clv_status == "missing"


def test_lines_are_read_on_the_side_they_were_taken():
    match = look({"pinnacle": (1.80, 2.10)}, market="spreads", line=-0.5)
    home = bet_on(match, market="spreads", outcome="home", line=Decimal("-0.5"))
    away = bet_on(match, market="spreads", outcome="away", line=Decimal("-0.5"))

    after_grading(home)
    away.refresh_from_db()

    assert (home.closing_odds, away.closing_odds) == (Decimal("1.80"), Decimal("2.10"))
    assert home.closing_probability + away.closing_probability == pytest.approx(1)


def test_a_closing_line_last_seen_too_early_is_marked():
    bet = bet_on(look(PINNACLE, before=61))

    after_grading(bet)

    assert (bet.clv_status, bet.closing_minutes) == ("early", 61)
    assert bet.clv_fair_pct == pytest.approx(5.0)


def test_a_lay_bet_at_an_exchange_pays_commission_on_what_it_wins():
    bet = bet_on(
        look(PINNACLE),
        bookmaker=make_bookmaker("betfair_ex_eu"),
        side="lay",
        odds="1.80",
        commission=Decimal("0.05"),
    )

    after_grading(bet)

    # Half of the time 0.95 is won and half of the time 0.80 lost, for 0.80 at risk.
    assert bet.clv_fair_pct == pytest.approx((0.475 - 0.40) / 0.80 * 100)
    assert bet.clv_pct == pytest.approx((1 - 1.80 / 1.95) * 100)


def test_draw_no_bet_is_graded_by_the_match_winner():
    match = look({"pinnacle": (2.50, 3.30, 2.90)}, sport="soccer_epl")
    bet = bet_on(match, market="draw_no_bet", outcome="home", odds="1.80")

    after_grading(bet)

    winner = bet_on(match)
    away = bet_on(match, outcome="away")
    grade_bets(LATER)
    winner.refresh_from_db()
    away.refresh_from_db()
    home_p, away_p = winner.closing_probability, away.closing_probability
    assert bet.closing_probability == pytest.approx(home_p / (home_p + away_p))
    assert bet.closing_odds == pytest.approx(Decimal(2.50 * (1 - 1 / 3.30)), abs=Decimal("0.001"))


def test_an_opportunity_is_graded_at_its_first_price_accepted_or_refused():
    match = look(PINNACLE | EXCHANGE)
    given = {
        "match": match,
        "first_odds": Decimal("2.20"),
        "best_odds": Decimal(9),
        "first_bookmaker": make_bookmaker("betfair_ex_eu"),
        "first_reference": "consensus",
    }
    accepted = make_opportunity(**given)
    refused = make_opportunity(**given, rejection="lagging", closed_at=NOON, closing="judged_anew")
    capture_pending()

    assert grade_opportunities(LATER) == {"graded": 2}

    for row in (accepted, refused):
        row.refresh_from_db()
        assert row.clv_reference == "pinnacle"
        assert row.clv_fair_pct == pytest.approx(7.0)  # (1 + 0.95 × 1.20) × 0.5 - 1


def test_the_reference_that_found_an_opportunity_does_not_grade_it():
    match = look(HOME)
    row = make_opportunity(match=match, first_reference="pinnacle")
    capture_pending()
    grade_opportunities(LATER)

    row.refresh_from_db()
    assert row.clv_reference == "betfair_ex_eu"


def test_an_arbitrage_is_graded_as_its_profit():
    match = look(PINNACLE | BOOKS)
    legs = [
        {"outcome": "home", "bookmaker": "soft0", "odds": 2.10},
        {"outcome": "away", "bookmaker": "betfair_ex_eu", "odds": 2.20},
    ]
    row = make_opportunity(
        match=match, kind="arbitrage", outcome="all", legs=legs, first_odds=None, best_odds=None
    )
    capture_pending()
    grade_opportunities(LATER)

    row.refresh_from_db()
    cost = 1 / 2.10 + 1 / 2.14  # the exchange keeps a twentieth of 1.20
    assert row.clv_reference == "pinnacle"
    assert row.clv_fair_pct == pytest.approx((1 / cost - 1) * 100)
    assert row.closing_odds is None
