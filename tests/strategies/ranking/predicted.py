"""Predictions that were settled and graded, for the tests of the ranking."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from odds.models import Match
from strategies.models import Prediction, StrategyVersion
from tests.factories import NOON, make_match, make_prediction

WEEK_AGO = NOON - timedelta(days=7)
PROFITS = {"won": 1.1, "half_won": 0.55, "push": 0.0, "void": 0.0, "half_lost": -0.5, "lost": -1.0}


def settled(version: StrategyVersion, result: str, **given: Any) -> Prediction:
    """A prediction at 2.10 that ended so, graded where a `clv` is given."""
    at = given.pop("at", NOON - timedelta(hours=1))
    clv = given.pop("clv", None)
    if "match" not in given:
        given["match"] = make_match(commence_time=given.pop("kickoff", NOON - timedelta(hours=4)))
    grade: dict[str, Any] = {}
    if clv is not None:
        grade = {
            "clv_status": "graded",
            "clv_fair_pct": clv,
            "clv_pct": clv + 2,
            "graded_at": at,
        }
    ended = {"result": result, "profit": PROFITS[result], "settled_at": at} if result else {}
    return make_prediction(version=version, **ended | grade | given)


def on_lines(version: StrategyVersion, match: Match, *results: str, **given: Any) -> None:
    """Several predictions on one match, each on a line of goals of its own."""
    for number, result in enumerate(results):
        settled(
            version,
            result,
            match=match,
            market="totals",
            outcome="over",
            line=Decimal(number) + Decimal("0.5"),
            **given,
        )


def many(version: StrategyVersion, count: int, *, until: datetime = NOON, **given: Any) -> None:
    """One won prediction a day on each of the last days."""
    for day in range(count):
        settled(version, "won", kickoff=until - timedelta(days=day, hours=4), **given)
