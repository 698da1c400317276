"""Rows for the tests of agents' routes: strategies, predictions and what they came to."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection
from django.utils import timezone

from odds.models import Collection, Match
from strategies.models import Backtest, Prediction, Strategy, StrategyDay, StrategyVersion
from tests.factories import make_bookmaker, make_collection, make_match, make_prediction

NOW = timezone.now()
DAY = timedelta(days=1)
NAMES = {
    "anomaly_detector": "Anomaly Detector",
    "spread_optimizer": "Spread Optimizer Ferrari 2.0",
    "pattern_matcher": "Pattern Matcher",
    "consensus_value": "Consensus Value",
    "sharp_reference": "Sharp Reference",
    "arbitrage_finder": "Arbitrage Finder",
    "patron": "Patron",
}


def make_agent(key: str, **given: Any) -> StrategyVersion:
    """The current version of an agent's only strategy."""
    strategy = Strategy.objects.create(
        agent=key,
        agent_name=NAMES[key],
        strategy_name=given.pop("strategy_name", f"{NAMES[key]}'s rule"),
        is_active=given.pop("is_active", True),
        created_at=NOW - 100 * DAY,
    )
    values = {"number": 1, "parameters": {}, "is_current": True, "created_at": NOW - 100 * DAY}
    return StrategyVersion.objects.create(strategy=strategy, **values | given)


def make_upcoming(**given: Any) -> Match:
    return make_match(**{"commence_time": NOW + DAY} | given)


def predict(version: StrategyVersion, match: Match | None = None, **given: Any) -> Prediction:
    """A prediction of an hour ago at 2.10 on home, agreed on by half of the other operators."""
    values = {"predicted_at": NOW - timedelta(hours=1), "confidence": 0.5}
    return make_prediction(version=version, match=match or make_upcoming(), **values | given)


def make_result(version: StrategyVersion, result: str, profit: float, **given: Any) -> Prediction:
    """A settled prediction; `at` is the kick-off, a day ago where not given."""
    at = given.pop("at", NOW - DAY)
    match = given.pop("match", None) or make_match(commence_time=at)
    return predict(
        version,
        match,
        result=result,
        profit=profit,
        settled_at=at + timedelta(hours=3),
        **{"predicted_at": at - timedelta(hours=5)} | given,
    )


def make_measured(version: StrategyVersion, clv_pct: float, matches: int = 100) -> None:
    """A record of so many matches, all of the same CLV, two weeks ago."""
    StrategyDay.objects.create(
        version=version,
        day=(NOW - 14 * DAY).date(),
        predictions=matches,
        won=0,
        lost=0,
        risk=0,
        profit=0,
        graded=matches,
        graded_matches=matches,
        clv_sum=clv_pct * matches,
        clv_squares=clv_pct**2 * matches,
        raw_clv_sum=0,
    )


def make_backtest(version: StrategyVersion, held_out: dict[str, Any] | None, **given: Any) -> Any:
    at = given.pop("finished_at", NOW - DAY)
    values = {
        "status": "done",
        "agent": version.strategy.agent,
        "parameters": {},
        "since": datetime(2024, 8, 1, tzinfo=UTC).date(),
        "until": datetime(2026, 5, 31, tzinfo=UTC).date(),
        "result": {"parts": {"all": {}, "walk_forward": None, "held_out": held_out}},
        "created_at": at,
        "started_at": at,
        "finished_at": at,
    }
    return Backtest.objects.create(version=version, **values | given)


def held_out(**given: Any) -> dict[str, Any]:
    """The held-out part of a backtest that proved nothing."""
    return {
        "bets": 200,
        "yield_pct": 1.0,
        "yield_low_pct": -6.0,
        "yield_high_pct": 8.0,
        "clv_pct": 0.5,
        "clv_low_pct": -0.4,
        "clv_high_pct": 1.4,
        "win_rate_pct": 41.0,
    } | given


def look_at(match: Match, seen_at: datetime, *markets: str) -> Collection:
    """A collection of the match's sport, the newest look at these markets."""
    return make_collection(
        sport=match.sport, observed_at=seen_at, started_at=seen_at, markets=list(markets or ["h2h"])
    )


def count_rows() -> dict[str, int]:
    """How many rows every table of the database has."""
    with connection.cursor() as cursor:
        counts = {}
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT count(*) FROM "{table}"')
            counts[table] = cursor.fetchone()[0]
    return counts


def make_everything() -> Match:
    """A match that every kind of agent has spoken about, and some that were settled."""
    match = make_upcoming(provider_id="9f2c", home_team="Leeds", away_team="Fulham")
    make_bookmaker("betclic_fr")
    versions = {key: make_agent(key) for key in NAMES}
    for key, version in versions.items():
        outcome = "all" if key == "arbitrage_finder" else "home"
        legs = [{"outcome": "home", "bookmaker": "betclic_fr", "odds": 2.2}]
        extra = {"bookmaker": None, "legs": legs} if outcome == "all" else {}
        predict(version, match, outcome=outcome, **extra)
        make_result(version, "won", 1.1)
    predict(
        versions["sharp_reference"], match, market="totals", outcome="over", line=Decimal("2.5")
    )
    make_backtest(versions["sharp_reference"], held_out())
    return match
