"""A file of football-data.co.uk: bytes in; matches, prices and what was wrong out. Pure.

Two layouts are understood: the main leagues' (`Div,Date,…`; also the site's coming fixtures and
latest results) and the extra leagues' (`Country,League,Season,…`, closing prices only). Files come
plain or gzipped, in UTF-8 or cp1252, with dates in two forms, sometimes both in one file.
"""

import csv
import gzip
import io
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Final

from odds.football_data.instants import kickoff, season_name, season_start_year
from odds.football_data.leagues import COUNTRIES, DIVISIONS, League
from odds.football_data.prices import PriceBlock, PriceColumns, Rejection

GZIP: Final = b"\x1f\x8b"
DATE_FORMS: Final = {8: "%d/%m/%y", 10: "%d/%m/%Y"}  # by length
LONGEST_NAME: Final = 160
HIGHEST_SCORE: Final = 99
# The extra leagues' names for what the main leagues' files have; and a misspelling of theirs.
SAME: Final = {"Home": "HomeTeam", "Away": "AwayTeam", "HG": "FTHG", "AG": "FTAG", "Res": "FTR"}
MISSPELT: Final = {"B36CA": "B365CA"}


class UnreadableFileError(ValueError):
    """This is not a file of football-data.co.uk; the message says what it is."""


class _RowError(ValueError):
    """One row cannot be used: the message is the reason, `column` and `value` are where."""

    def __init__(self, column: str, value: str, reason: str) -> None:
        super().__init__(reason)
        self.column, self.value = column, value


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedMatch:
    """One match as a file lists it.

    `line` is where; `day` the date as written (UK); `score` is that of full time, None where the
    file has none.
    """

    line: int
    league: League
    season: str
    day: date
    kickoff: datetime
    is_time_known: bool
    home: str
    away: str
    score: tuple[int, int] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedFile:
    """What one file holds; the blocks' `match` are positions in `matches`."""

    matches: list[ListedMatch]
    blocks: list[PriceBlock]
    rejected_rows: list[Rejection]
    rejected_cells: list[Rejection]


def read_file(content: bytes) -> ListedFile:
    """Read one file.

    Raises:
        UnreadableFileError: It is something else.
    """
    header, rows = _table(content)
    is_extra = "Country" in header
    matches: list[ListedMatch] = []
    kept: list[list[str]] = []
    rejected_rows: list[Rejection] = []
    notes: list[Rejection] = []
    seen: set[tuple[str, date, str, str]] = set()
    for line, cells in rows:
        row = dict(zip(header, cells, strict=False))
        try:
            match = _match(line, row, notes, is_extra=is_extra)
            identity = match.league.code, match.day, match.home, match.away
            if identity in seen:
                raise _RowError("HomeTeam", match.home, "match given twice")
        except _RowError as error:
            rejected_rows.append(
                Rejection(line=line, column=error.column, value=error.value, reason=str(error))
            )
            continue
        seen.add(identity)
        matches.append(match)
        kept.append(cells)
    prices = _price_columns(header, kept, [match.line for match in matches], is_extra=is_extra)
    blocks = list(prices.blocks())
    return ListedFile(
        matches=matches,
        blocks=blocks,
        rejected_rows=rejected_rows,
        rejected_cells=notes + prices.rejected,
    )


def _table(content: bytes) -> tuple[list[str], Iterator[tuple[int, list[str]]]]:
    reader = csv.reader(io.StringIO(_text(content), newline=""))
    try:
        header = [SAME.get(name := cell.strip(), MISSPELT.get(name, name)) for cell in next(reader)]
    except (StopIteration, csv.Error) as error:
        raise UnreadableFileError("It is empty.") from error
    if not {"Date", "HomeTeam", "AwayTeam"} <= set(header) or not {"Div", "Country"} & set(header):
        raise UnreadableFileError(
            "Its first line does not name the columns Div (or Country), Date and the two teams."
        )
    return _first_named(header), _rows(reader, len(header))


def _text(content: bytes) -> str:
    try:
        plain = gzip.decompress(content) if content.startswith(GZIP) else content
    except (OSError, EOFError, zlib.error) as error:
        raise UnreadableFileError(f"It cannot be unpacked ({error}).") from error
    try:
        return plain.decode("utf-8-sig")
    except UnicodeDecodeError:
        return plain.decode("cp1252", errors="replace")


def _first_named(header: list[str]) -> list[str]:
    """Column names by position; a name given again, or none, is made unfindable."""
    return [name if header.index(name) == place else "" for place, name in enumerate(header)]


def _rows(reader: "csv._reader", width: int) -> Iterator[tuple[int, list[str]]]:
    """Each row that holds anything, with its line; short ones are filled up."""
    while True:
        try:
            cells = [cell.strip() for cell in next(reader)]
        except StopIteration:
            return
        except csv.Error as error:
            raise UnreadableFileError(
                f"Line {reader.line_num} cannot be read ({error})."
            ) from error
        if any(cells):
            yield reader.line_num, cells + [""] * (width - len(cells))


def _match(
    line: int, row: dict[str, str], notes: list[Rejection], *, is_extra: bool
) -> ListedMatch:
    league = _league(row, is_extra=is_extra)
    home, away = (_team(row, side) for side in ("HomeTeam", "AwayTeam"))
    if home == away:
        raise _RowError("AwayTeam", away, "match of a team against itself")
    day = _day(row["Date"])
    at = _time(line, row.get("Time", ""), notes)
    # Belgium's 2020/21 and Scotland's began in early August, Italy's 2019/20 ended there: a season
    # is told by day for most rows, and the summary that shows it needs no more.
    season = row.get("Season", "") if is_extra else season_name(season_start_year(day))
    return ListedMatch(
        line=line,
        league=league,
        season=season,
        day=day,
        kickoff=kickoff(day, at),
        is_time_known=at is not None,
        home=home,
        away=away,
        score=_score(line, row, notes),
    )


def _league(row: dict[str, str], *, is_extra: bool) -> League:
    column = "Country" if is_extra else "Div"
    leagues = COUNTRIES if is_extra else DIVISIONS
    league = leagues.get(row[column])
    if league is None:
        raise _RowError(column, row[column], "league MON_PS does not know")
    return league


def _team(row: dict[str, str], column: str) -> str:
    name = " ".join(row[column].split())
    if not name or len(name) > LONGEST_NAME:
        raise _RowError(column, name[:LONGEST_NAME], "match without two teams")
    return name


def _day(text: str) -> date:
    try:
        return datetime.strptime(text, DATE_FORMS.get(len(text), "%d/%m/%Y")).date()
    except ValueError as error:
        raise _RowError("Date", text, "date that cannot be read") from error


def _time(line: int, text: str, notes: list[Rejection]) -> time | None:
    try:
        return datetime.strptime(text, "%H:%M").time() if text else None
    except ValueError:
        notes.append(Rejection(line=line, column="Time", value=text, reason="not a time"))
        return None


def _score(line: int, row: dict[str, str], notes: list[Rejection]) -> tuple[int, int] | None:
    """Full-time goals; None, and a note, where they cannot be true."""
    home, away, result = (row.get(column, "") for column in ("FTHG", "FTAG", "FTR"))
    if not home and not away:
        return None
    shown = f"{home}-{away} {result}".strip()
    reason = ""
    if not all(text.isascii() and text.isdigit() for text in (home, away)):
        reason = "not a score"
    elif max(int(home), int(away)) > HIGHEST_SCORE:
        reason = "not a score"
    elif result and result != _result(int(home), int(away)):
        reason = "score that contradicts its result"
    if reason:
        notes.append(Rejection(line=line, column="FTHG", value=shown, reason=reason))
        return None
    return int(home), int(away)


def _result(home: int, away: int) -> str:
    return "H" if home > away else "A" if home < away else "D"


def _price_columns(
    header: list[str], rows: list[list[str]], lines: list[int], *, is_extra: bool
) -> PriceColumns:
    columns = zip(*rows, strict=False) if rows else [()] * len(header)
    cells = {name: column for name, column in zip(header, columns, strict=False) if name}
    return PriceColumns(cells=cells, lines=lines, always_closing=is_extra)
