"""The rules of settlement: how a bet ends at a score, and what it pays.

Money is Decimal and rounded once, to the cent, half up. Nothing here knows a database or a clock.
"""

import enum
from collections.abc import Callable, Sequence
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal
from typing import Final

CENT: Final = Decimal("0.01")
NOTHING: Final = Decimal("0.00")


class Ending(enum.StrEnum):
    """How a bet ended, as its owner sees it: a lay bet is won when the outcome did not happen."""

    WON = "won"
    HALF_WON = "half_won"
    PUSH = "push"
    HALF_LOST = "half_lost"
    LOST = "lost"
    VOID = "void"
    DEAD_HEAT = "dead_heat"


# By how many quarters of a goal a bet is ahead, from the goals of both teams and the line in
# quarters. A market without a line is a handicap of its own: the winner gives half a goal, draw no
# bet gives none and double chance receives half a goal.
_LEADS: Final[dict[tuple[str, str], Callable[[int, int, int], int]]] = {
    ("h2h", "home"): lambda home, away, _line: 4 * (home - away) - 2,
    ("h2h", "draw"): lambda home, away, _line: 2 - 4 * abs(home - away),
    ("h2h", "away"): lambda home, away, _line: 4 * (away - home) - 2,
    ("draw_no_bet", "home"): lambda home, away, _line: 4 * (home - away),
    ("draw_no_bet", "away"): lambda home, away, _line: 4 * (away - home),
    ("double_chance", "1x"): lambda home, away, _line: 4 * (home - away) + 2,
    ("double_chance", "12"): lambda home, away, _line: 4 * abs(home - away) - 2,
    ("double_chance", "x2"): lambda home, away, _line: 4 * (away - home) + 2,
    ("totals", "over"): lambda home, away, line: 4 * (home + away) - line,
    ("totals", "under"): lambda home, away, line: line - 4 * (home + away),
    ("spreads", "home"): lambda home, away, line: 4 * (home - away) + line,
    ("spreads", "away"): lambda home, away, line: 4 * (away - home) - line,
}
_MARKETS_WITH_LINE: Final = ("totals", "spreads")
_NARROW: Final = {1: Ending.HALF_WON, 0: Ending.PUSH, -1: Ending.HALF_LOST}

_OPPOSITES: Final = {
    Ending.WON: Ending.LOST,
    Ending.HALF_WON: Ending.HALF_LOST,
    Ending.HALF_LOST: Ending.HALF_WON,
    Ending.LOST: Ending.WON,
}


def to_cents(amount: Decimal) -> Decimal:
    """Rounded as bookmakers do, half a cent upwards."""
    return amount.quantize(CENT, ROUND_HALF_UP)


def ending(market: str, outcome: str, line: Decimal, home_score: int, away_score: int) -> Ending:
    """How a back bet ends at this score.

    Args:
        market: h2h, totals, spreads, draw_no_bet or double_chance.
        outcome: home, draw, away; over, under; 1x, 12, x2.
        line: Goals of a total, or the home team's handicap, also for a bet on the away team; a
            quarter line is half a bet on each neighbour. 0 where the market has none.
        home_score: Goals of the team stored as home.
        away_score: Goals of the other.

    Returns:
        Won, half won, push, half lost or lost.

    Raises:
        ValueError: The market has no such outcome or line, or the score is below 0.
    """
    lead = _LEADS.get((market, outcome))
    if lead is None:
        raise ValueError(f"No rule settles {outcome!r} in {market!r}; settle this bet by hand.")
    if home_score < 0 or away_score < 0:
        raise ValueError(f"{home_score}-{away_score} is not a score; goals start at 0.")
    quarters = lead(home_score, away_score, _in_quarters(market, line))
    return _NARROW.get(quarters, Ending.WON if quarters > 0 else Ending.LOST)


def opposite(backed: Ending) -> Ending:
    """The layer's ending where the backer's is this one; void, push and dead heat are shared."""
    return _OPPOSITES.get(backed, backed)


def liability(stake: Decimal, odds: Decimal) -> Decimal:
    """What a lay bet can lose: the backer's winnings, to the cent."""
    return to_cents(stake * (odds - 1))


def gross_payout(
    *,
    stake: Decimal,
    odds: Decimal,
    ending: Ending,
    side: str = "back",
    dead_heat_ways: int = 1,
) -> Decimal:
    """What returns to the account before commission, the money at risk included.

    A layer receives what the backer leaves of both their money, so that no cent appears or
    vanishes between them, whatever is rounded.

    Args:
        stake: The backer's stake, in cents.
        odds: Decimal odds, above 1.
        ending: How the bet ended for its owner.
        side: back, or lay, which risks its liability.
        dead_heat_ways: How many share the win; only read in a dead heat, which pays the backer
            the full odds on that share of the stake.

    Returns:
        The payout to the cent; the profit is what it exceeds the stake or the liability by.

    Raises:
        ValueError: An impossible stake, odds, side, or number of winners.
    """
    if stake <= 0 or odds <= 1:
        raise ValueError(f"A bet of {stake} at {odds} pays nothing; stake above 0, odds above 1.")
    if side == "back":
        return to_cents(stake * _returned(ending, odds, dead_heat_ways))
    if side == "lay":
        backed = to_cents(stake * _returned(opposite(ending), odds, dead_heat_ways))
        return stake + liability(stake, odds) - backed
    raise ValueError(f"{side!r} is not a side of a bet; say back or lay.")


def commissions(gains: Sequence[Decimal], rate: Decimal) -> list[Decimal]:
    """What an exchange takes from each bet of one market.

    The bets net first, and the commission is rounded once. The winners share it in proportion to
    their gains; the cents left over go to the largest remainders, the first among equals.

    Args:
        gains: Gross profit of each bet in cents, below 0 for a losing one.
        rate: Share of the net winnings, from 0 to 1.

    Returns:
        The commission of each bet, at least 0 and at most its gain; all 0 without net winnings.

    Raises:
        ValueError: The rate is not a share.
    """
    if not 0 <= rate <= 1:
        raise ValueError(f"{rate} is not a commission rate; give a share from 0 to 1.")
    due = to_cents(rate * max(NOTHING, sum(gains, NOTHING)))
    if not due:
        return [NOTHING] * len(gains)
    won = [max(NOTHING, gain) for gain in gains]
    exact = [due * gain / sum(won) for gain in won]
    shares = [share.quantize(CENT, ROUND_FLOOR) for share in exact]
    cents_left = int((due - sum(shares)) / CENT)
    by_remainder = sorted(range(len(won)), key=lambda bet: shares[bet] - exact[bet])
    for bet in by_remainder[:cents_left]:
        shares[bet] += CENT
    return shares


def _in_quarters(market: str, line: Decimal) -> int:
    """A line in quarters of a goal."""
    if market not in _MARKETS_WITH_LINE and line != 0:
        raise ValueError(f"{market!r} has no line, but {line} was given; settle it by hand.")
    if not line.is_finite() or line * 4 % 1:
        raise ValueError(f"{line} is not a line; lines come in steps of 0.25.")
    return int(line * 4)


def _returned(ending: Ending, odds: Decimal, dead_heat_ways: int) -> Decimal:
    """What a unit staked on the back side returns."""
    if ending == Ending.DEAD_HEAT and dead_heat_ways < 2:  # a stored ending is a plain string
        raise ValueError("A dead heat has two winners or more; say how many.")
    returns = {
        Ending.WON: odds,
        Ending.HALF_WON: (odds + 1) / 2,
        Ending.PUSH: Decimal(1),
        Ending.VOID: Decimal(1),
        Ending.HALF_LOST: Decimal("0.5"),
        Ending.LOST: Decimal(0),
        Ending.DEAD_HEAT: odds / max(dead_heat_ways, 1),
    }
    return returns[ending]
