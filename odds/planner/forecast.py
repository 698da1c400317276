"""How many closing slots the part of the month will have whose kick-offs are not known yet.

Leagues publish two to four weeks ahead. What is not known is expected to be like the last four
weeks and what is known: a Gamma-Poisson rate of slots a day, with a prior worth a week.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from odds.planner.slots import slot_ends
from odds.planner.timetable import Frame, SportKickOffs

DAY: Final = 86_400
# Slots a day and league in season: 130.7 a month for the five big ones, on the mean of
# football-data.co.uk's calendars 2022/23 to 2024/25.
PRIOR_SLOTS_A_DAY: Final = 130.7 / 5 / 30.4
PRIOR_DAYS: Final = 7.0
PAST_DAYS: Final = 28
FEWEST_LEADS: Final = 20
LATE_SHARE: Final = 0.2  # of the matches are listed later than usual: put off, or drawn late
SAFETY: Final = 1.64  # standard deviations: enough in 95 months of 100 where the rate is right
MOVED: Final = 0.1  # of the closing calls, kept for kick-offs that move after theirs


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """Slots still to become known before the reset: expected number and variance."""

    mean: float
    variance: float


def unknown_slots(kickoffs: SportKickOffs, frame: Frame) -> Forecast:
    """A sport's forecast from all its kick-offs given, past and coming."""
    days = max(0, frame.reset - frame.known_until) / DAY
    if not days:
        return Forecast(mean=0.0, variance=0.0)
    since = frame.now - PAST_DAYS * DAY
    watched = 0.0
    if len(kickoffs.seconds):
        first = min(max(int(kickoffs.seconds[0]), since), frame.known_until)
        watched = (frame.known_until - first) / DAY
    known = kickoffs.between(since, frame.known_until)
    slots = len(slot_ends(known.seconds.tolist(), window=frame.window, lead=frame.lead))
    weight = PRIOR_DAYS + watched
    mean = days * (PRIOR_SLOTS_A_DAY * PRIOR_DAYS + slots) / weight
    # Negative binomial: the rate itself is known only as well as its days of watching.
    return Forecast(mean=mean, variance=mean * (1 + days / weight))


def listed_ahead(
    leads: Sequence[timedelta], *, furthest: timedelta, believed: timedelta
) -> timedelta:
    """How far ahead kick-offs are known, as measured: what `known_ahead` should be.

    Args:
        leads: Of the matches last listed, the time from then to the kick-off; those that were in
            the first list ever read left out.
        furthest: From now to the last kick-off listed.
        believed: The setting, which holds until enough was measured, within what is listed.
    """
    if len(leads) < FEWEST_LEADS:
        return max(timedelta(0), min(believed, furthest))
    return max(timedelta(0), sorted(leads)[int(len(leads) * LATE_SHARE)])


def held_back(forecasts: list[tuple[Forecast, int]]) -> tuple[int, int]:
    """Credits expected to be needed, and as many more for safety, for forecasts and their costs."""
    expected = math.ceil(sum(one.mean * cost for one, cost in forecasts))
    spread = math.sqrt(sum(one.variance * cost * cost for one, cost in forecasts))
    return expected, math.ceil(SAFETY * spread)


def moving_safety(closing_credits: int) -> int:
    """Credits kept for kick-offs that move after their closing call, with these to be spent."""
    moving = MOVED * closing_credits
    return math.ceil(moving + SAFETY * math.sqrt(moving))
