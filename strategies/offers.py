"""Prices as agents weigh them: what may be believed, what may be taken, and which is best.

Pure numbers, nothing of Django. Tables are (g, b, 3) as in `odds.fair_prices`.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from betting.closing.prices import BOOKMAKER_OVERROUNDS, EXCHANGE_OVERROUNDS
from betting.detection.board import Board
from odds.devig import Method
from odds.fair_prices import (
    NOBODY,
    Flags,
    Floats,
    Integers,
    Panel,
    consensus_without_each,
    fair_by_bookmaker,
    net_odds,
    overrounds,
)
from strategies.predictions import MAXIMUM, NO_LEG, Predictions
from strategies.snapshots import Snapshot

HIGHEST_EDGE_PCT: Final = 1000.0  # no cap at all, in effect
# A panel for odds that are already one bookmaker's, whoever that is in each group.
SOMEBODY: Final = Panel(
    key=np.array(["somebody"]),
    operator=np.array([0]),
    is_exchange=np.array([False]),
    is_sharp=np.array([False]),
    is_playable=np.array([False]),
    commission=np.array([0.0]),
)


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
    return sane(snapshot.board.odds, snapshot.board)


def sane(odds: Floats, board: Board) -> Floats:
    """Those of some odds of a board's bookmakers that are complete and of a sane margin.

    Args:
        odds: Today's or others, shape (g, b, 3).
        board: Whose they are, and whether a group has a draw.

    Returns:
        Odds, shape (g, b, 3); all three NaN where a bookmaker's margin is out of bounds.
    """
    sums = overrounds(odds, board.is_three_way)  # NaN, and so refused, where incomplete
    bounds = np.array([BOOKMAKER_OVERROUNDS, EXCHANGE_OVERROUNDS])
    low, high = bounds[board.panel.is_exchange.astype(np.intp)].T
    is_sane = (sums >= low) & (sums <= high)
    believed: Floats = np.where(is_sane[..., None], odds, np.nan)
    return believed


def sharpest(odds: Floats, board: Board) -> Integers:
    """The column of the sharp bookmaker with the lowest overround, or NOBODY; shape (g,).

    Args:
        odds: What may be believed, shape (g, b, 3); NaN elsewhere.
        board: Whose they are.
    """
    sharp = np.flatnonzero(board.panel.is_sharp)
    if not sharp.size:
        return np.full(len(odds), NOBODY)
    sums = overrounds(odds[:, sharp], board.is_three_way)
    known = np.where(np.isnan(sums), np.inf, sums)
    column: Integers = np.where(np.isfinite(known.min(axis=1)), sharp[known.argmin(axis=1)], NOBODY)
    return column


def quotes_of(odds: Floats, column: Integers) -> Floats:
    """The odds of one bookmaker in each group, NaN where the column is NOBODY; shape (g, 3)."""
    quoted = odds[np.arange(len(odds)), np.maximum(column, 0)]
    known: Floats = np.where((column >= 0)[:, None], quoted, np.nan)
    return known


def fair_of(odds: Floats, is_three_way: Flags) -> Floats:
    """What one quote of each group holds to be fair, by the power method; both (g, 3)."""
    return fair_by_bookmaker(odds[:, None], is_three_way, SOMEBODY, Method.POWER)[:, 0]


def fair_elsewhere(
    odds: Floats, is_three_way: Flags, panel: Panel, *, minimum_operators: int
) -> Floats:
    """The consensus of all other operators, by the power method, that each price is held against.

    Args:
        odds: What may be believed, shape (g, b, 3); NaN elsewhere.
        is_three_way: Whether a group has a draw, shape (g,).
        panel: The b bookmakers.
        minimum_operators: With fewer others than this there is no consensus.

    Returns:
        Probabilities, shape (g, b, 3); NaN where there is no consensus.
    """
    fair = fair_by_bookmaker(odds, is_three_way, panel, Method.POWER)
    consensus = consensus_without_each(fair, panel, minimum_operators=minimum_operators)
    return consensus[:, panel.operator]


def best_offers(snapshot: Snapshot, odds: Floats, *, is_barred: Flags | None = None) -> Offers:
    """The highest odds net of commission; where a source states the market's maximum, that.

    Args:
        snapshot: The groups.
        odds: What may be taken, shape (g, b, 3); NaN where nothing may.
        is_barred: Bookmakers whose prices are left out, shape (g, b).
    """
    if is_barred is not None:
        odds = np.where(is_barred[..., None], np.nan, odds)
    best = highest_offers(odds, snapshot.board.panel)
    is_stated = ~np.isnan(snapshot.maximum)
    return Offers(
        odds=np.where(is_stated, snapshot.maximum, best.odds),
        net=np.where(is_stated, snapshot.maximum, best.net),
        column=np.where(is_stated, MAXIMUM, best.column),
    )


def highest_offers(odds: Floats, panel: Panel) -> Offers:
    """The highest odds net of commission that bookmakers themselves offer.

    Args:
        odds: What may be taken, shape (g, b, 3); NaN where nothing may.
        panel: The b bookmakers.
    """
    net = net_odds(odds, panel.commission)
    return _offers_at(net, odds, net)


def best_edges(
    probability: Floats, odds: Floats, panel: Panel, *, maximum_edge_pct: float
) -> tuple[Floats, Offers]:
    """For each outcome the price with the greatest edge, each against a probability of its own.

    Prices above the maximum are taken for errors and passed over, whatever is second to them.

    Args:
        probability: What each price is held against, shape (g, b, 3); NaN where it is not taken.
        odds: What may be taken, shape (g, b, 3); NaN where nothing may.
        panel: The b bookmakers.
        maximum_edge_pct: In percent; the edge must not be above it.

    Returns:
        The probabilities of the chosen prices, shape (g, 3), and those prices.
    """
    net = net_odds(odds, panel.commission)
    edge = probability * net - 1
    usable = np.where(edge <= maximum_edge_pct / 100, edge, np.nan)
    best = _offers_at(usable, odds, net)
    if not odds.shape[1]:
        return np.full(best.odds.shape, np.nan), best
    chosen = _taken(probability, best.column)
    return np.where(np.isnan(best.odds), np.nan, chosen), best


def _offers_at(values: Floats, odds: Floats, net: Floats) -> Offers:
    """The price of the greatest of some values (g, b, 3); of equal ones the first bookmaker's."""
    if not values.shape[1]:
        nothing = np.full((len(values), 3), np.nan)
        return Offers(odds=nothing, net=nothing, column=np.zeros((len(values), 3), dtype=np.intp))
    known = np.where(np.isnan(values), -np.inf, values)
    column = known.argmax(axis=1)
    is_priced = np.isfinite(_taken(known, column))
    return Offers(
        odds=np.where(is_priced, _taken(odds, column), np.nan),
        net=np.where(is_priced, _taken(net, column), np.nan),
        column=column,
    )


def _taken(table: Floats, column: Integers) -> Floats:
    """One bookmaker's value for each outcome; (g, b, 3) and (g, 3) to (g, 3)."""
    taken: Floats = np.take_along_axis(table, column[:, None], axis=1)[:, 0]
    return taken


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
