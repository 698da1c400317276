"""Does the ranking find the strategy with an edge, and only that one?

Strategies without any edge and one with a known edge bet on the simulated market for seasons, and
are ranked after every match day by the functions that rank live. What they pay scatters as it does
there: odds that some bookmaker's own view made fair at some moment of the four days before
kick-off. Against the true probabilities such odds are off by 9 % either way; all of them together
are moved until their mean edge is exactly the wanted one. Pinnacle's view five minutes before
kick-off is the closing line, as if its margin were taken off perfectly.

The CLV of a single bet then scatters by 9 to 10 %, as on real prices, and its return by some 170 %.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Self

import numpy as np

from betting.reports.edges import SPORTS
from odds.fair_prices import Flags, Floats, Integers
from odds.simulator.bookmakers import BOOKMAKERS
from odds.simulator.calendar import Match
from odds.simulator.sports import SPORTS as RULES
from odds.simulator.world import World
from strategies.ranking.standings import Days, Sums, Verdict
from strategies.ranking.tiers import Rules, Tier

EARLIEST: Final = timedelta(days=4)  # before kick-off
LATEST: Final = timedelta(minutes=5)
WEEK: Final = timedelta(days=7)
SECONDS_A_DAY: Final = 86_400
CLOSING: Final = [book.key for book in BOOKMAKERS].index("pinnacle")
TOP: Final = (Tier.S, Tier.A)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pool:
    """Matches of the simulated market, in the order of their days, and prices offered on them.

    Attributes:
        day: UTC days since 1970, shape (m,).
        true: True probabilities, shape (m, 3).
        closing: The closing line's, shape (m, 3).
        worth: True probability times odds offered: 1 is a fair price, shape (m, 3).
        won: Which outcome came, shape (m,).
    """

    day: Integers
    true: Floats
    closing: Floats
    worth: Floats
    won: Integers

    def __len__(self) -> int:
        return len(self.day)

    @classmethod
    def of(
        cls,
        world: World,
        *,
        start: datetime,
        matches: int,
        seed: int,
        progress: Callable[[], object] = lambda: None,
    ) -> Self:
        """The next matches of the market from an instant on, at randomly chosen prices.

        Args:
            world: The simulated market.
            start: The first match kicks off after this.
            matches: How many.
            seed: Of the choices, not of the market.
            progress: Told after each match.
        """
        rng = np.random.default_rng(seed)
        rows = []
        for match in _matches(world, start, matches):
            rows.append(_priced(world, match, rng))
            progress()
        day, true, closing, worth, won = (np.array(column) for column in zip(*rows, strict=True))
        return cls(day=day, true=true, closing=closing, worth=worth / worth.mean(), won=won)

    def again(self, rng: np.random.Generator) -> Self:
        """As many matches drawn from these with replacement, played anew on the same days."""
        drawn = rng.integers(len(self), size=len(self))
        true = self.true[drawn]
        won = (rng.random(len(self))[:, None] > true.cumsum(axis=1)).sum(axis=1).clip(max=2)
        worth, closing = self.worth[drawn], self.closing[drawn]
        return type(self)(day=self.day, true=true, closing=closing, worth=worth, won=won)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bets:
    """What one strategy bet on, one unit at a time, in the order of the matches.

    Attributes:
        match: Rows of the pool, shape (n,).
        clv: Fair CLV, percent, shape (n,).
        profit: Of a unit, shape (n,).
    """

    match: Integers
    clv: Floats
    profit: Floats


def place(pool: Pool, *, edge: float, share: float, rng: np.random.Generator) -> Bets:
    """Bet on some of the matches, any outcome, at prices with this edge in the mean.

    Args:
        pool: The matches.
        edge: True one, a fraction.
        share: Of the matches that is bet on.
        rng: Of the choices.
    """
    match = np.flatnonzero(rng.random(len(pool)) < share)
    outcome = rng.integers(3, size=len(match))
    true = pool.true[match, outcome]
    odds = (1 + edge) * pool.worth[match, outcome] / true
    return Bets(
        match=match,
        clv=100 * (odds * pool.closing[match, outcome] - 1),
        profit=np.where(pool.won[match] == outcome, odds - 1, -1.0),
    )


def days_of(bets: Bets, pool: Pool) -> Days:
    """The sums of a strategy by match day, for every day of the pool."""
    days, place_of = np.unique(pool.day, return_inverse=True)
    at = place_of[bets.match]

    def summed(values: Floats) -> Floats:
        return np.bincount(at, weights=values, minlength=len(days)).astype(np.float64)

    ones = np.ones(len(at))
    is_won = (bets.profit > 0).astype(np.float64)
    return Days(
        day=days.astype("datetime64[D]"),
        predictions=summed(ones),
        won=summed(is_won),
        lost=summed(1 - is_won),
        risk=summed(ones),
        profit=summed(bets.profit),
        graded=summed(ones),
        graded_matches=summed(ones),
        clv_sum=summed(bets.clv),
        clv_squares=summed(bets.clv**2),
        raw_clv_sum=summed(bets.clv),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """What the ranking said of one strategy after each match day.

    Attributes:
        bets: Made until then, shape (d,).
        is_sure: The deflated interval of the CLV lay above 0, shape (d,).
        is_top: It was ranked above B, shape (d,).
        last: What it said in the end.
        sums: Of all its bets.
    """

    bets: Integers
    is_sure: Flags
    is_top: Flags
    last: Verdict
    sums: Sums

    @property
    def bets_until_sure(self) -> int | None:
        """Bets after which the interval first lay above 0."""
        return _first(self.bets, self.is_sure)

    @property
    def bets_until_top(self) -> int | None:
        """Bets after which it was first ranked above B."""
        return _first(self.bets, self.is_top)


def follow(days: Days, rules: Rules, *, strategies_tried: int) -> Course:
    """Rank one strategy after every match day.

    Args:
        days: Its days.
        rules: The thresholds.
        strategies_tried: How many are compared.
    """
    verdicts = [Verdict.of(one, rules, strategies_tried=strategies_tried) for one in _so_far(days)]
    return Course(
        bets=days.predictions.cumsum().astype(np.intp),
        is_sure=np.array([one.clv_low is not None and one.clv_low > 0 for one in verdicts]),
        is_top=np.array([one.tier in TOP for one in verdicts]),
        last=verdicts[-1],
        sums=days.sums(),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """The courses of the strategies without edge, and of the one with it."""

    without_edge: list[Course]
    with_edge: Course

    @property
    def is_false_alarm(self) -> bool:
        """Some strategy without edge was ranked above B on some day."""
        return any(course.is_top.any() for course in self.without_edge)

    @property
    def is_falsely_sure(self) -> bool:
        """The interval of some strategy without edge lay above 0 on some day."""
        return any(course.is_sure.any() for course in self.without_edge)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Who bets: so many strategies without edge, one with this edge (a fraction).

    Each bets on this share of the matches, from 0 to 1.
    """

    strategies: int
    edge: float
    share: float


def simulate(pool: Pool, rules: Rules, plan: Plan, *, rng: np.random.Generator) -> Run:
    """Let strategies bet on the same matches and rank them after every match day.

    Args:
        pool: The matches, at least one.
        rules: The thresholds.
        plan: Who bets.
        rng: Of their choices.
    """
    edges = [*(0.0 for _ in range(plan.strategies)), plan.edge]
    courses = [
        follow(
            days_of(place(pool, edge=edge, share=plan.share, rng=rng), pool),
            rules,
            strategies_tried=len(edges),
        )
        for edge in edges
    ]
    return Run(without_edge=courses[:-1], with_edge=courses[-1])


def _so_far(days: Days) -> Iterator[Sums]:
    """The sums up to and with each day."""
    names = Sums.__dataclass_fields__
    columns = [getattr(days, name).cumsum().tolist() for name in names]
    for row in zip(*columns, strict=True):
        yield Sums(**dict(zip(names, row, strict=True)))


def _first(bets: Integers, is_there: Flags) -> int | None:
    found = np.flatnonzero(is_there)
    return int(bets[found[0]]) if len(found) else None


def _matches(world: World, start: datetime, wanted: int) -> Iterator[Match]:
    """The next matches in the order of their kick-offs."""
    found = 0
    while found < wanted:
        first, last = start.timestamp(), (start + WEEK).timestamp()
        week = [
            match
            for rules in (RULES[sport] for sport in SPORTS)
            for match in world.calendar.between(rules, first, last - 1)
        ]
        for match in sorted(week, key=lambda one: (one.commence, one.provider_id))[
            : wanted - found
        ]:
            found += 1
            yield match
        start += WEEK


def _priced(
    world: World, match: Match, rng: np.random.Generator
) -> tuple[int, Floats, Floats, Floats, int]:
    """The day, true and closing probabilities, worth of the odds offered, and the outcome."""
    true = np.array(world.true_probabilities(match.provider_id, "h2h"))
    before = rng.uniform(LATEST.total_seconds(), EARLIEST.total_seconds())
    offered = world.fair(match, match.commence - before)[rng.integers(len(BOOKMAKERS))]
    closing = world.fair(match, match.commence - LATEST.total_seconds())[CLOSING]
    home, away = world.truth(match).final_score
    won = 0 if home > away else 1 if home == away else 2
    return int(match.commence // SECONDS_A_DAY), true, closing, true / offered, won
