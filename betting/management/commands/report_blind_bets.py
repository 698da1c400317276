"""`manage.py report_blind_bets`: what every measure says of a bettor who cannot have an edge."""

from argparse import ArgumentParser
from datetime import UTC, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from betting.reports.blind_bets import POLICIES, PUBLISHED, BlindRow, grade, read_prices
from odds.football_data.instants import FIRST_MONTH
from odds.football_data.leagues import BIG_FIVE, DIVISIONS

HEAD = ("bets", "yield", "± se", "raw CLV", "beat", "fair CLV", "beat")


class Command(BaseCommand):
    help = (
        "Bet one unit on every outcome of the matches imported from football-data.co.uk and "
        "compare yield, raw CLV and fair CLV with Pinnacle's closing odds."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--leagues",
            nargs="+",
            choices=[*DIVISIONS, "all"],
            default=list(BIG_FIVE),
            metavar="LEAGUE",
            help="codes of the site such as E0 SP1, or all; the big five by default",
        )
        parser.add_argument("--first-season", type=int, default=2019, help="year it began in")
        parser.add_argument("--last-season", type=int, default=2024, help="year it began in")

    def handle(
        self, *, leagues: list[str], first_season: int, last_season: int, **_options: Any
    ) -> None:
        codes = list(DIVISIONS) if "all" in leagues else leagues
        prices = read_prices(
            [DIVISIONS[code].sport_key for code in codes],
            since=datetime(first_season, FIRST_MONTH, 1, tzinfo=UTC),
            until=datetime(last_season + 1, FIRST_MONTH, 1, tzinfo=UTC),
        )
        if not len(prices.won):
            raise CommandError(
                "No match of these leagues and seasons is here; run import_football_data first."
            )
        self.stdout.write(_line("every outcome, one unit", HEAD))
        for policy, title in POLICIES.items():
            row = grade(prices.taken[policy], prices.closing, prices.won)
            self.stdout.write(_line(title, _cells(row)))
            self.stdout.write(_line("  published, all leagues", _cells(PUBLISHED[policy])))


def _cells(row: BlindRow | None) -> tuple[str, ...]:
    if row is None:
        return ("–",) * len(HEAD)
    return (
        f"{row.bets:,}",
        f"{row.realised:+.2%}",
        "–" if row.yield_error is None else f"{row.yield_error:.2%}",
        f"{row.raw:+.2%}",
        f"{row.raw_beat:.1%}",
        f"{row.fair:+.2%}",
        f"{row.fair_beat:.1%}",
    )


def _line(first: str, cells: tuple[str, ...]) -> str:
    return f"{first:26}" + "".join(f"{cell:>10}" for cell in cells)
