"""What the market and each bookmaker believe: the news so far, plus errors that wander.

Errors against the truth are pairs as in `news`. All of a match's errors from
its listing to its kick-off are drawn at once, so that any instant costs one look-up and a
restarted world goes on with the same market.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from odds.simulator.bookmakers import Bookmaker
from odds.simulator.calendar import Match
from odds.simulator.chance import Floats, generator, wandering
from odds.simulator.news import STEP, news_of
from odds.simulator.sports import HOUR

_OPINION_STEP = HOUR
_SLOT = 2 * HOUR  # how long a bookmaker is absent
_SLOW_SLOT = 6 * HOUR  # how long a bookmaker sleeps

# Standard deviations and memories of errors, all ours.
_NOISE = 0.02  # the wandering part of the market's error
_NOISE_MEMORY = 8 * HOUR / STEP
_OPINION = 0.026  # of a soft bookmaker's own error
_OPINION_MEMORY = 24 * HOUR / _OPINION_STEP

# Rare events, all ours: probability per bookmaker (or operator) and slot.
_UNCOVERED = 0.04  # a match is never offered
_ABSENT = 0.02  # not offered for a slot
_SLOW = 0.004  # an operator stops following the market for a slot
_SLIP = 0.0002  # a soft bookmaker shows a mistyped price for an hour
FROZEN = 15 * 60  # seconds a suspended market still shows its last prices, as old as they are


@dataclass(frozen=True, slots=True, kw_only=True)
class Beliefs:
    """Errors and mishaps of one match, from its listing on.

    Axis 0 is time: `market` (STEP, 2), `opinions` (hours, operators, 2), `absent` (slots, books),
    `sleep` (slow slots, operators; seconds behind), `slips` (hours, books).
    """

    listed_at: float
    market: Floats
    opinions: Floats
    opens_at: Floats
    absent: NDArray[np.bool_]
    sleep: Floats
    slips: NDArray[np.bool_]

    def error(self, at: Floats, operators: NDArray[np.intp], opinion: Floats) -> Floats:
        """Each bookmaker's error at its own instant, shape (books, 2)."""
        own = self.opinions[self._index(at, _OPINION_STEP, self.opinions), operators]
        return self.market[self._index(at, STEP, self.market)] + opinion[:, None] * own

    def asleep(self, at: Floats, operators: NDArray[np.intp]) -> Floats:
        """Seconds by which each bookmaker is behind because its traders sleep, shape (books,)."""
        return self.sleep[self._index(at, _SLOW_SLOT, self.sleep), operators]

    def seen_at(
        self, at: float, refresh: Floats, phase: Floats
    ) -> tuple[Floats, NDArray[np.bool_]]:
        """When each bookmaker was last read, and whether it is offered at all, shape (books,)."""
        slot = int(self._index(np.array([at]), _SLOT, self.absent)[0])
        slot_start = self.listed_at + slot * _SLOT
        missing = self.absent[slot]
        read = np.floor((at - phase) / refresh) * refresh + phase
        frozen = missing & (at - slot_start < FROZEN)
        seen = np.where(frozen, np.minimum(read, slot_start), read)
        return seen, (~missing | frozen) & (seen >= self.opens_at)

    def slipped(self, at: float) -> NDArray[np.bool_]:
        """Which bookmakers show a mistyped price."""
        slipped: NDArray[np.bool_] = self.slips[self._index(np.array([at]), HOUR, self.slips)[0]]
        return slipped

    def _index(self, at: Floats, step: float, path: NDArray[np.generic]) -> NDArray[np.intp]:
        steps = np.floor((at - self.listed_at) / step)
        return np.clip(steps, 0, len(path) - 1).astype(np.intp)


def beliefs_of(
    seed: int, match: Match, bookmakers: Sequence[Bookmaker], operators: NDArray[np.intp]
) -> Beliefs:
    """All errors and mishaps of one match: a pure function of its arguments."""
    rng = generator(seed, match.sport.key, "beliefs", match.number)
    before, whole = match.sport.listed_seconds, match.sport.listed_seconds + match.sport.duration
    listed_at, books, owners = match.commence - before, len(bookmakers), int(operators.max()) + 1
    hours = whole // HOUR + 2
    opinions = _OPINION * wandering(rng, (before // _OPINION_STEP + 1, owners, 2), _OPINION_MEMORY)
    asleep = rng.random((whole // _SLOW_SLOT + 1, owners)) < _SLOW
    behind = rng.uniform(6 * HOUR, 24 * HOUR, asleep.shape)
    soft = np.array([book.kind == "soft" for book in bookmakers])
    market = _market_error(rng, news_of(seed, match))
    absent = rng.random((whole // _SLOT + 1, books)) < _ABSENT
    covered = rng.random(books) >= _UNCOVERED
    # Soft bookmakers open over the first half of the listing, the others at its start.
    opening = listed_at + soft * rng.random(books) * before / 2
    is_soft_owner = np.zeros(owners, dtype=bool)
    is_soft_owner[operators[soft]] = True
    return Beliefs(
        listed_at=listed_at,
        market=market,
        opinions=opinions,
        opens_at=np.where(covered, opening, np.inf),
        absent=absent,
        sleep=np.where(asleep & is_soft_owner, behind, 0.0),
        slips=(rng.random((hours, books)) < _SLIP) & soft,
    )


def _market_error(rng: np.random.Generator, news: Floats) -> Floats:
    """The market's error at every step until kick-off, shape (steps, 2)."""
    return np.asarray(news - news[-1] + _NOISE * wandering(rng, news.shape, _NOISE_MEMORY))
