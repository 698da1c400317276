"""Paths of a bankroll: one unit a bet, and a share of Kelly's stakes within the user's limits.

Pure numbers, nothing of Django. All bets of a match day are open at once and settled the day
after, so that none of them is paid with what another won.
"""

from dataclasses import dataclass
from typing import Final, Self

import numpy as np

from betting.bankroll.staking import kelly
from odds.fair_prices import Floats, Integers
from strategies.backtests.bets import Bets


@dataclass(frozen=True, slots=True, kw_only=True)
class Caps:
    """Most that may be at risk, as fractions of the bankroll: the staking settings' defaults."""

    bet: float = 0.02
    match: float = 0.05
    day: float = 0.25


CAPS: Final = Caps()


@dataclass(frozen=True, slots=True, kw_only=True)
class Path:
    """A bankroll before the first bet, and after each match day with bets.

    Attributes:
        day: Of the first match day, then the day after each: when it is settled; days since
            1970, shape (d + 1,).
        value: Shape (d + 1,).
    """

    day: Integers
    value: Floats

    def __len__(self) -> int:
        return len(self.day)

    @classmethod
    def of(cls, days: Integers, value: Floats) -> Self:
        """A path over these match days; of no day, nothing."""
        settled = np.concatenate([days[:1], days + 1])
        return cls(day=settled, value=value[: len(settled)])

    @property
    def fall(self) -> Floats:
        """How far each value lies below the highest until then, shape (d + 1,)."""
        fallen: Floats = np.maximum.accumulate(self.value) - self.value
        return fallen

    @property
    def fall_share(self) -> Floats:
        """The same as a fraction of that highest value; for a path that stays above 0."""
        fallen: Floats = 1 - self.value / np.maximum.accumulate(self.value)
        return fallen


def flat_path(bets: Bets) -> Path:
    """The sum of profits, one unit a bet, from 0; bets without a result are left out."""
    settled = bets.take(~np.isnan(bets.profit))
    days, which = np.unique(settled.day, return_inverse=True)
    profit = np.bincount(which, weights=settled.profit, minlength=len(days))
    return Path.of(days, np.concatenate([[0.0], np.cumsum(profit)]))


def kelly_path(bets: Bets, fraction: float, caps: Caps = CAPS) -> Path:
    """The bankroll from 1, when each bet takes its stake of what there was on its match day.

    Args:
        bets: By instant; those without a result are left out.
        fraction: Share of full Kelly.
        caps: Limits of a bet, a match and a day.
    """
    settled = bets.take(~np.isnan(bets.profit))
    days, which = np.unique(settled.day, return_inverse=True)
    won = kelly_stakes(settled, fraction, caps) * settled.profit
    growth = 1 + np.bincount(which, weights=won, minlength=len(days))
    return Path.of(days, np.concatenate([[1.0], np.cumprod(growth)]))


def kelly_stakes(bets: Bets, fraction: float, caps: Caps = CAPS) -> Floats:
    """Each bet's stake as a fraction of the bankroll on its match day, shape (n,).

    Each is staked as if it were alone, at the odds obtained, and no higher than the cap of a bet;
    those on a match, then those on a day, are scaled down together when they exceed theirs.

    Args:
        bets: The n bets.
        fraction: Share of full Kelly.
        caps: Limits of a bet, a match and a day.
    """
    wanted = fraction * kelly(bets.probability, bets.net_odds)
    stakes = np.minimum(wanted, caps.bet)
    return _scaled(_scaled(stakes, bets.match, caps.match), bets.day, caps.day)


def _scaled(stakes: Floats, key: Integers, cap: float) -> Floats:
    """Stakes of a key together no higher than the cap."""
    _keys, which = np.unique(key, return_inverse=True)
    sums = np.bincount(which, weights=stakes, minlength=len(_keys))
    scale = cap / np.maximum(sums, cap)
    scaled: Floats = stakes * scale[which]
    return scaled
