"""What the tests of the strategies' admin pages share: a signed-in owner, a stored result."""

from datetime import date
from typing import Any

from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from strategies.backtests.results import (
    Audit,
    Bin,
    Counts,
    Deflation,
    Equity,
    Kelly,
    Part,
    Parts,
    Point,
    Result,
    Segment,
)
from strategies.models import Backtest, StrategyVersion
from tests.factories import NOON

ROOT = "/admin/strategies/"


def signed_in() -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(User.objects.create(username="owner", is_staff=True, is_superuser=True))
    return client


def text_of(client: Client, address: str, status: int = 200) -> str:
    page = client.get(ROOT + address)
    assert page.status_code == status
    return str(page.content.decode())


def queries_of(client: Client, address: str) -> int:
    text_of(client, address)  # sessions, content types and settings are warm then
    with CaptureQueriesContext(
        connection,
    ) as queries:
        text_of(client, address)
    return len(queries)


def make_part(**given: Any) -> Part:
    known = {
        "since": date(2024, 8, 1), "until": date(2025, 5, 25), "bets": 120, "matches": 110,
        "days": 60, "won": 50.0, "lost": 70.0, "win_rate_pct": 41.67, "mean_odds": 2.6,
        "claimed_edge_pct": 3.4, "profit_units": 6.5, "yield_pct": 5.42, "yield_low_pct": -12.3,
        "yield_high_pct": 22.1, "graded": 115, "graded_matches": 105, "clv_pct": 1.75,
        "clv_low_pct": 0.25, "clv_high_pct": 3.25, "raw_clv_pct": 4.0, "beat_share_pct": 61.0,
        "sharpe": 0.04, "max_drawdown_units": 14.2,
    }  # fmt: skip
    return Part(**known | given)


def make_result(**given: Any) -> Result:
    known = {
        "counts": Counts(matches_judged=380, bets=120, missed=3, unsettled=2, returned=1),
        "parts": Parts(all=make_part(), walk_forward=make_part(bets=100), held_out=None),
        "equity": Equity(
            flat=(
                Point(date=date(2024, 8, 1), value=0.0, drawdown=0.0),
                Point(date=date(2024, 8, 3), value=-1.0, drawdown=1.0),
            ),
            kelly=(
                Point(date=date(2024, 8, 1), value=1.0, drawdown=0.0),
                Point(date=date(2024, 8, 3), value=0.98, drawdown=2.0),
            ),
        ),
        "kelly": Kelly(
            fraction=0.25, cap_bet=0.02, cap_match=0.03, cap_day=0.1, final_multiple=0.98,
            max_drawdown_pct=2.0,
        ),
        "calibration": (
            Bin(low=0.4, high=0.5, bets=60, predicted_mean=0.45, happened_share=0.4),
        ),
        "segments": (
            Segment(by="competition", name="soccer_epl", bets=120, yield_pct=5.42, clv_pct=None),
        ),
        "deflation": Deflation(
            variants_tried=4, observations=108, sharpe=0.05, skewness=1.0, kurtosis=4.0,
            expected_best_sharpe=0.1, probability=0.31,
        ),
        "audit": Audit(instants=25, decisions_compared=298),
    }  # fmt: skip
    return Result(**known | given)


def make_backtest(version: StrategyVersion, **given: Any) -> Backtest:
    """A backtest of two seasons that waits; done with its result where one is given."""
    known = {
        "agent": version.strategy.agent, "parameters": version.mapping,
        "sport_keys": ["soccer_epl"], "markets": ["h2h"], "since": date(2024, 8, 1),
        "until": date(2025, 5, 25), "created_at": NOON, "asked_by": "owner",
    }  # fmt: skip
    if "result" in given:
        given["result"] = given["result"].as_json()
        known |= {"status": "done", "progress": 1.0, "started_at": NOON, "finished_at": NOON}
    return Backtest.objects.create(version=version, **known | given)
