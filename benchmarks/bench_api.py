"""How fast the API answers over HTTP, and that history does not slow it down.

    python -m monps.embedded -- python -m benchmarks.bench_api

Beside empty servers: fills `quotes` to each size in turn, asks one granian process over loopback,
one request after the other, and compares p95 with the limits of the design.
"""

import argparse
import contextlib
import os
import secrets
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from itertools import cycle
from operator import itemgetter

import django
import requests

TOKEN = secrets.token_urlsafe()
os.environ |= {
    "HTTPS": "false",
    "ALLOWED_HOSTS": "127.0.0.1",
    "LOG_LEVEL": "WARNING",
    "MONPS_ADMIN_USER": "bench",
    "MONPS_API_TOKEN": TOKEN,
}
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "monps.settings")
os.environ.setdefault("SECRET_KEY", secrets.token_urlsafe(50))
django.setup()

from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import connection

from benchmarks.tables import print_table
from odds.models import Match

LIMIT_MS = 50.0  # p95
LIMIT_GROWTH = 1.5  # p95 of the largest size against the smallest
WARM_UP, MEASURED = 20, 200  # requests of a round
ROUNDS = 5  # the quietest counts: whatever else runs on the machine only slows a round down
MATCHES, UPCOMING, BOOKMAKERS = 360, 60, 40
EQUAL_ITEMS = 100  # of history, which every match has at the smallest size already
FULL_HISTORY = "/odds/history/{match_id}"  # up to 500 items: the answer itself grows

# Every sixth match is to come; the sport was looked at a minute ago.
FILL_MATCHES = f"""
INSERT INTO sports (id, key, title, "group", is_collected)
VALUES (1, 'soccer_epl', 'EPL', 'Soccer', true);
INSERT INTO bookmakers (id, key, title, operator, kind, commission, is_playable)
SELECT n, 'book_' || n, 'Book ' || n, 'operator_' || n, 'soft', 0, false
FROM generate_series(1, {BOOKMAKERS}) AS n;
INSERT INTO matches (id, provider_id, sport_id, home_team, away_team, commence_time,
                     is_swapped_at_source, status)
SELECT n, md5(n::text), 1, 'Home ' || n, 'Away ' || n,
       now() + CASE WHEN n <= {UPCOMING} THEN n ELSE -n END * interval '2 hours', false, 'scheduled'
FROM generate_series(1, {MATCHES}) AS n;
INSERT INTO collections (sport_id, source, endpoint, reason, markets, regions, status, started_at,
    finished_at, observed_at, failure, error, credits_remaining, credits_used_this_month,
    matches_received, quotes_received, quotes_stored, quotes_unchanged, quotes_rejected,
    odds_stored, tally)
SELECT 1, 'api', 'odds', 'interval', ARRAY['h2h', 'totals'], 'eu', 'stored', at, at, at, '', '',
       400, 100, 0, 0, 0, 0, 0, 0, '{{}}'
FROM generate_series(now() - interval '1 year', now() - interval '1 minute',
                     interval '2 hours') AS at;
"""

# A match winner and five totals of every match at every bookmaker; those to come are on offer.
FILL_LATEST = f"""
INSERT INTO latest_quotes (match_id, bookmaker_id, market, line, odds_1, odds_x, odds_2,
                           changed_at, seen_at)
SELECT match_id, bookmaker_id, market, line, 1.5 + 3 * random(),
       CASE market WHEN 'h2h' THEN 3 + random() END, 1.5 + 3 * random(), now() - interval '1 day',
       CASE WHEN match_id <= {UPCOMING} THEN now() ELSE now() - interval '1 day' END
FROM generate_series(1, {MATCHES}) AS match_id,
     generate_series(1, {BOOKMAKERS}) AS bookmaker_id,
     (VALUES ('h2h', 0), ('totals', 1.5), ('totals', 2.5), ('totals', 3.5), ('totals', 2.25),
             ('totals', 2.75)) AS offered (market, line);
"""

# A value, a spread and a closed value of every match and outcome.
FILL_OPPORTUNITIES = f"""
INSERT INTO opportunities (match_id, market, line, outcome, kind, rejection, best_odds,
    best_bookmaker_id, worst_odds, worst_bookmaker_id, bookmaker_count, spread_pct,
    fair_probability, reference, edge_pct, shrunk_edge_pct, legs, price_seen_at, first_odds,
    first_edge_pct, peak_edge_pct, peak_at, first_seen_at, last_seen_at, closed_at, closing,
    first_reference, clv_status, clv_reference, paper_result)
SELECT match_id, 'h2h', 0, outcome, kind, '', 3.1, 1 + match_id % {BOOKMAKERS}, 2.7,
       1 + (match_id + 1) % {BOOKMAKERS}, {BOOKMAKERS}, 5 + 20 * random(), 0.34, 'consensus',
       2 + 8 * random(), 2.5, '[]', now(), 3.1, 5, 5, now(), now(), now(),
       CASE WHEN is_closed THEN now() END, CASE WHEN is_closed THEN 'price_moved' ELSE '' END,
       'consensus', 'pending', '', ''
FROM generate_series(1, {MATCHES}) AS match_id,
     unnest(ARRAY['home', 'draw', 'away']) AS outcome,
     (VALUES ('value', false), ('spread', false), ('value', true)) AS kinds (kind, is_closed);
"""

# In the order of time, as collecting does: a match's rows lie scattered over the table.
FILL_QUOTES = f"""
INSERT INTO quotes (match_id, bookmaker_id, market, line, odds_1, odds_x, odds_2, observed_at)
SELECT 1 + n %% {MATCHES}, 1 + n / {MATCHES} %% {BOOKMAKERS},
       CASE WHEN n %% 7 < 4 THEN 'h2h' ELSE 'totals' END, CASE WHEN n %% 7 < 4 THEN 0 ELSE 2.5 END,
       1.5 + 3 * random(), CASE WHEN n %% 7 < 4 THEN 3 + random() END, 1.5 + 3 * random(),
       now() - interval '300 days' + n * interval '2 seconds'
FROM generate_series(%s::bigint, %s::bigint) AS n
"""


def main() -> int:
    """Measure each size; 1 when a limit is not kept."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, nargs="+", default=[100_000, 10_000_000])
    sizes = sorted(parser.parse_args().rows)
    prepare()
    taken: dict[str, list[tuple[float, float]]] = {}
    filled = 0
    with web_process() as address:
        for rows in sizes:
            fill_quotes(filled + 1, rows)
            filled = rows
            for path, times in measure(address).items():
                taken.setdefault(path, []).append(times)
    print_table(
        f"Answers of the API over HTTP, {UPCOMING} matches to come, {BOOKMAKERS} bookmakers "
        f"(limits: p95 {LIMIT_MS:.0f} ms, growth {LIMIT_GROWTH})",
        [
            "path",
            *(f"{rows:,} quotes: p50 / p95 (ms)" for rows in sizes),
            "growth of p95",
            "limits",
        ],
        [row(path, times) for path, times in taken.items()],
    )
    return 0 if all(is_kept(path, times) for path, times in taken.items()) else 1


def row(path: str, times: list[tuple[float, float]]) -> list[str]:
    """One path's line of the table."""
    measured = [f"{median:.1f} / {slow:.1f}" for median, slow in times]
    return [path, *measured, f"{growth(times):.2f}", "kept" if is_kept(path, times) else "NOT KEPT"]


def growth(times: list[tuple[float, float]]) -> float:
    """The largest size's p95 against the smallest's."""
    return times[-1][1] / times[0][1]


def is_kept(path: str, times: list[tuple[float, float]]) -> bool:
    """Whether a path stays inside both limits; growth is judged between equal answers only."""
    grows_as_allowed = path == FULL_HISTORY or growth(times) <= LIMIT_GROWTH
    return times[-1][1] < LIMIT_MS and grows_as_allowed


def prepare() -> None:
    """Tables, a user for the token, and everything but history."""
    call_command("migrate", verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute("SELECT (SELECT count(*) FROM matches) + count(*) FROM quotes")
        if cursor.fetchone()[0]:
            sys.exit("The database holds odds already; this benchmark wants an empty one.")
        for statements in (FILL_MATCHES, FILL_LATEST, FILL_OPPORTUNITIES):
            cursor.execute(statements)
    User.objects.create_user(os.environ["MONPS_ADMIN_USER"])


def fill_quotes(first: int, last: int) -> None:
    """Rows `first` to `last` of history."""
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        cursor.execute(FILL_QUOTES, [first, last])
        for table in ("quotes", "latest_quotes", "matches", "opportunities", "collections"):
            cursor.execute(f"VACUUM ANALYZE {table}")
        cursor.execute("CHECKPOINT")  # or writing it all down would run beside the measurement


@contextlib.contextmanager
def web_process() -> Iterator[str]:
    """One granian process as in production; yields its address."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    options = ["--interface", "wsgi", "--workers", "1", "--blocking-threads", "4"]
    place = ["--host", "127.0.0.1", "--port", str(port)]
    command = [sys.executable, "-m", "granian", *options, *place, "monps.wsgi:application"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as server:
        try:
            address = f"http://127.0.0.1:{port}"
            wait_for(address)
            yield address
        finally:
            server.terminate()


def wait_for(address: str) -> None:
    """Until the process answers; an error after half a minute."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        with contextlib.suppress(requests.ConnectionError, requests.Timeout):
            if requests.get(f"{address}/health", timeout=5).ok:
                return
        time.sleep(0.1)
    sys.exit("The web process did not start.")


def measure(address: str) -> dict[str, tuple[float, float]]:
    """Median and 95th percentile of each path in its quietest round, in milliseconds."""
    ids = Match.objects.order_by("id").values_list("provider_id", flat=True)[:UPCOMING]
    asked = {
        "/odds/matches": ["/odds/matches"],
        "/opportunities/top": ["/opportunities/top"],
        f"/odds/history/{{match_id}}?limit={EQUAL_ITEMS}": [
            f"/odds/history/{match_id}?limit={EQUAL_ITEMS}" for match_id in ids
        ],
        FULL_HISTORY: [f"/odds/history/{match_id}" for match_id in ids],
    }
    with requests.Session() as session:
        session.headers["Authorization"] = f"Token {TOKEN}"
        rounds = [
            {path: one_round(session, address, paths) for path, paths in asked.items()}
            for _ in range(ROUNDS)
        ]
    return {path: min((taken[path] for taken in rounds), key=itemgetter(1)) for path in asked}


def one_round(session: requests.Session, address: str, paths: list[str]) -> tuple[float, float]:
    """Ask the paths in turn; median and 95th percentile in milliseconds."""
    milliseconds = []
    for number, path in zip(range(WARM_UP + MEASURED), cycle(paths), strict=False):
        started = time.perf_counter()
        answer = session.get(address + path, timeout=60)
        elapsed = time.perf_counter() - started
        if not answer.ok or len(answer.content) < 1000:
            sys.exit(f"{path} answered {answer.status_code}: {answer.text[:200]}")
        if number >= WARM_UP:
            milliseconds.append(elapsed * 1000)
    return statistics.median(milliseconds), statistics.quantiles(milliseconds, n=20)[-1]


if __name__ == "__main__":
    sys.exit(main())
