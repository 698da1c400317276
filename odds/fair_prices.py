"""Fair prices: whose probabilities a bookmaker's price is held against.

Tables here are (g, b, 3): g groups (one market and line of one match), b bookmakers, and three
places: home or over, draw, away or under. NaN stands where nothing is offered; a group without a
draw leaves its second place NaN. A reference never contains the operator whose price it judges:
a price held against itself says nothing.
"""

from dataclasses import dataclass
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from odds.devig import Method, fair_probabilities, overround

Floats = NDArray[np.float64]
Integers = NDArray[np.intp]
Flags = NDArray[np.bool_]

CONSENSUS: Final = -1
NOBODY: Final = -2
PLACES: Final = {2: [0, 2], 3: [0, 1, 2]}  # of the outcomes, by how many a group has


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """Bookmakers as columns, one array element each; `operator` numbers operators from 0."""

    key: NDArray[np.str_]
    operator: Integers
    is_exchange: Flags
    is_sharp: Flags
    is_playable: Flags
    commission: Floats

    def take(self, columns: Integers) -> Self:
        """These bookmakers in this order, their operators numbered anew."""
        return type(self)(
            key=self.key[columns],
            operator=np.unique(self.operator[columns], return_inverse=True)[1],
            is_exchange=self.is_exchange[columns],
            is_sharp=self.is_sharp[columns],
            is_playable=self.is_playable[columns],
            commission=self.commission[columns],
        )

    @property
    def membership(self) -> Floats:
        """1 where a bookmaker (column) belongs to an operator (row), else 0; shape (o, b)."""
        operators = np.arange(self.operator.max(initial=-1) + 1)
        members: Floats = (self.operator == operators[:, None]).astype(np.float64)
        return members


@dataclass(frozen=True, slots=True, kw_only=True)
class References:
    """What the prices of each operator are held against, group by group.

    Attributes:
        fair: Fair probabilities, shape (g, o, 3); NaN where there is no reference.
        source: The column of the bookmaker they come from, CONSENSUS or NOBODY; shape (g, o).
    """

    fair: Floats
    source: Integers


def net_odds(odds: Floats, commission: Floats) -> Floats:
    """Odds after the exchange has kept its share of the winnings: 1 + (1 - c)(o - 1).

    Args:
        odds: Decimal odds, any shape (…, b, 3).
        commission: Share of net winnings, from 0 to 1, shape (b,).
    """
    net: Floats = 1 + (1 - commission[:, None]) * (odds - 1)
    return net


def overrounds(odds: Floats, is_three_way: Flags) -> Floats:
    """Each bookmaker's sum of implied probabilities; NaN where an outcome is missing.

    Args:
        odds: Decimal odds, shape (g, b, 3).
        is_three_way: Whether a group has a draw, shape (g,).

    Returns:
        Overrounds, shape (g, b).
    """
    sums = np.full(odds.shape[:2], np.nan)
    for ways, places in PLACES.items():
        groups = np.flatnonzero(is_three_way == (ways == 3))
        quoted = odds[groups][..., places]
        sums[groups] = overround(quoted.reshape(-1, ways)).reshape(quoted.shape[:2])
    return sums


def fair_by_bookmaker(odds: Floats, is_three_way: Flags, panel: Panel, method: Method) -> Floats:
    """What each bookmaker holds to be fair, its margin taken out.

    Exchanges are read as they offer, before commission, and always multiplicatively: their small
    margin has no favourite-longshot bias to speak of. A commission is a share of the winnings, so
    it shortens longshots most; devigging odds net of it would take that for an opinion.

    Args:
        odds: Decimal odds as offered, shape (g, b, 3); NaN where they may not serve.
        is_three_way: Whether a group has a draw, shape (g,).
        panel: The b bookmakers.
        method: How a bookmaker's margin is taken out.

    Returns:
        Probabilities, shape (g, b, 3); a quote's are all NaN where one of its outcomes is.
    """
    fair = np.full(odds.shape, np.nan)
    exchanges, bookmakers = np.flatnonzero(panel.is_exchange), np.flatnonzero(~panel.is_exchange)
    for ways, places in PLACES.items():
        groups = np.flatnonzero(is_three_way == (ways == 3))
        for columns, how in ((bookmakers, method), (exchanges, Method.MULTIPLICATIVE)):
            block = np.ix_(groups, columns, np.array(places))
            quoted = odds[block]
            fair[block] = fair_probabilities(quoted.reshape(-1, ways), how).reshape(quoted.shape)
    return fair


def references(
    fair: Floats, overround: Floats, panel: Panel, *, minimum_operators: int
) -> References:
    """The reference of every operator in every group: sharp, else exchange, else consensus.

    Of several sharp bookmakers or exchanges the one with the lowest overround is taken, of equal
    ones the first column. One whose operator offers the price is passed over.

    Args:
        fair: Each bookmaker's fair probabilities, shape (g, b, 3); NaN where it may not serve.
        overround: Each bookmaker's overround, shape (g, b).
        panel: The b bookmakers, of o operators.
        minimum_operators: How many other operators make a consensus.
    """
    source = np.full((len(fair), len(panel.membership)), NOBODY)
    for is_wanted in (panel.is_sharp, panel.is_exchange):
        choice = _lowest_overround_elsewhere(fair, overround, panel, np.flatnonzero(is_wanted))
        source = np.where(source == NOBODY, choice, source)
    consensus = consensus_without_each(fair, panel, minimum_operators=minimum_operators)
    source[(source == NOBODY) & ~np.isnan(consensus[..., 0])] = CONSENSUS
    of_source = fair[np.arange(len(fair))[:, None], np.maximum(source, 0)]
    return References(fair=np.where(source[..., None] >= 0, of_source, consensus), source=source)


def _lowest_overround_elsewhere(
    fair: Floats, overround: Floats, panel: Panel, columns: Integers
) -> Integers:
    """For each group and operator, which of these columns of other operators; shape (g, o)."""
    own = panel.membership[:, columns] > 0
    if not columns.size:
        return np.full((len(fair), len(own)), NOBODY)
    usable = np.where(np.isnan(fair[:, columns, 0]), np.inf, overround[:, columns])
    elsewhere = np.where(own, np.inf, usable[:, None, :])
    chosen: Integers = columns[elsewhere.argmin(axis=2)]
    return np.where(np.isfinite(elsewhere.min(axis=2)), chosen, NOBODY)


def consensus_without_each(fair: Floats, panel: Panel, *, minimum_operators: int) -> Floats:
    """For each operator, what all the others together hold to be fair.

    The bookmakers of one operator are averaged first, because one trading desk is one opinion.
    Then each outcome takes the median over the other operators, which one absurd quote cannot
    move far, and the medians are scaled to sum to 1.

    Args:
        fair: Each bookmaker's fair probabilities, shape (g, b, 3).
        panel: The b bookmakers, of o operators.
        minimum_operators: With fewer others than this there is no consensus.

    Returns:
        Probabilities, shape (g, o, 3); NaN where there is no consensus.
    """
    opinions = mean_by_operator(fair, panel)
    has_opinion = ~np.isnan(opinions[..., 0])
    others = has_opinion.sum(axis=1, keepdims=True) - has_opinion
    medians = _median_without_each(opinions, others)
    medians[others < max(minimum_operators, 1)] = np.nan
    totals = np.nansum(medians, axis=2, keepdims=True)
    consensus: Floats = np.divide(
        medians, totals, out=np.full(medians.shape, np.nan), where=totals > 0
    )
    return consensus


def mean_by_operator(fair: Floats, panel: Panel) -> Floats:
    """Means over each operator's bookmakers, shape (g, o, 3); NaN where it has none."""
    is_missing = np.isnan(fair)
    sums = panel.membership @ np.where(is_missing, 0, fair)
    counts = panel.membership @ (~is_missing).astype(np.float64)
    means: Floats = np.divide(sums, counts, out=np.full(sums.shape, np.nan), where=counts > 0)
    return means


def _median_without_each(opinions: Floats, others: Integers) -> Floats:
    """Medians over all operators but one, for each one; shapes (g, o, 3), others (g, o).

    All medians come from one sorting: without the r-th smallest value, the n-th smallest is the
    n-th of all below r, and the one after it from r on. An operator without opinion sorts last,
    so that leaving it out changes nothing.
    """
    order = np.argsort(opinions, axis=1)
    rank = np.argsort(order, axis=1)
    ascending = np.take_along_axis(opinions, order, axis=1)

    def smallest(nth: Integers) -> Floats:
        place = nth[..., None] + (nth[..., None] >= rank)
        return np.take_along_axis(ascending, place.clip(0, opinions.shape[1] - 1), axis=1)

    middle: Floats = (smallest((others - 1) // 2) + smallest(others // 2)) / 2
    return middle
