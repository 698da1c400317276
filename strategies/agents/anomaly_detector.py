"""Anomaly Detector: find the bookmaker that stands apart from all others, and take its price.

Each operator's odds, its margin taken out, are an opinion on an outcome. On the scale of log odds
opinions of a favourite and of a longshot differ alike, so that one measure of distance serves for
both: how far an opinion lies from the median of the others, in units of how far they lie from it
themselves. Where one operator holds an outcome to be far less likely than the others do, it pays
too much for it, or it knows something; the consensus of the others says how much too much.

Source:
    Iglewicz & Hoaglin (1993), "How to detect and handle outliers", ASQC: distances from the median
    in units of 1.4826 times the median absolute deviation, an outlier beyond 3.5.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from odds.devig import Method
from odds.fair_prices import (
    CONSENSUS,
    Floats,
    Integers,
    Panel,
    consensus_without_each,
    fair_by_bookmaker,
    mean_by_operator,
    net_odds,
)
from strategies.offers import best_edges, pick, sane_odds
from strategies.parameters import number
from strategies.predictions import Predictions
from strategies.snapshots import Snapshot

# Of normally distributed numbers the standard deviation is so many median absolute deviations.
NORMAL: Final = 1.4826


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameters:
    """How far a quote must stand apart, and what it must pay.

    `smallest_deviation` is the least by which the others are held to differ, in log odds: 0.02 is
    half a point at a probability of 50 %. Without it, any rounding would stand apart from others
    that agree to the last decimal.
    """

    minimum_z: float = number(3.5, low=1.0, high=20.0)
    smallest_deviation: float = number(0.02, low=0.001, high=0.5)
    minimum_edge_pct: float = number(2.0, low=0.0, high=20.0)
    maximum_edge_pct: float = number(20.0, low=1.0, high=1000.0)
    minimum_operators: int = number(4, low=2, high=20)


def predict(snapshot: Snapshot, parameters: Parameters) -> Predictions:
    """Prices of operators that stand apart, where the consensus of the others gives an edge."""
    board, panel = snapshot.board, snapshot.board.panel
    if not board.odds.size:
        return Predictions.nothing()
    odds = sane_odds(snapshot)
    fair = fair_by_bookmaker(odds, board.is_three_way, panel, Method.POWER)
    consensus = consensus_without_each(fair, panel, minimum_operators=parameters.minimum_operators)[
        :, panel.operator
    ]
    edge = consensus * net_odds(odds, panel.commission) - 1
    paying = np.nonzero(edge > parameters.minimum_edge_pct / 100)
    distance = _distances_at(paying, fair, panel, parameters.smallest_deviation)
    stands_apart = np.zeros(odds.shape, dtype=np.bool_)
    stands_apart[paying] = distance <= -parameters.minimum_z
    probability, offers = best_edges(
        np.where(stands_apart, consensus, np.nan),
        odds,
        panel,
        maximum_edge_pct=parameters.maximum_edge_pct,
    )
    return pick(
        probability,
        offers,
        np.full(len(snapshot), CONSENSUS),
        minimum_edge_pct=parameters.minimum_edge_pct,
    )


def _distances_at(at: tuple[Integers, ...], fair: Floats, panel: Panel, smallest: float) -> Floats:
    """How far the operators of some prices (groups, columns, places) stand apart; shape (n,)."""
    groups, columns, places = at
    means = mean_by_operator(fair, panel)[groups, :, places]
    return distances(
        np.log(means / (1 - means)), panel.operator[columns], smallest_deviation=smallest
    )


def distances(opinions: Floats, own: Integers, *, smallest_deviation: float) -> Floats:
    """How far one of some opinions lies from the median of the others, in their deviations.

    Args:
        opinions: Log odds each operator gives an outcome, shape (n, o); NaN where it has none.
        own: Which of them is judged, shape (n,).
        smallest_deviation: The least the others are held to deviate by, in log odds.

    Returns:
        Robust z-scores, shape (n,): below 0 where the outcome is held to be less likely than by
        the others; NaN where there are no others.
    """
    rows = np.arange(len(opinions))
    others = opinions.copy()
    others[rows, own] = np.nan
    middle = _medians(others)
    deviation = NORMAL * _medians(np.abs(others - middle[:, None]))
    z: Floats = (opinions[rows, own] - middle) / np.maximum(deviation, smallest_deviation)
    return z


def _medians(values: Floats) -> Floats:
    """Medians of rows, NaN left out; shapes (n, o) and (n,)."""
    rows, counts = np.arange(len(values)), (~np.isnan(values)).sum(axis=1)
    ascending = np.sort(values, axis=1)  # NaN last; a row without a number has NaN everywhere
    low, high = np.maximum(counts - 1, 0) // 2, counts // 2
    medians: Floats = (ascending[rows, low] + ascending[rows, np.minimum(high, low + 1)]) / 2
    return medians
