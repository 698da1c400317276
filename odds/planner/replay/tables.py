"""The replays' tables, as lines of text."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from odds.planner.replay.measures import HOUR, QUARTER, Forecasts, Match, Month, months_of
from odds.planner.replay.running import MadeCall
from odds.planner.replay.scenarios import Outcome, by_sport, first_of_each_cause

MONTHS: Final = (
    "month", "matches", "slots", "≤ 15 min", "≤ 60 min", "closings", "scans", "credits",
    "calls/match",
)  # fmt: skip
POLICIES: Final = (
    "policy", "credits/month", "most", "runs out", "≤ 15 min", "≤ 60 min", "unlimited: ≤ 15",
    "≤ 60",
)  # fmt: skip
OUTCOMES: Final = (
    "scenario", "≤ 15 min", "worst", "in", "missed", "closings", "scans", "most", "plans",
)  # fmt: skip
NAME_WIDTH: Final = 32


def months_table(months: Sequence[Month]) -> Iterator[str]:
    """One line a month, then the worst and all of them."""
    yield _line(MONTHS, 12)
    for month in months:
        yield _line(_cells(f"{month.start:%Y-%m}", [month]), 12)
    yield _line(_cells("all", months), 12)
    worst = min(months, key=lambda month: (month.captured, month.start))
    dearest = max(months, key=lambda month: month.closing_credits)
    yield (
        f"Worst month: {worst.captured:.2%} in {worst.start:%Y-%m}; most credits for closings: "
        f"{dearest.closing_credits} in {dearest.start:%Y-%m}; most in all: "
        f"{max(month.credits for month in months)}."
    )


def forecasts_line(found: Forecasts) -> str:
    """How many plans foretold to the credit what was left at the reset."""
    (first, months), (certain, told), (right, plans) = found.first, found.certain, found.all
    return (
        f"Left at the reset as foretold, to the credit: by the first plan in {first} of {months} "
        f"months, by {certain:,} of {told:,} plans that called it certain, by {right:,} of "
        f"{plans:,} in all."
    )


def _cells(name: str, months: Sequence[Month]) -> tuple[str, ...]:
    matches = sum(month.matches for month in months)
    return (
        name,
        f"{matches:,}",
        f"{sum(month.slots for month in months):,}",
        f"{sum(month.within_quarter for month in months) / matches:.2%}",
        f"{sum(month.within_hour for month in months) / matches:.2%}",
        f"{sum(month.closing_credits for month in months):,}",
        f"{sum(month.scans for month in months):,}",
        f"{sum(month.credits for month in months):,}",
        f"{sum(month.quotes for month in months) / matches:.1f}",
    )


def policy_line(
    name: str,
    *,
    limited: tuple[Sequence[Match], Sequence[MadeCall]],
    unlimited: tuple[Sequence[Match], Sequence[MadeCall]],
    quota: int,
) -> str:
    """A policy: what it asks for, when the credits run out, and what it brings."""
    wanted = [month.credits for month in months_of(*unlimited)]
    return _line(
        (
            name,
            f"{sum(wanted) / len(wanted):,.0f}",
            f"{max(wanted):,}",
            _runs_out(unlimited[1], quota),
            *_shares(limited[0]),
            *_shares(unlimited[0]),
        ),
        NAME_WIDTH,
    )


def policies_head() -> str:
    """The line above the policies."""
    return _line(POLICIES, NAME_WIDTH)


def _shares(matches: Sequence[Match]) -> tuple[str, str]:
    quarter = sum(match.is_within(QUARTER) for match in matches) / len(matches)
    hour = sum(match.is_within(HOUR) for match in matches) / len(matches)
    return f"{quarter:.1%}", f"{hour:.1%}"


def _runs_out(calls: Sequence[MadeCall], quota: int) -> str:
    """The earliest day of a month on which the credits would be gone."""
    spent: dict[tuple[int, int], int] = {}
    days = []
    for call in calls:
        month = call.at.year, call.at.month
        before = spent.get(month, 0)
        spent[month] = before + call.cost
        if before <= quota < before + call.cost:
            days.append(call.at.day)
    return f"day {min(days)}" if days else "never"


def outcomes_table(outcomes: Sequence[Outcome]) -> Iterator[str]:
    """One line a scenario."""
    yield _line(OUTCOMES, NAME_WIDTH)
    for outcome in outcomes:
        months = outcome.months
        worst = min(months, key=lambda month: (month.captured, month.start))
        matches = sum(month.matches for month in months)
        yield _line(
            (
                outcome.scenario.name,
                f"{1 - len(outcome.losses) / matches:.2%}",
                f"{worst.captured:.2%}",
                f"{worst.start:%Y-%m}",
                f"{len(outcome.losses):,}",
                f"{sum(month.closing_credits for month in months):,}",
                f"{sum(month.scans for month in months):,}",
                f"{max(month.credits for month in months):,}",
                f"{outcome.plans:,}",
            ),
            NAME_WIDTH,
        )


def sacrifices(plain: Outcome, outcome: Outcome, sports: Sequence[str]) -> Iterator[str]:
    """What a scenario cost against the plain replay, in the order in which it is given up."""
    before, after = (sum(month.scans for month in one.months) for one in (plain, outcome))
    yield f"{outcome.scenario.name}: scans {before:,} → {after:,} ({after / before - 1:+.0%})"
    of_sport = by_sport(outcome.matches)
    shares = (f"{sport} {_shares(of_sport[sport])[0]}" for sport in sports if sport in of_sport)
    yield f"  closing odds by priority: {', '.join(shares)}"
    for cause, count, loss in first_of_each_cause(outcome.losses):
        of_cause = Counter(one.match.fixture.sport for one in outcome.losses if one.cause == cause)
        where = ", ".join(f"{sport} {of_cause[sport]:,}" for sport in sports if of_cause[sport])
        yield f"  {count:,} × {cause} ({where}), as: {loss.sentence}"


def _line(cells: Sequence[str], first_width: int) -> str:
    first, *rest = cells
    return f"{first:{first_width}}" + "".join(f"{cell:>16}" for cell in rest)
