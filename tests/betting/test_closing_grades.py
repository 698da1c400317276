"""A price against closing lines: which reference, which number, and the laws both obey."""

from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from betting.closing.clv import Candidate
from betting.closing.grades import (
    Grade,
    Price,
    Status,
    arbitrage_shares,
    closing_price,
    grade,
    grade_arbitrage,
)
from odds.devig import Method, fair_probabilities

# Chances whose quotients come out even: of the decided matches home wins five in eight.
THREE_WAY = {"odds": (1.90, 4.75, 3.04), "fair": (0.5, 0.2, 0.3)}
chances = st.floats(0.02, 0.9)


def make_price(**given) -> Price:
    defaults = {
        "market": "h2h",
        "line": 0.0,
        "outcome": "home",
        "odds": 2.10,
        "commission": 0.0,
        "selected_by": "",
        "operator": "betclic",
    }
    return Price(**defaults | given)


def make_candidate(reference: str = "pinnacle", **given) -> Candidate:
    defaults = {"operator": reference, "minutes": 5.0, "source": "quotes"}
    return Candidate(reference=reference, **THREE_WAY | defaults | given)


def graded(price: Price, *candidates: Candidate, others=None) -> Grade:
    lines = {price.key: list(candidates)} | (others or {})
    return grade(price, lines, maximum_minutes=60)


def test_both_measures_are_fractions_that_are_positive_when_the_price_was_good():
    one = graded(make_price(odds=2.10), make_candidate())

    assert one.fair == pytest.approx(0.05)  # 2.10 × 0.5 - 1
    assert one.raw == pytest.approx(2.10 / 1.90 - 1)
    assert (one.status, one.reference, one.minutes) == (Status.GRADED, "pinnacle", 5.0)
    assert (one.odds, one.probability) == (1.90, 0.5)


def test_commission_lowers_the_fair_measure_only():
    one = graded(make_price(odds=2.20, commission=0.05), make_candidate())

    assert one.fair == pytest.approx(0.07)  # 1 + 0.95 × 1.20 = 2.14
    assert one.raw == pytest.approx(2.20 / 1.90 - 1)


def test_a_lay_bet_is_good_where_a_back_bet_would_be_bad():
    one = graded(make_price(odds=1.80, is_lay=True), make_candidate())

    # Risking 0.80 to win 1, half of the time: 0.5 - 0.4 = 0.1, an eighth of the liability.
    assert one.fair == pytest.approx(0.125)
    assert one.raw == pytest.approx(1 - 1.80 / 1.90)


def test_draw_no_bet_is_graded_by_the_match_winner():
    odds, chance = closing_price("draw_no_bet", "home", make_candidate())

    assert chance == pytest.approx(0.5 / 0.8)
    assert odds == pytest.approx(1.5)  # 1.90 × (1 - 1 / 4.75)


@pytest.mark.parametrize(
    ("outcome", "chance", "backed"), [("1x", 0.7, (0, 1)), ("12", 0.8, (0, 2)), ("x2", 0.5, (1, 2))]
)
def test_double_chance_pays_as_two_bets_of_the_same_return(outcome, chance, backed):
    odds, found = closing_price("double_chance", outcome, make_candidate())

    # One unit back from either bet costs 1 / odds each.
    cost = sum(1 / THREE_WAY["odds"][place] for place in backed)
    assert found == pytest.approx(chance)
    assert odds == pytest.approx(1 / cost)


def test_double_chance_without_a_draw_has_no_closing_line():
    two_way = make_candidate(odds=(1.9, None, 1.9), fair=(0.5, None, 0.5))

    one = graded(make_price(market="double_chance", outcome="1x"), two_way)

    assert one == Grade(status=Status.MISSING)


def test_the_selector_and_the_own_operator_never_grade():
    exchange = make_candidate("betfair_ex_eu", operator="betfair")

    by_selector = graded(make_price(selected_by="pinnacle"), make_candidate(), exchange)
    by_operator = graded(make_price(operator="pinnacle"), make_candidate(), exchange)
    by_neither = graded(make_price(selected_by="pinnacle", operator="betfair"), exchange)

    assert by_selector.reference == by_operator.reference == "betfair_ex_eu"
    assert by_neither.status == Status.MISSING


def test_a_timely_reference_goes_before_an_early_one_that_is_trusted_more():
    early = make_candidate(minutes=61)

    assert graded(make_price(), early).status == Status.EARLY
    assert graded(make_price(), early).fair == pytest.approx(0.05)
    assert graded(make_price(), early, make_candidate("smarkets")).reference == "smarkets"


def test_a_line_that_is_gone_has_moved_only_where_a_free_reference_has_another():
    price = make_price(market="totals", line=2.5, outcome="over", selected_by="consensus")
    totals = make_candidate(odds=(1.9, None, 1.9), fair=(0.5, None, 0.5))

    moved = graded(price, others={("totals", 3.0): [totals]})
    by_selector = graded(
        price, others={("totals", 3.0): [make_candidate("consensus", operator="")]}
    )
    elsewhere = graded(price, others={("spreads", 3.0): [totals]})

    assert moved == Grade(status=Status.LINE_MOVED)
    assert by_selector == elsewhere == Grade(status=Status.MISSING)


def test_an_arbitrage_is_worth_its_profit_whatever_is_fair():
    legs = [
        make_price(outcome="home", odds=2.20, operator="a"),
        make_price(outcome="draw", odds=3.70, operator="b"),
        make_price(outcome="away", odds=3.95, operator="c"),
    ]

    one = grade_arbitrage(legs, {("h2h", 0.0): [make_candidate()]}, maximum_minutes=60)

    # METHODS: 2.20 / 3.70 / 3.95 cost 0.977980, a profit of 2.25 %.
    assert one.fair == pytest.approx(1 / 0.977980 - 1, abs=1e-6)
    assert sum(arbitrage_shares(legs)) == pytest.approx(1)
    assert (one.reference, one.odds, one.probability) == ("pinnacle", None, None)


def test_an_operator_of_a_leg_does_not_grade_the_arbitrage():
    legs = [
        make_price(outcome="home", odds=2.20, operator="pinnacle"),
        make_price(outcome="draw", odds=3.70, operator="b"),
        make_price(outcome="away", odds=3.95, operator="c"),
    ]
    candidates = [make_candidate(), make_candidate("smarkets")]

    one = grade_arbitrage(legs, {("h2h", 0.0): candidates}, maximum_minutes=60)

    assert one.reference == "smarkets"


@given(st.lists(chances, min_size=3, max_size=3), st.sampled_from(["home", "draw", "away"]))
def test_a_price_at_its_own_fair_closing_odds_has_no_value(weights, outcome):
    odds = np.array([[1.06 * sum(weights) / one for one in weights]])
    odds = np.maximum(1 / (1.06 / odds), 1.02)
    fair = fair_probabilities(odds, Method.POWER)[0].tolist()
    candidate = make_candidate(odds=tuple(odds[0].tolist()), fair=tuple(fair))
    place = ["home", "draw", "away"].index(outcome)

    for side in (False, True):
        price = make_price(outcome=outcome, odds=1 / fair[place], is_lay=side)
        assert graded(price, candidate).fair == pytest.approx(0, abs=1e-9)


@given(
    st.lists(chances, min_size=3, max_size=3),
    st.sampled_from(
        [("draw_no_bet", "away"), ("double_chance", "1x"), ("double_chance", "12"), ("h2h", "draw")]
    ),
    st.floats(1.01, 30),
)
def test_backing_and_laying_one_price_are_worth_the_opposite(weights, selection, odds):
    fair = tuple(one / sum(weights) for one in weights)
    candidate = make_candidate(fair=fair)
    market, outcome = selection
    given_ = {"market": market, "outcome": outcome, "odds": odds}

    back = graded(make_price(**given_), candidate)
    lay = graded(make_price(**given_, is_lay=True), candidate)

    assert back.fair == pytest.approx(-lay.fair * (odds - 1), abs=1e-9)
    assert back.raw == pytest.approx(-lay.raw)


@given(st.lists(st.floats(1.05, 20), min_size=2, max_size=3), st.floats(0, 0.1))
def test_a_shared_stake_returns_the_same_whatever_happens(odds, commission):
    legs = [make_price(odds=one, commission=commission) for one in odds]

    returns = [
        share * leg.net_odds for share, leg in zip(arbitrage_shares(legs), legs, strict=True)
    ]

    assert max(returns) == pytest.approx(min(returns))
    assert Decimal(str(round(sum(arbitrage_shares(legs)), 9))) == 1
