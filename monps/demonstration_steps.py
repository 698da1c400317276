"""The instants of a simulated past, and the simulated market that is asked at them; no database.

A sport is looked at in rounds and again shortly before each of its kick-offs, as one would to get
closing lines; fixtures are known long before they are played. Only matches are asked for that kick
off and end inside the past, so that nothing is left waiting for a market that goes on otherwise:
the one of `make run` runs faster than real time.
"""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from odds.simulator.api import Api
from odds.simulator.clock import iso
from odds.simulator.quota import Quota
from odds.simulator.sources import DEFAULT_ANCHOR, SimulatedSource
from odds.simulator.sports import SPORTS

SEED: Final = 1  # the simulator's own default, so that clubs are as strong as on the live market
BEFORE_KICK_OFF: Final = timedelta(minutes=7)
TO_LEARN: Final = timedelta(minutes=5)  # from a final score to the end of the past
DAYS_TOLD: Final = "3"  # the most that The Odds API tells scores of
ONE_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """What is lived through: from when until when, how often a round is, and which sports."""

    begin: datetime
    until: datetime
    every: timedelta
    sport_keys: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One instant: the sports looked at, and whether it is a round or a midnight (UTC)."""

    at: datetime
    sport_keys: tuple[str, ...]
    is_round: bool
    is_midnight: bool


class Market:
    """The simulated market at real speed, asked in the words of The Odds API, without a wire."""

    def __init__(self) -> None:
        source = SimulatedSource(seed=SEED, speed=1, anchor=DEFAULT_ANCHOR)
        self.calendar = source.world.calendar
        self._api = Api(source, Quota(0))

    def odds(
        self,
        sport_key: str,
        *,
        at: datetime,
        regions: list[str],
        markets: list[str],
        first: datetime,
        last: datetime,
    ) -> list[Any]:
        """The matches on offer at an instant that kick off from `first` to `last`."""
        return self._ask(
            f"v4/sports/{sport_key}/odds",
            at,
            regions=",".join(regions),
            markets=",".join(markets),
            commenceTimeFrom=iso(first.timestamp()),
            commenceTimeTo=iso(last.timestamp()),
        )

    def scores(self, sport_key: str, *, at: datetime) -> list[Any]:
        """The scores told at an instant: those of three days."""
        return self._ask(f"v4/sports/{sport_key}/scores", at, daysFrom=DAYS_TOLD)

    def _ask(self, path: str, at: datetime, **parameters: str) -> list[Any]:
        answer = self._api.answer(path, {"apiKey": "any"} | parameters, at.timestamp())
        if answer.status != 200:
            raise ValueError(f"The simulated market refused {path}: {answer.text}")
        body: list[Any] = json.loads(answer.text)
        return body


def steps_of(past: Past, market: Market) -> list[Step]:
    """All instants of a past, in order."""
    looks: dict[datetime, set[str]] = {past.until: set()}
    rounds = set(_instants(past.begin, past.every, past.until))
    for at in rounds:
        looks[at] = set(past.sport_keys)
    for key in past.sport_keys:
        for at in _before_kick_offs(past, key, market):
            looks.setdefault(at, set()).add(key)
    first = past.begin.replace(hour=0, minute=0) + ONE_DAY
    midnights = set(_instants(first, ONE_DAY, past.until))
    for at in midnights:
        looks.setdefault(at, set())
    return [
        Step(
            at=at,
            sport_keys=tuple(sorted(looks[at])),
            is_round=at in rounds,
            is_midnight=at in midnights,
        )
        for at in sorted(looks)
    ]


def last_kick_off(past: Past, sport_key: str) -> datetime:
    """The last kick-off of a sport whose match ends inside the past."""
    return past.until - timedelta(seconds=SPORTS[sport_key].duration) - TO_LEARN


def _before_kick_offs(past: Past, sport_key: str, market: Market) -> set[datetime]:
    first, last = past.begin + BEFORE_KICK_OFF, last_kick_off(past, sport_key)
    matches = market.calendar.between(SPORTS[sport_key], first.timestamp(), last.timestamp())
    return {datetime.fromtimestamp(match.commence, UTC) - BEFORE_KICK_OFF for match in matches}


def _instants(first: datetime, every: timedelta, last: datetime) -> list[datetime]:
    return [first + number * every for number in range((last - first) // every + 1)]
