"""Sharp Reference: believe the sharpest bookmaker, and take prices that beat it elsewhere.

The bookmaker that welcomes winners has the best informed prices. Its margin taken out by the power
method, what others pay more than that for is value, as long as it is right.

Source:
    Buchdahl, "Using the wisdom of the crowd to find value in a football match betting market",
    football-data.co.uk.
"""

from dataclasses import dataclass

import numpy as np

from strategies.offers import best_offers, fair_of, pick, quotes_of, sane_odds, sharpest
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
    board, panel = snapshot.board, snapshot.board.panel
    if not len(snapshot) or not panel.is_sharp.any():
        return Predictions.nothing()
    odds = sane_odds(snapshot)
    column = sharpest(odds, board)
    is_own = panel.operator == panel.operator[np.maximum(column, 0)][:, None]
    return pick(
        fair_of(quotes_of(odds, column), board.is_three_way),
        best_offers(snapshot, odds, is_barred=is_own),
        column,
        minimum_edge_pct=parameters.minimum_edge_pct,
        maximum_edge_pct=parameters.maximum_edge_pct,
    )
