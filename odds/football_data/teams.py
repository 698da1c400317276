"""Which team is meant, and which match: the site's names against The Odds API's. Pure.

Names are compared whole, after spelling is evened out and known other names are replaced. How alike
two names look decides nothing: Manchester City and Manchester United look alike.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Final

from odds.football_data.team_names import OTHER_NAMES

SAME_MATCH: Final = timedelta(hours=36)  # kick-offs of one match in two sources lie this close
# Letters that do not come apart into a plain one and an accent.
LETTERS: Final = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "ı": "i"})
# Kinds of club, which one source writes and the other leaves out.
# fmt: off
AFFIXES: Final = frozenset({
    "ac", "ad", "afc", "as", "bc", "bk", "bsc", "ca", "cd", "cf", "club", "clube", "cp", "ec", "fc",
    "ff", "fk", "fsv", "gd", "gks", "if", "ifk", "jk", "kaa", "krc", "ksv", "kv", "mks", "nac",
    "nec", "ofi", "osc", "pas", "pfc", "rc", "rcd", "rkc", "sad", "sc", "sd", "sk", "ss", "ssc",
    "ssv", "sv", "tsg", "tsv", "ud", "us", "vfb", "vfl",
})
# fmt: on


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedMatch:
    """A match as its teams' names and its kick-off tell it."""

    home: str
    away: str
    kickoff: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairing:
    """Which matches of the site are which of ours.

    Attributes:
        ours: For the position of a match of the site, the position of ours and whether ours lists
            the teams the other way round.
        learned: For a name at the site, our name, where the other team proved it.
    """

    ours: dict[int, tuple[int, bool]] = field(default_factory=dict)
    learned: dict[str, str] = field(default_factory=dict)


@lru_cache(maxsize=4096)
def slug(name: str) -> str:
    """A name in small plain letters, digits and hyphens: `nott-m-forest`."""
    return "-".join(_words(name))


def team_key(name: str) -> str:
    """What is equal for two names of one team: `nottingham forest` for `Nott'm Forest`."""
    key = _bare(name)
    return _BY_OTHER_NAME.get(key, key)


def _words(name: str) -> list[str]:
    name = re.sub(r"\b([A-Za-z])\.", r"\1", name)  # F.C. is FC
    plain = unicodedata.normalize("NFKD", name.casefold().translate(LETTERS))
    return re.findall(r"[a-z0-9]+", "".join(c for c in plain if not unicodedata.combining(c)))


def _bare(name: str) -> str:
    """Without the kind of club and numbers such as Schalke's 04, unless nothing else is left.

    Whole years stay: U Craiova and U Craiova 1948 are two clubs.
    """
    words = _words(name)
    kept = [w for w in words if w not in AFFIXES and not (w.isdigit() and len(w) < 3)]
    return " ".join(kept or words)


_BY_OTHER_NAME: Final = {
    _bare(other): _bare(name) for name, others in OTHER_NAMES.items() for other in others
}
_KNOWN: Final = frozenset(_bare(name) for name in OTHER_NAMES)


def pair(
    theirs: Sequence[NamedMatch], ours: Sequence[NamedMatch], aliases: Mapping[str, str]
) -> Pairing:
    """Find each match of the site among ours of the same competition.

    Both teams must be the same. Where only one is, the match still counts if it is the only one of
    that team around that time in both lists, and nothing says that the other two names are two
    teams; then the other name is learned.

    Args:
        theirs: Matches of the site.
        ours: Matches of The Odds API.
        aliases: Our name by the site's, as a person or an earlier pairing told; they win.
    """
    pairing = Pairing()
    search = _Search(theirs, ours, aliases)
    taken: set[int] = set()
    for position in range(len(theirs)):
        found = search.same(position)
        if found and found[0] not in taken:
            pairing.ours[position] = found
            taken.add(found[0])
    for position in range(len(theirs)):
        if position in pairing.ours:
            continue
        proven = search.proven_by_one_team(position, taken)
        if proven is not None:
            place, name, team = proven
            pairing.ours[position] = place, False
            pairing.learned[name] = team
            taken.add(place)
    return pairing


class _Search:
    """Matches of both sources by team."""

    def __init__(
        self,
        theirs: Sequence[NamedMatch],
        ours: Sequence[NamedMatch],
        aliases: Mapping[str, str],
    ) -> None:
        self.theirs, self.ours, self.aliases = theirs, ours, aliases
        self.their_keys = [(self._key(m.home), self._key(m.away)) for m in theirs]
        self.our_keys = [(team_key(m.home), team_key(m.away)) for m in ours]
        self.our_places = _by_team(self.our_keys)
        self.their_places = _by_team(self.their_keys)

    def _key(self, name: str) -> str:
        return team_key(self.aliases.get(name, name))

    def same(self, position: int) -> tuple[int, bool] | None:
        """Ours of both teams, the nearest in time; and whether it is the other way round."""
        home, away = self.their_keys[position]
        near = [
            (abs(self.ours[place].kickoff - self.theirs[position].kickoff), place)
            for place in self.our_places.get(home, ())
            if {home, away} == set(self.our_keys[place])
        ]
        distance, place = min(near, default=(SAME_MATCH * 2, -1))
        if distance > SAME_MATCH:
            return None
        return place, self.our_keys[place] == (away, home)

    def proven_by_one_team(self, position: int, taken: set[int]) -> tuple[int, str, str] | None:
        """Ours of one team at that time, the name at the site that it teaches, and our name."""
        match = self.theirs[position]
        for side, name in ((0, match.away), (1, match.home)):
            team = self.their_keys[position][side]
            theirs = self._near(self.their_places[team], self.theirs, match.kickoff)
            places = self._near(self.our_places.get(team, ()), self.ours, match.kickoff)
            if theirs != [position] or len(places) != 1 or places[0] in taken:
                continue
            place = places[0]
            if self.our_keys[place][side] != team:
                continue
            other = self.ours[place].away if side == 0 else self.ours[place].home
            if not self._are_two_teams(name, other):
                return place, name, other
        return None

    def _near(
        self, places: Iterable[int], matches: Sequence[NamedMatch], when: datetime
    ) -> list[int]:
        return [place for place in places if abs(matches[place].kickoff - when) <= SAME_MATCH]

    def _are_two_teams(self, name: str, other: str) -> bool:
        """Something says so: either name is known to stand for a team of its own."""
        key, other_key = self._key(name), team_key(other)
        return (
            name in self.aliases
            or key in _KNOWN
            or key in self.our_places
            or other_key in _KNOWN
            or other_key in self.their_places
        )


def _by_team(keys: Sequence[tuple[str, str]]) -> dict[str, list[int]]:
    places: dict[str, list[int]] = defaultdict(list)
    for place, teams in enumerate(keys):
        for team in teams:
            places[team].append(place)
    return places
