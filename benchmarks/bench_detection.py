"""Detecting the opportunities of 1,000 matches at 40 bookmakers, from rows to rows.

Prices scatter around true chances drawn at random, with margins of 3 to 8 %; the market moves
between two looks, so that the second detection closes, refreshes and opens rows.
"""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TypeVar

import django
import numpy as np

django.setup()

from django.core.management import call_command
from django.db import connection, transaction

from betting.detection.current_quotes import newest_looks, read_bookmakers, read_quotes
from betting.detection.findings import find
from betting.detection.lifecycle import record
from betting.detection.opportunities import detect, thresholds_of
from betting.models import DetectionSettings
from odds.catalogue import known_bookmakers
from odds.models import Bookmaker, Collection, LatestQuote, Match, Sport

Result = TypeVar("Result")
Row = tuple[str, float, str]

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
SEED = 20_251_121
FIRST_BOOKMAKERS = ("pinnacle", "betfair_ex_eu", "matchbook", "betclic_fr", "winamax_fr")


def run(matches: int, bookmakers: int) -> list[Row]:
    """What was measured, the seconds it took and what came of it."""
    sport_id = prepare(matches, bookmakers)
    chance = np.random.default_rng(SEED)
    offer(sport_id, chance, observed_at=NOON)
    first, first_seconds = timed(lambda: detect(sport_id, now=NOON))
    again, again_seconds = timed(lambda: detect(sport_id, now=NOON))
    later = NOON + timedelta(minutes=5)
    offer(sport_id, chance, observed_at=later)
    with transaction.atomic():
        panel, ids = read_bookmakers()
        looks = newest_looks(sport_id, since=NOON)
        quotes, read_seconds = timed(
            lambda: read_quotes(sport_id, looks=looks, ids=list(ids.values()), now=later)
        )
        thresholds = thresholds_of(DetectionSettings.current())
        found, find_seconds = timed(lambda: find(quotes, panel, thresholds, has_draws=True))
        changed, write_seconds = timed(
            lambda: record(found, sport_id=sport_id, ids=ids, looks=looks, now=later)
        )
    return [
        ("first detection, end to end", first_seconds, str(first)),
        ("same again", again_seconds, str(again)),
        ("after a move: read", read_seconds, f"{len(quotes.match_id)} quotes"),
        ("after a move: compute", find_seconds, f"{len(found)} findings"),
        ("after a move: write", write_seconds, "{} opened, {} updated, {} closed".format(*changed)),
    ]


def timed(action: Callable[[], Result]) -> tuple[Result, float]:
    """What the action gave and the seconds it took."""
    start = time.perf_counter()
    result = action()
    return result, time.perf_counter() - start


def prepare(matches: int, bookmakers: int) -> int:
    """A sport with its matches and bookmakers; the database must hold no match yet."""
    if Match.objects.exists():
        raise SystemExit("The database is not empty: this benchmark wants one of its own.")
    sport = Sport.objects.get_or_create(key="soccer_epl", defaults={"title": "EPL"})[0]
    known = known_bookmakers()
    keys = [*FIRST_BOOKMAKERS, *(key for key in known if key not in FIRST_BOOKMAKERS)][:bookmakers]
    Bookmaker.objects.bulk_create([known[key] for key in keys], ignore_conflicts=True)
    Match.objects.bulk_create(
        Match(
            provider_id=f"{number:032x}",
            sport=sport,
            home_team=f"Home {number}",
            away_team=f"Away {number}",
            commence_time=NOON + timedelta(hours=1 + number % 200),
        )
        for number in range(matches)
    )
    return sport.pk


def offer(sport_id: int, chance: np.random.Generator, *, observed_at: datetime) -> None:
    """Let every bookmaker quote every match anew, as one stored collection."""
    ids = list(Bookmaker.objects.values_list("pk", flat=True))
    matches = list(Match.objects.order_by("pk").values_list("pk", flat=True))
    fair = np.random.default_rng(SEED).dirichlet([6.0, 4.0, 4.0], len(matches)).clip(0.03)
    noise = chance.normal(0, 0.03, (len(matches), len(ids), 3))
    margin = chance.uniform(1.03, 1.08, (len(matches), len(ids), 1))
    odds = np.maximum(np.round(np.exp(noise) / (fair[:, None] * margin), 2), 1.01)
    LatestQuote.objects.all().delete()
    LatestQuote.objects.bulk_create(
        LatestQuote(
            match_id=match_id,
            bookmaker_id=bookmaker_id,
            market="h2h",
            odds_1=home,
            odds_x=draw,
            odds_2=away,
            changed_at=observed_at,
            seen_at=observed_at,
            source_updated_at=observed_at,
        )
        for match_id, quotes in zip(matches, odds.tolist(), strict=True)
        for bookmaker_id, (home, draw, away) in zip(ids, quotes, strict=True)
    )
    Collection.objects.create(
        sport_id=sport_id,
        reason="interval",
        markets=["h2h"],
        status=Collection.Status.STORED,
        started_at=observed_at,
        finished_at=observed_at,
        observed_at=observed_at,
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def main(matches: int = 1000, bookmakers: int = 40) -> None:
    """Print the table."""
    call_command("migrate", verbosity=0)
    for what, seconds, came in run(matches, bookmakers):
        print(f"{what:<30} {seconds:8.3f} s   {came}")


if __name__ == "__main__":
    main()
