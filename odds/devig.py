"""Fair probabilities: bookmakers' odds with the margin taken out, a whole table at a time.

Everything here takes decimal odds of shape (n, k): n markets of k outcomes each. A market is
*unreadable* when an outcome is missing (NaN) or its odds are not a finite number above 1. A method
is *undefined* on a market when it has no answer strictly inside (0, 1). Both give a row of NaN,
never an exception or a warning: one bad quote must not cost the thousands beside it.

Three methods need a root. Each is written as a function that is convex or concave in its one
parameter, and Newton's method then starts left of the root, from where it can only climb towards
it. So no odds, however extreme, make it diverge, and no bracket has to be carried along.
"""

import enum
from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

ROWS_PER_BLOCK: Final = 8192  # a block and its intermediate results stay in the processor's cache
MAX_STEPS: Final = 64  # football takes 3 to 6, odds from 1.001 to 1000 at most 15
LAST_STEP: Final = 1e-10  # Newton squares the error: after such a step only rounding is left
# How far below 1 an overround may be by rounding alone, and still count as "no margin".
ROUNDING: Final = 1e-12
SMALLEST: Final = np.finfo(np.float64).tiny  # below it a float begins to lose its digits


class Method(enum.StrEnum):
    """How the margin is spread over the outcomes; q = 1 / odds, S = the sum of q."""

    MULTIPLICATIVE = "multiplicative"
    ADDITIVE = "additive"
    POWER = "power"
    SHIN = "shin"
    ODDS_RATIO = "odds_ratio"


def fair_probabilities(odds: Floats, method: Method = Method.POWER) -> Floats:
    """Fair probabilities of every outcome of every market.

    Args:
        odds: Decimal odds, shape (n, k), k >= 2; NaN where an outcome is missing.
        method: How the margin is taken out. Power suits bookmakers, multiplicative exchanges.

    Returns:
        Probabilities, shape (n, k), each row summing to 1 with every value strictly inside (0, 1),
        or all NaN where the market is unreadable or the method undefined: additive where a longshot
        would fall to zero or below, Shin where S < 1 (at S = 1 it is multiplicative), power where
        two near-certainties leave a third less than a float can hold. All but Shin are defined
        below S = 1, where there is no margin but an arbitrage or an error.

    Raises:
        ValueError: The odds are not a table of at least two columns.

    Source:
        Clarke, Kovalchik & Ingram (2017), "Adjusting bookmaker's odds to allow for overround",
        American Journal of Sports Science 5(6); Štrumbelj (2014), "On determining probability
        forecasts from betting odds", International Journal of Forecasting 30(4).
    """
    odds = _as_table(odds)
    fair = np.full(odds.shape, np.nan)
    readable = np.flatnonzero(_is_readable(odds))
    # Odds of 1e300 may overflow or underflow on the way; what comes out of it is then undefined.
    with np.errstate(all="ignore"):
        for start in range(0, len(readable), ROWS_PER_BLOCK):
            rows = readable[start : start + ROWS_PER_BLOCK]
            fair[rows] = _devig(np.ascontiguousarray(odds[rows].T), method).T
    return fair


def overround(odds: Floats) -> Floats:
    """The sum of implied probabilities of each market; 1 plus the bookmaker's margin.

    Args:
        odds: Decimal odds, shape (n, k), k >= 2; NaN where an outcome is missing.

    Returns:
        Overrounds, shape (n,); NaN where the market is unreadable.

    Raises:
        ValueError: The odds are not a table of at least two columns.
    """
    odds = _as_table(odds)
    readable = _is_readable(odds)
    sums = np.full(len(odds), np.nan)
    sums[readable] = (1 / odds[readable]).sum(axis=1)
    return sums


def fair_probability_band(odds: Floats) -> tuple[Floats, Floats]:
    """The lowest and the highest fair probability that any defined method gives.

    A band for display: how much of a fair price is the choice of method. Its two ends come from
    different methods, so that neither sums to 1 over a market.

    Args:
        odds: Decimal odds, shape (n, k), k >= 2; NaN where an outcome is missing.

    Returns:
        Lowest and highest, each of shape (n, k); NaN where the market is unreadable.

    Raises:
        ValueError: The odds are not a table of at least two columns.
    """
    by_method = np.stack([fair_probabilities(odds, method) for method in Method])
    return np.fmin.reduce(by_method), np.fmax.reduce(by_method)


def _as_table(odds: Floats) -> Floats:
    odds = np.asarray(odds, dtype=np.float64)
    if odds.ndim != 2 or odds.shape[1] < 2:
        raise ValueError(f"Odds must be a table of two columns or more, not of shape {odds.shape}.")
    return odds


def _is_readable(odds: Floats) -> NDArray[np.bool_]:
    readable: NDArray[np.bool_] = np.all((odds > 1) & (odds < np.inf), axis=1)
    return readable


def _devig(odds: Floats, method: Method) -> Floats:
    """Probabilities of readable markets, an outcome per row: odds and result have shape (k, n)."""
    shares = _SHARES[method](odds)
    shares /= shares.sum(axis=0)
    inside = ((shares >= SMALLEST) & (shares < 1)).all(axis=0)
    fair: Floats = np.where(inside, shares, np.nan)
    return fair


def _multiplicative(odds: Floats) -> Floats:
    """The margin is taken in proportion: p = q / S."""
    implied = 1 / odds
    shares: Floats = implied / implied.sum(axis=0)
    return shares


def _additive(odds: Floats) -> Floats:
    """The margin is taken in equal parts: p = q - (S - 1) / k."""
    implied = 1 / odds
    shares: Floats = implied - (implied.sum(axis=0) - 1) / len(odds)
    return shares


def _power(odds: Floats) -> Floats:
    """One exponent for all, p = q ** a: log(sum(p)) is convex and falls with a."""
    log_implied = -np.log(odds)

    def step(exponent: Floats) -> Floats:
        shares = np.exp(exponent * log_implied)
        total = shares.sum(axis=0)
        change: Floats = -np.log(total) * total / (shares * log_implied).sum(axis=0)
        return change

    exponent = _climb(step, start=np.ones(odds.shape[1]))
    shares: Floats = np.exp(exponent * log_implied)
    return shares


def _odds_ratio(odds: Floats) -> Floats:
    """One ratio for all, p / (1 - p) = q / (1 - q) / c: 1 / sum(p) is concave and rises with c.

    With r = odds - 1 = (1 - q) / q it reads p = 1 / (1 + c r), and a harmonic sum of functions
    linear in c is concave. That holds for c >= 0, and the first step from c = 1 stays there, since
    S ** 2 >= sum(q ** 2).

    Source:
        Cheung (2015), as quoted in Buchdahl, "The wisdom of the crowd".
    """
    against = odds - 1

    def step(ratio: Floats) -> Floats:
        shares = 1 / (1 + ratio * against)
        total = shares.sum(axis=0)
        change: Floats = total * (total - 1) / (against * shares * shares).sum(axis=0)
        return change

    ratio = _climb(step, start=np.ones(odds.shape[1]))
    shares: Floats = 1 / (1 + ratio * against)
    return shares


def _shin(odds: Floats) -> Floats:
    """A share z of the bettors knows the result: q ** 2 / S = z p + (1 - z) p ** 2.

    Solved for p and summed to 1, this asks for the root in [0, 1) of
    R(z) = sum(sqrt(z ** 2 + 4 (1 - z) w)) - 2 - (k - 2) z, where w = q ** 2 / S. Each square root
    is the norm of a vector linear in z, so R is convex; R(0) = 2 sqrt(S) - 2 and R(1) = 0, so the
    root wanted is the lower of two, and 0 is to its left whenever S > 1.

    Source:
        Shin (1993), "Measuring the incidence of insider trading in a market for state-contingent
        claims", Economic Journal 103; Jullien & Salanié (1994), "Measuring the incidence of insider
        trading: a comment on Shin", Economic Journal 104, for p as a function of z.
    """
    implied = 1 / odds
    total = implied.sum(axis=0)
    weights = implied * implied / total
    free = len(odds) - 2

    def step(insiders: Floats) -> Floats:
        roots = np.sqrt(insiders * insiders + 4 * (1 - insiders) * weights)
        slope = ((insiders - 2 * weights) / roots).sum(axis=0) - free
        change: Floats = -(roots.sum(axis=0) - 2 - free * insiders) / slope
        return change

    insiders = _climb(step, start=np.zeros_like(total), scale=1)
    roots = np.sqrt(insiders * insiders + 4 * (1 - insiders) * weights)
    shares: Floats = 2 * weights / (insiders + roots)
    return np.where(total >= 1 - ROUNDING, shares, np.nan)


def _climb(step: Callable[[Floats], Floats], *, start: Floats, scale: float = 0) -> Floats:
    """The root of each market by Newton's method, all markets at once.

    The function is convex and falling, or concave and rising. So its tangent meets zero left of the
    root wherever it is drawn; drawn left of the root, it meets zero between there and the root.

    Args:
        step: Newton's change at the given parameters, shape (n,) to shape (n,).
        start: Where the method takes out no margin, on either side of the root, shape (n,).
        scale: Steps are measured against the parameter, or against this where it is larger.

    Returns:
        Parameters, shape (n,).
    """
    parameters = start + step(start)
    for _ in range(MAX_STEPS):
        change = step(parameters)  # positive, or nothing but rounding
        parameters += change
        if not (change > LAST_STEP * np.maximum(parameters, scale)).any():
            break
    return parameters


_SHARES: Final[dict[Method, Callable[[Floats], Floats]]] = {
    Method.MULTIPLICATIVE: _multiplicative,
    Method.ADDITIVE: _additive,
    Method.POWER: _power,
    Method.SHIN: _shin,
    Method.ODDS_RATIO: _odds_ratio,
}
