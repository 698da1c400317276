"""One snapshot into the database: one transaction, set-based, change-only.

The rows of a snapshot are copied into a temporary table; one statement then compares them with
`latest_quotes`, locks and refreshes the current rows and appends the changed ones to `quotes`.
What was on offer and is no longer seen is withdrawn then, which is a change like any other.
Storing the same snapshot again changes nothing. A snapshot older than what is already known (a
recording replayed late) goes into history at its own time and leaves the current quotes alone.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from odds.catalogue import bookmaker_for
from odds.match_storage import store_matches
from odds.models import Bookmaker, Sport
from odds.parsing import SeenMatch, SeenQuote, Snapshot
from odds.tally import Tally
from odds.withdrawals import Asked, markets_looked_at, withdraw_unseen

LOCK_SPACE = 7_365  # any number of our own; the second half of the advisory lock is the sport

CREATE_INCOMING = """
CREATE TEMPORARY TABLE IF NOT EXISTS incoming (
    match_id integer, bookmaker_id smallint, market varchar(8), line double precision,
    odds_1 double precision, odds_x double precision, odds_2 double precision,
    source_updated_at timestamptz
) ON COMMIT DROP
"""
COPY_INCOMING = "COPY incoming FROM STDIN (FORMAT BINARY)"
INCOMING_TYPES = ["int4", "int2", "varchar", "float8", "float8", "float8", "float8", "timestamptz"]

# Rows come in key order, so that two stores cannot lock them crosswise. A quote that comes back is
# a change even with the odds it had; one withdrawn at this very instant or later is not current.
STORE_CURRENT = """
WITH current AS (
    INSERT INTO latest_quotes AS latest (
        match_id, bookmaker_id, market, line, odds_1, odds_x, odds_2,
        changed_at, seen_at, is_offered, source_updated_at
    )
    SELECT match_id, bookmaker_id, market, line::numeric(6, 2), odds_1::numeric(8, 3),
           odds_x::numeric(8, 3), odds_2::numeric(8, 3), %(now)s, %(now)s, true, source_updated_at
    FROM incoming
    ORDER BY match_id, bookmaker_id, market, line
    ON CONFLICT (match_id, bookmaker_id, market, line) DO UPDATE SET
        changed_at = CASE
            WHEN NOT latest.is_offered OR (latest.odds_1, latest.odds_x, latest.odds_2)
                IS DISTINCT FROM (excluded.odds_1, excluded.odds_x, excluded.odds_2)
            THEN excluded.changed_at ELSE latest.changed_at
        END,
        odds_1 = excluded.odds_1, odds_x = excluded.odds_x, odds_2 = excluded.odds_2,
        seen_at = excluded.seen_at, is_offered = true,
        source_updated_at = excluded.source_updated_at
    WHERE latest.seen_at < excluded.seen_at
      AND (latest.is_offered OR NOT EXISTS (
          SELECT FROM quotes withdrawn
          WHERE withdrawn.match_id = latest.match_id
            AND withdrawn.bookmaker_id = latest.bookmaker_id
            AND withdrawn.market = latest.market AND withdrawn.line = latest.line
            AND withdrawn.observed_at >= excluded.seen_at
            AND num_nonnulls(withdrawn.odds_1, withdrawn.odds_x, withdrawn.odds_2) = 0
      ))
    RETURNING *
), stored AS (
    INSERT INTO quotes (
        match_id, bookmaker_id, market, line, odds_1, odds_x, odds_2,
        observed_at, source_updated_at
    )
    SELECT match_id, bookmaker_id, market, line, odds_1, odds_x, odds_2,
           changed_at, source_updated_at
    FROM current
    WHERE changed_at = %(now)s
    RETURNING market, num_nonnulls(odds_1, odds_x, odds_2) AS odds
)
SELECT refreshed.quotes, stored.market, count(stored.market), coalesce(sum(odds), 0)
FROM (SELECT count(*) AS quotes FROM current) AS refreshed
LEFT JOIN stored ON true
GROUP BY refreshed.quotes, stored.market
"""

# Those the first statement left alone because something newer is known (the others are in force by
# now, and repeat that). Before everything known they lengthen history; inside it they may repeat
# what was in force, but not contradict it: when an unchanged price was seen again is not recorded,
# so nothing could say how long they held. Odds contradict a withdrawal.
STORE_LATE = """
WITH late AS (
    SELECT incoming.match_id, incoming.bookmaker_id, incoming.market, latest.line,
           incoming.odds_1::numeric(8, 3), incoming.odds_x::numeric(8, 3),
           incoming.odds_2::numeric(8, 3), incoming.source_updated_at,
           known.observed_at IS NULL AS is_first,
           (known.odds_1, known.odds_x, known.odds_2) IS DISTINCT FROM (
               incoming.odds_1::numeric(8, 3), incoming.odds_x::numeric(8, 3),
               incoming.odds_2::numeric(8, 3)
           ) AS differs
    FROM incoming
    JOIN latest_quotes latest
      ON latest.match_id = incoming.match_id AND latest.bookmaker_id = incoming.bookmaker_id
     AND latest.market = incoming.market AND latest.line = incoming.line::numeric(6, 2)
    LEFT JOIN LATERAL (
        SELECT odds_1, odds_x, odds_2, observed_at
        FROM quotes
        WHERE quotes.match_id = incoming.match_id
          AND quotes.bookmaker_id = incoming.bookmaker_id
          AND quotes.market = incoming.market AND quotes.line = latest.line
          AND quotes.observed_at <= %(now)s
        ORDER BY observed_at DESC
        LIMIT 1
    ) AS known ON true
), stored AS (
    INSERT INTO quotes (
        match_id, bookmaker_id, market, line, odds_1, odds_x, odds_2,
        observed_at, source_updated_at
    )
    SELECT match_id, bookmaker_id, market, line, odds_1, odds_x, odds_2,
           %(now)s, source_updated_at
    FROM late
    WHERE is_first
    RETURNING market, num_nonnulls(odds_1, odds_x, odds_2) AS odds
)
SELECT market, count(*), sum(odds), true FROM stored GROUP BY market
UNION ALL
SELECT market, count(*), 0, false FROM late WHERE differs AND NOT is_first GROUP BY market
"""
CONTRADICTS = "contradicts what is known of that time"


def store_snapshot(
    snapshot: Snapshot, *, observed_at: datetime, asked: Asked | None = None
) -> Tally:
    """Store what a snapshot holds, as seen at `observed_at`, and withdraw what it lacks.

    Must be called inside a transaction: the caller's own row says how it went and must stand or
    fall with the quotes. The sports and markets of the snapshot were looked at, and those `asked`
    for, so that an answer without any quote withdraws them all.
    """
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("store_snapshot needs a transaction")
    sports = _sport_ids(snapshot.matches)
    looked_at = {*sports.values(), *_asked_sport_ids(asked, sports)}
    _lock(looked_at)
    matches = store_matches(snapshot.matches, sports, observed_at)
    bookmakers = _bookmaker_ids(snapshot.quotes)
    tally = Tally(
        received=snapshot.received.copy(),
        rejected=snapshot.rejected.copy(),
        unreadable_matches=snapshot.unreadable_matches.copy(),
        matches=len(snapshot.matches),
    )
    if snapshot.quotes:
        _store_quotes(snapshot.quotes, matches, bookmakers, observed_at, tally)
    tally.withdrawn = withdraw_unseen(
        sport_ids=sorted(looked_at),
        markets=markets_looked_at((quote.market for quote in snapshot.quotes), asked),
        match_ids=_only_matches(asked, matches),
        observed_at=observed_at,
    )
    return tally


def store_kickoffs(seen: list[SeenMatch], *, observed_at: datetime) -> None:
    """Store what a list of matches without odds tells: new ones, moved kick-offs.

    Must be called inside a transaction, as `store_snapshot`.
    """
    sports = _sport_ids(seen)
    _lock(sports.values())
    store_matches(seen, sports, observed_at)


def _sport_ids(matches: Iterable[SeenMatch]) -> dict[str, int]:
    titles = {match.sport_key: match.sport_title for match in matches}
    known = dict(Sport.objects.filter(key__in=titles).values_list("key", "id"))
    missing = [Sport(key=key, title=titles[key]) for key in sorted(titles.keys() - known.keys())]
    if missing:
        Sport.objects.bulk_create(missing, ignore_conflicts=True)
        known = dict(Sport.objects.filter(key__in=titles).values_list("key", "id"))
    return known


def _asked_sport_ids(asked: Asked | None, known: dict[str, int]) -> list[int]:
    """The sport asked for, where the answer held no match of it."""
    if asked is None or asked.sport_key in known:
        return []
    return list(Sport.objects.filter(key=asked.sport_key).values_list("id", flat=True))


def _only_matches(asked: Asked | None, matches: dict[str, tuple[int, bool]]) -> list[int] | None:
    """The matches looked at, where it was not whole sports."""
    if asked is None or asked.is_whole_sport:
        return None
    return [match_id for match_id, _is_swapped in matches.values()]


def _lock(sport_ids: Iterable[int]) -> None:
    """Stores of one sport go one after the other; sorted, so that no two wait crosswise."""
    with connection.cursor() as cursor:
        for sport_id in sorted(sport_ids):
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK_SPACE, sport_id])


def _bookmaker_ids(quotes: Iterable[SeenQuote]) -> dict[str, int]:
    titles = {quote.bookmaker_key: quote.bookmaker_title for quote in quotes}
    known = dict(Bookmaker.objects.filter(key__in=titles).values_list("key", "id"))
    missing = sorted(titles.keys() - known.keys())
    if missing:
        Bookmaker.objects.bulk_create(
            [bookmaker_for(key, titles[key]) for key in missing], ignore_conflicts=True
        )
        known = dict(Bookmaker.objects.filter(key__in=titles).values_list("key", "id"))
    return known


def _store_quotes(
    quotes: list[SeenQuote],
    matches: dict[str, tuple[int, bool]],
    bookmakers: dict[str, int],
    observed_at: datetime,
    tally: Tally,
) -> None:
    """Copy, compare, store, and count into `tally`."""
    with connection.cursor() as cursor:
        cursor.execute(CREATE_INCOMING)
        with cursor.copy(COPY_INCOMING) as copy:
            copy.set_types(INCOMING_TYPES)
            for quote in quotes:
                copy.write_row(_row(quote, matches, bookmakers))
        cursor.execute(STORE_CURRENT, {"now": observed_at})
        rows = cursor.fetchall()
        for _refreshed, market, count, odds in rows:
            if market:
                tally.stored[market] += count
                tally.odds_stored += odds
        if rows[0][0] != len(quotes):
            _store_late(cursor, observed_at, tally)
        cursor.execute("TRUNCATE incoming")  # several snapshots may share a transaction


def _store_late(cursor: Any, observed_at: datetime, tally: Tally) -> None:
    cursor.execute(STORE_LATE, {"now": observed_at})
    for market, count, odds, is_stored in cursor.fetchall():
        if is_stored:
            tally.stored[market] += count
            tally.odds_stored += odds
        else:
            tally.rejected[market, CONTRADICTS] += count


def _row(
    quote: SeenQuote, matches: dict[str, tuple[int, bool]], bookmakers: dict[str, int]
) -> tuple[object, ...]:
    match_id, is_swapped = matches[quote.provider_id]
    first, draw, second = quote.odds
    line = quote.line
    if is_swapped and quote.market != "totals":
        first, second = second, first
        line = 0.0 - line
    return (
        match_id,
        bookmakers[quote.bookmaker_key],
        quote.market,
        line,
        first,
        draw,
        second,
        quote.source_updated_at,
    )
