"""Placing, correcting, cancelling bets: the bet, its money and its log."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.utils import InternalError

from betting.bankroll import ledger, reconciliation
from betting.bets import placing
from betting.bets.checks import BetRefusedError
from betting.bets.placing import NewBet
from betting.bets.posting import Author
from betting.models import Bet, BetChange, LedgerEntry
from tests.factories import NOON, make_account, make_bet, make_bookmaker, make_match

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(days=2)


def new_bet(**given: Any) -> NewBet:
    defaults: dict[str, Any] = {
        "match": None if "home_team" in given else make_match(),
        "bookmaker": make_bookmaker(),
        "outcome": "home",
        "odds": Decimal("2.30"),
        "stake": Decimal("10.00"),
    }
    return NewBet(**defaults | given)


def place(**given: Any) -> Bet:
    return placing.place(new_bet(**given), author=Author(now=NOON, by="me"))[0]


def amounts(bet: Bet) -> list[tuple[str, int, str]]:
    entries = bet.entries.order_by("pk")
    return [(entry.kind, entry.revision, str(entry.amount)) for entry in entries]


def test_a_bet_copies_what_it_was_placed_on_and_takes_its_stake():
    make_account("100")
    match = make_match(home_team="Lens", away_team="Lille")

    bet = place(match=match, market="totals", outcome="over", line=Decimal("2.5"))

    assert (bet.home_team, bet.away_team, bet.commence_time) == (
        "Lens",
        "Lille",
        match.commence_time,
    )
    assert (bet.sport_key, bet.status, bet.risk) == ("soccer_epl", "pending", Decimal("10.00"))
    assert amounts(bet) == [("stake", 1, "-10.00")]
    assert ledger.balance().available == 90
    assert ledger.balance().exposure == 10
    assert bet.changes.get().kind == BetChange.Kind.PLACED


def test_a_bookmakers_own_account_pays_before_cash():
    make_account("100")
    winamax = make_bookmaker("winamax_fr")
    own = make_account("40", bookmaker=winamax)

    place(bookmaker=winamax)
    place(bookmaker=make_bookmaker("betclic_fr"))

    assert ledger.balance(own).available == 30
    assert ledger.balance(ledger.cash_account(now=NOON)).available == 90


def test_a_bet_beyond_what_is_available_is_refused_and_nothing_is_written():
    make_account("5")

    with pytest.raises(BetRefusedError, match=r"Only 5\.00 is available in Cash; 10\.00 is needed"):
        place()

    assert not Bet.objects.exists()
    assert not LedgerEntry.objects.of_kinds("stake").exists()


def test_a_lay_bet_risks_its_liability():
    make_account("100")

    bet = place(side="lay", odds=Decimal("3.50"), stake=Decimal("10.00"))

    assert bet.risk == Decimal("25.00")
    assert ledger.balance().available == 75


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"odds": Decimal(1)}, "odds are above 1"),
        ({"stake": Decimal(0)}, "stake must be above zero"),
        ({"stake": Decimal(-5)}, "stake must be above zero"),
        ({"outcome": "over"}, "over is not an outcome of h2h: home, draw, away"),
        ({"market": "corners"}, "corners is not a market"),
        ({"line": Decimal("2.5")}, "market h2h has no line"),
        ({"market": "totals", "outcome": "over", "line": Decimal("2.4")}, "quarters"),
        ({"market": "totals", "outcome": "over"}, "goals line is above zero"),
        ({"home_team": "", "commence_time": NOON}, "which match"),
        ({"home_team": "Lens – Lille"}, "when the match begins"),
        ({"commission": Decimal("0.5")}, "between 0 and 0.2"),
    ],
)
def test_an_impossible_bet_is_refused_with_one_sentence(given: dict[str, Any], told: str):
    make_account()

    with pytest.raises(BetRefusedError, match=told):
        place(**given)

    assert not Bet.objects.exists()


def test_the_same_idempotency_key_makes_one_bet():
    make_account()
    new, author = new_bet(), Author(now=NOON)

    first = placing.place(new, author=author, idempotency_key="a", digest="1")
    again = placing.place(new, author=author, idempotency_key="a", digest="1")

    assert (first[1], again[1]) == (True, False)
    assert first[0].pk == again[0].pk
    assert LedgerEntry.objects.of_kinds("stake").count() == 1


def test_an_idempotency_key_of_another_bet_is_refused():
    make_account()
    placing.place(new_bet(), author=Author(now=NOON), idempotency_key="a", digest="1")

    with pytest.raises(BetRefusedError, match="used for another bet"):
        placing.place(new_bet(), author=Author(now=NOON), idempotency_key="a", digest="2")


def test_correcting_the_odds_of_a_settled_bet_reverses_and_pays_anew():
    make_account("100")
    bet = make_bet("won", odds="2.00")

    placing.correct(
        bet.pk, {"odds": Decimal("2.50")}, author=Author(now=LATER, by="me", reason="typo")
    )

    bet.refresh_from_db()
    assert (bet.payout, bet.profit, bet.revision) == (Decimal("25.00"), Decimal("15.00"), 2)
    assert amounts(bet) == [
        ("stake", 1, "-10.00"),
        ("payout", 1, "20.00"),
        ("reversal", 1, "-10.00"),
        ("stake", 2, "-10.00"),
        ("payout", 2, "25.00"),
    ]
    change = bet.changes.first()
    assert (change.kind, change.by, change.reason) == ("corrected", "me", "typo")
    assert (change.before["odds"], change.after["odds"]) == ("2", "2.5")
    assert reconciliation.reconcile().is_proved


def test_correcting_a_note_moves_no_money():
    make_account()
    bet = make_bet("won")

    placing.correct(bet.pk, {"notes": "late team news"}, author=Author(now=LATER))

    assert bet.entries.count() == 2
    assert bet.changes.first().kind == BetChange.Kind.NOTED


def test_a_correction_that_changes_nothing_leaves_no_trace():
    make_account()
    bet = make_bet()

    placing.correct(bet.pk, {"odds": bet.odds}, author=Author(now=LATER))

    assert bet.changes.count() == 1


def test_moving_a_bet_to_another_bookmaker_moves_its_money_between_accounts():
    make_account("100")
    winamax = make_bookmaker("winamax_fr")
    own = make_account("50", bookmaker=winamax)
    bet = make_bet("won", odds="3.00", bookmaker=make_bookmaker("betclic_fr"))

    placing.correct(bet.pk, {"bookmaker": winamax}, author=Author(now=LATER))

    assert ledger.balance(own).available == 70
    assert ledger.balance(ledger.cash_account(now=NOON)).available == 100
    assert reconciliation.reconcile().is_proved


def test_a_correction_takes_the_closing_lines_grade_away():
    make_account()
    bet = make_bet(clv_status="graded", clv_reference="pinnacle", clv_pct=2.0, clv_fair_pct=1.0)

    placing.correct(bet.pk, {"odds": Decimal("2.10")}, author=Author(now=LATER))

    bet.refresh_from_db()
    assert bet.clv_status == "pending"


def test_an_impossible_correction_changes_nothing():
    make_account()
    bet = make_bet("won")

    with pytest.raises(BetRefusedError):
        placing.correct(bet.pk, {"stake": Decimal(0)}, author=Author(now=LATER))

    bet.refresh_from_db()
    assert (bet.stake, bet.entries.count()) == (Decimal("10.00"), 2)


def test_a_cancelled_bet_leaves_no_money_and_can_be_restored():
    make_account("100")
    bet = make_bet("lost")

    placing.cancel(bet.pk, author=Author(now=LATER, reason="entered twice"))

    assert ledger.balance().available == 100
    assert not Bet.objects.kept().exists()
    assert reconciliation.reconcile().is_proved

    placing.restore(bet.pk, author=Author(now=LATER))

    assert ledger.balance().available == 90
    assert Bet.objects.settled().get() == bet
    assert reconciliation.reconcile().is_proved


def test_a_bet_on_paper_moves_no_money():
    make_account("100")

    bet = make_bet("won", is_paper=True)

    assert bet.profit == 10
    assert not bet.entries.exists()
    assert ledger.balance().bankroll == 100


def test_the_ledger_and_the_log_cannot_be_rewritten():
    make_account()
    bet = make_bet()

    for rows in (LedgerEntry.objects.all(), BetChange.objects.all()):
        for attempt in (rows.delete, lambda rows=rows: rows.update(at=LATER)):
            with pytest.raises((InternalError, IntegrityError)), transaction.atomic():
                attempt()

    assert bet.entries.count() == 1


@pytest.mark.parametrize(
    "wrong",
    [
        "odds = 1",
        "stake = 0",
        "risk = 11",
        "outcome = 'over'",
        "line = 2.5",
        "market = 'totals', outcome = 'over', line = 2.4",
        "status = 'settled'",
        (
            "status = 'settled', result = 'won', payout = 20, profit = 9, settled_at = now(), "
            "settled_by = 'auto'"
        ),
        (
            "status = 'void', result = 'won', payout = 10, profit = 0, settled_at = now(), "
            "settled_by = 'auto'"
        ),
        "account_id = NULL",
        "is_paper = true",
        "clv_status = 'graded'",
        "commission = 0.5",
    ],
)
def test_the_database_refuses_a_bet_that_cannot_be(wrong: str):
    make_account()
    bet = make_bet()

    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE bets SET {wrong} WHERE id = %s", [bet.pk])


def test_a_revision_is_paid_once():
    make_account()
    bet = make_bet("won")

    with pytest.raises(IntegrityError), transaction.atomic():
        LedgerEntry.objects.create(
            account=bet.account, kind="payout", amount=20, bet=bet, revision=1, at=NOON
        )
