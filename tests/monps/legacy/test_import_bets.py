"""`manage.py import_legacy`: the original's bets in their three shapes, and what they pay."""

import csv
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from betting.bankroll.reconciliation import reconcile
from betting.bets import importing
from betting.bets.posting import Author
from betting.models import Bet, BetImport, LedgerEntry
from tests.factories import NOON
from tests.monps.legacy.original import BETS, FIRST_BETS, MANUAL_BETS
from tests.monps.legacy.running import counted, fill, import_legacy

MATCH = {
    "match_id": "m1",
    "home_team": "Leeds",
    "away_team": "Fulham",
    "sport": "soccer_epl",
    "commence_time": "2025-11-22 15:00",
}
SEEN = MATCH | {
    "bookmaker": "pinnacle",
    "home_odds": "2.10",
    "away_odds": "3.60",
    "draw_odds": "3.50",
    "collected_at": "2025-11-20 10:00",
}
FIRST_BET = {
    "match_id": "m1",
    "outcome": "home",
    "bookmaker": "Betclic",
    "odds_value": 2.0,
    "stake": 10,
    "bet_type": "tabac",
    "status": "settled",
    "result": "won",
    "actual_profit": 10,
    "created_at": "2025-11-21 09:00",
    "updated_at": "2025-11-22 17:05",
}
BET = MATCH | {
    "outcome": "home",
    "odds": "2.30",
    "stake": "10",
    "bookmaker": "Betclic",
    "edge_pct": "15",
    "agent_recommended": "Spread Optimizer",
    "patron_score": "ANALYSER",
    "patron_confidence": "61.5",
    "status": "won",
    "result": "won",
    "final_score": "2-1",
    "payout": "23",
    "profit": "13",
    "closing_odds": "2.26",
    "clv_percent": "-1.74",
    "settled_by": "auto",
    "placed_at": "2025-11-20 09:00",
    "settled_at": "2025-11-22 17:05",
}
MANUAL = {
    "match_id": "m1",
    "match_name": "Leeds vs Fulham",
    "sport": "soccer_epl",
    "kickoff_time": "2025-11-22 15:00",
    "market_type": "totals",
    "selection": "Over 2.5",
    "line": "2.5",
    "bookmaker": "Winamax",
    "odds_obtained": "2.05",
    "stake": "20",
    "result": "win",
    "profit_loss": "21",
    "created_at": "2025-11-21 08:00",
    "updated_at": "2025-11-22 18:00",
}


def is_proved():
    proof = reconcile()
    return proof.ledger == proof.expected and not proof.wrong_bets


@pytest.mark.django_db
def test_the_first_bets_pay_what_arithmetic_says_and_differences_are_told(prepared, other_tables):
    with other_tables(FIRST_BETS) as dsn:
        fill(dsn, "odds_history", SEEN)
        won = [FIRST_BET | {"actual_profit": 20 if i == 0 else 10} for i in range(5)]
        lost = FIRST_BET | {"odds_value": 2.5, "result": "lost", "actual_profit": -10}
        fill(dsn, "bets", *won, lost, lost, lost)

        printed = import_legacy(dsn, "--apply")

    assert counted(printed, "bets")[:4] == [8, 8, 0, 0]
    assert "otherwise: bets 1 made 10.00, where the original said 20.00." in printed
    assert printed.count("otherwise:") == 1
    proof = reconcile()
    assert is_proved()
    assert proof.profits == Decimal("20.00")  # 5 x (10 at 2.00) won, 3 x 10 lost
    assert proof.ledger == Decimal("1020.00")
    bet = Bet.objects.order_by("pk").first()
    assert (bet.home_team, bet.away_team, bet.sport_key) == ("Leeds", "Fulham", "soccer_epl")
    assert (bet.bookmaker.key, bet.bet_type, bet.settled_by) == ("betclic_fr", "tabac", "import")
    assert bet.match.provider_id == "m1"
    dates = LedgerEntry.objects.filter(bet=bet).order_by("at").values_list("kind", "at")
    assert list(dates) == [
        ("stake", datetime(2025, 11, 21, 9, tzinfo=UTC)),
        ("payout", datetime(2025, 11, 22, 17, 5, tzinfo=UTC)),
    ]


@pytest.mark.django_db
def test_the_later_bets_keep_what_is_true_and_leave_the_false_edge_behind(prepared, other_tables):
    with other_tables(BETS) as dsn:
        fill(
            dsn,
            "bets",
            BET,
            BET | {"status": "pending", "result": None, "profit": None, "settled_at": None},
            BET | {"outcome": "Fulham", "status": "lost", "result": None, "profit": "-10"},
            BET | {"status": "won", "result": "home"},
        )

        printed = import_legacy(dsn, "--apply", "--only", "bets")

    assert counted(printed, "bets")[:4] == [4, 4, 0, 0]
    assert "otherwise" not in printed
    bets = list(Bet.objects.order_by("pk"))
    assert [(bet.status, bet.result, bet.outcome, bet.profit) for bet in bets] == [
        ("settled", "won", "home", Decimal("13.00")),
        ("pending", "", "home", None),
        ("settled", "lost", "away", Decimal("-10.00")),
        ("settled", "won", "home", Decimal("13.00")),
    ]
    first = bets[0]
    assert (first.agent_recommended, first.patron_score) == ("Spread Optimizer", "ANALYSER")
    assert (first.patron_confidence, first.final_score) == (61.5, "2-1")
    assert (first.edge_pct, first.closing_odds, first.clv_pct) == (None, None, None)
    assert first.match is None
    assert is_proved()


@pytest.mark.django_db
def test_manual_bets_know_push_and_void(prepared, other_tables):
    with other_tables(MANUAL_BETS) as dsn:
        fill(
            dsn,
            "manual_bets",
            MANUAL,
            MANUAL | {"selection": "Under 3.0", "line": "3", "result": "push", "profit_loss": 0},
            MANUAL | {"market_type": "h2h", "selection": "Draw", "line": None, "result": "void"},
            MANUAL | {"result": None, "profit_loss": None},
        )

        import_legacy(dsn, "--apply")

    told = Bet.objects.order_by("pk").values_list("market", "line", "outcome", "result", "profit")
    assert list(told) == [
        ("totals", Decimal("2.50"), "over", "won", Decimal("21.00")),
        ("totals", Decimal("3.00"), "under", "push", Decimal("0.00")),
        ("h2h", Decimal(0), "draw", "void", Decimal("0.00")),
        ("totals", Decimal("2.50"), "over", "", None),
    ]
    assert Bet.objects.first().bookmaker.key == "winamax_fr"
    assert is_proved()


@pytest.mark.django_db
def test_another_run_records_no_bet_again_and_the_import_can_be_undone(prepared, other_tables):
    with other_tables(BETS, MANUAL_BETS) as dsn:
        fill(dsn, "bets", BET, BET)
        fill(dsn, "manual_bets", MANUAL)
        import_legacy(dsn, "--apply")

        printed = import_legacy(dsn, "--apply")

    assert counted(printed, "bets")[:4] == [2, 0, 2, 0]
    assert counted(printed, "manual_bets")[:4] == [1, 0, 1, 0]
    batch = BetImport.objects.get()
    assert batch.content.count("\n") == 4
    assert importing.undo(batch, author=Author(now=NOON)) == 3
    assert reconcile().ledger == Decimal("1000.00")
    assert is_proved()


@pytest.mark.django_db
def test_bets_that_cannot_be_are_listed_with_their_reason(prepared, other_tables, tmp_path):
    bad = {
        "bet without the time it was placed": {"placed_at": None},
        "placed in the future": {"placed_at": "2999-01-01"},
        "bet without odds": {"odds": None},
        "bet without a stake": {"stake": None},
        "odds is not a number": {"odds": "NaN"},
        "stake is too large": {"stake": "1e30"},
        "Decimal odds are above 1 and at most 10000.": {"odds": "0.3"},
        "The stake must be above zero and below ten million.": {"stake": "-5"},
        "selection that means nothing": {"outcome": "first goal after 10 minutes"},
        "ending that means nothing": {"status": "perhaps"},
        "status and result contradict each other": {"result": "lost"},
        "match that is not known: its id alone says nothing": {
            "home_team": None,
            "match_id": "t1",
        },
        "Name the bookmaker in at most 60 letters and digits.": {"bookmaker": None},
    }
    listed = tmp_path / "rejected.csv"
    with other_tables(BETS) as dsn:
        fill(dsn, "bets", BET, *(BET | given for given in bad.values()))

        printed = import_legacy(dsn, "--apply", "--rejected", listed)

    assert counted(printed, "bets")[:4] == [1 + len(bad), 1, 0, len(bad)]
    rows = list(csv.DictReader(listed.open(encoding="utf-8")))
    assert {(row["id"], row["reason"]) for row in rows} == {
        (str(number), reason) for number, reason in enumerate(bad, start=2)
    }
    assert Bet.objects.count() == 1


@pytest.mark.django_db
def test_an_outcome_is_of_the_teams_as_the_bet_names_them(prepared, other_tables):
    with other_tables(BETS) as dsn:
        fill(dsn, "odds_history", SEEN)
        turned = {"home_team": "Fulham", "away_team": "Leeds"}
        fill(dsn, "bets", BET | turned)

        import_legacy(dsn, "--apply")

    bet = Bet.objects.get()
    assert (bet.home_team, bet.outcome) == ("Leeds", "away")


@pytest.mark.django_db
def test_a_dry_run_records_no_bet(prepared, other_tables):
    with other_tables(BETS) as dsn:
        fill(dsn, "bets", BET)

        printed = import_legacy(dsn)

    assert counted(printed, "bets")[:4] == [1, 1, 0, 0]
    assert not Bet.objects.exists()
    assert not BetImport.objects.exists()
    assert not LedgerEntry.objects.exists()
