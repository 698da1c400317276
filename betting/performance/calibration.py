"""Whether what was said of outcomes came true: the chance they were given, and how often they came.

Pure numbers.
"""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

BINS: Final = 10  # of equal width
TWO_SIDED_95: Final = 1.959963984540054


@dataclass(frozen=True, slots=True, kw_only=True)
class Bin:
    """Outcomes that were given about the same chance; fractions.

    Attributes:
        count: How many.
        said: Their mean chance.
        came: The share of them that came.
        low: Lower end of the 95 % interval of the true share.
        high: Upper end.
    """

    count: int
    said: float
    came: float
    low: float
    high: float


def bins_of(said: Floats, came: Floats) -> list[Bin]:
    """Tenths of the range of chances that hold any outcome, ascending.

    Args:
        said: The chance each outcome was given, from 0 to 1, NaN where none is known; shape (n,).
        came: 1 where it came, 0 where not, NaN where it was neither; shape (n,).
    """
    is_known = ~(np.isnan(said) | np.isnan(came))
    chance, ended = said[is_known], came[is_known]
    place = np.minimum((chance * BINS).astype(np.intp), BINS - 1)
    count = np.bincount(place, minlength=BINS)
    sums = [np.bincount(place, weights=one, minlength=BINS) for one in (chance, ended)]
    return [
        _bin(int(number), float(chances), float(wins))
        for number, chances, wins in zip(count, *sums, strict=True)
        if number
    ]


def wilson(wins: float, count: int) -> tuple[float, float]:
    """The 95 % interval of a share; it stays between 0 and 1 and is of use for few outcomes.

    Args:
        wins: How many came.
        count: Of how many independent ones, above 0.

    Source:
        Wilson (1927), "Probable inference, the law of succession, and statistical inference",
        Journal of the American Statistical Association 22(158).
    """
    share, squared = wins / count, TWO_SIDED_95**2
    middle = (share + squared / (2 * count)) / (1 + squared / count)
    spread = math.sqrt(share * (1 - share) / count + squared / (4 * count**2))
    width = TWO_SIDED_95 * spread / (1 + squared / count)
    return max(0.0, middle - width), min(1.0, middle + width)


def _bin(count: int, chances: float, wins: float) -> Bin:
    low, high = wilson(wins, count)
    return Bin(count=count, said=chances / count, came=wins / count, low=low, high=high)
