"""Agreement: odds without a margin make every opinion readable: the fair one is 1 / odds."""

import numpy as np
import pytest

from strategies.agents import arbitrage_finder
from strategies.live.agreement import agreement
from strategies.predictions import MAXIMUM, NO_LEG, Predictions
from tests.betting.markets import BETFAIR
from tests.strategies.agents.boards import PINNACLE, SOFT, Bookie, make_snapshot, offer

BRAVE = offer(Bookie(key="brave"), 2.10, 1.85)
AGREES = offer(PINNACLE, 1.95, 1.95)  # 1/2 * 2.10 is above 1
STRONGLY = offer(SOFT[0], 1.80, 2.25)  # 5/9 * 2.10 = 1.167
DISAGREES = offer(SOFT[1], 2.25, 1.80)  # 4/9 * 2.10 = 0.933


def taken(column: int, *, place: int = 0, odds: float = 2.10, net: float | None = None):
    """A prediction of one price in the first group."""
    one = {"group": 0, "place": place, "column": column, "source": 0}
    numbers = {"odds": odds, "probability": 0.5, "edge": 0.05, "net_odds": net or odds}
    return Predictions(
        **{name: np.array([value]) for name, value in (one | numbers).items()},
        legs=np.full((1, 3), NO_LEG),
    )


def test_it_is_the_share_of_other_operators_that_see_an_edge_too():
    snapshot = make_snapshot([BRAVE, AGREES, STRONGLY, DISAGREES])

    shown = agreement(snapshot, taken(snapshot.board.panel.key.tolist().index("brave")))

    assert shown.tolist() == [pytest.approx(2 / 3)]


def test_sites_of_one_operator_agree_as_one_by_the_mean_of_their_opinions():
    sites = [
        offer(Bookie(key="site1", operator="one"), 1.80, 2.25),  # 5/9
        offer(Bookie(key="site2", operator="one"), 2.50, 1.6667),  # 2/5: the mean is 0.478
    ]
    snapshot = make_snapshot([BRAVE, AGREES, *sites])

    # 0.478 * 2.10 = 1.003 agrees, and so does Pinnacle; at 2.08 it would be 0.994.
    assert agreement(snapshot, taken(0)).tolist() == [1.0]
    assert agreement(snapshot, taken(0, odds=2.08)).tolist() == [0.5]


def test_other_sites_of_the_price_have_no_say():
    skin = offer(Bookie(key="skin", operator="brave"), 1.80, 2.25)
    snapshot = make_snapshot([BRAVE, skin, DISAGREES])

    assert agreement(snapshot, taken(0)).tolist() == [0.0]


def test_what_counts_is_odds_net_of_commission():
    snapshot = make_snapshot([offer(BETFAIR, 2.04, 1.97), AGREES])

    # 2.04 / 2 is above 1, but 1 + 0.95 * 1.04 = 1.988 is not worth 2.
    assert agreement(snapshot, taken(0, odds=2.04, net=1.988)).tolist() == [0.0]


def test_of_a_stated_maximum_every_operator_is_another():
    snapshot = make_snapshot([AGREES, DISAGREES])

    assert agreement(snapshot, taken(MAXIMUM)).tolist() == [0.5]


def test_alone_there_is_nobody_to_agree():
    assert np.isnan(agreement(make_snapshot([BRAVE]), taken(0))).all()


def test_quotes_with_a_wild_margin_have_no_say():
    wild = offer(SOFT[2], 1.40, 1.40)

    assert np.isnan(agreement(make_snapshot([BRAVE, wild]), taken(0))).all()


def test_nobody_has_to_agree_with_an_arbitrage():
    snapshot = make_snapshot([BRAVE, offer(SOFT[0], 1.85, 2.10)])
    made = arbitrage_finder.predict(snapshot, arbitrage_finder.Parameters())

    assert len(made) == 1
    assert np.isnan(agreement(snapshot, made)).all()


def test_without_predictions_there_is_nothing_to_tell():
    assert len(agreement(make_snapshot([BRAVE]), Predictions.nothing())) == 0
