"""When prices are graded, graded again, and left alone."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from betting.closing.capture import capture, forget_unplayed
from betting.closing.grading import grade_bets, grade_opportunities
from betting.models import Bet
from odds.models import Bookmaker, Match
from tests.betting.closings import (
    HOME,
    KICK_OFF,
    LATER,
    MINUTE,
    PINNACLE,
    after_grading,
    bet_on,
    capture_pending,
    import_quote,
    look,
    make_bookmakers,
    state_result,
)
from tests.factories import NOON, make_bet, make_bookmaker, make_opportunity

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _bookmakers():
    make_bookmakers()
    make_bookmaker("winamax_fr")


def test_nothing_is_graded_before_kick_off_or_before_the_capture():
    match = look(PINNACLE)
    bet = bet_on(match)

    before = grade_bets(KICK_OFF - MINUTE)
    uncaptured = grade_bets(LATER)

    bet.refresh_from_db()
    assert before == uncaptured == {}
    assert bet.clv_status == "pending"


def test_a_cancelled_bet_is_left_alone():
    bet = bet_on(look(PINNACLE))
    Bet.objects.update(cancelled_at=NOON)

    assert after_grading(bet).clv_status == "pending"


def test_a_bet_on_an_unknown_match_has_no_closing_line():
    bet = make_bet(match=None, home_team="Somebody", commence_time=KICK_OFF)

    assert after_grading(bet, KICK_OFF - MINUTE).clv_status == "pending"
    assert after_grading(bet).clv_status == "missing"


def test_a_missing_grade_is_tried_again_when_football_data_arrives():
    match = look(PINNACLE)
    bet = bet_on(match, reference="pinnacle")
    assert after_grading(bet).clv_status == "missing"

    days_later = LATER + timedelta(days=3)
    make_bookmaker("market_average", kind=Bookmaker.Kind.AGGREGATE)
    import_quote(match, "pinnacle", 1.70, 2.30)
    import_quote(match, "market_average", 1.90, 1.90)
    state_result(match, 1, 0, at=days_later - MINUTE)
    after_grading(bet, days_later)

    assert (bet.clv_status, bet.clv_reference) == ("graded", "fd_market_average")
    assert bet.clv_fair_pct == pytest.approx(5.0)


def test_own_quotes_grade_before_football_data():
    match = look(PINNACLE)
    import_quote(match, "pinnacle", 1.70, 2.30)

    assert after_grading(bet_on(match)).clv_reference == "pinnacle"


def test_a_timely_line_of_football_data_goes_before_an_early_one():
    match = look(PINNACLE, before=200)
    import_quote(match, "pinnacle", 1.70, 2.30)

    assert after_grading(bet_on(match)).clv_reference == "fd_pinnacle"


def test_a_corrected_kick_off_is_graded_anew():
    match = look(PINNACLE, before=30)
    bet = bet_on(match)
    after_grading(bet)
    look({"pinnacle": (1.60, 2.50)}, at=KICK_OFF + 5 * MINUTE, kick_off=KICK_OFF + 10 * MINUTE)

    after_grading(bet, LATER + 10 * MINUTE)

    assert (bet.closing_odds, bet.closing_minutes) == (Decimal("1.6"), 5)
    assert bet.graded_at == LATER + 10 * MINUTE


def test_a_match_put_off_takes_its_grades_back():
    match = look(PINNACLE)
    bet = after_grading(bet_on(match))
    opportunity = make_opportunity(match=match)
    grade_opportunities(LATER)
    Match.objects.update(commence_time=KICK_OFF + timedelta(days=3))

    forget_unplayed(LATER)

    for row in (bet, opportunity):
        row.refresh_from_db()
        assert (row.clv_status, row.clv_fair_pct, row.graded_at) == ("pending", None, None)
        assert (row.clv_reference, row.closing_odds, row.closing_minutes) == ("", None, None)


def test_grading_twice_changes_nothing():
    match = look(HOME)
    bet = after_grading(bet_on(match))
    make_opportunity(match=match)

    first = grade_opportunities(LATER)
    again = grade_bets(LATER + MINUTE), grade_opportunities(LATER + MINUTE)

    assert (first, again) == ({"graded": 1}, ({}, {}))
    before = bet.graded_at
    bet.refresh_from_db()
    assert bet.graded_at == before


def test_only_the_matches_asked_for_are_graded():
    first, second = look(PINNACLE), look(PINNACLE, match="other")
    bet_on(first), bet_on(second)
    capture([first.pk, second.pk], now=LATER)

    assert grade_bets(LATER, [first.pk]) == {"graded": 1}
    assert Bet.objects.get(match=second).clv_status == "pending"


def test_more_matches_ask_no_more_queries():
    counts = []
    for number in range(2):
        for name in range(1 + 4 * number):
            match = look(HOME, match=f"{number}-{name}")
            bet_on(match)
            bet_on(match, reference="pinnacle", bookmaker=make_bookmaker("betfair_ex_eu"))
            make_opportunity(match=match)
        capture_pending()
        with CaptureQueriesContext(connection) as queries:
            grade_bets(LATER)
            grade_opportunities(LATER)
        counts.append(len(queries))

    assert counts[0] == counts[1]
    assert set(Bet.objects.values_list("clv_status", flat=True)) == {"graded"}
