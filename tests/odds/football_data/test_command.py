"""`manage.py import_football_data`: files and folders in, an account out."""

import gzip
import io
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from odds.models import Match
from tests.odds.football_data.files import PRICES, csv_bytes, row

pytestmark = pytest.mark.django_db


def run(*paths: Path) -> list[str]:
    out = io.StringIO()
    call_command("import_football_data", *paths, stdout=out, stderr=io.StringIO())
    return out.getvalue().splitlines()


def test_a_folder_is_imported_and_accounted_for(tmp_path: Path):
    (tmp_path / "E0.csv").write_bytes(csv_bytes(row(**PRICES), row("Everton", PSH="-", PSA="2")))
    (tmp_path / "D1.csv.gz").write_bytes(gzip.compress(csv_bytes(row(Div="D1"), row(Div="X"))))
    (tmp_path / "notes.txt").write_text("nothing")

    told = run(tmp_path)

    lines = {" ".join(line.split()[:2]): line.split()[2:] for line in told}
    assert lines["D1 2024/25"] == ["1", "1", "0", "0", "1", "0", "0", "0", "0", "0"]
    assert lines["E0 2024/25"] == ["2", "2", "0", "0", "2", "0", "8", "0", "0", "0"]
    all_leagues = next(line for line in told if line.startswith("all"))
    assert all_leagues.split()[1:] == ["3", "3", "0", "0", "3", "0", "8", "0", "0", "0"]
    assert any("1 × league MON_PS does not know (D1.csv.gz line 3 Div 'X')" in t for t in told)
    assert any("1 × not decimal odds above 1 (E0.csv line 3 PSH '-')" in t for t in told)


def test_a_broken_file_is_left_out_with_its_reason(tmp_path: Path):
    (tmp_path / "a.csv").write_text("nothing of the kind")
    (tmp_path / "b.csv").write_bytes(csv_bytes(row()))

    told = run(tmp_path)

    assert told[-1].startswith("left out: a.csv: Its first line does not name")
    assert Match.objects.count() == 1


def test_nothing_to_import_is_one_sentence(tmp_path: Path):
    with pytest.raises(CommandError, match="nowhere does not exist"):
        run(tmp_path / "nowhere")
    with pytest.raises(CommandError, match=r"No \.csv"):
        run(tmp_path)
    (tmp_path / "a.csv").write_text("")
    with pytest.raises(CommandError, match="None of the files"):
        run(tmp_path)
