"""What a row of the original's odds says: a match, and one bookmaker's quote; nothing stored.

Reasons are the words of `odds.parsing`, because the same is wrong with them.
"""

import math
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Final, NamedTuple

from monps.legacy.account import RowError
from monps.legacy.names import Bookmakers, Sports
from odds.parsing import HIGHEST_LINE, HIGHEST_ODDS, SeenMatch, SeenQuote

LONGEST_ID: Final = 64
LONGEST_TEAM: Final = 160
DECIMALS: Final = 3  # of stored odds
MARKETS: Final = {"odds_history": "h2h", "odds_totals": "totals"}


class OddsRow(NamedTuple):
    """A row as it is read: text, instants with their offset.

    `first` and `second` are home and away, or over and under.
    """

    table: str
    row_id: str | None
    match_id: str | None
    sport: str | None
    home: str | None
    away: str | None
    kickoff: str | None
    bookmaker: str | None
    line: str | None
    first: str | None
    draw: str | None
    second: str | None
    collected_at: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenRow:
    """What a row says, and which row it was."""

    table: str
    row_id: str
    collected_at: datetime
    match: SeenMatch
    quote: SeenQuote


def read_row(row: OddsRow, *, bookmakers: Bookmakers, sports: Sports, now: datetime) -> SeenRow:
    """What a row says.

    Args:
        row: As it is read.
        bookmakers: Who is meant by a name.
        sports: What is meant by a name.
        now: Nothing can have been collected after it.

    Raises:
        RowError: It says nothing that could be stored.
    """
    collected_at = instant(row.collected_at, "row without the time of its collection")
    if collected_at > now:
        raise RowError("collected in the future", row.collected_at)
    match = _match(row, sports)
    bookmaker_key, bookmaker_title = bookmakers.named(row.bookmaker)
    return SeenRow(
        table=row.table,
        row_id=row.row_id or "",
        collected_at=collected_at,
        match=match,
        quote=SeenQuote(
            provider_id=match.provider_id,
            bookmaker_key=bookmaker_key,
            bookmaker_title=bookmaker_title,
            market=MARKETS[row.table],
            line=_line(row.line) if row.table == "odds_totals" else 0.0,
            odds=_odds(row),
            source_updated_at=None,
        ),
    )


def _match(row: OddsRow, sports: Sports) -> SeenMatch:
    match_id = (row.match_id or "").strip()
    home, away = (row.home or "").strip(), (row.away or "").strip()
    if not match_id:
        raise RowError("match without id")
    if len(match_id) > LONGEST_ID:
        raise RowError("match id longer than 64 characters", match_id)
    if not home or not away:
        raise RowError("match without two teams", home or away)
    if home == away:
        raise RowError("match of a team against itself", home)
    if max(len(home), len(away)) > LONGEST_TEAM:
        raise RowError("team longer than 160 characters", home)
    sport_key, sport_title = sports.named(row.sport)
    return SeenMatch(
        provider_id=match_id,
        sport_key=sport_key,
        sport_title=sport_title,
        commence_time=instant(row.kickoff, "match without kick-off"),
        home_team=home,
        away_team=away,
    )


def instant(text: str | None, reason: str) -> datetime:
    """An ISO instant with its offset, in UTC.

    Raises:
        RowError: With this reason: it is none.
    """
    if not text:
        raise RowError(reason)
    try:
        return _parsed(text)
    except (ValueError, OverflowError):
        raise RowError(reason, text) from None


@lru_cache(maxsize=4096)
def _parsed(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    if found.tzinfo is None:
        raise ValueError(text)
    return found.astimezone(UTC)


def _odds(row: OddsRow) -> tuple[float, float | None, float]:
    """Both sides are required; a draw of nothing, or of 0, was not offered."""
    if row.first is None or row.second is None:
        raise RowError("outcome missing")
    draw = None if row.draw is None or _number(row.draw) == 0 else _price(row.draw)
    return _price(row.first), draw, _price(row.second)


def _price(text: str) -> float:
    """Floats of the original are rounded to what is stored: 2.0999999 was 2.1."""
    price = round(_number(text), DECIMALS)
    if price <= 1:
        raise RowError("price not above 1", text)
    if price > HIGHEST_ODDS:
        raise RowError("price too high", text)
    return price


def _number(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise RowError("price is not a number", text)
    return value


def _line(text: str | None) -> float:
    try:
        line = float(text or "nan")
    except ValueError:
        line = math.nan
    if not math.isfinite(line):
        raise RowError("outcome without line", text or "")
    if not 0 < line < HIGHEST_LINE or line * 4 != int(line * 4):
        raise RowError("line is not a quarter", text or "")
    return line
