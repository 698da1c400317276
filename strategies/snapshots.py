"""What an agent sees: prices on offer at some instants, and nothing later.

Pure arrays, nothing of Django. A group (g) is one market and line of one match at one instant; a
live snapshot has the coming matches of one sport, a replay may have thousands of groups at once,
each at its own instant. An agent judges every group by itself.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Self

import numpy as np
from numpy.typing import NDArray

from betting.detection.board import Board
from odds.fair_prices import Floats, Integers

if TYPE_CHECKING:
    from strategies.predictions import Predictions

Texts = NDArray[np.str_]

WEEK_SECONDS: Final = 7 * 24 * 3600
PLAYED_FOR: Final = 3 * 3600  # seconds from kick-off until a result counts as known
FIRST_MONDAY: Final = 4 * 24 * 3600  # 1970-01-05, seconds since 1970


def known_since(as_of: Floats) -> Floats:
    """The Monday, 00:00 UTC, up to which results and records are known to agents at an instant.

    They learn weekly, so that a replay can learn as often as they did.

    Args:
        as_of: Instants, seconds since 1970, any shape.
    """
    weeks = np.floor((as_of - FIRST_MONDAY) / WEEK_SECONDS)
    mondays: Floats = weeks * WEEK_SECONDS + FIRST_MONDAY
    return mondays


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """Matches that ended before `known_until`, oldest first; every array has shape (m,).

    Attributes:
        known_until: Seconds since 1970; a match counts if it kicked off three hours before it.
        sport: Its competition's key.
        home: The home team's name.
        away: The away team's name.
        home_score: Goals.
        away_score: Goals.
        kickoff: Seconds since 1970.
    """

    known_until: float
    sport: Texts
    home: Texts
    away: Texts
    home_score: Integers
    away_score: Integers
    kickoff: Floats

    @classmethod
    def nothing(cls) -> Self:
        """No match at all."""
        texts = np.array([], dtype=np.str_)
        numbers = np.array([], dtype=np.intp)
        return cls(
            known_until=-np.inf,
            sport=texts,
            home=texts,
            away=texts,
            home_score=numbers,
            away_score=numbers,
            kickoff=np.array([]),
        )

    def known_at(self, instant: float) -> Self:
        """The matches that were over at an instant."""
        return self.take(np.flatnonzero(self.kickoff + PLAYED_FOR <= instant), instant)

    def take(self, rows: Integers, known_until: float | None = None) -> Self:
        """These matches only."""
        return type(self)(
            known_until=self.known_until if known_until is None else known_until,
            sport=self.sport[rows],
            home=self.home[rows],
            away=self.away[rows],
            home_score=self.home_score[rows],
            away_score=self.away_score[rows],
            kickoff=self.kickoff[rows],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What an agent's graded predictions were worth, as far as known.

    Attributes:
        matches: Matches with a graded prediction.
        clv: Mean fair CLV over them, a fraction; NaN without any.
        variance: Their sample variance; NaN with fewer than two.
    """

    matches: int
    clv: float
    variance: float

    @classmethod
    def of_sums(cls, matches: int, total: float, squares: float) -> Self:
        """From the number of matches, the sum of their mean CLVs and the sum of its squares."""
        mean = total / matches if matches else np.nan
        variance = (squares - matches * mean**2) / (matches - 1) if matches > 1 else np.nan
        return cls(matches=matches, clv=mean, variance=variance)


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """Prices on offer, group by group, bookmaker by bookmaker (b, sorted by key).

    Attributes:
        board: Odds as offered, shape (g, b, 3), and since when, shape (g, b). Bookmakers only:
            what football-data.co.uk gives as the market's maximum and average is below.
        as_of: The instant, seconds since 1970, shape (g,).
        kickoff: When the match begins, seconds since 1970, shape (g,).
        sport: Its competition's key, shape (g,).
        home: The home team, shape (g,).
        away: The away team, shape (g,).
        opening: The first odds each bookmaker offered, shape (g, b, 3); NaN where unknown.
        opened_at: When, seconds since 1970, shape (g, b).
        maximum: The market's highest odds where a source states them, else NaN, shape (g, 3).
        average: The market's mean odds where a source states them, else NaN, shape (g, 3).
        past: Results known at the Monday before the earliest instant; empty for agents that do
            not learn.
        opinions: What the other agents predict about the same groups, by agent; for the agent
            that combines them.
        records: What those predictions were worth in the past, by agent.
    """

    board: Board
    as_of: Floats
    kickoff: Floats
    sport: Texts
    home: Texts
    away: Texts
    opening: Floats
    opened_at: Floats
    maximum: Floats
    average: Floats
    past: Past = field(default_factory=Past.nothing)
    opinions: "Mapping[str, Predictions]" = field(default_factory=dict)
    records: Mapping[str, Record] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.as_of)
