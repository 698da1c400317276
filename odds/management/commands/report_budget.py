"""`manage.py report_budget`: what a month's credits buy on real seasons' kick-off calendars."""

from argparse import ArgumentParser
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from odds.football_data.leagues import BIG_FIVE, DIVISIONS
from odds.models import CollectionSettings
from odds.planner.replay.calendars import Fixture, NoCalendarError, read_calendar
from odds.planner.replay.measures import matches_of
from odds.planner.replay.original import POLICIES, THREE_LEAGUES, run_fixed
from odds.planner.replay.provider import Conditions
from odds.planner.replay.running import Policy
from odds.planner.replay.scenarios import PLAIN, SHOCKS, Outcome, Scenario, play
from odds.planner.replay.tables import (
    forecasts_line,
    months_table,
    outcomes_table,
    policies_head,
    policy_line,
    sacrifices,
)
from odds.planner.shapes import CallShape
from odds.planner.situation import PlanSettings, SportTerms

SPORTS = tuple(DIVISIONS[code].sport_key for code in BIG_FIVE)
UNLIMITED = 1_000_000
SEASONS = (2020, 2021, 2023)  # the first three that are whole and at hand


class Command(BaseCommand):
    help = (
        "Play real seasons of the five big leagues through the planner, with the current "
        "collection settings, and show what the credits bought; the fixed hours of the original "
        "beside it."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--data",
            type=Path,
            default=Path("../shared/data/football-data"),
            help="folder of football-data.co.uk's files, named 2024-2025_E0.csv.gz",
        )
        parser.add_argument(
            "--seasons",
            type=int,
            nargs="+",
            default=SEASONS,
            help="first years, from 2019 on (times of kick-off are known since)",
        )
        parser.add_argument(
            "--known-days", type=int, default=14, help="how long before a kick-off it is listed"
        )
        parser.add_argument("--shocks", action="store_true", help="replay with shocks, too")
        parser.add_argument("--seed", type=int, default=1, help="of the moved matches")

    def handle(
        self,
        *,
        data: Path,
        seasons: Sequence[int],
        known_days: int,
        shocks: bool,
        seed: int,
        **_options: Any,
    ) -> None:
        if not data.is_dir():
            self.stdout.write(f"Nothing is replayed: {data} is not here; name it with --data.")
            return
        if known_days < 1:
            raise CommandError("--known-days takes a number above 0.")
        try:
            fixtures = read_calendar(data, sorted(set(seasons)), known_days=known_days)
        except NoCalendarError as error:
            raise CommandError(str(error)) from error
        chosen = CollectionSettings.current()
        plain = self._play(PLAIN, fixtures, chosen, seed)
        self._title(
            f"{len(fixtures):,} matches, {chosen.monthly_credits} credits a month, "
            f"{chosen.reserve_percent} % reserve, listed {known_days} days ahead"
        )
        self._write([*months_table(plain.months), forecasts_line(plain.forecasts)])
        self._write_policies(fixtures, plain, chosen.monthly_credits)
        if shocks:
            outcomes = [self._play(scenario, fixtures, chosen, seed) for scenario in SHOCKS]
            self._title("With shocks")
            self._write(outcomes_table([plain, *outcomes]))
            self._title("What is given up, and what is said of it")
            for outcome in outcomes:
                self._write(sacrifices(plain, outcome, SPORTS))

    def _play(
        self,
        scenario: Scenario,
        fixtures: Sequence[Fixture],
        chosen: CollectionSettings,
        seed: int,
    ) -> Outcome:
        with tqdm(desc=scenario.name, unit=" events", disable=None, file=self.stderr) as bar:
            return play(
                scenario,
                fixtures,
                _policy(chosen),
                quota=chosen.monthly_credits,
                seed=seed,
                progress=bar.update,
            )

    def _write_policies(self, fixtures: Sequence[Fixture], plain: Outcome, quota: int) -> None:
        self._title("Beside the original's hours (UTC), the first two with its three leagues")
        self._write([policies_head()])
        for sports in (THREE_LEAGUES, SPORTS):
            played = [fixture for fixture in fixtures if fixture.sport in sports]
            for policy in POLICIES:
                calls = [
                    run_fixed(policy, played, sports, Conditions(quota=credits_given))
                    for credits_given in (quota, UNLIMITED)
                ]
                limited, unlimited = ((matches_of(played, made), made) for made in calls)
                self._write(
                    [
                        policy_line(
                            f"{policy.name}, {len(sports)} leagues",
                            limited=limited,
                            unlimited=unlimited,
                            quota=quota,
                        )
                    ]
                )
        ours = plain.matches, plain.calls
        self._write([policy_line("planner, 5 leagues", limited=ours, unlimited=ours, quota=quota)])

    def _title(self, text: str) -> None:
        self._write(["", text])

    def _write(self, lines: Any) -> None:
        for line in lines:
            self.stdout.write(line)


def _policy(chosen: CollectionSettings) -> Policy:
    shape = CallShape(markets=tuple(chosen.market_keys), regions=tuple(chosen.region_keys))
    return Policy(
        sports=[SportTerms(key=sport, shape=shape) for sport in SPORTS],
        reserve_percent=chosen.reserve_percent,
        settings=PlanSettings(minimum_interval=timedelta(seconds=chosen.minimum_interval_seconds)),
    )
