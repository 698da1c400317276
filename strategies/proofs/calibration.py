"""Which way of taking a margin out fits results best, on every set of prices.

Pure numbers, nothing of Django.
"""

from typing import Final

import numpy as np

from odds.devig import Method, fair_probabilities, overround
from odds.fair_prices import Flags, Floats, Integers
from strategies.proofs.prices import Books
from strategies.proofs.results import Bin, MethodScore

BINS: Final = 20
MAX_STEPS: Final = 50
LAST_STEP: Final = 1e-10


def scores(books: Books) -> tuple[MethodScore, ...]:
    """Every method on the same books; on fewer where it is not defined."""
    fair = {method: fair_probabilities(books.odds, method) for method in Method}
    losses = {method: log_losses(table, books.won) for method, table in fair.items()}
    plain = losses[Method.MULTIPLICATIVE]
    scored = ((method, losses[method], ~np.isnan(losses[method])) for method in Method)
    return tuple(
        _score(method, fair[method][is_defined], books.won[is_defined], (loss - plain)[is_defined])
        for method, loss, is_defined in scored
        if is_defined.any()
    )


def margin(odds: Floats) -> float | None:
    """Mean overround minus 1; None without any book."""
    return float(overround(odds).mean()) - 1 if len(odds) else None


def log_losses(fair: Floats, won: Integers) -> Floats:
    """-ln of the probability of what happened, shape (n,); NaN where there is none.

    Args:
        fair: Probabilities, shape (n, k).
        won: Which outcome happened, shape (n,).
    """
    losses: Floats = -np.log(fair[np.arange(len(fair)), won])
    return losses


def z_of(differences: Floats) -> float | None:
    """Mean over its standard error, one independent difference a match; None where that is 0."""
    count = len(differences)
    error = float(differences.std(ddof=1)) / np.sqrt(count) if count > 1 else 0.0
    return float(differences.mean() / error) if error > 0 else None


def reliability(probability: Floats, happened: Flags) -> tuple[Bin, ...]:
    """What was said and what came, in bins of equal width; empty ones are left out.

    Args:
        probability: Of each outcome, shape (n,).
        happened: Whether it came, shape (n,).
    """
    places = np.minimum((probability * BINS).astype(np.intp), BINS - 1)
    counts = np.bincount(places, minlength=BINS)
    said = np.bincount(places, probability, minlength=BINS)
    came = np.bincount(places, happened.astype(np.float64), minlength=BINS)
    return tuple(
        Bin(
            low=place / BINS,
            high=(place + 1) / BINS,
            count=int(counts[place]),
            predicted=float(said[place] / counts[place]),
            observed=float(came[place] / counts[place]),
        )
        for place in np.flatnonzero(counts).tolist()
    )


def calibration_error(bins: tuple[Bin, ...]) -> float:
    """Expected calibration error: mean distance of said and came, bins weighted by count."""
    total = sum(one.count for one in bins)
    return sum(one.count * abs(one.predicted - one.observed) for one in bins) / total


def slope_of(probability: Floats, happened: Flags) -> float | None:
    """Slope of a logistic regression of what came on the log odds of what was said.

    Args:
        probability: Of each outcome, strictly between 0 and 1, shape (n,).
        happened: Whether it came, shape (n,).

    Returns:
        1 for perfect probabilities; None where a line cannot be fitted.

    Source:
        Cox (1958), "Two further applications of a model for binary regression", Biometrika 45.
    """
    log_odds = np.log(probability) - np.log1p(-probability)
    if not len(log_odds) or np.ptp(log_odds) == 0:
        return None
    points = np.column_stack([np.ones_like(log_odds), log_odds])
    line = np.array([0.0, 1.0])
    for _ in range(MAX_STEPS):
        said = 1 / (1 + np.exp(-points @ line))
        weights = said * (1 - said)
        curvature = points.T @ (points * weights[:, None])
        if np.linalg.cond(curvature) > 1 / np.finfo(np.float64).eps:
            return None  # one value of the log odds separates what came from what did not
        step = np.linalg.solve(curvature, points.T @ (happened - said))
        line = line + step
        if np.abs(step).max() < LAST_STEP:
            return float(line[1])
    return None


def _score(method: Method, fair: Floats, won: Integers, differences: Floats) -> MethodScore:
    happened = (won[:, None] == np.arange(fair.shape[1])).ravel()
    probability = fair.ravel()
    bins = reliability(probability, happened)
    return MethodScore(
        method=method.value,
        markets=len(fair),
        log_loss=float(log_losses(fair, won).mean()),
        difference=float(differences.mean()),
        z=z_of(differences),
        ece=calibration_error(bins),
        slope=slope_of(probability, happened),
        bins=bins,
    )
