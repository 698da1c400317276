"""What `import_legacy` refuses, and that it neither writes there nor tells a password."""

import os
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
from django.core.management import CommandError
from django.db import connection

from monps.legacy.importing import LOCK
from monps.legacy.source import SourceError, open_source
from tests.monps.legacy.original import address, database, generate
from tests.monps.legacy.running import import_legacy

ROOT = Path(__file__).resolve().parents[3]
SECRET = "hunter-seven"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("dsn", "sentence"),
    [
        (f"postgresql://me:{SECRET}@127.0.0.1:1/monps_db", "cannot be reached"),
        (f"host=127.0.0.1 port=1 password={SECRET}", "cannot be reached"),
        (f"password={SECRET} nonsense", "This address cannot be read"),
        (f"postgresql://me:{SECRET}@127.0.0.1:port/monps_db", "cannot be re"),
        (f"mysql://me:{SECRET}@127.0.0.1/monps_db", "This address cannot be read"),
    ],
)
def test_an_address_is_refused_in_a_sentence_without_its_password(dsn, sentence):
    with pytest.raises(CommandError) as refusal:
        import_legacy(dsn)

    assert sentence in str(refusal.value)
    assert SECRET not in str(refusal.value)


@pytest.mark.e2e
@pytest.mark.django_db
@pytest.mark.parametrize("words", [["nonsense"], ["port=1", "host=127.0.0.1"]])
def test_not_even_a_traceback_holds_the_password(words):
    run = subprocess.run(
        [
            *(sys.executable, "manage.py", "import_legacy"),
            " ".join([f"password={SECRET}", *words]),
            "--traceback",
        ],
        cwd=ROOT,
        env=os.environ,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )

    assert run.returncode == 1
    assert "Traceback" in run.stderr
    assert SECRET not in run.stdout + run.stderr


@pytest.mark.django_db
def test_our_own_database_is_none_of_the_originals():
    with pytest.raises(CommandError, match="This is a database of MON_PS itself"):
        import_legacy(address(connection.settings_dict["NAME"]))


@pytest.mark.django_db
def test_a_database_without_its_tables_is_refused(bare):
    with pytest.raises(CommandError, match="none of the original's tables: odds_history"):
        import_legacy(bare)


@pytest.mark.django_db
def test_tables_that_are_missing_are_told(prepared, other_tables):
    with other_tables() as dsn:
        printed = import_legacy(dsn)

    for table in ("bets", "manual_bets", "strategy_improvements"):
        assert f"\n{table:22}not there\n" in printed


@pytest.mark.django_db
def test_a_missing_column_is_named(prepared):
    ddl = "CREATE TABLE odds_history (id int, match_id text)"
    with database("columns", ddl) as dsn, pytest.raises(CommandError) as refusal:
        import_legacy(dsn)

    assert str(refusal.value) == "odds_history of this database has no column sport."


def test_the_source_can_write_nothing(original):
    with (
        open_source(original, zone="UTC") as source,
        pytest.raises(psycopg.errors.ReadOnlySqlTransaction),
    ):
        source.made.execute("DELETE FROM odds_history")


def test_the_source_is_read_as_it_stood(original):
    generate(200, matches_a_sport=1).store(original)
    with open_source(original, zone="UTC") as source:
        before = source.count("odds_history")
        with psycopg.connect(original) as made:
            made.execute("DELETE FROM odds_history")

        assert sum(1 for _row in source.odds()) == before > 0


def test_an_unreachable_source_is_a_source_error():
    with (
        pytest.raises(SourceError, match="cannot be reached"),
        open_source("host=127.0.0.1 port=1", zone="UTC"),
    ):
        pass


@pytest.mark.django_db
def test_imports_go_one_after_the_other(prepared, original):
    with psycopg.connect(address(connection.settings_dict["NAME"])) as other:
        other.execute("SELECT pg_advisory_lock(%s, 0)", [LOCK])

        with pytest.raises(CommandError, match="Another import of the original is running"):
            import_legacy(original)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--only", "odds,goals"], "'odds,goals' is not some of odds,bets,improvements"),
        (["--only", ""], "is not some of"),
        (["--timezone", "Paris"], "'Paris' is not a zone such as Europe/Paris"),
    ],
)
def test_options_are_refused_in_a_sentence(original, words, sentence):
    with pytest.raises(CommandError, match=sentence):
        import_legacy(original, *words)


@pytest.mark.django_db
def test_a_list_that_cannot_be_written_stops_the_import_before_it_begins(original, tmp_path):
    with pytest.raises(CommandError, match="cannot be written"):
        import_legacy(original, "--rejected", tmp_path / "missing" / "rejected.csv")
