"""One snapshot into the database: one transaction, set-based, change-only.

The rows of a snapshot are copied into a temporary table; one statement then compares them with
`latest_quotes`, locks and refreshes the current rows and appends the changed ones to `quotes`.
Storing the same snapshot again changes nothing. A snapshot older than what is already known (a
recording replayed late) goes into history at its own time and leaves the current quotes alone.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db import connection, transaction

from odds.catalogue import bookmaker_for
from odds.models import Bookmaker, Match, MatchChange, Sport
from odds.parsing import SeenMatch, SeenQuote, Snapshot

LOCK_SPACE = 7_365  # any number of our own; the second half of the advisory lock is the sport

CREATE_INCOMING = """
CREATE TEMPORARY TABLE incoming (
    match_id integer, bookmaker_id smallint, market varchar(8), line double precision,
    odds_1 double precision, odds_x double precision, odds_2 double precision,
    source_updated_at timestamptz
) ON COMMIT DROP
"""
COPY_INCOMING = "COPY incoming FROM STDIN (FORMAT BINARY)"
INCOMING_TYPES = ["int4", "int2", "varchar", "float8", "float8", "float8", "float8", "timestamptz"]

# Rows come in key order, so that two stores cannot lock them crosswise.
STORE_CURRENT = """
WITH current AS (
    INSERT INTO latest_quotes AS latest (
        match_id, bookmaker_id, market, line, odds_1, odds_x, odds_2,
        changed_at, seen_at, source_updated_at
    )
    SELECT match_id, bookmaker_id, market, line::numeric(6, 2), odds_1::numeric(8, 3),
           odds_x::numeric(8, 3), odds_2::numeric(8, 3), %(now)s, %(now)s, source_updated_at
    FROM incoming
    ORDER BY match_id, bookmaker_id, market, line
    ON CONFLICT (match_id, bookmaker_id, market, line) DO UPDATE SET
        changed_at = CASE
            WHEN (latest.odds_1, latest.odds_x, latest.odds_2)
                IS DISTINCT FROM (excluded.odds_1, excluded.odds_x, excluded.odds_2)
            THEN excluded.changed_at ELSE latest.changed_at
        END,
        odds_1 = excluded.odds_1, odds_x = excluded.odds_x, odds_2 = excluded.odds_2,
        seen_at = excluded.seen_at, source_updated_at = excluded.source_updated_at
    WHERE latest.seen_at < excluded.seen_at
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

# Those the first statement left alone because something newer is known: stored where they differ
# from what was in force at their time.
STORE_LATE = """
WITH late AS (
    INSERT INTO quotes (
        match_id, bookmaker_id, market, line, odds_1, odds_x, odds_2,
        observed_at, source_updated_at
    )
    SELECT incoming.match_id, incoming.bookmaker_id, incoming.market, latest.line,
           incoming.odds_1::numeric(8, 3), incoming.odds_x::numeric(8, 3),
           incoming.odds_2::numeric(8, 3), %(now)s, incoming.source_updated_at
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
    WHERE latest.seen_at > %(now)s
      AND (known.observed_at IS NULL OR (
          known.observed_at < %(now)s
          AND (known.odds_1, known.odds_x, known.odds_2) IS DISTINCT FROM (
              incoming.odds_1::numeric(8, 3), incoming.odds_x::numeric(8, 3),
              incoming.odds_2::numeric(8, 3)
          )
      ))
    RETURNING market, num_nonnulls(odds_1, odds_x, odds_2) AS odds
)
SELECT market, count(*), sum(odds) FROM late GROUP BY market
"""


@dataclass(slots=True)
class Tally:
    """What became of a snapshot's quotes, by market; received = stored + unchanged + rejected."""

    received: Counter[str] = field(default_factory=Counter)
    stored: Counter[str] = field(default_factory=Counter)
    rejected: Counter[tuple[str, str]] = field(default_factory=Counter)
    unreadable_matches: Counter[str] = field(default_factory=Counter)
    matches: int = 0
    odds_stored: int = 0

    @property
    def rejected_total(self) -> int:
        """Quotes that could not be used."""
        return self.rejected.total()

    @property
    def unchanged_total(self) -> int:
        """Quotes that repeat what was known."""
        return self.received.total() - self.stored.total() - self.rejected_total

    def by_market(self) -> dict[str, dict[str, int | dict[str, int]]]:
        """The account as stored with the collection."""
        account: dict[str, dict[str, int | dict[str, int]]] = {}
        for market, received in sorted(self.received.items()):
            reasons = {why: n for (key, why), n in sorted(self.rejected.items()) if key == market}
            stored = self.stored[market]
            account[market] = {
                "received": received,
                "stored": stored,
                "unchanged": received - stored - sum(reasons.values()),
                "rejected": reasons,
            }
        return account


def store_snapshot(snapshot: Snapshot, *, observed_at: datetime) -> Tally:
    """Store what a snapshot holds, as seen at `observed_at`.

    Must be called inside a transaction: the caller's own row says how it went and must stand or
    fall with the quotes.
    """
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("store_snapshot needs a transaction")
    sports = _sport_ids(snapshot.matches)
    _lock(sports.values())
    matches = _store_matches(snapshot.matches, sports, observed_at)
    bookmakers = _bookmaker_ids(snapshot.quotes)
    tally = Tally(
        received=snapshot.received.copy(),
        rejected=snapshot.rejected.copy(),
        unreadable_matches=snapshot.unreadable_matches.copy(),
        matches=len(snapshot.matches),
    )
    if snapshot.quotes:
        for market, count, odds in _store_quotes(snapshot.quotes, matches, bookmakers, observed_at):
            tally.stored[market] += count
            tally.odds_stored += odds
    return tally


def _sport_ids(matches: Iterable[SeenMatch]) -> dict[str, int]:
    titles = {match.sport_key: match.sport_title for match in matches}
    known = dict(Sport.objects.filter(key__in=titles).values_list("key", "id"))
    missing = [Sport(key=key, title=titles[key]) for key in sorted(titles.keys() - known.keys())]
    if missing:
        Sport.objects.bulk_create(missing, ignore_conflicts=True)
        known = dict(Sport.objects.filter(key__in=titles).values_list("key", "id"))
    return known


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


def _store_matches(
    seen: list[SeenMatch], sports: dict[str, int], observed_at: datetime
) -> dict[str, tuple[int, bool]]:
    """Insert new matches and follow what the source changed.

    Returns:
        For each provider id, the match's id and whether the source now lists its teams the other
        way round from how they are stored.
    """
    known = Match.objects.in_bulk([match.provider_id for match in seen], field_name="provider_id")
    new = [match for match in seen if match.provider_id not in known]
    created = Match.objects.bulk_create(
        Match(
            provider_id=match.provider_id,
            sport_id=sports[match.sport_key],
            home_team=match.home_team,
            away_team=match.away_team,
            commence_time=match.commence_time,
        )
        for match in new
    )
    ids = {match.provider_id: (match.pk, False) for match in created}
    changes: list[MatchChange] = []
    changed: list[Match] = []
    for match in seen:
        if row := known.get(match.provider_id):
            found, is_swapped = _differences(row, match, observed_at)
            ids[match.provider_id] = (row.pk, is_swapped)
            if found and not _is_late(row, observed_at):
                changes += found
                changed.append(row)
    if changed:
        Match.objects.bulk_update(
            changed, ["home_team", "away_team", "commence_time", "is_swapped_at_source"]
        )
        MatchChange.objects.bulk_create(changes)
    return ids


def _is_late(row: Match, observed_at: datetime) -> bool:
    """Something newer is already known about this match, so an old answer changes nothing."""
    newest = row.latest_quotes.order_by("-seen_at").values_list("seen_at", flat=True).first()
    return newest is not None and newest >= observed_at


def _differences(
    row: Match, match: SeenMatch, observed_at: datetime
) -> tuple[list[MatchChange], bool]:
    """What the source changed; `row` is brought up to date in memory."""
    found = []

    def note(kind: MatchChange.Kind, before: str, after: str) -> None:
        found.append(
            MatchChange(match=row, kind=kind, before=before, after=after, observed_at=observed_at)
        )

    is_swapped = match.home_team == row.away_team or match.away_team == row.home_team
    if is_swapped != row.is_swapped_at_source:
        shown = f"{row.home_team} – {row.away_team}", f"{row.away_team} – {row.home_team}"
        note(MatchChange.Kind.SWAPPED, *(shown if is_swapped else reversed(shown)))
        row.is_swapped_at_source = is_swapped
    home, away = match.home_team, match.away_team
    if is_swapped:
        home, away = away, home
    if (home, away) != (row.home_team, row.away_team):
        note(MatchChange.Kind.RENAMED, str(row), f"{home} – {away}")
        row.home_team, row.away_team = home, away
    if match.commence_time != row.commence_time:
        note(
            MatchChange.Kind.KICKOFF,
            row.commence_time.isoformat(),
            match.commence_time.isoformat(),
        )
        row.commence_time = match.commence_time
    return found, is_swapped


def _store_quotes(
    quotes: list[SeenQuote],
    matches: dict[str, tuple[int, bool]],
    bookmakers: dict[str, int],
    observed_at: datetime,
) -> list[tuple[str, int, int]]:
    """Copy, compare, store.

    Returns:
        Market, quotes stored and single odds in them.
    """
    with connection.cursor() as cursor:
        cursor.execute(CREATE_INCOMING)
        with cursor.copy(COPY_INCOMING) as copy:
            copy.set_types(INCOMING_TYPES)
            for quote in quotes:
                copy.write_row(_row(quote, matches, bookmakers))
        cursor.execute(STORE_CURRENT, {"now": observed_at})
        rows = cursor.fetchall()
        stored = [(market, count, odds) for _refreshed, market, count, odds in rows if market]
        if rows[0][0] != len(quotes):
            cursor.execute(STORE_LATE, {"now": observed_at})
            stored += cursor.fetchall()
        cursor.execute("DROP TABLE incoming")
    return stored


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
