"""Which bookmaker and which sport a name of the original means; nothing of Django.

Its first collector stored The Odds API's keys, the later ones titles, so one bookmaker stands there
under two names. Names are compared by their letters and digits alone.
"""

import re
import unicodedata
from collections.abc import Iterable
from typing import Final

from monps.legacy.account import RowError

# Titles of The Odds API that are neither ours nor a key.
BOOKMAKERS: Final = {"betfair": "betfair_ex_eu", "mybookie": "mybookieag"}
SPORTS: Final = {
    "premierleague": "soccer_epl",
    "laliga": "soccer_spain_la_liga",
    "ligue1": "soccer_france_ligue_one",
    "bundesliga": "soccer_germany_bundesliga",
    "seriea": "soccer_italy_serie_a",
}
KEY: Final = re.compile(r"[a-z0-9]+(_[a-z0-9]+)+")
LONGEST_KEY: Final = 60
LONGEST_TITLE: Final = 120
LONGEST_SPORT: Final = 80


def letters(name: str, between: str = "") -> str:
    """The letters and digits of a name, without case and accents."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().casefold()
    return re.sub(r"[^a-z0-9]+", between, plain).strip(between or None)


class Bookmakers:
    """Keys and titles by whatever the original called a bookmaker.

    Args:
        known: The key and title of each bookmaker that is known; an earlier one is preferred
            where a title is shared.
    """

    def __init__(self, known: Iterable[tuple[str, str]]) -> None:
        self.titles = dict(known)
        self._keys: dict[str, str] = {}
        for key in self.titles:
            self._keys.setdefault(letters(key), key)
        for key, title in self.titles.items():
            self._keys.setdefault(letters(title), key)
        self._found: dict[str, tuple[str, str]] = {}

    def named(self, name: str | None) -> tuple[str, str]:
        """The key and title meant; a name nobody knows is a bookmaker of its own.

        Raises:
            RowError: There is no name, or none that a bookmaker can have.
        """
        name = (name or "").strip()
        if name not in self._found:
            self._found[name] = self._look_up(name)
        return self._found[name]

    def _look_up(self, name: str) -> tuple[str, str]:
        plain = letters(name)
        key = name if name in self.titles else self._keys.get(plain, BOOKMAKERS.get(plain, ""))
        if not key:
            key = name if KEY.fullmatch(name) else letters(name, "_")
        if not key or len(key) > LONGEST_KEY:
            raise RowError("bookmaker without a name that can be stored", name)
        return key, self.titles.get(key, name[:LONGEST_TITLE])


class Sports:
    """Keys and titles of sports by whatever the original called one.

    Args:
        known: The key and title of each sport that is known.
    """

    def __init__(self, known: Iterable[tuple[str, str]]) -> None:
        self.titles = dict(known)
        self._keys = {letters(title): key for key, title in self.titles.items()}
        self._keys |= {letters(key): key for key in self.titles}

    def named(self, name: str | None) -> tuple[str, str]:
        """The key and title meant.

        Raises:
            RowError: It is neither a key of The Odds API nor a title that is known.
        """
        name = (name or "").strip()
        if name in self.titles:
            return name, self.titles[name]
        plain = letters(name)
        key = self._keys.get(plain, SPORTS.get(plain, ""))
        if not key and KEY.fullmatch(name):
            key = name
        if not key or len(key) > LONGEST_SPORT:
            raise RowError("sport that is neither a key nor a known title", name)
        return key, self.titles.get(key, key)
