"""Laws of settlement, and Asian lines settled a second way: as the two bets they are made of."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from betting.bets.rules import Ending, commissions, ending, gross_payout, liability, opposite

D = Decimal
goals = st.integers(0, 12)
total_lines = st.integers(0, 40).map(lambda quarters: D(quarters) / 4)
handicaps = st.integers(-24, 24).map(lambda quarters: D(quarters) / 4)
odds = st.decimals("1.001", "1000", places=3)
stakes = st.decimals("0.01", "10000", places=2)
endings = st.sampled_from(Ending)
ways = st.integers(2, 9)
RANKS = [Ending.LOST, Ending.HALF_LOST, Ending.PUSH, Ending.HALF_WON, Ending.WON]


def pay_of_halves(margin: Decimal, line: Decimal, price: Decimal) -> Decimal:
    """Return of a unit of which each half stands on its own line, ahead by its own margin."""
    neighbours = [D(0)] if line * 2 % 1 == 0 else [D("-0.25"), D("0.25")]
    each = D(1) / len(neighbours)
    pays = {True: each * price, False: D(0)}
    ahead = [margin + neighbour for neighbour in neighbours]
    return sum((each if half == 0 else pays[half > 0]) for half in ahead)


@given(line=total_lines, home=goals, away=goals, price=odds)
def test_a_total_pays_as_the_two_halves_it_is_made_of(line, home, away, price):
    for outcome, margin in (("over", home + away - line), ("under", line - home - away)):
        ended = ending("totals", outcome, line, home, away)

        paid = gross_payout(stake=D(1000), odds=price, ending=ended)

        assert paid == 1000 * pay_of_halves(margin, line, price)


@given(line=handicaps, home=goals, away=goals, price=odds)
def test_a_handicap_pays_as_the_two_halves_it_is_made_of(line, home, away, price):
    for outcome, margin in (("home", home - away + line), ("away", away - home - line)):
        ended = ending("spreads", outcome, line, home, away)

        paid = gross_payout(stake=D(1000), odds=price, ending=ended)

        assert paid == 1000 * pay_of_halves(margin, line, price)


@given(line=total_lines, home=goals, away=goals)
def test_over_and_under_mirror_each_other(line, home, away):
    over, under = (ending("totals", one, line, home, away) for one in ("over", "under"))

    assert under == opposite(over)


@given(line=handicaps, home=goals, away=goals)
def test_home_and_away_mirror_each_other(line, home, away):
    at_home, at_away = (ending("spreads", one, line, home, away) for one in ("home", "away"))

    assert at_away == opposite(at_home)
    assert at_away == ending("spreads", "home", -line, away, home)


@given(home=goals, away=goals)
def test_markets_without_a_line_are_handicaps(home, away):
    def settled(market: str, outcome: str, line: str = "0") -> Ending:
        return ending(market, outcome, D(line), home, away)

    assert settled("h2h", "home") == settled("spreads", "home", "-0.5")
    assert settled("h2h", "away") == settled("spreads", "away", "0.5")
    assert settled("draw_no_bet", "home") == settled("spreads", "home")
    assert settled("draw_no_bet", "away") == settled("spreads", "away")
    assert settled("double_chance", "1x") == opposite(settled("h2h", "away"))
    assert settled("double_chance", "12") == opposite(settled("h2h", "draw"))
    assert settled("double_chance", "x2") == opposite(settled("h2h", "home"))


@given(line=total_lines, home=goals, away=goals)
def test_another_goal_never_hurts_an_over(line, home, away):
    before = ending("totals", "over", line, home, away)

    for score in ((home + 1, away), (home, away + 1)):
        assert RANKS.index(ending("totals", "over", line, *score)) >= RANKS.index(before)


@given(line=handicaps, home=goals, away=goals)
def test_another_goal_of_its_team_never_hurts_a_handicap(line, home, away):
    before = ending("spreads", "home", line, home, away)

    assert RANKS.index(ending("spreads", "home", line, home + 1, away)) >= RANKS.index(before)
    assert RANKS.index(ending("spreads", "home", line, home, away + 1)) <= RANKS.index(before)


@given(stake=stakes, price=odds)
def test_a_better_ending_never_pays_less(stake, price):
    for side in ("back", "lay"):
        paid = [gross_payout(stake=stake, odds=price, ending=one, side=side) for one in RANKS]

        assert paid == sorted(paid)


@given(stake=stakes, price=odds, ended=endings, winners=ways)
def test_backer_and_layer_share_exactly_what_both_put_up(stake, price, ended, winners):
    backed = gross_payout(stake=stake, odds=price, ending=ended, dead_heat_ways=winners)
    laid = gross_payout(
        stake=stake, odds=price, ending=opposite(ended), side="lay", dead_heat_ways=winners
    )

    assert backed + laid == stake + liability(stake, price)
    assert backed >= 0
    assert laid >= 0


@given(stake=stakes, price=odds, ended=endings, winners=ways)
def test_a_layer_is_paid_within_a_cent_of_the_plain_formula(stake, price, ended, winners):
    risk = stake * (price - 1)
    exact = {
        Ending.WON: risk + stake,
        Ending.HALF_WON: risk + stake / 2,
        Ending.PUSH: risk,
        Ending.VOID: risk,
        Ending.HALF_LOST: risk / 2,
        Ending.LOST: D(0),
        Ending.DEAD_HEAT: risk + stake - stake * price / winners,
    }

    paid = gross_payout(stake=stake, odds=price, ending=ended, side="lay", dead_heat_ways=winners)

    assert abs(paid - exact[ended]) <= D("0.01")


@given(stake=stakes, price=odds, ended=endings, winners=ways, side=st.sampled_from(["back", "lay"]))
def test_payouts_are_whole_cents(stake, price, ended, winners, side):
    paid = gross_payout(stake=stake, odds=price, ending=ended, side=side, dead_heat_ways=winners)

    assert paid.as_tuple().exponent == -2


@given(
    gains=st.lists(st.decimals("-1000", "1000", places=2), max_size=8),
    rate=st.decimals("0", "0.2", places=3),
)
def test_commissions_are_a_share_of_the_net_winnings_to_the_cent(gains, rate):
    taken = commissions(gains, rate)

    assert sum(taken) == pytest.approx(rate * max(0, sum(gains)), abs=D("0.005"))
    for gain, share in zip(gains, taken, strict=True):
        assert 0 <= share <= max(gain, 0)
        assert share == share.quantize(D("0.01"))


@given(gains=st.lists(st.decimals("0", "1000", places=2), min_size=1, max_size=8))
def test_a_bet_pays_within_a_cent_of_its_proportion(gains):
    taken = commissions(gains, D("0.05"))

    for gain, share in zip(gains, taken, strict=True):
        exact = sum(taken) * gain / sum(gains) if sum(gains) else D(0)
        assert abs(share - exact) < D("0.01")


@given(gains=st.lists(st.decimals("-100", "100", places=2), min_size=2, max_size=6))
def test_netting_never_takes_more_than_bet_by_bet(gains):
    netted = sum(commissions(gains, D("0.05")))
    apart = sum(commissions([gain], D("0.05"))[0] for gain in gains)

    assert netted <= apart + D("0.005") * (len(gains) + 1)
