"""Small competitions: soft bookmakers flatter longshots, sharp ones and exchanges do not."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from odds.simulator.bookmakers import BOOKMAKERS
from odds.simulator.news import closer
from odds.simulator.sports import DAY, HOUR, SOCCER_EPL, SOCCER_SIMULATED_CUP

SOFT = np.array([book.kind == "soft" for book in BOOKMAKERS])
rates = st.floats(0.2, 4.5)


@pytest.fixture(scope="module")
def cup(world):
    start = world.calendar.start
    return world.calendar.between(SOCCER_SIMULATED_CUP, start + 14 * DAY, start + 74 * DAY)


def flattery(world, matches):
    """Mean of belief / truth - 1 of soft bookmakers and of the others, with errors, by match.

    Outcomes that happen in fewer than 15 of 100 such matches.
    """
    soft, others = [], []
    for match in matches:
        true = np.array(world.true_probabilities(match.provider_id, "h2h"))
        excess = world.fair(match, match.commence - 0.1 * HOUR) / true - 1
        for outcome in np.flatnonzero(true < 0.15):
            soft.append(excess[SOFT, outcome].mean())
            others.append(excess[~SOFT, outcome].mean())
    return [(np.mean(each), np.std(each) / np.sqrt(len(each))) for each in (soft, others)]


def test_soft_bookmakers_hold_longshots_of_the_cup_for_likelier_than_they_are(world, cup):
    (soft, soft_error), (others, others_error) = flattery(world, cup)

    assert soft > 0.1
    assert soft - 4 * soft_error > 0
    assert abs(others) < 4 * others_error + 0.005  # the convexity of a probability is not 0


def test_in_a_big_league_nobody_does(world):
    start = world.calendar.start
    matches = world.calendar.between(SOCCER_EPL, start + 14 * DAY, start + 114 * DAY)

    for excess, error in flattery(world, matches):
        assert abs(excess) < 4 * error + 0.005


def test_margins_of_the_cup_are_wider_by_the_same_at_every_bookmaker(world, cup):
    sums = {book.key: [] for book in BOOKMAKERS}
    for match in cup[:120]:
        for quote in world.quotes(match, match.commence - 6 * HOUR, ["h2h"]):
            if quote.market == "h2h":
                sums[quote.bookmaker.key].append(sum(1 / odds for odds in quote.odds) - 1)

    for book in BOOKMAKERS:
        wider = np.median(sums[book.key]) - book.margin  # a mistyped price must not weigh
        assert wider == pytest.approx(SOCCER_SIMULATED_CUP.extra_margin, abs=0.006), book.key


@given(rates, rates, st.floats(0, 1))
def test_sides_held_for_closer_share_the_same_points(home, away, overlooked):
    believed = closer(np.array([[home, away]]), np.array([overlooked]))[0]

    assert believed.sum() == pytest.approx(home + away)
    assert np.log(believed[0] / believed[1]) == pytest.approx(
        (1 - overlooked) * np.log(home / away), abs=1e-9
    )
