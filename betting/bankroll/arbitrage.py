"""Stakes that pay whatever happens: arbitrages, and hedging a bet by laying it.

Money is Decimal in whole cents; odds are decimal.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from betting.bankroll.staking import round_down
from betting.bets.rules import NOTHING, to_cents


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

    Returns:
        Stakes, what they return and the profits.

    Raises:
        ValueError: Fewer than two outcomes, odds not above 1, no money, or no such step.
    """
    rates = [NOTHING] * len(odds) if commissions is None else list(commissions)
    if len(odds) < 2 or len(rates) != len(odds) or min(odds) <= 1 or total <= 0:
        raise ValueError("An arbitrage needs money and odds above 1 on two outcomes or more.")
    inverse = [1 / (1 + (1 - rate) * (price - 1)) for price, rate in zip(odds, rates, strict=True)]
    implied = sum(inverse, NOTHING)
    stakes = [round_down(total * share / implied, step) for share in inverse]
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
