"""How long Prometheus waits for /metrics, and that history does not make it wait longer.

    python -m monps.embedded -- python -m benchmarks.bench_scrape

Beside empty servers: fills quotes, and with them collections, opportunities and bets, to each size
in turn and scrapes one granian process over loopback, one request after the other.
"""

import argparse
import sys
from typing import Final

import requests

from benchmarks import bench_api, bench_stats
from benchmarks.tables import print_table

TOKEN = bench_api.TOKEN  # importing it set Django up, which the next imports need

from django.db import connection
from django.utils import timezone

from alerts.metrics import counted

LIMIT_MS = 100.0  # p95
LIMIT_GROWTH = 1.5  # p95 of the largest size against the smallest
ROUNDS = 3  # the quietest counts
BETS = 5_000  # five a day for nearly three years
QUOTES_A_CALL = 40  # changes that a collection brings; an opportunity comes with each
SPORTS = 3

# The first matches are to come, and looked at a minute ago.
FILL_SPORTS = f"""
UPDATE matches SET commence_time = now() + id * interval '1 hour', status = 'scheduled',
       home_score = NULL, away_score = NULL
WHERE id <= {bench_api.UPCOMING};
INSERT INTO sports (id, key, title, "group", is_collected)
SELECT n, 'sport_' || n, 'Sport ' || n, '', true FROM generate_series(2, {SPORTS}) AS n;
"""

EVERY: Final = "20 seconds"  # a call

# From the newest backwards.
FILL_COLLECTIONS = f"""
INSERT INTO collections (sport_id, source, endpoint, reason, markets, regions, status, started_at,
    finished_at, observed_at, failure, error, credits_used, credits_remaining,
    credits_used_this_month, matches_received, quotes_received, quotes_stored, quotes_unchanged,
    quotes_rejected, odds_stored, tally)
SELECT 1 + n %% {SPORTS}, 'api', 'odds', 'interval', ARRAY['h2h', 'totals'], 'eu', 'stored', at,
       at + interval '1 second', at, '', '', 2, 400, 100, 60, {QUOTES_A_CALL}, {QUOTES_A_CALL}, 0,
       0, 90, '{{}}'
FROM generate_series(%s::bigint, %s::bigint) AS n,
     LATERAL (SELECT now() - n * %s::interval AS at) AS instants;
"""

FILL_CLOSED = f"""
INSERT INTO opportunities (match_id, market, line, outcome, kind, rejection, best_odds,
    best_bookmaker_id, worst_odds, worst_bookmaker_id, bookmaker_count, spread_pct,
    fair_probability, reference, edge_pct, shrunk_edge_pct, legs, price_seen_at, first_odds,
    first_edge_pct, peak_edge_pct, peak_at, first_seen_at, last_seen_at, closed_at, closing,
    first_reference, clv_status, clv_reference, paper_result)
SELECT 1 + n %% {bench_stats.MATCHES}, 'h2h', 0, 'home', 'value', '', 3.1, 1, 2.7, 2, 40, 9, 0.34,
       'consensus', 5, 2.5, '[]', at, 3.1, 5, 5, at, at, at, at, 'price_moved', 'consensus',
       'missing', '', 'lost'
FROM generate_series(%s::bigint, %s::bigint) AS n,
     LATERAL (SELECT now() - n * %s::interval AS at) AS instants;
"""


def main() -> int:
    """Measure each size; 1 when a limit is not kept."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, nargs="+", default=[100_000, 10_000_000])
    parser.add_argument("--bets", type=int, default=BETS)
    asked = parser.parse_args()
    prepare(asked.bets)
    filled, table, slow = 0, [], []
    with bench_api.web_process() as address:
        for rows in sorted(asked.rows):
            fill(filled, rows)
            filled = rows
            unfolded = measure(address)
            counted.fold(now=timezone.now())
            folded = measure(address)
            slow.append(folded[1])
            table.append([
                f"{rows:,}", f"{rows // QUOTES_A_CALL:,}",
                *(f"{median:.1f} / {p95:.1f}" for median, p95 in (folded, unfolded)),
            ])  # fmt: skip
    print_table(
        f"Scrape of /metrics over HTTP, {asked.bets:,} bets, {bench_api.UPCOMING} matches to come "
        f"(limits: p95 {LIMIT_MS:.0f} ms, growth {LIMIT_GROWTH})",
        [
            "quotes",
            "collections, and opportunities",
            "p50 / p95 (ms)",
            "before the hourly task ever ran",
        ],
        table,
    )
    return 0 if slow[-1] < LIMIT_MS and slow[-1] <= LIMIT_GROWTH * slow[0] else 1


def prepare(bets: int) -> None:
    """Everything that is there at every size."""
    bench_stats.fill(bets)
    with connection.cursor() as cursor:
        cursor.execute(FILL_SPORTS)
        cursor.execute(bench_api.FILL_OPPORTUNITIES)


def fill(filled: int, rows: int) -> None:
    """Grow from one size to the next."""
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        for statement in (FILL_COLLECTIONS, FILL_CLOSED):
            span = [filled // QUOTES_A_CALL + 1, rows // QUOTES_A_CALL, EVERY]
            cursor.execute(statement, span)
    bench_api.fill_quotes(filled + 1, rows)


def measure(address: str) -> tuple[float, float]:
    """Median and 95th percentile of the quietest round, in milliseconds."""
    with requests.Session() as session:
        session.headers["Authorization"] = f"Token {TOKEN}"
        url = f"{address}/metrics"
        if "monps_up 1.0" not in session.get(url, timeout=60).text:
            sys.exit("The metrics say that the database cannot be read.")
        return min(
            (bench_stats.one_round(session, url) for _ in range(ROUNDS)), key=lambda taken: taken[1]
        )


if __name__ == "__main__":
    sys.exit(main())
