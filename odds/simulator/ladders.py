"""The prices bookmakers can show, and the nearest of them.

Each ladder is an ascending array of decimal odds. Which bookmaker uses which follows the prices
recorded in 2024 and 2026.
"""

import numpy as np

from odds.simulator.chance import Floats


def _ladder(start: float, *steps: tuple[float, float]) -> Floats:
    """Odds from `start`, in (step, up to) pieces."""
    pieces = [np.array([start])]
    for step, end in steps:
        first = float(pieces[-1][-1])
        pieces.append(first + step * np.arange(1, round((end - first) / step) + 1))
    return np.round(np.concatenate(pieces), 2)


HUNDREDTHS = _ladder(1.01, (0.01, 20), (0.1, 100), (1, 1000))
# Seen at Unibet, Winamax and Tipico: hundredths below evens, twentieths above.
TWENTIETHS = _ladder(1.01, (0.01, 2), (0.05, 5), (0.1, 10), (0.5, 20), (1, 100), (5, 500))
# Betfair's published price increments.
EXCHANGE = _ladder(
    1.01, (0.01, 2), (0.02, 3), (0.05, 4), (0.1, 6), (0.2, 10), (0.5, 20), (1, 30), (2, 50),
    (5, 100), (10, 1000),
)  # fmt: skip
# British fractions as decimals, seen at William Hill between 1.18 and 13.
FRACTIONS = np.array([
    1.01, 1.02, 1.03, 1.04, 1.05, 1.06, 1.07, 1.08, 1.1, 1.11, 1.12, 1.14, 1.15, 1.17, 1.18, 1.2,
    1.22, 1.25, 1.29, 1.3, 1.33, 1.36, 1.4, 1.44, 1.5, 1.53, 1.55, 1.57, 1.6, 1.62, 1.65, 1.67,
    1.7, 1.73, 1.75, 1.8, 1.83, 1.85, 1.91, 1.95, 2.0, 2.05, 2.1, 2.15, 2.2, 2.25, 2.3, 2.38, 2.4,
    2.45, 2.5, 2.6, 2.62, 2.7, 2.75, 2.8, 2.88, 2.9, 3.0, 3.1, 3.2, 3.25, 3.3, 3.4, 3.5, 3.6, 3.7,
    3.75, 3.8, 3.9, 4.0, 4.2, 4.33, 4.4, 4.5, 4.6, 4.75, 4.8, 5.0, 5.5, 5.8, 6.0, 6.5, 7.0, 7.5,
    8.0, 8.5, 9.0, 9.5, 10.0, 11.0, 12.0, 13.0, 15.0, 17.0, 19.0, 21.0, 23.0, 26.0, 29.0, 34.0,
    41.0, 51.0, 67.0, 81.0, 101.0, 126.0, 151.0, 201.0, 251.0, 501.0,
])  # fmt: skip

LADDERS = {
    "hundredths": HUNDREDTHS,
    "twentieths": TWENTIETHS,
    "exchange": EXCHANGE,
    "fractions": FRACTIONS,
}


def nearest(ladder: Floats, odds: Floats) -> Floats:
    """The ladder's prices nearest to `odds`, of any shape."""
    above = np.clip(np.searchsorted(ladder, odds), 1, len(ladder) - 1)
    low, high = ladder[above - 1], ladder[above]
    return np.asarray(np.where(odds - low <= high - odds, low, high))


def at_least(ladder: Floats, odds: Floats, *, beyond: Floats) -> Floats:
    """The ladder's prices nearest to `odds` and above `beyond`, element by element."""
    next_up = ladder[np.clip(np.searchsorted(ladder, beyond, side="right"), 0, len(ladder) - 1)]
    return np.maximum(nearest(ladder, odds), next_up)
