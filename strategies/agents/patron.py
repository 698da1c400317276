"""Patron: listen to the other agents as far as their predictions were worth something.

An agent's weight is its mean fair CLV, shrunk towards 0 the fewer matches stand behind it; whoever
has too few, or did not beat the close, has none. An outcome is taken where enough agents with a
weight back that very outcome, and what they hold its chance to be, by weight, beats the best of
their prices. Only those who back an outcome speak: agents say nothing of prices they leave.

Source:
    Bühlmann (1967), "Experience rating and credibility", ASTIN Bulletin 4(3): a mean of n
    observations deserves the credibility n / (n + k).
"""

from dataclasses import dataclass

import numpy as np

from odds.fair_prices import NOBODY, Floats, Integers
from strategies.parameters import number
from strategies.predictions import EVERY, NO_LEG, Predictions
from strategies.snapshots import Record, Snapshot


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameters:
    """Whom to listen to, and how many have to agree on how much; percent."""

    minimum_edge_pct: float = number(2.0, low=0.0, high=20.0)
    minimum_agents: int = number(2, low=1, high=10)
    minimum_matches: int = number(30, low=1, high=10_000)
    prior_matches: int = number(100, low=0, high=10_000)


def predict(snapshot: Snapshot, parameters: Parameters) -> Predictions:
    """In each group the outcome most weight stands behind, where enough agents make it value.

    An arbitrage is no opinion on an outcome and is left out. Without records nothing is taken.
    """
    given = {
        key: weight(snapshot.records[key], parameters)
        for key in sorted(snapshot.opinions)  # so that sums do not depend on the order given
        if key in snapshot.records
    }
    heard = [(snapshot.opinions[key], worth) for key, worth in given.items() if worth > 0]
    if not heard:
        return Predictions.nothing()
    backed = _joined([opinion for opinion, _worth in heard])
    weights = np.repeat([worth for _opinion, worth in heard], [len(one) for one, _w in heard])
    is_backing = np.flatnonzero(backed.place != EVERY)
    return _combined(backed.take(is_backing), weights[is_backing], parameters)


def weight(record: Record, parameters: Parameters) -> float:
    """The mean fair CLV times n / (n + prior); 0 with too few matches or no mean above 0.

    Args:
        record: What an agent's predictions were worth.
        parameters: How many matches it takes, and how many the prior stands for.

    Returns:
        A fraction: what a prediction of the agent is held to be worth.
    """
    matches = record.matches
    if matches < parameters.minimum_matches or not record.clv > 0:  # NaN is not above 0
        return 0.0
    return record.clv * matches / (matches + parameters.prior_matches)


def _combined(backed: Predictions, weights: Floats, parameters: Parameters) -> Predictions:
    """The predictions on each outcome as one; of a group's outcomes the heaviest with value."""
    keys = backed.group * EVERY + backed.place
    outcomes, which, agents = np.unique(keys, return_inverse=True, return_counts=True)
    heaviness = np.bincount(which, weights)
    chance = np.bincount(which, weights * backed.probability) / heaviness
    best = _first_of_each(which, backed.column, -backed.net_odds)
    edge = chance * backed.net_odds[best] - 1
    is_value = (agents >= parameters.minimum_agents) & (edge > parameters.minimum_edge_pct / 100)
    usable = np.flatnonzero(is_value)
    group = outcomes[usable] // EVERY
    taken = usable[_first_of_each(group, outcomes[usable], -heaviness[usable])]
    offer = backed.take(best[taken])
    return Predictions(
        group=offer.group,
        place=offer.place,
        column=offer.column,
        odds=offer.odds,
        probability=chance[taken],
        edge=edge[taken],
        net_odds=offer.net_odds,
        source=_sources(backed, weights, which)[taken],
        legs=np.full((len(taken), 3), NO_LEG, dtype=np.intp),
    )


def _sources(backed: Predictions, weights: Floats, which: Integers) -> Integers:
    """The reference that may not grade each outcome: of the heaviest opinion that rests on one.

    Only one can be named. A bookmaker goes before a consensus or an average, since those grade
    only where no bookmaker can; a model's own probability, which bars nobody, comes last. So a
    prediction that two bookmakers selected may be graded by the one of less weight.
    """
    is_number = backed.source >= 0
    rank = np.where(is_number, 0, np.where(backed.source == NOBODY, 2, 1))
    return backed.source[_first_of_each(which, backed.source, -weights, rank)]


def _first_of_each(owner: Integers, *keys: Floats | Integers) -> Integers:
    """For each owner, ascending, where its lowest row stands; the last key counts most."""
    order = np.lexsort((*keys, owner))
    first: Integers = order[np.unique(owner[order], return_index=True)[1]]
    return first


def _joined(parts: list[Predictions]) -> Predictions:
    return Predictions(
        **{
            name: np.concatenate([getattr(part, name) for part in parts])
            for name in Predictions.__slots__
        }
    )
