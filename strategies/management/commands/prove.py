"""`manage.py prove`: published studies made again on the imported matches."""

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from tqdm import tqdm

from odds.football_data.leagues import DIVISIONS
from strategies.proofs.jobs import ask, calculate
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
        keys = [DIVISIONS[code].sport_key for code in leagues or ()]
        now = timezone.now()
        proof = ask(by="prove", now=now, sport_keys=keys, since=since, until=until)
        self._calculate(proof.pk)
        proof.refresh_from_db()
        if proof.result is None:
            raise CommandError(proof.error or "The proof was cancelled.")
        for line in lines(Results.of_json(proof.result)):
            self.stdout.write(line)
        self.stdout.write(f"Stored as proof {proof.pk}, data {proof.fingerprint[:12]}.")

    def _calculate(self, proof_id: int) -> None:
        form = "{percentage:3.0f} %|{bar}| {desc}"
        with tqdm(total=1.0, bar_format=form, disable=None, file=self.stderr) as bar:

            def show(share: float, step: str) -> None:
                bar.set_description_str(step, refresh=False)
                bar.update(share - bar.n)

            calculate(proof_id, clock=timezone.now, watch=show)
