"""Bets on the simulated market, placed and graded by the functions that work live.

What cannot be known live is known here: the true edge of every bet, and how each match ends.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Self

import numpy as np

from betting.bets.rules import Ending, ending
from betting.closing.clv import Candidate, Odds, choose, fair_clv, raw_clv
from betting.detection.findings import CONSENSUS_NAME, Finding
from betting.detection.pricing import Thresholds
from betting.reports.edges import OUTCOMES, SPORTS, Follower
from odds.fair_prices import (
    Floats,
    Integers,
    Panel,
    consensus_without_each,
    fair_by_bookmaker,
    net_odds,
    overrounds,
)
from odds.parsing import SeenQuote, parse_snapshot
from odds.simulator.answers import quoted_event
from odds.simulator.calendar import Match
from odds.simulator.sports import SPORTS as RULES
from odds.simulator.world import World

WEEK = timedelta(days=7)
THREE_WAY = np.array([True])


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """One unit on one outcome; `bookmaker` and `outcome` are columns, `odds` as offered.

    `net`: odds net of commission. `claimed`: edge as a fraction, `None` where nobody claimed one.
    `selected_by`: the reference that chose the bet, empty where none did. `believed`: the
    probability that the sharp bookmaker's price gave the outcome then, `None` where it had none.
    """

    match: Match
    bookmaker: int
    outcome: int
    odds: float
    net: float
    claimed: float | None = None
    selected_by: str = ""
    believed: float | None = None

    def at(self, odds: float) -> Self:
        """The same bet at other odds, without commission."""
        return replace(self, odds=odds, net=odds)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outturn:
    """What a bet claimed, what the closing line said, what it paid and what it was worth.

    All fractions; the two of the closing line are `None` where there was none. `graded_by`: whose
    closing line, empty where there was none.
    """

    provider_id: str
    claimed: float | None
    raw: float | None
    fair: float | None
    graded_by: str
    realised: float
    true: float


@dataclass(slots=True)
class Closing:
    """Closing references of matches, looked at some minutes before kick-off.

    `thresholds` are the user's: how the margin is removed, which margins are sane, how many
    operators make a consensus.
    """

    world: World
    panel: Panel
    thresholds: Thresholds
    minutes: float
    _looks: dict[str, tuple[Floats, Floats]] = field(default_factory=dict)
    _chains: dict[tuple[str, int], list[Candidate]] = field(default_factory=dict)

    def outturn(self, bet: Placed) -> Outturn:
        """Grade and settle one bet."""
        operator = int(self.panel.operator[bet.bookmaker])
        key = bet.match.provider_id, operator
        if key not in self._chains:
            self._chains[key] = list(self._candidates(bet.match, operator))
        chosen, _is_early = choose(
            self._chains[key],
            selected_by=bet.selected_by,
            operator=str(operator),
            maximum_minutes=self.minutes,
        )
        odds = chosen and chosen.odds[bet.outcome]
        probability = chosen and chosen.fair[bet.outcome]
        true = self.world.true_probabilities(bet.match.provider_id, "h2h")[bet.outcome]
        return Outturn(
            provider_id=bet.match.provider_id,
            claimed=bet.claimed,
            raw=raw_clv(bet.odds, odds) if odds else None,
            fair=fair_clv(bet.net, probability) if probability else None,
            graded_by=chosen.reference if chosen else "",
            realised=_realised(self.world, bet),
            true=true * bet.net - 1,
        )

    def _candidates(self, match: Match, operator: int) -> Iterator[Candidate]:
        """Sharp bookmakers, exchanges, and the consensus of all other operators."""
        odds, fair = self._look(match)
        margins = overrounds(odds, THREE_WAY)[0]
        for is_wanted in (self.panel.is_sharp, self.panel.is_exchange):
            columns = np.flatnonzero(is_wanted & ~np.isnan(fair[0, :, 0]))
            for column in columns[np.argsort(margins[columns], kind="stable")]:
                owner = str(self.panel.operator[column])
                key = str(self.panel.key[column])
                yield self._candidate(key, owner, odds[0, column], fair[0, column])
        consensus = consensus_without_each(
            fair, self.panel, minimum_operators=self.thresholds.minimum_consensus_operators
        )[0, operator]
        if not np.isnan(consensus[0]):
            others = ~np.isnan(fair[0, :, 0]) & (self.panel.operator != operator)
            offered = np.median(odds[0, others], axis=0)
            yield self._candidate(CONSENSUS_NAME, "", offered, consensus)

    def _candidate(self, reference: str, operator: str, odds: Floats, fair: Floats) -> Candidate:
        return Candidate(
            reference=reference,
            operator=operator,
            odds=_three(odds),
            fair=_three(fair),
            minutes=self.minutes,
            source="quotes",
        )

    def _look(self, match: Match) -> tuple[Floats, Floats]:
        """Offered odds and fair probabilities at the last look, each of shape (1, b, 3)."""
        if match.provider_id not in self._looks:
            at = match.commence - self.minutes * 60
            odds = sane_odds(_quotes(self.world, match, at), self.panel, self.thresholds)
            fair = fair_by_bookmaker(odds, THREE_WAY, self.panel, self.thresholds.devig)
            self._looks[match.provider_id] = odds, fair
        return self._looks[match.provider_id]


def sane_odds(quotes: list[SeenQuote], panel: Panel, thresholds: Thresholds) -> Floats:
    """One match's quotes by bookmaker, shape (1, b, 3); NaN where absent or of a wild margin."""
    columns = {key: column for column, key in enumerate(panel.key.tolist())}
    odds = np.full((1, len(columns), 3), np.nan)
    for quote in quotes:
        odds[0, columns[quote.bookmaker_key]] = [np.nan if o is None else o for o in quote.odds]
    margins = overrounds(odds, THREE_WAY)
    is_sane = (margins >= thresholds.lowest_overround) & (margins <= thresholds.highest_overround)
    return np.where(is_sane[..., None], odds, np.nan)


def blind_bets(
    world: World, panel: Panel, thresholds: Thresholds, *, start: datetime, seed: int
) -> Iterator[Placed]:
    """One bet on every match, for ever: any outcome at any bookmaker at any time before kick-off.

    Prices of a wild margin are left out: bookmakers do not honour a mistyped price.

    Args:
        world: The simulated market, on real time.
        panel: Bookmakers, every one of the market's among them.
        thresholds: What margins are sane.
        start: The first match kicks off after this.
        seed: Of the choices, not of the market.
    """
    rng = np.random.default_rng(seed)
    while True:
        first, last = start.timestamp(), (start + WEEK).timestamp()
        for rules in (RULES[sport] for sport in SPORTS):
            for match in world.calendar.between(rules, first, last - 1):
                at = match.commence - rng.uniform(60, rules.listed_seconds)
                odds = sane_odds(_quotes(world, match, at), panel, thresholds)
                offered = np.flatnonzero(~np.isnan(odds[0, :, 0]))
                if len(offered):
                    column, outcome = int(rng.choice(offered)), int(rng.integers(3))
                    believed = fair_by_bookmaker(odds, THREE_WAY, panel, thresholds.devig)[0]
                    yield Placed(
                        match=match,
                        bookmaker=column,
                        outcome=outcome,
                        odds=float(odds[0, column, outcome]),
                        net=float(net_odds(odds[0], panel.commission)[column, outcome]),
                        believed=_first(believed[panel.is_sharp, outcome]),
                    )
        start += WEEK


def value_bets(
    world: World, panel: Panel, thresholds: Thresholds, *, start: datetime, step: timedelta
) -> Iterator[Placed]:
    """Every value opportunity when it opens, for ever; see `edge_report`.

    Args:
        world: The simulated market, on real time.
        panel: Bookmakers, every one of the market's among them.
        thresholds: The user's settings.
        start: Simulated instant of the first snapshot.
        step: Between two snapshots.
    """
    follower = Follower(thresholds=thresholds, panel=panel)
    matches: list[Match] = []
    ids: dict[str, int] = {}
    at = start
    while True:
        for sport in SPORTS:
            quotes = _upcoming(world, sport, at)
            for quote in quotes:
                if quote.provider_id not in ids:
                    ids[quote.provider_id] = len(ids)
                    matches.append(world.match(quote.provider_id))
            for finding in follower.opened(sport, quotes, ids, at.timestamp()):
                yield _accepted(finding, matches[finding.match_id], panel)
        at += step


def _upcoming(world: World, sport: str, at: datetime) -> list[SeenQuote]:
    snapshot = parse_snapshot(world.body(sport, at))
    upcoming = {one.provider_id for one in snapshot.matches if one.commence_time > at}
    return [
        quote
        for quote in snapshot.quotes
        if quote.market == "h2h" and quote.provider_id in upcoming
    ]


def _accepted(finding: Finding, match: Match, panel: Panel) -> Placed:
    if finding.best_odds is None or finding.edge_pct is None:
        raise ValueError(f"a value opportunity without a price: {finding!r}")
    column = int(np.flatnonzero(panel.key == finding.best_bookmaker)[0])
    return Placed(
        match=match,
        bookmaker=column,
        outcome=OUTCOMES.index(finding.outcome),
        odds=finding.best_odds,
        net=1 + (1 - float(panel.commission[column])) * (finding.best_odds - 1),
        claimed=finding.edge_pct / 100,
        selected_by=finding.reference,
    )


def _quotes(world: World, match: Match, at: float) -> list[SeenQuote]:
    body = [quoted_event(match, world.quotes(match, at, ("h2h",)), world.clock)]
    return [quote for quote in parse_snapshot(body).quotes if quote.market == "h2h"]


def _realised(world: World, bet: Placed) -> float:
    result = world.result(bet.match, bet.match.commence + bet.match.sport.duration)
    if result is None:
        raise ValueError(f"a match without a result: {bet.match.provider_id}")
    ended = ending("h2h", OUTCOMES[bet.outcome], Decimal(0), result.home, result.away)
    return bet.net - 1 if ended == Ending.WON else -1.0


def _first(values: Floats) -> float | None:
    known = values[~np.isnan(values)]
    return float(known[0]) if len(known) else None


def _three(values: Floats) -> Odds:
    first, draw, second = values.tolist()
    return first, draw, second


def match_numbers(outturns: list[Outturn]) -> Integers:
    """The match of each bet as a number, shape (n,)."""
    numbers: Integers = np.unique([one.provider_id for one in outturns], return_inverse=True)[1]
    return numbers
