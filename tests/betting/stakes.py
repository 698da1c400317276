"""Limits to stake within, and how a bankroll grows, counted result by result."""

from decimal import Decimal
from itertools import product
from math import log

from betting.bankroll.staking import StakeLimits


def make_limits(**given) -> StakeLimits:
    """A quarter of Kelly with no caps, in steps of a half from one unit on."""
    defaults = {
        "kelly_fraction": 0.25,
        "cap_bet": 1,
        "cap_match": 1,
        "cap_day": 1,
        "step": Decimal("0.50"),
        "minimum": Decimal("1.00"),
    }
    return StakeLimits(**defaults | given)


def log_wealth(wealth: float) -> float:
    return log(wealth) if wealth > 0 else float("-inf")


def growth_of_exclusive(fractions, probabilities, odds) -> float:
    """Expected log growth where at most one of the outcomes happens."""
    kept = 1 - sum(fractions)
    results = [
        (p, kept + f * o if f else kept)
        for f, p, o in zip(fractions, probabilities, odds, strict=True)
    ]
    results.append((1 - sum(probabilities), kept))
    return sum(p * log_wealth(wealth) for p, wealth in results if p > 1e-12)


def growth_of_independent(fractions, probabilities, odds) -> float:
    """Expected log growth over every combination of independent results."""
    total = 0.0
    for happened in product([True, False], repeat=len(fractions)):
        chance, wealth = 1.0, 1.0
        for won, f, p, o in zip(happened, fractions, probabilities, odds, strict=True):
            chance *= p if won else 1 - p
            wealth += f * (o - 1) if won else -f
        total += chance * log_wealth(wealth) if chance else 0
    return total
