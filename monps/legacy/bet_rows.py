"""What a row of the original's bets says, in any of the three shapes they had; nothing stored.

The first bets named a match by its id only, had `odds_value` and `actual_profit` or `profit_loss`;
the next were complete; the manual bets named the match in words. What a bet paid is computed anew.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any, Final
from zoneinfo import ZoneInfo

from betting.api.bet_words import ENDINGS_BY_WORD, Teams
from monps.legacy.account import RowError

CENT: Final = Decimal("0.01")
THOUSANDTH: Final = Decimal("0.001")
LARGEST: Final = Decimal(1_000_000_000)  # far above any stake
LARGEST_LINE: Final = Decimal(1000)
OPEN: Final = frozenset({"", "pending", "open", "none", "settled"})  # these say no ending
ENDINGS: Final[dict[str, str]] = {word: str(ending) for word, ending in ENDINGS_BY_WORD.items()} | {
    "half_win": "half_won",
    "half_loss": "half_lost",
    "cancelled": "void",
    "refunded": "void",
}
OUTCOMES: Final = frozenset({"home", "draw", "away"})  # of the match, where a result was expected
BET_TYPES: Final = frozenset({"value", "arbitrage", "tabac", "ligne"})
MARKETS: Final = frozenset({"h2h", "totals", "spreads", "draw_no_bet", "double_chance"})


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldBet:
    """One bet as the original tells it; `words` say what was bet on.

    `market` and `line` are None where it does not say; `ending` is empty while the bet is pending.
    `profit` is what the original made of it, to compare.
    """

    row_id: str
    match_id: str
    teams: Teams
    sport: str
    league: str
    commence_time: datetime | None
    words: str
    market: str | None
    line: Decimal | None
    bookmaker: str
    odds: Decimal
    stake: Decimal
    bet_type: str
    placed_at: datetime
    ending: str
    settled_at: datetime | None
    final_score: str
    profit: Decimal | None
    agent_recommended: str
    patron_score: str
    patron_confidence: float | None
    notes: str


def read_bet(row: Mapping[str, Any], *, zone: ZoneInfo, now: datetime) -> ToldBet:
    """What a row says.

    Args:
        row: The columns it has.
        zone: Of instants without one.
        now: Nothing can have been bet after it.

    Raises:
        RowError: It is no bet.
    """
    placed_at = _first_instant(row, ("placed_at", "created_at"), zone)
    if placed_at is None:
        raise RowError("bet without the time it was placed")
    if placed_at > now:
        raise RowError("placed in the future", placed_at.isoformat())
    market = _text(row, "market_type").casefold()
    ending = _ending(row)
    return ToldBet(
        row_id=_text(row, "id"),
        match_id=_text(row, "match_id"),
        teams=_teams(row),
        sport=_text(row, "sport"),
        league=_text(row, "league")[:120],
        commence_time=_first_instant(row, ("commence_time", "kickoff_time"), zone),
        words=_text(row, "outcome") or _text(row, "selection"),
        market=market if market in MARKETS else None,
        line=_line(row),
        bookmaker=_text(row, "bookmaker"),
        odds=_odds(row),
        stake=_stake(row),
        bet_type=_bet_type(row),
        placed_at=placed_at,
        ending=ending,
        settled_at=_settled_at(row, placed_at, zone, now) if ending else None,
        final_score=_text(row, "final_score")[:20],
        profit=_first_decimal(row, ("profit", "actual_profit", "profit_loss")),
        agent_recommended=_text(row, "agent_recommended")[:120],
        patron_score=_text(row, "patron_score")[:60],
        patron_confidence=_float(row, "patron_confidence"),
        notes=_text(row, "notes"),
    )


def _text(row: Mapping[str, Any], name: str) -> str:
    value = row.get(name)
    return "" if value is None else str(value).strip()


def _decimal(row: Mapping[str, Any], name: str) -> Decimal | None:
    """A number of the row; None where there is none.

    Raises:
        RowError: Something else stands there.
    """
    if not (text := _text(row, name)):
        return None
    try:
        value = Decimal(text)
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite():
        raise RowError(f"{name} is not a number", text)
    if abs(value) > LARGEST:
        raise RowError(f"{name} is too large", text)
    return value


def _first_decimal(row: Mapping[str, Any], names: tuple[str, ...]) -> Decimal | None:
    return next((value for name in names if (value := _decimal(row, name)) is not None), None)


def _float(row: Mapping[str, Any], name: str) -> float | None:
    value = _decimal(row, name)
    return None if value is None else float(value)


def _odds(row: Mapping[str, Any]) -> Decimal:
    """What was paid by: odds written down at the settlement stand before those first entered."""
    given = _first_decimal(row, ("actual_odds", "odds", "odds_value", "odds_obtained"))
    if given is None:
        raise RowError("bet without odds")
    return given.quantize(THOUSANDTH, ROUND_HALF_UP)


def _line(row: Mapping[str, Any]) -> Decimal | None:
    line = _decimal(row, "line")
    if line is not None and abs(line) > LARGEST_LINE:
        raise RowError("line is too large", line)
    return line


def _stake(row: Mapping[str, Any]) -> Decimal:
    given = _decimal(row, "stake")
    if given is None:
        raise RowError("bet without a stake")
    return given.quantize(CENT, ROUND_HALF_UP)


def _bet_type(row: Mapping[str, Any]) -> str:
    given = _text(row, "bet_type").casefold()
    return given if given in BET_TYPES else "value"


def _teams(row: Mapping[str, Any]) -> Teams:
    if name := _text(row, "match_name"):
        return Teams.of(name[:160])
    return Teams(home=_text(row, "home_team")[:160], away=_text(row, "away_team")[:160])


def _ending(row: Mapping[str, Any]) -> str:
    """How it ended, by result and status; they may repeat but not contradict each other.

    Raises:
        RowError: They do, or say what nobody knows.
    """
    status, result = (_text(row, name).casefold() for name in ("status", "result"))
    if result in OUTCOMES and status in ENDINGS:
        result = ""  # there stands how the match ended, not the bet
    said = {word for word in (status, result) if word not in OPEN}
    if unknown := said - ENDINGS.keys():
        raise RowError("ending that means nothing", min(unknown))
    endings = {ENDINGS[word] for word in said}
    if len(endings) > 1:
        raise RowError("status and result contradict each other", f"{status} / {result}")
    if not endings and status == "settled":
        raise RowError("settled without a result")
    return endings.pop() if endings else ""


def _first_instant(
    row: Mapping[str, Any], names: tuple[str, ...], zone: ZoneInfo
) -> datetime | None:
    """The first of these columns that holds anything.

    Raises:
        RowError: It is not an instant.
    """
    for name in names:
        if text := _text(row, name):
            return instant(name, text, zone)
    return None


def instant(name: str, text: str, zone: ZoneInfo) -> datetime:
    """An ISO instant in UTC; one without an offset is of `zone`.

    Raises:
        RowError: It is none.
    """
    try:
        found = datetime.fromisoformat(text)
        aware = found if found.tzinfo else found.replace(tzinfo=zone)
        return aware.astimezone(UTC)
    except (ValueError, OverflowError):
        raise RowError(f"{name} is not a date and time", text) from None


def _settled_at(
    row: Mapping[str, Any], placed_at: datetime, zone: ZoneInfo, now: datetime
) -> datetime:
    """When it was paid, as far as the row tells: its last change at the latest known."""
    names = ("settled_at", "updated_at", "commence_time", "kickoff_time")
    found = _first_instant(row, names, zone) or placed_at
    return min(max(found, placed_at), now)
