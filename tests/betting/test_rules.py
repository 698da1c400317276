"""How bets end and what they pay: the tables of Asian lines, and the vectors of the contract."""

from decimal import Decimal

import pytest

from betting import models
from betting.bets.rules import Ending, commissions, ending, gross_payout, liability, opposite

D = Decimal
WON, HALF_WON, PUSH = Ending.WON, Ending.HALF_WON, Ending.PUSH
HALF_LOST, LOST, VOID, DEAD_HEAT = Ending.HALF_LOST, Ending.LOST, Ending.VOID, Ending.DEAD_HEAT
SHARED = [PUSH, VOID, DEAD_HEAT]


def profit(stake: str, odds: str, ended: Ending, **given) -> Decimal:
    risk = liability(D(stake), D(odds)) if given.get("side") == "lay" else D(stake)
    return gross_payout(stake=D(stake), odds=D(odds), ending=ended, **given) - risk


@pytest.mark.parametrize(
    ("score", "winners"),
    [
        ((2, 1), {("h2h", "home"), ("double_chance", "1x"), ("double_chance", "12")}),
        ((1, 1), {("h2h", "draw"), ("double_chance", "1x"), ("double_chance", "x2")}),
        ((0, 0), {("h2h", "draw"), ("double_chance", "1x"), ("double_chance", "x2")}),
        ((0, 4), {("h2h", "away"), ("double_chance", "12"), ("double_chance", "x2")}),
    ],
)
def test_a_match_result_is_won_or_lost(score, winners):
    bets = [("h2h", one) for one in ("home", "draw", "away")]
    bets += [("double_chance", one) for one in ("1x", "12", "x2")]

    endings = {bet: ending(*bet, D(0), *score) for bet in bets}

    assert {bet for bet, ended in endings.items() if ended == WON} == winners
    assert {ended for bet, ended in endings.items() if bet not in winners} == {LOST}


@pytest.mark.parametrize(
    ("score", "home", "away"), [((1, 0), WON, LOST), ((2, 2), PUSH, PUSH), ((0, 1), LOST, WON)]
)
def test_draw_no_bet_gives_the_stake_back_on_a_draw(score, home, away):
    assert ending("draw_no_bet", "home", D(0), *score) == home
    assert ending("draw_no_bet", "away", D(0), *score) == away


@pytest.mark.parametrize(
    ("line", "goals", "over", "under"),
    [
        ("2", 1, LOST, WON),
        ("2", 2, PUSH, PUSH),
        ("2", 3, WON, LOST),
        ("2.25", 1, LOST, WON),
        ("2.25", 2, HALF_LOST, HALF_WON),
        ("2.25", 3, WON, LOST),
        ("2.5", 2, LOST, WON),
        ("2.5", 3, WON, LOST),
        ("2.75", 2, LOST, WON),
        ("2.75", 3, HALF_WON, HALF_LOST),
        ("2.75", 4, WON, LOST),
        ("3.0", 3, PUSH, PUSH),
        ("0.5", 0, LOST, WON),
        ("0.75", 1, HALF_WON, HALF_LOST),
    ],
)
def test_totals_end_by_the_table_of_asian_lines(line, goals, over, under):
    for home in range(goals + 1):
        assert ending("totals", "over", D(line), home, goals - home) == over
        assert ending("totals", "under", D(line), home, goals - home) == under


@pytest.mark.parametrize(
    ("line", "margin", "home", "away"),
    [
        ("0", 0, PUSH, PUSH),
        ("0", 1, WON, LOST),
        ("-0.25", 0, HALF_LOST, HALF_WON),
        ("-0.25", 1, WON, LOST),
        ("-0.5", 0, LOST, WON),
        ("-0.5", 1, WON, LOST),
        ("-0.75", 0, LOST, WON),
        ("-0.75", 1, HALF_WON, HALF_LOST),
        ("-0.75", 2, WON, LOST),
        ("-1", 1, PUSH, PUSH),
        ("-1.25", 1, HALF_LOST, HALF_WON),
        ("-1.25", 2, WON, LOST),
        ("-1.5", 1, LOST, WON),
        ("+0.25", 0, HALF_WON, HALF_LOST),
        ("+0.25", -1, LOST, WON),
        ("+0.75", 0, WON, LOST),
        ("+0.75", -1, HALF_LOST, HALF_WON),
        ("+1.25", -1, HALF_WON, HALF_LOST),
        ("+1.25", -2, LOST, WON),
        ("+2", -2, PUSH, PUSH),
    ],
)
def test_handicaps_end_by_the_table_of_asian_lines(line, margin, home, away):
    """The line is the home team's on both sides of the market."""
    score = (max(margin, 0) + 1, max(-margin, 0) + 1)

    assert ending("spreads", "home", D(line), *score) == home
    assert ending("spreads", "away", D(line), *score) == away


@pytest.mark.parametrize(
    ("market", "outcome"),
    [("h2h", "over"), ("totals", "home"), ("draw_no_bet", "draw"), ("h2h_lay", "home"), ("", "")],
)
def test_an_unknown_bet_is_refused(market, outcome):
    with pytest.raises(ValueError, match="settle this bet by hand"):
        ending(market, outcome, D(0), 1, 0)


@pytest.mark.parametrize("line", ["2.1", "2.125", "NaN", "Infinity"])
def test_a_line_between_quarters_is_refused(line):
    with pytest.raises(ValueError, match="steps of"):
        ending("totals", "over", D(line), 1, 0)


def test_a_line_where_the_market_has_none_is_refused():
    with pytest.raises(ValueError, match="has no line"):
        ending("h2h", "home", D("-1"), 1, 0)


def test_a_score_below_0_is_refused():
    with pytest.raises(ValueError, match="not a score"):
        ending("h2h", "home", D(0), -1, 0)


def test_every_market_of_the_tables_has_its_rule_or_is_settled_by_hand():
    by_hand = [models.BetMarket.OTHER]

    for market, outcomes in models.OUTCOMES.items():
        for outcome in outcomes:
            line = D("0.5") if market in models.MARKETS_WITH_LINE else D(0)
            if market in by_hand:
                with pytest.raises(ValueError, match="settle this bet by hand"):
                    ending(market, outcome, line, 1, 0)
            else:
                assert ending(market, outcome, line, 1, 0) in (WON, LOST)


def test_endings_are_those_the_tables_store():
    assert [one.value for one in Ending] == models.Ending.values


@pytest.mark.parametrize(
    ("odds", "ended", "expected"),
    [
        ("2.50", WON, "15.00"),
        ("2.50", LOST, "-10.00"),
        ("2.50", VOID, "0.00"),
        ("2.50", PUSH, "0.00"),
        ("1.90", HALF_LOST, "-5.00"),
        ("1.90", HALF_WON, "4.50"),
    ],
)
def test_ten_units_pay_what_the_contract_says(odds, ended, expected):
    assert profit("10", odds, ended) == D(expected)


@pytest.mark.parametrize(
    ("line", "goals", "expected"), [("2.25", 2, "-5.00"), ("2.75", 3, "4.50"), ("3.0", 3, "0")]
)
def test_an_over_pays_what_the_contract_says(line, goals, expected):
    assert profit("10", "1.90", ending("totals", "over", D(line), goals, 0)) == D(expected)


def test_the_eight_bets_of_the_contract_gain_twenty():
    won, lost = [profit("10", "2.00", WON)] * 5, [profit("10", "2.50", LOST)] * 3

    assert sum(won + lost) == D(20)


def test_half_a_cent_is_rounded_up():
    assert gross_payout(stake=D("0.05"), odds=D("1.50"), ending=WON) == D("0.08")  # 0.075
    assert gross_payout(stake=D("0.01"), odds=D("2"), ending=HALF_LOST) == D("0.01")  # 0.005
    assert liability(D("0.05"), D("1.50")) == D("0.03")  # 0.025


@pytest.mark.parametrize(
    ("odds", "ways", "expected"),
    [("7", 2, "25.00"), ("7", 3, "13.33"), ("1.5", 2, "-2.50"), ("4", 4, "0.00")],
)
def test_a_dead_heat_pays_full_odds_on_a_share_of_the_stake(odds, ways, expected):
    """Two winners at 7.00: 5 win 30 and 5 are lost."""
    assert profit("10", odds, DEAD_HEAT, dead_heat_ways=ways) == D(expected)
    assert profit("10", odds, DEAD_HEAT, dead_heat_ways=ways, side="lay") == -D(expected)


@pytest.mark.parametrize("ways", [1, 0, -1])
@pytest.mark.parametrize("side", ["back", "lay"])
def test_a_dead_heat_needs_two_winners(side, ways):
    with pytest.raises(ValueError, match="two winners or more"):
        profit("10", "3", DEAD_HEAT, dead_heat_ways=ways, side=side)


@pytest.mark.parametrize("side", ["back", "lay"])
def test_an_ending_as_the_tables_store_it_is_settled_alike(side):
    for ended in Ending:
        stored = models.Ending(ended.value)

        assert profit("10", "4", stored, side=side, dead_heat_ways=2) == profit(
            "10", "4", ended, side=side, dead_heat_ways=2
        )
    with pytest.raises(ValueError, match="two winners or more"):
        profit("10", "4", models.Ending.DEAD_HEAT, side=side)


@pytest.mark.parametrize(
    ("ended", "expected"),
    [
        (WON, "10.00"),
        (HALF_WON, "5.00"),
        (PUSH, "0.00"),
        (VOID, "0.00"),
        (HALF_LOST, "-15.00"),
        (LOST, "-30.00"),
    ],
)
def test_a_lay_bet_wins_the_stake_or_loses_its_liability(ended, expected):
    """Ten laid at 4.00 risk thirty."""
    assert profit("10", "4", ended, side="lay") == D(expected)


def test_opposite_endings():
    assert [opposite(one) for one in (WON, HALF_WON, HALF_LOST, LOST)] == [
        LOST,
        HALF_LOST,
        HALF_WON,
        WON,
    ]
    assert [opposite(one) for one in SHARED] == SHARED


@pytest.mark.parametrize(("stake", "odds"), [("0", "2"), ("-1", "2"), ("10", "1"), ("10", "0.5")])
def test_an_impossible_bet_is_refused(stake, odds):
    with pytest.raises(ValueError, match="stake above 0, odds above 1"):
        gross_payout(stake=D(stake), odds=D(odds), ending=WON)


def test_an_unknown_side_is_refused():
    with pytest.raises(ValueError, match="back or lay"):
        gross_payout(stake=D(10), odds=D(2), ending=WON, side="both")


@pytest.mark.parametrize(
    ("gains", "rate", "expected"),
    [
        (["100"], "0.05", ["5.00"]),
        (["100", "-60"], "0.05", ["2.00", "0"]),  # nets first: 5 % of 40, not of 100
        (["100", "-100"], "0.05", ["0", "0"]),
        (["100", "-150"], "0.05", ["0", "0"]),
        (["30", "10", "-20"], "0.05", ["0.75", "0.25", "0"]),  # 1.00 shared 3 : 1
        (["10", "10", "10"], "0.05", ["0.50", "0.50", "0.50"]),
        (["1", "1", "1"], "0.0333", ["0.04", "0.03", "0.03"]),  # 0.10 in three: first among equals
        (["1", "2"], "0.0333", ["0.03", "0.07"]),  # 0.0333 and 0.0667: the larger remainder
        (["0.10"], "0.05", ["0.01"]),  # half a cent
        (["0.09"], "0.05", ["0"]),
        (["0", "0"], "0.05", ["0", "0"]),
        (["-5"], "0.05", ["0"]),
        (["100"], "0", ["0"]),
        ([], "0.05", []),
    ],
)
def test_commission_falls_on_the_net_winnings_of_a_market(gains, rate, expected):
    taken = commissions([D(gain) for gain in gains], D(rate))

    assert taken == [D(share) for share in expected]


@pytest.mark.parametrize("rate", ["-0.01", "1.01", "5"])
def test_a_commission_that_is_no_share_is_refused(rate):
    with pytest.raises(ValueError, match="from 0 to 1"):
        commissions([D(1)], D(rate))
