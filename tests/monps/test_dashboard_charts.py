"""The first page's charts: the curve is the ledger's, its falls the drawdown, the ring adds up."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from betting.api.performance import performance
from betting.bankroll import ledger
from betting.performance.records import sample
from betting.performance.scopes import EVERYTHING
from betting.performance.totals import book
from monps import overview_charts
from monps.overview_charts import BankrollChart
from tests.factories import NOON, make_account, make_bet

pytestmark = pytest.mark.django_db

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def settle(result: str, at: datetime, stake: str, **given: Any) -> None:
    make_bet(result, stake=stake, settled_at=at, at=at, **given)


def chart(now: datetime = NOON) -> BankrollChart:
    drawn = overview_charts.bankroll_chart(
        sample().curve(EVERYTHING), bankroll=ledger.balance().bankroll, now=now
    )
    assert drawn
    return drawn


def test_without_a_settled_bet_there_is_nothing_to_draw() -> None:
    make_account("1000", at=NOON - DAY)
    make_bet(at=NOON)

    curve = sample().curve(EVERYTHING)

    assert overview_charts.bankroll_chart(curve, bankroll=Decimal(1000), now=NOON) is None


def test_the_curve_begins_before_the_first_bet_so_that_its_loss_is_a_fall() -> None:
    make_account("1000", at=NOON - 9 * DAY)
    settle("lost", NOON - 2 * DAY, "100")

    points = chart().points

    assert [(one["date"], one["bankroll"], one["fall"]) for one in points] == [
        ("2026-11-18", 1000.0, 0.0),
        ("2026-11-19", 900.0, pytest.approx(10.0)),
        ("2026-11-21", 900.0, pytest.approx(10.0)),
    ]


def test_it_ends_with_the_bankroll_of_now() -> None:
    account = make_account("1000", at=NOON - 9 * DAY)
    settle("won", NOON - 2 * DAY, "100")
    ledger.post(account, "deposit", Decimal(50), now=NOON - HOUR)

    last = chart().points[-1]

    assert (last["date"], last["bankroll"], last["bets"]) == ("2026-11-21", 1150.0, 0)


def test_its_deepest_fall_is_the_drawdown_though_a_day_recovered_from_it() -> None:
    make_account("1000", at=NOON - 9 * DAY)
    settle("lost", NOON - 2 * DAY, "200")
    settle("won", NOON - 2 * DAY + HOUR, "300", odds="2.00")
    settle("lost", NOON - DAY, "55")

    drawn = chart()

    falls = [one["fall"] for one in drawn.points]
    assert falls[1] == pytest.approx(20.0)
    assert max(falls) == pytest.approx(drawn.deepest_pct)
    assert falls[2] == pytest.approx(5.0)  # 55 of 1100


def test_money_taken_out_is_no_fall() -> None:
    account = make_account("1000", at=NOON - 9 * DAY)
    settle("won", NOON - 3 * DAY, "100")
    ledger.post(account, "withdrawal", Decimal(550), now=NOON - 2 * DAY)
    settle("lost", NOON - DAY, "55")

    assert chart().points[-1]["fall"] == pytest.approx(10.0)


def test_a_bankroll_that_is_not_recorded_leaves_the_fall_undefined() -> None:
    account = make_account("100", at=NOON - 9 * DAY)
    settle("lost", NOON - 3 * DAY, "100")
    ledger.post(account, "deposit", Decimal(50), now=NOON - HOUR)
    settle("won", NOON - 2 * DAY, "10")  # entered later: nothing was there then

    drawn = chart()

    assert drawn.deepest_pct is None
    assert {one["fall"] for one in drawn.points} == {None}


@pytest.mark.parametrize(("days", "is_weekly"), [(400, False), (401, True)])
def test_a_long_history_is_drawn_by_weeks(days: int, is_weekly: bool) -> None:
    make_account("1000", at=NOON - 500 * DAY)
    settle("won", NOON - days * DAY, "10")
    settle("lost", NOON, "10")

    assert chart().is_weekly is is_weekly


def test_its_days_are_those_the_api_tells() -> None:
    make_account("1000", at=NOON - 9 * DAY)
    for hours, result in enumerate(["won", "lost", "won", "lost", "lost"]):
        settle(result, NOON - hours * 13 * HOUR, str(10 + hours))

    told = performance({"period": "all", "group_by": "day"}, now=NOON)

    drawn = [(one["date"], one["bankroll"], one["bets"]) for one in chart().points[1:]]
    assert drawn == [(one["date"], one["bankroll"], one["bets"]) for one in told["series"]]


def test_every_bet_is_in_one_slice_of_the_ring() -> None:
    make_account("1000", at=NOON - 9 * DAY)
    for result in ("won", "half_won", "lost", "half_lost", "lost", "void", "push"):
        settle(result, NOON - DAY, "10")
    make_bet(at=NOON)
    make_bet(at=NOON, is_paper=True)

    slices = overview_charts.endings(book())

    numbers = {one.kind: one.number for one in slices}
    assert numbers == {"won": 2, "lost": 3, "void": 2, "pending": 1}
    assert sum(one.percent for one in slices) == pytest.approx(100.0)


def test_without_bets_there_is_no_ring() -> None:
    assert overview_charts.endings(book()) == []
