"""Arbitrage Finder: take every outcome where the best prices together cost less than they pay.

Staked in proportion to 1 / odds, a unit returns 1 / (sum of 1 / odds) whatever happens; where a
handicap or a total pushes, the stakes come back. There is no opinion in it and hence no reference:
the risk is that a price is an error or gone before the last stake is placed, which is why profits
above a maximum are passed over.

Source:
    Constantinou & Fenton (2013), "Profiting from arbitrage and odds biases of the European
    football gambling market", Journal of Gambling Business and Economics 7(2).
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from odds.fair_prices import NOBODY, Flags, Floats
from strategies.offers import Offers, highest_offers, sane_odds
from strategies.parameters import number
from strategies.predictions import EVERY, NO_LEG, Predictions
from strategies.snapshots import Snapshot

# What rounding alone may bring is no profit: 1 / 3 three times costs 1, not 0.999…
DECIMALS: Final = 9


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameters:
    """What a unit must bring after commission, and from where on it is taken for an error."""

    minimum_profit_pct: float = number(0.0, low=0.0, high=20.0)
    maximum_profit_pct: float = number(20.0, low=1.0, high=1000.0)


def predict(snapshot: Snapshot, parameters: Parameters) -> Predictions:
    """Groups of which every outcome can be taken for less than a unit in all."""
    board = snapshot.board
    if not board.odds.size:
        return Predictions.nothing()
    offers = highest_offers(sane_odds(snapshot), board.panel)
    # NaN, and so no arbitrage, where an outcome has no price.
    returned = np.round(1 / _costs(offers, board.is_outcome), DECIMALS)
    group = np.flatnonzero(
        (returned - 1 > parameters.minimum_profit_pct / 100)
        & (returned - 1 <= parameters.maximum_profit_pct / 100)
    )
    legs = np.where(board.is_outcome[group], offers.column[group], NO_LEG)
    return Predictions(
        group=group,
        place=np.full(len(group), EVERY),
        column=legs[:, 0],
        odds=returned[group],
        probability=np.ones(len(group)),
        edge=returned[group] - 1,
        net_odds=returned[group],
        source=np.full(len(group), NOBODY),
        legs=legs,
    )


def _costs(offers: Offers, is_outcome: Flags) -> Floats:
    """What a return of 1 on every outcome costs; shape (g,)."""
    costs: Floats = np.where(is_outcome, 1 / offers.net, 0).sum(axis=1)
    return costs
