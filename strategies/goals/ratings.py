"""Goals: how strong the teams of a competition are, by the goals of their past matches.

Pure numbers, nothing of Django. Both teams' goals are Poisson with means that multiply the level of
the competition, the scorer's attack, the other's defence and the advantage of playing at home; the
four lowest scores are corrected, because 0-0 and 1-1 are commoner than independent goals would
have them. Old matches count for less: half as much after each half-life.

Attack and defence are logarithms. Each has a normal prior around 0, the average team, whose
precision is `ridge`; so a team with few matches is close to the average instead of infinitely
good or bad, and attacks as defences sum to 0. Level, home advantage and correction have no prior.

Source:
    Dixon & Coles (1997), "Modelling association football scores and inefficiencies in the football
    betting market", Applied Statistics 46(2), section 4; their xi is log(2) / half-life.
"""

from dataclasses import dataclass
from typing import Final, Self

import numpy as np
from scipy.optimize import minimize

from odds.fair_prices import Floats, Integers
from strategies.snapshots import Past, Texts

DAY: Final = 86400.0
HALF_LIVES: Final = 5.0  # older matches weigh less than 1/32 and are left out
SMALLEST: Final = 1e-9  # of the correction, in a corner that only a search strays into
TAIL: Final = 3  # the last parameters: level, home advantage, correction
# A team may score 20 times the average; no real estimate comes near any of these.
STRENGTHS: Final = (-3.0, 3.0)
TAIL_BOUNDS: Final = ((-3.0, 3.0), (-2.0, 2.0), (-0.3, 0.3))
SEARCH: Final = {"maxiter": 1000, "maxfun": 2000, "ftol": 1e-13, "gtol": 1e-5}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """Weighted scores of n matches between t teams; every array has shape (n,).

    Attributes:
        teams: How many teams there are.
        home: The home team's number.
        away: The away team's number.
        home_goals: Its goals.
        away_goals: The other's.
        weight: What the match counts for.
        is_low: Where the score is 0-0, 0-1, 1-0 and 1-1, shape (4, n).
    """

    teams: int
    home: Integers
    away: Integers
    home_goals: Floats
    away_goals: Floats
    weight: Floats
    is_low: Floats

    @classmethod
    def of(
        cls, home: Integers, away: Integers, scores: tuple[Integers, Integers], weight: Floats
    ) -> Self:
        """From numbers of teams, (home goals, away goals) and weights."""
        code = np.where((scores[0] <= 1) & (scores[1] <= 1), 2 * scores[0] + scores[1], -1)
        return cls(
            teams=int(max(home.max(), away.max())) + 1,
            home=home,
            away=away,
            home_goals=scores[0].astype(np.float64),
            away_goals=scores[1].astype(np.float64),
            weight=weight,
            is_low=(code == np.arange(4)[:, None]).astype(np.float64),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Ratings:
    """What a competition's results say at one instant; arrays have shape (t,).

    Attributes:
        teams: Their names, ascending.
        attack: Log of how many goals a team scores, over the average team's.
        defence: Log of how many it concedes, over the average team's: lower is better.
        matches: How many of its matches were used.
        level: Log of the goals an average team scores away against another.
        home_advantage: Log of how many more a team scores at home.
        rho: The correction of low scores; below 0 there are more draws than independent goals
            would give.
    """

    teams: Texts
    attack: Floats
    defence: Floats
    matches: Integers
    level: float
    home_advantage: float
    rho: float

    def places(self, names: Texts) -> Integers:
        """The places of teams; -1 for one that is not rated."""
        found = np.minimum(np.searchsorted(self.teams, names), len(self.teams) - 1)
        known: Integers = np.where(self.teams[found] == names, found, -1)
        return known

    def expected_goals(self, home: Integers, away: Integers) -> tuple[Floats, Floats]:
        """Mean goals of the home and of the away team, by the teams' places."""
        hosts = self.level + self.home_advantage + self.attack[home] + self.defence[away]
        guests = self.level + self.attack[away] + self.defence[home]
        return np.exp(hosts), np.exp(guests)


def young(past: Past, *, half_life_days: float) -> Past:
    """The matches that were over at `known_until` and are not too old to count."""
    age = past.known_until - past.kickoff
    is_young = age <= HALF_LIVES * half_life_days * DAY
    return past.take(np.flatnonzero(is_young)).known_at(past.known_until)


def fit(past: Past, *, half_life_days: float, ridge: float) -> Ratings | None:
    """The ratings that make a competition's weighted results, and the prior, most likely.

    Every search starts at the average team, so that the same results have the same ratings
    whatever was fitted before. Results that were not known at `past.known_until` are not read.

    Args:
        past: Results of one competition.
        half_life_days: After so many days a match counts for half.
        ridge: Precision of the prior of each attack and defence, above 0; it counts for as much
            as that many goals of an average team.

    Returns:
        The ratings; `None` without any result, and where the search did not end in a maximum.
    """
    used = young(past, half_life_days=half_life_days)
    if not len(used.kickoff):
        return None
    names, number = np.unique(np.concatenate([used.home, used.away]), return_inverse=True)
    home, away = np.split(number, 2)
    age_days = (used.known_until - used.kickoff) / DAY
    weight = np.exp(-np.log(2) * age_days / half_life_days)
    sample = Sample.of(home, away, (used.home_score, used.away_score), weight)
    found = minimize(
        objective,
        _start(sample),
        args=(sample, ridge),
        jac=True,
        method="L-BFGS-B",
        bounds=[STRENGTHS] * (2 * sample.teams) + list(TAIL_BOUNDS),
        options=SEARCH,
    )
    return _ratings(names, number, found.x) if found.success else None


def objective(values: Floats, sample: Sample, ridge: float) -> tuple[float, Floats]:
    """What is minimised, and its gradient: the penalised, weighted negative log-likelihood.

    Factorials of the scores are left out; they do not depend on the parameters.

    Args:
        values: Attacks, defences, level, home advantage and correction, shape (2t + 3,).
        sample: The results.
        ridge: Precision of the prior.

    Returns:
        The value, and its gradient of shape (2t + 3,).

    Source:
        Dixon & Coles (1997), section 4, in logarithms.
    """
    teams, home, away = sample.teams, sample.home, sample.away
    strengths, (level, advantage, rho) = values[:-TAIL], values[-TAIL:]
    attack, defence = strengths[:teams], strengths[teams:]
    log_hosts = level + advantage + attack[home] + defence[away]
    log_guests = level + attack[away] + defence[home]
    hosts, guests = np.exp(log_hosts), np.exp(log_guests)
    tau, slopes = _correction(sample, hosts, guests, rho)
    likelihood = (
        sample.home_goals * log_hosts - hosts + sample.away_goals * log_guests - guests
    ) + np.log(tau)
    by_host, by_guest, by_rho = slopes * (sample.weight / tau)
    by_host += sample.weight * (sample.home_goals - hosts)
    by_guest += sample.weight * (sample.away_goals - guests)
    gradient = np.concatenate(
        [
            np.bincount(home, by_host, teams) + np.bincount(away, by_guest, teams),
            np.bincount(away, by_host, teams) + np.bincount(home, by_guest, teams),
            [by_host.sum() + by_guest.sum(), by_host.sum(), by_rho.sum()],
        ]
    )
    gradient[:-TAIL] -= ridge * strengths
    value = sample.weight @ likelihood - ridge / 2 * (strengths @ strengths)
    return -float(value), -gradient


def _correction(sample: Sample, hosts: Floats, guests: Floats, rho: float) -> tuple[Floats, Floats]:
    """The factor tau of each score, and its slopes by both log means and rho, shape (3, n)."""
    nil_nil, nil_one, one_nil, one_one = sample.is_low
    both = nil_nil * hosts * guests
    lost, won = nil_one * hosts, one_nil * guests
    by_rho = lost + won - both - one_one
    tau = 1 + rho * by_rho
    slopes = np.stack([rho * (lost - both), rho * (won - both), by_rho])
    is_sound = tau > SMALLEST
    return np.where(is_sound, tau, SMALLEST), slopes * is_sound


def _start(sample: Sample) -> Floats:
    """Average teams at the weighted mean of goals."""
    values = np.zeros(2 * sample.teams + TAIL)
    goals = sample.weight @ (sample.home_goals + sample.away_goals) / sample.weight.sum() / 2
    values[-TAIL] = np.clip(np.log(max(goals, SMALLEST)), *TAIL_BOUNDS[0])
    return values


def _ratings(names: Texts, number: Integers, values: Floats) -> Ratings:
    """Parameters by name, attacks and defences around 0, which no mean of goals depends on."""
    attack, defence = np.split(values[:-TAIL], 2)
    level, advantage, rho = values[-TAIL:].tolist()
    return Ratings(
        teams=names,
        attack=attack - attack.mean(),
        defence=defence - defence.mean(),
        matches=np.bincount(number, minlength=len(names)),
        level=level + float(attack.mean() + defence.mean()),
        home_advantage=advantage,
        rho=rho,
    )
