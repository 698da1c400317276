"""Consensus Value: believe the average of all bookmakers, and take the best price beyond it.

The mean of all odds, turned into a probability, less an offset for the margin in it, is close to
the truth; a single bookmaker that pays more than that is wrong more often than the rest. Among the
outcomes of a match the one with the greatest margin is taken.

Source:
    Kaunitz, Zhong & Kreiner (2017), "Beating the bookies with their own numbers - and how the
    online sports betting market is rigged", arXiv:1710.02824: bet where
    max(odds) * (1 / mean(odds) - 0.05) > 1, with at least 4 quotes.
"""

from dataclasses import dataclass

import numpy as np

from odds.fair_prices import CONSENSUS, Floats, Integers, mean_by_operator
from strategies.offers import best_offers, pick
from strategies.parameters import number
from strategies.predictions import AVERAGE, Predictions
from strategies.snapshots import Snapshot

MATCH_WINNER = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameters:
    """What is taken off the mean's implied probability, by outcome, and what an edge must be."""

    home_offset: float = number(0.05, low=0.0, high=0.2)
    draw_offset: float = number(0.05, low=0.0, high=0.2)
    away_offset: float = number(0.05, low=0.0, high=0.2)
    minimum_edge_pct: float = number(0.0, low=0.0, high=20.0)
    maximum_edge_pct: float = number(20.0, low=1.0, high=1000.0)
    minimum_operators: int = number(4, low=2, high=20)


def predict(snapshot: Snapshot, parameters: Parameters) -> Predictions:
    """Match winners whose best price beats the mean of all by more than the offset."""
    if not len(snapshot):
        return Predictions.nothing()
    board = snapshot.board
    odds = np.where(board.is_complete[..., None], board.odds, np.nan)
    mean, is_stated = _mean_odds(snapshot, odds, parameters.minimum_operators)
    offsets = np.array([parameters.home_offset, parameters.draw_offset, parameters.away_offset])
    probability = np.where((board.market == MATCH_WINNER)[:, None], 1 / mean - offsets, np.nan)
    is_complete = ~np.isnan(mean) | ~board.is_outcome
    probability[~is_complete.all(axis=1)] = np.nan
    return pick(
        probability,
        best_offers(snapshot, odds),
        np.where(is_stated, AVERAGE, CONSENSUS),
        minimum_edge_pct=parameters.minimum_edge_pct,
        maximum_edge_pct=parameters.maximum_edge_pct,
    )


def _mean_odds(snapshot: Snapshot, odds: Floats, minimum_operators: int) -> tuple[Floats, Integers]:
    """The stated average, or the mean over operators where there are enough; (g, 3) and (g,)."""
    means = mean_by_operator(odds, snapshot.board.panel)
    counts = (~np.isnan(means)).sum(axis=1)
    own = np.full(counts.shape, np.nan)
    np.divide(np.nansum(means, axis=1), counts, out=own, where=counts >= minimum_operators)
    is_stated = ~np.isnan(snapshot.average)
    mean: Floats = np.where(is_stated, snapshot.average, own)
    return mean, is_stated[:, 0]
