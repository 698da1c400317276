"""`manage.py import_legacy DSN`: what taking over the original's database would do, and do it."""

import csv
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import psycopg
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from tqdm import tqdm

from monps.legacy.account import Account, Rejection
from monps.legacy.importing import OURS, PARTS, ImportRefusedError, Report, run, tables_of
from monps.legacy.source import ODDS_TABLES, SourceError, line_of, open_source

COLUMNS = ("rows in", "stored", "unchanged", "rejected", "withdrawn")
CELLS = ("table", "id", "reason", "detail")
DANGEROUS = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet would compute these
MOST_NOTES = 10
SUSPECT = 0.05  # of all rows seen after kick-off: then their zone is probably another
WIDTH = 22


class Command(BaseCommand):
    help = (
        "Read the original MON_PS's database and say what taking it over would do; with --apply "
        "do it. Nothing is written there. Run again, it goes on where it stopped. The password "
        "may stand in PGPASSWORD or ~/.pgpass instead of the address."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("dsn", help="such as postgresql://user@host:5432/monps_db")
        parser.add_argument("--apply", action="store_true", help="write it")
        parser.add_argument(
            "--only",
            type=_parts,
            default=list(PARTS),
            metavar="PARTS",
            help=f"some of {','.join(PARTS)}; all of them",
        )
        parser.add_argument(
            "--timezone",
            dest="zone",
            type=_zone,
            default="UTC",
            help="of the original's instants, which name none (UTC)",
        )
        parser.add_argument(
            "--rejected", type=Path, metavar="FILE", help="list every rejected row in this CSV"
        )

    def handle(
        self,
        *,
        dsn: str,
        apply: bool,
        only: list[str],
        zone: str,
        rejected: Path | None,
        **_options: Any,
    ) -> None:
        try:
            with open_source(dsn, zone=zone) as source, _listing(rejected) as listed:
                total = sum(source.count(table) for table in tables_of(only))
                self.stdout.write(f"The original: {source.name}")
                with tqdm(total=total, unit="row", disable=None, file=self.stderr) as bar:
                    report = run(
                        source,
                        parts=only,
                        is_applied=apply,
                        now=timezone.now(),
                        listed=listed,
                        advance=bar.update,
                    )
        except (SourceError, ImportRefusedError) as error:
            raise CommandError(str(error)) from error
        except psycopg.Error as error:
            raise CommandError(
                f"The original's database stopped answering ({line_of(error)}); what was stored "
                "stays, and another run goes on from there."
            ) from error
        except KeyboardInterrupt as stop:
            raise CommandError("Stopped; run it again to go on.", returncode=130) from stop
        self._report(report, only)
        self._advise(apply, report)

    def _report(self, report: Report, parts: list[str]) -> None:
        self._line("table", COLUMNS, "oldest", "newest")
        for table, account in report.ledger.accounts.items():
            self._line(table, _counts(account), *_span(account))
            for reason, count in account.reasons.most_common():
                self.stdout.write(f"  rejected: {count:,} × {reason}")
            for note in account.notes[:MOST_NOTES]:
                self.stdout.write(f"  otherwise: {note}")
            if (more := len(account.notes) - MOST_NOTES) > 0:
                self.stdout.write(f"  otherwise: {more:,} more")
        for table in report.missing:
            self.stdout.write(f"{table:{WIDTH}}not there")
        for table, size in report.theirs.items():
            self.stdout.write(f"size of the original's {table}: {_megabytes(size)}")
        for part in parts:
            before, after = (
                sum(size for name, size in sizes.items() if name in OURS[part])
                for sizes in (report.before, report.after)
            )
            self.stdout.write(
                f"size of our {part} ({', '.join(OURS[part])}): "
                f"{_megabytes(before)} before, {_megabytes(after)} after"
            )

    def _advise(self, is_applied: bool, report: Report) -> None:
        accounts = [report.ledger.accounts.get(table, Account()) for table in ODDS_TABLES]
        late = sum(account.after_kickoff for account in accounts)
        read = sum(account.received for account in accounts)
        if late > SUSPECT * read:
            self.stdout.write(
                f"{late:,} rows of odds were collected after the kick-off they name. The original "
                "collected before it, so its instants are probably of another zone: --timezone."
            )
        if not is_applied:
            self.stdout.write("Nothing was written; add --apply to do it.")
        elif any(account.stored for account in report.ledger.accounts.values()):
            self.stdout.write(
                "Closing lines of these odds, and the bets graded by them: "
                "manage.py capture_closing_lines --all"
            )

    def _line(self, first: str, cells: tuple[str, ...], *span: str) -> None:
        counts = "".join(f"{cell:>11}" for cell in cells)
        self.stdout.write(f"{first:{WIDTH}}{counts}  {'  '.join(f'{at:16}' for at in span)}")


@contextmanager
def _listing(path: Path | None) -> Iterator[Callable[[Rejection], object]]:
    """Write rejected rows as CSV; the file appears when the run is over, whole."""
    if path is None:
        yield lambda _rejection: None
        return
    partial = path.with_name(f"{path.name}.part")
    try:
        stream = partial.open("w", newline="", encoding="utf-8")
    except OSError as error:
        raise CommandError(f"{path} cannot be written: {error.strerror}.") from error
    try:
        with stream:
            writer = csv.writer(stream)
            writer.writerow(CELLS)
            yield lambda one: writer.writerow(
                [_safe(cell) for cell in (one.table, one.row_id, one.reason, one.detail)]
            )
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def _safe(cell: str) -> str:
    return f"'{cell}" if cell.startswith(DANGEROUS) else cell


def _counts(account: Account) -> tuple[str, ...]:
    numbers = (account.received, account.stored, account.unchanged, account.rejected)
    return tuple(f"{number:,}" for number in (*numbers, account.withdrawn))


def _span(account: Account) -> tuple[str, ...]:
    return tuple(
        "–" if at is None else f"{at:%Y-%m-%d %H:%M}" for at in (account.oldest, account.newest)
    )


def _megabytes(size: int) -> str:
    return f"{size / 1_000_000:,.2f} MB"


def _parts(text: str) -> list[str]:
    given = [part.strip() for part in text.split(",") if part.strip()]
    if not given or not set(given) <= PARTS.keys():
        raise ArgumentTypeError(f"{text!r} is not some of {','.join(PARTS)}")
    return [part for part in PARTS if part in given]


def _zone(text: str) -> str:
    try:
        return ZoneInfo(text).key
    except (KeyError, ValueError, OSError) as error:
        raise ArgumentTypeError(f"{text!r} is not a zone such as Europe/Paris") from error
