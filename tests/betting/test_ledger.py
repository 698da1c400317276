"""Accounts and the ledger: money moves by entries only, and the books can be proved."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from betting.bankroll import ledger
from betting.bankroll.ledger import LedgerRefusedError
from betting.bankroll.reconciliation import reconcile
from betting.bets import placing, settlement
from betting.bets.posting import Author
from betting.bets.settlement import Ruling
from betting.models import Account, Bet, Ending, LedgerEntry
from tests.factories import NOON, make_account, make_bet, make_bookmaker, make_match

pytestmark = pytest.mark.django_db


def test_cash_is_opened_once_with_the_initial_balance():
    first, second = ledger.cash_account(now=NOON), ledger.cash_account(now=NOON)

    assert first == second
    assert ledger.balance().available == Decimal("1000.00")
    assert Account.objects.count() == 1


def test_available_exposure_and_bankroll():
    make_account("100")
    make_bet("won", odds="3.00")
    make_bet("lost")
    make_bet(stake="25")
    make_bet(stake="25", is_paper=True)

    balance = ledger.balance()

    assert balance.available == 100 + 20 - 10 - 25
    assert balance.exposure == 25
    assert balance.bankroll == 110


def test_deposits_withdrawals_bonuses_and_adjustments_sum():
    account = make_account("100")

    ledger.post(account, "deposit", Decimal(50), now=NOON)
    ledger.post(account, "withdrawal", Decimal(30), now=NOON)
    ledger.post(account, "bonus", Decimal("5.50"), now=NOON)
    ledger.post(account, "adjustment", Decimal("-0.25"), now=NOON)

    assert account.entries.total() == Decimal("125.25")
    assert reconcile().is_proved


def test_more_than_is_there_cannot_be_withdrawn():
    account = make_account("100")
    make_bet(stake="80")

    with pytest.raises(LedgerRefusedError, match=r"Only 20\.00 is available in Cash"):
        ledger.post(account, "withdrawal", Decimal("20.01"), now=NOON)

    assert account.entries.total() == 20


@pytest.mark.parametrize(
    ("kind", "amount"),
    [("deposit", 0), ("deposit", -5), ("withdrawal", -5), ("adjustment", 0), ("payout", 5)],
)
def test_movements_that_make_no_sense_are_refused(kind: str, amount: int):
    account = make_account("100")

    with pytest.raises(LedgerRefusedError):
        ledger.post(account, kind, Decimal(amount), now=NOON)

    assert account.entries.total() == 100


def test_a_transfer_leaves_the_whole_unchanged():
    cash, own = make_account("100"), make_account("0", bookmaker=make_bookmaker("winamax_fr"))

    ledger.transfer(cash, own, Decimal(40), now=NOON)

    assert (cash.entries.total(), own.entries.total()) == (60, 40)
    assert reconcile().is_proved


def test_undoing_a_transfer_undoes_both_halves_once():
    cash, own = make_account("100"), make_account("0", bookmaker=make_bookmaker("winamax_fr"))
    ledger.transfer(cash, own, Decimal(40), now=NOON)
    half = own.entries.get(kind="transfer")

    ledger.undo(half, now=NOON, reason="wrong account")

    assert (cash.entries.total(), own.entries.total()) == (100, 0)
    assert reconcile().is_proved
    with pytest.raises(LedgerRefusedError, match="undone already"):
        ledger.undo(half, now=NOON)


def test_a_bets_entry_is_not_undone_by_hand():
    make_account()
    bet = make_bet()

    with pytest.raises(LedgerRefusedError, match="correcting the bet"):
        ledger.undo(bet.entries.get(), now=NOON)


def test_a_deposit_that_was_spent_cannot_be_undone():
    account = make_account("0")
    deposit = ledger.post(account, "deposit", Decimal(10), now=NOON)
    make_bet(stake="10")

    with pytest.raises(LedgerRefusedError, match="Only 0"):
        ledger.undo(deposit, now=NOON)


def test_one_account_for_each_bookmaker():
    winamax = make_bookmaker("winamax_fr")
    make_account("10", bookmaker=winamax)

    with pytest.raises(LedgerRefusedError, match="already an account"):
        ledger.open_account(winamax, now=NOON)
    Account.objects.create(name="cash", created_at=NOON)
    with pytest.raises(IntegrityError), transaction.atomic():
        Account.objects.create(name="more cash", created_at=NOON)


def test_the_proof_finds_money_that_was_moved_behind_the_bets_back():
    make_account("100")
    bet = make_bet("won")

    with connection.cursor() as cursor:
        cursor.execute("UPDATE bets SET payout = 30, profit = 20 WHERE id = %s", [bet.pk])
    proof = reconcile()

    assert not proof.is_proved
    assert proof.wrong_bets == [bet.pk]
    assert proof.expected - proof.ledger == 10


def test_the_command_says_whether_the_books_are_proved(capsys: pytest.CaptureFixture[str]):
    make_account("100")
    bet = make_bet("won")

    call_command("reconcile")
    assert "proved" in capsys.readouterr().out

    with connection.cursor() as cursor:
        cursor.execute("UPDATE bets SET payout = 30, profit = 20 WHERE id = %s", [bet.pk])
    with pytest.raises(CommandError, match=str(bet.pk)):
        call_command("reconcile")


STEPS = st.lists(
    st.one_of(
        st.tuples(
            st.just("place"),
            st.sampled_from(["back", "lay"]),
            st.decimals("1.01", "20", places=2),
            st.decimals(1, 50, places=2),
        ),
        st.tuples(st.just("rule"), st.integers(0, 9), st.sampled_from(Ending.values)),
        st.tuples(st.just("reopen"), st.integers(0, 9)),
        st.tuples(st.just("cancel"), st.integers(0, 9)),
        st.tuples(st.just("restore"), st.integers(0, 9)),
        st.tuples(st.just("odds"), st.integers(0, 9), st.decimals("1.01", "20", places=2)),
        st.tuples(st.just("stake"), st.integers(0, 9), st.decimals(1, 50, places=2)),
    ),
    max_size=25,
)


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(steps=STEPS, commission=st.sampled_from(["0", "0.02", "0.05"]))
def test_whatever_happens_to_bets_the_ledger_sums_to_the_balance(steps: list, commission: str):
    with transaction.atomic():
        _live_through(steps, commission)
        proof = reconcile()
        settled = sum(bet.profit for bet in Bet.objects.real().settled())
        at_risk = sum(bet.risk for bet in Bet.objects.real().pending())
        balance = ledger.balance()
        payouts = LedgerEntry.objects.of_kinds("payout")
        once = payouts.values("bet", "revision").distinct().count() == payouts.count()
        transaction.set_rollback(True)

    assert proof.is_proved, proof
    assert balance.bankroll == 100_000 + settled
    assert balance.available == balance.bankroll - at_risk
    assert once


def _live_through(steps: list, commission: str) -> None:
    make_account("100000")
    exchange = make_bookmaker("betfair_ex_eu", kind="exchange", commission=Decimal(commission))
    match = make_match()
    placed: list[int] = []
    for number, (step, *given_values) in enumerate(steps):
        author = Author(now=NOON + timedelta(minutes=number))
        if step == "place":
            side, odds, stake = given_values
            bet = make_bet(match=match, bookmaker=exchange, side=side, odds=odds, stake=stake)
            placed.append(bet.pk)
        elif given_values[0] < len(placed):
            _one_step(step, placed[given_values[0]], given_values[1:], author)


def _one_step(step: str, bet_id: int, values: list, author: Author) -> None:
    try:
        if step == "rule":
            ways = 2 if values[0] == Ending.DEAD_HEAT else None
            ruling = Ruling(ending=values[0], dead_heat_ways=ways)
            settlement.rule({bet_id: ruling}, author=author)
        elif step == "reopen":
            settlement.reopen(bet_id, author=author)
        elif step == "cancel":
            placing.cancel(bet_id, author=author)
        elif step == "restore":
            placing.restore(bet_id, author=author)
        else:
            placing.correct(bet_id, {step: values[0]}, author=author)
    except placing.BetRefusedError:
        pass  # a cancelled bet is not there, a stake of cents risks nothing when laid
