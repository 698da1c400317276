"""Offers: which prices are believed, which is best, and whose opinion is whose."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from odds.fair_prices import CONSENSUS, NOBODY, mean_by_operator
from strategies.offers import (
    Offers,
    best_edges,
    best_offers,
    fair_elsewhere,
    fair_of,
    highest_offers,
    pick,
    quotes_of,
    sane,
    sane_odds,
    sharpest,
)
from strategies.predictions import MAXIMUM
from tests.betting.markets import BETFAIR, EVEN, FIVE_PERCENT, PINNACLE, Bookie
from tests.strategies.agents.boards import SOFT, make_snapshot, offer, random_snapshot


@pytest.mark.parametrize(
    ("bookie", "odds", "is_sane"),
    [
        (SOFT[0], (2.02, 2.02), True),  # 99.0 %
        (SOFT[0], (2.03, 2.03), False),  # 98.5 %
        (SOFT[0], (1.74, 1.74), True),  # 114.9 %
        (SOFT[0], (1.73, 1.73), False),  # 115.6 %
        (BETFAIR, (2.03, 2.03), True),
        (BETFAIR, (2.05, 2.05), False),  # 97.6 %
        (BETFAIR, (1.89, 1.89), True),  # 105.8 %
        (BETFAIR, (1.88, 1.88), False),  # 106.4 %
        (SOFT[0], (1.90, None), False),
    ],
)
def test_only_complete_quotes_of_a_sane_margin_are_believed(bookie, odds, is_sane):
    believed = sane_odds(make_snapshot([offer(bookie, *odds)]))

    assert np.isnan(believed).all() == (not is_sane)


def test_first_odds_are_believed_by_the_same_bounds():
    snapshot = make_snapshot(
        [offer(SOFT[0], 1.9, 1.9), offer(SOFT[1], 1.9, 1.9)], opened=[offer(SOFT[1], 1.2, 1.2)]
    )

    believed = sane(snapshot.opening, snapshot.board)

    assert np.isnan(believed[0, :, 0]).tolist() == [False, True]


def test_one_operators_sites_have_one_opinion():
    values = np.array([[[0.4, 0.6], [0.5, 0.5], [np.nan, 0.2], [np.nan, np.nan]]])
    panel = make_snapshot(
        [offer(Bookie(key=key, operator=of), 1.9, 1.9) for key, of in ("aq", "bq", "cr", "ds")]
    ).board.panel

    means = mean_by_operator(values, panel)

    expected = [[0.45, 0.55], [np.nan, 0.2], [np.nan, np.nan]]
    np.testing.assert_allclose(means[0], expected)


def test_the_sharpest_is_the_one_with_the_lowest_margin_in_each_group():
    other = Bookie(key="another", kind="sharp")
    snapshot = make_snapshot(
        [
            offer(PINNACLE, 1.95, 1.95, match=1),
            offer(other, 1.90, 1.90, match=1),
            offer(other, 1.90, 1.90, match=2),
            offer(SOFT[0], 2.00, 2.00, match=3),
        ]
    )

    column = sharpest(sane_odds(snapshot), snapshot.board)

    assert snapshot.board.panel.key[column[:2]].tolist() == ["pinnacle", "another"]
    assert column[2] == NOBODY
    quoted = quotes_of(snapshot.board.odds, column)
    np.testing.assert_array_equal(quoted[:, 0], [1.95, 1.90, np.nan])
    fair = fair_of(quoted, snapshot.board.is_three_way)
    np.testing.assert_allclose(fair[:, [0, 2]], [[0.5, 0.5], [0.5, 0.5], [np.nan, np.nan]])


def test_the_best_offer_is_the_highest_net_of_commission():
    snapshot = make_snapshot([offer(BETFAIR, 2.10, 1.95), offer(SOFT[0], 2.05, 1.80)])

    best = best_offers(snapshot, snapshot.board.odds)

    # 2.10 nets 2.045 and loses to 2.05; 1.95 nets 1.9025 and beats 1.80.
    assert snapshot.board.panel.key[best.column[0, [0, 2]]].tolist() == ["soft0", "betfair_ex_eu"]
    assert best.net[0, [0, 2]] == pytest.approx([2.05, 1.9025])
    assert best.odds[0, [0, 2]].tolist() == [2.05, 1.95]
    assert np.isnan(best.odds[0, 1])


def test_of_equal_prices_the_first_bookmaker_by_key_is_taken():
    snapshot = make_snapshot([offer(SOFT[1], 1.90, 1.90), offer(SOFT[0], 1.90, 1.90)])

    best = highest_offers(snapshot.board.odds, snapshot.board.panel)

    assert best.column[0, [0, 2]].tolist() == [0, 0]


def test_barred_bookmakers_are_left_out_and_a_stated_maximum_goes_before_all():
    group = (2, "h2h", 0.0)
    prices = [(SOFT[0], 1.90), (SOFT[1], 2.00)]
    offers = [offer(bookie, odds, 1.70, match=match) for match in (1, 2) for bookie, odds in prices]
    snapshot = make_snapshot(offers, maximum={group: (2.20, None, 1.75)})

    best = best_offers(snapshot, snapshot.board.odds, is_barred=np.array([[False, True]] * 2))

    assert best.odds[:, 0].tolist() == [1.90, 2.20]
    assert best.column[:, 0].tolist() == [0, MAXIMUM]


def test_the_consensus_a_price_is_held_against_leaves_its_operator_out():
    snapshot = make_snapshot([*EVEN, FIVE_PERCENT])
    board = snapshot.board

    fair = fair_elsewhere(board.odds, board.is_three_way, board.panel, minimum_operators=4)

    brave = board.panel.key.tolist().index("brave")
    assert fair[0, brave, [0, 2]] == pytest.approx([0.5, 0.5])
    too_few = fair_elsewhere(board.odds, board.is_three_way, board.panel, minimum_operators=5)
    assert np.isnan(too_few).all()


def test_each_price_has_the_edge_of_its_own_probability():
    odds = np.array([[[2.00, np.nan, 2.00], [1.95, np.nan, 1.95], [3.00, np.nan, 1.40]]])
    panel = make_snapshot([offer(bookie, 1.9, 1.9) for bookie in SOFT[:3]]).board.panel
    probability = np.array([[[0.50, np.nan, 0.50], [0.54, np.nan, 0.50], [0.50, np.nan, 0.50]]])

    chosen, offers = best_edges(probability, odds, panel, maximum_edge_pct=20.0)

    # Home: 0 %, 5.3 % and 50 %, which is above the maximum; away: 0 %, -2.5 % and -30 %.
    assert offers.column[0, [0, 2]].tolist() == [1, 0]
    assert offers.odds[0, [0, 2]].tolist() == [1.95, 2.00]
    assert chosen[0, [0, 2]].tolist() == [0.54, 0.50]
    assert np.isnan([chosen[0, 1], offers.odds[0, 1], offers.net[0, 1]]).all()


def test_in_each_group_the_greatest_edge_between_the_bounds_is_picked():
    nets = np.array([[2.10, 3.00, 4.00], [2.10, 3.00, 6.00], [2.00, 3.00, np.nan]])
    offers = Offers(odds=nets, net=nets, column=np.array([[7, 8, 9]] * 3))
    probability = np.array([[0.50, 0.36, 0.20]] * 3)

    made = pick(
        probability,
        offers,
        np.array([CONSENSUS, 4, 5]),
        minimum_edge_pct=2.0,
        maximum_edge_pct=10.0,
    )

    # Edges: 5 %, 8 %, -20 %; 5 %, 8 %, 20 % (an error); 0 %, 8 %, unknown.
    assert (made.group.tolist(), made.place.tolist()) == ([0, 1, 2], [1, 1, 1])
    assert made.edge == pytest.approx([0.08] * 3)
    assert made.column.tolist() == [8, 8, 8]
    assert made.source.tolist() == [CONSENSUS, 4, 5]


@given(seed=st.integers(0, 10**6))
def test_no_bookmaker_offers_more_than_the_best(seed):
    snapshot = random_snapshot(seed, groups=8, bookmakers=5)
    panel = snapshot.board.panel

    best = highest_offers(snapshot.board.odds, panel)

    for group, place in np.ndindex(8, 3):
        offered = [
            1 + (odds - 1) * (1 - commission)
            for odds, commission in zip(
                snapshot.board.odds[group, :, place], panel.commission, strict=True
            )
            if not np.isnan(odds)
        ]
        expected = max(offered, default=np.nan)
        assert best.net[group, place] == pytest.approx(expected, nan_ok=True)


def test_without_bookmakers_there_is_no_best_price():
    snapshot = random_snapshot(1, groups=2, bookmakers=0)

    best = highest_offers(snapshot.board.odds, snapshot.board.panel)

    assert np.isnan(best.odds).all()
