"""What the Spread Optimizer falls for on the simulated market, by its known probabilities."""

from typing import NamedTuple

import numpy as np
import pytest

from betting.bets.rules import Ending
from betting.detection.board import QuoteTable
from betting.detection.current_quotes import panel_of
from odds.catalogue import bookmaker_for
from odds.fair_prices import Floats, Integers
from odds.simulator.bookmakers import BOOKMAKERS
from odds.simulator.sources import DEFAULT_ANCHOR
from odds.simulator.sports import (
    DAY,
    HOUR,
    SOCCER_EPL,
    SOCCER_SIMULATED_CUP,
    SOCCER_SPAIN_LA_LIGA,
)
from odds.simulator.world import World
from strategies.agents.spread_optimizer import Parameters, predict
from strategies.learning.analyst import analyse
from strategies.learning.evidence import Evidence, settings_of
from strategies.learning.proposal import checked
from strategies.learning.segments import Made
from strategies.parameters import as_mapping, parse, ranges
from strategies.snapshots import Snapshot
from tests.strategies.agents.boards import snapshot_of

WORLD = World(1, DEFAULT_ANCHOR)  # the demonstration's
PANEL = panel_of([bookmaker_for(book.key, book.title) for book in BOOKMAKERS])
SHARP = [book.key for book in BOOKMAKERS].index("pinnacle")
ANY_EDGE = Parameters(minimum_edge_pct=0.0)


class Taken(NamedTuple):
    """Prices a day before kick-off; edges and CLV as fractions."""

    match: Integers
    odds: Floats
    claimed: Floats
    true: Floats
    clv: Floats


class Market(NamedTuple):
    """Match winners a day before kick-off, and what becomes of each; the latter (matches, 3)."""

    snapshot: Snapshot
    true: Floats
    closing: Floats

    def taken(self, parameters=ANY_EDGE):
        """What the Spread Optimizer takes."""
        said = predict(self.snapshot, parameters)
        match = self.snapshot.board.match_id[said.group]
        return Taken(
            match=match,
            odds=said.odds,
            claimed=said.edge,
            true=self.true[match, said.place] * said.net_odds - 1,
            clv=self.closing[match, said.place] * said.net_odds - 1,
        )


def market_of(*sports, after=14, days=80):
    """The matches of so many days after some days of the calendar."""
    first = WORLD.calendar.start + after * DAY
    matches = [
        match
        for sport in sports
        for match in WORLD.calendar.between(sport, first, first + days * DAY)
    ]
    columns = {key: column for column, key in enumerate(PANEL.key.tolist())}
    rows = [
        (number, columns[quote.bookmaker.key], quote.odds)
        for number, match in enumerate(matches)
        for quote in WORLD.quotes(match, match.commence - 24 * HOUR, ["h2h"])
        if quote.market == "h2h"
    ]
    count = len(rows)
    quotes = QuoteTable(
        match_id=np.array([row[0] for row in rows]),
        bookmaker=np.array([row[1] for row in rows]),
        market=np.zeros(count, dtype=np.intp),
        line=np.zeros(count),
        odds=np.array([row[2] for row in rows]),
        changed_at=np.zeros(count),
        seen_at=np.zeros(count),
        source_age_seconds=np.full(count, np.nan),
    )
    return Market(
        snapshot=snapshot_of(quotes, PANEL),
        true=np.array([WORLD.true_probabilities(one.provider_id, "h2h") for one in matches]),
        closing=np.array([WORLD.fair(one, one.commence - HOUR / 10)[SHARP] for one in matches]),
    )


@pytest.fixture(scope="module")
def cup():
    return market_of(SOCCER_SIMULATED_CUP).taken()


def test_longshots_of_the_cup_claim_the_most_and_are_worth_the_least(cup):
    is_long = cup.odds >= 5

    assert is_long.sum() > 70 < (~is_long).sum()
    assert cup.claimed[is_long].mean() > 0.1 > cup.claimed[~is_long].mean()
    sides = cup.true[is_long], cup.true[~is_long]
    error = np.hypot(*(side.std() / len(side) ** 0.5 for side in sides))
    assert sides[0].mean() < 0
    assert sides[1].mean() - sides[0].mean() > 3 * error


def test_great_claims_of_the_cup_are_worth_less_than_small_ones(cup):
    is_great = cup.claimed >= 0.08

    assert is_great.sum() > 70
    great = cup.true[is_great]
    assert great.mean() + 4 * great.std() / len(great) ** 0.5 < 0
    assert great.mean() < cup.true[~is_great].mean()


def test_in_a_big_league_it_seldom_claims_much():
    league = market_of(SOCCER_EPL).taken()

    assert len(league.claimed) > 20
    assert (league.claimed >= 0.08).mean() < 0.05


def test_the_statistical_analyst_finds_what_raises_its_true_edge_afterwards():
    sports = SOCCER_SIMULATED_CUP, SOCCER_EPL, SOCCER_SPAIN_LA_LIGA
    evidence = Evidence.of(
        made(market_of(*sports, days=60).taken()),
        agent="Spread Optimizer",
        strategy="Simulated",
        settings=settings_of(as_mapping(ANY_EDGE), ranges(Parameters)),
    )

    changes = checked(analyse(evidence).proposal, Parameters, evidence.mapping)

    later = market_of(*sports, after=74, days=30)
    before = later.taken()
    after = later.taken(parse(Parameters, evidence.mapping | changes))
    assert len(after.true) > 30
    assert before.true.mean() < -0.02
    assert after.true.mean() > before.true.mean() + 0.02


def made(said):
    """The same as an analyst is told of it."""
    return [
        Made(
            match_id=int(said.match[row]),
            league="simulated",
            market="h2h",
            outcome="home",
            bookmaker=None,
            odds=float(said.odds[row]),
            probability=float((1 + said.claimed[row]) / said.odds[row]),
            edge_pct=float(100 * said.claimed[row]),
            agreement=None,
            hours=24.0,
            clv_pct=float(100 * said.clv[row]),
            result=Ending.WON,
            profit=0.0,
        )
        for row in range(len(said.odds))
    ]
