"""Whose probabilities a price is held against: worked examples, and medians by a second method."""

from statistics import median

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from odds.devig import Method
from odds.fair_prices import (
    CONSENSUS,
    NOBODY,
    Panel,
    References,
    consensus_without_each,
    fair_by_bookmaker,
    net_odds,
    overrounds,
    references,
)

pytestmark = pytest.mark.filterwarnings("error")

NAN = np.nan
SHARP, EXCHANGE, SOFT = "sharp", "exchange", "soft"
TWO_WAY = np.array([False])


def panel_of(*bookmakers: tuple[str, int], commission: float = 0.0) -> Panel:
    """Bookmakers by kind and number of their operator; exchanges take the commission."""
    kinds = np.array([kind for kind, _operator in bookmakers])
    return Panel(
        key=np.array([f"bookmaker{column}" for column in range(len(bookmakers))]),
        operator=np.array([operator for _kind, operator in bookmakers]),
        is_exchange=kinds == EXCHANGE,
        is_sharp=kinds == SHARP,
        is_playable=np.zeros(len(bookmakers), dtype=np.bool_),
        commission=np.where(kinds == EXCHANGE, commission, 0.0),
    )


def even(*home: float) -> np.ndarray:
    """One group without draw: fair probabilities of the home side, one for each bookmaker."""
    shares = np.array(home)
    return np.stack([shares, np.full(len(shares), NAN), 1 - shares], axis=1)[None]


def refer(fair: np.ndarray, panel: Panel, overround=None, minimum: int = 4) -> References:
    """References of one group, margins being equal unless given."""
    margins = np.full(fair.shape[:2], 1.05) if overround is None else np.array([overround])
    return references(fair, margins, panel, minimum_operators=minimum)


def test_commission_is_taken_from_the_winnings_and_not_from_the_stake():
    odds = np.array([[3.0, 1.5, NAN]])

    net = net_odds(odds, np.array([0.05]))

    assert_allclose(net, [[2.9, 1.475, NAN]])


def test_pinnacle_example_of_the_contract():
    odds = np.array([[[2.10, 3.50, 3.60]]])
    panel, three_way = panel_of((SHARP, 0)), np.array([True])

    fair = fair_by_bookmaker(odds, three_way, panel, Method.MULTIPLICATIVE)

    assert_allclose(overrounds(odds, three_way), [[1.039683]], atol=5e-7)
    assert_allclose(fair, [[[0.458015, 0.274809, 0.267176]]], atol=5e-7)


def test_an_exchange_is_read_before_commission_and_always_multiplicatively():
    """4.00 and 1.25 are 5 : 16 against each other; the commission is no part of an opinion."""
    odds = np.array([[[4.0, NAN, 1.25], [4.0, NAN, 1.25]]])
    panel = panel_of((EXCHANGE, 0), (SOFT, 1), commission=0.05)

    fair = fair_by_bookmaker(odds, TWO_WAY, panel, Method.POWER)

    assert_allclose(fair[0, 0], [5 / 21, NAN, 16 / 21])
    assert fair[0, 1, 0] < 5 / 21  # by the power method a longshot bears more of the margin


def test_groups_of_two_and_of_three_outcomes_stand_side_by_side():
    odds = np.array([[[2.0, NAN, 2.0]], [[3.0, 3.0, 3.0]], [[2.0, NAN, 2.0]]])
    three_way = np.array([False, True, True])

    fair = fair_by_bookmaker(odds, three_way, panel_of((SOFT, 0)), Method.POWER)

    assert_allclose(fair[:, 0], [[0.5, NAN, 0.5], [1 / 3] * 3, [NAN] * 3])
    assert_allclose(overrounds(odds, three_way)[:, 0], [1, 1, NAN])


def test_the_sharp_bookmaker_comes_before_the_exchange_and_both_before_a_consensus():
    soft = [(SOFT, operator) for operator in range(2, 7)]
    fair = even(0.50, 0.52, *[0.60] * 5)

    chain = [
        refer(values, panel_of((SHARP, 0), (EXCHANGE, 1), *soft))
        for values in (fair, even(NAN, 0.52, *[0.60] * 5), even(NAN, NAN, *[0.60] * 5))
    ]

    assert [int(found.source[0, 6]) for found in chain] == [0, 1, CONSENSUS]
    assert [float(found.fair[0, 6, 0]) for found in chain] == pytest.approx([0.50, 0.52, 0.60])


def test_nobody_is_held_against_prices_of_its_own_operator():
    soft = [(SOFT, operator) for operator in range(2, 6)]
    panel = panel_of((SHARP, 0), (EXCHANGE, 1), *soft)

    found = refer(even(0.50, 0.52, *[0.60] * 4), panel)

    assert_array_equal(found.source[0], [1, 0, 0, 0, 0, 0])
    assert_allclose(found.fair[0, :2, 0], [0.52, 0.50])


def test_a_sportsbook_of_the_exchange_is_not_held_against_the_exchange():
    panel = panel_of((EXCHANGE, 0), (SOFT, 0), (EXCHANGE, 1))

    found = refer(even(0.52, 0.60, 0.55), panel, overround=[1.001, 1.05, 1.02])

    assert_array_equal(found.source[0], [2, 0])  # one entry for each operator


def test_of_two_exchanges_the_one_with_the_lower_overround_is_referred_to():
    panel = panel_of((EXCHANGE, 0), (EXCHANGE, 1), (SOFT, 2))

    lower = refer(even(0.50, 0.52, 0.6), panel, overround=[1.02, 1.01, 1.05])
    equal = refer(even(0.50, 0.52, 0.6), panel, overround=[1.01, 1.01, 1.05])

    assert (lower.source[0, 2], equal.source[0, 2]) == (1, 0)


@pytest.mark.parametrize(("minimum", "source"), [(3, CONSENSUS), (4, NOBODY)])
def test_a_consensus_needs_enough_other_operators(minimum, source):
    panel = panel_of(*((SOFT, operator) for operator in range(4)))

    found = refer(even(0.5, 0.5, 0.5, 0.5), panel, minimum=minimum)

    assert_array_equal(found.source[0], [source] * 4)
    assert np.isnan(found.fair[0, :, 0]).all() == (source == NOBODY)


def test_skins_of_one_operator_are_one_opinion_in_a_consensus():
    """Four skins at .70 do not outvote .50, .52 and .54; their mean is one of four values."""
    panel = panel_of((SOFT, 0), (SOFT, 1), (SOFT, 2), *[(SOFT, 3)] * 4, (SOFT, 4))
    fair = even(0.50, 0.52, 0.54, 0.68, 0.70, 0.70, 0.72, 0.60)

    found = consensus_without_each(fair, panel, minimum_operators=4)

    home, away = (0.52 + 0.54) / 2, (0.48 + 0.46) / 2
    assert_allclose(found[0, 4], [home, NAN, away])


def test_a_consensus_leaves_out_every_skin_of_who_offers_the_price():
    panel = panel_of((SOFT, 0), (SOFT, 0), (SOFT, 1), (SOFT, 2), (SOFT, 3))

    found = consensus_without_each(even(0.9, 0.8, 0.5, 0.5, 0.5), panel, minimum_operators=3)

    assert_allclose(found[0, 0], [0.5, NAN, 0.5])


def test_one_absurd_opinion_hardly_moves_a_consensus():
    panel = panel_of(*((SOFT, operator) for operator in range(6)))

    found = consensus_without_each(
        even(0.5, 0.51, 0.49, 0.5, 0.99, 0.6), panel, minimum_operators=4
    )

    assert found[0, 5, 0] == pytest.approx(0.5)


def test_the_medians_of_a_consensus_are_scaled_to_sum_to_1():
    panel = panel_of(*((SOFT, operator) for operator in range(4)))
    fair = np.array([[[0.5, 0.3, 0.2], [0.3, 0.5, 0.2], [0.2, 0.3, 0.5], [0.4, 0.4, 0.2]]])

    found = consensus_without_each(fair, panel, minimum_operators=3)

    assert_allclose(found[0, 3], np.array([0.3, 0.3, 0.2]) / 0.8)


@given(
    st.lists(
        st.lists(st.floats(0.05, 0.95) | st.none(), min_size=7, max_size=7), min_size=1, max_size=4
    )
)
def test_leaving_one_out_agrees_with_the_median_of_the_others(shares):
    """Beside statistics.median, group by group and operator by operator."""
    table = np.concatenate(
        [even(*(NAN if share is None else share for share in group)) for group in shares]
    )
    panel = panel_of(*((SOFT, operator) for operator in range(7)))

    found = consensus_without_each(table, panel, minimum_operators=2)

    for group, row in zip(shares, found, strict=True):
        for left_out in range(7):
            others = [s for n, s in enumerate(group) if n != left_out and s is not None]
            if len(others) < 2:
                assert np.isnan(row[left_out]).all()
                continue
            home, away = median(others), median([1 - share for share in others])
            assert_allclose(row[left_out, [0, 2]], np.array([home, away]) / (home + away))


@given(
    odds=st.lists(st.floats(1.5, 4.0), min_size=3, max_size=3),
    margin=st.floats(0.9, 1.1),
)
def test_a_uniform_margin_leaves_multiplicative_probabilities_as_they_are(odds, margin):
    panel, three_way = panel_of((SOFT, 0)), np.array([True])
    quoted = np.array([[odds]])

    before, after = (
        fair_by_bookmaker(values, three_way, panel, Method.MULTIPLICATIVE)
        for values in (quoted, quoted * margin)
    )

    assert_allclose(before, after)


def test_a_board_without_sharp_exchange_or_quotes_refers_to_nobody():
    panel = panel_of((SOFT, 0), (SOFT, 1))

    found = refer(even(NAN, NAN), panel)

    assert_array_equal(found.source, [[NOBODY, NOBODY]])
    assert np.isnan(found.fair).all()
