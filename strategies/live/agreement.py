"""Agreement: how many of the others would call a predicted price value too.

Pure numbers, nothing of Django.
"""

import numpy as np

from odds.devig import Method
from odds.fair_prices import Floats, fair_by_bookmaker
from strategies.offers import sane_odds
from strategies.predictions import EVERY, Predictions
from strategies.snapshots import Snapshot


def agreement(snapshot: Snapshot, made: Predictions) -> Floats:
    """The share of other operators by whose own fair price the prediction has an edge.

    An operator with several sites has the mean of their opinions. Bookmakers are not samples, so
    this is no probability; it says how alone the prediction stands.

    Args:
        snapshot: What the agent was given.
        made: What it predicted there.

    Returns:
        From 0 to 1, shape (n,); NaN for an arbitrage, and where nobody else prices the outcome.
    """
    board, panel = snapshot.board, snapshot.board.panel
    if not len(made) or not len(panel.key):
        return np.full(len(made), np.nan)
    odds = sane_odds(snapshot)[made.group]
    fair = fair_by_bookmaker(odds, board.is_three_way[made.group], panel, Method.POWER)
    place = np.minimum(made.place, 2)
    opinions = np.take_along_axis(fair, place[:, None, None], axis=2)[..., 0]
    is_missing = np.isnan(opinions)
    counts = (~is_missing).astype(np.float64) @ panel.membership.T
    sums = np.where(is_missing, 0, opinions) @ panel.membership.T
    is_other = (counts > 0) & (
        np.arange(counts.shape[1])
        != np.where(made.column >= 0, panel.operator[np.maximum(made.column, 0)], -1)[:, None]
    )
    means = np.divide(sums, counts, out=np.zeros(sums.shape), where=counts > 0)
    agreeing = (is_other & (means * made.net_odds[:, None] > 1)).sum(axis=1)
    others = is_other.sum(axis=1)
    share = np.divide(agreeing, others, out=np.full(len(made), np.nan), where=others > 0)
    shown: Floats = np.where(made.place == EVERY, np.nan, share)
    return shown
