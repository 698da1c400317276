"""Importing files: what becomes of matches, results and quotes, once, twice and corrected."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from odds.football_data.importing import Account, ImportSummary, import_file
from odds.football_data.reading import UnreadableFileError
from odds.models import (
    Bookmaker,
    LatestQuote,
    Match,
    MatchChange,
    MatchResult,
    Quote,
    Sport,
)
from odds.results import record
from tests.odds.football_data.files import FRIDAY, KICKOFF, NOW, PRICES, csv_bytes, load, row

RECORDED = Path(__file__).resolve().parents[4] / "shared" / "data" / "football-data"
pytestmark = pytest.mark.django_db


def quotes(match: Match) -> list[tuple[str, str, str, datetime]]:
    found = Quote.objects.filter(match=match).order_by("observed_at", "market", "bookmaker__key")
    return [(q.bookmaker.key, q.market, str(q.odds_1), q.observed_at) for q in found]


def test_a_match_its_result_and_its_quotes_are_stored_at_their_stated_instants():
    account = load(row(**PRICES))

    match = Match.objects.get()
    assert match.provider_id == "fd:E0:2025-01-12:leeds:fulham"
    assert (match.sport.key, match.commence_time) == ("soccer_epl", KICKOFF)
    assert (match.status, match.home_score, match.away_score) == ("completed", 2, 1)
    result = MatchResult.objects.get()
    assert (result.source, result.home_score, result.observed_at) == ("football_data", 2, NOW)
    closing = KICKOFF - timedelta(minutes=1)
    assert quotes(match) == [
        ("bet365", "h2h", "2.100", FRIDAY),
        ("market_max", "h2h", "2.200", FRIDAY),
        ("pinnacle", "h2h", "2.150", FRIDAY),
        ("pinnacle", "spreads", "1.880", FRIDAY),
        ("pinnacle", "totals", "1.950", FRIDAY),
        ("pinnacle", "h2h", "2.050", closing),
        ("pinnacle", "spreads", "2.050", closing),
        ("pinnacle", "totals", "1.900", closing),
    ]
    spread, total = (
        Quote.objects.get(market=market, observed_at=FRIDAY) for market in ("spreads", "totals")
    )
    assert (spread.line, spread.odds_x, spread.odds_2) == (Decimal("-0.25"), None, Decimal("2.02"))
    assert (total.line, total.odds_x) == (Decimal("2.5"), None)
    assert account == Account(rows=1, matches_new=1, results_new=1, quotes_stored=8)
    assert not LatestQuote.objects.exists()


def test_aggregates_are_neither_playable_nor_soft():
    load(row(**PRICES))

    assert Bookmaker.objects.get(key="market_max").kind == Bookmaker.Kind.AGGREGATE
    assert Bookmaker.objects.get(key="pinnacle").kind == Bookmaker.Kind.SHARP
    assert not Bookmaker.objects.filter(is_playable=True).exists()


def test_a_closing_price_that_did_not_move_is_a_fact_of_its_own():
    load(row(**PRICES | {"PSCH": "2.15", "PSCD": "3.45", "PSCA": "3.65"}))

    assert Quote.objects.filter(market="h2h", bookmaker__key="pinnacle").count() == 2


def test_a_second_import_stores_nothing():
    load(row(**PRICES), row("Everton", **PRICES))

    again = load(row(**PRICES), row("Everton", **PRICES), now=NOW + timedelta(days=1))

    assert again == Account(rows=2, matches_known=2, quotes_known=16)
    assert (Match.objects.count(), MatchResult.objects.count()) == (2, 2)
    assert Quote.objects.count() == 16


def test_a_later_copy_adds_what_was_not_there():
    load(row(**PRICES))

    account = load(row(**PRICES, WHH="2.0", WHD="3.3", WHA="3.5"), row("Everton", **PRICES))

    assert account == Account(
        rows=2, matches_new=1, matches_known=1, results_new=1, quotes_stored=9, quotes_known=8
    )


@pytest.mark.parametrize("changed", [{"PSH": "2.16"}, {"AHh": "-0.5"}])
def test_a_price_that_contradicts_its_instant_is_counted_and_left_out(changed: dict[str, str]):
    load(row(**PRICES))

    account = load(row(**PRICES | changed))

    assert (account.quotes_known, account.quotes_contradicting) == (7, 1)
    assert Quote.objects.count() == 8


def test_a_corrected_score_is_a_new_fact_and_is_in_force():
    load(row())

    account = load(row(FTHG="2", FTAG="2", FTR="D"), now=NOW + timedelta(days=1))

    assert (account.results_new, account.results_corrected) == (0, 1)
    assert MatchResult.objects.count() == 2
    match = Match.objects.get()
    assert (match.status, match.home_score, match.away_score) == ("completed", 2, 2)


def test_a_person_is_believed_more_than_the_file():
    load(row(FTHG="", FTAG="", FTR=""))
    match = Match.objects.get()
    record(
        match.pk,
        source="hand",
        status="completed",
        home_score=0,
        away_score=3,
        observed_at=NOW - timedelta(days=1),
    )

    account = load(row())

    match.refresh_from_db()
    assert account.results_new == 1
    assert (match.home_score, match.away_score) == (0, 3)


@pytest.mark.parametrize("heard_at", [datetime(2025, 1, 9, tzinfo=UTC), NOW])
def test_a_kickoff_follows_the_files_until_there_is_a_result(heard_at: datetime):
    load(row(FTHG="", FTAG="", FTR="", **PRICES), now=datetime(2025, 1, 8, tzinfo=UTC))
    assert Match.objects.get().status == "scheduled"

    load(row(FTHG="", FTAG="", FTR="", Time="16:30"), now=heard_at)
    account = load(row(Time="16:30"))
    load(row(Time="17:00"))
    load(row(Time=""))

    match = Match.objects.get()
    assert match.commence_time == KICKOFF + timedelta(minutes=150)
    assert match.status == "completed"
    change = MatchChange.objects.get()
    assert (change.kind, change.observed_at) == (MatchChange.Kind.KICKOFF, heard_at)
    assert account == Account(rows=1, matches_known=1, results_new=1)


def test_a_file_is_one_transaction():
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE quotes ADD CONSTRAINT no_more CHECK (odds_1 < 2.2)")

    with pytest.raises(Exception, match="no_more"):
        load(row(**PRICES))

    connection.needs_rollback = False
    assert not Match.objects.exists()
    assert not Sport.objects.filter(key="soccer_epl").exists()


def test_something_else_stores_nothing():
    with pytest.raises(UnreadableFileError):
        import_file(b"<html>", name="E0.csv", summary=ImportSummary(), now=NOW)

    assert not Match.objects.exists()


def test_queries_do_not_grow_with_the_rows():
    def count(start: int, matches: int) -> int:
        rows = [row(f"Home {start + i}", f"Away {start + i}", **PRICES) for i in range(matches)]
        with CaptureQueriesContext(
            connection,
        ) as captured:
            load(*rows)
        return len(captured)

    count(0, 1)  # seeds the sport and the bookmakers
    assert count(10, 1) == count(100, 50)


def test_leagues_and_seasons_are_accounted_for_apart():
    summary = ImportSummary()
    content = csv_bytes(
        row(), row(Div="D1"), row(Div="XX"), row("Everton", PSH="-", PSD="", PSA="")
    )

    import_file(content, name="latest.csv", summary=summary, now=NOW)

    assert {group: one.rows for group, one in summary.accounts.items()} == {
        ("E0", "2024/25"): 2,
        ("D1", "2024/25"): 1,
    }
    assert summary.reasons() == {"league MON_PS does not know": 1, "not decimal odds above 1": 1}
    assert summary.rejected_rows[0][0] == "latest.csv"


@pytest.mark.recorded
@pytest.mark.skipif(
    not RECORDED.exists(), reason="the recorded files are not beside the repository"
)
def test_recorded_copies_of_a_running_season_add_up_to_the_final_file():
    copies = sorted((RECORDED / "as-of").glob("2025-2026_E0_*"))
    final = RECORDED / "2025-2026_E0.csv.gz"
    summaries = []
    for file in [*copies, final, final]:
        summary = ImportSummary()
        import_file(file.read_bytes(), name=file.name, summary=summary, now=NOW)
        summaries.append(summary.total)

    assert len(copies) == 4
    assert all(one.results_new > 0 for one in summaries[:-1])
    assert sum(one.results_new for one in summaries) == 380
    assert Match.objects.count() == 380
    last = summaries[-1]
    assert (last.quotes_stored, last.results_new, last.results_corrected) == (0, 0, 0)
