"""Pricing: every price of a board held against the fair one, all at once.

Pure numbers, nothing of Django; one bad quote becomes NaN or a flag of its own and costs no other.
Edges are fractions here and percent in findings.
"""

from dataclasses import dataclass

import numpy as np

from betting.detection.board import Board
from odds.devig import Method
from odds.fair_prices import (
    Flags,
    Floats,
    Integers,
    fair_by_bookmaker,
    net_odds,
    overrounds,
    references,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """What counts as an opportunity, and the guards; named and meant as the user's settings."""

    devig: Method
    minimum_edge_pct: float
    maximum_edge_pct: float
    minimum_spread_pct: float
    minimum_bookmakers: int
    minimum_consensus_operators: int
    maximum_source_age_minutes: float
    lowest_overround: float
    highest_overround: float
    shrinkage: float
    rejects_lagging: bool
    detects_arbitrage: bool
    only_playable: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Prices:
    """A board with what each of its prices is worth.

    Attributes:
        board: The quotes.
        is_stale: The bookmaker's own update was too old when seen, shape (g, b).
        is_overround_wild: The margin is out of bounds, shape (g, b).
        is_valid: Complete, fresh and of a sane margin: may serve in a reference, shape (g, b).
        net: Odds after commission, shape (g, b, 3).
        fair: Fair probabilities each bookmaker's prices are held against, shape (g, b, 3).
        source: Whose they are: a column, CONSENSUS or NOBODY, shape (g, b).
        edge: fair times net odds minus 1, shape (g, b, 3); NaN without a reference.
        preference: Which of equal prices to take, lowest first, shape (g, b).
    """

    board: Board
    is_stale: Flags
    is_overround_wild: Flags
    is_valid: Flags
    net: Floats
    fair: Floats
    source: Integers
    edge: Floats
    preference: Integers


def price(board: Board, thresholds: Thresholds) -> Prices:
    """Judge every quote and hold every price against its reference."""
    overround = overrounds(board.odds, board.is_three_way)
    # Comparisons with NaN are false: an unknown age is not an old one, no quote is not a wild one.
    is_stale = board.source_age_seconds > thresholds.maximum_source_age_minutes * 60
    is_wild = (overround < thresholds.lowest_overround) | (overround > thresholds.highest_overround)
    is_valid = board.is_complete & ~is_stale & ~is_wild
    own_fair = fair_by_bookmaker(
        np.where(is_valid[..., None], board.odds, np.nan),
        board.is_three_way,
        board.panel,
        thresholds.devig,
    )
    held_against = references(
        own_fair,
        overround,
        board.panel,
        minimum_operators=thresholds.minimum_consensus_operators,
    )
    net = net_odds(board.odds, board.panel.commission)
    fair = held_against.fair[:, board.panel.operator]
    return Prices(
        board=board,
        is_stale=is_stale,
        is_overround_wild=is_wild,
        is_valid=is_valid,
        net=net,
        fair=fair,
        source=held_against.source[:, board.panel.operator],
        edge=fair * net - 1,
        preference=_preference(board),
    )


def _preference(board: Board) -> Integers:
    """Ranks inside each group: the playable first, then the freshest change, then by key."""
    unplayable = np.broadcast_to(~board.panel.is_playable, board.changed_at.shape)
    order = np.lexsort((-board.changed_at, unplayable), axis=1)  # stable: columns are by key
    ranks: Integers = np.argsort(order, axis=1)
    return ranks


def best_columns(values: Floats, preference: Integers) -> Integers:
    """The column of the highest value of each group and outcome, ties by preference.

    Args:
        values: Shape (g, b, 3), -inf where a bookmaker is out of the running.
        preference: Ranks of the bookmakers, shape (g, b).

    Returns:
        Columns, shape (g, 3); of no meaning where every value is -inf.
    """
    is_highest = values == values.max(axis=1, keepdims=True)
    columns: Integers = np.where(is_highest, preference[..., None], values.shape[1]).argmin(axis=1)
    return columns
