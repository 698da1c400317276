"""The endless calendar: who plays whom and when, in every round of every season."""

from collections.abc import Iterator
from dataclasses import dataclass

from odds.simulator.chance import digest, generator
from odds.simulator.sports import DAY, SPORTS, Sport

_SPORT_KEYS = tuple(SPORTS)
_MONDAY = 4 * DAY  # 1970-01-05, the first Monday of Unix time


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """One match of the calendar; `commence` is its kick-off in simulated Unix seconds."""

    provider_id: str
    sport: Sport
    number: int
    home_team: str
    away_team: str
    commence: float

    @property
    def season(self) -> int:
        """The season it belongs to; strengths are drawn anew for each."""
        return self.number // (self.sport.rounds * len(self.sport.slots))


class Calendar:
    """Matches of every sport from the Monday of `epoch` on, for ever.

    Every club meets every other twice a season (the circle method), the return with the home
    side changed.
    """

    def __init__(self, seed: int, epoch: float) -> None:
        self.seed = seed
        self.start = epoch - (epoch - _MONDAY) % (7 * DAY)

    def between(self, sport: Sport, first: float, last: float) -> list[Match]:
        """Matches kicking off in [first, last], by kick-off."""
        earliest = max(0, int((first - self.start) // sport.round_seconds) - 1)
        latest = int((last - self.start) // sport.round_seconds)
        matches = [
            match
            for round_number in range(earliest, latest + 1)
            for match in self._round(sport, round_number)
            if first <= match.commence <= last
        ]
        return sorted(matches, key=lambda match: (match.commence, match.number))

    def match(self, provider_id: str) -> Match:
        """The match behind an id.

        Raises:
            KeyError: No match of this seed has that id.
        """
        try:
            raw = bytes.fromhex(provider_id)
        except ValueError:
            raise KeyError(provider_id) from None
        code = int.from_bytes(raw[8:]) ^ self._mask(raw[:8])
        index, number = divmod(code, 2**48)
        if len(raw) != 16 or index >= len(_SPORT_KEYS):
            raise KeyError(provider_id)
        sport = SPORTS[_SPORT_KEYS[index]]
        match = self._match(sport, *divmod(number, len(sport.slots)))
        if match.provider_id != provider_id:
            raise KeyError(provider_id)
        return match

    def _round(self, sport: Sport, round_number: int) -> Iterator[Match]:
        for slot in range(len(sport.slots)):
            yield self._match(sport, round_number, slot)

    def _match(self, sport: Sport, round_number: int, slot: int) -> Match:
        number = round_number * len(sport.slots) + slot
        home, away = self._pair(sport, round_number, slot)
        return Match(
            provider_id=self._provider_id(sport, number),
            sport=sport,
            number=number,
            home_team=home,
            away_team=away,
            commence=self.start + round_number * sport.round_seconds + sport.slots[slot],
        )

    def _pair(self, sport: Sport, round_number: int, slot: int) -> tuple[str, str]:
        season, leg = divmod(round_number, sport.rounds)
        order = generator(self.seed, sport.key, "order", season).permutation(len(sport.teams))
        teams = [sport.teams[position] for position in order]
        turning, turn = len(teams) - 1, leg % (len(teams) - 1)
        # Slot 0 holds the club that stands still; the others turn around it.
        first = teams[turning] if slot == 0 else teams[(turn + slot) % turning]
        second = teams[(turn - slot) % turning]
        swapped = (turn if slot == 0 else slot) % 2 == 1
        is_return = leg >= turning
        return (second, first) if swapped != is_return else (first, second)

    def _provider_id(self, sport: Sport, number: int) -> str:
        # Half of the id is a fingerprint, half the number under a mask drawn from the
        # fingerprint, so that an id alone is enough to find its match again.
        code = _SPORT_KEYS.index(sport.key) * 2**48 + number
        fingerprint = digest(self.seed, "id", code, size=8)
        return (fingerprint + (code ^ self._mask(fingerprint)).to_bytes(8)).hex()

    def _mask(self, fingerprint: bytes) -> int:
        return int.from_bytes(digest(self.seed, "mask", fingerprint.hex(), size=8))
