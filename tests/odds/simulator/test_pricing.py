"""Margins, ladders and lines."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from odds.simulator.bookmakers import BOOKMAKERS
from odds.simulator.ladders import EXCHANGE, LADDERS, at_least, nearest
from odds.simulator.pricing import Pricing, odds_ratio_prices, power_prices
from odds.simulator.scores import score_law
from odds.simulator.sports import SOCCER_EPL

weights = st.lists(st.floats(0.001, 1), min_size=2, max_size=3)
overrounds = st.floats(1.001, 1.2)


def fair_from(parts):
    return np.array([parts]) / sum(parts)


@given(weights, overrounds)
def test_power_prices_reach_the_overround_and_are_powers_of_the_fair_ones(parts, overround):
    fair = fair_from(parts)

    implied = power_prices(fair, np.array([overround]))

    exponents = np.log(implied) / np.log(fair)
    assert implied.sum() == pytest.approx(overround)
    assert exponents == pytest.approx(np.full_like(exponents, exponents[0, 0]))


@given(weights, overrounds)
def test_odds_ratio_prices_reach_the_overround_and_keep_one_odds_ratio(parts, overround):
    fair = fair_from(parts)

    implied = odds_ratio_prices(fair, np.array([overround]))

    ratio = implied / (1 - implied) * (1 - fair) / fair
    assert implied.sum() == pytest.approx(overround)
    assert ratio == pytest.approx(np.full_like(ratio, ratio[0, 0]))


@pytest.mark.parametrize("shade", [power_prices, odds_ratio_prices])
def test_longshots_carry_more_than_their_share_of_the_margin(shade):
    fair = np.array([[0.70, 0.20, 0.10]])

    devigged = shade(fair, np.array([1.08])) / 1.08

    assert devigged[0, 0] < 0.70
    assert devigged[0, 2] > 0.10


@given(st.sampled_from(sorted(LADDERS)), st.floats(1.0, 1000))
def test_no_price_of_a_ladder_is_nearer_than_the_nearest(name, odds):
    ladder = LADDERS[name]

    shown = nearest(ladder, np.array([odds]))[0]

    assert shown in ladder
    assert abs(shown - odds) <= np.abs(ladder - odds).min() + 1e-9


@pytest.mark.parametrize(
    ("price", "following"),
    # Betfair's table of price increments, at its corners.
    [(1.01, 1.02), (2.0, 2.02), (3.0, 3.05), (4.0, 4.1), (6.0, 6.2), (10.0, 10.5), (20.0, 21.0),
     (30.0, 32.0), (50.0, 55.0), (100.0, 110.0), (990.0, 1000.0)],
)  # fmt: skip
def test_an_exchange_moves_in_betfairs_increments(price, following):
    position = EXCHANGE.tolist().index(price)

    assert EXCHANGE[position + 1] == following


def test_ladders_ascend_within_what_a_bookmaker_can_pay():
    for ladder in LADDERS.values():
        assert np.all(np.diff(ladder) > 0)
        assert ladder[0] == 1.01
        assert ladder[-1] <= 1000


@given(st.floats(1.01, 900), st.floats(1.01, 900))
def test_a_lay_price_stays_above_the_back_price(odds, back):
    shown = nearest(EXCHANGE, np.array([back]))

    assert at_least(EXCHANGE, np.array([odds]), beyond=shown)[0] > shown[0]


def test_each_book_takes_its_margin_before_rounding():
    pricing = Pricing(BOOKMAKERS)
    fair = np.random.default_rng(5).dirichlet([4, 3, 3], 400)
    sums = np.array([
        (1 / pricing.back(np.tile(row, (len(BOOKMAKERS), 1)))).sum(axis=1)
        for row in fair
        if row.min() > 0.05
    ])  # fmt: skip

    for book, mean in zip(BOOKMAKERS, sums.mean(axis=0), strict=True):
        assert mean - 1 == pytest.approx(book.margin, abs=0.004), book.key


def test_a_market_with_a_near_certain_outcome_is_suspended():
    pricing = Pricing(BOOKMAKERS[:2])

    odds = pricing.back(np.array([[0.999, 0.0007, 0.0003], [0.5, 0.3, 0.2]]))

    assert np.isnan(odds[0]).all()
    assert not np.isnan(odds[1]).any()


def test_a_line_is_the_offered_one_nearest_to_an_even_bet():
    pricing = Pricing(BOOKMAKERS)
    rows = len(BOOKMAKERS)
    law = score_law(SOCCER_EPL, np.tile([1.7, 1.2], (rows, 1)), np.zeros((rows, 2)))

    lines, over = pricing.lines(law.total, np.full(rows, 2.9), 3)

    for book, line, chance in zip(BOOKMAKERS, lines, over, strict=True):
        start = 0.5 if book.lines == 1 else 0.0
        offered = np.arange(start, 6.01, book.lines)
        chances = [law.total.chances(float(other))[0].fair_probability for other in offered]
        assert line in offered
        assert abs(chance - 0.5) == pytest.approx(np.abs(np.array(chances) - 0.5).min())
