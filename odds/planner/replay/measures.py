"""What a replay's calls were worth, month by month: closing odds captured, credits, scans."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import numpy as np

from odds.planner.plans import Budget, NotPlanned
from odds.planner.replay.calendars import Fixture
from odds.planner.replay.provider import Answer, month_start
from odds.planner.replay.running import MadeCall
from odds.planner.situation import Kind
from odds.planner.slots import slot_ends

QUARTER: Final = timedelta(minutes=15)
HOUR: Final = timedelta(hours=1)
WEEK: Final = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A match and the calls that brought its odds before it started.

    `lead` is the time from the last of them to the kick-off, None where there was none;
    `quotes` is how many there were in the week before.
    """

    fixture: Fixture
    lead: timedelta | None
    quotes: int

    def is_within(self, span: timedelta) -> bool:
        """The last odds are no older than this at the kick-off."""
        return self.lead is not None and self.lead <= span


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """One month of a replay."""

    start: datetime
    matches: int
    slots: int
    within_quarter: int
    within_hour: int
    closing_credits: int
    scan_credits: int
    scans: int
    quotes: int

    @property
    def credits(self) -> int:
        """All that was spent."""
        return self.closing_credits + self.scan_credits

    @property
    def captured(self) -> float:
        """Share of the matches with odds at most 15 minutes old at the kick-off."""
        return self.within_quarter / self.matches

    @property
    def captured_hour(self) -> float:
        """The same for an hour."""
        return self.within_hour / self.matches


def matches_of(fixtures: Iterable[Fixture], calls: Iterable[MadeCall]) -> list[Match]:
    """Each match with what the calls brought of it."""
    answered: dict[str, list[float]] = {}
    for call in calls:
        if call.answer == Answer.ODDS:
            answered.setdefault(call.sport, []).append(call.at.timestamp())
    times = {sport: np.array(sorted(at)) for sport, at in answered.items()}
    return [_match(fixture, times.get(fixture.sport, np.array([]))) for fixture in fixtures]


def _match(fixture: Fixture, times: np.ndarray[tuple[int], np.dtype[np.float64]]) -> Match:
    kickoff = fixture.kickoff.timestamp()
    listed = fixture.listed_at.timestamp()
    since = max(listed, kickoff - WEEK.total_seconds())
    first, after = np.searchsorted(times, [since, kickoff]).tolist()
    seen = after and times[after - 1] >= listed
    return Match(
        fixture=fixture,
        lead=timedelta(seconds=kickoff - float(times[after - 1])) if seen else None,
        quotes=after - first,
    )


def months_of(matches: Sequence[Match], calls: Sequence[MadeCall]) -> list[Month]:
    """The months in which anything is played, in order."""
    played: dict[datetime, list[Match]] = {}
    for match in matches:
        played.setdefault(month_start(match.fixture.kickoff), []).append(match)
    spent: Counter[tuple[datetime, bool]] = Counter()
    scans: Counter[datetime] = Counter()
    for call in calls:
        start, is_closing = month_start(call.at), call.kind == Kind.CLOSING
        spent[start, is_closing] += call.cost
        scans[start] += call.cost > 0 and not is_closing
    return [
        Month(
            start=start,
            matches=len(played[start]),
            slots=_slots(played[start]),
            within_quarter=sum(one.is_within(QUARTER) for one in played[start]),
            within_hour=sum(one.is_within(HOUR) for one in played[start]),
            closing_credits=spent[start, True],
            scan_credits=spent[start, False],
            scans=scans[start],
            quotes=sum(one.quotes for one in played[start]),
        )
        for start in sorted(played)
    ]


def _slots(matches: Sequence[Match]) -> int:
    """The fewest calls that capture all closing odds, had everything been known."""
    by_sport: dict[str, list[int]] = {}
    for match in matches:
        kickoff = int(match.fixture.kickoff.timestamp())
        by_sport.setdefault(match.fixture.sport, []).append(kickoff)
    return sum(
        len(slot_ends(sorted(at), window=int(QUARTER.total_seconds()), lead=60))
        for at in by_sport.values()
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecasts:
    """Plans, and those that foretold to the credit what was left at the reset.

    Of the months' first plans, of those that called it certain, and of all.
    """

    first: tuple[int, int]
    certain: tuple[int, int]
    all: tuple[int, int]


def forecasts_of(
    foretold: Iterable[tuple[datetime, Budget]], calls: Iterable[MadeCall], quota: int
) -> Forecasts:
    """Each plan's word against what the calls of its month cost."""
    spent: Counter[datetime] = Counter()
    for call in calls:
        spent[month_start(call.at)] += call.cost
    told = [(month_start(at), budget) for at, budget in foretold]
    are_true = [budget.left_at_reset == quota - spent[month] for month, budget in told]
    first = {month: place for place, (month, _budget) in reversed(list(enumerate(told)))}
    certain = [place for place, (_month, budget) in enumerate(told) if budget.is_certain]
    return Forecasts(
        first=(sum(are_true[place] for place in first.values()), len(first)),
        certain=(sum(are_true[place] for place in certain), len(certain)),
        all=(sum(are_true), len(are_true)),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Loss:
    """A match without closing odds and why, in a word and in a sentence."""

    match: Match
    cause: str
    sentence: str


def losses_of(
    matches: Iterable[Match], calls: Iterable[MadeCall], refusals: dict[str, NotPlanned]
) -> list[Loss]:
    """Every match whose closing odds were not captured."""
    failed = {
        match_id
        for call in calls
        if call.answer == Answer.UNAVAILABLE
        for match_id in call.match_ids
    }
    captured = {
        match_id for call in calls if call.answer == Answer.ODDS for match_id in call.match_ids
    }
    lost = [one for one in matches if not one.is_within(QUARTER)]
    return [_loss(one, failed, captured, refusals) for one in lost]


def _loss(
    match: Match, failed: set[str], captured: set[str], refusals: dict[str, NotPlanned]
) -> Loss:
    key = match.fixture.match_id
    if key in failed:
        cause, said = "unavailable", "Every call in the closing window failed."
    elif key in captured and match.fixture.moves:
        cause = "moved"
        said = "The kick-off was moved after the call, and no later call was possible."
    elif key in refusals:
        cause, said = str(refusals[key].reason), refusals[key].sentence
    elif match.fixture.moves:
        cause, said = "moved", "The match had started when the move became known."
    else:
        cause, said = "unknown", "No reason was given."
    return Loss(match=match, cause=cause, sentence=said)
