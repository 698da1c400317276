"""Sharp Reference: believe the sharpest bookmaker, and take prices that beat it elsewhere.

The bookmaker that welcomes winners has the best informed prices. Its margin taken out by the power
method, what others pay more than that for is value, as long as it is right.

Source:
    Buchdahl, "Using the wisdom of the crowd to find value in a football match betting market",
    football-data.co.uk.
"""

from dataclasses import dataclass

import numpy as np

from odds.devig import Method
from odds.fair_prices import NOBODY, Floats, Integers, fair_by_bookmaker, overrounds
from strategies.offers import best_offers, pick, sane_odds
from strategies.parameters import number
from strategies.predictions import Predictions
from strategies.snapshots import Snapshot


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameters:
    """When a price beats the sharp bookmaker by enough, and when by too much; percent."""

    minimum_edge_pct: float = number(2.0, low=0.0, high=20.0)
    maximum_edge_pct: float = number(20.0, low=1.0, high=1000.0)


def predict(snapshot: Snapshot, parameters: Parameters) -> Predictions:
    """Prices elsewhere that beat the fair price of the sharp bookmaker with the lowest margin."""
    panel = snapshot.board.panel
    sharp = np.flatnonzero(panel.is_sharp)
    if not len(snapshot) or not sharp.size:
        return Predictions.nothing()
    odds = sane_odds(snapshot)
    column, fair = _sharpest(snapshot, odds, sharp)
    is_own = panel.operator == panel.operator[np.maximum(column, 0)][:, None]
    return pick(
        fair,
        best_offers(snapshot, odds, is_barred=is_own),
        column,
        minimum_edge_pct=parameters.minimum_edge_pct,
        maximum_edge_pct=parameters.maximum_edge_pct,
    )


def _sharpest(snapshot: Snapshot, odds: Floats, sharp: Integers) -> tuple[Integers, Floats]:
    """The sharp bookmaker with the lowest overround in each group, and its fair probabilities."""
    board, groups = snapshot.board, np.arange(len(snapshot))
    sums = overrounds(odds[:, sharp], board.is_three_way)
    known = np.where(np.isnan(sums), np.inf, sums)
    chosen = known.argmin(axis=1)
    column = np.where(np.isfinite(known.min(axis=1)), sharp[chosen], NOBODY)
    one = board.panel.take(sharp[:1])  # any of them: none is an exchange
    quoted = odds[groups, np.maximum(column, 0)][:, None]
    quoted = np.where((column >= 0)[:, None, None], quoted, np.nan)
    return column, fair_by_bookmaker(quoted, board.is_three_way, one, Method.POWER)[:, 0]
