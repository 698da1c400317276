"""Simulated pasts for tests: short ones, of a cup with six matches a day."""

from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection, transaction

from monps.demonstration import live_through, open_past, steps_left
from monps.demonstration_steps import Market, Past, Step, steps_of
from odds.models import Bookmaker
from odds.simulator.sources import DEFAULT_ANCHOR
from odds.simulator.world import World

CUP = "soccer_simulated_cup"
UNTIL = datetime(2026, 3, 4, 10, tzinfo=UTC)
LATER = datetime(2026, 11, 21, tzinfo=UTC)
TRUTH = World(1, DEFAULT_ANCHOR)  # what the simulator of `make run` plays, at real speed

OF_MATCH = "(SELECT provider_id FROM matches WHERE matches.id = match_id) AS match"
OF_BOOK = "(SELECT key FROM bookmakers WHERE bookmakers.id = bookmaker_id) AS book"
OF_AGENT = (
    "(SELECT agent FROM strategies JOIN strategy_versions ON strategy_id = strategies.id"
    " WHERE strategy_versions.id = version_id) AS agent"
)
TABLES = {
    "matches": "provider_id, commence_time, status, home_score, away_score",
    "quotes": f"{OF_MATCH}, {OF_BOOK}, market, line, observed_at, odds_1, odds_x, odds_2",
    "latest_quotes": f"{OF_MATCH}, {OF_BOOK}, market, line, odds_1, seen_at, is_offered",
    "results": f"{OF_MATCH}, observed_at, home_score, away_score",
    "collections": "observed_at, source, quotes_received, quotes_stored",
    "opportunities": f"{OF_MATCH}, market, line, outcome, kind, rejection, first_odds, best_odds,"
    " first_seen_at, closed_at, closing, clv_fair_pct, paper_result, paper_profit",
    "closing_lines": f"{OF_MATCH}, market, line, reference, missing, fair_1, seen_at, captured_at",
    "predictions": f"{OF_MATCH}, {OF_AGENT}, market, line, outcome, odds, probability,"
    " predicted_at, clv_fair_pct, result, profit, settled_at",
    "bets": f"{OF_MATCH}, {OF_BOOK}, odds, stake, placed_at, profit, settled_at, clv_fair_pct",
    "bankroll_entries": "kind, amount, at",
    "strategy_records": f"{OF_AGENT}, total_predictions, computed_at, clv",
}


def opened(*, is_playable: bool = True, **given: Any) -> Past:
    """A past of two days; every bookmaker can be bet with, so that there are enough bets."""
    defaults = {"days": 2, "every": timedelta(hours=8), "until": UNTIL, "sport_keys": [CUP]}
    past = open_past(**{**defaults, "now": LATER, **given})
    Bookmaker.objects.update(is_playable=is_playable)
    return past


def live(past: Past, *, times: int = 1, nights: list[datetime] | None = None) -> Past:
    """Live through what is left of a past, each step so many times."""
    market = Market()
    for step in steps_left(steps_of(past, market)):
        for _time in range(times):
            take(step, past, market, nights)
    return past


def take(step: Step, past: Past, market: Market, nights: list[datetime] | None = None) -> None:
    nightly = None if nights is None else nights.append
    live_through(step, past=past, market=market, nightly=nightly)


def everything() -> dict[str, list[str]]:
    """All that is known, without the numbers of rows."""
    found = {}
    with connection.cursor() as cursor:
        for table, columns in TABLES.items():
            cursor.execute(f"SELECT {columns} FROM {table}")
            found[table] = sorted(map(repr, cursor.fetchall()))
    return found


def in_another_world(do: Any) -> Any:
    """What `do` gives, and nothing left behind of what it did."""
    with transaction.atomic():
        found = do()
        transaction.set_rollback(True)
    return found
