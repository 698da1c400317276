"""Pattern Matcher: odds without a margin make the consensus readable: it is 1 / odds."""

import numpy as np
import pytest

from odds.fair_prices import CONSENSUS
from strategies.agents.pattern_matcher import Parameters, corrected, predict
from strategies.snapshots import Snapshot
from tests.strategies.agents.boards import SOFT, Bookie, make_snapshot, offer

BEST = Bookie(key="best")
FAVOURITE = (0.70, 0.18, 0.12)
LONGSHOT = (0.60, 0.32, 0.08)
BALANCED = (0.37, 0.27, 0.36)


def market(probabilities: tuple[float, float, float], *best: float, **given: float) -> Snapshot:
    """Four bookmakers that agree, and one with other odds."""
    odds = [1 / each for each in probabilities]
    agreeing = [offer(bookie, *odds, **given) for bookie in SOFT[:4]]
    return make_snapshot([*agreeing, offer(BEST, *best, **given)])


def test_a_dominant_favourite_is_likelier_than_its_odds_say():
    made = predict(market(FAVOURITE, 1.47, 5.20, 8.00), Parameters())

    # 0.70 + 0.027 = 0.727, and all three now sum to 1.027: 0.727 / 1.027 = 0.70789.
    assert made.place.tolist() == [0]
    assert made.probability[0] == pytest.approx(0.727 / 1.027)
    assert made.edge[0] == pytest.approx(0.727 / 1.027 * 1.47 - 1)  # 4.06 %; without it 2.9 %
    assert made.source.tolist() == [CONSENSUS]


def test_a_longshot_is_less_likely_than_its_odds_say():
    parameters = Parameters(minimum_edge_pct=0.0)

    # 0.08 - 0.018 = 0.062, scaled by 1 / 0.982: 0.06314, worth taking above 15.84 and not at 13.5,
    # which would be an edge of 8 % against 0.08.
    assert len(predict(market(LONGSHOT, 1.62, 3.05, 13.5), parameters)) == 0
    made = predict(market(LONGSHOT, 1.62, 3.00, 17.0), parameters)
    assert made.place.tolist() == [2]
    assert made.probability[0] == pytest.approx(0.062 / 0.982)


def test_a_balanced_match_is_left_alone_until_somebody_counts_its_draws():
    snapshot = market(BALANCED, 2.60, 3.85, 2.70)  # 3.85 * 0.27 is an edge of 4 %

    assert len(predict(snapshot, Parameters())) == 0

    made = predict(snapshot, Parameters(balanced_draw_correction=2.0))
    assert made.place.tolist() == [1]
    assert made.probability[0] == pytest.approx(0.29 / 1.02)
    assert made.edge[0] == pytest.approx(0.29 / 1.02 * 3.85 - 1)


def test_outcomes_that_no_pattern_speaks_of_are_left_alone():
    # The draw pays 6.00 at 0.18, an edge of 8 %, but only the favourite is in a pattern.
    assert len(predict(market(FAVOURITE, 1.42, 6.00, 7.80), Parameters())) == 0


@pytest.mark.parametrize(("favourite", "count"), [(0.64, 0), (0.70, 1), (0.81, 0)])
def test_a_favourite_outside_the_bounds_is_none(favourite, count):
    others = (0.88 - favourite, 0.12)
    # The favourite pays 3 % more than the consensus holds fair, the others 10 % less.
    best = (1.03 / favourite, *(1 / (1.1 * each) for each in others))

    assert len(predict(market((favourite, *others), *best), Parameters())) == count


def test_a_correction_larger_than_the_probability_says_nothing_of_the_match():
    hopeless = np.array([[[0.79, 0.20, 0.01]]])

    assert np.isnan(corrected(hopeless, Parameters())).all()


def test_a_favourite_and_a_longshot_are_corrected_together():
    both = np.array([[[0.72, 0.20, 0.08], [0.72, np.nan, 0.28]]])

    made = corrected(both, Parameters())

    # 0.72 + 0.027, 0.20 and 0.08 - 0.018 sum to 1.009; without a draw 0.747 + 0.28 = 1.027.
    three, two = made[0]
    assert three == pytest.approx([0.747 / 1.009, np.nan, 0.062 / 1.009], nan_ok=True)
    assert two == pytest.approx([0.747 / 1.027, np.nan, np.nan], nan_ok=True)


def test_the_margin_is_taken_out_in_proportion_as_the_corrections_were_counted():
    margin = 1.05
    odds = [1 / (each * margin) for each in FAVOURITE]
    agreeing = [offer(bookie, *odds) for bookie in SOFT[:4]]

    made = predict(make_snapshot([*agreeing, offer(BEST, 1.47, 5.20, 8.00)]), Parameters())

    assert made.probability[0] == pytest.approx(0.727 / 1.027)


def test_other_markets_are_left_alone():
    totals = [offer(bookie, 1 / 0.7, 1 / 0.3, market="totals", line=2.5) for bookie in SOFT[:4]]
    best = offer(BEST, 1.47, 3.10, market="totals", line=2.5)

    assert len(predict(make_snapshot([*totals, best]), Parameters())) == 0
