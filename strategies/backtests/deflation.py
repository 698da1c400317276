"""The Deflated Sharpe Ratio: who tries many variants finds a good one, edge or not.

Pure numbers, nothing of Django.

Source:
    Bailey & López de Prado (2014), "The Deflated Sharpe Ratio: correcting for selection bias,
    backtest overfitting, and non-normality", Journal of Portfolio Management 40(5).
"""

import math
from statistics import NormalDist
from typing import Final

import numpy as np

from betting.performance.measures import sharpe
from odds.fair_prices import Floats
from strategies.backtests.results import Deflation

NORMAL: Final = NormalDist()
FEWEST: Final = 3  # observations below which nothing is said of a distribution's shape


def best_of(tried: int, variance: float) -> float:
    """The highest Sharpe ratio to expect of so many variants without any edge.

    Args:
        tried: Independent variants, 1 or more; of one, 0 is expected.
        variance: Of the Sharpe ratios among them.

    Returns:
        sqrt(V) ((1 - γ) Z⁻¹(1 - 1/N) + γ Z⁻¹(1 - 1/(N e))), γ the Euler-Mascheroni constant.

    Raises:
        ValueError: No variant was tried.

    Source:
        Bailey & López de Prado (2014), equation 1.
    """
    if tried < 1:
        raise ValueError(f"{tried} variants were tried; the one that is judged is one of them.")
    if tried == 1:
        return 0.0
    plain = NORMAL.inv_cdf(1 - 1 / tried)
    farther = NORMAL.inv_cdf(1 - 1 / (tried * math.e))
    return math.sqrt(variance) * ((1 - np.euler_gamma) * plain + np.euler_gamma * farther)


def probability_above(
    benchmark: float, *, observed: float, observations: int, skewness: float, kurtosis: float
) -> float | None:
    """The probability that the true Sharpe ratio exceeds a benchmark.

    Args:
        benchmark: A Sharpe ratio per observation.
        observed: The one measured, per observation.
        observations: How many returns it was measured on.
        skewness: Of the returns.
        kurtosis: Of the returns; 3 for a normal distribution.

    Returns:
        Z((SR - SR₀) sqrt(T - 1) / sqrt(1 - γ₃ SR + (γ₄ - 1) SR² / 4)); `None` where the estimated
        variance is not above 0.

    Source:
        Bailey & López de Prado (2014), equation 2.
    """
    spread = 1 - skewness * observed + (kurtosis - 1) / 4 * observed**2
    if spread <= 0:
        return None
    return NORMAL.cdf((observed - benchmark) * math.sqrt((observations - 1) / spread))


def deflate(returns: Floats, *, tried: int) -> Deflation:
    """Judge the mean of returns, knowing that so many variants were tried on the same history.

    Without an edge the Sharpe ratio of T returns varies by 1 / (T - 1) from variant to variant,
    and that variance is taken: that of the variants stored is of too few to be estimated.

    Args:
        returns: Of independent observations: of matches, shape (n,).
        tried: Variants, this one included.
    """
    count, ratio = len(returns), sharpe(returns)
    if count < FEWEST or ratio is None:
        return Deflation(
            variants_tried=tried,
            observations=count,
            sharpe=ratio,
            skewness=None,
            kurtosis=None,
            expected_best_sharpe=None,
            probability=None,
        )
    scores = (returns - returns.mean()) / returns.std()
    skewness, kurtosis = float((scores**3).mean()), float((scores**4).mean())
    expected = best_of(tried, 1 / (count - 1))
    return Deflation(
        variants_tried=tried,
        observations=count,
        sharpe=ratio,
        skewness=skewness,
        kurtosis=kurtosis,
        expected_best_sharpe=expected,
        probability=probability_above(
            expected, observed=ratio, observations=count, skewness=skewness, kurtosis=kurtosis
        ),
    )
