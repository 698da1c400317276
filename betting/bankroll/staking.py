"""How much to stake: Kelly's fractions and the user's limits.

Fractions of the bankroll are floats; money is Decimal, whole cents, and never rounded upwards over
a limit. Odds are decimal and, unless said otherwise, net of commission.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final, overload

import numpy as np

from betting.bets.rules import CENT, NOTHING
from odds.devig import Floats

ROUNDING: Final = 1e-12  # two floats this close are the same fraction


@overload
def kelly(probability: float, odds: float) -> float: ...
@overload
def kelly(probability: Floats, odds: Floats | float) -> Floats: ...
def kelly(probability: Floats | float, odds: Floats | float) -> Floats | float:
    """The fraction of the bankroll that makes it grow fastest with this bet alone.

    A lay bet is a back bet on the contrary, at odds / (odds - 1), of its liability.

    Args:
        probability: Of winning, any shape.
        odds: Net odds, of the same shape.

    Returns:
        (p odds - 1) / (odds - 1), 0 without an edge; NaN where a number is missing.

    Raises:
        ValueError: A probability is not in [0, 1].

    Source:
        Kelly (1956), "A new interpretation of information rate", Bell System Technical Journal 35.
    """
    p, o = np.asarray(probability, dtype=float), np.asarray(odds, dtype=float)
    _require_probabilities(p)
    with np.errstate(divide="ignore", invalid="ignore"):
        fraction = np.where(o <= 1, 0 * p, np.maximum(p - (1 - p) / (o - 1), 0))
    return fraction if fraction.ndim else float(fraction)


def kelly_exclusive(probabilities: Floats, odds: Floats) -> Floats:
    """The fractions that grow fastest on outcomes of which at most one happens.

    Outcomes are taken in the order of p odds as long as that exceeds the reserve rate: what is
    kept back, by which every result not bet on is survived. So an outcome without an edge of its
    own can be worth a stake as insurance for another.

    Args:
        probabilities: Shape (n,), summing to 1 or less; what is missing is that none happens.
        odds: Net odds, shape (n,); NaN where nobody offers the outcome.

    Returns:
        Fractions of the bankroll, shape (n,), summing to 1 or less.

    Raises:
        ValueError: The probabilities are not in [0, 1], or sum to more than 1.

    Source:
        Smoczynski & Tomkins (2010), "An explicit solution to the problem of optimizing the
        allocations of a bettor's wealth when wagering on horse races", Mathematical Scientist 35.
    """
    p, o = np.asarray(probabilities, dtype=float), np.asarray(odds, dtype=float)
    _require_probabilities(p)
    if not p.sum() <= 1 + 1e-9:
        raise ValueError(f"Exclusive outcomes sum to {p.sum():.6f}; give at most 1.")
    revenue = np.where(o > 1, p * o, 0)
    chosen = np.zeros(p.shape, dtype=bool)
    reserve = 1.0
    for best in np.argsort(-revenue, kind="stable"):
        if revenue[best] <= reserve * (1 + ROUNDING):
            break
        chosen[best] = True
        # Below 1 by theory, since p odds exceeds the reserve; the probabilities' sum by rounding.
        unlikely = max(1 - p[chosen].sum(), 0.0)
        reserve = unlikely / (1 - (1 / o[chosen]).sum())
    fractions: Floats = np.where(chosen, p - reserve / np.where(chosen, o, 1), 0).clip(0)
    return fractions


def kelly_simultaneous(
    probabilities: Floats, odds: Floats, *, fraction: float, cap_day: float
) -> Floats:
    """Fractions for independent bets that are open at the same time.

    Each is staked as if it were alone, and all are scaled down together when they exceed the cap.

    Args:
        probabilities: Of winning, shape (n,).
        odds: Net odds, shape (n,).
        fraction: Share of full Kelly.
        cap_day: Most that all may take together, as a fraction of the bankroll.

    Returns:
        Fractions of the bankroll, shape (n,), summing to the cap or less.
    """
    singles = fraction * kelly(probabilities, odds)
    total = float(singles.sum())
    return singles * (cap_day / total) if total > cap_day else singles


@dataclass(frozen=True, slots=True, kw_only=True)
class StakeLimits:
    """What the user allows; fractions of Kelly and of the bankroll, from 0 to 1."""

    kelly_fraction: float
    cap_bet: float
    cap_match: float
    cap_day: float
    step: Decimal
    minimum: Decimal

    def __post_init__(self) -> None:
        caps = (self.kelly_fraction, self.cap_bet, self.cap_match, self.cap_day)
        if not all(0 <= cap <= 1 for cap in caps):
            raise ValueError(f"Limits of {caps} are not fractions; give each from 0 to 1.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """How much to stake on one bet, and what kept it from being more.

    Attributes:
        stake: A multiple of the step; 0 when the bet is not worth placing.
        full_kelly: Kelly's fraction before the user's share and limits.
        fraction_of_bankroll: The stake's.
        limited_by: bet, match, day or available for the limit that cut it, minimum where it is
            too small to place, no_edge; empty when nothing did.
    """

    stake: Decimal
    full_kelly: float
    fraction_of_bankroll: float
    limited_by: str


def suggest(
    *,
    probability: float,
    odds: float,
    bankroll: Decimal,
    available: Decimal,
    on_match: Decimal,
    on_day: Decimal,
    limits: StakeLimits,
) -> Suggestion:
    """The stake for one bet: the user's share of Kelly within every limit, rounded down.

    Args:
        probability: Believed probability of winning.
        odds: Net odds.
        bankroll: All money, what pending bets can lose included.
        available: Money of the account that would pay.
        on_match: Already at risk on the match.
        on_day: Already at risk on the matches of its day.
        limits: The user's.

    Returns:
        The stake, or 0 and why.

    Raises:
        ValueError: The probability, the odds or the step are no such numbers.
    """
    full = kelly(probability, odds)
    if not np.isfinite(full):
        raise ValueError(f"No stake for {probability} at odds {odds}; give both as numbers.")
    wish = bankroll * _exact(full * limits.kelly_fraction)
    rooms = {
        "available": available,
        "bet": bankroll * _exact(limits.cap_bet),
        "match": bankroll * _exact(limits.cap_match) - on_match,
        "day": bankroll * _exact(limits.cap_day) - on_day,
    }
    tightest = min(rooms, key=lambda name: rooms[name])
    wanted = _placeable(wish, limits)
    stake = _placeable(min(wish, rooms[tightest]), limits)
    if full == 0:
        limited_by = "no_edge"
    elif bankroll > 0 and not wanted:
        limited_by = "minimum"
    else:
        limited_by = tightest if stake < wanted or not stake else ""
    return Suggestion(
        stake=stake,
        full_kelly=full,
        fraction_of_bankroll=float(stake / bankroll) if stake else 0.0,
        limited_by=limited_by,
    )


def _exact(fraction: float) -> Decimal:
    """A fraction without the noise of its float: 2.3 / 100 is 0.023."""
    return Decimal(str(round(fraction, 12)))


def round_down(amount: Decimal, step: Decimal) -> Decimal:
    """The largest multiple of the step that fits, at least 0."""
    if step <= 0 or step % CENT:
        raise ValueError(f"Stakes cannot come in steps of {step}; give whole cents above 0.")
    return (max(amount, NOTHING) // step * step).quantize(CENT)


def _placeable(amount: Decimal, limits: StakeLimits) -> Decimal:
    """The amount in whole steps, or nothing where that is below the minimum."""
    stake = round_down(amount, limits.step)
    return stake if stake >= limits.minimum else NOTHING


def _require_probabilities(p: Floats) -> None:
    if ((p < 0) | (p > 1)).any():
        raise ValueError("A probability is below 0 or above 1; give fractions, not percent.")
