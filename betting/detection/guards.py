"""Guards: why a price that looks good may not be.

Closing prices of 1993 to 2026 (football-data.co.uk) say why: where the best one claimed an edge
above 40 % it lost 24 %, because such a price is an error far more often than a gift.
"""

import enum
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Company:
    """Who else quotes, and how the others moved: the counts two of the guards decide by.

    Attributes:
        offering: Bookmakers that offer an outcome, shape (g, 3).
        others: Other operators that quote the group validly, shape (g, b).
        operators_above: Operators with a valid price above fair, shape (g, 3).
        moved_later: Other operators that changed a valid quote after this one, shape (g, b).
    """

    offering: Integers
    others: Integers
    operators_above: Integers
    moved_later: Integers


def rejections(prices: Prices, thresholds: Thresholds) -> NDArray[np.int8]:
    """For every price the place of its first rejection in REJECTIONS, or PASSED.

    Returns:
        Shape (g, b, 3); of no meaning where nothing is offered.
    """
    refused = refusals(prices, thresholds, company_of(prices))
    first = np.full(prices.edge.shape, PASSED, dtype=np.int8)
    for place, reason in reversed(list(enumerate(REJECTIONS))):
        if reason in refused:
            first[np.broadcast_to(refused[reason], first.shape)] = place
    return first


def refusals(prices: Prices, thresholds: Thresholds, company: Company) -> dict[Rejection, Flags]:
    """Which prices each guard refuses, whatever the others say; one that is off is left out.

    Returns:
        By guard, flags that broadcast to (g, b, 3).
    """
    few = (company.offering < thresholds.minimum_bookmakers)[:, None] | (
        company.others < thresholds.minimum_consensus_operators
    )[..., None]
    refused: dict[Rejection, Flags] = {
        Rejection.INCOMPLETE: ~prices.board.is_complete[..., None],
        Rejection.STALE: prices.is_stale[..., None],
        Rejection.OVERROUND: prices.is_overround_wild[..., None],
        Rejection.FEW_BOOKMAKERS: few,
        Rejection.TOO_GOOD: prices.edge > thresholds.maximum_edge_pct / 100,
    }
    if thresholds.rejects_lagging:
        # The only operator above fair, and its odds are older than those of three others or more.
        is_alone = (company.operators_above == 1)[:, None]
        was_left_behind = (company.moved_later >= LAGGED_OPERATORS)[..., None]
        refused[Rejection.LAGGING] = _is_above(prices) & is_alone & was_left_behind
    return refused


def company_of(prices: Prices) -> Company:
    """Count who else quotes each group and who moved."""
    panel = prices.board.panel
    is_quoting = panel.membership @ prices.is_valid.T.astype(np.float64) > 0  # (o, g)
    others = is_quoting.sum(axis=0)[:, None] - is_quoting.T[:, panel.operator]
    operators_above = (panel.membership @ _is_above(prices).astype(np.float64) > 0).sum(axis=1)
    newest = _newest_change(prices, panel)
    moved_later = newest[:, None, :] > prices.board.changed_at[..., None]
    is_other = panel.membership.T == 0
    return Company(
        offering=(~np.isnan(prices.board.odds)).sum(axis=1),
        others=others,
        operators_above=operators_above,
        moved_later=(moved_later & is_other).sum(axis=2),
    )


def _is_above(prices: Prices) -> Flags:
    above: Flags = (prices.edge > 0) & prices.is_valid[..., None]
    return above


def _newest_change(prices: Prices, panel: Panel) -> Floats:
    """When each operator last changed a valid quote of the group, -inf if it has none; (g, o)."""
    changed_at = np.where(prices.is_valid, prices.board.changed_at, -np.inf)
    newest = np.full((len(panel.membership), len(changed_at)), -np.inf)
    operators: Integers = panel.operator
    np.maximum.at(newest, operators, changed_at.T)
    by_group: Floats = newest.T
    return by_group
