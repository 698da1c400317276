"""The bankroll's gauges, each against plain arithmetic over the rows."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from betting.bankroll import ledger
from betting.models import Bet, LedgerEntry
from tests.alerts.metrics.scraped import samples, scraped, value
from tests.factories import NOON, make_account, make_bet

pytestmark = pytest.mark.django_db


def settled(*results: str, **given: Any) -> None:
    """Bets settled an hour after each other."""
    for hours, result in enumerate(results):
        make_bet(result, settled_at=NOON + timedelta(hours=hours), **given)


class TestBets:
    @pytest.fixture(autouse=True)
    def _bets(self) -> None:
        make_account()
        settled("won", odds="2.50", stake="20", clv_status="graded", clv_fair_pct=3.0,
                clv_reference="pinnacle")  # fmt: skip
        settled("lost", "lost", odds="1.80", stake="10")
        settled("half_won", odds="2.00", stake="10", market="spreads", line=Decimal("-0.25"),
                clv_status="graded", clv_fair_pct=-1.0, clv_reference="pinnacle")  # fmt: skip
        settled("void", odds="9.00", stake="50")
        make_bet(odds="3.00", stake="25")
        make_bet("won", odds="50.00", stake="100", is_paper=True)

    def test_paper_counts_nowhere_and_void_bets_only_in_the_total(self) -> None:
        families = scraped()

        assert families["monps_total_bets"].samples == {"": 6}
        assert families["monps_settled_bets"].samples == {"": 4}
        assert families["monps_pending_bets"].samples == {"": 1}

    def test_the_yield_is_profit_over_risk_of_settled_bets(self) -> None:
        rows = [
            bet for bet in Bet.objects.filter(is_paper=False) if bet.result and bet.result != "void"
        ]
        profit, risk = sum(bet.profit for bet in rows), sum(bet.risk for bet in rows)

        # 20 at 2.50 won 30; two of 10 lost; 10 at 2.00 half won 5: 15 of 50.
        assert (profit, risk) == (Decimal(15), Decimal(50))
        assert value("monps_roi") == pytest.approx(float(100 * profit / risk))

    def test_a_half_is_half_a_win(self) -> None:
        assert value("monps_win_rate") == pytest.approx(100 * 1.5 / 3.5)

    def test_fair_clv_is_the_mean_of_graded_bets(self) -> None:
        assert value("monps_graded_bets") == 2
        assert value("monps_fair_clv_percent") == pytest.approx((3.0 - 1.0) / 2)

    def test_the_bankroll_is_what_lies_there_and_what_is_at_risk(self) -> None:
        entries = sum(LedgerEntry.objects.values_list("amount", flat=True))

        assert value("monps_bankroll_available") == float(entries) == 1000 + 15 - 25
        assert value("monps_exposure") == 25
        assert value("monps_bankroll") == 1000 + 15


def test_a_pending_bet_alone_leaves_rates_undefined() -> None:
    make_bet()

    families = scraped()

    assert families["monps_total_bets"].samples == {"": 1}
    for name in ("monps_roi", "monps_win_rate", "monps_fair_clv_percent"):
        assert families[name].samples == {}


def test_nothing_won_or_lost_leaves_the_win_rate_undefined_but_not_the_yield() -> None:
    make_bet("push", market="totals", line=Decimal(2), outcome="over")

    assert samples("monps_win_rate") == {}
    assert value("monps_roi") == 0


class TestDrawdown:
    def test_it_is_how_far_below_its_peak_the_bankroll_is_now(self) -> None:
        make_account("1000", at=NOON - timedelta(days=1))
        profits = [100, -220, 50]
        for hours, profit in enumerate(profits):
            make_bet(
                "won" if profit > 0 else "lost", odds="2.00", stake=str(abs(profit)),
                at=NOON + timedelta(hours=hours),
            )  # fmt: skip

        # 1000, 1100, 880, 930: 170 below 1100.
        assert value("monps_drawdown_percent") == pytest.approx(100 * 170 / 1100)

    def test_a_new_peak_ends_it(self) -> None:
        make_account("1000", at=NOON - timedelta(days=1))
        make_bet("lost", stake="100", at=NOON)
        make_bet("won", odds="4.00", stake="100", at=NOON + timedelta(hours=1))

        assert value("monps_drawdown_percent") == 0

    def test_a_first_loss_is_a_fall(self) -> None:
        make_account("1000", at=NOON - timedelta(days=1))
        make_bet("lost", stake="100")

        assert value("monps_drawdown_percent") == pytest.approx(10)

    def test_a_deposit_is_no_gain_and_a_withdrawal_no_fall(self) -> None:
        account = make_account("1000", at=NOON - timedelta(days=1))
        make_bet("lost", stake="100", at=NOON)
        ledger.post(account, "deposit", Decimal(500), now=NOON + timedelta(hours=1))
        ledger.post(account, "withdrawal", Decimal(300), now=NOON + timedelta(hours=2))

        assert value("monps_drawdown_percent") == pytest.approx(10)

    def test_without_bets_nothing_fell(self) -> None:
        make_account("1000")

        assert value("monps_drawdown_percent") == 0

    def test_a_bankroll_that_is_not_recorded_leaves_it_undefined(self) -> None:
        make_account("0", at=NOON - timedelta(days=1))
        make_bet("won", stake="100")

        assert samples("monps_drawdown_percent") == {}
