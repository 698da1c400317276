"""Bets from files: what they would do, what they did, and undoing it."""

import csv
import io
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from betting.bankroll import ledger
from betting.bankroll.reconciliation import reconcile
from betting.bets import csv_format, importing
from betting.bets.checks import BetRefusedError
from betting.bets.csv_format import UnreadableFileError
from betting.bets.posting import Author
from betting.models import Bet, BetImport
from tests.factories import NOON, make_account, make_bet, make_bookmaker, make_match

pytestmark = pytest.mark.django_db

HEADER = "placed_at,home_team,away_team,kickoff,market,outcome,line,bookmaker,odds,stake,result"
ANALYTIX_COLUMNS = (
    *("Date", "Type", "Sport", "Label", "Odds", "Stake", "State", "Bookmaker", "Tipster"),
    *("Category", "Competition", "BetType", "Closing", "EstimatedProbability", "Commission"),
    *("Bonus", "Live", "Freebet", "Cashout", "Eachway", "Comment"),
)


def analytix(*rows: dict[str, str]) -> str:
    """A file as Bet-Analytix writes it: semicolons, everything quoted."""
    buffer = io.StringIO()
    writer = csv.DictWriter(
        buffer, ANALYTIX_COLUMNS, restval="", delimiter=";", quoting=csv.QUOTE_ALL
    )
    writer.writeheader()
    writer.writerows(row | {"Bookmaker": "Winamax"} for row in rows)
    return buffer.getvalue()


def simple(**given: str) -> dict[str, str]:
    return {
        "Date": "2021-09-28 10:00",
        "Type": "Simple",
        "Sport": "Tennis",
        "Label": "Set 1 over 9.5",
        "Odds": "1.50",
        "Stake": "5",
        "State": "W",
    } | given


ANALYTIX = analytix(
    simple(Date="2021-10-01 11:18", Type="Combined", Label="Two", Odds="2.221", Stake="6.33"),
    {"Sport": "Football", "Label": "Home or draw", "Odds": "1.170", "State": "W"},
    {"Sport": "Tennis", "Label": "Second seed", "Odds": "1.900", "State": "W"},
    simple(
        Label="First set", Odds="2.250", Stake="1.09", State="L", Competition="ATP",
        Closing="2.10", Live="Yes", Comment="Test",
    ),
    simple(Freebet="Yes"),
    simple(State="X"),
)  # fmt: skip


def csv_of(*rows: str) -> str:
    return "\n".join([HEADER, *rows])


def row(**given: str) -> str:
    cells = {
        "placed_at": "2026-11-20T10:00:00Z",
        "home_team": "Lens",
        "away_team": "Lille",
        "kickoff": "2026-11-20T20:00:00Z",
        "market": "h2h",
        "outcome": "home",
        "line": "",
        "bookmaker": "Betclic",
        "odds": "2.10",
        "stake": "10",
        "result": "won",
    }
    return ",".join((cells | given).values())


def imported(text: str) -> int:
    batch = BetImport.objects.create(name="bets.csv", content=text, uploaded_at=NOON)
    return importing.apply(batch, author=Author(now=NOON, by="me"))


def test_a_file_is_looked_at_before_anything_is_written():
    make_account()

    found = importing.preview(csv_of(row(), row(stake="20", result="")))

    assert (len(found.new), found.known, found.bad) == (2, [], [])
    assert found.staked == 30
    assert not Bet.objects.exists()


def test_bets_are_recorded_with_their_own_dates_and_settled():
    make_account("0")
    make_bookmaker("betclic_fr", title="Betclic (FR)")

    assert imported(csv_of(row(), row(outcome="draw", odds="3.40", result="lost"))) == 2

    won, lost = Bet.objects.order_by("pk")
    assert (won.bookmaker.key, won.profit, lost.profit) == ("betclic_fr", 11, -10)
    assert {won.settled_by, lost.settled_by} == {"import"}
    assert won.placed_at == datetime(2026, 11, 20, 10, tzinfo=UTC)
    assert won.entries.get(kind="stake").at == won.placed_at
    assert ledger.balance().available == 1  # history does not ask whether the account could pay
    assert reconcile().is_proved


@pytest.mark.parametrize(
    ("bad", "told"),
    [
        (row(odds="abc"), "odds is not a number: abc"),
        (row(odds="0.9"), "odds are above 1"),
        (row(stake="-5"), "stake must be above zero"),
        (row(stake="NaN"), "stake is not a number"),
        (row(placed_at="yesterday"), "placed_at is not a date and time"),
        (row(placed_at="2026-13-45T10:00:00Z"), "placed_at is not a date and time"),
        (row(outcome="over"), "over is not an outcome of h2h"),
        (row(market="totals", outcome="over", line="2.4"), "quarters"),
        (row(result="maybe"), "result is maybe; it can be won, half_won"),
        (row(bookmaker=""), "bookmaker is empty"),
    ],
)
def test_a_bad_row_is_named_and_leaves_the_good_ones(bad: str, told: str):
    make_account()

    found = importing.preview(csv_of(row(), bad))

    assert len(found.new) == 1
    assert [one.number for one in found.bad] == [3]
    assert told in found.bad[0].reason


def test_the_same_file_again_changes_nothing():
    make_account()
    text = csv_of(row(), row(stake="20"))
    imported(text)

    again = importing.preview(text + "\n" + row(stake="30"))

    assert (len(again.known), len(again.new)) == (2, 1)
    assert imported(text) == 0
    assert Bet.objects.count() == 2


def test_a_bet_that_was_entered_by_hand_is_recognised():
    make_account()
    match = make_match(home_team="Lens", away_team="Lille")
    placed_at = datetime(2026, 11, 20, 10, tzinfo=UTC)
    bookmaker = make_bookmaker("betclic_fr", title="Betclic")
    make_bet(match=match, odds="2.10", stake="10", placed_at=placed_at, bookmaker=bookmaker)

    found = importing.preview(csv_of(row()))

    assert (len(found.known), found.new) == (1, [])


def test_one_upload_is_applied_once():
    make_account()
    batch = BetImport.objects.create(name="b", content=csv_of(row()), uploaded_at=NOON)
    importing.apply(batch, author=Author(now=NOON))

    with pytest.raises(BetRefusedError, match="imported already"):
        importing.apply(batch, author=Author(now=NOON))


def test_undoing_an_import_cancels_its_bets_and_no_others():
    make_account("100")
    kept = make_bet()
    batch = BetImport.objects.create(name="b", content=csv_of(row()), uploaded_at=NOON)
    importing.apply(batch, author=Author(now=NOON))

    assert importing.undo(batch, author=Author(now=NOON + timedelta(hours=1))) == 1

    assert Bet.objects.kept().get() == kept
    assert ledger.balance().available == 90
    assert reconcile().is_proved
    with pytest.raises(BetRefusedError, match="nothing to undo"):
        importing.undo(batch, author=Author(now=NOON))


def test_what_was_exported_is_read_as_the_same_bets():
    make_account()
    match = make_match()
    make_bet("won", match=match, odds="2.345", notes="=SUM(A1)", settled_at=NOON)
    make_bet(
        "half_lost", match=match, market="totals", outcome="under", line=Decimal("2.75"), odds="1.9"
    )
    make_bet(match=match, side="lay", odds="3.5", commission=Decimal("0.05"), is_paper=True)
    make_bet(market="other", outcome="other", selection="First scorer")

    text = "".join(csv_format.write(Bet.objects.order_by("pk")))
    seen, bad = csv_format.read(text)

    assert bad == []
    originals = list(Bet.objects.order_by("pk").select_related("bookmaker", "match"))
    for bet, told in zip(originals, seen, strict=True):
        assert told.key == importing._key_of(bet, bet.bookmaker.key)
        assert (told.result, told.notes, told.is_paper) == (bet.result, bet.notes, bet.is_paper)
        assert (told.match_id, told.settled_at) == (bet.match.provider_id, bet.settled_at)
        assert (told.commission, told.selection) == (bet.commission, bet.selection)
    assert "'=SUM(A1)" in text  # a spreadsheet must not compute it


def test_a_bet_analytix_export_is_recognised():
    make_account()
    make_bookmaker("winamax_fr", title="Winamax (FR)")

    found = importing.preview(ANALYTIX)

    assert found.format == "Bet-Analytix"
    combined, single = found.new
    assert combined.selection == "Two: Home or draw (1.170) + Second seed (1.900)"
    assert (combined.odds, combined.stake, combined.result) == (
        Decimal("2.221"),
        Decimal("6.33"),
        "won",
    )
    assert timezone.localtime(combined.placed_at).isoformat() == "2021-10-01T11:18:00+02:00"
    assert (single.result, single.league, single.notes) == ("lost", "ATP", "Test · in play")
    assert [(one.number, one.reason) for one in found.bad] == [
        (6, "It is a free bet; enter what it won as a bonus of the account."),
        (7, "State is X; it can be W, L, V, HW, HL, P."),
    ]


def test_bet_analytix_closing_odds_give_a_raw_clv_and_no_fair_one():
    make_account()

    assert imported(ANALYTIX) == 2

    bet = Bet.objects.get(selection="First set")
    assert bet.clv_pct == pytest.approx(100 * (2.25 / 2.10 - 1))
    assert (bet.clv_status, bet.clv_fair_pct) == ("missing", None)
    assert Bet.objects.get(result="won").profit == Decimal("7.73")  # 6.33 x 2.221 = 14.06


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "empty"),
        (b"a,b\n1,2\n", "no column bookmaker, home_team"),
        (b"x" * 5_000_001, "larger than 5 MB"),
    ],
)
def test_a_file_without_bets_is_refused_with_one_sentence(content: bytes, told: str):
    with pytest.raises(UnreadableFileError, match=told):
        importing.preview(importing.decoded(content))


def test_windows_text_is_read():
    text = importing.decoded(csv_of(row(home_team="Saint-Étienne")).encode("cp1252"))

    assert importing.preview(text).new[0].home_team == "Saint-Étienne"


def test_the_commands_look_import_and_export(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    make_account()
    file = tmp_path / "bets.csv"
    file.write_text(csv_of(row(), row(odds="x")))

    call_command("import_bets", file)
    told = capsys.readouterr().out
    assert "line 3: odds is not a number: x" in told
    assert "1 new bets, 0 there already, 1 bad rows" in told
    assert not Bet.objects.exists()

    call_command("import_bets", file, apply=True)
    assert Bet.objects.count() == 1
    capsys.readouterr()

    call_command("export_bets")
    assert csv_format.read(capsys.readouterr().out)[0][0].odds == Decimal("2.10")


def test_the_command_says_why_a_file_cannot_be_read(tmp_path: Path):
    with pytest.raises(CommandError, match="No such file"):
        call_command("import_bets", tmp_path / "none.csv")
