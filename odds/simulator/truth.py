"""What nobody in the market knows: true scoring rates and when points fall."""

from dataclasses import dataclass

import numpy as np

from odds.simulator.calendar import Match
from odds.simulator.chance import Floats, generator
from odds.simulator.news import news_of, noise_scale, tilt
from odds.simulator.scores import ScoreLaw, score_law
from odds.simulator.sports import Sport

# A side's form on the day: standard deviation of its log rate, in units of 1 / sqrt(points).
_FORM = 0.15


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """One match's constant true rates and the points it will see.

    `rates`: expected points, home and away, shape (2,). `points`: for each side the ascending
    moments of its points, as shares of the playing time.
    """

    match: Match
    rates: Floats
    points: tuple[Floats, Floats]

    @property
    def final_score(self) -> tuple[int, int]:
        """Points in the end, home and away."""
        return len(self.points[0]), len(self.points[1])

    def law(self) -> ScoreLaw:
        """The law of the final score before kick-off."""
        return score_law(self.match.sport, self.rates[None, :], np.zeros((1, 2)))

    def played(self, at: Floats) -> Floats:
        """Share of the playing time that is over at each instant, 0 before kick-off."""
        return np.clip((at - self.match.commence) / self.match.sport.duration, 0, 1)

    def score(self, played: Floats) -> Floats:
        """Points at each share of the playing time, shape (instants, 2)."""
        sides = [np.searchsorted(moments, played, side="right") for moments in self.points]
        return np.stack(sides, axis=-1).astype(float)


def truth_of(seed: int, match: Match) -> Truth:
    """The truth of one match: a pure function of both arguments."""
    rng = generator(seed, match.sport.key, "match", match.number)
    rates = true_rates(seed, match, rng)
    home, away = _final_score(rng, match.sport, rates)
    points = (np.sort(rng.random(home)), np.sort(rng.random(away)))
    return Truth(match=match, rates=rates, points=points)


def true_rates(seed: int, match: Match, rng: np.random.Generator) -> Floats:
    """Expected points from the clubs' strengths that season, form and all news, shape (2,)."""
    sport = match.sport
    season = generator(seed, sport.key, "strength", match.season)
    strengths = dict(zip(sport.teams, season.standard_normal(len(sport.teams)), strict=True))
    gap = (strengths[match.home_team] - strengths[match.away_team]) * sport.strength_spread
    # Half of the gap lifts one side and half lowers the other; the divisor is the mean of
    # exp(gap / 2) over pairs of clubs, so that mean points stay what they should be.
    form = _FORM * noise_scale(sport) * rng.standard_normal(2)
    favour = np.exp(np.array([gap, -gap]) / 2 + form - sport.strength_spread**2 / 4)
    means = np.array([sport.mean_home, sport.mean_away])
    return np.asarray(means * favour * tilt(news_of(seed, match)[-1], sport))


def _final_score(rng: np.random.Generator, sport: Sport, rates: Floats) -> tuple[int, int]:
    while True:
        home, away = rng.poisson(rates).tolist()
        if sport.has_draw or home != away:
            return home, away
