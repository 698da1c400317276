"""Arbitrage Finder, by hand and by staking what it says."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from odds.fair_prices import NOBODY
from strategies.agents.arbitrage_finder import Parameters, predict
from strategies.predictions import EVERY, NO_LEG
from tests.betting.markets import BETFAIR
from tests.strategies.agents.boards import SOFT, make_snapshot, offer, random_snapshot

ONE, TWO, THREE = SOFT[:3]
TWO_WAYS = [offer(ONE, 2.10, 1.80), offer(TWO, 1.80, 2.10)]


def test_two_prices_that_cost_less_than_they_pay_are_taken_together():
    made = predict(make_snapshot(TWO_WAYS), Parameters())

    # 1 / 2.10 + 1 / 2.10 = 0.95238, and 1 / 0.95238 = 1.05.
    assert made.place.tolist() == [EVERY]
    assert made.odds[0] == made.net_odds[0] == pytest.approx(1.05)
    assert (made.probability.tolist(), made.source.tolist()) == ([1.0], [NOBODY])
    assert made.edge[0] == pytest.approx(0.05)
    assert made.legs.tolist() == [[0, NO_LEG, 1]]
    assert made.column.tolist() == [0]


def test_three_outcomes_need_three_prices():
    offers = [
        offer(ONE, 3.20, 3.30, 2.40),
        offer(TWO, 2.45, 3.75, 2.80),
        offer(THREE, 2.50, 3.30, 3.00),
    ]

    made = predict(make_snapshot(offers), Parameters())

    cost = Fraction(5, 16) + Fraction(4, 15) + Fraction(1, 3)  # 0.9125
    assert made.odds[0] == pytest.approx(float(1 / cost))
    assert made.legs.tolist() == [[0, 1, 2]]
    assert len(predict(make_snapshot(TWO_WAYS, has_draws=True), Parameters())) == 0


def test_commission_is_paid_out_of_the_profit():
    offers = [offer(BETFAIR, 2.10, 1.95), offer(ONE, 1.85, 2.00)]

    made = predict(make_snapshot(offers), Parameters())

    # Net of 5 % the exchange pays 2.045: 1 / (1 / 2.045 + 1 / 2.00) = 1.01112.
    assert made.odds[0] == pytest.approx(1 / (1 / 2.045 + 1 / 2.00))


@pytest.mark.parametrize("odds", [(3.0, 1.5), (1.1, 11.0), (1.5, 4.2, 10.5), (1.5, 6.0, 6.0)])
def test_prices_that_cost_what_they_pay_bring_nothing(odds):
    # 2/3 + 5/21 + 2/21 is 1, but in floats a little less.
    assert len(predict(make_snapshot([offer(ONE, *odds)]), Parameters())) == 0


def test_a_profit_must_be_above_the_minimum_and_not_above_the_maximum():
    snapshot = make_snapshot(TWO_WAYS)

    assert len(predict(snapshot, Parameters(minimum_profit_pct=4.9))) == 1
    assert len(predict(snapshot, Parameters(minimum_profit_pct=5.1))) == 0
    assert len(predict(snapshot, Parameters(maximum_profit_pct=4.9))) == 0


def test_a_quote_with_a_wild_margin_is_no_leg():
    wild = offer(TWO, 1.20, 2.10)  # 1/1.20 + 1/2.10 = 131 %

    assert len(predict(make_snapshot([TWO_WAYS[0], wild]), Parameters())) == 0


def test_a_stated_maximum_is_nobodys_price():
    stated = {(1, "h2h", 0.0): (2.40, None, 2.40)}

    assert len(predict(make_snapshot(TWO_WAYS[:1], maximum=stated), Parameters())) == 0


@settings(max_examples=25)
@given(seed=st.integers(0, 10**6))
def test_stakes_in_proportion_return_the_same_whatever_happens(seed):
    snapshot = random_snapshot(seed, groups=30, bookmakers=6)
    board = snapshot.board

    made = predict(snapshot, Parameters())

    for group, legs, returned in zip(made.group, made.legs, made.odds, strict=True):
        places = np.flatnonzero(legs != NO_LEG)
        commission = board.panel.commission[legs[places]]
        net = 1 + (board.odds[group, legs[places], places] - 1) * (1 - commission)
        stakes = (1 / net) / (1 / net).sum()
        assert stakes.sum() == pytest.approx(1)
        assert (stakes * net).tolist() == pytest.approx([returned] * len(places))
        assert returned > 1
