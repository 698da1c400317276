"""Bytes per stored quote, and rows stored against one row per collection, on recorded series.

Reads the recordings beside the repository and says so where they are absent.
"""

import io
from pathlib import Path

import django

django.setup()

from django.core.management import call_command
from django.db import connection

from benchmarks.tables import print_table
from odds.models import Collection

RECORDED = Path(__file__).resolve().parents[2] / "shared" / "data" / "the-odds-api" / "series"
SERIES = [
    "soccer_fifa_world_cup_2026_us",
    "baseball_mlb_2026_us_5min",
    "americanfootball_nfl_2025_us",
    "baseball_kbo_2026_us",
    "eu_daily_2026",
    "multi_region_2026",
    "eu_soccer_leagues_2024-08",
]


def measure(series: str) -> list[str]:
    """One row of the table."""
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE quotes, latest_quotes, matches, collections CASCADE")
    call_command(
        "replay_odds",
        RECORDED / series,
        odds_format="detect",
        stdout=io.StringIO(),
        stderr=io.StringIO(),
    )
    accepted = sum(
        stored + unchanged
        for stored, unchanged in Collection.objects.values_list("quotes_stored", "quotes_unchanged")
    )
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE quotes")
        cursor.execute(
            "SELECT count(*), pg_table_size('quotes'), pg_indexes_size('quotes') FROM quotes"
        )
        rows, heap, index = cursor.fetchone()
    return [
        series,
        f"{accepted:,}",
        f"{rows:,}",
        f"{accepted / rows:.1f}x",
        f"{heap / rows:.0f}",
        f"{index / rows:.0f}",
        f"{(heap + index) / rows:.0f}",
    ]


def main() -> None:
    """Print the table."""
    if not RECORDED.exists():
        print("Storage: left out, the recorded series are not beside the repository.")
        return
    call_command("migrate", verbosity=0)
    print_table(
        "Storage of recorded series (limit: 120 bytes a stored quote, index included)",
        ["series", "quotes seen", "rows stored", "fewer rows", "heap B", "index B", "B per quote"],
        [measure(series) for series in SERIES],
    )


if __name__ == "__main__":
    main()
