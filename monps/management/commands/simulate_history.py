"""`manage.py simulate_history`: a past for an installation of the simulated market."""

import logging
import re
import signal
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from tqdm import tqdm

from betting.models import Bet
from monps import nightly
from monps.demonstration import PastRefusedError, alone, live_through, open_past, steps_left
from monps.demonstration_steps import Market, Past, steps_of
from odds.models import Match
from strategies.models import Prediction

INTERVAL = re.compile(r"(\d+)([mh])")


class Command(BaseCommand):
    help = (
        "Fill an installation of the simulated market with the past it would have had; "
        "run again, it goes on where it stopped."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--days", type=_days, default=60, help="how long it is (60)")
        parser.add_argument(
            "--every",
            type=_interval,
            default=timedelta(hours=8),
            metavar="8h",
            help="from one look at all sports to the next, such as 90m or 8h (8h)",
        )
        parser.add_argument("--until", type=_instant, help="when it ends, ISO (now)")
        parser.add_argument(
            "--sports", nargs="+", default=[], metavar="SPORT", help="all collected ones"
        )

    def handle(
        self,
        *,
        days: int,
        every: timedelta,
        until: datetime | None,
        sports: list[str],
        **_options: Any,
    ) -> None:
        if not settings.SIMULATED:
            raise CommandError(
                "A past is only simulated for a simulated market, and SIMULATED is not set here."
            )
        if settings.OPENAI_API_KEY:
            raise CommandError(
                "OPENAI_API_KEY is set, and simulated nights would pay for answers: unset it here."
            )
        now = timezone.now()
        interrupt = Interrupt()
        try:
            with interrupt, alone():
                past = open_past(
                    days=days, every=every, until=until or now, sport_keys=sports, now=now
                )
                self._simulate(past)
        except PastRefusedError as refusal:
            raise CommandError(str(refusal)) from refusal
        except BaseException as stop:
            if not interrupt.came:
                raise
            raise CommandError("Stopped; run it again to go on.", returncode=130) from stop
        self.stdout.write(
            f"From {past.begin:%Y-%m-%d %H:%M} to {past.until:%Y-%m-%d %H:%M} UTC: "
            f"{Match.objects.count():,} matches, {Prediction.objects.count():,} predictions, "
            f"{Bet.objects.count():,} bets, all of them simulated."
        )

    def _simulate(self, past: Past) -> None:
        market = Market()
        steps = steps_of(past, market)
        left = steps_left(steps)
        with (
            _quiet(),
            tqdm(
                total=len(steps),
                initial=len(steps) - len(left),
                unit="step",
                disable=None,
                file=self.stderr,
            ) as bar,
        ):
            for step in left:
                bar.set_description(f"{step.at:%Y-%m-%d}", refresh=False)
                live_through(step, past=past, market=market, nightly=_night)
                bar.update()


class Interrupt(AbstractContextManager[None]):
    """Ctrl-C while the block runs: in the middle of a statement it may end as an error of it."""

    came = False

    def __enter__(self) -> None:
        self._before = signal.signal(signal.SIGINT, self._stop)

    def __exit__(self, *_error: object) -> None:
        signal.signal(signal.SIGINT, self._before)

    def _stop(self, _number: int, _frame: object) -> None:
        self.came = True
        raise KeyboardInterrupt


def _night(now: datetime) -> None:
    """The night's chain, but for the results, which the past learns from the market itself."""
    steps = {name: step for name, step in nightly.STEPS.items() if name != "results"}
    nightly.run(clock=lambda: now, steps=steps)


@contextmanager
def _quiet() -> Iterator[None]:
    """Without the lines that a running installation writes at each of these steps."""
    logging.disable(logging.INFO)
    try:
        yield
    finally:
        logging.disable(logging.NOTSET)


def _days(text: str) -> int:
    if not text.isdecimal() or not int(text):
        raise ArgumentTypeError(f"{text!r} is not a number of days above 0")
    return int(text)


def _interval(text: str) -> timedelta:
    found = INTERVAL.fullmatch(text)
    if not found:
        raise ArgumentTypeError(f"{text!r} is not such as 90m or 8h")
    number = int(found[1])
    return timedelta(minutes=number) if found[2] == "m" else timedelta(hours=number)


def _instant(text: str) -> datetime:
    try:
        instant = datetime.fromisoformat(text)
    except ValueError as error:
        raise ArgumentTypeError(f"{text!r} is not an ISO instant") from error
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)
