"""`manage.py replay_odds PATH…`: recorded answers into the history, at their recorded times."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from odds.replay import (
    OddsFormat,
    UnreadableRecordingError,
    find_recordings,
    read_recordings,
    store_recording,
)
from odds.tally import Tally

COLUMNS = ("received", "stored", "unchanged", "rejected")


class Command(BaseCommand):
    help = "Store recorded answers of The Odds API at their recorded times, as often as you like."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("paths", nargs="+", type=Path, metavar="PATH")
        parser.add_argument(
            "--odds-format",
            choices=["decimal", "american", "detect"],
            default="decimal",
            help="What the recorded prices are; detect decides for each answer.",
        )

    def handle(self, *, paths: list[Path], odds_format: OddsFormat, **_options: Any) -> None:
        try:
            files = find_recordings(paths)
        except FileNotFoundError as error:
            raise CommandError(str(error)) from error
        if not files:
            raise CommandError("No .json, .jsonl, .json.gz or .jsonl.gz file was found there.")
        names = _names(files)
        self.stdout.write(_line("file".ljust(len(names[0])), COLUMNS))
        total = Tally()
        size = sum(file.stat().st_size for file in files)
        with tqdm(total=size, unit="B", unit_scale=True, disable=None, file=self.stderr) as bar:
            for file, name in zip(files, names, strict=True):
                told = self._replay(file, odds_format, total, bar)
                with bar.external_write_mode(file=self.stderr):
                    self.stdout.write(f"{name}{told}")
        self._report(total)

    def _replay(self, file: Path, odds_format: OddsFormat, total: Tally, bar: "tqdm[Any]") -> str:
        """Store one file; what became of it, for its line."""
        sums, before = Tally(), bar.n
        with file.open("rb") as stream:
            try:
                for recording in read_recordings(file, stream):
                    sums.add(store_recording(recording, odds_format=odds_format))
                    bar.update(before + stream.tell() - bar.n)
            except UnreadableRecordingError as error:
                return f"  left out: {error}"
            finally:
                total.add(sums)
                bar.update(before + file.stat().st_size - bar.n)
        return _line(
            "",
            (sums.received.total(), sums.stored.total(), sums.unchanged_total, sums.rejected_total),
        )

    def _report(self, total: Tally) -> None:
        by_market = total.by_market()
        width = max([len(market) for market in by_market] + [6])
        self.stdout.write("\n" + _line("market".ljust(width), COLUMNS))
        for market, account in by_market.items():
            reasons = account.rejected
            counts = (account.received, account.stored, account.unchanged, sum(reasons.values()))
            self.stdout.write(_line(market.ljust(width), counts))
            for reason, count in reasons.items():
                self.stdout.write(f"{'':{width}}  {count:>10}  {reason}")


def _names(files: list[Path]) -> list[str]:
    """Each file's name with its folder's, which tells recordings of one day apart; all as wide."""
    names = [f"{file.parent.name}/{file.name}" for file in files]
    width = max(len(name) for name in names)
    return [name.ljust(width) for name in names]


def _line(first: str, cells: tuple[object, ...]) -> str:
    return first + "".join(f"  {cell:>10}" for cell in cells)
