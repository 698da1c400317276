"""What clients call outcomes, lines, teams and endings."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from betting.api.bet_words import Selection, Teams, asked_ending, read_selection, selection_words
from betting.bets.checks import BetRefusedError
from betting.models import MARKETS_WITH_LINE, OUTCOMES, Bet

TEAMS = Teams(home="Schalke 04", away="Lille")


def read(words: str, **given: object) -> tuple[str, str, Decimal]:
    selection = read_selection(words, teams=TEAMS, **given)
    return selection.market, selection.outcome, selection.line


@pytest.mark.parametrize(
    ("words", "means"),
    [
        ("home", ("h2h", "home", 0)),
        (" Draw ", ("h2h", "draw", 0)),
        ("AWAY", ("h2h", "away", 0)),
        ("Lille", ("h2h", "away", 0)),
        ("schalke 04", ("h2h", "home", 0)),
        ("Over 2.5", ("totals", "over", Decimal("2.5"))),
        ("under 2,25", ("totals", "under", Decimal("2.25"))),
        ("Under 3", ("totals", "under", 3)),
        ("1X", ("double_chance", "1x", 0)),
        ("12", ("double_chance", "12", 0)),
        ("x2", ("double_chance", "x2", 0)),
        ("Schalke 04 -0.5", ("spreads", "home", Decimal("-0.5"))),
        # An away team with half a goal's start is a home team half a goal behind.
        ("Lille +0.5", ("spreads", "away", Decimal("-0.5"))),
        ("away −1", ("spreads", "away", 1)),
    ],
)
def test_words_say_market_outcome_and_line(words: str, means: tuple[str, str, Decimal]):
    assert read(words) == means


def test_a_line_may_stand_beside_the_words():
    assert read("over", line=Decimal("2.5")) == ("totals", "over", Decimal("2.5"))
    assert read("away", market="spreads", line=Decimal("0.5")) == ("spreads", "away", 0.5)
    assert read("Over 2.5", line=Decimal("2.50")) == ("totals", "over", Decimal("2.5"))
    assert read("home", market="draw_no_bet") == ("draw_no_bet", "home", 0)


def test_the_known_line_holds_where_none_is_said():
    assert read("under", market="totals", known_line=Decimal("2.5"))[2] == Decimal("2.5")
    assert read("under 3.5", market="totals", known_line=Decimal("2.5"))[2] == Decimal("3.5")
    assert read("home", market="h2h", known_line=Decimal("2.5"))[2] == 0


@pytest.mark.parametrize(
    ("words", "given", "told"),
    [
        ("Over 2.5", {"line": Decimal(3)}, "line 3 contradicts"),
        ("Lille +0.5", {"market": "spreads", "line": Decimal("0.5")}, "line 0.5 contradicts"),
        ("corner", {}, "“corner” is not an outcome; say one of home, draw"),
        ("corner 2.5", {}, "is not an outcome"),
        ("Over 2.12345", {}, "is not an outcome"),
        ("all", {}, "is not an outcome"),
        ("", {}, "is not an outcome"),
        ("home", {"market": "spreads"}, "A handicap needs its line"),
    ],
)
def test_words_without_meaning_are_refused(words: str, given: dict[str, object], told: str):
    with pytest.raises(BetRefusedError, match=told):
        read(words, **given)


def test_an_away_team_without_a_name_is_not_meant_by_nothing():
    with pytest.raises(BetRefusedError):
        read_selection(" ", teams=Teams(home="Lens"))


selections = st.sampled_from(
    [(market, outcome) for market, outcomes in OUTCOMES.items() for outcome in outcomes]
).flatmap(
    lambda one: st.builds(
        Selection,
        market=st.just(str(one[0])),
        outcome=st.just(str(one[1])),
        line=st.integers(-40, 40).map(lambda quarters: Decimal(quarters) / 4)
        if one[0] in MARKETS_WITH_LINE
        else st.just(Decimal(0)),
    )
)


@given(selections)
def test_what_is_written_is_read_back(selection: Selection):
    bet = Bet(market=selection.market, outcome=selection.outcome, line=selection.line)
    if selection.market == "totals":
        bet.line = abs(bet.line)

    again = read_selection(selection_words(bet), teams=TEAMS, market=selection.market)

    assert again == Selection(market=bet.market, outcome=bet.outcome, line=bet.line)


@pytest.mark.parametrize(
    ("name", "teams"),
    [
        ("Leeds vs Fulham", ("Leeds", "Fulham")),
        ("Leeds VS. Fulham", ("Leeds", "Fulham")),
        ("Lens – Lille", ("Lens", "Lille")),
        ("Lens - Lille", ("Lens", "Lille")),
        ("Saint-Étienne v Lyon", ("Saint-Étienne", "Lyon")),
        ("Ligue 1", ("Ligue 1", "")),
    ],
)
def test_a_match_name_is_two_teams_or_one_name(name: str, teams: tuple[str, str]):
    assert Teams.of(name) == Teams(home=teams[0], away=teams[1])


@pytest.mark.parametrize(
    ("asked", "ending"),
    [
        ({}, None),
        ({"notes": "x"}, None),
        ({"result": "won"}, "won"),
        ({"result": "loss"}, "lost"),
        ({"result": "half_win"}, "half_won"),
        ({"result": None}, "pending"),
        ({"result": "pending"}, "pending"),
        ({"status": "void"}, "void"),
        ({"status": None}, None),
        ({"status": "won", "result": "won"}, "won"),
        ({"status": "settled", "result": "won"}, "won"),
        ({"status": "pending", "result": None}, "pending"),
    ],
)
def test_result_and_status_say_one_ending(asked: dict[str, object], ending: str | None):
    assert asked_ending(asked) == ending


@pytest.mark.parametrize(
    "asked",
    [
        {"status": "settled"},
        {"status": "settled", "result": None},
        {"status": "void", "result": "won"},
        {"status": "pending", "result": "won"},
        {"status": "won", "result": None},
    ],
)
def test_a_status_that_contradicts_the_result_is_refused(asked: dict[str, object]):
    with pytest.raises(BetRefusedError):
        asked_ending(asked)
