"""What an agent says: at most one price to take in each group of a snapshot.

Pure arrays, nothing of Django.
"""

from dataclasses import dataclass
from typing import Final, Self

import numpy as np

from odds.fair_prices import Floats, Integers

EVERY: Final = 3  # the place of a prediction that takes every outcome: an arbitrage
MAXIMUM: Final = -1  # the column of a price stated as the market's highest
NO_LEG: Final = -2
# Whose probability a price was held against, beside a bookmaker's column: CONSENSUS (-1) and
# NOBODY (-2) of `odds.fair_prices`, and the average that football-data.co.uk states.
AVERAGE: Final = -3


@dataclass(frozen=True, slots=True, kw_only=True)
class Predictions:
    """The n prices an agent would take; every array has shape (n,) but `legs`.

    Attributes:
        group: Place in the snapshot, ascending, each at most once.
        place: Which outcome: 0 to 2 as in a quote, or EVERY.
        column: The bookmaker's column, or MAXIMUM; of an arbitrage that of its first leg.
        odds: As offered; of an arbitrage what a unit spread over the legs returns.
        probability: What the agent holds the outcome's chance to be; 1 for an arbitrage.
        edge: Probability times odds net of commission, minus 1.
        net_odds: Odds net of commission.
        source: Whose probability it is: a column, CONSENSUS, AVERAGE or NOBODY (a model's own).
        legs: The columns of an arbitrage's prices by place, NO_LEG elsewhere, shape (n, 3).
    """

    group: Integers
    place: Integers
    column: Integers
    odds: Floats
    probability: Floats
    edge: Floats
    net_odds: Floats
    source: Integers
    legs: Integers

    def __len__(self) -> int:
        return len(self.group)

    @property
    def kelly(self) -> Floats:
        """The share of the bankroll that grows it fastest: edge / (net odds - 1)."""
        fraction: Floats = np.maximum(self.edge, 0) / (self.net_odds - 1)
        return fraction

    @classmethod
    def nothing(cls) -> Self:
        """No price at all."""
        none, numbers = np.array([], dtype=np.intp), np.array([])
        return cls(
            group=none,
            place=none,
            column=none,
            odds=numbers,
            probability=numbers,
            edge=numbers,
            net_odds=numbers,
            source=none,
            legs=none.reshape(0, 3),
        )

    def take(self, rows: Integers) -> Self:
        """These predictions only."""
        return type(self)(
            group=self.group[rows],
            place=self.place[rows],
            column=self.column[rows],
            odds=self.odds[rows],
            probability=self.probability[rows],
            edge=self.edge[rows],
            net_odds=self.net_odds[rows],
            source=self.source[rows],
            legs=self.legs[rows],
        )
