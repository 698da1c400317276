"""Prices as agents weigh them: what may be believed, what may be taken, and which is best.

Pure numbers, nothing of Django. Tables are (g, b, 3) as in `odds.fair_prices`.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from betting.closing.prices import BOOKMAKER_OVERROUNDS, EXCHANGE_OVERROUNDS
from odds.fair_prices import Flags, Floats, Integers, net_odds, overrounds
from strategies.predictions import MAXIMUM, NO_LEG, Predictions
from strategies.snapshots import Snapshot

HIGHEST_EDGE_PCT: Final = 1000.0  # no cap at all, in effect


@dataclass(frozen=True, slots=True, kw_only=True)
class Offers:
    """The best price of every outcome; all of shape (g, 3), NaN where nothing may be taken.

    `column` is the bookmaker's, MAXIMUM where a source states the market's highest odds.
    """

    odds: Floats
    net: Floats
    column: Integers


def sane_odds(snapshot: Snapshot) -> Floats:
    """Odds of bookmakers that price every outcome with a sane margin; NaN elsewhere, (g, b, 3)."""
    board = snapshot.board
    sums = overrounds(board.odds, board.is_three_way)  # NaN, and so refused, where incomplete
    bounds = np.array([BOOKMAKER_OVERROUNDS, EXCHANGE_OVERROUNDS])
    low, high = bounds[board.panel.is_exchange.astype(np.intp)].T
    is_sane = (sums >= low) & (sums <= high)
    odds: Floats = np.where(is_sane[..., None], board.odds, np.nan)
    return odds


def best_offers(snapshot: Snapshot, odds: Floats, *, is_barred: Flags | None = None) -> Offers:
    """The highest odds net of commission; where a source states the market's maximum, that.

    Args:
        snapshot: The groups.
        odds: What may be taken, shape (g, b, 3); NaN where nothing may.
        is_barred: Bookmakers whose prices are left out, shape (g, b).
    """
    net = net_odds(odds, snapshot.board.panel.commission)
    if is_barred is not None:
        net = np.where(is_barred[..., None], np.nan, net)
    known = np.where(np.isnan(net), -np.inf, net)
    if known.shape[1]:
        column = known.argmax(axis=1)  # of equal ones the first: bookmakers are sorted by key
        best = np.take_along_axis(known, column[:, None], axis=1)[:, 0]
        offered = np.take_along_axis(odds, column[:, None], axis=1)[:, 0]
    else:
        column = np.zeros((len(odds), 3), dtype=np.intp)
        best, offered = np.full((len(odds), 3), -np.inf), np.full((len(odds), 3), np.nan)
    is_stated = ~np.isnan(snapshot.maximum)
    is_priced = np.isfinite(best)
    return Offers(
        odds=np.where(is_stated, snapshot.maximum, np.where(is_priced, offered, np.nan)),
        net=np.where(is_stated, snapshot.maximum, np.where(is_priced, best, np.nan)),
        column=np.where(is_stated, MAXIMUM, column),
    )


def pick(
    probability: Floats,
    offers: Offers,
    source: Integers,
    *,
    minimum_edge_pct: float,
    maximum_edge_pct: float = HIGHEST_EDGE_PCT,
) -> Predictions:
    """In each group the outcome with the greatest edge, where that is above the minimum.

    Prices above the maximum are taken for errors and passed over, so that with a higher minimum
    there are never more predictions.

    Args:
        probability: What the outcomes' chances are held to be, shape (g, 3); NaN where unknown.
        offers: The best prices.
        source: Whose probability it is, shape (g,).
        minimum_edge_pct: In percent; the edge must be above it.
        maximum_edge_pct: In percent; the edge must not be above it.
    """
    edge = probability * offers.net - 1
    usable = np.where(edge <= maximum_edge_pct / 100, edge, -np.inf)  # NaN compares false
    place = usable.argmax(axis=1)
    best = np.take_along_axis(usable, place[:, None], axis=1)[:, 0]
    group = np.flatnonzero(best > minimum_edge_pct / 100)
    chosen = place[group]
    at = (group, chosen)
    return Predictions(
        group=group,
        place=chosen,
        column=offers.column[at],
        odds=offers.odds[at],
        probability=probability[at],
        edge=edge[at],
        net_odds=offers.net[at],
        source=source[group],
        legs=np.full((len(group), 3), NO_LEG, dtype=np.intp),
    )
