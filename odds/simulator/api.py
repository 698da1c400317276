"""The endpoints of The Odds API v4, without the wire."""

import json
from collections.abc import Collection
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

from odds.simulator import query
from odds.simulator.answers import Event, american, unix, with_prices, with_times
from odds.simulator.clock import iso
from odds.simulator.errors import ApiError
from odds.simulator.faults import REFUSALS, SERVER_ERROR_PAGE, SPOILT_QUOTES, Fault
from odds.simulator.query import Parameters, Selection, Shape
from odds.simulator.quota import Quota
from odds.simulator.sources import Source

UPCOMING = "upcoming"  # a sport key that is always valid: live games and the next few of all sports
_NEXT = 8  # games of `upcoming` that have not begun


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What goes back over the wire."""

    status: int
    text: str
    headers: dict[str, str] = field(default_factory=dict)
    content_type: str = "application/json; charset=utf-8"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """A body and what it costs in credits."""

    body: Any
    cost: int


class Api:
    """Answers calls from a source, counts credits and refuses in the provider's words.

    Args:
        source: Where bodies come from.
        quota: The month's credits.
        keys: API keys accepted; any that is not empty when there are none.
    """

    def __init__(self, source: Source, quota: Quota, keys: Collection[str] = ()) -> None:
        self.source = source
        self.quota = quota
        self._keys = frozenset(keys)

    def answer(
        self, path: str, parameters: Parameters, now: float, fault: Fault | None = None
    ) -> Answer:
        """The answer to GET `path` at a wall instant, spoilt by `fault` if there is one.

        Faults of the wire itself (a timeout, a cut answer) are the server's.
        """
        name = fault.fault if fault else ""
        try:
            self._check_key(parameters)
            if name in REFUSALS:
                raise REFUSALS[name]
            if name == "server_error":
                return Answer(
                    status=500,
                    text=SERVER_ERROR_PAGE,
                    headers=self.quota.headers(0, now),
                    content_type="text/html",
                )
            found = self._charged(path.strip("/").split("/"), parameters, now)
        except ApiError as error:
            return self._refusal(error, now)
        return Answer(
            status=200,
            text=_text(found.body, fault),
            headers=self.quota.headers(found.cost, now),
        )

    def _charged(self, parts: list[str], parameters: Parameters, now: float) -> _Found:
        found = self._found(parts, parameters, now)
        if not self.quota.spend(found.cost, now):
            raise ApiError("OUT_OF_USAGE_CREDITS")
        return found

    def _check_key(self, parameters: Parameters) -> None:
        key = parameters.get("apiKey")
        if not key:
            raise ApiError("MISSING_KEY")
        if self._keys and key not in self._keys:
            raise ApiError("INVALID_KEY")

    def _refusal(self, error: ApiError, now: float) -> Answer:
        headers = self.quota.headers(0, now)
        if error.code in ("MISSING_KEY", "INVALID_KEY"):
            headers = {}  # the provider does not know whose quota to tell
        elif error.code == "OUT_OF_USAGE_CREDITS":
            headers = self.quota.exhausted_headers()
        return Answer(status=error.status, text=error.text, headers=headers)

    def _found(self, parts: list[str], parameters: Parameters, now: float) -> _Found:
        match parts:
            case ["v4", "sports"]:
                return self._sports(parameters)
            case ["v4", "sports", sport, "events"]:
                return self._events(self._known(sport), parameters, now)
            case ["v4", "sports", sport, "odds"]:
                return self._odds(sport, parameters, now)
            case ["v4", "sports", sport, "scores"]:
                return self._scores(self._known(sport), parameters, now)
            case ["v4", "sports", sport, "events", event_id, "odds"]:
                return self._event_odds(self._known(sport), event_id, parameters, now)
            case ["v4", "historical", *_]:
                raise ApiError("HISTORICAL_UNAVAILABLE_ON_FREE_USAGE_PLAN")
            case _:
                raise ApiError("UNKNOWN_SPORT")

    def _sports(self, parameters: Parameters) -> _Found:
        everything = query.all_sports(parameters)
        listed = [sport for sport in self.source.sports() if sport["active"] or everything]
        return _Found(body=listed, cost=0)

    def _events(self, sport: Event, parameters: Parameters, now: float) -> _Found:
        shape = query.shape(parameters)
        body = [event for event in self.source.events(sport["key"], now) if shape.admits(event)]
        return _Found(body=_formatted(body, shape), cost=0)

    def _scores(self, sport: Event, parameters: Parameters, now: float) -> _Found:
        shape, days = query.shape(parameters), query.days_from(parameters)
        events = self.source.scores(sport["key"], now, days)
        body = [event for event in events if shape.admits(event)]
        return _Found(body=_formatted(body, shape), cost=1 if days is None else 2)

    def _odds(self, sport_key: str, parameters: Parameters, now: float) -> _Found:
        is_upcoming = sport_key == UPCOMING
        sport = None if is_upcoming else self._known(sport_key)
        shape = query.shape(parameters)
        selection = query.selection(
            parameters, has_outrights=bool(sport and sport["has_outrights"]), is_one_event=False
        )
        events = self._quoted(sport, selection, now)
        body = [event for event in events if shape.admits(event)]
        return _Found(
            body=_formatted(body, shape, selection),
            cost=len(selection.markets) * selection.charged_regions if body else 0,
        )

    def _quoted(self, sport: Event | None, selection: Selection, now: float) -> list[Event]:
        if sport:
            return self.source.odds(sport["key"], now, selection)
        every = [self.source.odds(item["key"], now, selection) for item in self.source.sports()]
        events = sorted(chain.from_iterable(every), key=lambda event: str(event["commence_time"]))
        begun = [event for event in events if event["commence_time"] <= iso(now)]
        return begun + events[len(begun) : len(begun) + _NEXT]

    def _event_odds(
        self, sport: Event, event_id: str, parameters: Parameters, now: float
    ) -> _Found:
        wanted, shape = query.event_id(event_id), query.shape(parameters)
        selection = query.selection(
            parameters, has_outrights=sport["has_outrights"], is_one_event=True
        )
        events = self.source.odds(sport["key"], now, selection)
        event = next((event for event in events if event["id"] == wanted), None)
        if event is None:
            raise ApiError("EVENT_NOT_FOUND")
        # This endpoint tells the age of markets only, and is charged by the markets it found.
        books = [
            {name: value for name, value in book.items() if name != "last_update"}
            for book in event["bookmakers"]
        ]
        found = {market["key"] for book in books for market in book["markets"]}
        body = _formatted([event | {"bookmakers": books}], shape, selection)
        charged = len(found.intersection(selection.markets))
        return _Found(body=body[0], cost=charged * selection.charged_regions)

    def _known(self, key: str) -> Event:
        for sport in self.source.sports():
            if sport["key"] == key:
                return sport
        raise ApiError("UNKNOWN_SPORT")


def _formatted(body: list[Event], shape: Shape, selection: Selection | None = None) -> list[Event]:
    if selection and selection.is_american:
        body = with_prices(body, american)
    return with_times(body, unix) if shape.is_unix else body


def _text(body: Any, fault: Fault | None) -> str:
    name = fault.fault if fault else ""
    if name in SPOILT_QUOTES:
        spoil = SPOILT_QUOTES[name]
        body = spoil(body) if isinstance(body, list) else spoil([body])[0]
    if fault and name == "malformed":
        if fault.served % 2:
            return "upstream connect error or disconnect/reset before headers"
        body = {"data": body}  # by turns: no JSON at all, and JSON of the wrong shape
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"))
