"""Sharp Reference, by hand and against a root found by another method."""

import pytest
from scipy.optimize import brentq

from strategies.agents.sharp_reference import Parameters, predict
from strategies.predictions import MAXIMUM
from tests.betting.markets import BETFAIR, BRAVE, EVEN, FIVE_PERCENT, PINNACLE, SOFT, Bookie, offer
from tests.strategies.agents.boards import make_snapshot


def test_a_price_above_the_sharp_fair_one_is_taken():
    snapshot = make_snapshot([*EVEN, FIVE_PERCENT])

    made = predict(snapshot, Parameters())

    # Pinnacle's 1.95 on both sides is 1/2 each: 2.10 / 2 - 1 = 5 %, and Kelly is 0.05 / 1.10.
    keys = snapshot.board.panel.key
    assert (made.place.tolist(), keys[made.column].tolist()) == ([0], ["brave"])
    assert (made.odds[0], made.net_odds[0]) == (2.10, 2.10)
    assert made.probability[0] == pytest.approx(0.5)
    assert made.edge[0] == pytest.approx(0.05)
    assert made.kelly[0] == pytest.approx(0.05 / 1.10)
    assert keys[made.source].tolist() == ["pinnacle"]


def test_three_outcomes_lose_their_margin_by_the_power_method():
    quoted = (1.95, 3.60, 4.20)
    snapshot = make_snapshot([offer(PINNACLE, *quoted), offer(BRAVE, 2.15, 3.30, 3.40)])

    made = predict(snapshot, Parameters())

    power = brentq(lambda k: sum(o**-k for o in quoted) - 1, 1, 2, xtol=1e-14)
    assert made.probability[0] == pytest.approx(1.95**-power)
    assert made.edge[0] == pytest.approx(1.95**-power * 2.15 - 1)


def test_an_exchange_keeps_its_commission():
    snapshot = make_snapshot([*EVEN, offer(BETFAIR, 2.10, 1.95)])

    made = predict(snapshot, Parameters())

    # 1 + 0.95 * 1.10 = 2.045, and 2.045 / 2 - 1 = 2.25 %.
    assert made.net_odds[0] == pytest.approx(2.045)
    assert made.edge[0] == pytest.approx(0.0225)
    assert made.odds[0] == 2.10


def test_of_two_sharp_bookmakers_the_one_with_less_margin_is_believed():
    other = Bookie(key="another", kind="sharp")
    wide = offer(other, 1.70, 2.05)  # 1/1.70 + 1/2.05 = 107.6 %, Pinnacle's is 102.6 %
    snapshot = make_snapshot([wide, offer(PINNACLE, 1.95, 1.95), FIVE_PERCENT])

    made = predict(snapshot, Parameters())

    assert snapshot.board.panel.key[made.source].tolist() == ["pinnacle"]


def test_a_skin_of_the_sharp_bookmaker_is_not_held_against_it():
    skin = Bookie(key="skin", operator="pinnacle")

    assert len(predict(make_snapshot([*EVEN, offer(skin, 2.10, 1.75)]), Parameters())) == 0


def test_without_a_sharp_bookmaker_there_is_nothing():
    assert len(predict(make_snapshot([*EVEN[1:], FIVE_PERCENT]), Parameters())) == 0


@pytest.mark.parametrize("odds", [(1.60, 1.60), (2.10, 2.10), (1.95, None)])
def test_a_sharp_bookmaker_with_a_wild_margin_is_not_believed(odds):
    snapshot = make_snapshot([offer(PINNACLE, *odds), *EVEN[1:], FIVE_PERCENT])

    assert len(predict(snapshot, Parameters())) == 0


def test_an_edge_must_be_above_the_minimum_and_not_above_the_maximum():
    snapshot = make_snapshot([*EVEN, FIVE_PERCENT])

    assert len(predict(snapshot, Parameters(minimum_edge_pct=4.9))) == 1
    assert len(predict(snapshot, Parameters(minimum_edge_pct=5.1))) == 0
    assert len(predict(snapshot, Parameters(maximum_edge_pct=5.1))) == 1
    assert len(predict(snapshot, Parameters(maximum_edge_pct=4.9))) == 0


def test_the_stated_maximum_of_the_market_is_a_price():
    group = (1, "h2h", 0.0)
    snapshot = make_snapshot(EVEN, maximum={group: (1.96, None, 2.12)})

    made = predict(snapshot, Parameters())

    assert (made.place.tolist(), made.column.tolist()) == ([2], [MAXIMUM])
    assert made.edge[0] == pytest.approx(0.06)


def test_the_outcome_with_the_greatest_edge_is_the_one_taken():
    both = [offer(SOFT[4], 2.10, 1.75), offer(SOFT[5], 1.75, 2.14)]

    made = predict(make_snapshot([*EVEN, *both]), Parameters())

    assert made.place.tolist() == [2]
    assert made.edge[0] == pytest.approx(0.07)
