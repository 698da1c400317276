"""The JSON bodies of The Odds API: events, quotes, scores, and their other formats.

Bodies are made with decimal odds and ISO times; `in_format` turns them into the others.
"""

from collections.abc import Callable, Iterable
from itertools import groupby
from typing import Any

from odds.simulator.calendar import Match
from odds.simulator.clock import Clock, iso, timestamp_of
from odds.simulator.quotes import Quote
from odds.simulator.sports import Sport

Event = dict[str, Any]

LAY = {"h2h": "h2h_lay", "outrights": "outrights_lay"}  # added unasked, without extra cost


def sport_entry(sport: Sport) -> Event:
    """An item of `/sports`."""
    return {
        "key": sport.key,
        "group": sport.group,
        "title": sport.title,
        "description": sport.description,
        "active": True,
        "has_outrights": False,
    }


def event(match: Match, clock: Clock) -> Event:
    """An item of `/events`."""
    return {
        "id": match.provider_id,
        "sport_key": match.sport.key,
        "sport_title": match.sport.title,
        "commence_time": iso(clock.wall(match.commence)),
        "home_team": match.home_team,
        "away_team": match.away_team,
    }


def quoted_event(match: Match, quotes: Iterable[Quote], clock: Clock) -> Event:
    """An item of `/odds`; quotes come grouped by bookmaker."""
    grouped = groupby(quotes, key=lambda quote: quote.bookmaker)
    return event(match, clock) | {
        "bookmakers": [
            _bookmaker(match, book.key, book.title, list(group), clock) for book, group in grouped
        ]
    }


def scored_event(
    match: Match, score: tuple[int, int, bool] | None, changed: float, clock: Clock
) -> Event:
    """An item of `/scores`; `score` is home, away and whether the match is over."""
    scores = None
    if score:
        scores = [
            {"name": match.home_team, "score": str(score[0])},
            {"name": match.away_team, "score": str(score[1])},
        ]
    entry = event(match, clock)
    names = {"home_team": entry.pop("home_team"), "away_team": entry.pop("away_team")}
    return (
        entry
        | {"completed": bool(score and score[2])}
        | names
        | {"scores": scores, "last_update": iso(clock.wall(changed)) if score else None}
    )


def _bookmaker(match: Match, key: str, title: str, quotes: list[Quote], clock: Clock) -> Event:
    updated = iso(clock.wall(quotes[0].updated_at))
    return {
        "key": key,
        "title": title,
        "last_update": updated,
        "markets": [
            {"key": quote.market, "last_update": updated, "outcomes": _outcomes(match, quote)}
            for quote in quotes
        ],
    }


def _outcomes(match: Match, quote: Quote) -> list[Event]:
    """Outcomes in the provider's order: over, under; clubs by name, the draw last."""
    if quote.market == "totals":
        over, under = quote.odds
        return [
            {"name": "Over", "price": over, "point": quote.line},
            {"name": "Under", "price": under, "point": quote.line},
        ]
    sides: list[Event] = [
        {"name": match.home_team, "price": quote.odds[0]},
        {"name": match.away_team, "price": quote.odds[-1]},
    ]
    if quote.line is not None:
        # Adding zero turns a negative zero into a plain one.
        sides[0]["point"], sides[1]["point"] = quote.line + 0.0, 0.0 - quote.line
    sides.sort(key=lambda side: str(side["name"]))
    if len(quote.odds) == 3:
        sides.append({"name": "Draw", "price": quote.odds[1]})
    return sides


def american(odds: float) -> int:
    """American odds of decimal ones, rounded to a whole number; 1.0 has none and gives 0."""
    if odds <= 1:
        return 0
    return round((odds - 1) * 100) if odds >= 2 else round(-100 / (odds - 1))


def decimal(price: float) -> float:
    """Decimal odds of American ones, to two places as the provider gives them."""
    if price == 0:
        return 1.0
    return round(1 + (price / 100 if price > 0 else 100 / -price), 2)


def with_prices(body: list[Event], convert: Callable[[float], float]) -> list[Event]:
    """The body with every price converted."""
    changed: list[Event] = _changed(body, {"price"}, convert)
    return changed


def with_times(body: list[Event], convert: Callable[[str], object]) -> list[Event]:
    """The body with every `commence_time` and `last_update` converted."""
    changed: list[Event] = _changed(body, {"commence_time", "last_update"}, convert)
    return changed


def unix(time: str) -> int:
    """An ISO instant as `dateFormat=unix` writes it."""
    return int(timestamp_of(time))


def with_markets(body: list[Event], markets: Iterable[str]) -> list[Event]:
    """The body with only the asked markets, and the lay prices that come with them."""
    wanted = set(markets) | {LAY[market] for market in markets if market in LAY}
    return [
        item
        | {
            "bookmakers": [
                book | {"markets": kept}
                for book in item["bookmakers"]
                if (kept := [market for market in book["markets"] if market["key"] in wanted])
            ]
        }
        for item in body
    ]


def _changed(value: Any, names: set[str], convert: Callable[[Any], object]) -> Any:
    if isinstance(value, list):
        return [_changed(item, names, convert) for item in value]
    if isinstance(value, dict):
        return {
            key: convert(item)
            if key in names and item is not None
            else _changed(item, names, convert)
            for key, item in value.items()
        }
    return value
