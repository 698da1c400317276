import gzip
from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from odds.football_data.leagues import BIG_FIVE
from tests.odds.football_data.files import csv_bytes, row


def season(folder, *, with_times=True):
    """Three weeks of two matches for each league, in the site's layout and names."""
    for code in BIG_FIVE:
        rows = [
            row(
                home=f"Home {week}",
                away=f"Away {week}",
                Div=code,
                Date=f"{date(2024, 8, 17) + timedelta(days=7 * week):%d/%m/%Y}",
                Time="15:00" if with_times else "",
            )
            for week in range(3)
        ]
        (folder / f"2024-2025_{code}.csv.gz").write_bytes(gzip.compress(csv_bytes(*rows)))


def report(folder, *options):
    out, bars = StringIO(), StringIO()
    call_command(
        "report_budget", "--data", str(folder), "--seasons", "2024", *options,
        stdout=out, stderr=bars,
    )  # fmt: skip
    return out.getvalue()


@pytest.mark.django_db
def test_the_report_shows_the_months_the_originals_hours_and_the_shocks(tmp_path):
    season(tmp_path)

    shown = report(tmp_path, "--shocks")

    assert "15 matches, 500 credits a month, 10 % reserve" in shown
    lines = {line.split("  ")[0]: line.split() for line in shown.splitlines()}
    assert lines["2024-08"][1:4] == ["15", "15", "100.00%"]
    assert lines["every 3 h, h2h, 5 leagues"][-2] == "0.0%"
    assert "20 % moved at the last minute" in lines
    assert "What is given up" in shown


@pytest.mark.django_db
def test_absent_data_is_one_sentence_and_no_failure(tmp_path):
    assert report(tmp_path / "nowhere").startswith("Nothing is replayed:")


@pytest.mark.django_db
def test_files_without_times_are_refused(tmp_path):
    season(tmp_path, with_times=False)

    with pytest.raises(CommandError, match="has no kick-off times"):
        report(tmp_path)
