"""Rows into looks: what one run of the original's collector saw of one sport; pure.

Later collectors gave all rows of a run one time, the first let the database give each its own. So
rows that follow each other within seconds are one look, until a quote comes again. It is dated by
its newest row: nothing is known before it was seen.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from monps.legacy.account import Rejection
from monps.legacy.odds_rows import SeenRow
from odds.parsing import SeenMatch, SeenQuote, Snapshot

GAP: Final = timedelta(seconds=5)  # runs were at least a minute apart
Key = tuple[str, str, str, float]  # match, bookmaker, market, line
Row = tuple[str, str]  # table, id


@dataclass(slots=True, kw_only=True)
class Look:
    """One look at one sport.

    `rows` tells of each quote which row it came from; `repeated` are rows that say again what
    another row of the look says, `rejected` those that say otherwise.
    """

    sport_key: str
    observed_at: datetime
    matches: dict[str, SeenMatch] = field(default_factory=dict)
    quotes: dict[Key, SeenQuote] = field(default_factory=dict)
    rows: dict[Key, Row] = field(default_factory=dict)
    repeated: list[Row] = field(default_factory=list)
    rejected: list[Rejection] = field(default_factory=list)

    @property
    def size(self) -> int:
        """How many rows of the original it is made of."""
        return len(self.quotes) + len(self.repeated) + len(self.rejected)

    def snapshot(self) -> Snapshot:
        """As the storage takes it."""
        taken = Snapshot(matches=list(self.matches.values()), quotes=list(self.quotes.values()))
        taken.received.update(quote.market for quote in taken.quotes)
        return taken


def looks(rows: Iterable[SeenRow]) -> Iterator[Look]:
    """The looks of rows that come in the order of their times; of a sport they too are in order."""
    unfinished: dict[str, Look] = {}
    for row in rows:
        sport_key = row.match.sport_key
        look = unfinished.get(sport_key)
        if look is not None and _is_over(look, row):
            yield unfinished.pop(sport_key)
            look = None
        if look is None:
            look = unfinished[sport_key] = Look(sport_key=sport_key, observed_at=row.collected_at)
        _add(look, row)
    yield from unfinished.values()


def key_of(quote: SeenQuote) -> Key:
    """What a look has once."""
    return quote.provider_id, quote.bookmaker_key, quote.market, quote.line


def _is_over(look: Look, row: SeenRow) -> bool:
    if row.collected_at - look.observed_at > GAP:
        return True
    return row.collected_at > look.observed_at and key_of(row.quote) in look.quotes


def _add(look: Look, row: SeenRow) -> None:
    look.observed_at = row.collected_at
    known = look.matches.get(row.match.provider_id)
    quote, match = row.quote, row.match
    if known is not None:
        teams = (known.home_team, known.away_team)
        if teams == (match.away_team, match.home_team):
            quote = _turned(quote)
        elif teams != (match.home_team, match.away_team):
            _reject(look, row, "another match of the same id", f"{match.home_team}")
            return
        match = replace(known, commence_time=match.commence_time)
    key = key_of(quote)
    if key not in look.quotes:
        look.matches[match.provider_id] = match
        look.quotes[key], look.rows[key] = quote, (row.table, row.row_id)
    elif look.quotes[key].odds == quote.odds:
        look.repeated.append((row.table, row.row_id))
    else:
        _reject(look, row, "quote given twice", quote.bookmaker_key)


def _turned(quote: SeenQuote) -> SeenQuote:
    """The quote where the row lists the teams the other way round."""
    if quote.market == "totals":
        return quote
    return replace(quote, odds=quote.odds[::-1])


def _reject(look: Look, row: SeenRow, reason: str, detail: str) -> None:
    look.rejected.append(
        Rejection(table=row.table, row_id=row.row_id, reason=reason, detail=detail)
    )
