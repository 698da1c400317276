"""Does learning raise the edge of a strategy that can be helped, and leave alone what cannot?

A strategy claims an edge for every price it takes, and what such a price is truly worth is known:
one edge below some claimed edge, another from there on. Where the two are the same, nothing helps.
Its parameters are changed, or not, by the functions that do so live: evidence of its predictions,
the statistical analyst, the judgement on held-out matches, and the test of both arms on fresh ones,
looked at after every match.

What single prices are worth scatters about that by 9.4 %, and a closing line that is slightly off
by another 1.6 %, so that the fair CLV scatters by 9.5 %, as on real prices, and the true edge of a
price regressed on its CLV has a slope of 0.97, as on the simulated market. Two predictions on one
match share half their scatter.
"""

from dataclasses import dataclass, replace
from typing import Final, Self

import numpy as np

from betting.bets.rules import Ending
from betting.performance.measures import FEWEST
from odds.fair_prices import Flags, Floats, Integers
from strategies.agents.sharp_reference import Parameters
from strategies.learning.analyst import analyse
from strategies.learning.evidence import Evidence, settings_of
from strategies.learning.judging import Judgement, judge
from strategies.learning.proposal import checked
from strategies.learning.segments import Made
from strategies.paired import Plan, Verdict, compare
from strategies.parameters import as_mapping, ranges

# Claimed edges, percent: exponential above the least one, none above the greatest.
LEAST: Final = 2.0
GREATEST: Final = 20.0
MEAN_ABOVE: Final = 4.0  # if there were no greatest one
PRICE_SCATTER: Final = 0.094  # fractions
CLOSING_SCATTER: Final = 0.016
SHARED: Final = 0.5  # of the variance, by the predictions on one match
SECOND: Final = 0.5  # of the matches have a prediction on a second market
PROBABILITIES: Final = (0.12, 0.6)
LEAGUES: Final = ("epl", "serie_a", "la_liga", "bundesliga", "ligue_one")
BOOKMAKERS: Final = ("betclic", "unibet", "winamax", "parionssport")
HOURS: Final = 24.0  # before kick-off, in the mean


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """What a price is truly worth by the edge that is claimed for it; all in percent.

    Attributes:
        threshold: Where it changes.
        below: The mean true edge of prices with a lower claimed edge.
        above: That of the others.
    """

    threshold: float
    below: float
    above: float

    def edges(self, claimed: Floats) -> Floats:
        """The mean true edge of prices with these claimed edges."""
        return np.where(claimed < self.threshold, self.below, self.above)

    def mean(self, parameters: Parameters) -> float:
        """The mean true edge of all prices that such parameters let through, exactly."""
        low, middle, high = (
            _share_below(float(np.clip(value, parameters.minimum_edge_pct, GREATEST)))
            for value in (
                parameters.minimum_edge_pct,
                min(self.threshold, parameters.maximum_edge_pct),
                parameters.maximum_edge_pct,
            )
        )
        return (self.below * (middle - low) + self.above * (high - middle)) / (high - low)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """Predictions in the order of their matches, every array of shape (n,).

    Attributes:
        match: Ascending from 0; one or two predictions on each.
        claimed: Edge, percent.
        probability: True one.
        odds: As offered.
        clv: Fair CLV, percent.
        is_won: The outcome came.
    """

    match: Integers
    claimed: Floats
    probability: Floats
    odds: Floats
    clv: Floats
    is_won: Flags

    @classmethod
    def drawn(cls, truth: Truth, *, matches: int, rng: np.random.Generator) -> Self:
        """The predictions on so many fresh matches."""
        match = np.repeat(np.arange(matches), 1 + (rng.random(matches) < SECOND))
        count = len(match)
        claimed = _claimed(rng.random(count))
        scatter = np.sqrt(SHARED) * rng.normal(size=matches)[match]
        scatter += np.sqrt(1 - SHARED) * rng.normal(size=count)
        worth = (1 + truth.edges(claimed) / 100) * _factor(scatter, PRICE_SCATTER)
        closing = _factor(rng.normal(size=count), CLOSING_SCATTER)
        probability = rng.uniform(*PROBABILITIES, size=count)
        return cls(
            match=match,
            claimed=claimed,
            probability=probability,
            odds=worth / probability,
            clv=100 * (worth * closing - 1),
            is_won=rng.random(count) < probability,
        )

    @property
    def profit(self) -> Floats:
        """Of a unit on each."""
        return np.where(self.is_won, self.odds - 1, -1.0)

    def is_taken(self, parameters: Parameters) -> Flags:
        """Which of them these parameters let through, by the rule of every agent."""
        return (self.claimed > parameters.minimum_edge_pct) & (
            self.claimed <= parameters.maximum_edge_pct
        )

    def made(self, rng: np.random.Generator) -> list[Made]:
        """The same as predictions of a version, newest first; the rest of them means nothing."""
        hours = rng.exponential(HOURS, size=len(self.match))
        bookmakers = rng.integers(len(BOOKMAKERS), size=len(self.match))
        is_second = np.diff(self.match, prepend=-1) == 0
        return [
            Made(
                match_id=int(self.match[row]),
                league=LEAGUES[self.match[row] % len(LEAGUES)],
                market="totals" if is_second[row] else "h2h",
                outcome="over" if is_second[row] else "home",
                bookmaker=BOOKMAKERS[bookmakers[row]],
                odds=float(self.odds[row]),
                probability=float((1 + self.claimed[row] / 100) / self.odds[row]),
                edge_pct=float(self.claimed[row]),
                agreement=None,
                hours=float(hours[row]),
                clv_pct=float(self.clv[row]),
                result=Ending.WON if self.is_won[row] else Ending.LOST,
                profit=float(self.profit[row]),
            )
            for row in reversed(range(len(self.match)))
        ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizes:
    """How many matches the analyst sees, how many are held out, and the plan of the test."""

    training: int
    held_out: int
    plan: Plan


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """What became of one strategy.

    Attributes:
        before: The parameters that it had.
        proposed: Those that were proposed; `None` where nothing was.
        judgement: Of the held-out matches, where something was proposed.
        verdict: Of the test; empty where there was none.
        matches: Until the verdict.
    """

    before: Parameters
    proposed: Parameters | None = None
    judgement: Judgement | None = None
    verdict: Verdict = Verdict.NONE
    matches: int | None = None

    @property
    def has_stood(self) -> bool:
        """On the held-out matches, so that it came to a test."""
        return self.judgement is not None and self.judgement.is_passed

    @property
    def after(self) -> Parameters:
        """The parameters in the end: those proposed, where the test called them better."""
        is_applied = self.verdict is Verdict.BETTER
        return self.proposed if is_applied and self.proposed else self.before


def follow(truth: Truth, sizes: Sizes, *, rng: np.random.Generator) -> Course:
    """Let one strategy learn once.

    Args:
        truth: What its prices are worth.
        sizes: How many matches there are.
        rng: Of all that is drawn.
    """
    before = Parameters()
    proposed = _proposed(Sample.drawn(truth, matches=sizes.training, rng=rng), before, rng)
    if proposed is None:
        return Course(before=before)
    held_out = Sample.drawn(truth, matches=sizes.held_out, rng=rng)
    judgement = judge(
        differences(held_out, held_out.clv, before, proposed),
        differences(held_out, held_out.profit, before, proposed),
        bets_before=int(held_out.is_taken(before).sum()),
        bets_after=int(held_out.is_taken(proposed).sum()),
    )
    course = Course(before=before, proposed=proposed, judgement=judgement)
    if not judgement.is_passed:
        return course
    fresh = Sample.drawn(truth, matches=sizes.plan.horizon, rng=rng)
    verdict, matches = until_verdict(differences(fresh, fresh.clv, before, proposed), sizes.plan)
    return replace(course, verdict=verdict, matches=matches)


def differences(sample: Sample, values: Floats, before: Parameters, after: Parameters) -> Floats:
    """What the changed parameters bring more on each match on which either says anything.

    Args:
        sample: The predictions.
        values: What each brings, shape (n,).
        before: The parameters in force.
        after: The changed ones.

    Returns:
        Sums by match, in their order, shape (m,).
    """
    was, is_now = sample.is_taken(before), sample.is_taken(after)
    more = values * (is_now.astype(np.float64) - was)
    sums = np.bincount(sample.match, weights=more).astype(np.float64)
    return sums[np.unique(sample.match[was | is_now])]


def until_verdict(gains: Floats, plan: Plan) -> tuple[Verdict, int]:
    """The first verdict of a test looked at after every match, and after how many it came."""
    for count in range(FEWEST, len(gains) + 1):
        verdict = compare(gains[:count], plan).verdict
        if verdict is not Verdict.NONE:
            return verdict, count
    return Verdict.NONE, len(gains)


def _proposed(sample: Sample, before: Parameters, rng: np.random.Generator) -> Parameters | None:
    """The parameters that the analyst proposes after these predictions."""
    evidence = Evidence.of(
        sample.made(rng),
        agent="Sharp Reference",
        strategy="Simulated",
        settings=settings_of(as_mapping(before), ranges(Parameters)),
    )
    proposal = analyse(evidence).proposal
    if proposal is None:
        return None
    return replace(before, **checked(proposal, Parameters, evidence.mapping))


def _claimed(share: Floats) -> Floats:
    """The claimed edge below which this share of all lies."""
    within = -np.expm1(-(GREATEST - LEAST) / MEAN_ABOVE)
    claimed: Floats = LEAST - MEAN_ABOVE * np.log1p(-share * within)
    return claimed


def _share_below(claimed: float) -> float:
    """The share of all claimed edges below this one."""
    above = np.clip(claimed, LEAST, GREATEST) - LEAST
    within = np.expm1(-(GREATEST - LEAST) / MEAN_ABOVE)
    return float(np.expm1(-above / MEAN_ABOVE) / within)


def _factor(normal: Floats, scatter: float) -> Floats:
    """Factors of mean 1 that scatter so, log-normal."""
    factor: Floats = np.exp(scatter * normal - scatter**2 / 2)
    return factor
