"""Agents and histories that know what they cannot know."""

from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

import numpy as np

from odds.models import LatestQuote, Quote
from strategies.agents import sharp_reference
from strategies.registry import AGENTS
from strategies.replay.history import History

HONEST = AGENTS["sharp_reference"]
PARAMETERS = sharp_reference.Parameters()


def agent(predict, **given):
    return replace(HONEST, name="Leaking", predict=predict, **given)


def reads_the_database(snapshot, parameters):
    """Looks into the database whether a later quote is stored."""
    Quote.objects.filter(observed_at__gt=datetime(2020, 1, 1, tzinfo=UTC)).exists()
    return sharp_reference.predict(snapshot, parameters)


def hides_that_it_reads(snapshot, parameters):
    """The same, and catches whatever is said about it."""
    with suppress(Exception):
        LatestQuote.objects.count()
    return sharp_reference.predict(snapshot, parameters)


@dataclass
class Remembers:
    """Predicts a match from the second time on that it is shown it: a state of its own."""

    seen: set[int] = field(default_factory=set)

    def __call__(self, snapshot: Any, parameters: Any) -> Any:
        made = sharp_reference.predict(snapshot, parameters)
        ids = snapshot.board.match_id[made.group].tolist()
        is_known = np.array([one in self.seen for one in ids], dtype=bool)
        self.seen |= set(snapshot.board.match_id.tolist())
        return made.take(np.flatnonzero(is_known))


def peeks_at_later_groups(snapshot, parameters):
    """Predicts a match only where the same snapshot shows it again at a later instant."""
    made = sharp_reference.predict(snapshot, parameters)
    newest: dict[int, float] = {}
    for match, at in zip(snapshot.board.match_id.tolist(), snapshot.as_of.tolist(), strict=True):
        newest[match] = max(at, newest.get(match, at))
    ids = snapshot.board.match_id[made.group].tolist()
    last = np.array([newest[one] for one in ids])
    return made.take(np.flatnonzero(last > snapshot.as_of[made.group]))


@dataclass
class Wavers:
    """Predicts on every other occasion."""

    asked: int = 0

    def __call__(self, snapshot: Any, parameters: Any) -> Any:
        self.asked += 1
        made = sharp_reference.predict(snapshot, parameters)
        return made.take(np.flatnonzero(np.arange(len(made)) % 2 == self.asked % 2))


@dataclass(frozen=True, slots=True, kw_only=True)
class Backdated(History):
    """Quotes that claim to be two hours older than they are: a look sees what came after it."""

    def until(self, instant: float) -> History:
        """What was really known."""
        known = History.until(self, instant)
        is_true = known.quotes.observed_at + 2 * 3600 <= instant
        return replace(
            History(
                panel=known.panel,
                matches=known.matches,
                quotes=known.quotes.take(is_true),
                looks=known.looks,
                past=known.past,
            )
        )


def backdated(history: History) -> Backdated:
    return Backdated(
        panel=history.panel,
        matches=history.matches,
        quotes=history.quotes,
        looks=history.looks,
        past=history.past,
    )
