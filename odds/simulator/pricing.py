"""From a belief to the prices a bookmaker shows: lines, margin, ladder.

Everything is done for many bookmakers at once; the first axis is always theirs.
"""

from collections.abc import Sequence

import numpy as np

from odds.simulator.bookmakers import Bookmaker
from odds.simulator.chance import Floats
from odds.simulator.ladders import LADDERS, at_least, nearest
from odds.simulator.scores import CountLaw

_STEPS = 10  # Newton's, from 1: to 1e-15 for overrounds up to 1.2 and outcomes of 0.1 %
_SURE = 0.001  # an outcome less likely than this (odds of 1,000) suspends the market


def power_prices(fair: Floats, overround: Floats) -> Floats:
    """Implied probabilities `fair ** k` that sum to `overround`: longshots carry most margin.

    Args:
        fair: Probabilities, shape (rows, outcomes), each in (0, 1).
        overround: Sums to reach, shape (rows,), not below 1.
    """
    logs, k = np.log(fair), np.ones((len(fair), 1))
    for _ in range(_STEPS):
        implied = np.exp(k * logs)
        total = implied.sum(axis=1, keepdims=True)
        # The logarithm of the sum is nearly straight in k, which saves steps.
        gap = np.log(total) - np.log(overround[:, None])
        k -= gap * total / (implied * logs).sum(axis=1, keepdims=True)
    return np.asarray(np.exp(k * logs))


def odds_ratio_prices(fair: Floats, overround: Floats) -> Floats:
    """Implied probabilities whose odds are `c` times the fair ones and that sum to `overround`.

    Args:
        fair: Probabilities, shape (rows, outcomes), each in (0, 1).
        overround: Sums to reach, shape (rows,), not below 1.
    """
    c = np.ones((len(fair), 1))
    for _ in range(_STEPS):
        below = 1 - fair + c * fair
        gap = (c * fair / below).sum(axis=1, keepdims=True) - overround[:, None]
        c -= gap / (fair * (1 - fair) / below**2).sum(axis=1, keepdims=True)
    return np.asarray(c * fair / (1 - fair + c * fair))


class Pricing:
    """Prices of one roster of bookmakers.

    Args:
        bookmakers: The roster.
        extra_margin: What every one of them keeps above its usual margin.
    """

    def __init__(self, bookmakers: Sequence[Bookmaker], *, extra_margin: float = 0.0) -> None:
        self.bookmakers = tuple(bookmakers)
        self.overround = np.array([1 + book.margin + extra_margin for book in bookmakers])
        self.line_step = np.array([book.lines for book in bookmakers])
        self._ladders = [
            (LADDERS[name], self._rows("ladder", name))
            for name in dict.fromkeys(book.ladder for book in bookmakers)
        ]
        self._power = self._rows("shading", "power")
        self._odds_ratio = self._rows("shading", "odds_ratio")

    def back(self, fair: Floats) -> Floats:
        """Decimal odds shown for fair probabilities, shape (books, outcomes).

        A row is nan where an outcome is so unlikely that the market is suspended.
        """
        possible = fair.min(axis=1) > _SURE
        safe = np.where(possible[:, None], fair, 1 / fair.shape[1])
        implied = safe * self.overround[:, None]
        for rows, shade in ((self._power, power_prices), (self._odds_ratio, odds_ratio_prices)):
            implied[rows] = shade(safe[rows], self.overround[rows])
        odds = 1 / implied
        for ladder, rows in self._ladders:
            odds[rows] = nearest(ladder, odds[rows])
        return np.where(possible[:, None], odds, np.nan)

    def lay(self, fair: Floats, back: Floats) -> Floats:
        """Odds at which an exchange takes bets from layers, one step above `back` or more."""
        lay = 1 / (fair * (2 - self.overround[:, None]))
        for ladder, rows in self._ladders:
            lay[rows] = at_least(ladder, lay[rows], beyond=back[rows])
        return np.where(np.isnan(back), np.nan, lay)

    def lines(self, law: CountLaw, centre: Floats, reach: float) -> tuple[Floats, Floats]:
        """The line nearest to an even bet at each book and the fair probability of over on it.

        Args:
            law: The law of the total, or of the margin.
            centre: Expected value of it, shape (books,).
            reach: How far from the centre lines are looked for.

        Returns:
            Lines and probabilities, shape (books,).
        """
        offsets = np.arange(-reach, reach + 0.25, 0.25)
        candidates = np.floor(centre)[:, None] + offsets
        over = law.over(candidates)
        # Whole-step books keep to half points, where nothing is ever pushed.
        start = np.where(self.line_step == 1.0, 0.5, 0.0)[:, None]
        offered = (candidates - start) % self.line_step[:, None] == 0
        best = np.argmin(np.where(offered, np.abs(over - 0.5), np.inf), axis=1)[:, None]
        return (
            np.take_along_axis(candidates, best, axis=1)[:, 0],
            np.take_along_axis(over, best, axis=1)[:, 0],
        )

    def _rows(self, attribute: str, value: str) -> list[int]:
        return [i for i, book in enumerate(self.bookmakers) if getattr(book, attribute) == value]
