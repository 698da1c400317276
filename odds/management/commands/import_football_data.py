"""`manage.py import_football_data PATH…`: files of football-data.co.uk, as often as you like."""

from argparse import ArgumentParser
from collections import Counter
from dataclasses import astuple
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from tqdm import tqdm

from odds.football_data.importing import (
    Account,
    ImportSummary,
    gather_statistics,
    import_file,
)
from odds.football_data.prices import Rejection
from odds.football_data.reading import UnreadableFileError

SUFFIXES = (".csv", ".csv.gz")
COLUMNS = (
    ("rows", 8),
    ("new", 8),
    ("known", 8),
    ("live", 6),
    ("results", 8),
    ("corrected", 10),
    ("quotes", 10),
    ("known", 10),
    ("contradict", 11),
    ("own", 6),
)
EXAMPLES = 3  # of each reason


class Command(BaseCommand):
    help = (
        "Import files of football-data.co.uk (.csv or .csv.gz; a folder means those in it): "
        "matches, results, and prices of before kick-off and at the close."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("paths", nargs="+", type=Path, metavar="PATH")

    def handle(self, *, paths: list[Path], **_options: Any) -> None:
        files = _find(paths)
        summary = ImportSummary()
        with tqdm(total=len(files), unit="file", disable=None, file=self.stderr) as bar:
            for file in files:
                self._import(file, summary)
                bar.update()
        gather_statistics()
        self._report(summary)
        if summary.failures and not summary.accounts:
            raise CommandError("None of the files could be read.")

    def _import(self, file: Path, summary: ImportSummary) -> None:
        try:
            import_file(file.read_bytes(), name=file.name, summary=summary, now=timezone.now())
        except (OSError, UnreadableFileError) as error:
            summary.failures[file.name] = str(error)

    def _report(self, summary: ImportSummary) -> None:
        self.stdout.write(_line("league", "season", (name for name, _width in COLUMNS)))
        for (league, season), account in sorted(summary.accounts.items()):
            self.stdout.write(_account_line(league, season, account))
        self.stdout.write(_account_line("all", "", summary.total))
        self._report_rejected("row", summary.rejected_rows)
        self._report_rejected("cell", summary.rejected_cells)
        for match in summary.missed.values():
            self.stdout.write(f"not in its file: {match} ({match.commence_time:%Y-%m-%d})")
        for name, sentence in summary.failures.items():
            self.stdout.write(f"left out: {name}: {sentence}")

    def _report_rejected(self, what: str, rejected: list[tuple[str, Rejection]]) -> None:
        """How many of each reason, and where the first of them stand."""
        reasons = Counter(one.reason for _file, one in rejected)
        for reason, count in reasons.most_common():
            where = [
                f"{file} line {one.line} {one.column} {one.value!r}"
                for file, one in rejected
                if one.reason == reason
            ]
            shown = "; ".join(where[:EXAMPLES]) + ("; …" if count > EXAMPLES else "")
            self.stdout.write(f"rejected {what}: {count:,} × {reason} ({shown})")


def _find(paths: list[Path]) -> list[Path]:
    """The files meant, those of a folder (not of folders in it) in the order of their names."""
    found: list[Path] = []
    for path in paths:
        if not path.exists():
            raise CommandError(f"{path} does not exist.")
        if path.is_dir():
            found += sorted(file for file in path.iterdir() if file.name.endswith(SUFFIXES))
        else:
            found.append(path)
    if not found:
        raise CommandError("No .csv or .csv.gz file was found there.")
    return found


def _account_line(league: str, season: str, account: Account) -> str:
    return _line(league, season, (f"{count:,}" for count in astuple(account)))


def _line(league: str, season: str, cells: Any) -> str:
    columns = zip(cells, COLUMNS, strict=True)
    return f"{league:8}{season:10}" + "".join(f"{cell:>{width}}" for cell, (_n, width) in columns)
