"""True probabilities, against sums of Poisson terms and against results."""

from math import exp, factorial, lgamma, log, sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from odds.simulator.scores import Chances, score_law
from odds.simulator.sports import BASKETBALL_NBA, DAY, SOCCER_EPL, SPORTS
from odds.simulator.truth import truth_of

rates = st.floats(0.2, 4.5)
quarters = st.integers(2, 22).map(lambda quarter: quarter / 4)
NOTHING = np.zeros((1, 2))


def poisson(rate, count):
    return rate**count * exp(-rate) / factorial(count)


def soccer_law(home, away):
    return score_law(SOCCER_EPL, np.array([[home, away]]), NOTHING)


def settle(value, line, odds):
    """Profit of one unit on over, by the rules of Asian totals: half a stake on each half line."""
    halves = [line - 0.25, line + 0.25] if (line * 4) % 2 else [line, line]
    return sum(
        0.5 * ((odds - 1) if value > half else 0 if value == half else -1) for half in halves
    )


@given(rates, rates)
def test_match_odds_are_double_sums_of_poisson_terms(home, away):
    grid = {(i, j): poisson(home, i) * poisson(away, j) for i in range(26) for j in range(26)}

    results = soccer_law(home, away).results()[0]

    assert results.sum() == pytest.approx(1)
    assert results[0] == pytest.approx(sum(p for (i, j), p in grid.items() if i > j), abs=1e-9)
    assert results[1] == pytest.approx(sum(p for (i, j), p in grid.items() if i == j), abs=1e-9)


@given(rates, rates, quarters, st.floats(1.01, 20))
def test_a_total_pays_what_its_settlement_rules_pay(home, away, line, odds):
    over, under = soccer_law(home, away).total.chances(line)

    # The sum of two Poisson counts is one Poisson count.
    expected = sum(poisson(home + away, n) * settle(n, line, odds) for n in range(60))
    mirrored = sum(poisson(home + away, n) * settle(-n, -line, odds) for n in range(60))
    assert over.edge(odds) == pytest.approx(expected, abs=1e-7)
    assert under.edge(odds) == pytest.approx(mirrored, abs=1e-7)


@given(rates, rates, st.integers(-12, 12).map(lambda quarter: quarter / 4), st.floats(1.01, 20))
def test_a_handicap_pays_what_its_settlement_rules_pay(home, away, line, odds):
    side, _ = soccer_law(home, away).margin.chances(-line)

    expected = sum(
        poisson(home, i) * poisson(away, j) * settle(i - j, -line, odds)
        for i in range(26)
        for j in range(26)
    )
    assert side.edge(odds) == pytest.approx(expected, abs=1e-7)


@given(rates, rates, quarters)
def test_five_endings_share_all_probability(home, away, line):
    for chance in soccer_law(home, away).total.chances(line):
        endings = [chance.win, chance.half_win, chance.push, chance.half_loss, chance.loss]

        assert sum(endings) == pytest.approx(1)
        assert min(endings) >= -1e-12


@given(rates, rates, quarters)
def test_nobody_gains_at_fair_odds(home, away, line):
    over, under = soccer_law(home, away).total.chances(line)

    assert over.fair_probability + under.fair_probability == pytest.approx(1)
    assert over.edge(1 / over.fair_probability) == pytest.approx(0, abs=1e-9)


def test_a_push_returns_the_stake():
    assert Chances(win=0.4, push=0.2, loss=0.4).edge(2.0) == pytest.approx(0)
    assert Chances(win=0.4, push=0.2, loss=0.4).fair_probability == pytest.approx(0.5)


def test_basketball_never_ends_level_and_shares_ties_in_proportion():
    law = score_law(BASKETBALL_NBA, np.array([[113.0, 108.0]]), NOTHING)

    def term(rate, count):
        return exp(count * log(rate) - rate - lgamma(count + 1))

    grid = np.outer([term(113, n) for n in range(256)], [term(108, n) for n in range(256)])
    home, away = np.tril(grid, -1).sum(), np.triu(grid, 1).sum()
    assert law.results()[0] == pytest.approx([home / (home + away), away / (home + away)])


def test_points_already_scored_count():
    behind = score_law(SOCCER_EPL, np.array([[0.5, 0.5]]), np.array([[0.0, 2.0]]))

    # Home wins only by two more goals than away in what is left, plus one.
    needed = sum(
        poisson(0.5, i) * poisson(0.5, j) for i in range(20) for j in range(20) if i > j + 2
    )
    assert behind.results()[0][0] == pytest.approx(needed, abs=1e-9)


def test_true_probabilities_sum_to_one_on_every_market(world, sport_match):
    line = 2.75 if sport_match.sport.has_draw else 221.5

    for market, at in (("h2h", None), ("totals", line), ("spreads", -0.25)):
        assert sum(world.true_probabilities(sport_match.provider_id, market, at)) == pytest.approx(
            1
        )


@pytest.mark.parametrize(("market", "line"), [("h2h", 2.5), ("totals", None), ("btts", None)])
def test_a_market_that_does_not_exist_is_refused(world, sport_match, market, line):
    with pytest.raises(ValueError, match="no such market"):
        world.true_chances(sport_match.provider_id, market, line)


@pytest.fixture(params=SPORTS.values(), ids=list(SPORTS))
def sport_match(request, world):
    start = world.calendar.start
    return world.calendar.between(request.param, start, start + 9 * DAY)[0]


def test_results_happen_as_often_as_they_are_likely(world):
    """3,800 matches; the hits of a calibrated outcome have variance sum of p(1 - p)."""
    start = world.calendar.start
    matches = world.calendar.between(SOCCER_EPL, start, start + 381 * 7 * DAY)
    likely = np.array([world.truth(match).law().results()[0] for match in matches])
    scores = np.array([world.truth(match).final_score for match in matches])
    margin = scores[:, 0] - scores[:, 1]
    happened = np.stack([margin > 0, margin == 0, margin < 0], axis=1)

    surplus = (happened - likely).sum(axis=0)
    deviation = np.sqrt((likely * (1 - likely)).sum(axis=0))
    assert len(matches) >= 3800
    assert np.all(np.abs(surplus) < 4 * deviation)

    for low in np.arange(0, 1, 0.1):
        band = (likely >= low) & (likely < low + 0.1)
        gap = (happened - likely)[band].sum()
        assert abs(gap) < 4 * sqrt((likely * (1 - likely))[band].sum() + 1)


def test_totals_happen_as_often_as_they_are_likely(world):
    start = world.calendar.start
    matches = world.calendar.between(SOCCER_EPL, start, start + 200 * 7 * DAY)
    likely = np.array([world.truth(match).law().total.chances(2.5)[0].win for match in matches])
    over = np.array([sum(world.truth(match).final_score) > 2.5 for match in matches])

    assert abs((over - likely).sum()) < 4 * sqrt((likely * (1 - likely)).sum())


def test_points_come_in_while_a_match_is_played(world, sport_match):
    truth = world.truth(sport_match)
    shares = np.linspace(0, 1, 50)

    score = truth.score(shares)

    assert score[0].tolist() == [0, 0]
    assert np.all(np.diff(score, axis=0) >= 0)
    assert tuple(score[-1]) == truth.final_score


def test_the_truth_depends_on_seed_and_match_alone(sport_match):
    first, again, other = (truth_of(seed, sport_match) for seed in (11, 11, 12))

    assert first.rates.tolist() == again.rates.tolist()
    assert first.points[0].tolist() == again.points[0].tolist()
    assert first.rates.tolist() != other.rates.tolist()
