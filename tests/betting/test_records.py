"""What settled bets sum to, and what they say of their bettor's skill."""

import statistics
from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from pytest_django import DjangoAssertNumQueries

from betting.bankroll import ledger
from betting.bankroll.curve import in_groups
from betting.bets import placing
from betting.bets.posting import Author
from betting.models import Bet
from betting.performance import measures
from betting.performance.bet_columns import read
from betting.performance.records import evidence, sample
from betting.performance.scopes import EVERYTHING, Scope, days_until
from betting.performance.totals import Dimension, Totals, book, totals, totals_by
from tests.factories import NOON, make_account, make_bet, make_bookmaker, make_match

TOTALS: dict[str, Any] = {"market": "totals", "outcome": "over", "line": Decimal("2.5")}
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)

pytestmark = pytest.mark.django_db


def make_eight() -> None:
    """Five of 10 at 2.00 won and three of 10 at 2.50 lost, an hour apart."""
    make_account("1000", at=NOON - DAY)
    for hour in range(8):
        is_won = hour < 5
        make_bet(
            "won" if is_won else "lost",
            odds="2.00" if is_won else "2.50",
            settled_at=NOON + hour * HOUR,
            at=NOON,
        )


def graded(fair: float, raw: float | None = None, **given: Any) -> Bet:
    result = given.pop("result", "won")
    return make_bet(
        result,
        clv_status=given.pop("clv_status", "graded"),
        clv_reference="pinnacle",
        clv_fair_pct=fair,
        clv_pct=fair + 2 if raw is None else raw,
        **given,
    )


def test_eight_bets_give_the_contracts_figures() -> None:
    make_eight()

    summed = totals()

    assert (summed.bets, summed.risk, summed.profit) == (8, Decimal(80), Decimal(20))
    assert (summed.roi_pct, summed.win_rate_pct) == (25.0, 62.5)
    assert summed.average_odds == pytest.approx((5 * 2 + 3 * 2.5) / 8)
    assert ledger.balance().bankroll == Decimal(1020)


def test_without_a_bet_sums_are_nothing_and_rates_undefined() -> None:
    summed, said = totals(), evidence()

    assert summed == Totals(endings=summed.endings)
    assert (summed.roi_pct, summed.win_rate_pct, summed.average_odds) == (None, None, None)
    assert (summed.average_clv_pct, summed.average_fair_clv_pct) == (None, None)
    assert (said.bets, said.matches, said.yield_pct, said.clv_pct) == (0, 0, None, None)
    assert (said.luck_pct, said.bets_needed, said.yield_low_pct) == (None, None, None)
    assert totals_by(Dimension.DAY) == {}
    assert sample().curve(EVERYTHING).drawdown_pct is None


def test_a_push_was_risked_and_a_void_bet_was_not() -> None:
    make_bet("won", odds="2.00", stake="10")
    make_bet("push", stake="10")
    make_bet("void", stake="10")

    assert totals().roi_pct == 50.0


def test_halves_and_dead_heats_count_by_halves() -> None:
    for result in ("won", "half_won", "half_lost", "lost", "lost"):
        make_bet(result, market="totals", outcome="over", line=Decimal("2.25"))

    # Won 1 + .5, lost .5 + 2.
    assert totals().win_rate_pct == pytest.approx(100 * 1.5 / 4)


def test_paper_pending_and_cancelled_bets_earn_nothing() -> None:
    make_bet("won")
    make_bet("won", is_paper=True, stake="30")
    make_bet()
    cancelled = make_bet("won")
    placing.cancel(cancelled.pk, author=Author(now=NOON))

    assert totals().bets == 1
    assert totals(Scope(is_paper=True)).risk == Decimal(30)
    assert (book().bets, book().pending, book().risk) == (2, 1, Decimal(20))
    assert [len(column) for column in read(EVERYTHING, "profit", "risk")] == [1, 1]


def test_a_scope_begins_with_its_first_instant_and_ends_before_its_last() -> None:
    for hour in range(4):
        make_bet("won", settled_at=NOON + hour * HOUR)

    assert totals(Scope(since=NOON + HOUR, until=NOON + 3 * HOUR)).bets == 2


def test_a_scope_takes_one_type_one_bookmaker_and_one_market() -> None:
    unibet = make_bookmaker("unibet_fr")
    make_bet("won", bet_type="tabac")
    make_bet("won", bet_type="ligne", bookmaker=unibet)
    make_bet("won", market="totals", outcome="under", line=Decimal("2.5"))

    assert totals(Scope(bet_type="tabac")).bets == 1
    assert totals(Scope(bookmaker="unibet_fr")).bets == 1
    assert totals(Scope(market="totals")).bets == 1
    assert totals(Scope(bookmaker="nobody")).bets == 0


def test_the_last_days_are_whole_utc_days() -> None:
    late = datetime(2026, 11, 21, 23, 30, tzinfo=UTC)

    assert days_until(late, 1) == datetime(2026, 11, 21, tzinfo=UTC)
    assert days_until(late, 30) == datetime(2026, 10, 23, tzinfo=UTC)


GROUP_OF = {
    Dimension.BET_TYPE: lambda bet: bet.bet_type,
    Dimension.BOOKMAKER: lambda bet: bet.bookmaker.key,
    Dimension.MARKET: lambda bet: bet.market,
    Dimension.LEAGUE: lambda bet: bet.league or bet.sport_key,
    Dimension.DAY: lambda bet: bet.settled_at.astimezone(UTC).date(),
    Dimension.WEEK: lambda bet: date.fromisocalendar(*bet.settled_at.isocalendar()[:2], 1),
    Dimension.MONTH: lambda bet: bet.settled_at.date().replace(day=1),
    Dimension.ODDS_BAND: lambda bet: (
        "1-1.5" if bet.odds < Decimal("1.5")
        else "1.5-2" if bet.odds < 2
        else "2-3" if bet.odds < 3
        else "3-5" if bet.odds < 5
        else "5+"
    ),
}  # fmt: skip


@pytest.mark.parametrize("dimension", Dimension)
def test_groups_sum_to_what_a_loop_over_bets_finds(dimension: Dimension) -> None:
    odds = ["1.01", "1.49", "1.50", "1.99", "2.00", "2.99", "3.00", "4.99", "5.00", "80"]
    books = [make_bookmaker("betclic_fr"), make_bookmaker("unibet_fr")]
    for number, one in enumerate(odds):
        make_bet(
            ["won", "lost", "push"][number % 3],
            odds=one,
            stake=f"{5 + number}.37",
            bet_type=["value", "tabac", "ligne"][number % 3],
            bookmaker=books[number % 2],
            league=["", "Ligue 1"][number % 2],
            # From late on Sunday, Monday in Paris, over midnights and a year's end.
            settled_at=datetime(2026, 12, 27, 23, 30, tzinfo=UTC) + number * 13 * HOUR,
            **(TOTALS if number % 4 == 0 else {}),
        )
    expected: dict[Any, list[Bet]] = defaultdict(list)
    for bet in Bet.objects.select_related("bookmaker"):
        expected[GROUP_OF[dimension](bet)].append(bet)

    found = totals_by(dimension)

    assert list(found) == sorted(expected)
    for group, members in expected.items():
        assert found[group].bets == len(members)
        assert found[group].profit == sum(bet.profit or 0 for bet in members)
        assert found[group].risk == sum(bet.risk for bet in members)
        assert found[group].endings["won"] == sum(bet.result == "won" for bet in members)
    whole = sum(found.values(), Totals())
    assert (whole.bets, whole.profit, whole.payout) == (
        totals().bets, totals().profit, totals().payout
    )  # fmt: skip
    assert dict(whole.endings) == {name: n for name, n in totals().endings.items() if n}


def test_columns_hold_every_bet_in_cents_and_instants() -> None:
    match = make_match(commence_time=NOON + timedelta(microseconds=7))
    won = graded(1.25, match=match, odds="2.33", stake="3.33")
    unknown = make_bet(
        "lost", match=None, home_team="A", away_team="B", commence_time=NOON, stake="0.01"
    )

    columns = read(EVERYTHING, "profit", "risk", "kickoff", "match", "fair_clv", "settled_at")

    rows = sorted(zip(*(column.tolist() for column in columns), strict=True))
    assert rows[0][:4] == (-1, 1, NOON.replace(tzinfo=None), -unknown.pk)
    assert np.isnan(rows[0][4])
    assert rows[1][:2] == (round(100 * won.profit), 333)
    assert rows[1][2:] == (
        NOON.replace(tzinfo=None, microsecond=7), match.pk, 1.25, NOON.replace(tzinfo=None)
    )  # fmt: skip


def test_matches_weigh_the_same_however_many_bets_are_on_them() -> None:
    one, other = make_match(), make_match()
    graded(1.0, match=one)
    graded(3.0, match=one)
    graded(5.0, match=other)

    said = evidence()

    assert (said.graded, said.matches, said.clv_pct) == (3, 2, 3.5)
    assert said.raw_clv_pct == pytest.approx((3 + 5 + 7) / 3)  # a mean over bets


def test_only_timely_grades_of_decided_bets_are_evidence() -> None:
    graded(4.0)
    graded(9.0, clv_status="early")
    graded(9.0, result="void")
    graded(9.0, result="")

    said = evidence()

    assert (said.bets, said.graded, said.clv_pct) == (2, 1, 4.0)


def test_luck_is_what_the_profit_has_beyond_the_clv() -> None:
    graded(2.0, odds="2.00", stake="30")  # +30, expected +0.60
    graded(-1.0, result="lost", stake="10")  # -10, expected -0.10
    make_bet("won", odds="3.00", stake="50")  # not graded: says nothing of luck

    luck = sample().luck

    assert luck is not None
    assert luck.amount == Decimal("19.50")
    assert luck.pct == pytest.approx(100 * 19.5 / 40)
    assert evidence().luck_pct == pytest.approx(100 * 19.5 / 40)


def test_the_interval_is_that_of_the_means_of_matches() -> None:
    values = [((-1) ** number) * number / 10 + 1 for number in range(40)]
    placed = [make_match() for _ in values]
    for value, match in zip(values, placed, strict=True):
        graded(value, match=match)

    said = evidence()

    mean, variance = statistics.mean(values), statistics.variance(values)
    expected = measures.confidence_sequence(40, mean, variance)
    assert expected is not None
    assert (said.clv_low_pct, said.clv_high_pct) == pytest.approx(expected)
    assert said.bets_needed == measures.bets_needed(mean, variance)


def test_the_yields_interval_draws_match_days_by_utc_kickoff() -> None:
    late = make_match(commence_time=datetime(2026, 11, 21, 23, 30, tzinfo=UTC))
    early = make_match(commence_time=datetime(2026, 11, 21, 0, 30, tzinfo=UTC))
    make_bet("won", match=late)
    make_bet("lost", match=early)

    assert evidence().yield_low_pct is None  # one day in UTC, two in Paris

    make_bet("lost", match=make_match(commence_time=datetime(2026, 11, 22, 1, tzinfo=UTC)))

    assert (evidence().yield_low_pct, evidence().yield_high_pct) == (-100.0, 0.0)


def test_a_first_bet_that_loses_is_a_fall() -> None:
    make_account("1000", at=NOON - DAY)
    make_bet("lost", stake="10", settled_at=NOON)
    make_bet("won", stake="10", settled_at=NOON + HOUR)

    assert sample().curve(EVERYTHING).drawdown_pct == pytest.approx(1.0)


def test_a_withdrawal_is_no_fall_and_a_deposit_no_rise() -> None:
    account = make_account("1000", at=NOON - DAY)
    make_bet("won", odds="2.00", stake="100", settled_at=NOON, at=NOON)
    ledger.post(account, "withdrawal", Decimal(550), now=NOON + HOUR)
    make_bet("lost", stake="55", settled_at=NOON + 2 * HOUR, at=NOON)
    ledger.post(account, "deposit", Decimal(505), now=NOON + 3 * HOUR)
    make_bet("lost", stake="100", settled_at=NOON + 4 * HOUR, at=NOON)

    curve = sample().curve(EVERYTHING)

    assert curve.after.tolist() == [110_000, 49_500, 90_000]
    # 10 % of 550, then 10 % of 1000: 1 - .9².
    assert curve.drawdown_pct == pytest.approx(19.0)
    assert int(curve.after[-1]) == 100 * ledger.balance().bankroll


def test_money_moved_between_accounts_and_undone_does_not_change_the_bankroll() -> None:
    cash = make_account("1000", at=NOON - DAY)
    betclic = make_account("200", at=NOON - DAY, bookmaker=make_bookmaker("unibet_fr"))
    ledger.transfer(cash, betclic, Decimal(300), now=NOON - HOUR)
    ledger.undo(ledger.post(cash, "bonus", Decimal(70), now=NOON - HOUR), now=NOON - HOUR)
    make_bet("won", odds="2.00", stake="10", settled_at=NOON)

    assert sample().curve(EVERYTHING).after.tolist() == [121_000]


def test_bets_settled_at_one_instant_are_one_step() -> None:
    make_account("1000", at=NOON - DAY)
    make_bet("lost", stake="100", settled_at=NOON)
    make_bet("won", odds="2.00", stake="100", settled_at=NOON)

    assert sample().curve(EVERYTHING).drawdown_pct == 0.0


def test_history_entered_late_was_staked_from_what_the_account_began_with() -> None:
    long_ago = NOON - 300 * DAY
    make_bet("lost", stake="100", placed_at=long_ago, settled_at=long_ago + DAY, at=NOON)

    assert ledger.cash_account(now=NOON).entries.get(kind="initial").at == NOON
    assert sample().curve(EVERYTHING).drawdown_pct == pytest.approx(10.0)


def test_a_period_begins_with_the_bankroll_of_then() -> None:
    make_account("1000", at=NOON - 3 * DAY)
    make_bet("won", odds="2.00", stake="500", settled_at=NOON - 2 * DAY, at=NOON - 2 * DAY)
    make_bet("lost", stake="150", settled_at=NOON, at=NOON, bet_type="tabac")
    scope = Scope(since=NOON - DAY, bet_type="tabac")

    curve = sample(scope).curve(scope)

    assert curve.after.tolist() == [135_000]
    assert curve.drawdown_pct == pytest.approx(10.0)


@pytest.mark.parametrize(
    ("unit", "expected"),
    [
        ("day", [date(2026, 11, 29), date(2026, 11, 30), date(2026, 12, 1)]),
        ("week", [date(2026, 11, 23), date(2026, 11, 30)]),  # the 29th was a Sunday
        ("month", [date(2026, 11, 1), date(2026, 12, 1)]),
    ],
)
def test_a_curve_is_cut_into_utc_days_weeks_and_months(unit: str, expected: list[date]) -> None:
    for hours in (-1, 12, 36):
        make_bet("won", settled_at=datetime(2026, 11, 30, tzinfo=UTC) + hours * HOUR)

    days, _starts = in_groups(sample().curve(EVERYTHING), unit)

    assert days.tolist() == expected


def test_the_queries_do_not_grow_with_bets(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    make_eight()

    with django_assert_num_queries(2):
        evidence()
    with django_assert_num_queries(1):
        totals_by(Dimension.BOOKMAKER)
