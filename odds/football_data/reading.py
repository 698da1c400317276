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
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Any, Final

from odds.football_data.instants import kickoff, season_name, season_start_year
from odds.football_data.leagues import COUNTRIES, DIVISIONS, League
from odds.football_data.prices import PriceBlock, PriceColumns, Rejection
from odds.football_data.teams import slug

GZIP: Final = b"\x1f\x8b"
LONGEST_NAME: Final = 160
PREFIX: Final = "fd:"  # of the provider ids of matches that only the site gave
SLUG_LENGTH: Final = 21  # two of them, a league and a date fit into a provider id
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

    @property
    def provider_id(self) -> str:
        """What the match is known by here; clubs may meet four times, so its date counts."""
        teams = (slug(name)[:SLUG_LENGTH] for name in (self.home, self.away))
        return PREFIX + ":".join((self.league.code, self.day.isoformat(), *teams))


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
    listing = _Listing(header, is_extra="Country" in header)
    for line, cells in rows:
        listing.add(line, cells)
    prices = listing.prices()
    blocks = list(prices.blocks())
    return ListedFile(
        matches=_in_seasons(listing.matches),
        blocks=blocks,
        rejected_rows=listing.rejected,
        rejected_cells=listing.notes + prices.rejected,
    )


class _Listing:
    """The rows of a file that could be used, and what was wrong with the others."""

    def __init__(self, header: list[str], *, is_extra: bool) -> None:
        self.header, self.is_extra = header, is_extra
        self.matches: list[ListedMatch] = []
        self.kept: list[list[str]] = []
        self.rejected: list[Rejection] = []
        self.notes: list[Rejection] = []
        self.seen: set[str] = set()

    def add(self, line: int, cells: list[str]) -> None:
        row = dict(zip(self.header, cells, strict=False))
        try:
            match = _match(line, row, self.notes, is_extra=self.is_extra)
            self._check_is_new(match)
        except _RowError as error:
            self.rejected.append(
                Rejection(line=line, column=error.column, value=error.value, reason=str(error))
            )
        else:
            self.matches.append(match)
            self.kept.append(cells)

    def _check_is_new(self, match: ListedMatch) -> None:
        if match.provider_id in self.seen:
            raise _RowError("HomeTeam", match.home, "match given twice")
        self.seen.add(match.provider_id)

    def prices(self) -> PriceColumns:
        columns = zip(*self.kept, strict=False) if self.kept else [()] * len(self.header)
        cells = {name: column for name, column in zip(self.header, columns, strict=False) if name}
        lines = [match.line for match in self.matches]
        return PriceColumns(cells=cells, lines=lines, always_closing=self.is_extra)


def _in_seasons(matches: list[ListedMatch]) -> list[ListedMatch]:
    """Each with its season where the file does not name it.

    A file holds one season of a league, named by its first day: that of 2019/20 ended in August.
    """
    first_days: dict[str, date] = {}
    for match in matches:
        first_days[match.league.code] = min(match.day, first_days.get(match.league.code, match.day))
    names = {code: season_name(season_start_year(day)) for code, day in first_days.items()}
    return [
        match if match.season else replace(match, season=names[match.league.code])
        for match in matches
    ]


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


def _rows(reader: Any, width: int) -> Iterator[tuple[int, list[str]]]:
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
    return ListedMatch(
        line=line,
        league=league,
        season=row.get("Season", ""),
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
    """A date as day/month/year, the year with two digits or four, zeros in front or not."""
    try:
        day, month, year = (int(part) for part in text.split("/"))
        return date(_full_year(year), month, day)
    except ValueError as error:
        raise _RowError("Date", text, "date that cannot be read") from error


def _full_year(year: int) -> int:
    """The site's oldest season is 1993/94."""
    if year > 99:
        return year
    return year + (1900 if year > 90 else 2000)


def _time(line: int, text: str, notes: list[Rejection]) -> time | None:
    if not text:
        return None
    try:
        hour, minute = (int(part) for part in text.split(":"))
        return time(hour, minute)
    except ValueError:
        notes.append(Rejection(line=line, column="Time", value=text, reason="not a time"))
        return None


def _score(line: int, row: dict[str, str], notes: list[Rejection]) -> tuple[int, int] | None:
    """Full-time goals; None, and a note, where they cannot be true."""
    home, away, result = (row.get(column, "") for column in ("FTHG", "FTAG", "FTR"))
    if not home and not away:
        return None
    reason = ""
    if not all(text.isascii() and text.isdigit() and len(text) < 3 for text in (home, away)):
        reason = "not a score"
    elif result and result != _result(int(home), int(away)):
        reason = "score that contradicts its result"
    if reason:
        shown = f"{home}-{away} {result}".strip()
        notes.append(Rejection(line=line, column="FTHG", value=shown, reason=reason))
        return None
    return int(home), int(away)


def _result(home: int, away: int) -> str:
    return "H" if home > away else "A" if home < away else "D"
