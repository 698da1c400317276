"""Answers spoilt on purpose, switched on and off while the server runs."""

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from threading import Lock
from typing import Any

from odds.simulator.answers import Event
from odds.simulator.errors import ApiError

# Refusals, by the provider's code; `server_error` has none.
REFUSALS = {
    "invalid_key": ApiError("INVALID_KEY"),
    "out_of_credits": ApiError("OUT_OF_USAGE_CREDITS"),
    "rate_limited": ApiError("EXCEEDED_FREQ_LIMIT"),
    "unprocessable": ApiError("INVALID_MARKET", "Invalid markets: h2h"),
}
SERVER_ERROR_PAGE = "<html><body><h1>500 Internal Server Error</h1></body></html>"
_GARBAGE: tuple[Callable[[Event], Any], ...] = (
    lambda book: _with_price(book, "abc"),
    lambda book: _with_price(book, None),
    lambda book: {name: value for name, value in book.items() if name != "markets"},
    lambda book: {name: value for name, value in book.items() if name != "key"},
    lambda book: book | {"markets": None},
    lambda _: None,
)


def _with_price(book: Event, price: object) -> Event:
    market, *others = book["markets"]
    outcome, *rest = market["outcomes"]
    spoilt = market | {"outcomes": [outcome | {"price": price}, *rest]}
    return book | {"markets": [spoilt, *others]}


def missing_outcomes(body: list[Event]) -> list[Event]:
    """Every third bookmaker, from the first on, lacks the last outcome of each market."""
    return _with_books(body, lambda at, book: book if at % 3 else _without_last_outcomes(book))


def suspended(body: list[Event]) -> list[Event]:
    """Every second bookmaker, from the first on, is gone."""
    return [event | {"bookmakers": event["bookmakers"][1::2]} for event in body]


def bad_bookmaker(body: list[Event]) -> list[Event]:
    """The first bookmaker of each event is garbage, of another kind from event to event."""
    return [
        event
        | {
            "bookmakers": [
                *map(_GARBAGE[at % len(_GARBAGE)], event["bookmakers"][:1]),
                *event["bookmakers"][1:],
            ]
        }
        for at, event in enumerate(body)
    ]


SPOILT_QUOTES = {
    "missing_outcomes": missing_outcomes,
    "suspended": suspended,
    "bad_bookmaker": bad_bookmaker,
}
SPOILT_ANSWERS = ("server_error", "timeout", "truncated", "malformed", "disconnect")
NAMES = (*REFUSALS, *SPOILT_ANSWERS, *SPOILT_QUOTES)


@dataclass(slots=True, kw_only=True)
class Fault:
    """One switched-on fault.

    `sport`: whose calls it spoils, all if none. `times`: calls left, for ever if none.
    `seconds`: how long `timeout` holds a call. `served`: calls spoilt so far.
    """

    fault: str
    sport: str | None = None
    times: int | None = None
    seconds: float = 30.0
    served: int = 0

    def __post_init__(self) -> None:
        if self.fault not in NAMES:
            raise ValueError(f"no such fault: {self.fault!r}; there are {', '.join(NAMES)}")
        if self.times is not None and self.times < 1:
            raise ValueError(f"times must be at least 1, not {self.times}")

    @classmethod
    def parsed(cls, text: str) -> "Fault":
        """From `NAME[:SPORT[:TIMES]]`, an empty SPORT meaning all.

        Raises:
            ValueError: No such fault, or TIMES is no number above 0.
        """
        name, sport, times, *_ = [*text.split(":", maxsplit=2), "", ""]
        return cls(fault=name, sport=sport or None, times=int(times) if times else None)


class Faults:
    """The faults that are on; safe to share between threads."""

    def __init__(self, faults: Iterable[Fault] = ()) -> None:
        self._faults = list(faults)
        self._lock = Lock()

    def add(self, fault: Fault) -> None:
        """Switch one on, after those that are on already."""
        with self._lock:
            self._faults.append(fault)

    def clear(self) -> None:
        """Switch all off."""
        with self._lock:
            self._faults.clear()

    def listed(self) -> list[dict[str, Any]]:
        """All that are on, as JSON."""
        with self._lock:
            return [asdict(fault) for fault in self._faults]

    def take(self, sport: str | None, *, has_quotes: bool) -> Fault | None:
        """The first that concerns a call, counted; those on quotes need a call for quotes."""
        with self._lock:
            for fault in self._faults:
                concerned = fault.sport in (None, sport)
                if concerned and (has_quotes or fault.fault not in SPOILT_QUOTES):
                    return self._counted(fault)
        return None

    def _counted(self, fault: Fault) -> Fault:
        fault.served += 1
        if fault.times is not None:
            fault.times -= 1
            if fault.times == 0:
                self._faults.remove(fault)
        return fault


def _with_books(body: list[Event], change: Callable[[int, Event], Event]) -> list[Event]:
    return [
        event | {"bookmakers": [change(at, book) for at, book in enumerate(event["bookmakers"])]}
        for event in body
    ]


def _without_last_outcomes(book: Event) -> Event:
    markets = [market | {"outcomes": market["outcomes"][:-1]} for market in book["markets"]]
    return book | {"markets": markets}
