"""`manage.py import_legacy`: the history of odds of a generated original, against its own truth."""

import csv
import signal
import subprocess
import sys
import time
from bisect import bisect_right
from collections import Counter
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from os import environ
from pathlib import Path

import psycopg
import pytest
from django.core.management import call_command

from odds.models import Bookmaker, Collection, LatestQuote, Match, MatchChange, Quote
from odds.parsing import SeenMatch, SeenQuote, Snapshot
from odds.storage import store_snapshot
from tests.monps.legacy.original import BEGIN, BOOKMAKERS, database, generate
from tests.monps.legacy.running import counted, fill, import_legacy
from tests.monps.pasts import everything

ROOT = Path(__file__).resolve().parents[3]
PATIENCE_SECONDS = 120
ROW = {
    "match_id": "m1",
    "sport": "soccer_epl",
    "home_team": "Leeds",
    "away_team": "Fulham",
    "commence_time": "2025-11-22 15:00",
    "bookmaker": "Pinnacle",
    "home_odds": "2.10",
    "away_odds": "3.60",
    "draw_odds": "3.50",
    "collected_at": "2025-11-20 10:00",
}


def history_of_match(match_id):
    """Prices by bookmaker and market: their instants, and the odds from each on."""
    found = {}
    rows = Quote.objects.filter(match__provider_id=match_id).order_by("observed_at")
    for key, market, at, *odds in rows.values_list(
        "bookmaker__key", "market", "observed_at", "odds_1", "odds_x", "odds_2"
    ):
        instants, prices = found.setdefault((key, market), ([], []))
        instants.append(at)
        prices.append(tuple(None if one is None else float(one) for one in odds))
    return found


def table_sums(dsn):
    with psycopg.connect(dsn) as made:
        return [
            made.execute(
                f"SELECT count(*), md5(string_agg(one::text, '' ORDER BY id)) FROM {t} one"
            ).fetchone()
            for t in ("odds_history", "odds_totals")
        ]


@pytest.mark.django_db
def test_every_row_is_stored_unchanged_or_rejected_and_every_price_is_there(
    prepared, original, tmp_path
):
    history = generate(4000, matches_a_sport=6, with_totals=True)
    history.store(original)
    before, listed = table_sums(original), tmp_path / "rejected.csv"

    printed = import_legacy(original, "--apply", "--rejected", listed)

    for table, rows in (("odds_history", history.rows), ("odds_totals", history.totals)):
        received, stored, unchanged, rejected, withdrawn = counted(printed, table)
        bad = {reason: n for (of, reason), n in history.bad.items() if of == table}
        assert received == len(rows) == stored + unchanged + rejected
        assert stored == history.changes[table]
        assert rejected == sum(bad.values())
        assert withdrawn == history.withdrawn[table]
        assert all(f"rejected: {n} × {reason}\n" in printed for reason, n in bad.items())
    told = Counter(
        (row["table"], row["reason"]) for row in csv.DictReader(listed.open(encoding="utf-8"))
    )
    assert told == history.bad
    assert Quote.objects.with_odds().count() == history.changes.total()
    assert table_sums(original) == before
    by_match = {}
    for (match_id, key, market), seen in history.seen.items():
        found = by_match.setdefault(match_id, history_of_match(match_id))
        instants, prices = found[key, market]
        for at, odds in seen.items():
            assert prices[bisect_right(instants, at.replace(tzinfo=UTC)) - 1] == odds
    assert Match.objects.count() == history.matches
    assert set(MatchChange.objects.values_list("kind", flat=True)) == {"kickoff"}
    assert MatchChange.objects.count() == 3  # one of each sport
    assert Bookmaker.objects.filter(latest_quotes__isnull=False).distinct().count() == len(
        BOOKMAKERS
    )


@pytest.mark.django_db
def test_a_dry_run_tells_what_the_import_then_does_and_writes_nothing(prepared, original):
    generate(1500, matches_a_sport=4).store(original)
    before = everything()

    told = import_legacy(original)

    assert everything() == before
    assert not Collection.objects.exists()
    assert "Nothing was written; add --apply to do it." in told
    assert counted(import_legacy(original, "--apply"), "odds_history") == counted(
        told, "odds_history"
    )


@pytest.mark.django_db
def test_another_run_stores_nothing_and_a_grown_history_only_what_is_new(prepared, original):
    history = generate(1500, matches_a_sport=4)
    history.store(original)
    import_legacy(original, "--apply")
    whole = everything()

    received, stored, unchanged, rejected, withdrawn = counted(
        import_legacy(original, "--apply"), "odds_history"
    )

    assert (stored, withdrawn, rejected) == (0, 0, history.bad.total())
    assert unchanged == received - rejected
    assert everything() == whole
    match_id, sport, home, away, kickoff, *_rest = history.rows[0]
    match = {"match_id": match_id, "sport": sport, "home_team": home, "away_team": away}
    fill(
        original,
        "odds_history",
        ROW | match | {"commence_time": kickoff, "collected_at": BEGIN + timedelta(hours=9)},
    )
    assert counted(import_legacy(original, "--apply"), "odds_history")[:4] == [
        received + 1,
        1,
        received - rejected,
        rejected,
    ]


@pytest.mark.django_db
def test_sizes_are_told_before_and_after(prepared, original):
    generate(1500, matches_a_sport=4).store(original)

    printed = import_legacy(original, "--apply", "--only", "odds")

    with psycopg.connect(original) as made:
        (size,) = made.execute("SELECT pg_total_relation_size('odds_history')").fetchone()
    assert f"size of the original's odds_history: {size / 1e6:.2f} MB" in printed
    assert "size of our odds (quotes, latest_quotes, matches, match_changes, collections): " in (
        printed
    )
    assert "not there" not in printed
    assert "manual_bets" not in printed


@pytest.mark.django_db
def test_keys_and_titles_are_one_bookmaker(prepared, original):
    fill(
        original,
        "odds_history",
        ROW | {"bookmaker": "betfair_ex_eu"},
        ROW | {"bookmaker": "Betfair"},
        ROW | {"bookmaker": "pinnacle"},
        ROW | {"home_odds": "2.2"},
        ROW | {"bookmaker": "Brand New Bets"},
    )

    printed = import_legacy(original, "--apply")

    assert counted(printed, "odds_history")[:4] == [5, 3, 1, 1]
    assert "rejected: 1 × quote given twice" in printed
    keys = LatestQuote.objects.order_by("bookmaker__key").values_list("bookmaker__key", flat=True)
    assert list(keys) == ["betfair_ex_eu", "brand_new_bets", "pinnacle"]


@pytest.mark.django_db
def test_draws_may_be_missing_and_teams_the_other_way_round(prepared, original):
    fill(
        original,
        "odds_history",
        ROW | {"draw_odds": None},
        ROW | {"bookmaker": "Betsson", "draw_odds": 0},
        ROW
        | {"home_team": "Fulham", "away_team": "Leeds", "collected_at": "2025-11-20 14:00"}
        | {"home_odds": "3.80", "away_odds": "2.00"},
    )

    import_legacy(original, "--apply")

    pinnacle = history_of_match("m1")["pinnacle", "h2h"]
    assert pinnacle[1] == [(2.1, None, 3.6), (2.0, 3.5, 3.8)]
    assert history_of_match("m1")["betsson", "h2h"][1][0] == (2.1, None, 3.6)
    assert Match.objects.get().home_team == "Leeds"
    assert Match.objects.get().is_swapped_at_source


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("zone", "hour", "kickoff_hour"),
    [("UTC", 10, 15), ("Europe/Paris", 9, 14)],
)
def test_naive_instants_are_of_the_zone_named(prepared, original, zone, hour, kickoff_hour):
    fill(original, "odds_history", ROW)

    import_legacy(original, "--apply", "--timezone", zone)

    assert Quote.objects.get().observed_at == datetime(2025, 11, 20, hour, tzinfo=UTC)
    assert Match.objects.get().commence_time == datetime(2025, 11, 22, kickoff_hour, tzinfo=UTC)


@pytest.mark.django_db
def test_odds_seen_after_their_kick_off_make_the_zone_suspect(prepared, original):
    fill(original, "odds_history", ROW | {"collected_at": "2025-11-22 15:30"})

    assert "probably of another zone: --timezone" in import_legacy(original)


@pytest.mark.django_db
def test_what_was_collected_since_is_not_rewritten(prepared, original, tmp_path):
    live = datetime(2025, 11, 20, 12, tzinfo=UTC)
    match = SeenMatch(
        provider_id="m1",
        sport_key="soccer_epl",
        sport_title="EPL",
        commence_time=datetime(2025, 11, 22, 15, tzinfo=UTC),
        home_team="Leeds",
        away_team="Fulham",
    )
    quote = SeenQuote(
        provider_id="m1",
        bookmaker_key="pinnacle",
        bookmaker_title="Pinnacle",
        market="h2h",
        line=0.0,
        odds=(2.3, 3.4, 3.2),
        source_updated_at=None,
    )
    store_snapshot(Snapshot(matches=[match], quotes=[quote]), observed_at=live)
    fill(
        original,
        "odds_history",
        ROW,
        ROW | {"home_odds": "2.20", "collected_at": "2025-11-20 11:00"},
        ROW | {"home_odds": "2.30", "collected_at": "2025-11-20 13:00"},
    )
    listed = tmp_path / "rejected.csv"

    printed = import_legacy(original, "--apply", "--rejected", listed)

    assert counted(printed, "odds_history")[:4] == [3, 2, 0, 1]
    rejected = list(csv.DictReader(listed.open(encoding="utf-8")))
    assert [(row["id"], row["reason"]) for row in rejected] == [
        ("2", "contradicts what is known of that time")
    ]
    assert [odds[0] for odds in history_of_match("m1")["pinnacle", "h2h"][1]] == [2.1, 2.3, 2.3]


@contextmanager
def importing(dsn):
    from django.db import connection

    url = environ["DATABASE_URL"].rpartition("/")[0] + f"/{connection.settings_dict['NAME']}"
    process = subprocess.Popen(
        [sys.executable, "manage.py", "import_legacy", dsn, "--apply"],
        cwd=ROOT,
        env=environ | {"DATABASE_URL": url},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    with process:
        try:
            yield process
        finally:
            process.kill()


@pytest.mark.e2e
@pytest.mark.django_db(transaction=True)
def test_killed_and_run_again_it_comes_to_what_it_would_have():
    with database() as original:
        history = generate(9000, matches_a_sport=6)
        history.store(original)
        with importing(original) as process:
            assert process.wait(PATIENCE_SECONDS) == 0
        whole = everything()
        call_command("flush", interactive=False, verbosity=0)

        with importing(original) as process:
            deadline = time.monotonic() + PATIENCE_SECONDS
            while Collection.objects.count() < 5:
                assert time.monotonic() < deadline
                time.sleep(0.005)
            process.send_signal(signal.SIGKILL)
        assert 5 <= Collection.objects.count() < len(whole["collections"])

        with importing(original) as process:
            assert process.wait(PATIENCE_SECONDS) == 0
        assert everything() == whole
