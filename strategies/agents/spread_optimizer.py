"""Spread Optimizer: where bookmakers disagree, ask whether the best price is also a good one.

A spread, (highest - lowest) / lowest odds, says that bookmakers disagree and nothing about who is
right: it only chooses the outcomes to look at. The probability comes from the other operators'
consensus, their margins taken out, never from the price itself nor from the spread. Exchanges do
not widen a spread, as one thin market would make it as wide as one likes. Where a source states
the market's maximum and average, the maximum is the price and the average the consensus; the
average is then also an upper bound for the lowest odds.

What share of the Kelly stake to bet is the bettor's choice, in the staking settings, not the
agent's.

Source:
    Clarke, Kovalchik & Ingram (2017), "Adjusting bookmaker's odds to allow for overround",
    American Journal of Sports Science 5(6), for the power method; Kelly (1956), "A new
    interpretation of information rate", Bell System Technical Journal 35(4), for the stake.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from odds.fair_prices import CONSENSUS, Flags, Floats
from strategies.offers import Offers, best_edges, fair_elsewhere, fair_of, pick, sane_odds
from strategies.parameters import number
from strategies.predictions import AVERAGE, MAXIMUM, Predictions
from strategies.snapshots import Snapshot

# Odds have three decimals, so this only undoes rounding: 2.04 and 2.00 lie 2 % apart, not 1.999…
DECIMALS: Final = 9


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameters:
    """From which spread on an outcome is looked at, its best price, and what that must be worth."""

    minimum_spread_pct: float = number(2.0, low=0.0, high=100.0)
    minimum_edge_pct: float = number(2.0, low=0.0, high=20.0)
    maximum_edge_pct: float = number(20.0, low=1.0, high=1000.0)
    minimum_operators: int = number(4, low=2, high=20)
    minimum_odds: float = number(1.01, low=1.01, high=100.0)
    maximum_odds: float = number(1000.0, low=1.01, high=1000.0)


def predict(snapshot: Snapshot, parameters: Parameters) -> Predictions:
    """Best prices of outcomes with a spread that beat the consensus of the other operators."""
    board, panel = snapshot.board, snapshot.board.panel
    if not len(snapshot):
        return Predictions.nothing()
    odds = sane_odds(snapshot)
    stated = fair_of(snapshot.average, board.is_three_way)
    is_unstated = (np.isnan(stated) | np.isnan(snapshot.maximum)) & board.is_outcome
    is_stated: Flags = np.logical_not(is_unstated.any(axis=1))
    is_wide = spreads_pct(snapshot, odds, is_stated) >= parameters.minimum_spread_pct
    judged = np.flatnonzero(~is_stated & is_wide.any(axis=1))
    consensus = np.full(odds.shape, np.nan)
    consensus[judged] = fair_elsewhere(
        odds[judged],
        board.is_three_way[judged],
        panel,
        minimum_operators=parameters.minimum_operators,
    )
    probability, offers = best_edges(
        consensus, odds, panel, maximum_edge_pct=parameters.maximum_edge_pct
    )
    probability = np.where(is_stated[:, None], stated, probability)
    offers = _with_stated(offers, snapshot, is_stated)
    is_wanted = (offers.odds >= parameters.minimum_odds) & (offers.odds <= parameters.maximum_odds)
    return pick(
        np.where(is_wide & is_wanted, probability, np.nan),
        offers,
        np.where(is_stated, AVERAGE, CONSENSUS),
        minimum_edge_pct=parameters.minimum_edge_pct,
        maximum_edge_pct=parameters.maximum_edge_pct,
    )


def spreads_pct(snapshot: Snapshot, odds: Floats, is_stated: Flags) -> Floats:
    """How far the odds of each outcome lie apart, exchanges aside, in percent of the lowest.

    Args:
        snapshot: The groups.
        odds: Sane odds, shape (g, b, 3).
        is_stated: Whether a source states the market's maximum and average, shape (g,).

    Returns:
        Spreads, shape (g, 3); NaN where nobody prices the outcome.
    """
    compared = np.where(snapshot.board.panel.is_exchange[:, None], np.nan, odds)
    lowest = np.fmin.reduce(compared, axis=1, initial=np.nan)
    highest = np.fmax.reduce(compared, axis=1, initial=np.nan)
    stated = is_stated[:, None]
    lowest = np.where(stated, np.fmin(lowest, snapshot.average), lowest)
    highest = np.where(stated, snapshot.maximum, highest)
    spreads: Floats = np.round((highest - lowest) / lowest * 100, DECIMALS)
    return spreads


def _with_stated(offers: Offers, snapshot: Snapshot, is_stated: Flags) -> Offers:
    """The stated maximum where there is one, else what bookmakers offer."""
    stated = is_stated[:, None]
    return Offers(
        odds=np.where(stated, snapshot.maximum, offers.odds),
        net=np.where(stated, snapshot.maximum, offers.net),
        column=np.where(stated, MAXIMUM, offers.column),
    )
