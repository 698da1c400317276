"""The query parameters of The Odds API v4, checked as the provider checks them."""

from collections.abc import Mapping
from dataclasses import dataclass

from odds.simulator.answers import Event
from odds.simulator.bookmakers import KNOWN_KEYS, REGIONS
from odds.simulator.clock import timestamp_of
from odds.simulator.errors import ApiError

OUTRIGHTS = frozenset({"outrights", "outrights_lay"})
FEATURED = frozenset({"h2h", "spreads", "totals", "h2h_lay"}) | OUTRIGHTS
# Only the event endpoint has these; the provider knows many more of the last two kinds.
_ADDITIONAL = """
    alternate_spreads alternate_team_totals alternate_totals btts double_chance draw_no_bet
    h2h_3_way team_totals alternate_totals_corners alternate_spreads_corners alternate_totals_cards
    player_goal_scorer_anytime player_shots_on_target player_points
"""
ADDITIONAL = frozenset(_ADDITIONAL.split()) | frozenset(
    f"{market}_{period}"
    for market in ("h2h", "spreads", "totals")
    for period in ("h1", "h2", "q1", "q2", "q3", "q4", "p1", "p2", "p3")
)
BOOKMAKERS_PER_REGION = 10  # every started ten named bookmakers are charged as one region
_ID_LENGTH = 32

Parameters = Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """Parameters every endpoint shares: how times are written and which events come back."""

    is_unix: bool
    event_ids: frozenset[str]
    commence_from: float | None
    commence_to: float | None

    def admits(self, event: Event) -> bool:
        """Whether an event with an ISO `commence_time` is asked for."""
        if self.event_ids and event["id"] not in self.event_ids:
            return False
        commence = timestamp_of(event["commence_time"])
        early = self.commence_from is not None and commence < self.commence_from
        late = self.commence_to is not None and commence > self.commence_to
        return not early and not late


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Which quotes are asked for; `bookmakers` wins over `regions`."""

    markets: tuple[str, ...]
    regions: frozenset[str]
    bookmakers: frozenset[str]
    is_american: bool

    @property
    def charged_regions(self) -> int:
        """Regions the call is charged for."""
        if self.bookmakers:
            return -(-len(self.bookmakers) // BOOKMAKERS_PER_REGION)
        return len(self.regions)


def shape(parameters: Parameters) -> Shape:
    """The shared parameters.

    Raises:
        ApiError: One of them is not valid.
    """
    date_format = parameters.get("dateFormat") or "iso"
    if date_format not in ("iso", "unix"):
        raise ApiError("INVALID_DATE_FORMAT")
    event_ids = _names(parameters, "eventIds")
    if any(len(event_id) != _ID_LENGTH for event_id in event_ids):
        raise ApiError("INVALID_EVENT_IDS")
    commence_from = _instant(parameters, "commenceTimeFrom", "INVALID_COMMENCE_TIME_FROM")
    commence_to = _instant(parameters, "commenceTimeTo", "INVALID_COMMENCE_TIME_TO")
    if commence_from is not None and commence_to is not None and commence_to <= commence_from:
        raise ApiError("INVALID_COMMENCE_TIME_RANGE")
    return Shape(
        is_unix=date_format == "unix",
        event_ids=frozenset(event_ids),
        commence_from=commence_from,
        commence_to=commence_to,
    )


def selection(parameters: Parameters, *, has_outrights: bool, is_one_event: bool) -> Selection:
    """The parameters of the odds endpoints.

    Args:
        parameters: The query.
        has_outrights: The sport knows outrights only.
        is_one_event: The event endpoint, which has additional markets too.

    Raises:
        ApiError: One of them is missing or not valid.
    """
    regions = frozenset(_names(parameters, "regions"))
    bookmakers = frozenset(_names(parameters, "bookmakers"))
    if not regions and not bookmakers:
        raise ApiError("MISSING_REGION")
    _refuse_unknown("INVALID_REGION", "Invalid regions", regions - REGIONS)
    _refuse_unknown("INVALID_BOOKMAKERS", "Invalid bookmakers", bookmakers - KNOWN_KEYS)
    odds_format = parameters.get("oddsFormat") or "decimal"
    if odds_format not in ("decimal", "american"):
        raise ApiError("INVALID_ODDS_FORMAT")
    return Selection(
        markets=_markets(parameters, has_outrights=has_outrights, is_one_event=is_one_event),
        regions=regions,
        bookmakers=bookmakers,
        is_american=odds_format == "american",
    )


def event_id(text: str) -> str:
    """An event id of a path.

    Raises:
        ApiError: It is not 32 characters long.
    """
    if len(text) != _ID_LENGTH:
        raise ApiError("INVALID_EVENT_ID")
    return text


def days_from(parameters: Parameters) -> int | None:
    """Days of results asked of `/scores`, 1 to 3.

    Raises:
        ApiError: It is no such number.
    """
    text = parameters.get("daysFrom")
    if not text:
        return None
    if text not in ("1", "2", "3"):
        raise ApiError("INVALID_SCORES_DAYS_FROM")
    return int(text)


def all_sports(parameters: Parameters) -> bool:
    """Whether `/sports` shall list those out of season too.

    Raises:
        ApiError: Neither true nor false.
    """
    text = parameters.get("all") or "false"
    if text not in ("true", "false"):
        raise ApiError("INVALID_ALL_SPORTS_PARAM")
    return text == "true"


def _markets(parameters: Parameters, *, has_outrights: bool, is_one_event: bool) -> tuple[str, ...]:
    asked = _names(parameters, "markets") or ["outrights" if has_outrights else "h2h"]
    _refuse_unknown("INVALID_MARKET", "Invalid markets", set(asked) - FEATURED - ADDITIONAL)
    if not is_one_event:
        _refuse_unknown(
            "INVALID_MARKET", "Markets not supported by this endpoint", set(asked) - FEATURED
        )
    if any((market in OUTRIGHTS) != has_outrights for market in asked):
        raise ApiError("INVALID_MARKET_COMBO")
    return tuple(asked)


def _names(parameters: Parameters, name: str) -> list[str]:
    """A comma list, without its repetitions."""
    return list(dict.fromkeys(part for part in parameters.get(name, "").split(",") if part))


def _instant(parameters: Parameters, name: str, code: str) -> float | None:
    text = parameters.get(name)
    if not text:
        return None
    try:
        return timestamp_of(text)
    except ValueError:
        raise ApiError(code) from None


def _refuse_unknown(code: str, message: str, unknown: set[str] | frozenset[str]) -> None:
    if unknown:
        raise ApiError(code, f"{message}: {', '.join(sorted(unknown))}")
