"""What the other agents' decisions were worth, as known at each Monday of a replay.

Pure numbers, nothing of Django. It is what `strategies.ranking.days.read_records` gives live.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Self

import numpy as np

from odds.fair_prices import Floats
from strategies.backtests.asking import Others
from strategies.replay.closing import closing_of, fair_clv
from strategies.replay.decisions import Decisions, Records, Window, decide
from strategies.replay.history import History
from strategies.snapshots import Record


@dataclass(frozen=True, slots=True, kw_only=True)
class Track:
    """An agent's graded matches by kick-off, and what they sum to up to each of them.

    Attributes:
        kickoff: Seconds since 1970, ascending, shape (m,).
        total: Sum of the matches' mean fair CLVs before each, and of all, shape (m + 1,).
        squares: The same of their squares, shape (m + 1,).
    """

    kickoff: Floats
    total: Floats
    squares: Floats

    @classmethod
    def of(cls, decisions: Decisions, history: History) -> Self:
        """Grade decisions by closing lines."""
        clv = fair_clv(decisions, closing_of(decisions, history), decisions.net_odds)
        is_graded = ~np.isnan(clv)
        match, which, counts = np.unique(
            decisions.match[is_graded], return_inverse=True, return_counts=True
        )
        means = np.bincount(which, weights=clv[is_graded], minlength=len(counts)) / counts
        kickoff = history.matches.kickoff[match]
        order = np.argsort(kickoff, kind="stable")
        return cls(
            kickoff=kickoff[order],
            total=np.concatenate([[0.0], np.cumsum(means[order])]),
            squares=np.concatenate([[0.0], np.cumsum(means[order] ** 2)]),
        )

    def known_at(self, instant: float) -> Record:
        """The record on matches that kicked off before an instant."""
        count = int(np.searchsorted(self.kickoff, instant, side="left"))
        return Record.of_sums(count, float(self.total[count]), float(self.squares[count]))


def records_of(
    others: Others, history: History, window: Window, advance: Callable[[float], None]
) -> Records:
    """Ask and grade other agents; a function that tells their records as known at an instant.

    Args:
        others: Agents with their parameters, by key.
        history: The past.
        window: When they are asked.
        advance: Told after each block.
    """
    tracks = {}
    for number, (key, (agent, parameters)) in enumerate(others.items()):

        def advance_of_all(share: float, number: int = number) -> None:
            advance((number + share) / len(others))

        decisions = decide(agent, parameters, history, window=window, advance=advance_of_all)
        tracks[key] = Track.of(decisions, history)
    return lambda instant: {key: track.known_at(instant) for key, track in tracks.items()}
