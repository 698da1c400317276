"""Run a backtest: ask an agent about a history as it is asked live, and say what it brought.

Pure numbers, nothing of Django. Decisions are made in the order of time with what was known:
results and records of the other agents up to the last Monday.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, Final

import numpy as np

from odds.fair_prices import Integers
from strategies.backtests.asking import Question, ask, shipped_others
from strategies.backtests.audit import audit
from strategies.backtests.bets import Bets, days_of, place_bets
from strategies.backtests.costs import Costs
from strategies.backtests.deflation import deflate
from strategies.backtests.measuring import (
    calibration_of,
    curve,
    match_returns,
    part_of,
    percent,
    segments_of,
)
from strategies.backtests.records import records_of
from strategies.backtests.results import Audit, Counts, Equity, Kelly, Parts, Result
from strategies.backtests.staking import CAPS, Path, flat_path, kelly_path
from strategies.registry import Agent
from strategies.replay.decisions import Window, looks_in
from strategies.replay.history import History, Looks
from strategies.replay.states import Series

AUDITED_INSTANTS: Final = 25
SEED: Final = 1


class NothingToJudgeError(ValueError):
    """There is no match to judge; the message is a sentence."""


class Step(StrEnum):
    """What is being done, for people."""

    READING = "Reading quotes"
    OTHERS = "Asking the other agents"
    DECIDING = "Deciding"
    AUDITING = "Auditing for look-ahead"
    MEASURING = "Settling and grading"


SPANS: Final = {  # of the progress, from 0 to 1, that each step takes
    Step.READING: (0.0, 0.1),
    Step.OTHERS: (0.1, 0.4),
    Step.DECIDING: (0.4, 0.7),
    Step.AUDITING: (0.7, 0.9),
    Step.MEASURING: (0.9, 1.0),
}
Advance = Callable[[float, Step], None]  # told how far the work is; may raise to stop it
Guard = Callable[[Agent], Agent]  # the same agent, kept from what it must not touch


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is asked of whom, and what it costs.

    Attributes:
        agent: Who decides; one that combines others combines the shipped ones.
        parameters: With what parameters.
        window: How long before kick-off.
        costs: What keeps prices from being obtained as seen.
        kelly_fraction: Of the Kelly stakes shown beside flat ones.
        holdout: Share of the match days, the last ones, reported apart.
        variants_tried: Distinct parameter sets tried on the same history, this one included.
    """

    agent: Agent
    parameters: Any
    window: Window
    costs: Costs = field(default_factory=Costs)
    kelly_fraction: float = 0.25
    holdout: float = 0.2
    variants_tried: int = 1


def run(
    plan: Plan,
    history: History,
    *,
    guard: Guard = lambda agent: agent,
    advance: Advance = lambda _share, _step: None,
) -> Result:
    """Replay a history, audit the replay, settle and grade what was decided.

    Args:
        plan: What is asked of whom.
        history: The past.
        guard: Put around every agent while it is asked.
        advance: Told how far the work is.

    Returns:
        What it brought; the same for the same plan and history.

    Raises:
        NothingToJudgeError: No match was looked at inside the window.
        LookAheadError: The agent knew what it could not know.
    """
    looks = looks_in(history, plan.window)
    if not len(looks.at):
        raise NothingToJudgeError(_why_nothing(history))
    question = question_of(plan, history, guard=guard, advance=advance)
    series = Series.of(history.quotes, len(history.matches))
    decisions = ask(question, history, _within(Step.DECIDING, advance), series=series)
    passed = audit(
        decisions,
        question,
        history,
        instants=AUDITED_INSTANTS,
        seed=SEED,
        advance=_within(Step.AUDITING, advance),
    )
    _within(Step.MEASURING, advance)(0.0)
    bets = place_bets(decisions, history, series, plan.costs)
    return _measure(bets, plan, history, looks, missed=len(decisions) - len(bets), passed=passed)


def _why_nothing(history: History) -> str:
    if not len(history.matches):
        return "There is no match of these competitions in this period."
    return (
        f"None of the {len(history.matches)} matches has prices of these markets so long before"
        " kick-off."
    )


def _within(step: Step, advance: Advance) -> Callable[[float], None]:
    """The progress of a step as that of the whole."""
    low, high = SPANS[step]
    return lambda share: advance(low + share * (high - low), step)


def question_of(
    plan: Plan, history: History, *, guard: Guard, advance: Advance = lambda _share, _step: None
) -> Question:
    """What to ask; of an agent that combines others, with what those were worth by then.

    Args:
        plan: What is asked of whom.
        history: The past.
        guard: Put around every agent while it is asked.
        advance: Told how far asking the others is.
    """
    question = Question(agent=guard(plan.agent), parameters=plan.parameters, window=plan.window)
    if not plan.agent.combines:
        return question
    others = {key: (guard(one), given) for key, (one, given) in shipped_others().items()}
    records = records_of(others, history, plan.window, _within(Step.OTHERS, advance))
    return replace(question, others=others, records=records)


def _measure(
    bets: Bets, plan: Plan, history: History, looks: Looks, *, missed: int, passed: Audit
) -> Result:
    judged = np.unique(looks.match)
    flat, kelly = flat_path(bets), kelly_path(bets, plan.kelly_fraction)
    return Result(
        counts=Counts(
            matches_judged=len(judged),
            bets=len(bets),
            missed=missed,
            unsettled=int(np.isnan(bets.share).sum()),
            returned=int((bets.share == 0).sum()),
        ),
        parts=_parts(bets, np.unique(days_of(history.matches.kickoff[judged])), plan.holdout),
        equity=Equity(flat=curve(flat, flat.fall), kelly=curve(kelly, kelly.fall_share * 100)),
        kelly=_kelly(kelly, plan.kelly_fraction),
        calibration=calibration_of(bets),
        segments=segments_of(bets),
        deflation=deflate(match_returns(bets), tried=plan.variants_tried),
        audit=passed,
    )


def _parts(bets: Bets, days: Integers, holdout: float) -> Parts:
    """The bets of all match days, of the earlier ones, and of the last ones."""
    held = int(len(days) * holdout)
    cut = len(days) - held
    first, last = int(days[0]), int(days[-1])
    return Parts(
        all=part_of(bets, since=first, until=last),
        walk_forward=part_of(bets, since=first, until=int(days[cut - 1])),
        held_out=part_of(bets, since=int(days[cut]), until=last) if held else None,
    )


def _kelly(path: Path, fraction: float) -> Kelly:
    return Kelly(
        fraction=fraction,
        cap_bet=CAPS.bet,
        cap_match=CAPS.match,
        cap_day=CAPS.day,
        final_multiple=float(path.value[-1]) if len(path) else None,
        max_drawdown_pct=percent(float(path.fall_share.max())) if len(path) else None,
    )
