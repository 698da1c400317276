"""Kelly's fractions by published examples, and what limits a suggested stake."""

from decimal import Decimal

import numpy as np
import pytest

from betting.bankroll.staking import Suggestion, kelly, kelly_exclusive, kelly_simultaneous, suggest
from tests.betting.stakes import growth_of_exclusive, make_limits

D = Decimal


def suggestion(**given) -> Suggestion:
    """Even money at 60 %: Kelly is a fifth, and a quarter of it fifty of a thousand."""
    defaults = {
        "probability": 0.6,
        "odds": 2.0,
        "bankroll": D(1000),
        "available": D(1000),
        "on_match": D(0),
        "on_day": D(0),
        "limits": make_limits(cap_bet=1, cap_match=1, cap_day=1),
    }
    return suggest(**defaults | given)


@pytest.mark.parametrize(
    ("probability", "odds", "fraction"),
    [
        (0.6, 2.0, 0.2),  # Kelly (1956): even money, 2 p - 1
        (0.267176, 3.95, 0.01876),  # the contract
        (0.55, 2.1, 2 * 0.0705),  # penaltyblog's documentation of bet sizing: half Kelly 7.05 %
        (0.5, 2.0, 0.0),
        (0.4, 2.0, 0.0),
        (0.0, 50.0, 0.0),
        (1.0, 1.5, 1.0),
        (0.9, 1.0, 0.0),
    ],
)
def test_kelly(probability, odds, fraction):
    assert kelly(probability, odds) == pytest.approx(fraction, abs=1e-4)


def test_a_quarter_of_kelly_is_the_contracts():
    assert kelly(0.267176, 3.95) / 4 == pytest.approx(0.00469, abs=5e-6)


def test_kelly_takes_tables():
    fractions = kelly(np.array([[0.6, 0.4], [0.5, np.nan]]), np.array([[2.0, 2.0], [3.0, 2.0]]))

    np.testing.assert_allclose(fractions, [[0.2, 0], [0.25, np.nan]])


@pytest.mark.parametrize("probability", [-0.1, 1.1, 55])
def test_a_probability_in_percent_is_refused(probability):
    with pytest.raises(ValueError, match="fractions, not percent"):
        kelly(probability, 2.0)


def test_exclusive_outcomes_as_published():
    """The example of penaltyblog's documentation: 27.17 %, 3.26 % and nothing, growing 4.6783 %.

    Its draw has no edge of its own (0.25 at 3.20): it insures the home win.
    """
    p, odds = np.array([0.55, 0.25, 0.20]), np.array([2.5, 3.2, 2.8])

    fractions = kelly_exclusive(p, odds)

    np.testing.assert_allclose(fractions, [0.2717, 0.0326, 0], atol=5e-5)
    assert growth_of_exclusive(fractions, p, odds) == pytest.approx(0.046783, abs=5e-7)


def test_one_outcome_alone_is_the_single_kelly():
    assert kelly_exclusive(np.array([0.6]), np.array([2.0])) == pytest.approx(0.2)
    assert kelly_exclusive(np.array([0.3, 0.6, 0.1]), np.array([np.nan, 2.0, np.nan])) == (
        pytest.approx([0, 0.2, 0])
    )


def test_a_covered_market_below_a_sum_of_1_is_staked_by_its_probabilities():
    """Kelly (1956): with every outcome on offer and no take, bet what you believe."""
    p = np.array([0.5, 0.3, 0.2])

    np.testing.assert_allclose(kelly_exclusive(p, np.array([2.20, 3.70, 3.95])), p)


def test_fair_odds_are_not_staked_on():
    p = np.array([0.5, 0.3, 0.2])

    assert not kelly_exclusive(p, 1 / p).any()


@pytest.mark.parametrize("p", [[0.7, 0.4], [-0.1, 0.5], [np.nan, 0.5]])
def test_impossible_probabilities_of_exclusive_outcomes_are_refused(p):
    with pytest.raises(ValueError, match="give"):
        kelly_exclusive(np.array(p), np.array([2.0, 2.0]))


def test_simultaneous_bets_are_shares_of_their_single_stakes():
    p, odds = np.array([0.6, 0.4, 0.267176]), np.array([2.0, 2.0, 3.95])

    fractions = kelly_simultaneous(p, odds, fraction=0.25, cap_day=1)

    np.testing.assert_allclose(fractions, [0.05, 0, 0.00469], atol=5e-6)


def test_simultaneous_bets_are_scaled_down_to_the_cap_together():
    p, odds = np.array([0.6, 0.6, 0.7]), np.array([2.0, 2.0, 2.0])

    fractions = kelly_simultaneous(p, odds, fraction=0.5, cap_day=0.2)

    np.testing.assert_allclose(fractions, [0.05, 0.05, 0.1])


def test_no_bets_are_no_stakes():
    none = np.array([])

    assert kelly_simultaneous(none, none, fraction=0.25, cap_day=0.2).shape == (0,)
    assert kelly_exclusive(none, none).shape == (0,)


def test_a_stake_is_the_users_share_of_kelly():
    assert suggestion() == Suggestion(
        stake=D("50.00"),
        full_kelly=pytest.approx(0.2),
        fraction_of_bankroll=0.05,
        limited_by="",
    )


def test_the_contracts_bet_with_its_cap_of_five_percent():
    """A quarter of .01876 is .00469: 46.90 of ten thousand, rounded down to the half."""
    limits = make_limits(cap_bet=0.05)

    suggested = suggestion(
        probability=0.267176, odds=3.95, bankroll=D(10000), available=D(10000), limits=limits
    )

    assert suggested.stake == D("46.50")
    assert suggested.limited_by == ""


@pytest.mark.parametrize(
    ("given", "stake", "limited_by"),
    [
        ({"limits": make_limits(cap_bet=0.02)}, "20.00", "bet"),
        ({"limits": make_limits(cap_match=0.03), "on_match": D(12)}, "18.00", "match"),
        ({"limits": make_limits(cap_match=0.03), "on_match": D(30)}, "0", "match"),
        ({"limits": make_limits(cap_match=0.03), "on_match": D(99)}, "0", "match"),
        ({"limits": make_limits(cap_day=0.25), "on_day": D("215.30")}, "34.50", "day"),
        ({"available": D("7.90")}, "7.50", "available"),
        ({"available": D("0.80")}, "0", "available"),
        ({"available": D(-5)}, "0", "available"),
        ({"bankroll": D(0), "available": D(0)}, "0", "available"),
        ({"bankroll": D(-10), "available": D(-10)}, "0", "available"),
        ({"probability": 0.5}, "0", "no_edge"),
        ({"odds": 1.0}, "0", "no_edge"),
        ({"bankroll": D(19)}, "0", "minimum"),  # 0.95
        ({"bankroll": D(20)}, "1.00", ""),
        ({"limits": make_limits(kelly_fraction=0)}, "0", "minimum"),
        ({"limits": make_limits(step=D(20), minimum=D(50))}, "0", "minimum"),  # 50 becomes 40
        ({"limits": make_limits(step=D(20), minimum=D(40))}, "40.00", ""),
        ({"available": D("50.10"), "probability": 0.6004}, "50.00", ""),  # as 50.20 would
    ],
)
def test_what_limits_a_stake(given, stake, limited_by):
    suggested = suggestion(**given)

    assert (suggested.stake, suggested.limited_by) == (D(stake), limited_by)


def test_a_cap_in_percent_keeps_its_decimals():
    """2.3 / 100 is a float below 0.023, and 23 of a thousand are still within 2.3 %."""
    assert suggestion(limits=make_limits(cap_bet=2.3 / 100)).stake == D(23)


@pytest.mark.parametrize("given", [{"probability": float("nan")}, {"odds": float("nan")}])
def test_a_stake_needs_numbers(given):
    with pytest.raises(ValueError, match="give both as numbers"):
        suggestion(**given)


@pytest.mark.parametrize("name", ["kelly_fraction", "cap_bet", "cap_match", "cap_day"])
@pytest.mark.parametrize("value", [-0.1, 2, float("nan")])
def test_limits_in_percent_are_refused(name, value):
    with pytest.raises(ValueError, match="from 0 to 1"):
        make_limits(**{name: value})


@pytest.mark.parametrize("step", ["0", "-1", "0.005", "0.015"])
def test_a_step_of_less_than_a_cent_is_refused(step):
    with pytest.raises(ValueError, match="whole cents"):
        suggestion(limits=make_limits(step=D(step)))
