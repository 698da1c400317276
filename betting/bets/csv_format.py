"""Bets as CSV: MON_PS's own columns, written by the export and read by the import.

Instants are ISO 8601 with their offset, numbers have a decimal point. What MON_PS computes (payout,
profit, CLV) is written for people and spreadsheets, and ignored when it is read.
"""

import csv
import hashlib
import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from django.db.models import QuerySet
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from betting.models import Bet, Ending
from odds.api_fields import instant_text

ENTERED: Final = (
    *("placed_at", "match_id", "home_team", "away_team", "sport", "league", "kickoff"),
    *("market", "outcome", "line", "selection", "side", "bookmaker", "odds", "stake"),
    *("commission", "type", "is_paper", "reference", "fair_probability", "edge_pct", "notes"),
    *("result", "dead_heat_ways", "final_score", "settled_at"),
)
COMPUTED: Final = (
    *("status", "payout", "profit", "clv_status", "clv_pct", "clv_fair_pct", "clv_reference"),
    *("closing_odds", "closing_minutes"),
)
COLUMNS: Final = (*ENTERED, *COMPUTED)
REQUIRED: Final = ("placed_at", "home_team", "kickoff", "outcome", "bookmaker", "odds", "stake")
DANGEROUS: Final = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet would compute these
ROWS_AT_ONCE: Final = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenBet:
    """One bet as a file tells it; `closing_odds` where the file knows them and MON_PS cannot."""

    number: int
    placed_at: datetime
    home_team: str
    commence_time: datetime
    outcome: str
    bookmaker: str
    odds: Decimal
    stake: Decimal
    match_id: str = ""
    away_team: str = ""
    sport_key: str = ""
    league: str = ""
    market: str = "h2h"
    line: Decimal = Decimal(0)
    selection: str = ""
    side: str = "back"
    commission: Decimal | None = None
    bet_type: str = "value"
    is_paper: bool = False
    reference: str = ""
    fair_probability: float | None = None
    edge_pct: float | None = None
    notes: str = ""
    result: str = ""
    dead_heat_ways: int | None = None
    final_score: str = ""
    settled_at: datetime | None = None
    closing_odds: Decimal | None = None

    @property
    def key(self) -> str:
        """The same for the same bet in any file: what makes importing it twice harmless."""
        said = (
            self.placed_at.astimezone(UTC).isoformat(),
            *(self.home_team, self.away_team, self.market, self.outcome, self.selection),
            *(self.bookmaker.casefold(), self.side),
            *(f"{value.normalize():f}" for value in (self.line, self.odds, self.stake)),
        )
        return f"import:{hashlib.sha256('|'.join(said).encode()).hexdigest()}"


@dataclass(frozen=True, slots=True, kw_only=True)
class BadRow:
    """A row that cannot be a bet, and why."""

    number: int
    reason: str
    text: str


class UnreadableFileError(Exception):
    """No bet can be read from the file; the message says why."""


class RowError(Exception):
    """A row cannot be a bet; the message says why."""


def write(bets: QuerySet[Bet]) -> Iterator[str]:
    """The file's lines, for a streamed answer; reads the bets in portions."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(COLUMNS)
    for bet in bets.select_related("match", "bookmaker").iterator(chunk_size=ROWS_AT_ONCE):
        writer.writerow([_safe(value) for value in _values(bet).values()])
        if buffer.tell() > 64_000:
            yield buffer.getvalue()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue()


def _values(bet: Bet) -> dict[str, Any]:
    """A bet's cells by column."""
    return {
        "placed_at": instant_text(bet.placed_at),
        "match_id": bet.match.provider_id if bet.match else "",
        "home_team": bet.home_team,
        "away_team": bet.away_team,
        "sport": bet.sport_key,
        "league": bet.league,
        "kickoff": instant_text(bet.commence_time),
        "market": bet.market,
        "outcome": bet.outcome,
        "line": f"{bet.line.normalize():f}" if bet.line else "",
        "selection": bet.selection,
        "side": bet.side,
        "bookmaker": bet.bookmaker.key,
        "odds": bet.odds,
        "stake": bet.stake,
        "commission": bet.commission,
        "type": bet.bet_type,
        "is_paper": "yes" if bet.is_paper else "no",
        **{name: _or_empty(getattr(bet, name)) for name in ("reference", "fair_probability")},
        **{name: _or_empty(getattr(bet, name)) for name in ("edge_pct", "notes", "result")},
        **{name: _or_empty(getattr(bet, name)) for name in ("dead_heat_ways", "final_score")},
        "settled_at": instant_text(bet.settled_at) if bet.settled_at else "",
        **{name: _or_empty(getattr(bet, name)) for name in COMPUTED},
    }


def _or_empty(value: Any) -> Any:
    return "" if value is None else value


def _safe(value: Any) -> Any:
    """Text a spreadsheet would take for a formula begins with an apostrophe."""
    if isinstance(value, str) and value.startswith(DANGEROUS):
        return f"'{value}"
    return value


def read(text: str) -> tuple[list[SeenBet], list[BadRow]]:
    """Read a file of our own.

    Raises:
        UnreadableFileError: A column that every bet needs is missing.
    """
    reader = csv.DictReader(io.StringIO(text))
    if missing := set(REQUIRED) - set(reader.fieldnames or ()):
        raise UnreadableFileError(
            _("The file has no column %(names)s.") % {"names": ", ".join(sorted(missing))}
        )
    return read_rows(reader, _bet)


def read_rows(reader: "csv.DictReader[str]", bet_of: Any) -> tuple[list[SeenBet], list[BadRow]]:
    """The bets of a file, and the rows that are none, by the number of their line."""
    seen: list[SeenBet] = []
    bad: list[BadRow] = []
    try:
        for row in reader:
            cells = {name: (cell or "").strip() for name, cell in row.items() if name}
            if not any(cells.values()):
                continue
            try:
                seen.append(bet_of(reader.line_num, cells))
            except RowError as reason:
                shown = " · ".join(cell for cell in cells.values() if cell)
                bad.append(BadRow(number=reader.line_num, reason=str(reason), text=shown[:200]))
    except csv.Error as error:
        raise UnreadableFileError(
            _("The file cannot be read as CSV (line %(number)d: %(error)s).")
            % {"number": reader.line_num, "error": error}
        ) from error
    return seen, bad


def _bet(number: int, cells: Mapping[str, str]) -> SeenBet:
    cells = {name: _unescaped(cell) for name, cell in cells.items()}
    for name in REQUIRED:
        if not cells.get(name):
            raise RowError(_("%(column)s is empty.") % {"column": name})
    side, bet_type = cells.get("side") or "back", cells.get("type") or "value"
    result = cells.get("result", "")
    _refuse_unknown("side", side, Bet.Side.values)
    _refuse_unknown("type", bet_type, Bet.Type.values)
    _refuse_unknown("result", result, ["", *Ending.values])
    return SeenBet(
        number=number,
        placed_at=instant(cells, "placed_at"),
        commence_time=instant(cells, "kickoff"),
        home_team=cells["home_team"],
        sport_key=cells.get("sport", ""),
        outcome=cells["outcome"],
        bookmaker=cells["bookmaker"],
        odds=decimal(cells, "odds"),
        stake=decimal(cells, "stake"),
        line=decimal(cells, "line") if cells.get("line") else Decimal(0),
        commission=decimal(cells, "commission") if cells.get("commission") else None,
        is_paper=cells.get("is_paper", "").casefold() in {"yes", "true", "1"},
        fair_probability=_float(cells, "fair_probability"),
        edge_pct=_float(cells, "edge_pct"),
        result=result,
        dead_heat_ways=int(decimal(cells, "dead_heat_ways"))
        if cells.get("dead_heat_ways")
        else None,
        settled_at=instant(cells, "settled_at") if cells.get("settled_at") else None,
        market=cells.get("market") or "h2h",
        side=side,
        bet_type=bet_type,
        match_id=cells.get("match_id", ""),
        away_team=cells.get("away_team", ""),
        league=cells.get("league", ""),
        selection=cells.get("selection", ""),
        reference=cells.get("reference", ""),
        notes=cells.get("notes", ""),
        final_score=cells.get("final_score", ""),
    )


def instant(cells: Mapping[str, str], name: str) -> datetime:
    """An ISO instant; without an offset it means UTC.

    Raises:
        RowError: It is none.
    """
    try:
        found = parse_datetime(cells[name])
    except ValueError:
        found = None
    if found is None:
        raise RowError(
            _("%(column)s is not a date and time such as 2026-11-21T15:00:00Z: %(cell)s.")
            % {"column": name, "cell": cells[name]}
        )
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def decimal(cells: Mapping[str, str], name: str) -> Decimal:
    """A number with a decimal point or comma.

    Raises:
        RowError: It is none.
    """
    try:
        value = Decimal(cells[name].replace(",", "."))
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite():
        raise RowError(
            _("%(column)s is not a number: %(cell)s.") % {"column": name, "cell": cells[name]}
        )
    return value


def _float(cells: Mapping[str, str], name: str) -> float | None:
    return float(decimal(cells, name)) if cells.get(name) else None


def _refuse_unknown(column: str, value: str, known: Iterable[str]) -> None:
    if value not in known:
        listed = ", ".join(one for one in known if one)
        raise RowError(
            _("%(column)s is %(value)s; it can be %(known)s.")
            % {"column": column, "value": value, "known": listed}
        )


def _unescaped(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(DANGEROUS) else cell
