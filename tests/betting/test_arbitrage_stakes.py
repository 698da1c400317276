"""Arbitrages and hedges, rounded and settled: the contract's vector, and some worked by hand."""

from decimal import Decimal

import pytest

from betting.bankroll.arbitrage import arbitrage_stakes, lay_stake
from betting.bets.rules import Ending, commissions, gross_payout, liability

D = Decimal


def test_the_contracts_arbitrage():
    legs = arbitrage_stakes([D("2.20"), D("3.70"), D("3.95")], total=D(1000), step=D("0.01"))

    assert legs.implied == pytest.approx(D("0.977980"), abs=D("5e-7"))
    assert legs.ideal_profit == pytest.approx(D("22.5"), abs=D("0.05"))
    assert legs.worst == pytest.approx(legs.ideal_profit, abs=D("0.03"))
    assert legs.is_profitable


def test_whole_stakes_of_an_arbitrage_are_recomputed():
    """Worked by hand: of 100 ideally 46.48, 27.64 and 25.89.

    46, 27, 25 leave 0.75 at worst, 26 on the last 0.90, and 28 on the second 1.20.
    """
    legs = arbitrage_stakes([D("2.20"), D("3.70"), D("3.95")], total=D(100), step=D(1))

    assert legs.stakes == (D(46), D(28), D(26))
    assert legs.returns == (D("101.20"), D("103.60"), D("102.70"))
    assert (legs.staked, legs.worst, legs.best) == (D(100), D("1.20"), D("3.60"))


def test_rounding_may_eat_a_thin_arbitrage():
    legs = arbitrage_stakes([D("2.02"), D("2.00")], total=D(30), step=D(10))

    assert legs.implied < 1
    assert legs.ideal_profit > 0
    assert not legs.is_profitable


def test_commission_is_taken_off_before_the_stakes_are_shared():
    """3.10 less 5 % of 2.10 is 2.995: with 1.60 that is no arbitrage any more at 5 %."""
    free = arbitrage_stakes([D("3.10"), D("1.48")], total=D(1000), step=D("0.01"))
    taxed = arbitrage_stakes(
        [D("3.10"), D("1.48")], total=D(1000), step=D("0.01"), commissions=[D("0.05"), D(0)]
    )

    assert free.implied < 1 < taxed.implied
    assert taxed.implied == pytest.approx(1 / D("2.995") + 1 / D("1.48"))
    assert free.is_profitable
    assert not taxed.is_profitable


def test_a_leg_returns_what_its_bet_will_be_settled_at():
    odds, rates = [D("2.13"), D("2.07")], [D("0.037"), D("0.02")]

    legs = arbitrage_stakes(odds, total=D("33.33"), step=D("0.01"), commissions=rates)

    for stake, price, rate, returned in zip(legs.stakes, odds, rates, legs.returns, strict=True):
        payout = gross_payout(stake=stake, odds=price, ending=Ending.WON)
        assert returned == payout - commissions([payout - stake], rate)[0]


def test_money_below_a_step_is_not_staked():
    legs = arbitrage_stakes([D("2.2"), D("2.2")], total=D(4), step=D(5))

    assert legs.stakes == (D(0), D(0))
    assert not legs.is_profitable


@pytest.mark.parametrize(
    "given",
    [
        {"odds": [D(2)]},
        {"odds": [D(2), D(1)]},
        {"odds": []},
        {"total": D(0)},
        {"commissions": [D(0)]},
    ],
)
def test_an_arbitrage_without_legs_or_money_is_refused(given):
    arguments = {"odds": [D(2), D(3)], "total": D(100), "step": D(1)} | given

    with pytest.raises(ValueError, match="two outcomes or more"):
        arbitrage_stakes(arguments.pop("odds"), **arguments)


@pytest.mark.parametrize("commission", ["0", "0.02", "0.05"])
@pytest.mark.parametrize(("back", "lay"), [("2.50", "2.40"), ("2.50", "2.60"), ("11", "12.5")])
def test_a_hedge_leaves_the_same_both_ways(back, lay, commission):
    stake, odds, lay_odds = D(100), D(back), D(lay)

    laid = lay_stake(back_stake=stake, back_odds=odds, lay_odds=lay_odds, commission=D(commission))

    won = stake * (odds - 1) - liability(laid, lay_odds)
    lost = laid - commissions([laid], D(commission))[0] - stake
    assert won == pytest.approx(lost, abs=D("0.01") * lay_odds)


def test_a_hedge_worked_by_hand():
    """100 at 3.00 against 2.50 free: lay 120, and both ways leave 20."""
    laid = lay_stake(back_stake=D(100), back_odds=D(3), lay_odds=D("2.5"), commission=D(0))

    assert laid == D(120)
    assert 200 - liability(laid, D("2.5")) == laid - 100 == 20


@pytest.mark.parametrize(
    "given",
    [
        {"back_stake": D(0)},
        {"back_odds": D(1)},
        {"lay_odds": D("0.5")},
        {"commission": D(1)},
        {"commission": D("-0.01")},
    ],
)
def test_an_impossible_hedge_is_refused(given):
    bet = {"back_stake": D(10), "back_odds": D(2), "lay_odds": D(2), "commission": D(0)}

    with pytest.raises(ValueError, match="A hedge needs"):
        lay_stake(**bet | given)


@pytest.mark.parametrize("step", ["0", "-1", "0.005"])
def test_legs_come_in_whole_cents(step):
    with pytest.raises(ValueError, match="whole cents"):
        arbitrage_stakes([D(2), D(3)], total=D(100), step=D(step))
