"""Storing a snapshot against a raw COPY and against Django's bulk_create of the same rows.

The rows are one h2h quote of 40 bookmakers for each match. A first snapshot is all new; the next
ones change one quote in ten (the recorded series change 6 to 9 in a hundred). The peers write the
same rows to a copy of the history table and compare nothing; `bulk_create` gets its model objects
ready made, COPY its Decimals.
"""

import random
import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import django

django.setup()

from django.core.management import call_command
from django.db import connection, transaction

from benchmarks.tables import print_table
from odds.models import Bookmaker, Match, Quote
from odds.parsing import SeenMatch, SeenQuote, Snapshot
from odds.storage import store_snapshot

BOOKMAKERS = 40
CHANGED_SHARE = 0.1
ROUNDS = 7
START = datetime(2026, 11, 1, tzinfo=UTC)
COLUMNS = (
    "match_id, bookmaker_id, market, line, odds_1, odds_x, odds_2, observed_at, source_updated_at"
)
TYPES = ["int4", "int2", "varchar", *["numeric"] * 4, *["timestamptz"] * 2]


def snapshots(matches: int) -> list[Snapshot]:
    """ROUNDS + 1 snapshots of a market that moves a little."""
    chance = random.Random(20261121)
    seen = [
        SeenMatch(
            provider_id=f"{number:032x}",
            sport_key="soccer_epl",
            sport_title="EPL",
            commence_time=START + timedelta(days=30),
            home_team=f"Home {number}",
            away_team=f"Away {number}",
        )
        for number in range(matches)
    ]
    current: dict[tuple[int, int], tuple[float, float, float]] = {}
    made = []
    for _round in range(ROUNDS + 1):
        quotes = []
        for number, match in enumerate(seen):
            for bookmaker in range(BOOKMAKERS):
                key = number, bookmaker
                if key not in current or chance.random() < CHANGED_SHARE:
                    odds = tuple(round(chance.uniform(1.2, 9), 2) for _side in range(3))
                    current[key] = odds[0], odds[1], odds[2]
                quotes.append(
                    SeenQuote(
                        provider_id=match.provider_id,
                        bookmaker_key=f"book_{bookmaker}",
                        bookmaker_title=f"Book {bookmaker}",
                        market="h2h",
                        line=0.0,
                        odds=current[key],
                        source_updated_at=START,
                    )
                )
        snapshot = Snapshot(matches=seen, quotes=quotes)
        snapshot.received["h2h"] = len(quotes)
        made.append(snapshot)
    return made


def timed(action: Callable[[], object]) -> float:
    """Seconds, the commit included."""
    started = time.perf_counter()
    with transaction.atomic():
        action()
    return time.perf_counter() - started


def rows_of(snapshot: Snapshot, at: datetime) -> list[tuple[object, ...]]:
    """The peers' rows, ready made."""
    matches = dict(Match.objects.values_list("provider_id", "id"))
    books = dict(Bookmaker.objects.values_list("key", "id"))
    return [
        (
            matches[quote.provider_id],
            books[quote.bookmaker_key],
            "h2h",
            Decimal(0),
            *(Decimal(str(odds)) for odds in quote.odds),
            at,
            START,
        )
        for quote in snapshot.quotes
    ]


def copy(rows: list[tuple[object, ...]]) -> None:
    """A binary COPY into a table like `quotes`, index included."""
    with connection.cursor() as cursor:
        statement = f"COPY raw_quotes ({COLUMNS}) FROM STDIN (FORMAT BINARY)"
        with cursor.copy(statement) as stream:
            stream.set_types(TYPES)
            for row in rows:
                stream.write_row(row)


def measure(matches: int) -> list[list[str]]:
    """Rows of the table for one size: a first snapshot and a following one."""
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE quotes, latest_quotes, matches, collections CASCADE")
        cursor.execute("TRUNCATE raw_quotes")
    names = COLUMNS.split(", ")
    first: dict[str, float] = {}
    following: dict[str, list[float]] = {"ours": [], "copy": [], "bulk": []}
    for number, snapshot in enumerate(snapshots(matches)):
        at = START + timedelta(minutes=number)
        ours = timed(lambda s=snapshot, t=at: store_snapshot(s, observed_at=t))
        rows = rows_of(snapshot, at)
        by_copy = timed(lambda r=rows: copy(r))
        objects = [Quote(**dict(zip(names, row, strict=True))) for row in rows]
        with connection.cursor() as cursor:  # bulk_create writes into the other table's twin
            cursor.execute("ALTER TABLE quotes RENAME TO quotes_aside")
            cursor.execute("ALTER TABLE raw_quotes RENAME TO quotes")
        by_bulk = timed(lambda o=objects: Quote.objects.bulk_create(o))
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE quotes RENAME TO raw_quotes")
            cursor.execute("ALTER TABLE quotes_aside RENAME TO quotes")
        if number == 0:
            first = {"ours": ours, "copy": by_copy, "bulk": by_bulk}
        else:
            following["ours"].append(ours)
            following["copy"].append(by_copy)
            following["bulk"].append(by_bulk)
    medians = {name: statistics.median(values) for name, values in following.items()}
    return [
        [f"{matches} matches, {label}", *_cells(matches * BOOKMAKERS, seconds)]
        for label, seconds in (("first", first), ("next", medians))
    ]


def _cells(quotes: int, seconds: dict[str, float]) -> list[str]:
    return [
        f"{quotes:,}",
        f"{seconds['ours'] * 1000:.0f}",
        f"{seconds['copy'] * 1000:.0f}",
        f"{seconds['bulk'] * 1000:.0f}",
        f"{seconds['copy'] / seconds['ours']:.0%}",
        f"{seconds['bulk'] / seconds['ours']:.1f}x",
    ]


def main() -> None:
    """Print the table."""
    call_command("migrate", verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS raw_quotes")
        cursor.execute("CREATE TABLE raw_quotes (LIKE quotes INCLUDING ALL)")
    print_table(
        "Ingest of a snapshot (limit: at least 50% of raw COPY)",
        ["snapshot", "quotes", "ours ms", "COPY ms", "bulk_create ms", "of COPY", "vs bulk_create"],
        [row for matches in (60, 1000) for row in measure(matches)],
    )
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE raw_quotes")


if __name__ == "__main__":
    main()
