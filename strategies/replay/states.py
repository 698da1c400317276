"""What every series offered at given instants: the as-of join, all at once.

Pure numbers, nothing of Django.
"""

from dataclasses import dataclass

import numpy as np

from odds.fair_prices import Flags, Floats, Integers
from strategies.replay.history import Quotes


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """Quotes with where each series of them begins; built once for a history.

    Attributes:
        quotes: Sorted by series and time.
        first: The first quote of each series, shape (s,).
        match_first: The first series of each match, shape (m + 1,).
        group: The number of each series' market and line, over all matches, shape (s,).
        keys: Ascending: series and rank of its time in one number, shape (q,).
        instants: All times of quotes, ascending, unique.
    """

    quotes: Quotes
    first: Integers
    match_first: Integers
    group: Integers
    keys: Integers
    instants: Floats

    @classmethod
    def of(cls, quotes: Quotes, matches: int) -> "Series":
        """Find the series of sorted quotes on so many matches."""
        is_new_group = differs(quotes.match, quotes.market, quotes.line)
        is_new = is_new_group | differs(quotes.column)
        first = np.flatnonzero(is_new)
        series = np.cumsum(is_new) - 1
        instants = np.unique(quotes.observed_at)
        rank = np.searchsorted(instants, quotes.observed_at)  # quicker than return_inverse
        return cls(
            quotes=quotes,
            first=first,
            match_first=np.searchsorted(quotes.match[first], np.arange(matches + 1)),
            group=(np.cumsum(is_new_group) - 1)[first],
            keys=series * (len(instants) + 1) + rank + 1,
            instants=instants,
        )

    def at(self, series: Integers, instants: Floats) -> Integers:
        """The quote in force of each of these series at its instant; -1 where there was none yet.

        Args:
            series: Places, shape (n,).
            instants: Seconds since 1970, shape (n,).
        """
        rank = np.searchsorted(self.instants, instants, side="right")
        keys = series * (len(self.instants) + 1) + rank
        found = np.searchsorted(self.keys, keys, side="right") - 1
        in_force: Integers = np.where(found >= self.first[series], found, -1)
        return in_force

    def of_matches(self, matches: Integers) -> tuple[Integers, Integers]:
        """All series of some matches: for each, the place of its match in `matches`; and it."""
        start, end = self.match_first[matches], self.match_first[matches + 1]
        counts = end - start
        owner = np.repeat(np.arange(len(matches)), counts)
        offset = np.arange(len(owner)) - np.repeat(np.cumsum(counts) - counts, counts)
        return owner, start[owner] + offset


def differs(*columns: Floats | Integers) -> Flags:
    """Where any of these columns has another value than in the row before."""
    changes = np.ones(len(columns[0]), dtype=np.bool_)
    if len(changes):
        changes[1:] = np.any([column[1:] != column[:-1] for column in columns], axis=0)
    return changes
