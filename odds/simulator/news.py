"""News: what the whole market learns of a match between its listing and its kick-off.

A market that is right on average moves without direction: what it believes at any instant is the
mean of what it will come to believe. So news are independent steps, and the truth is where they
end. (Were the truth drawn first and the market's error added to it, early prices would be too
extreme, and backing every longshot would pay.)

News are pairs (supremacy, total) in units of `noise_scale`: log rates move by total plus
supremacy for the home side, and by total minus supremacy for the away side.
"""

import numpy as np

from odds.simulator.calendar import Match
from odds.simulator.chance import Floats, generator
from odds.simulator.sports import DAY, Sport

STEP = 600  # seconds between two steps of the market's belief

# Standard deviation of a week's news: makes closing prices better than those of days before by the
# log-loss gap of 0.004 measured on football-data.co.uk (Pinnacle, 32,878 matches).
_WEEK = 0.16


def noise_scale(sport: Sport) -> float:
    """Turns a relative error worth the same in every sport into one of log rates.

    A total of n points has standard deviation sqrt(n), so an error of 1 / sqrt(n) in the log rate
    is one such deviation.
    """
    return float((sport.mean_home + sport.mean_away) ** -0.5)


def news_of(seed: int, match: Match) -> Floats:
    """All that is known by each step from the listing to the kick-off, shape (steps, 2).

    The mean of exp(log rate) stays what it was: each step is lowered by half its variance, as the
    mean of a log-normal demands.
    """
    rng = generator(seed, match.sport.key, "news", match.number)
    steps = match.sport.listed_seconds // STEP
    variance = _WEEK**2 * STEP / (7 * DAY)
    moves = np.sqrt(variance) * rng.standard_normal((steps, 2))
    moves[:, 1] -= noise_scale(match.sport) * variance  # a side's log rate has twice the variance
    return np.concatenate([np.zeros((1, 2)), np.cumsum(moves, axis=0)])


def tilt(errors: Floats, sport: Sport) -> Floats:
    """Factors on the rates of home and away, of pairs (supremacy, total); shapes (..., 2)."""
    supremacy, total = errors[..., 0], errors[..., 1]
    log_rates = np.stack([total + supremacy, total - supremacy], axis=-1)
    return np.asarray(np.exp(log_rates * noise_scale(sport)))


def closer(rates: Floats, overlooked: Floats) -> Floats:
    """The same points shared by two sides that are held for closer together than they are.

    Args:
        rates: Points to come, home and away, shape (..., 2).
        overlooked: The share of the log ratio of both, 0 for none of it, 1 for all of it, shape
            (...).
    """
    gap = np.log(rates[..., 0] / rates[..., 1]) * overlooked / 2
    shares = rates * np.exp(np.stack([-gap, gap], axis=-1))
    return np.asarray(shares * (rates.sum(axis=-1) / shares.sum(axis=-1))[..., None])
