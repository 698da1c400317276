"""Real processes settle the same bets: two at once, and one killed in the middle. Paid once."""

import os
import signal
import subprocess
import sys
import time
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import connection

from betting.bankroll import ledger
from betting.bankroll.reconciliation import reconcile
from betting.bets import posting
from betting.bets.posting import Author
from betting.models import Bet, LedgerEntry
from odds.models import Match
from tests.factories import NOON, make_account, make_bookmaker, make_match

ROOT = Path(__file__).resolve().parents[2]
BETS = 4000
PATIENCE_SECONDS = 60

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def won_bets() -> None:
    """Bets at 2.00 on one match that ended 1-0, a tenth of them on an exchange."""
    account = make_account("100000")
    match = make_match(commence_time=NOON)
    soft = make_bookmaker("betclic_fr")
    exchange = make_bookmaker("betfair_ex_eu", kind="exchange", commission=Decimal("0.05"))
    posting.place(
        [
            Bet(
                match=match, home_team="Lens", away_team="Lille", commence_time=NOON,
                outcome="home", bookmaker=exchange if number % 10 == 0 else soft,
                commission=Decimal("0.05") if number % 10 == 0 else Decimal(0),
                odds=Decimal("2.00"), stake=Decimal(10), risk=Decimal(10), account=account,
                placed_at=NOON, updated_at=NOON,
            )
            for number in range(BETS)
        ],
        Author(now=NOON),
    )  # fmt: skip
    Match.objects.filter(pk=match.pk).update(status="completed", home_score=1, away_score=0)


def settling() -> subprocess.Popen[bytes]:
    database = os.environ["DATABASE_URL"].rpartition("/")[0]
    return subprocess.Popen(
        [sys.executable, "manage.py", "settle_bets"],
        cwd=ROOT,
        env=os.environ | {"DATABASE_URL": f"{database}/{connection.settings_dict['NAME']}"},
        stdout=subprocess.DEVNULL,
    )


def paid_once() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT count(*), count(DISTINCT bet_id), sum(amount)
            FROM bankroll_entries WHERE kind = 'payout'
            """
        )
        # 3,600 get 20 back; 400 on the exchange win 4,000 together, less 5 %.
        assert cursor.fetchone() == (BETS, BETS, Decimal("79800.00"))
    assert not LedgerEntry.objects.of_kinds("reversal").exists()
    assert ledger.balance().bankroll == 100_000 + 36_000 + 3_800
    assert reconcile().is_proved


def test_two_processes_at_once_pay_every_bet_once(won_bets: None):
    processes = [settling(), settling()]

    assert [process.wait(PATIENCE_SECONDS) for process in processes] == [0, 0]

    paid_once()


def test_a_process_killed_in_the_middle_has_paid_whole_batches_and_the_next_pays_the_rest(
    won_bets: None,
):
    process = settling()
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not Bet.objects.settled().exists():
        assert time.monotonic() < deadline
        time.sleep(0.002)
    process.send_signal(signal.SIGKILL)
    process.wait()
    killed_at = Bet.objects.settled().count()
    halves = reconcile()

    assert settling().wait(PATIENCE_SECONDS) == 0

    assert 0 < killed_at < BETS
    assert halves.is_proved
    paid_once()
