"""What is on offer now, read into arrays: one look at `latest_quotes`, never at history.

A quote is on offer while the newest collection that asked for its market still saw it. When that
collection is itself too old, nothing of the market is on offer any more.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal

import numpy as np
from django.db import connection

from betting.detection.board import MARKETS, QuoteTable
from odds.fair_prices import Panel
from odds.models import Bookmaker

LONGEST_CALL = timedelta(hours=1)  # far above any time limit; lets the index bound the search

# The newest stored collection of the sport for each market, where it is young enough.
LOOKS = """
SELECT wanted.market, look.observed_at
FROM unnest(%(markets)s::text[]) AS wanted (market)
JOIN LATERAL (
    SELECT observed_at
    FROM collections
    WHERE sport_id = %(sport_id)s AND status = 'stored' AND wanted.market = ANY (markets)
      AND started_at > %(earliest_start)s
      AND observed_at > %(since)s
    ORDER BY observed_at DESC
    LIMIT 1
) AS look ON true
"""

# Everything as double precision, so that the rows make one array; NULL becomes NaN.
READ = """
SELECT match_id, bookmaker_id, look.place - 1, line::float8,
       odds_1::float8, odds_x::float8, odds_2::float8,
       date_part('epoch', changed_at), date_part('epoch', seen_at),
       date_part('epoch', seen_at - source_updated_at)
FROM latest_quotes
"""
QUOTES = f"""
{READ}
JOIN matches ON matches.id = match_id
JOIN (
    SELECT market, observed_at, array_position(%(all_markets)s::text[], market) AS place
    FROM unnest(%(markets)s::text[], %(looks)s::timestamptz[]) AS given (market, observed_at)
) AS look ON look.market = latest_quotes.market AND seen_at >= look.observed_at
WHERE sport_id = %(sport_id)s AND commence_time > %(now)s
"""  # noqa: S608 - made of constants
QUOTES_OF_GROUPS = f"""
{READ}
JOIN (
    SELECT match_id, market, line, since, array_position(%(all_markets)s::text[], market) AS place
    FROM unnest(
        %(matches)s::int[], %(markets)s::text[], %(lines)s::numeric[], %(since)s::timestamptz[]
    ) AS given (match_id, market, line, since)
) AS look USING (match_id, market, line)
WHERE seen_at >= look.since
"""  # noqa: S608 - made of constants
COLUMNS = 10

Group = tuple[int, str, Decimal]  # match, market, line


def newest_looks(sport_id: int, *, since: datetime) -> dict[str, datetime]:
    """When each market of a sport was last looked at; markets not looked at after `since` lack."""
    with connection.cursor() as cursor:
        cursor.execute(
            LOOKS,
            {
                "sport_id": sport_id,
                "markets": list(MARKETS),
                "since": since,
                "earliest_start": since - LONGEST_CALL,
            },
        )
        return dict(cursor.fetchall())


def read_bookmakers() -> tuple[Panel, dict[str, int]]:
    """All bookmakers, and their ids by key in the panel's order, which is ascending."""
    rows = list(Bookmaker.objects.order_by("id"))
    return panel_of(rows), {row.key: row.pk for row in rows}


def panel_of(rows: list[Bookmaker]) -> Panel:
    """Bookmakers as the arrays that pricing takes, in their order."""
    return Panel(
        key=np.array([row.key for row in rows], dtype=np.str_),
        operator=np.unique([row.operator for row in rows], return_inverse=True)[1],
        is_exchange=np.array([row.kind == Bookmaker.Kind.EXCHANGE for row in rows], dtype=np.bool_),
        is_sharp=np.array([row.kind == Bookmaker.Kind.SHARP for row in rows], dtype=np.bool_),
        is_playable=np.array([row.is_playable for row in rows], dtype=np.bool_),
        commission=np.array([float(row.commission) for row in rows]),
    )


def read_quotes(
    sport_id: int, *, looks: dict[str, datetime], ids: list[int], now: datetime
) -> QuoteTable:
    """The quotes on offer for a sport's matches that have not kicked off by `now`.

    Args:
        sport_id: The sport.
        looks: When each market was last looked at.
        ids: The ids of the panel's bookmakers, ascending.
        now: The instant of the detection.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            QUOTES,
            {
                "all_markets": list(MARKETS),
                "markets": list(looks),
                "looks": list(looks.values()),
                "sport_id": sport_id,
                "now": now,
            },
        )
        return _table(cursor.fetchall(), ids)


def read_quotes_of(since: dict[Group, datetime], *, ids: list[int]) -> QuoteTable:
    """The quotes of a few markets that were still seen at the given instants, or since.

    Args:
        since: By market and line of a match, the look that must have seen a quote.
        ids: The ids of the panel's bookmakers, ascending.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            QUOTES_OF_GROUPS,
            {
                "all_markets": list(MARKETS),
                "matches": [match for match, _market, _line in since],
                "markets": [market for _match, market, _line in since],
                "lines": [line for _match, _market, line in since],
                "since": list(since.values()),
            },
        )
        return _table(cursor.fetchall(), ids)


def _table(read: Iterable[tuple[object, ...]], ids: list[int]) -> QuoteTable:
    rows = np.array(list(read), dtype=np.float64).reshape(-1, COLUMNS)
    return QuoteTable(
        match_id=rows[:, 0].astype(np.intp),
        bookmaker=np.searchsorted(ids, rows[:, 1]),
        market=rows[:, 2].astype(np.intp),
        line=rows[:, 3],
        odds=rows[:, 4:7],
        changed_at=rows[:, 7],
        seen_at=rows[:, 8],
        source_age_seconds=rows[:, 9],
    )
