"""Line Mover: odds without a margin make the reference readable: it is 1 / odds."""

import pytest

from odds.fair_prices import CONSENSUS
from strategies.agents.line_mover import Parameters, predict
from strategies.snapshots import Snapshot
from tests.strategies.agents.boards import PINNACLE, SOFT, Bookie, Offer, make_snapshot, offer

SLOW = Bookie(key="slow")
THEN, NOW = (2.00, 2.00), (1.80, 2.25)  # 1 / 2 and 5 / 9: a rise of 11.1 %
MOVED = offer(PINNACLE, *NOW, changed_at=500.0)
OPENED = offer(PINNACLE, *THEN, changed_at=0.0)


def at(changed_at: float, *odds: float) -> Offer:
    """The slow bookmaker's quote."""
    return offer(SLOW, *(odds or (1.95, 1.90)), changed_at=changed_at)


def test_a_price_from_before_the_move_is_taken():
    snapshot = make_snapshot([MOVED, at(0.0)], opened=[OPENED])

    made = predict(snapshot, Parameters())

    # 5 / 9 * 1.95 = 1.0833; the other side has fallen.
    keys = snapshot.board.panel.key
    assert (made.place.tolist(), keys[made.column].tolist()) == ([0], ["slow"])
    assert made.probability[0] == pytest.approx(5 / 9)
    assert made.edge[0] == pytest.approx(5 / 9 * 1.95 - 1)
    assert keys[made.source].tolist() == ["pinnacle"]


def test_a_price_that_moved_before_the_reference_did_is_taken_too():
    opened = [OPENED, at(100.0, 2.05, 1.85)]

    assert len(predict(make_snapshot([MOVED, at(400.0)], opened=opened), Parameters())) == 1


@pytest.mark.parametrize("changed_at", [500.0, 600.0])
def test_a_price_that_moved_with_the_reference_or_after_is_not(changed_at):
    snapshot = make_snapshot([MOVED, at(changed_at)], opened=[OPENED, at(0.0, 2.05, 1.85)])

    assert len(predict(snapshot, Parameters())) == 0


def test_an_outcome_that_has_become_less_likely_is_not_taken():
    # Away fell to 4 / 9; 2.40 still pays 6.7 % on it.
    snapshot = make_snapshot([MOVED, at(0.0, 1.75, 2.40)], opened=[OPENED])

    assert len(predict(snapshot, Parameters())) == 0


@pytest.mark.parametrize(("minimum", "count"), [(11.1, 1), (11.2, 0)])
def test_the_rise_must_reach_the_minimum(minimum, count):
    snapshot = make_snapshot([MOVED, at(0.0)], opened=[OPENED])

    assert len(predict(snapshot, Parameters(minimum_move_pct=minimum))) == count


def test_without_any_move_there_is_nothing():
    assert len(predict(make_snapshot([offer(PINNACLE, *NOW), at(0.0)]), Parameters())) == 0


def test_a_skin_of_the_reference_does_not_lag_behind_it():
    skin = offer(Bookie(key="skin", operator="pinnacle"), 1.95, 1.90, changed_at=0.0)

    assert len(predict(make_snapshot([MOVED, skin], opened=[OPENED]), Parameters())) == 0


def test_an_opening_with_a_wild_margin_is_not_believed():
    opened = [offer(PINNACLE, 2.50, 2.50, changed_at=0.0)]  # 80 %

    assert len(predict(make_snapshot([MOVED, at(0.0)], opened=opened), Parameters())) == 0


def followed(count: int, *others: Offer, changed_at: float = 500.0) -> Snapshot:
    """So many bookmakers that moved with the market, and others."""
    moved = [offer(bookie, *NOW, changed_at=changed_at) for bookie in SOFT[:count]]
    opened = [offer(bookie, *THEN, changed_at=0.0) for bookie in SOFT[:count]]
    return make_snapshot([*moved, *others], opened=opened)


def test_without_a_sharp_bookmaker_the_consensus_of_the_others_is_followed():
    made = predict(followed(4, at(0.0)), Parameters())

    assert made.source.tolist() == [CONSENSUS]
    assert made.probability[0] == pytest.approx(5 / 9)
    assert made.odds.tolist() == [1.95]


def test_a_price_newer_than_those_of_most_others_does_not_lag_behind_them():
    assert len(predict(followed(4, at(400.0), changed_at=300.0), Parameters())) == 0
    assert len(predict(followed(4, at(200.0), changed_at=300.0), Parameters())) == 1


def test_most_others_are_more_than_half_of_them():
    early = [offer(bookie, 1.90, 1.90, changed_at=100.0) for bookie in SOFT[5:7]]

    three_of_five = predict(followed(3, at(200.0), *early), Parameters())
    two_of_four = predict(followed(2, at(200.0), *early), Parameters())

    assert three_of_five.odds.tolist() == [1.95]
    assert len(two_of_four) == 0


def test_three_other_operators_are_too_few_to_follow():
    assert len(predict(followed(3, at(0.0)), Parameters())) == 0


def test_where_the_sharp_bookmaker_stood_still_the_consensus_is_not_followed():
    still = offer(PINNACLE, *THEN, changed_at=0.0)

    assert len(predict(followed(4, at(0.0), still), Parameters())) == 0


def test_an_edge_beyond_the_maximum_is_an_error():
    snapshot = make_snapshot([MOVED, at(0.0)], opened=[OPENED])

    assert len(predict(snapshot, Parameters(maximum_edge_pct=8.4))) == 1
    assert len(predict(snapshot, Parameters(maximum_edge_pct=8.3))) == 0
