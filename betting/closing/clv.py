"""Closing line value: a price taken, held against the price when the match began.

Two measures, both fractions, both positive when the bettor did well. The *raw* one compares with
closing odds as offered and flatters whoever takes the best of many prices, because the margin
stays in the closing odds. The *fair* one compares with the closing probability after the margin is
removed; it is an estimate of the edge, and the one that counts.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Number = TypeVar("Number", float, Floats)
Odds = tuple[float | None, float | None, float | None]

FOOTBALL_DATA: Final = "fd_"  # before a bookmaker's key: its prices as football-data.co.uk has them


def raw_clv(taken: Number, closing: Number) -> Number:
    """How much longer the odds taken are than the closing odds, both as offered.

    Args:
        taken: Decimal odds when the bet was placed, a number or an array.
        closing: The reference's closing odds of the same outcome and line, margin included;
            shape as `taken`.

    Returns:
        Fraction: 2.05 against 1.94 is +0.0567.

    Source:
        Buchdahl, "Using the wisdom of the crowd to find value in a football match betting market",
        football-data.co.uk.
    """
    return taken / closing - 1


def fair_clv(taken_net: Number, closing_probability: Number) -> Number:
    """The edge the bet would have had if the closing price without margin were the truth.

    Where a bet can push (whole and quarter lines) the probability leaves pushes out, as fair odds
    of such a line do. The result is then the edge per unit of stake that is won or lost, not per
    unit staked; its sign is the same.

    Args:
        taken_net: Decimal odds when the bet was placed, net of commission, a number or an array.
        closing_probability: The reference's closing probability of the same outcome and line,
            margin removed, from 0 to 1; shape as `taken_net`.

    Returns:
        Fraction: 0 for a bet at the closing fair odds.

    Source:
        Pinnacle, "What is closing line value?": expected value is odds over fair closing odds,
        less one.
    """
    return taken_net * closing_probability - 1


def fair_clv_of_lay(odds: Number, closing_probability: Number, commission: float) -> Number:
    """The edge of a lay bet at the closing fair price, per unit of liability.

    The layer wins the backer's stake, less commission, when the outcome does not happen, and loses
    odds - 1 times the stake when it does.

    Args:
        odds: Decimal odds that were laid, above 1, a number or an array.
        closing_probability: The reference's closing probability of the outcome that was laid,
            margin removed and pushes left out; shape as `odds`.
        commission: Share of net winnings the exchange keeps, from 0 to 1.

    Returns:
        Fraction of the liability: 0 at the closing fair odds without commission.
    """
    gain = (1 - closing_probability) * (1 - commission)
    return (gain - closing_probability * (odds - 1)) / (odds - 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """One reference's closing prices of a market and line: home, draw, away or over, –, under.

    `reference` is a bookmaker's key, with `fd_` before it where football-data.co.uk gave the
    prices, or `consensus`; `operator` is empty where no single operator stands behind it.
    `minutes`: how long before kick-off it was last seen. `source`: where the prices come from.
    """

    reference: str
    operator: str
    odds: Odds
    fair: Odds
    minutes: float
    source: str


def choose(
    candidates: Sequence[Candidate], *, selected_by: str, operator: str, maximum_minutes: float
) -> tuple[Candidate | None, bool]:
    """Whose closing line grades a bet: the first that neither selected nor offered it.

    Graded by what selected it, a bet shows the same error twice and looks better than it is. One
    operator's sites are one opinion, so the selecting reference's siblings are passed over too.

    Args:
        candidates: In the order of trust: sharp bookmaker, exchange, consensus.
        selected_by: The reference that chose the bet; empty where none did.
        operator: Who runs the bookmaker the bet was placed at; empty where unknown.
        maximum_minutes: Closing prices last seen longer before kick-off than this are early.

    Returns:
        The first of the timely ones, else the first of the early ones, else `None`; and whether
        it is early.
    """
    independent = list(_independent(candidates, selected_by, operator))
    timely = (one for one in independent if one.minutes <= maximum_minutes)
    if chosen := next(timely, None):
        return chosen, False
    return (independent[0], True) if independent else (None, False)


def _independent(
    candidates: Sequence[Candidate], selected_by: str, operator: str
) -> Iterator[Candidate]:
    """Those with no part in the bet; a bookmaker and its football-data twin are the same."""
    selector = selected_by.removeprefix(FOOTBALL_DATA)
    selecting = [one for one in candidates if _key(one) == selector]
    partial = {operator, *(one.operator for one in selecting)} - {""}
    for one in candidates:
        if _key(one) != selector and one.operator not in partial:
            yield one


def _key(candidate: Candidate) -> str:
    return candidate.reference.removeprefix(FOOTBALL_DATA)
