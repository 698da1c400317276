"""`manage.py backtest STRATEGY …`: what a strategy would have brought, on stored history."""

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from tqdm import tqdm

from betting.detection.board import MARKETS
from strategies.backtests import jobs
from strategies.backtests.report import report_lines
from strategies.jobs import RefusedError
from strategies.models import Backtest, Strategy
from strategies.registry import AGENTS

FIELDS = {  # options that are fields of a backtest as they are
    "earliest_hours": "look from so many hours before kick-off",
    "latest_minutes": "until so many minutes before",
    "commission": "extra commission, share of winnings",
    "delay_minutes": "from seeing a price to taking it",
    "haircut": "share of the odds above 1 that is not obtained",
    "kelly_fraction": "share of Kelly's stakes shown beside flat ones",
    "holdout": "share of the match days, the last ones, reported apart",
}
NAMES = {"kelly_fraction": "--kelly"}


class Command(BaseCommand):
    help = "Ask a strategy about stored history as if it were live, and say what it brought."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "strategy",
            metavar="STRATEGY",
            help="an agent's key, a strategy as `agent · strategy`, or a strategy's number",
        )
        parser.add_argument("--from", dest="since", type=_day, required=True, metavar="DAY")
        parser.add_argument("--to", dest="until", type=_day, required=True, metavar="DAY")
        where = parser.add_mutually_exclusive_group(required=True)
        where.add_argument("--leagues", nargs="+", default=[], metavar="KEY")
        where.add_argument("--all-leagues", action="store_true")
        parser.add_argument("--markets", nargs="+", default=["h2h"], choices=MARKETS)
        parser.add_argument("--set", nargs="+", default=[], metavar="NAME=VALUE", dest="changes")
        for field, text in FIELDS.items():
            option = NAMES.get(field, "--" + field.replace("_", "-"))
            default = getattr(Backtest(), field)
            parser.add_argument(
                option,
                dest=field,
                type=float,
                default=default,
                metavar="N",
                help=f"{text} ({default:g})",
            )

    def handle(self, *, strategy: str, changes: list[str], **options: Any) -> None:
        backtest = _named(strategy)
        if changes:
            backtest.version = None  # no version has these parameters
            backtest.parameters |= _changed(changes)
        for field in ("since", "until", "markets", *FIELDS):
            setattr(backtest, field, options[field])
        backtest.sport_keys = options["leagues"]
        backtest.asked_by = "backtest"
        try:
            jobs.queue(backtest, now=timezone.now())
        except RefusedError as refusal:
            raise CommandError(str(refusal)) from refusal
        self._calculate(backtest.pk)
        self._report(Backtest.objects.get(pk=backtest.pk))

    def _calculate(self, backtest_id: int) -> None:
        with tqdm(total=100, unit="%", disable=None, file=self.stderr) as bar:

            def watch(share: float, step: str) -> None:
                bar.set_description(step)
                bar.update(round(share * 100) - bar.n)

            try:
                jobs.calculate(backtest_id, clock=timezone.now, watch=watch)
            except KeyboardInterrupt as stop:
                raise CommandError("Cancelled.", returncode=130) from stop

    def _report(self, backtest: Backtest) -> None:
        if backtest.result is not None:
            self.stdout.write("\n".join(report_lines(backtest.result)))
            self.stdout.write(
                f"backtest {backtest.pk}, code {backtest.code_version},"
                f" data {backtest.fingerprint[:12]}"
            )
        elif backtest.status == Backtest.Status.FAILED:
            raise CommandError(backtest.error)
        else:
            raise CommandError(f"It was not calculated here: {backtest.get_status_display()}.")


def _day(text: str) -> date:
    return date.fromisoformat(text)


def _named(text: str) -> Backtest:
    """A backtest of an agent with its shipped parameters, or of a strategy with its own."""
    if text in AGENTS:
        return Backtest(agent=text, parameters={})
    strategies = Strategy.objects.all()
    if text.isdecimal():
        strategies = strategies.filter(pk=int(text))
    else:
        agent_name, _dot, strategy_name = (part.strip() for part in text.partition("·"))
        strategies = strategies.filter(agent_name=agent_name, strategy_name=strategy_name)
    strategy = strategies.first()
    if strategy is None:
        raise CommandError(
            f"There is no agent or strategy {text}; the agents are {', '.join(AGENTS)}."
        )
    version = strategy.versions.get(is_current=True)
    return Backtest(agent=strategy.agent, version=version, parameters=version.mapping)


def _changed(changes: list[str]) -> dict[str, float]:
    """Parameters as given on the command line."""
    changed = {}
    for change in changes:
        name, _equals, value = change.partition("=")
        try:
            changed[name] = float(value)
        except ValueError as error:
            raise CommandError(f"{change} is not NAME=NUMBER.") from error
    return changed
