"""Recorded answers, served again on the wall clock at any speed.

A recording is a folder of `*.jsonl` files with lines `{"fetched_at", "sport"?, "body"}`, and of
single `*.json` bodies; either may be gzipped. Only an index is kept in memory.
"""

import gzip
import json
import re
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import IO, Literal, cast

from odds.simulator.answers import Event, decimal, with_markets, with_prices, with_times
from odds.simulator.clock import Clock, iso, timestamp_of
from odds.simulator.query import Selection

_HEAD = 600  # bytes of a line that hold its time and sport
_FETCHED_AT = re.compile(rb'"fetched_at":\s*"([^"]+)"')
_SPORT = re.compile(rb'"sport(?:_key)?":\s*"([^"]+)"')
_REMEMBERED = 8  # bodies kept parsed, about one per sport that is asked for


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Entry:
    """One recorded answer: when it was fetched (Unix seconds) and where it lies."""

    fetched_at: float
    path: Path
    offset: int | None  # in the unpacked file; none: the file is the body


class Recording:
    """The index of a folder: entries of every sport, by time.

    Raises:
        ValueError: Nothing recorded is there.
    """

    def __init__(self, folder: Path) -> None:
        by_sport: defaultdict[str, list[Entry]] = defaultdict(list)
        for path in sorted(folder.rglob("*")) if folder.is_dir() else [folder]:
            for sport, entry in _entries(path):
                by_sport[sport].append(entry)
        if not by_sport:
            raise ValueError(f"no recorded answers in {folder}")
        self.entries = {sport: sorted(by_sport[sport]) for sport in sorted(by_sport)}
        self.first = min(entries[0].fetched_at for entries in self.entries.values())

    def at(self, sport: str, when: float) -> Entry | None:
        """The last answer fetched not later than `when`, if any.

        Raises:
            KeyError: The sport was never recorded.
        """
        entries = self.entries[sport]
        position = bisect_right(entries, when, key=lambda entry: entry.fetched_at)
        return entries[position - 1] if position else None


class ReplaySource:
    """A recording mapped onto the wall clock: the future stays the future, ages are kept.

    Args:
        recording: What to serve.
        clock: Recorded instants as the simulated ones.
        recorded_format: How the recording writes prices.
    """

    def __init__(
        self,
        recording: Recording,
        clock: Clock,
        recorded_format: Literal["decimal", "american"] = "decimal",
    ) -> None:
        self.recording = recording
        self.clock = clock
        self._format = recorded_format
        self._body = lru_cache(_REMEMBERED)(self._load)
        self._sports = [self._sport(sport) for sport in recording.entries]

    def sports(self) -> list[Event]:
        """Items of `/sports`: what was recorded."""
        return self._sports

    def events(self, sport: str, now: float) -> list[Event]:
        """Events of the answer that was current."""
        return [
            {name: value for name, value in event.items() if name != "bookmakers"}
            for event in self._current(sport, now)
        ]

    def odds(self, sport: str, now: float, selection: Selection) -> list[Event]:
        """The answer that was current, less what is not asked for.

        Regions are those of the recording: it does not tell which bookmaker belongs where.
        """
        body = with_markets(self._current(sport, now), selection.markets)
        if not selection.bookmakers:
            return body
        return [
            event
            | {
                "bookmakers": [
                    book for book in event["bookmakers"] if book["key"] in selection.bookmakers
                ]
            }
            for event in body
        ]

    def scores(self, sport: str, now: float, days: int | None) -> list[Event]:  # noqa: ARG002
        """Events without scores: recordings of odds know none."""
        no_score = {"completed": False, "scores": None, "last_update": None}
        return [event | no_score for event in self.events(sport, now)]

    def _current(self, sport: str, now: float) -> list[Event]:
        entry = self.recording.at(sport, self.clock.simulated(now))
        if entry is None:
            return []
        return with_times(self._body(entry), self._to_wall)

    def _to_wall(self, time: str) -> str:
        return iso(self.clock.wall(timestamp_of(time)))

    def _load(self, entry: Entry) -> list[Event]:
        with _opened(entry.path) as file:
            if entry.offset is None:
                body = json.load(file)
            else:
                file.seek(entry.offset)
                body = json.loads(file.readline())["body"]
        return with_prices(body, decimal) if self._format == "american" else body

    def _sport(self, sport: str) -> Event:
        recorded = (event for entry in self.recording.entries[sport] for event in self._body(entry))
        title = next((event["sport_title"] for event in recorded), sport)
        return {
            "key": sport,
            "group": sport.split("_", maxsplit=1)[0].title(),
            "title": title,
            "description": title,
            "active": True,
            "has_outrights": sport.endswith("_winner"),
        }


def _entries(path: Path) -> Iterator[tuple[str, Entry]]:
    """The answers of one file with their sports."""
    if path.name.endswith((".jsonl", ".jsonl.gz")):
        yield from _lines(path)
    elif path.name.endswith((".json", ".json.gz")):
        yield from _single(path)


def _lines(path: Path) -> list[tuple[str, Entry]]:
    found: list[tuple[str | None, Entry]] = []
    with _opened(path) as file:
        offset = 0
        for line in file:
            head = line[:_HEAD]
            if fetched_at := _FETCHED_AT.search(head):
                sport = _SPORT.search(head)
                when = timestamp_of(fetched_at[1].decode())
                entry = Entry(fetched_at=when, path=path, offset=offset)
                found.append((sport and sport[1].decode(), entry))
            offset += len(line)
    # An empty answer does not name its sport: it is that of the file's other answers.
    seen = Counter(sport for sport, _ in found if sport)
    usual = next(iter(seen)) if len(seen) == 1 else path.parent.name
    return [(sport or usual, entry) for sport, entry in found]


def _single(path: Path) -> Iterator[tuple[str, Entry]]:
    """A body without a date was fetched when its newest price was read."""
    with _opened(path) as file:
        body = json.load(file)
    if not isinstance(body, list) or not body or "bookmakers" not in body[0]:
        return
    read = [book["last_update"] for event in body for book in event["bookmakers"]]
    if read:
        when = max(map(timestamp_of, read))
        yield body[0]["sport_key"], Entry(fetched_at=when, path=path, offset=None)


def _opened(path: Path) -> IO[bytes]:
    return cast("IO[bytes]", gzip.open(path) if path.suffix == ".gz" else path.open("rb"))
