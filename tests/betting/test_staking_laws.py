"""Laws of staking, and optima found a second way: by their conditions, and by trying."""

from decimal import Decimal
from fractions import Fraction
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from betting.bankroll.arbitrage import arbitrage_stakes
from betting.bankroll.staking import (
    kelly,
    kelly_exclusive,
    kelly_simultaneous,
    suggest,
)
from betting.bets.rules import to_cents
from tests.betting.stakes import growth_of_exclusive, growth_of_independent, make_limits

pytestmark = pytest.mark.filterwarnings("error")

D = Decimal
probabilities = st.floats(0, 1)
odds = st.floats(1.001, 1000)
shares = st.integers(0, 1000).map(lambda parts: parts / 1000)
money = st.decimals("-50", "20000", places=2)
steps = st.sampled_from([D("0.01"), D("0.10"), D("0.50"), D(1), D(5), D(20)])


@st.composite
def markets(draw, smallest: int = 1) -> tuple[np.ndarray, np.ndarray]:
    """Beliefs on up to five exclusive outcomes, and odds around them, good and bad."""
    weights = draw(st.lists(st.floats(0.02, 1), min_size=smallest, max_size=5))
    missing = draw(st.sampled_from([0.0, 0.0, 0.3]))
    p = np.array(weights) / (sum(weights) + missing)
    bargains = draw(st.lists(st.floats(0.6, 1.5), min_size=len(p), max_size=len(p)))
    return p, np.maximum(np.array(bargains) / p, 1.01)


@given(probability=probabilities, price=odds)
def test_kelly_never_exceeds_the_probability(probability, price):
    assert 0 <= kelly(probability, price) <= probability


@given(one=probabilities, other=probabilities, price=odds)
def test_kelly_rises_with_the_probability(one, other, price):
    low, high = sorted([one, other])

    assert kelly(low, price) <= kelly(high, price)


@given(probability=probabilities, one=odds, other=odds)
def test_kelly_rises_with_the_odds(probability, one, other):
    low, high = sorted([one, other])

    assert kelly(probability, low) <= kelly(probability, high)


@given(probability=probabilities, price=st.floats(1.01, 100))
def test_kelly_stakes_exactly_where_there_is_an_edge(probability, price):
    edge = probability * price - 1

    if abs(edge) > 1e-9:
        assert (kelly(probability, price) > 0) == (edge > 0)


@given(probability=st.floats(0.02, 0.98), price=st.floats(1.02, 50))
def test_nothing_near_the_kelly_stake_grows_faster(probability, price):
    best = kelly(probability, price)
    growth = growth_of_independent([best], [probability], [price])

    for step in (-0.01, -0.001, 0.001, 0.01):
        if 0 <= best + step < 1:
            other = growth_of_independent([best + step], [probability], [price])
            assert other <= growth + 1e-12


@given(market=markets())
def test_exclusive_stakes_satisfy_the_conditions_of_the_optimum(market):
    """Growth is concave, so it is greatest where no stake gains by growing, nor used by shrinking.

    A unit moved onto outcome k costs one over wealth in every result, and brings odds over
    wealth in its own. Where all is staked, some result has no wealth and the rest share one price.
    """
    p, price = market
    fractions = kelly_exclusive(p, price)
    kept = 1 - fractions.sum()
    assert kept >= -1e-9
    assert (fractions >= 0).all()

    if kept < 1e-9:
        # All is staked only when every result is covered: then stakes are the beliefs.
        np.testing.assert_allclose(fractions, p, atol=1e-8)
        assert (1 / price).sum() <= 1 + 1e-9
        return
    wealth = kept + fractions * price
    cost = (p / wealth).sum() + max(1 - p.sum(), 0) / kept
    gain = p * price / wealth
    assert (gain <= cost * (1 + 1e-7)).all()
    assert gain[fractions > 1e-9] == pytest.approx(cost, rel=1e-6)


@given(market=markets(smallest=2), luck=st.randoms(use_true_random=False))
def test_no_other_split_grows_faster_than_the_exclusive_one(market, luck):
    p, price = market
    best = growth_of_exclusive(kelly_exclusive(p, price), p, price)

    for _try in range(20):
        other = np.array([luck.random() ** 3 + 1e-6 for _one in p])
        other *= luck.random() / other.sum()
        assert growth_of_exclusive(other, p, price) <= best + 1e-9


def test_a_grid_finds_the_exclusive_optimum():
    p, price = np.array([0.5, 0.3, 0.2]), np.array([2.3, 3.6, 4.0])
    grid = np.arange(0, 101) / 200
    tried = [split for split in product(grid, repeat=3) if sum(split) < 1]
    split = np.array(tried)
    kept = 1 - split.sum(axis=1, keepdims=True)
    found = split[(np.log(kept + split * price) @ p).argmax()]

    np.testing.assert_allclose(kelly_exclusive(p, price), found, atol=0.005)


@given(market=markets(), order=st.randoms(use_true_random=False))
def test_the_order_of_outcomes_changes_nothing(market, order):
    p, price = market
    places = list(range(len(p)))
    order.shuffle(places)

    shuffled = kelly_exclusive(p[places], price[places])

    np.testing.assert_allclose(shuffled, kelly_exclusive(p, price)[places], atol=1e-9)


@given(probability=st.floats(0, 1), price=st.floats(1.01, 100))
def test_one_exclusive_outcome_is_a_single_bet(probability, price):
    alone = kelly_exclusive(np.array([probability]), np.array([price]))

    assert alone == pytest.approx(kelly(probability, price), abs=1e-9)


bets = st.lists(
    st.tuples(st.floats(0.02, 0.98), st.floats(0.5, 1.6)).map(
        lambda bet: (bet[0], max(bet[1] / bet[0], 1.01))
    ),
    min_size=1,
    max_size=7,
)


@given(bets=bets, fraction=st.floats(0, 1), cap=st.floats(0.001, 1))
def test_simultaneous_stakes_keep_the_cap_and_their_proportions(bets, fraction, cap):
    p, price = np.array(bets).T

    stakes = kelly_simultaneous(p, price, fraction=fraction, cap_day=cap)

    singles = fraction * kelly(p, price)
    assert stakes.sum() <= cap * (1 + 1e-12)
    assert (stakes <= singles * (1 + 1e-12)).all()
    np.testing.assert_allclose(stakes * singles.sum(), singles * stakes.sum(), atol=1e-12)


@given(bets=bets, fraction=st.floats(0, 0.5), cap=st.floats(0, 0.5))
def test_simultaneous_stakes_never_grow_slower_than_no_bets(bets, fraction, cap):
    """Up to half of Kelly, and half of the bankroll a day."""
    p, price = np.array(bets).T

    stakes = kelly_simultaneous(p, price, fraction=fraction, cap_day=cap)

    assert growth_of_independent(stakes, p, price) >= -1e-12


limits = st.builds(
    make_limits,
    kelly_fraction=shares,
    cap_bet=shares,
    cap_match=shares,
    cap_day=shares,
    step=steps,
    minimum=st.decimals("0", "50", places=2),
)
situations = st.fixed_dictionaries(
    {
        "odds": st.floats(1.001, 100),
        "bankroll": money,
        "available": money,
        "on_match": st.decimals("0", "2000", places=2),
        "on_day": st.decimals("0", "5000", places=2),
        "limits": limits,
    }
)


@settings(max_examples=500)
@given(probability=probabilities, situation=situations)
def test_no_stake_is_above_any_limit(probability, situation):
    bounds, bankroll = situation["limits"], situation["bankroll"]

    suggested = suggest(probability=probability, **situation)

    stake = suggested.stake
    assert stake >= 0
    if stake:
        assert stake <= situation["available"]
        assert stake <= D(str(bounds.cap_bet)) * bankroll
        assert stake + situation["on_match"] <= D(str(bounds.cap_match)) * bankroll
        assert stake + situation["on_day"] <= D(str(bounds.cap_day)) * bankroll
        share = bounds.kelly_fraction * suggested.full_kelly
        assert stake <= D(share) * bankroll + D("1e-6")
        assert stake >= bounds.minimum
        assert stake % bounds.step == 0
        assert stake.as_tuple().exponent == -2
    assert suggested.fraction_of_bankroll == (float(stake / bankroll) if stake else 0)


@settings(max_examples=500)
@given(probability=probabilities, situation=situations)
def test_a_suggestion_says_why_it_is_not_more(probability, situation):
    bounds, bankroll = situation["limits"], situation["bankroll"]

    suggested = suggest(probability=probability, **situation)

    wish = D(bounds.kelly_fraction * suggested.full_kelly) * bankroll
    if suggested.limited_by == "":
        assert wish - bounds.step - D("1e-6") <= suggested.stake <= wish + D("1e-6")
    elif suggested.limited_by == "no_edge":
        assert suggested.full_kelly == 0
    elif suggested.limited_by == "minimum":
        assert suggested.stake == 0
        assert wish < max(bounds.minimum, bounds.step) + bounds.step
    else:
        room = {
            "available": situation["available"],
            "bet": D(str(bounds.cap_bet)) * bankroll,
            "match": D(str(bounds.cap_match)) * bankroll - situation["on_match"],
            "day": D(str(bounds.cap_day)) * bankroll - situation["on_day"],
        }
        assert room[suggested.limited_by] == min(room.values())
        assert suggested.stake <= max(room[suggested.limited_by], 0)


@given(one=probabilities, other=probabilities, situation=situations)
def test_a_stake_never_falls_as_the_probability_rises(one, other, situation):
    low, high = (suggest(probability=p, **situation).stake for p in sorted([one, other]))

    assert low <= high


prices = st.decimals("1.02", "60", places=2)
arbitrages = st.fixed_dictionaries(
    {
        "odds": st.lists(prices, min_size=2, max_size=3),
        "total": st.decimals("10", "3000", places=2),
        "step": steps,
    }
)
rates = st.decimals("0", "0.08", places=3)


@given(given=arbitrages, first=rates, second=rates)
def test_rounded_stakes_keep_the_total_and_cost_little(given, first, second):
    price, total, step = given["odds"], given["total"], given["step"]
    taken = [first, second, D(0)][: len(price)]

    legs = arbitrage_stakes(price, total=total, step=step, commissions=taken)

    net = [1 + (1 - rate) * (one - 1) for one, rate in zip(price, taken, strict=True)]
    assert legs.staked <= total
    assert all(stake >= 0 and stake % step == 0 for stake in legs.stakes)
    assert legs.worst <= max(total * (1 / legs.implied - 1), 0) + D("0.02")
    for stake, one in zip(legs.stakes, net, strict=True):
        assert abs(stake - total / (one * legs.implied)) <= step
    assert legs.worst <= legs.best


@given(given=arbitrages)
def test_no_other_rounding_has_a_better_worst_case(given):
    price, total, step = given["odds"], given["total"], given["step"]
    implied = sum(1 / Fraction(one) for one in price)
    ideal = [Fraction(total) / (Fraction(one) * implied) for one in price]
    lowest = [int(stake / Fraction(step)) * step for stake in ideal]
    worst_cases = [
        min(to_cents(stake * one) for stake, one in zip(stakes, price, strict=True)) - sum(stakes)
        for added in product(range(4), repeat=len(price))
        if sum(stakes := [low + more * step for low, more in zip(lowest, added, strict=True)])
        <= total
    ]

    legs = arbitrage_stakes(price, total=total, step=step)

    assert legs.worst >= max(worst_cases)
