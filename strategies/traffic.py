"""Traffic: which share of real stakes each arm of a test gets, by Thompson sampling on profit.

Pure numbers, nothing of Django. Only money has to be shared: on paper both arms judge every match.
What an arm gets from a match is the sum of the profits of its predictions there, and 0 where it
predicts nothing, as in `strategies.paired`. Win rates play no part: they know nothing of odds.
"""

import hashlib
import math
from dataclasses import dataclass
from typing import Final

from scipy.special import stdtr, stdtrit

# The prior, a normal-inverse-gamma around 0. That many matches' worth of doubt about the mean: with
# the spread below, that a true mean of 1.5 / sqrt(30) = 0.27 units a match either way is ordinary,
# far more than any edge that is known. It counts for half at 30 matches and fades from there.
PRIOR_MATCHES: Final = 30.0
# The spread of a unit's profit, sqrt(odds - 1) at fair odds: of 3.25. Worth four matches.
PRIOR_SPREAD: Final = 1.5
PRIOR_SHAPE: Final = 2.0
# No arm is starved: a share of 0 would rest on a model of profits that is only nearly right.
LEAST_SHARE: Final = 0.05
LEVEL: Final = 0.95


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """Profits of matches, in units a match; the variance is divided by n, both 0 without any."""

    matches: int
    mean: float
    variance: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Posterior:
    """What is known of a mean profit: Student's t around `centre`, in units a match."""

    freedom: float
    centre: float
    scale: float

    @property
    def positive(self) -> float:
        """Probability that the mean is above 0."""
        return float(stdtr(self.freedom, self.centre / self.scale))

    @property
    def interval(self) -> tuple[float, float]:
        """Between which the mean lies with a probability of 95 %."""
        reach = float(stdtrit(self.freedom, (1 + LEVEL) / 2)) * self.scale
        return self.centre - reach, self.centre + reach


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """Both arms on the same matches, and what B got from each of them less what A got."""

    a: Sample
    b: Sample
    difference: Sample

    @property
    def probability(self) -> float:
        """Probability that B's mean profit is above A's."""
        return posterior(self.difference).positive

    @property
    def share(self) -> float:
        """Share of the matches whose real stakes B gets; A gets the others."""
        return min(max(self.probability, LEAST_SHARE), 1 - LEAST_SHARE)


def posterior(sample: Sample) -> Posterior:
    """What a sample says of the mean it comes from, the spread being unknown too.

    The mean and the variance have a normal-inverse-gamma prior, so that the mean alone has
    Student's t afterwards: wide after few matches, and centred between 0 and the sample's mean.
    The two arms judge the same matches and mostly agree, so that it is asked about their
    difference on each match: the arms' own profits share its luck and are no separate evidence.

    Args:
        sample: The matches, whose profits are taken as independent.

    Source:
        Gelman, Carlin, Stern, Dunson, Vehtari & Rubin (2013), "Bayesian Data Analysis", 3rd ed.,
        section 3.3 (there as normal-inverse-chi-square). That the share is the probability of
        being better: Thompson (1933), "On the likelihood that one unknown probability exceeds
        another in view of the evidence of two samples", Biometrika 25(3/4).
    """
    count = PRIOR_MATCHES + sample.matches
    shape = PRIOR_SHAPE + sample.matches / 2
    squares = sample.matches * sample.variance
    surprise = PRIOR_MATCHES * sample.matches / count * sample.mean**2
    rate = PRIOR_SHAPE * PRIOR_SPREAD**2 + (squares + surprise) / 2
    return Posterior(
        freedom=2 * shape,
        centre=sample.matches * sample.mean / count,
        scale=math.sqrt(rate / (shape * count)),
    )


def is_for_b(improvement_id: int, match_id: str, share: float) -> bool:
    """Whether a match falls to arm B; the same three always give the same answer.

    Args:
        improvement_id: Whose test.
        match_id: The provider's id of the match.
        share: B's share. As it grows matches go over from A to B and none goes back.
    """
    digest = hashlib.sha256(f"{improvement_id}:{match_id}".encode()).digest()
    drawn = int.from_bytes(digest[:8]) >> 11  # 53 bits: what a float holds exactly
    return drawn / 2**53 < share
