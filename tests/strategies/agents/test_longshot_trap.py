"""What the Spread Optimizer falls for on the simulated market, by its known probabilities."""

import numpy as np
import pytest

from betting.detection.board import QuoteTable
from betting.detection.current_quotes import panel_of
from odds.catalogue import bookmaker_for
from odds.simulator.bookmakers import BOOKMAKERS
from odds.simulator.sources import DEFAULT_ANCHOR
from odds.simulator.sports import DAY, HOUR, SOCCER_EPL, SOCCER_SIMULATED_CUP
from odds.simulator.world import World
from strategies.agents.spread_optimizer import Parameters, predict
from tests.strategies.agents.boards import snapshot_of

WORLD = World(1, DEFAULT_ANCHOR)  # the demonstration's


def taken(sport, *, days):
    """Odds, claimed and true edges of what it takes a day before kick-off; any edge will do."""
    first = WORLD.calendar.start + 14 * DAY
    matches = WORLD.calendar.between(sport, first, first + days * DAY)
    panel = panel_of([bookmaker_for(book.key, book.title) for book in BOOKMAKERS])
    columns = {key: column for column, key in enumerate(panel.key.tolist())}
    rows = [
        (number, columns[quote.bookmaker.key], quote.odds)
        for number, match in enumerate(matches)
        for quote in WORLD.quotes(match, match.commence - 24 * HOUR, ["h2h"])
        if quote.market == "h2h"
    ]
    count = len(rows)
    board = QuoteTable(
        match_id=np.array([row[0] for row in rows]),
        bookmaker=np.array([row[1] for row in rows]),
        market=np.zeros(count, dtype=np.intp),
        line=np.zeros(count),
        odds=np.array([row[2] for row in rows]),
        changed_at=np.zeros(count),
        seen_at=np.zeros(count),
        source_age_seconds=np.full(count, np.nan),
    )
    snapshot = snapshot_of(board, panel)
    said = predict(snapshot, Parameters(minimum_edge_pct=0.0))
    chances = np.array([WORLD.true_probabilities(one.provider_id, "h2h") for one in matches])
    chance = chances[snapshot.board.match_id[said.group], said.place]
    return said.odds, said.edge, chance * said.net_odds - 1


@pytest.fixture(scope="module")
def cup():
    return taken(SOCCER_SIMULATED_CUP, days=80)


def test_longshots_of_the_cup_claim_the_most_and_are_worth_the_least(cup):
    odds, claimed, true = cup
    is_long = odds >= 5

    assert is_long.sum() > 70 < (~is_long).sum()
    assert claimed[is_long].mean() > 0.05 > claimed[~is_long].mean()
    error = np.hypot(*(true[side].std() / side.sum() ** 0.5 for side in (is_long, ~is_long)))
    assert true[is_long].mean() < 0
    assert true[~is_long].mean() - true[is_long].mean() > 4 * error


def test_great_claims_of_the_cup_are_worth_less_than_small_ones(cup):
    _odds, claimed, true = cup
    is_great = claimed >= 0.08

    assert is_great.sum() > 70
    assert true[is_great].mean() + 4 * true[is_great].std() / is_great.sum() ** 0.5 < 0
    assert true[is_great].mean() < true[~is_great].mean()


def test_in_a_big_league_it_seldom_claims_much():
    _odds, claimed, _true = taken(SOCCER_EPL, days=60)

    assert len(claimed) > 20
    assert (claimed >= 0.08).mean() < 0.05
