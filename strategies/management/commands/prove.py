"""`manage.py prove`: published studies made again on the imported matches."""

from argparse import ArgumentParser
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from tqdm import tqdm

from odds.football_data.leagues import DIVISIONS
from strategies.models import Proof
from strategies.proofs.jobs import Scope, calculate
from strategies.proofs.proof import Step
from strategies.proofs.results import Results
from strategies.proofs.tables import lines


class Command(BaseCommand):
    help = (
        "Make the studies of Kaunitz and of Buchdahl and the comparison of devig methods again on "
        "the matches imported from football-data.co.uk, beside what was published."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--leagues",
            nargs="+",
            choices=list(DIVISIONS),
            metavar="LEAGUE",
            help="codes of the site such as E0 SP1; all that were imported by default",
        )
        parser.add_argument(
            "--from", dest="since", type=date.fromisoformat, metavar="DAY", help="first day, UTC"
        )
        parser.add_argument(
            "--to", dest="until", type=date.fromisoformat, metavar="DAY", help="last day, UTC"
        )

    def handle(
        self,
        *,
        leagues: list[str] | None,
        since: date | None,
        until: date | None,
        **_options: Any,
    ) -> None:
        proof = Proof.objects.create(asked_by="command", created_at=timezone.now())
        self._calculate(proof.pk, _scope(leagues, since, until))
        proof.refresh_from_db()
        if proof.result is None:
            raise CommandError(proof.error or "The proof was cancelled.")
        for line in lines(Results.of_json(proof.result)):
            self.stdout.write(line)
        self.stdout.write(f"Stored as proof {proof.pk}, data {proof.fingerprint[:12]}.")

    def _calculate(self, proof_id: int, scope: Scope) -> None:
        form = "{percentage:3.0f} %|{bar}| {desc}"
        with tqdm(total=1.0, bar_format=form, disable=None, file=self.stderr) as bar:

            def show(share: float, step: Step) -> None:
                bar.set_description_str(step.value, refresh=False)
                bar.update(share - bar.n)

            calculate(proof_id, clock=timezone.now, scope=scope, watch=show)


def _scope(leagues: list[str] | None, since: date | None, until: date | None) -> Scope:
    everything = Scope()
    keys = None if leagues is None else tuple(DIVISIONS[code].sport_key for code in leagues)
    return Scope(
        sport_keys=keys,
        since=everything.since if since is None else _midnight(since),
        until=everything.until if until is None else _midnight(until + timedelta(days=1)),
    )


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)
