"""Guards: why a price that looks good may not be.

Closing prices of 1993 to 2026 (football-data.co.uk) say why: where the best one claimed an edge
above 40 % it lost 24 %, because such a price is an error far more often than a gift.
"""

import enum
from typing import Final

import numpy as np
from numpy.typing import NDArray

from betting.detection.pricing import Prices, Thresholds
from odds.fair_prices import Flags, Floats, Integers, Panel

LAGGED_OPERATORS: Final = 3  # so many others must have moved before a price counts as left behind


class Rejection(enum.StrEnum):
    """The reasons, in the order in which they are tried; the first one is kept."""

    INCOMPLETE = "incomplete"
    STALE = "stale"
    OVERROUND = "overround"
    FEW_BOOKMAKERS = "few_bookmakers"
    TOO_GOOD = "too_good"
    LAGGING = "lagging"


REJECTIONS: Final = tuple(Rejection)
PASSED: Final = -1


def rejections(prices: Prices, thresholds: Thresholds) -> NDArray[np.int8]:
    """For every price the place of its first rejection in REJECTIONS, or PASSED.

    Returns:
        Shape (g, b, 3); of no meaning where nothing is offered.
    """
    refused = {
        Rejection.INCOMPLETE: ~prices.board.is_complete[..., None],
        Rejection.STALE: prices.is_stale[..., None],
        Rejection.OVERROUND: prices.is_overround_wild[..., None],
        Rejection.FEW_BOOKMAKERS: _is_among_few(prices, thresholds),
        Rejection.TOO_GOOD: prices.edge > thresholds.maximum_edge_pct / 100,
    }
    if thresholds.rejects_lagging:
        refused[Rejection.LAGGING] = _is_lagging(prices)
    first = np.full(prices.edge.shape, PASSED, dtype=np.int8)
    for place, reason in reversed(list(enumerate(REJECTIONS))):
        if reason in refused:
            first[np.broadcast_to(refused[reason], first.shape)] = place
    return first


def _is_among_few(prices: Prices, thresholds: Thresholds) -> Flags:
    """Too few bookmakers offer the outcome, or too few other operators quote the group validly."""
    offering = (~np.isnan(prices.board.odds)).sum(axis=1)
    panel = prices.board.panel
    is_quoting = panel.membership @ prices.is_valid.T.astype(np.float64) > 0  # (o, g)
    others = is_quoting.sum(axis=0)[:, None] - is_quoting.T[:, panel.operator]
    few: Flags = (offering < thresholds.minimum_bookmakers)[:, None] | (
        others < thresholds.minimum_consensus_operators
    )[..., None]
    return few


def _is_lagging(prices: Prices) -> Flags:
    """The only operator above fair, and its odds are older than those of three others or more."""
    panel = prices.board.panel
    is_above = (prices.edge > 0) & prices.is_valid[..., None]
    operators_above = (panel.membership @ is_above.astype(np.float64) > 0).sum(axis=1)
    newest = _newest_change(prices, panel)
    moved_later = newest[:, None, :] > prices.board.changed_at[..., None]
    is_other = panel.membership.T == 0
    was_left_behind = (moved_later & is_other).sum(axis=2) >= LAGGED_OPERATORS
    lagging: Flags = is_above & (operators_above == 1)[:, None] & was_left_behind[..., None]
    return lagging


def _newest_change(prices: Prices, panel: Panel) -> Floats:
    """When each operator last changed a valid quote of the group, -inf if it has none; (g, o)."""
    changed_at = np.where(prices.is_valid, prices.board.changed_at, -np.inf)
    newest = np.full((len(panel.membership), len(changed_at)), -np.inf)
    operators: Integers = panel.operator
    np.maximum.at(newest, operators, changed_at.T)
    by_group: Floats = newest.T
    return by_group
