"""Read the stored history of some competitions into arrays, by binary COPY.

Of a match MON_PS collected itself only its own quotes are read, as a live snapshot has no others;
of a match known from football-data.co.uk alone, all.
"""

import contextlib
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

import numpy as np
from django.db import connection, transaction
from numpy.typing import NDArray

from betting.detection.board import MARKETS
from betting.detection.current_quotes import panel_of
from betting.detection.opportunities import ALWAYS_DRAWS
from odds.binary_copy import read_binary_copy
from odds.fair_prices import Flags, Integers
from odds.models import Bookmaker
from strategies.replay.history import (
    AVERAGE_COLUMN,
    MAXIMUM_COLUMN,
    History,
    Looks,
    Matches,
    Quotes,
)
from strategies.snapshots import Past

IMPORTED: Final = "fd:"  # begins the provider's id of a match only football-data.co.uk knows
AGGREGATES: Final = {"market_max": MAXIMUM_COLUMN, "market_average": AVERAGE_COLUMN}

MATCHES = """
SELECT matches.id, sports.key, home_team, away_team, date_part('epoch', commence_time),
       CASE WHEN status = 'completed' THEN home_score END,
       CASE WHEN status = 'completed' THEN away_score END,
       status = 'abandoned', starts_with(sports.key, %(draws)s),
       starts_with(provider_id, %(imported)s)
FROM matches
JOIN sports ON sports.id = matches.sport_id
WHERE sports.key = ANY (%(sports)s)
  AND commence_time >= %(since)s AND commence_time < %(until)s
ORDER BY commence_time, sports.key, home_team, away_team, matches.id
"""
QUOTES = """
COPY (
    SELECT quotes.match_id, bookmaker_id,
           array_position(%(markets)s::text[], market::text)::int2 - 1::int2,
           line::float8, coalesce(odds_1::float8, 'NaN'), coalesce(odds_x::float8, 'NaN'),
           coalesce(odds_2::float8, 'NaN'), date_part('epoch', observed_at)
    FROM matches
    JOIN sports ON sports.id = matches.sport_id
    JOIN quotes ON quotes.match_id = matches.id
    WHERE sports.key = ANY (%(sports)s)
      AND commence_time >= %(since)s AND commence_time < %(until)s
      AND market = ANY (%(asked)s) AND observed_at <= commence_time
      AND (
          starts_with(provider_id, %(imported)s)
          OR EXISTS (
              SELECT FROM latest_quotes own
              WHERE own.match_id = quotes.match_id AND own.bookmaker_id = quotes.bookmaker_id
                AND own.market = quotes.market AND own.line = quotes.line
          )
      )
) TO STDOUT (FORMAT BINARY)
"""
QUOTE_TYPES: Final[dict[str, Any]] = {
    "match_id": np.int32,
    "bookmaker_id": np.int16,
    "market": np.int16,
    "line": np.float64,
    "odds_1": np.float64,
    "odds_x": np.float64,
    "odds_2": np.float64,
    "observed_at": np.float64,
}
# A match counts as coming while its kick-off, as the source then told it, lay ahead.
LOOKS = """
COPY (
    SELECT matches.id, array_position(%(markets)s::text[], asked.market::text)::int2 - 1::int2,
           date_part('epoch', collections.observed_at)
    FROM collections
    JOIN sports ON sports.id = collections.sport_id
    JOIN matches ON matches.sport_id = sports.id
     AND commence_time > collections.observed_at
     AND commence_time < collections.observed_at + %(longest)s
    CROSS JOIN LATERAL unnest(collections.markets) AS asked (market)
    LEFT JOIN LATERAL (
        SELECT before::timestamptz AS kickoff
        FROM match_changes
        WHERE match_changes.match_id = matches.id AND kind = 'kickoff'
          AND match_changes.observed_at > collections.observed_at
        ORDER BY match_changes.observed_at
        LIMIT 1
    ) AS then_told ON true
    WHERE coalesce(then_told.kickoff, commence_time) > collections.observed_at
      AND sports.key = ANY (%(sports)s) AND collections.status = 'stored' AND endpoint = 'odds'
      AND commence_time >= %(since)s AND commence_time < %(until)s
      AND asked.market = ANY (%(asked)s)
      AND collections.observed_at >= %(since)s - %(longest)s
) TO STDOUT (FORMAT BINARY)
"""
LOOK_TYPES: Final[dict[str, Any]] = {
    "match_id": np.int32,
    "market": np.int16,
    "at": np.float64,
}
PAST = """
SELECT sports.key, home_team, away_team, home_score, away_score, date_part('epoch', commence_time)
FROM matches
JOIN sports ON sports.id = matches.sport_id
WHERE sports.key = ANY (%(sports)s) AND status = 'completed' AND commence_time < %(until)s
  AND home_score IS NOT NULL AND away_score IS NOT NULL
ORDER BY commence_time, matches.id
"""
LONGEST: Final = timedelta(days=60)  # before kick-off a match may be looked at
Given = dict[str, Any]


def read_history(
    sport_keys: Sequence[str],
    *,
    since: datetime,
    until: datetime,
    markets: Sequence[str] = MARKETS,
) -> History:
    """The matches of these sports that kicked off from `since` to before `until`.

    Args:
        sport_keys: Competitions.
        since: Start of the period.
        until: Its end, left out.
        markets: Which quotes are read.
    """
    given: Given = {
        "sports": list(sport_keys),
        "since": since,
        "until": until,
        "markets": list(MARKETS),
        "asked": list(markets),
        "imported": IMPORTED,
        "draws": ALWAYS_DRAWS,
        "longest": LONGEST,
    }
    with _as_of_one_instant():
        matches = _read_matches(given)
        bookmakers = list(Bookmaker.objects.order_by("key"))
        real = [row for row in bookmakers if row.kind != Bookmaker.Kind.AGGREGATE]
        columns = {row.pk: column for column, row in enumerate(real)}
        columns |= {row.pk: AGGREGATES[row.key] for row in bookmakers if row.key in AGGREGATES}
        quotes = _read_quotes(given, matches, columns)
        return History(
            panel=panel_of(real),
            matches=matches,
            quotes=quotes,
            looks=_looks(_read_looks(given, matches), quotes, matches.is_imported),
            past=read_past(sport_keys, until=until),
        )


@contextlib.contextmanager
def _as_of_one_instant() -> Iterator[None]:
    """What is read inside fits together, whatever a collection stores meanwhile.

    Inside a transaction that is under way already it is for its owner to see to that.
    """
    is_outermost = not connection.in_atomic_block
    with transaction.atomic():
        if is_outermost:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


def read_past(sport_keys: Sequence[str], *, until: datetime) -> Past:
    """The results of these sports' matches that kicked off before `until`, oldest first."""
    with connection.cursor() as cursor:
        cursor.execute(PAST, {"sports": list(sport_keys), "until": until})
        rows = cursor.fetchall()
    return Past(
        known_until=until.timestamp(),
        sport=np.array([row[0] for row in rows], dtype=np.str_),
        home=np.array([row[1] for row in rows], dtype=np.str_),
        away=np.array([row[2] for row in rows], dtype=np.str_),
        home_score=np.array([row[3] for row in rows], dtype=np.intp),
        away_score=np.array([row[4] for row in rows], dtype=np.intp),
        kickoff=np.array([row[5] for row in rows], dtype=np.float64),
    )


def _read_matches(given: Given) -> Matches:
    with connection.cursor() as cursor:
        cursor.execute(MATCHES, given)
        rows = cursor.fetchall()
    columns = list(zip(*rows, strict=True)) if rows else [()] * 10
    return Matches(
        id=np.array(columns[0], dtype=np.intp),
        sport=np.array(columns[1], dtype=np.str_),
        home=np.array(columns[2], dtype=np.str_),
        away=np.array(columns[3], dtype=np.str_),
        kickoff=np.array(columns[4], dtype=np.float64),
        home_score=np.array(columns[5], dtype=np.float64),
        away_score=np.array(columns[6], dtype=np.float64),
        is_void=np.array(columns[7], dtype=np.bool_),
        has_draws=np.array(columns[8], dtype=np.bool_),
        is_imported=np.array(columns[9], dtype=np.bool_),
    )


def _copy(statement: str, given: Given, types: dict[str, Any]) -> dict[str, NDArray[Any]]:
    with connection.cursor() as cursor, cursor.copy(statement, given) as copy:
        return read_binary_copy(b"".join(copy), types)


def _places(ids: NDArray[Any], matches: Matches) -> Integers:
    """Where in the matches these ids stand."""
    order = np.argsort(matches.id)
    places: Integers = order[np.searchsorted(matches.id[order], ids)]
    return places


def _read_quotes(given: Given, matches: Matches, columns: dict[int, int]) -> Quotes:
    read = _copy(QUOTES, given, QUOTE_TYPES)
    numbers = np.zeros(max(columns, default=0) + 1, dtype=np.intp)
    numbers[list(columns)] = list(columns.values())
    match, column = _places(read["match_id"], matches), numbers[read["bookmaker_id"]]
    keys = (read["observed_at"], column, read["line"], read["market"], match)
    order = np.lexsort(keys)
    odds = np.column_stack([read["odds_1"], read["odds_x"], read["odds_2"]])
    return Quotes(
        match=match[order],
        market=read["market"][order].astype(np.intp),
        line=read["line"][order],
        column=column[order],
        odds=odds[order],
        observed_at=read["observed_at"][order],
    )


def _read_looks(given: Given, matches: Matches) -> Looks:
    read = _copy(LOOKS, given, LOOK_TYPES)
    return Looks(
        match=_places(read["match_id"], matches),
        market=read["market"].astype(np.intp),
        at=read["at"],
    )


def _looks(collected: Looks, quotes: Quotes, is_imported: Flags) -> Looks:
    """The collections' looks, and the times of the quotes of matches that no collection saw."""
    is_watched = np.zeros(len(is_imported), dtype=np.bool_)
    is_watched[collected.match] = True
    is_watched[is_imported] = False
    of_collections = is_watched[collected.match]
    of_quotes = ~is_watched[quotes.match]
    match = np.concatenate([collected.match[of_collections], quotes.match[of_quotes]])
    market = np.concatenate([collected.market[of_collections], quotes.market[of_quotes]])
    at = np.concatenate([collected.at[of_collections], quotes.observed_at[of_quotes]])
    order = np.lexsort((market, match, at))
    match, market, at = match[order], market[order], at[order]
    is_first = np.ones(len(at), dtype=np.bool_)
    is_first[1:] = (np.diff(at) != 0) | (np.diff(match) != 0) | (np.diff(market) != 0)
    return Looks(match=match[is_first], market=market[is_first], at=at[is_first])
