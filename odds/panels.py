"""Bookmakers' rows as the columns that `odds.fair_prices` computes with."""

from collections.abc import Sequence

import numpy as np

from odds.fair_prices import Panel
from odds.models import Bookmaker


def panel_of(bookmakers: Sequence[Bookmaker]) -> Panel:
    """A panel with these bookmakers as columns, in this order, and an outsider as the last one.

    The outsider is an operator of its own that offers nothing: what its prices would be held
    against is the reference of all bookmakers together.
    """
    operators = [bookmaker.operator for bookmaker in bookmakers]
    numbers = {operator: number for number, operator in enumerate(dict.fromkeys(operators))}
    kinds = [bookmaker.kind for bookmaker in bookmakers]
    return Panel(
        key=np.array([*(bookmaker.key for bookmaker in bookmakers), ""]),
        operator=np.array([*(numbers[operator] for operator in operators), len(numbers)]),
        is_exchange=np.array([*(kind == Bookmaker.Kind.EXCHANGE for kind in kinds), False]),
        is_sharp=np.array([*(kind == Bookmaker.Kind.SHARP for kind in kinds), False]),
        is_playable=np.array([*(bookmaker.is_playable for bookmaker in bookmakers), False]),
        commission=np.array([*(float(bookmaker.commission) for bookmaker in bookmakers), 0.0]),
    )
