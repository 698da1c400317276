"""How fast the statistics answer over HTTP with a hundred thousand bets.

    python -m monps.embedded -- python -m benchmarks.bench_stats

Beside empty servers: fills bets, their ledger and current odds, asks one granian process over
loopback, one request after the other, and compares p95 with the limit of the design.
"""

import argparse
import os
import statistics
import sys
import time
from operator import itemgetter

import requests

from benchmarks import bench_api
from benchmarks.tables import print_table

TOKEN = bench_api.TOKEN  # importing it set Django up, which the next imports need

from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import connection

LIMIT_MS = 200.0  # p95
WARM_UP, MEASURED = 3, 30  # requests of a round
ROUNDS = 3  # the quietest counts: whatever else runs on the machine only slows a round down
MATCHES = 5_000  # five hours apart: nearly three years
TABLES = ("bets", "bankroll_entries", "matches", "latest_quotes")
PATHS = (
    "/stats/global",
    "/stats/bankroll",
    "/stats/performance",
    "/stats/performance?period=90d&group_by=week",
    "/stats/performance?period=all",
    "/stats/performance?period=all&group_by=month",
    "/stats/bookmakers",
    "/stats/analytics/comprehensive",
    "/stats/analytics/comprehensive?period_days=365",
)

FILL_MATCHES = f"""
INSERT INTO sports (id, key, title, "group", is_collected)
VALUES (1, 'soccer_epl', 'EPL', 'Soccer', true);
INSERT INTO bookmakers (id, key, title, operator, kind, commission, is_playable)
SELECT n, 'book_' || n, 'Book ' || n, 'operator_' || n, 'soft', 0, false
FROM generate_series(1, {bench_api.BOOKMAKERS}) AS n;
INSERT INTO matches (id, provider_id, sport_id, home_team, away_team, commence_time,
                     is_swapped_at_source, status, home_score, away_score)
SELECT n, md5(n::text), 1, 'Home ' || n, 'Away ' || n,
       now() - ({MATCHES} + 1 - n) * interval '5 hours', false, 'completed', 1, 0
FROM generate_series(1, {MATCHES}) AS n;
INSERT INTO accounts (id, name, created_at) VALUES (1, 'Cash', now() - interval '4 years');
"""

# Prices a little better than fair, four fifths of them graded; one bet in twenty is void.
FILL_BETS = f"""
INSERT INTO bets (id, match_id, home_team, away_team, sport_key, league, commence_time, market,
    line, outcome, selection, side, bookmaker_id, odds, stake, risk, commission, bet_type,
    account_id, is_paper, edge_pct, fair_probability, reference, agent_recommended, patron_score,
    notes, status, result, final_score, commission_paid, payout, profit, settled_by, settled_at,
    placed_at, updated_at, revision, request_digest, clv_status, clv_reference, clv_pct,
    clv_fair_pct, graded_at)
SELECT bet, match_id, home_team, away_team, 'soccer_epl', 'League ' || match_id %% 9,
       commence_time, market, CASE market WHEN 'totals' THEN 2.5 ELSE 0 END,
       CASE market WHEN 'totals' THEN 'over' ELSE 'home' END, '', 'back',
       1 + bet %% {bench_api.BOOKMAKERS}, odds, stake, stake, 0,
       (ARRAY['value', 'arbitrage', 'tabac', 'ligne'])[1 + bet %% 4], 1, false, 3 * random(),
       1 / odds, 'pinnacle', '', '', '', CASE result WHEN 'void' THEN 'void' ELSE 'settled' END,
       result, '1-0', 0, payout, payout - stake, 'auto',
       commence_time + interval '2 hours' + bet * interval '1 second',
       commence_time - interval '1 day', commence_time, 1, '',
       CASE WHEN clv IS NULL THEN 'missing' ELSE 'graded' END,
       CASE WHEN clv IS NULL THEN '' ELSE 'consensus' END, clv + 2, clv, commence_time
FROM (
    SELECT *, CASE result WHEN 'won' THEN round(odds * stake, 2) WHEN 'lost' THEN 0 ELSE stake END
           AS payout
    FROM (
        SELECT *, CASE WHEN bet %% 20 = 0 THEN 'void' WHEN bet %% 20 = 1 THEN 'push'
                       WHEN random() < 1.02 / odds THEN 'won' ELSE 'lost' END AS result
        FROM (
            SELECT n AS bet, 1 + (n - 1) * {MATCHES} / %(bets)s AS match_id,
                   CASE WHEN n %% 5 < 4 THEN 'h2h' ELSE 'totals' END AS market,
                   round((1.2 + 4 * random() ^ 2)::numeric, 2) AS odds,
                   round((1 + 4 * random())::numeric, 2) AS stake,
                   CASE WHEN n %% 5 < 4 THEN 1 + 10 * (random() - 0.5) END AS clv
            FROM generate_series(1, %(bets)s::bigint) AS n
        ) AS numbered
    ) AS drawn
) AS priced
JOIN matches ON matches.id = match_id;
"""

FILL_LEDGER = """
INSERT INTO bankroll_entries (account_id, kind, amount, at, recorded_by, note)
VALUES (1, 'initial', 10000, now() - interval '4 years', '', '');
INSERT INTO bankroll_entries (account_id, kind, amount, bet_id, revision, at, recorded_by, note)
SELECT 1, 'stake', -risk, id, 1, placed_at, '', '' FROM bets
UNION ALL
SELECT 1, 'payout', payout, id, 1, settled_at, '', '' FROM bets;
"""


def main() -> int:
    """Measure each path; 1 when the limit is not kept."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--bets", type=int, default=100_000)
    bets = parser.parse_args().bets
    fill(bets)
    with bench_api.web_process() as address:
        taken = measure(address)
    print_table(
        f"Statistics over HTTP, {bets:,} bets on {MATCHES:,} matches "
        f"(limit: p95 {LIMIT_MS:.0f} ms)",
        ["path", "p50 (ms)", "p95 (ms)", "limit"],
        [
            [path, f"{median:.1f}", f"{slow:.1f}", "kept" if slow < LIMIT_MS else "NOT KEPT"]
            for path, (median, slow) in taken.items()
        ],
    )
    return 0 if all(slow < LIMIT_MS for _median, slow in taken.values()) else 1


def fill(bets: int) -> None:
    """Tables, a user for the token, current odds, and the bets with their money."""
    call_command("migrate", verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        cursor.execute("SELECT (SELECT count(*) FROM matches) + count(*) FROM bets")
        if cursor.fetchone()[0]:
            sys.exit("The database holds bets already; this benchmark wants an empty one.")
        cursor.execute(FILL_MATCHES)
        cursor.execute(bench_api.FILL_LATEST)
        cursor.execute(FILL_BETS, {"bets": bets})
        cursor.execute(FILL_LEDGER)
        for table in TABLES:
            cursor.execute(f"VACUUM ANALYZE {table}")
        cursor.execute("CHECKPOINT")  # or writing it all down would run beside the measurement
    User.objects.create_user(os.environ["MONPS_ADMIN_USER"])


def measure(address: str) -> dict[str, tuple[float, float]]:
    """Median and 95th percentile of each path in its quietest round, in milliseconds."""
    with requests.Session() as session:
        session.headers["Authorization"] = f"Token {TOKEN}"
        rounds = [
            {path: one_round(session, address + path) for path in PATHS} for _ in range(ROUNDS)
        ]
    return {path: min((taken[path] for taken in rounds), key=itemgetter(1)) for path in PATHS}


def one_round(session: requests.Session, url: str) -> tuple[float, float]:
    """Ask one path again and again; median and 95th percentile in milliseconds."""
    milliseconds = []
    for number in range(WARM_UP + MEASURED):
        started = time.perf_counter()
        answer = session.get(url, timeout=60)
        elapsed = time.perf_counter() - started
        if not answer.ok:
            sys.exit(f"{url} answered {answer.status_code}: {answer.text[:200]}")
        if number >= WARM_UP:
            milliseconds.append(elapsed * 1000)
    return statistics.median(milliseconds), statistics.quantiles(milliseconds, n=20)[-1]


if __name__ == "__main__":
    sys.exit(main())
