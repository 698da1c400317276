"""Anomaly Detector: odds without a margin make every opinion readable: the fair one is 1 / odds."""

from math import log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.stats import median_abs_deviation

from odds.fair_prices import CONSENSUS
from strategies.agents.anomaly_detector import Parameters, distances, predict
from tests.strategies.agents.boards import SOFT, Bookie, Offer, make_snapshot, offer

OTHERS = [0.49, 0.495, 0.50, 0.505, 0.51]
LONER = Bookie(key="loner")


def opinion(bookie: Bookie, probability: float) -> Offer:
    """A quote of two outcomes without a margin."""
    return offer(bookie, 1 / probability, 1 / (1 - probability))


def opinions(probabilities: list[float]) -> list[Offer]:
    return [opinion(bookie, each) for bookie, each in zip(SOFT, probabilities, strict=False)]


def test_a_quote_that_stands_apart_is_taken_at_the_consensus_of_the_others():
    snapshot = make_snapshot([*opinions(OTHERS), opinion(LONER, 0.45)])

    made = predict(snapshot, Parameters())

    # The others' log odds are -0.04, -0.02, 0, 0.02, 0.04: median 0, and half of them lie within
    # 0.02 of it. The loner's are ln(0.45 / 0.55) = -0.2007, or 6.8 times 1.4826 * 0.02 below.
    assert (made.place.tolist(), made.odds.tolist()) == ([0], [1 / 0.45])
    assert snapshot.board.panel.key[made.column].tolist() == ["loner"]
    assert made.probability[0] == pytest.approx(0.5)
    assert made.edge[0] == pytest.approx(0.5 / 0.45 - 1)
    assert made.source.tolist() == [CONSENSUS]


@pytest.mark.parametrize(("minimum_z", "count"), [(6.7, 1), (6.8, 0)])
def test_it_must_stand_apart_by_the_minimum(minimum_z, count):
    snapshot = make_snapshot([*opinions(OTHERS), opinion(LONER, 0.45)])

    z = log(0.45 / 0.55) / (1.4826 * log(0.505 / 0.495))

    assert z == pytest.approx(-6.767, abs=1e-3)
    assert len(predict(snapshot, Parameters(minimum_z=minimum_z))) == count


def test_among_others_that_disagree_nobody_stands_apart():
    apart = [0.40, 0.45, 0.50, 0.55, 0.60]

    assert len(predict(make_snapshot([*opinions(apart), opinion(LONER, 0.45)]), Parameters())) == 0


@pytest.mark.parametrize(("smallest", "count"), [(0.019, 1), (0.021, 0)])
def test_others_that_agree_to_the_last_decimal_are_held_to_differ_a_little(smallest, count):
    snapshot = make_snapshot([*opinions([0.5] * 5), opinion(LONER, 0.49)])

    # ln(0.49 / 0.51) = -0.0400: two deviations of 0.02.
    made = predict(snapshot, Parameters(minimum_z=2.0, smallest_deviation=smallest))

    assert len(made) == count


def test_two_sites_of_one_operator_do_not_vouch_for_each_other():
    sites = [Bookie(key=f"site{number}", operator="one") for number in range(3)]
    offers = [*opinions([0.5] * 4), *(opinion(site, 0.45) for site in sites)]

    made = predict(make_snapshot(offers), Parameters())

    assert made.probability[0] == pytest.approx(0.5)
    assert len(predict(make_snapshot(offers[1:]), Parameters())) == 0  # three others are too few


def test_an_edge_beyond_the_maximum_is_an_error():
    snapshot = make_snapshot([*opinions(OTHERS), opinion(LONER, 0.45)])

    assert len(predict(snapshot, Parameters(maximum_edge_pct=11.2))) == 1
    assert len(predict(snapshot, Parameters(maximum_edge_pct=11.0))) == 0


def test_a_quote_with_a_wild_margin_is_no_anomaly():
    wild = offer(LONER, 2.40, 2.40)  # 1/2.40 + 1/2.40 = 83 %

    assert len(predict(make_snapshot([*opinions(OTHERS), wild]), Parameters())) == 0


@given(
    arrays(np.float64, (6, 7), elements=st.floats(-4, 4)),
    arrays(np.bool_, (6, 7)),
    st.lists(st.integers(0, 6), min_size=6, max_size=6),
)
def test_distances_are_those_of_a_library(values, is_missing, own):
    own = np.array(own)
    is_missing[np.arange(6), own] = False
    opinions = np.where(is_missing, np.nan, values)

    made = distances(opinions, own, smallest_deviation=0.01)

    for row in range(6):
        others = np.delete(opinions[row], own[row])
        others = others[~np.isnan(others)]
        if not len(others):
            assert np.isnan(made[row])
            continue
        # The library divides by the exact constant, 1.482602…
        deviation = median_abs_deviation(others, scale="normal")
        expected = (opinions[row, own[row]] - np.median(others)) / max(deviation, 0.01)
        assert made[row] == pytest.approx(expected, rel=1e-5, abs=1e-12)
