"""Spread Optimizer: a spread chooses where to look, the consensus of the others judges."""

import pytest
from scipy.optimize import brentq

from odds.fair_prices import CONSENSUS
from strategies.agents.spread_optimizer import Parameters, predict
from strategies.predictions import AVERAGE, MAXIMUM
from tests.betting.markets import BETFAIR, BRAVE, FIVE_PERCENT
from tests.strategies.agents.boards import SOFT, make_snapshot, offer

EVEN = [offer(bookie, 1.90, 1.90) for bookie in SOFT[:4]]
GROUP = (1, "h2h", 0.0)


def test_the_best_price_is_held_against_the_consensus_of_the_others():
    snapshot = make_snapshot([*EVEN, FIVE_PERCENT])

    made = predict(snapshot, Parameters())

    # Four others hold 1/2 to be fair: 2.10 / 2 - 1 = 5 %; the spread is 2.10 / 1.90 - 1 = 10.5 %.
    assert (made.place.tolist(), snapshot.board.panel.key[made.column].tolist()) == ([0], ["brave"])
    assert made.probability[0] == pytest.approx(0.5)
    assert made.edge[0] == pytest.approx(0.05)
    assert made.source.tolist() == [CONSENSUS]


def test_a_price_is_no_part_of_what_it_is_held_against():
    assert len(predict(make_snapshot([*EVEN[:3], FIVE_PERCENT]), Parameters())) == 0
    assert len(predict(make_snapshot([*EVEN, FIVE_PERCENT]), Parameters())) == 1


def test_a_wide_spread_alone_is_worth_nothing():
    low = offer(BRAVE, 1.70, 1.95)  # the spread over home is 1.90 / 1.70 - 1 = 11.8 %

    made = predict(make_snapshot([*EVEN, low]), Parameters(minimum_edge_pct=0.0))

    assert len(made) == 0  # 1.90 and 1.95 at 1/2 lose


def test_the_probability_does_not_rise_with_the_spread():
    narrow, wide = (
        predict(make_snapshot([*EVEN, offer(BRAVE, best, 1.75)]), Parameters())
        for best in (2.10, 2.30)
    )

    assert narrow.probability[0] == pytest.approx(wide.probability[0])


def test_an_exchange_does_not_widen_the_spread():
    offers = [*EVEN, offer(SOFT[4], 1.90, 1.90), offer(BETFAIR, 2.15, 1.85)]

    # Net of 5 % the exchange pays 2.0925, an edge of 4.6 %, but bookmakers agree.
    assert len(predict(make_snapshot(offers), Parameters())) == 0
    made = predict(make_snapshot(offers), Parameters(minimum_spread_pct=0.0))
    assert made.net_odds[0] == pytest.approx(2.0925)


@pytest.mark.parametrize(("best", "count"), [(2.04, 1), (2.03, 0)])
def test_a_spread_of_two_percent_is_enough_and_less_is_not(best, count):
    fair = [offer(bookie, 2.00, 2.00) for bookie in SOFT[:4]]
    snapshot = make_snapshot([*fair, offer(BRAVE, best, 1.90)])

    made = predict(snapshot, Parameters(minimum_edge_pct=1.0))

    assert len(made) == count  # (2.04 - 2.00) / 2.00 is 2 %, and 2.04 / 2 - 1 as well


def test_an_error_is_passed_over_for_the_next_price():
    error = offer(SOFT[5], 2.60, 1.60)  # 30 % at 1/2

    made = predict(make_snapshot([*EVEN, FIVE_PERCENT, error]), Parameters())

    assert made.odds.tolist() == [2.10]


def test_a_stated_maximum_is_held_against_the_stated_average():
    average = (2.00, 3.50, 4.00)
    snapshot = make_snapshot(
        [offer(SOFT[0], 1.95, 3.40, 3.80)],
        maximum={GROUP: (2.20, 3.60, 4.10)},
        average={GROUP: average},
    )

    made = predict(snapshot, Parameters())

    power = brentq(lambda k: sum(o**-k for o in average) - 1, 1, 2, xtol=1e-14)
    assert (made.place.tolist(), made.column.tolist()) == ([0], [MAXIMUM])
    assert made.probability[0] == pytest.approx(2.00**-power)
    assert made.edge[0] == pytest.approx(2.00**-power * 2.20 - 1)
    assert made.source.tolist() == [AVERAGE]


def test_with_stated_odds_the_lowest_on_the_board_makes_the_spread():
    stated = {"maximum": {GROUP: (2.10, None, 1.98)}, "average": {GROUP: (2.06, None, 1.96)}}
    lone, low = (make_snapshot([offer(SOFT[0], odds, 1.90)], **stated) for odds in (2.06, 1.95))
    parameters = Parameters(minimum_spread_pct=5.0, minimum_edge_pct=0.0)

    # 2.10 / 2.06 - 1 is 1.9 %, 2.10 / 1.95 - 1 is 7.7 %; the edge is the same in both.
    assert len(predict(lone, parameters)) == 0
    assert len(predict(low, parameters)) == 1


@pytest.mark.parametrize(
    ("limits", "count"),
    [
        ({"minimum_odds": 2.10}, 1),
        ({"minimum_odds": 2.11}, 0),
        ({"maximum_odds": 2.10}, 1),
        ({"maximum_odds": 2.09}, 0),
    ],
)
def test_a_price_outside_the_odds_asked_for_is_passed_over(limits, count):
    snapshot = make_snapshot([*EVEN, FIVE_PERCENT])  # the best price is 2.10

    assert len(predict(snapshot, Parameters(**limits))) == count
