"""How alike two agents are: what they predict in common, and whether they win together.

Pure numbers.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from odds.fair_prices import Floats
from strategies.api.agent_records import Columns

FEWEST_COMMON: Final = 3  # two points always lie on a line


@dataclass(frozen=True, slots=True, kw_only=True)
class Likeness:
    """How alike two agents are.

    Attributes:
        common: Matches, markets and lines both predicted.
        either: Those one or both predicted.
        same_outcome: Of the common ones, with the same outcome.
        matches: Common matches with decided predictions of both.
        correlation: Pearson's, of their mean profits on those matches.
    """

    common: int
    either: int
    same_outcome: int
    matches: int
    correlation: float | None


def likeness(one: Columns, other: Columns) -> Likeness:
    """Compare two agents' predictions."""
    mine, theirs = _by_question(one), _by_question(other)
    common = mine.keys() & theirs.keys()
    first, second = _profits(one), _profits(other)
    matches = sorted(first.keys() & second.keys())
    return Likeness(
        common=len(common),
        either=len(mine.keys() | theirs.keys()),
        same_outcome=sum(bool(mine[key] & theirs[key]) for key in common),
        matches=len(matches),
        correlation=correlation_of(
            np.array([first[match] for match in matches]),
            np.array([second[match] for match in matches]),
        ),
    )


def correlation_of(one: Floats, other: Floats) -> float | None:
    """Pearson's correlation; None with fewer than three pairs or where one does not vary."""
    if len(one) < FEWEST_COMMON or np.ptp(one) == 0 or np.ptp(other) == 0:
        return None
    return float(np.corrcoef(one, other)[0, 1])


def _by_question(rows: Columns) -> dict[tuple[int, str], set[str]]:
    found: dict[tuple[int, str], set[str]] = {}
    for match, question, selection in zip(
        rows.match.tolist(), rows.question.tolist(), rows.selection.tolist(), strict=True
    ):
        found.setdefault((match, question), set()).add(selection)
    return found


def _profits(rows: Columns) -> dict[int, float]:
    """The mean profit of each match's decided predictions."""
    decided = rows.take(rows.is_decided)
    matches, place, count = np.unique(decided.match, return_inverse=True, return_counts=True)
    means = np.bincount(place, weights=decided.profit, minlength=len(matches)) / count
    return dict(zip(matches.tolist(), means.tolist(), strict=True))
