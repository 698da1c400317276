"""The life of opportunities: findings into rows, set-based.

The findings of one detection are copied into a temporary table; then three statements close what
was not found again, refresh what was, and open what is new. The caller holds the sport's lock.
"""

import json
from collections.abc import Iterable
from dataclasses import asdict
from datetime import UTC, datetime

from django.db import connection

from betting.detection.findings import Finding, Leg

CREATE_FOUND = """
CREATE TEMPORARY TABLE found (
    match_id integer, market varchar(8), line double precision, outcome varchar(5),
    kind varchar(9), rejection varchar(14), best_odds double precision,
    best_bookmaker_id smallint, worst_odds double precision, worst_bookmaker_id smallint,
    bookmaker_count integer, spread_pct double precision, fair_probability double precision,
    reference varchar(60), edge_pct double precision, shrunk_edge_pct double precision,
    legs text, price_seen_at timestamptz, seen_at timestamptz
) ON COMMIT DROP
"""
COPY_FOUND = "COPY found FROM STDIN (FORMAT BINARY)"
FOUND_TYPES = [
    *("int4", "varchar", "float8", "varchar", "varchar", "varchar", "float8", "int2", "float8"),
    *("int2", "int4", "float8", "float8", "varchar", "float8", "float8", "text"),
    *("timestamptz", "timestamptz"),
]

SAME_KEY = """
    found.match_id = opportunities.match_id AND found.market = opportunities.market
    AND found.line::numeric(6, 2) = opportunities.line AND found.outcome = opportunities.outcome
    AND found.kind = opportunities.kind AND opportunities.closed_at IS NULL
"""

# A row ends when it was seen to be gone, but never later than at kick-off.
CLOSED_AT = "greatest(last_seen_at, least(%(now)s, commence_time))"

CLOSE = f"""
UPDATE opportunities
SET closed_at = {CLOSED_AT},
    closing = CASE
        WHEN commence_time <= %(now)s THEN 'kicked_off'
        WHEN is_found THEN 'judged_anew'
        WHEN opportunities.market <> ALL (%(markets)s) THEN 'expired'
        WHEN EXISTS (
            SELECT FROM latest_quotes quote
            JOIN unnest(%(markets)s::text[], %(looks)s::timestamptz[]) AS look (market, observed_at)
              ON look.market = quote.market AND quote.seen_at >= look.observed_at
            WHERE quote.match_id = opportunities.match_id
              AND quote.market = opportunities.market AND quote.line = opportunities.line
              AND CASE
                  WHEN outcome IN ('home', 'over') THEN odds_1
                  WHEN outcome = 'draw' THEN odds_x
                  WHEN outcome IN ('away', 'under') THEN odds_2
                  ELSE coalesce(odds_1, odds_x, odds_2)
              END IS NOT NULL
        ) THEN 'price_moved'
        ELSE 'withdrawn'
    END
FROM (
    SELECT opportunities.id, commence_time, found.match_id IS NOT NULL AS is_found
    FROM opportunities
    JOIN matches ON matches.id = opportunities.match_id
    LEFT JOIN found ON {SAME_KEY}
    WHERE sport_id = %(sport_id)s AND closed_at IS NULL
      AND (found.rejection = '') IS DISTINCT FROM (opportunities.rejection = '')
) AS ended
WHERE ended.id = opportunities.id
"""  # noqa: S608 - made of constants

REFRESH = f"""
UPDATE opportunities
SET rejection = found.rejection, best_odds = found.best_odds::numeric(8, 3),
    best_bookmaker_id = found.best_bookmaker_id, worst_odds = found.worst_odds::numeric(8, 3),
    worst_bookmaker_id = found.worst_bookmaker_id, bookmaker_count = found.bookmaker_count,
    spread_pct = found.spread_pct, fair_probability = found.fair_probability,
    reference = found.reference, edge_pct = found.edge_pct,
    shrunk_edge_pct = found.shrunk_edge_pct, legs = found.legs::jsonb,
    price_seen_at = found.price_seen_at,
    peak_at = CASE
        WHEN found.edge_pct > coalesce(peak_edge_pct, '-infinity') THEN found.seen_at ELSE peak_at
    END,
    peak_edge_pct = greatest(peak_edge_pct, found.edge_pct),
    last_seen_at = greatest(last_seen_at, found.seen_at)
FROM found
WHERE {SAME_KEY}
"""  # noqa: S608 - made of constants

OPEN = f"""
INSERT INTO opportunities (
    match_id, market, line, outcome, kind, rejection, best_odds, best_bookmaker_id, worst_odds,
    worst_bookmaker_id, bookmaker_count, spread_pct, fair_probability, reference, edge_pct,
    shrunk_edge_pct, legs, price_seen_at, first_odds, first_bookmaker_id, first_reference,
    first_edge_pct, peak_edge_pct, peak_at, first_seen_at, last_seen_at, closing, clv_status,
    clv_reference, paper_result
)
SELECT match_id, market, line::numeric(6, 2), outcome, kind, rejection, best_odds::numeric(8, 3),
       best_bookmaker_id, worst_odds::numeric(8, 3), worst_bookmaker_id, bookmaker_count,
       spread_pct, fair_probability, reference, edge_pct, shrunk_edge_pct, legs::jsonb,
       price_seen_at, best_odds::numeric(8, 3), best_bookmaker_id, reference, edge_pct,
       edge_pct, seen_at, seen_at, seen_at, '', 'pending', '', ''
FROM found
WHERE NOT EXISTS (SELECT FROM opportunities WHERE {SAME_KEY})
"""  # noqa: S608 - made of constants

# Rows that a running detection is judging are left to it.
CLOSE_FINISHED = f"""
UPDATE opportunities
SET closed_at = {CLOSED_AT},
    closing = CASE WHEN commence_time <= %(now)s THEN 'kicked_off' ELSE 'expired' END
FROM matches
WHERE matches.id = opportunities.match_id
  AND opportunities.id IN (
      SELECT opportunities.id FROM opportunities
      JOIN matches ON matches.id = opportunities.match_id
      WHERE closed_at IS NULL AND (commence_time <= %(now)s OR price_seen_at < %(oldest)s)
      FOR UPDATE OF opportunities SKIP LOCKED
  )
"""  # noqa: S608 - made of constants


def record(
    findings: Iterable[Finding],
    *,
    sport_id: int,
    ids: dict[str, int],
    looks: dict[str, datetime],
    now: datetime,
) -> tuple[int, int, int]:
    """Bring a sport's unclosed opportunities in line with what was found.

    Args:
        findings: All of the sport, with at most one for each key.
        sport_id: The sport, whose lock the caller's transaction holds.
        ids: Bookmakers' ids by key.
        looks: When each market was last looked at: when its findings were seen.
        now: The instant of the detection.

    Returns:
        How many rows were opened, refreshed and closed.
    """
    given: dict[str, int | datetime | list[str] | list[datetime]] = {
        "sport_id": sport_id,
        "markets": list(looks),
        "looks": list(looks.values()),
        "now": now,
    }
    with connection.cursor() as cursor:
        cursor.execute(CREATE_FOUND)
        with cursor.copy(COPY_FOUND) as copy:
            copy.set_types(FOUND_TYPES)
            for finding in findings:
                copy.write_row(_row(finding, ids, looks[finding.market]))
        cursor.execute("ANALYZE found")
        cursor.execute(CLOSE, given)
        closed = cursor.rowcount
        cursor.execute(REFRESH)
        refreshed = cursor.rowcount
        cursor.execute(OPEN)
        opened = cursor.rowcount
        cursor.execute("DROP TABLE found")
    return opened, refreshed, closed


def close_finished(*, now: datetime, oldest: datetime) -> int:
    """Close what kicked off by `now` or was last priced before `oldest`, of whatever sport.

    Returns:
        How many rows were closed.
    """
    with connection.cursor() as cursor:
        cursor.execute(CLOSE_FINISHED, {"now": now, "oldest": oldest})
        closed: int = cursor.rowcount
    return closed


def _row(finding: Finding, ids: dict[str, int], seen_at: datetime) -> tuple[object, ...]:
    return (
        finding.match_id,
        finding.market,
        finding.line,
        finding.outcome,
        finding.kind.value,
        finding.rejection,
        finding.best_odds,
        finding.best_bookmaker and ids[finding.best_bookmaker],
        finding.worst_odds,
        finding.worst_bookmaker and ids[finding.worst_bookmaker],
        finding.bookmaker_count,
        finding.spread_pct,
        finding.fair_probability,
        finding.reference,
        finding.edge_pct,
        finding.shrunk_edge_pct,
        json.dumps([_leg(leg) for leg in finding.legs]),
        _instant(finding.price_seen_at),
        seen_at,
    )


def _leg(leg: Leg) -> dict[str, object]:
    return asdict(leg) | {"seen_at": _instant(leg.seen_at).isoformat()}


def _instant(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
