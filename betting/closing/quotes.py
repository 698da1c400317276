"""The quotes that stood when matches began, read from history into arrays.

A bookmaker's closing quote is its last one up to the actual kick-off, and counts only if it was
still offered at the closing look: the newest collection of its sport and market up to the kick-off,
or the newest quote itself where that is later or no collection is known. Where the last row up to
the kick-off says that the quote was withdrawn there is none, even if it came back in play. Odds
that history holds alone to the kick-off must have been seen since the look, which `seen_at` of the
current row tells: a snapshot stored late withdraws nothing.

Quotes imported from football-data.co.uk carry no update of the bookmaker's own and never enter
`latest_quotes`; its closing prices are those dated within half an hour of the kick-off (they are
stored a minute before it, the earlier ones an hour or more). They make a board of their own.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from django.db import connection

from betting.closing.prices import ClosingBoard
from betting.detection.board import MARKETS
from betting.detection.opportunities import ALWAYS_DRAWS
from odds.fair_prices import Floats
from odds.models import Bookmaker
from odds.panels import panel_of

# Everything as double precision, so that the rows make one array; NULL becomes NaN.
QUOTES = """
WITH known AS (
    SELECT quote.match_id, quote.market, quote.line, quote.bookmaker_id,
           quote.odds_1, quote.odds_x, quote.odds_2, quote.observed_at, commence_time,
           greatest(latest.seen_at, quote.observed_at) AS seen_at,
           starts_with(sports.key, %(draws)s) AND quote.market = 'h2h' AS has_draw,
           quote.source_updated_at IS NULL
               AND num_nonnulls(quote.odds_1, quote.odds_x, quote.odds_2) > 0
               AND (latest.match_id IS NULL OR latest.source_updated_at IS NOT NULL) AS is_imported
    FROM matches
    JOIN sports ON sports.id = matches.sport_id
    JOIN quotes quote ON quote.match_id = matches.id
    LEFT JOIN latest_quotes latest
      ON latest.match_id = quote.match_id AND latest.bookmaker_id = quote.bookmaker_id
     AND latest.market = quote.market AND latest.line = quote.line
    WHERE matches.id = ANY (%(ids)s) AND quote.market = ANY (%(markets)s)
      AND quote.observed_at < commence_time + interval '30 minutes'
)
SELECT DISTINCT ON (match_id, market, line, bookmaker_id, is_imported)
       match_id::float8, array_position(%(markets)s::text[], market::text) - 1, line::float8,
       bookmaker_id, odds_1::float8, odds_x::float8, odds_2::float8,
       date_part('epoch', observed_at), date_part('epoch', seen_at),
       date_part('epoch', commence_time), has_draw::int, is_imported::int
FROM known
WHERE CASE WHEN is_imported THEN observed_at > commence_time - interval '30 minutes'
           ELSE observed_at <= commence_time END
ORDER BY match_id, market, line, bookmaker_id, is_imported, known.observed_at DESC
"""
MATCH, MARKET, LINE, BOOKMAKER, FIRST, DRAW, LAST, OBSERVED, SEEN, KICKOFF, HAS_DRAW, IMPORTED = (
    range(12)
)

# By start is by answer, because calls of one sport go one after the other.
LOOKS = """
WITH moments AS (SELECT DISTINCT sport_id, commence_time FROM matches WHERE id = ANY (%(ids)s))
SELECT matches.id, wanted.market, date_part('epoch', look.observed_at)
FROM moments
CROSS JOIN unnest(%(markets)s::text[]) AS wanted (market)
JOIN LATERAL (
    SELECT observed_at
    FROM collections
    WHERE sport_id = moments.sport_id AND endpoint = 'odds' AND status = 'stored'
      AND wanted.market = ANY (markets)
      AND started_at BETWEEN commence_time - interval '7 days' AND commence_time
      AND observed_at <= commence_time
    ORDER BY started_at DESC, id DESC
    LIMIT 1
) AS look ON true
JOIN matches USING (sport_id, commence_time)
WHERE matches.id = ANY (%(ids)s)
"""

Looks = dict[tuple[int, str], float]  # by match and market, seconds since 1970


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosingQuotes:
    """What is known of some matches' closing: own collection, and football-data.co.uk's.

    `looks` are the newest collections before kick-off, by match and market.
    """

    own: ClosingBoard
    football_data: ClosingBoard
    looks: Looks


def read_closing_quotes(match_ids: Sequence[int]) -> ClosingQuotes:
    """The closing quotes of these matches, in one look at history."""
    given: dict[str, str | list[int] | list[str]] = {
        "ids": list(match_ids),
        "markets": list(MARKETS),
        "draws": ALWAYS_DRAWS,
    }
    with connection.cursor() as cursor:
        cursor.execute(LOOKS, given)
        looks: Looks = {(match, market): at for match, market, at in cursor.fetchall()}
        cursor.execute(QUOTES, given)
        rows = np.array(cursor.fetchall(), dtype=np.float64).reshape(-1, IMPORTED + 1)
    is_imported = rows[:, IMPORTED] == 1
    return ClosingQuotes(
        own=_board(rows[~is_imported], looks),
        football_data=_board(rows[is_imported], {}, counts_all=True),
        looks=looks,
    )


def _board(rows: Floats, looks: Looks, *, counts_all: bool = False) -> ClosingBoard:
    """Lay out quotes by group and bookmaker; `counts_all` of them, or those seen at the look."""
    ids = np.unique(rows[:, BOOKMAKER])
    bookmakers = list(Bookmaker.objects.filter(pk__in=ids.astype(int).tolist()).order_by("pk"))
    panel = panel_of(bookmakers)
    keys, first, group = np.unique(
        rows[:, [MATCH, MARKET, LINE]], axis=0, return_index=True, return_inverse=True
    )
    closing_look = _closing_looks(rows, looks)
    is_offered = rows[:, SEEN] >= closing_look
    odds = np.full((len(keys), len(panel.key), 3), np.nan)
    column = np.searchsorted(ids, rows[:, BOOKMAKER])
    taken = is_offered | np.bool_(counts_all)
    odds[group[taken], column[taken]] = rows[taken, FIRST : LAST + 1]
    is_three_way = rows[first, HAS_DRAW] == 1
    is_three_way[group[~np.isnan(rows[:, DRAW])]] = True
    return ClosingBoard(
        panel=panel,
        operators={
            row.operator: int(number)
            for row, number in zip(bookmakers, panel.operator, strict=False)
        },
        match_id=keys[:, 0].astype(np.intp),
        market=keys[:, 1].astype(np.intp),
        line=keys[:, 2],
        is_three_way=is_three_way,
        odds=odds,
        seen_at=np.minimum(closing_look, rows[:, KICKOFF])[first],
    )


def _closing_looks(rows: Floats, looks: Looks) -> Floats:
    """When the market of each quote was last looked at: the collection or the newest quote."""
    markets, market = np.unique(rows[:, [MATCH, MARKET]], axis=0, return_inverse=True)
    newest = np.full(len(markets), -np.inf)
    np.maximum.at(newest, market, rows[:, OBSERVED])
    for number, (match_id, place) in enumerate(markets.astype(int).tolist()):
        if at := looks.get((match_id, MARKETS[place])):
            newest[number] = max(newest[number], at)
    of_quotes: Floats = newest[market]
    return of_quotes
