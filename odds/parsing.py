"""The Odds API's JSON into matches and quotes; nothing of Django, nothing stored.

Outcomes are mapped by name, never by position. One unreadable part costs only itself: it is
counted under its market with a reason, and the rest is read on. The unit counted is the quote
(one bookmaker's market of one match, for one line).
"""

import math
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

MARKETS = frozenset({"h2h", "h2h_lay", "totals", "spreads"})
HIGHEST_ODDS = 99_999.0  # what numeric(8,3) holds
HIGHEST_LINE = 9_999.0


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenMatch:
    """A match as one answer gives it."""

    provider_id: str
    sport_key: str
    sport_title: str
    commence_time: datetime
    home_team: str
    away_team: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenQuote:
    """One bookmaker's decimal odds for one market and line of one match.

    `odds` are (home, draw, away), (over, None, under) or (home, None, away); `line` is 0 where the
    market has none.
    """

    provider_id: str
    bookmaker_key: str
    bookmaker_title: str
    market: str
    line: float
    odds: tuple[float | None, float | None, float | None]
    source_updated_at: datetime | None


@dataclass(slots=True)
class Snapshot:
    """Everything one answer holds, readable or not.

    `received` and `rejected` count quotes by market and by (market, reason); every quote received
    is in `quotes` or rejected.
    """

    matches: list[SeenMatch] = field(default_factory=list)
    quotes: list[SeenQuote] = field(default_factory=list)
    received: Counter[str] = field(default_factory=Counter)
    rejected: Counter[tuple[str, str]] = field(default_factory=Counter)
    unreadable_matches: Counter[str] = field(default_factory=Counter)


class RejectedError(ValueError):
    """One quote cannot be used; the message is the reason that is counted."""


def parse_snapshot(body: Iterable[Any], *, american: bool = False) -> Snapshot:
    """Read an `/odds` answer.

    Args:
        body: The JSON array of events.
        american: The prices are American (+150, -110) and are converted to decimal.

    Returns:
        The matches, the quotes that could be read and the count of those that could not.
    """
    snapshot = Snapshot()
    seen: set[str] = set()
    for event in body:
        try:
            match = _match(event)
        except RejectedError as reason:
            snapshot.unreadable_matches[str(reason)] += 1
            _count_all(event, str(reason), snapshot)
            continue
        if match.provider_id in seen:
            snapshot.unreadable_matches["match given twice"] += 1
            _count_all(event, "match given twice", snapshot)
            continue
        seen.add(match.provider_id)
        snapshot.matches.append(match)
        for bookmaker in _objects(event.get("bookmakers")):
            _read_bookmaker(match, bookmaker, snapshot, american=american)
    return snapshot


def _match(event: Any) -> SeenMatch:
    if not isinstance(event, dict):
        raise RejectedError("match is not an object")
    home, away = event.get("home_team"), event.get("away_team")
    if not event.get("id") or not event.get("sport_key"):
        raise RejectedError("match without id")
    if not home or not away:
        raise RejectedError("match without two teams")
    if home == away:
        raise RejectedError("match of a team against itself")
    commence_time = _instant(event.get("commence_time"))
    if commence_time is None:
        raise RejectedError("match without kick-off")
    return SeenMatch(
        provider_id=str(event["id"])[:64],
        sport_key=str(event["sport_key"])[:80],
        sport_title=str(event.get("sport_title") or event["sport_key"])[:120],
        commence_time=commence_time,
        home_team=str(home)[:160],
        away_team=str(away)[:160],
    )


def _count_all(event: Any, reason: str, snapshot: Snapshot) -> None:
    for bookmaker in _objects(event.get("bookmakers") if isinstance(event, dict) else None):
        for market in _objects(bookmaker.get("markets")):
            _reject(snapshot, str(market.get("key")), reason)


def _read_bookmaker(
    match: SeenMatch, bookmaker: dict[str, Any], snapshot: Snapshot, *, american: bool
) -> None:
    key = bookmaker.get("key")
    seen: set[tuple[str, float]] = set()
    for market in _objects(bookmaker.get("markets")):
        market_key = str(market.get("key"))[:40]
        updated_at = _instant(market.get("last_update")) or _instant(bookmaker.get("last_update"))
        if not key or not isinstance(key, str):
            _reject(snapshot, market_key, "bookmaker without key")
            continue
        for line, priced in _lines(match, market_key, market.get("outcomes"), american):
            if isinstance(priced, RejectedError):
                _reject(snapshot, market_key, str(priced))
                continue
            if (market_key, line) in seen:
                _reject(snapshot, market_key, "quote given twice")
                continue
            seen.add((market_key, line))
            snapshot.received[market_key] += 1
            snapshot.quotes.append(
                SeenQuote(
                    provider_id=match.provider_id,
                    bookmaker_key=key[:60],
                    bookmaker_title=str(bookmaker.get("title") or key)[:120],
                    market=market_key,
                    line=line,
                    odds=priced,
                    source_updated_at=updated_at,
                )
            )


Odds = tuple[float | None, float | None, float | None]


def _lines(
    match: SeenMatch, market_key: str, outcomes: Any, american: bool
) -> Iterator[tuple[float, Odds | RejectedError]]:
    """The quotes of one market: one, or one for each line."""
    if market_key not in MARKETS:
        yield 0.0, RejectedError("market not stored")
        return
    listed = list(_objects(outcomes))
    if not listed:
        yield 0.0, RejectedError("no outcomes")
        return
    try:
        if market_key in {"h2h", "h2h_lay"}:
            yield 0.0, _head_to_head(match, listed, american)
            return
        by_line = _by_line(match, market_key, listed)
    except RejectedError as reason:
        yield 0.0, reason
        return
    for line, sides in by_line.items():
        try:
            first, second = (_sole(sides.get(side, [])) for side in (0, 1))
            yield line, (_price(first, american), None, _price(second, american))
        except RejectedError as reason:
            yield line, reason


def _head_to_head(match: SeenMatch, outcomes: list[dict[str, Any]], american: bool) -> Odds:
    """Home and away are required; a missing draw is stored as missing."""
    names = {match.home_team: 0, "Draw": 1, match.away_team: 2}
    odds: list[float | None] = [None, None, None]
    for outcome in outcomes:
        place = names.get(str(outcome.get("name"))[:160])
        if place is None:
            raise RejectedError("outcome of another name")
        if odds[place] is not None:
            raise RejectedError("outcome given twice")
        odds[place] = _price(outcome, american)
    if odds[0] is None or odds[2] is None:
        raise RejectedError("outcome missing")
    return odds[0], odds[1], odds[2]


def _by_line(
    match: SeenMatch, market_key: str, outcomes: list[dict[str, Any]]
) -> dict[float, dict[int, list[dict[str, Any]]]]:
    """Outcomes by line and side; a handicap's line is the home team's."""
    if market_key == "totals":
        names = {"Over": (0, 1.0), "Under": (1, 1.0)}
    else:
        names = {match.home_team: (0, 1.0), match.away_team: (1, -1.0)}
    by_line: dict[float, dict[int, list[dict[str, Any]]]] = {}
    for outcome in outcomes:
        if str(outcome.get("name"))[:160] not in names:
            raise RejectedError("outcome of another name")
        side, sign = names[str(outcome.get("name"))[:160]]
        point = outcome.get("point")
        if isinstance(point, bool) or not isinstance(point, int | float):
            raise RejectedError("outcome without line")
        if not abs(point) < HIGHEST_LINE or point * 4 != int(point * 4):
            raise RejectedError("line is not a quarter")
        line = sign * point + 0.0  # never -0.0
        by_line.setdefault(line, {}).setdefault(side, []).append(outcome)
    return by_line


def _sole(outcomes: list[dict[str, Any]]) -> dict[str, Any]:
    if not outcomes:
        raise RejectedError("outcome missing")
    if len(outcomes) > 1:
        raise RejectedError("outcome given twice")
    return outcomes[0]


def _price(outcome: dict[str, Any], american: bool) -> float:
    price = outcome.get("price")
    if isinstance(price, bool) or not isinstance(price, int | float) or not math.isfinite(price):
        raise RejectedError("price is not a number")
    if american:
        if abs(price) < 100:
            raise RejectedError("price is not American")
        decimal = 1 + (price / 100 if price > 0 else 100 / -price)
    else:
        decimal = float(price)
    decimal = round(decimal, 3)
    if decimal <= 1:
        raise RejectedError("price not above 1")
    if decimal > HIGHEST_ODDS:
        raise RejectedError("price too high")
    return decimal


def _reject(snapshot: Snapshot, market_key: str, reason: str) -> None:
    market_key = market_key[:40]
    snapshot.received[market_key] += 1
    snapshot.rejected[market_key, reason] += 1


def _objects(value: Any) -> Iterator[dict[str, Any]]:
    """The objects of a list; a part that is not an object counts as an empty one."""
    if isinstance(value, list):
        for item in value:
            yield item if isinstance(item, dict) else {}


def _instant(value: Any) -> datetime | None:
    """An ISO instant of the source, UTC; None where there is none."""
    if not isinstance(value, str):
        return None
    try:
        instant = datetime.fromisoformat(value)
    except ValueError:
        return None
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)
