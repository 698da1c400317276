"""Scores into chances of markets: against a peer and against the rules of settlement."""

from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from betting.bets.rules import Ending, ending
from strategies.goals.scores import MOST_GOALS, score_matrix, spreads, totals, winner
from tests.strategies.goals.peer_ratings import (
    ASH_OAK,
    ASH_OAK_HANDICAP,
    ASH_OAK_OVER,
    ASH_OAK_WINNER,
    EQUALLY,
)

SHARES = {
    Ending.WON: 1.0,
    Ending.HALF_WON: 0.5,
    Ending.PUSH: 0.0,
    Ending.HALF_LOST: -0.5,
    Ending.LOST: -1.0,
}
means = st.floats(0.05, 4.0)
corrections = st.floats(-0.2, 0.05)
quarters = st.integers(-16, 24).map(lambda number: number / 4)


def matrix_of(hosts: float, guests: float, rho: float):
    return score_matrix(np.array([hosts]), np.array([guests]), rho)


def ash_oak():
    return matrix_of(*ASH_OAK, EQUALLY["tail"][2])


def profit_by_rules(market: str, outcome: str, line: float, matrix, odds: float) -> float:
    """What a unit is expected to win, score by score."""
    profit = 0.0
    for home, away in np.ndindex(matrix.shape):
        share = SHARES[ending(market, outcome, Decimal(str(line)), home, away)]
        profit += matrix[home, away] * (share * (odds - 1) if share > 0 else share)
    return profit


def test_the_match_winner_is_that_of_penaltyblog():
    assert winner(ash_oak())[0] == pytest.approx(ASH_OAK_WINNER, abs=1e-6)


@pytest.mark.parametrize(("line", "shares"), ASH_OAK_OVER.items())
def test_totals_are_those_of_penaltyblog_among_decided_stakes(line, shares):
    lost, _given_back, won = shares

    over, _nothing, under = totals(ash_oak(), np.array([line]))[0]

    assert over == pytest.approx(won / (won + lost), abs=1e-6)
    assert under == pytest.approx(lost / (won + lost), abs=1e-6)


@pytest.mark.parametrize(("line", "shares"), ASH_OAK_HANDICAP.items())
def test_handicaps_are_those_of_penaltyblog_among_decided_stakes(line, shares):
    lost, _given_back, won = shares

    home, _nothing, away = spreads(ash_oak(), np.array([line]))[0]

    assert home == pytest.approx(won / (won + lost), abs=1e-6)
    assert away == pytest.approx(lost / (won + lost), abs=1e-6)


def test_a_total_of_three_leaves_matches_with_three_goals_out():
    matrix = ash_oak()
    goals = np.add.outer(np.arange(MOST_GOALS + 1), np.arange(MOST_GOALS + 1))
    more, less = matrix[0][goals > 3].sum(), matrix[0][goals < 3].sum()

    assert totals(matrix, np.array([3.0]))[0, 0] == pytest.approx(more / (more + less))


@settings(max_examples=60)
@given(hosts=means, guests=means, rho=corrections)
def test_chances_sum_to_one(hosts, guests, rho):
    matrix = matrix_of(hosts, guests, rho)

    assert matrix.min() >= 0
    assert matrix.sum() == pytest.approx(1)
    assert winner(matrix).sum() == pytest.approx(1)


@settings(max_examples=60)
@given(hosts=means, guests=means, rho=corrections, line=quarters)
def test_at_fair_odds_a_bet_is_worth_nothing_by_the_rules_of_settlement(hosts, guests, rho, line):
    matrix = matrix_of(hosts, guests, rho)
    for market, sides, chances in (
        ("totals", ("over", "under"), totals(matrix, np.array([abs(line) + 0.5]))[0, [0, 2]]),
        ("spreads", ("home", "away"), spreads(matrix, np.array([line]))[0, [0, 2]]),
    ):
        asked = abs(line) + 0.5 if market == "totals" else line
        for side, chance in zip(sides, chances, strict=True):
            if chance > 1e-6:
                profit = profit_by_rules(market, side, asked, matrix[0], 1 / chance)
                assert profit == pytest.approx(0, abs=1e-6)


@settings(max_examples=60)
@given(hosts=means, guests=means, rho=corrections, line=st.sampled_from([1.25, 1.75, 2.25, 3.75]))
def test_a_quarter_line_is_half_a_bet_on_each_neighbour(hosts, guests, rho, line):
    matrix = matrix_of(hosts, guests, rho)
    odds = 1.9

    def profit(at):
        """Edge per decided stake times how much is decided."""
        over = totals(matrix, np.array([at]))[0, 0]
        return (over * odds - 1) * (1 - given_back(matrix, at))

    neighbours = (profit(line - 0.25) + profit(line + 0.25)) / 2
    assert profit(line) == pytest.approx(neighbours, abs=1e-12)


def given_back(matrix, line: float) -> float:
    goals = np.add.outer(np.arange(MOST_GOALS + 1), np.arange(MOST_GOALS + 1))
    distance = np.abs(goals - line)
    return float(matrix[0][distance == 0].sum() + matrix[0][distance == 0.25].sum() / 2)


def test_more_goals_are_less_likely():
    lines = np.arange(0.5, 8, 0.25)
    over = totals(np.repeat(ash_oak(), len(lines), axis=0), lines)[:, 0]

    assert (np.diff(over) < 0).all()


def test_a_line_between_quarters_has_no_chances():
    assert np.isnan(totals(ash_oak(), np.array([2.1]))).all()
    assert np.isnan(spreads(ash_oak(), np.array([-0.3]))).all()
