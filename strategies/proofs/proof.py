"""The whole proof: read the imported history once, make every study on it."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final

from strategies.proofs import buchdahl, kaunitz
from strategies.proofs.price_sets import price_sets
from strategies.proofs.prices import is_ended
from strategies.proofs.results import FORM, Results
from strategies.replay.history import History
from strategies.replay.reading import read_history

MARKETS: Final = ("h2h", "totals")


class NothingImportedError(ValueError):
    """There is no match to prove anything on; the message is a sentence."""


class Step(StrEnum):
    """What is being done, for people."""

    READING = "Reading imported prices"
    KAUNITZ = "Kaunitz, Zhong and Kreiner"
    BUCHDAHL = "Buchdahl"
    CALIBRATION = "Comparing devig methods"


SPANS: Final = {  # of the progress, from 0 to 1, that each step takes
    Step.READING: (0.0, 0.5),
    Step.KAUNITZ: (0.5, 0.75),
    Step.BUCHDAHL: (0.75, 0.95),
    Step.CALIBRATION: (0.95, 1.0),
}
Advance = Callable[[float, Step], None]  # told how far the work is; may raise to stop it


def make(
    sport_keys: Sequence[str],
    *,
    since: datetime,
    until: datetime,
    advance: Advance = lambda _share, _step: None,
) -> Results:
    """Make every study on the imported matches that kicked off from `since` to before `until`.

    Args:
        sport_keys: Competitions.
        since: Start of the period.
        until: Its end, left out.
        advance: Told how far the work is.

    Raises:
        NothingImportedError: No imported match of these competitions and days has a result.
    """
    _within(Step.READING, advance)(0.0)
    history = read_history(sport_keys, since=since, until=until, markets=MARKETS)
    return judge(history, sport_keys=sport_keys, advance=advance)


def judge(
    history: History,
    *,
    sport_keys: Sequence[str],
    advance: Advance = lambda _share, _step: None,
) -> Results:
    """Make every study on a history that is read already.

    Raises:
        NothingImportedError: No imported match of it has a result.
    """
    kickoffs = history.matches.kickoff[is_ended(history)]
    if not len(kickoffs):
        raise NothingImportedError(
            "No imported match of these competitions and days has a result;"
            " import files of football-data.co.uk first."
        )
    return Results(
        form=FORM,
        sport_keys=tuple(sport_keys),
        first_day=_day(kickoffs.min()),
        last_day=_day(kickoffs.max()),
        matches=len(kickoffs),
        fingerprint=history.fingerprint,
        studies=(
            kaunitz.study(history, advance=_within(Step.KAUNITZ, advance)),
            buchdahl.study(history, advance=_within(Step.BUCHDAHL, advance)),
        ),
        price_sets=tuple(price_sets(history, advance=_within(Step.CALIBRATION, advance))),
    )


def _within(step: Step, advance: Advance) -> Callable[[float], None]:
    """The progress of a step as that of the whole."""
    low, high = SPANS[step]
    return lambda share: advance(low + share * (high - low), step)


def _day(instant: float) -> str:
    return datetime.fromtimestamp(instant, UTC).date().isoformat()
