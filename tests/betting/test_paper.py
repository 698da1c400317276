"""Paper results: every opportunity settled at its first odds, and anew when scores change."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from betting.closing.paper import settle_opportunities
from betting.models import Opportunity
from odds.models import Match
from tests.betting.closings import KICK_OFF, LATER, MINUTE, make_bookmakers, state_result
from tests.factories import (
    make_bookmaker,
    make_match,
    make_opportunity,
    make_quote,
    make_sport,
)

pytestmark = pytest.mark.django_db

RESULT_AT = LATER + timedelta(hours=2)


@pytest.fixture(autouse=True)
def _bookmakers():
    make_bookmakers()


@pytest.fixture
def match() -> Match:
    return make_match(commence_time=KICK_OFF)


def settled(row: Opportunity, now=RESULT_AT) -> tuple[str, float | None]:
    settle_opportunities(now)
    row.refresh_from_db()
    return row.paper_result, row.paper_profit


# A unit at 2.30; the halves of a quarter line end apart.
@pytest.mark.parametrize(
    ("selection", "result", "profit"),
    [
        ("h2h home 0", "won", 1.30),
        ("h2h draw 0", "lost", -1.0),
        ("totals over 2.5", "won", 1.30),
        ("totals over 3", "push", 0.0),
        ("totals over 2.75", "half_won", 0.65),
        ("totals over 3.25", "half_lost", -0.5),
        ("totals under 3.25", "half_won", 0.65),
        ("spreads home -1", "push", 0.0),
        ("spreads away -1.25", "half_won", 0.65),
        ("spreads home -1.5", "lost", -1.0),
    ],
)
def test_a_unit_at_the_first_odds_ends_by_the_rules(match, selection, result, profit):
    state_result(match, 2, 1, at=RESULT_AT)
    market, outcome, line = selection.split()
    row = make_opportunity(match=match, market=market, outcome=outcome, line=Decimal(line))

    assert settled(row) == (result, pytest.approx(profit))


@pytest.mark.parametrize(("draw", "result"), [(None, ("push", 0.0)), ("15.00", ("lost", -1.0))])
def test_a_tie_pushes_where_no_draw_was_on_offer(draw, result):
    tied = make_match(commence_time=KICK_OFF, sport=make_sport(key="americanfootball_nfl"))
    make_quote("1.90", draw, "1.95", match=tied)
    state_result(tied, 20, 20, at=RESULT_AT)

    assert settled(make_opportunity(match=tied)) == result


def test_an_exchange_keeps_its_share_of_what_is_won_not_of_what_is_lost(match):
    exchange = make_bookmaker("betfair_ex_eu")
    won = make_opportunity(match=match, first_bookmaker=exchange)
    lost = make_opportunity(match=match, outcome="away", first_bookmaker=exchange)
    state_result(match, 2, 1, at=RESULT_AT)

    assert settled(won) == ("won", pytest.approx(1.235))  # 0.95 × 1.30
    assert settled(lost) == ("lost", -1.0)


def test_refused_and_closed_opportunities_are_settled_too(match):
    row = make_opportunity(
        match=match, rejection="too_good", closed_at=KICK_OFF, closing="kicked_off"
    )
    state_result(match, 2, 1, at=RESULT_AT)

    assert settled(row)[0] == "won"


def test_an_abandoned_match_gives_the_unit_back(match):
    row = make_opportunity(match=match)
    Match.objects.update(status="abandoned")

    assert settled(row) == ("void", 0.0)


@pytest.mark.parametrize("status", ["scheduled", "postponed"])
def test_without_a_result_it_waits(match, status):
    row = make_opportunity(match=match)
    Match.objects.update(status=status)

    assert settled(row) == ("", None)


def test_a_corrected_score_settles_it_anew(match):
    row = make_opportunity(match=match)
    state_result(match, 2, 1, at=RESULT_AT)
    assert settled(row)[0] == "won"
    state_result(match, 1, 1, at=RESULT_AT + MINUTE)

    assert settled(row, RESULT_AT + MINUTE) == ("lost", -1.0)


def test_a_result_taken_back_unsettles_it(match):
    row = make_opportunity(match=match)
    state_result(match, 2, 1, at=RESULT_AT)
    assert settled(row)[0] == "won"
    state_result(match, None, None, at=RESULT_AT + MINUTE, status="scheduled", source="hand")

    assert settled(row, RESULT_AT + MINUTE) == ("", None)


def test_a_correction_of_long_ago_is_found_when_asked_for(match):
    row = make_opportunity(match=match)
    state_result(match, 2, 1, at=RESULT_AT)
    assert settled(row)[0] == "won"
    state_result(match, 1, 1, at=RESULT_AT + MINUTE)
    much_later = RESULT_AT + timedelta(days=30)

    assert settle_opportunities(much_later) == 0
    assert settle_opportunities(much_later, since=RESULT_AT) == 1
    row.refresh_from_db()
    assert row.paper_result == "lost"


def test_settling_twice_changes_nothing(match):
    make_opportunity(match=match)
    state_result(match, 2, 1, at=RESULT_AT)

    assert (settle_opportunities(RESULT_AT), settle_opportunities(RESULT_AT)) == (1, 0)


def make_arbitrage(match: Match, *legs: tuple[str, str, float], **given) -> Opportunity:
    shown = [{"outcome": o, "bookmaker": b, "odds": price} for o, b, price in legs]
    return make_opportunity(
        match=match,
        kind="arbitrage",
        outcome="all",
        legs=shown,
        first_odds=None,
        best_odds=None,
        **given,
    )


@pytest.mark.parametrize("score", [(2, 1), (1, 1), (0, 1)])
def test_an_arbitrage_brings_its_profit_whoever_wins(match, score):
    row = make_arbitrage(
        match, ("home", "soft0", 2.20), ("draw", "soft1", 3.70), ("away", "soft2", 3.95)
    )
    state_result(match, *score, at=RESULT_AT)

    # METHODS: these three cost 0.977980.
    assert settled(row) == ("won", pytest.approx(1 / 0.977980 - 1, abs=1e-6))


def test_an_arbitrage_whose_line_pushes_brings_nothing(match):
    legs = ("over", "soft0", 2.10), ("under", "soft1", 2.10)
    row = make_arbitrage(match, *legs, market="totals", line=Decimal(3))
    quarter = make_arbitrage(match, *legs, market="totals", line=Decimal("2.75"))
    state_result(match, 2, 1, at=RESULT_AT)

    assert settled(row) == ("push", 0.0)
    # Half of each bet: one half won at 2.10, the other lost, the rest returned.
    assert settled(quarter) == ("half_won", pytest.approx(0.5 * (0.5 * 1.10 - 0.5)))


def test_more_matches_ask_no_more_queries():
    counts = []
    for number in range(2):
        for _match in range(1 + 4 * number):
            match = make_match(commence_time=KICK_OFF)
            make_opportunity(match=match)
            make_arbitrage(match, ("home", "soft0", 2.2), ("away", "soft1", 2.2))
            state_result(match, 2, 1, at=RESULT_AT)
        with CaptureQueriesContext(connection) as queries:
            settle_opportunities(RESULT_AT)
        counts.append(len(queries))

    assert counts[0] == counts[1]
    assert not Opportunity.objects.filter(paper_result="").exists()
