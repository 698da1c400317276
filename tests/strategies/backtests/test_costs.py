"""What is obtained of a price: after a delay, a haircut and commissions."""

import numpy as np
import pytest

from strategies.backtests.costs import Costs, obtain
from strategies.predictions import EVERY, MAXIMUM, NO_LEG
from strategies.replay.decisions import Decisions
from strategies.replay.states import Series
from tests.strategies.backtests.histories import BOOKMAKERS, DAY, FIRST, HOUR, make_history

KICKOFF = FIRST + 2 * DAY
SEEN = KICKOFF - 5 * HOUR
COLUMN = {key: column for column, key in enumerate(BOOKMAKERS)} | {"maximum": MAXIMUM}


def decided(bookmaker, place=0, *, odds=2.0, net=None, legs=(NO_LEG,) * 3, at=SEEN):
    """One decision on the only match of a history."""
    whole, real = (np.array([value]) for value in (0, 0.0))
    return Decisions(
        match=whole,
        market=whole,
        line=real,
        place=np.array([place]),
        is_three_way=np.array([True]),
        column=np.array([COLUMN[bookmaker]]),
        odds=np.array([odds]),
        net_odds=np.array([net or odds]),
        probability=np.array([0.6]),
        edge=np.array([0.2]),
        source=np.array([COLUMN["pinnacle"]]),
        legs=np.array([legs]),
        at=np.array([at]),
    )


def obtained(decisions, rows, *, is_imported=False, **costs):
    history = make_history(rows, [KICKOFF], is_imported=is_imported)
    got = obtain(decisions, history, Series.of(history.quotes, 1), Costs(**costs))
    return float(got.odds[0]), float(got.net_odds[0])


def moving(bookmaker="bwin"):
    """A price that is cut after an hour and withdrawn after three."""
    return [
        (0, bookmaker, [2.0, 3.5, 4.0], SEEN),
        (0, bookmaker, [1.8, 3.6, 4.5], SEEN + HOUR),
        (0, bookmaker, None, SEEN + 3 * HOUR),
        (0, "coolbet", [5.0, 5.0, 5.0], SEEN),
    ]


@pytest.mark.parametrize(
    ("delay", "odds"),
    [(0, 2.0), (HOUR - 1, 2.0), (HOUR, 1.8), (3 * HOUR - 1, 1.8)],
)
def test_what_is_offered_after_the_delay_is_taken(delay, odds):
    assert obtained(decided("bwin"), moving(), delay_seconds=delay) == (odds, odds)


def test_a_price_withdrawn_during_the_delay_is_gone():
    assert np.isnan(obtained(decided("bwin"), moving(), delay_seconds=3 * HOUR)).all()


def test_a_delay_beyond_kick_off_leaves_nothing_to_take():
    rows = [(0, "bwin", [2.0, 3.5, 4.0], SEEN)]

    assert obtained(decided("bwin"), rows, delay_seconds=5 * HOUR) == (2.0, 2.0)
    assert np.isnan(obtained(decided("bwin"), rows, delay_seconds=5 * HOUR + 1)).all()


def test_a_source_of_past_seasons_withdraws_whom_it_lists_no_more():
    rows = [
        (0, "bwin", [2.0, 3.5, 4.0], SEEN),
        (0, "coolbet", [2.0, 3.5, 4.0], SEEN),
        (0, "coolbet", [1.9, 3.5, 4.2], SEEN + HOUR),
    ]

    collected = obtained(decided("bwin"), rows, delay_seconds=HOUR)
    imported = obtained(decided("bwin"), rows, delay_seconds=HOUR, is_imported=True)

    assert collected == (2.0, 2.0)
    assert np.isnan(imported).all()
    kept = obtained(decided("coolbet"), rows, delay_seconds=HOUR, is_imported=True)
    assert kept == (1.9, 1.9)


def test_the_outcome_that_was_chosen_is_followed():
    assert obtained(decided("bwin", place=2), moving(), delay_seconds=HOUR) == (4.5, 4.5)


def test_a_stated_maximum_is_followed_like_a_bookmaker():
    rows = moving("maximum")

    assert obtained(decided("maximum"), rows, delay_seconds=HOUR) == (1.8, 1.8)


def test_a_haircut_takes_its_share_of_the_odds_above_1():
    assert obtained(decided("bwin"), moving(), haircut=0.1) == pytest.approx((1.9, 1.9))


def test_commissions_of_the_exchange_and_the_user_both_reduce_the_winnings():
    rows = moving("betfair_ex_eu")

    odds, net = obtained(decided("betfair_ex_eu", net=1.95), rows, commission=0.02)

    assert odds == 2.0
    assert net == pytest.approx(1 + 1.0 * 0.95 * 0.98)


def test_without_costs_the_odds_are_those_decided():
    assert obtained(decided("bwin", odds=2.04, net=2.03), moving()) == (2.04, 2.03)


LEGS = (COLUMN["bwin"], COLUMN["coolbet"], COLUMN["coolbet"])


def test_an_arbitrage_is_made_anew_from_its_legs():
    arbitrage = decided("bwin", EVERY, odds=1.111, legs=LEGS)

    odds, net = obtained(arbitrage, moving(), delay_seconds=HOUR, commission=0.1)

    assert odds == pytest.approx(1 / (1 / 1.8 + 1 / 5 + 1 / 5))
    assert net == pytest.approx(1 / (1 / 1.72 + 1 / 4.6 + 1 / 4.6))


def test_an_arbitrage_that_lost_a_leg_is_gone():
    arbitrage = decided("bwin", EVERY, odds=1.111, legs=LEGS)

    assert np.isnan(obtained(arbitrage, moving(), delay_seconds=3 * HOUR)).all()


@pytest.mark.parametrize(
    "given", [{"commission": 1.0}, {"haircut": -0.1}, {"delay_seconds": -1.0}, {"haircut": 1.0}]
)
def test_impossible_costs_are_refused(given):
    with pytest.raises(ValueError, match="impossible"):
        Costs(**given)
