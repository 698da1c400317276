"""How much to stake: Kelly's fractions, the user's limits, arbitrages and hedges.

Fractions of the bankroll are floats; money is Decimal, whole cents, and never rounded upwards over
a limit. Odds are decimal and, unless said otherwise, net of commission.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, overload

import numpy as np

from betting.rules import CENT, NOTHING, to_cents
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
    stake = _placeable(min(wish, rooms[tightest]), limits)
    if full == 0:
        limited_by = "no_edge"
    elif bankroll > 0 and not _placeable(wish, limits):
        limited_by = "minimum"
    else:
        limited_by = tightest if not stake or rooms[tightest] < wish else ""
    return Suggestion(
        stake=stake,
        full_kelly=full,
        fraction_of_bankroll=float(stake / bankroll) if stake else 0.0,
        limited_by=limited_by,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Arbitrage:
    """Stakes on every outcome of a market, and what is left of the arbitrage after rounding.

    Attributes:
        stakes: Of each leg, multiples of the step.
        returns: What comes back when the leg wins, net of commission, to the cent.
        implied: The sum of 1 / net odds; below 1 it is an arbitrage before rounding.
        ideal_profit: With stakes of any size that use the whole of the money, to the cent.
    """

    stakes: tuple[Decimal, ...]
    returns: tuple[Decimal, ...]
    implied: Decimal
    ideal_profit: Decimal

    @property
    def staked(self) -> Decimal:
        """All stakes together."""
        return sum(self.stakes, NOTHING)

    @property
    def worst(self) -> Decimal:
        """Profit of the worst outcome."""
        return min(self.returns) - self.staked

    @property
    def best(self) -> Decimal:
        """Profit of the best outcome."""
        return max(self.returns) - self.staked

    @property
    def is_profitable(self) -> bool:
        """Every outcome leaves a profit."""
        return self.worst > 0


def arbitrage_stakes(
    odds: Sequence[Decimal],
    *,
    total: Decimal,
    step: Decimal,
    commissions: Sequence[Decimal] | None = None,
) -> Arbitrage:
    """Stakes in whole steps with the best worst case, which may still be a loss.

    From the ideal stakes rounded down, one step at a time is added to the leg that returns least,
    since any other would only cost, and the best worst case on the way is kept.

    Args:
        odds: Of each outcome as offered, each at another bookmaker.
        total: Most to be staked.
        step: Stakes are multiples of it.
        commissions: Each bookmaker's share of net winnings; none by default.

    Raises:
        ValueError: Fewer than two outcomes, odds not above 1, no money, or no such step.
    """
    rates = [NOTHING] * len(odds) if commissions is None else list(commissions)
    if len(odds) < 2 or len(rates) != len(odds) or min(odds) <= 1 or total <= 0:
        raise ValueError("An arbitrage needs money and odds above 1 on two outcomes or more.")
    inverse = [1 / (1 + (1 - rate) * (price - 1)) for price, rate in zip(odds, rates, strict=True)]
    implied = sum(inverse, NOTHING)
    stakes = [_round_down(total * share / implied, step) for share in inverse]
    candidates: list[Arbitrage] = []
    while sum(stakes) <= total:
        returns = tuple(map(_return, stakes, odds, rates))
        ideal = to_cents(total * (1 / implied - 1))
        candidates.append(
            Arbitrage(stakes=tuple(stakes), returns=returns, implied=implied, ideal_profit=ideal)
        )
        stakes[returns.index(min(returns))] += step
    return max(candidates, key=lambda legs: legs.worst)


def lay_stake(
    *, back_stake: Decimal, back_odds: Decimal, lay_odds: Decimal, commission: Decimal
) -> Decimal:
    """What to lay against a back bet so that both results leave the same, to the cent.

    Args:
        back_stake: Staked on the back bet.
        back_odds: Its net odds.
        lay_odds: As offered on the exchange.
        commission: The exchange's share of the lay bet's winnings.

    Raises:
        ValueError: Odds not above 1, no stake, or a commission that is not a share below 1.
    """
    if back_stake <= 0 or min(back_odds, lay_odds) <= 1 or not 0 <= commission < 1:
        raise ValueError("A hedge needs a stake, odds above 1 and a commission from 0 to below 1.")
    return to_cents(back_stake * back_odds / (lay_odds - commission))


def _return(stake: Decimal, odds: Decimal, rate: Decimal) -> Decimal:
    """What a leg pays when it wins, each amount rounded as its bet will be settled."""
    payout = to_cents(stake * odds)
    return payout - to_cents(rate * (payout - stake))


def _exact(fraction: float) -> Decimal:
    """A fraction without the noise of its float: 2.3 / 100 is 0.023."""
    return Decimal(str(round(fraction, 12)))


def _round_down(amount: Decimal, step: Decimal) -> Decimal:
    """The largest multiple of the step that fits, at least 0."""
    if step <= 0 or step % CENT:
        raise ValueError(f"Stakes cannot come in steps of {step}; give whole cents above 0.")
    return (max(amount, NOTHING) // step * step).quantize(CENT)


def _placeable(amount: Decimal, limits: StakeLimits) -> Decimal:
    """The amount in whole steps, or nothing where that is below the minimum."""
    stake = _round_down(amount, limits.step)
    return stake if stake >= limits.minimum else NOTHING


def _require_probabilities(p: Floats) -> None:
    if ((p < 0) | (p > 1)).any():
        raise ValueError("A probability is below 0 or above 1; give fractions, not percent.")
