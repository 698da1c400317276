"""Scores: how likely each is, and what that makes of a match's markets.

Pure numbers, nothing of Django.
"""

from typing import Final

import numpy as np

from odds.fair_prices import Floats

MOST_GOALS: Final = 20  # of one team; one that is expected to score 4 passes it twice in 10**9
LOG_FACTORIALS: Final = np.append(0.0, np.cumsum(np.log(np.arange(1, MOST_GOALS + 1))))
_SCORES: Final = np.arange(MOST_GOALS + 1)
MARGINS: Final = _SCORES[:, None] - _SCORES  # of the home team, by its goals and the other's
TOTALS: Final = _SCORES[:, None] + _SCORES


def score_matrix(hosts: Floats, guests: Floats, rho: float) -> Floats:
    """How likely each score is.

    Args:
        hosts: Mean goals of the home team, shape (n,).
        guests: Mean goals of the away team, shape (n,).
        rho: The correction of low scores.

    Returns:
        Probabilities by home goals and away goals, 0 to MOST_GOALS each, shape (n, 21, 21); each
        match's sum to 1.

    Source:
        Dixon & Coles (1997), "Modelling association football scores and inefficiencies in the
        football betting market", Applied Statistics 46(2), section 4.
    """
    matrix = _poisson(hosts)[:, :, None] * _poisson(guests)[:, None, :]
    low = np.stack(
        [
            np.stack([1 - hosts * guests * rho, 1 + hosts * rho], axis=-1),
            np.stack([1 + guests * rho, np.full(hosts.shape, 1 - rho)], axis=-1),
        ],
        axis=-2,
    )
    matrix[:, :2, :2] *= np.maximum(low, 0)
    scaled: Floats = matrix / matrix.sum(axis=(1, 2), keepdims=True)
    return scaled


def _poisson(means: Floats) -> Floats:
    counts = np.arange(MOST_GOALS + 1)
    mass: Floats = np.exp(counts * np.log(means)[:, None] - means[:, None] - LOG_FACTORIALS)
    return mass


def winner(matrix: Floats) -> Floats:
    """Chances of home, draw and away from matrices of scores, shape (n, 3)."""
    return np.stack(
        [(matrix * is_so).sum(axis=(1, 2)) for is_so in (MARGINS > 0, MARGINS == 0, MARGINS < 0)],
        axis=-1,
    )


def totals(matrix: Floats, line: Floats) -> Floats:
    """Chances of over, nothing and under among decided stakes, shape (n, 3); see `decided`."""
    return decided(matrix, 2 * (TOTALS - line[:, None, None]))


def spreads(matrix: Floats, line: Floats) -> Floats:
    """Chances of home, nothing and away among decided stakes; `line` is the home handicap."""
    return decided(matrix, 2 * (MARGINS + line[:, None, None]))


def decided(matrix: Floats, lead: Floats) -> Floats:
    """What of a stake is expected to win, over what is expected to win or lose.

    Whole lines give stakes back and quarter lines halves of them. Fair odds of such lines leave
    that out, and so does this: at odds o, p * o - 1 is the profit per unit of stake won or lost,
    0 at o = 1 / p, which is when a bet is worth nothing.

    Args:
        matrix: Probabilities of scores, shape (n, 21, 21).
        lead: Of the first side, in half goals: a win from 1, half a win at 0.5, nothing at 0;
            shape (n, 21, 21).

    Returns:
        Of the first side, NaN and of the other side, shape (n, 3); all NaN where a line is no
        multiple of a quarter.
    """
    share = np.clip(lead, -1, 1)
    won = (matrix * np.maximum(share, 0)).sum(axis=(1, 2))
    lost = (matrix * np.maximum(-share, 0)).sum(axis=(1, 2))
    first = np.divide(won, won + lost, out=np.full(len(won), np.nan), where=won + lost > 0)
    is_line = (2 * lead[:, 0, 0]) % 1 == 0
    first = np.where(is_line, first, np.nan)
    return np.stack([first, np.full(len(won), np.nan), 1 - first], axis=-1)
