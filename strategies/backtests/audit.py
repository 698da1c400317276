"""The look-ahead audit: an agent must decide the same when the future is deleted.

Pure numbers, nothing of Django. At some instants all later rows are deleted and the agent is
asked again, twice: it must decide what it decided up to then in the full replay. An agent that
sees later rows, reads them elsewhere, or remembers what it was shown before decides otherwise.
"""

from collections.abc import Callable
from dataclasses import fields, replace
from datetime import UTC, datetime
from typing import Final

import numpy as np

from odds.fair_prices import Flags, Floats
from strategies.backtests.asking import Question, ask
from strategies.backtests.results import Audit
from strategies.registry import Agent
from strategies.replay.decisions import Decisions, Window, looks_in
from strategies.replay.history import History

RECENT_SECONDS: Final = 7 * 86400.0
SAME: Final = 1e-9  # relative: sums over other groupings round otherwise


class LookAheadError(Exception):
    """An agent knew what it could not know; the message is a sentence."""


def audit(
    decisions: Decisions,
    question: Question,
    history: History,
    *,
    instants: int,
    seed: int,
    advance: Callable[[float], None] = lambda _share: None,
) -> Audit:
    """Delete the future at sampled instants, ask again, and compare.

    Args:
        decisions: What the full replay decided.
        question: What was question.
        history: The past with its future.
        instants: At how many instants; half of them are ones it decided at, where there are.
        seed: Of the sample.
        advance: Told after each.

    Returns:
        What was compared.

    Raises:
        LookAheadError: A decision differs.
    """
    sample = _sample(decisions, history, question.window, instants, seed)
    compared = 0
    for number, instant in enumerate(sample.tolist(), start=1):
        recent = _recent(history, instant, question.window)
        known = recent.until(instant)
        is_due = (decisions.at <= instant) & _is_recent(history, instant)[decisions.match]
        expected = _by_price(decisions.take(is_due))
        for _again in range(2):
            _require_same(expected, _by_price(ask(question, known)), question.agent, instant)
        compared += len(expected)
        advance(number / len(sample))
    return Audit(instants=len(sample), decisions_compared=compared)


def _sample(
    decisions: Decisions, history: History, window: Window, instants: int, seed: int
) -> Floats:
    """Instants of looks, ascending: half of them ones at which something was decided."""
    rng = np.random.default_rng(seed)
    decided = np.unique(decisions.at)
    chosen = rng.choice(decided, size=min(len(decided), instants // 2), replace=False)
    looks = np.setdiff1d(looks_in(history, window).at, chosen)
    others = rng.choice(looks, size=min(len(looks), instants - len(chosen)), replace=False)
    return np.union1d(chosen, others)


def _is_recent(history: History, instant: float) -> Flags:
    flags: Flags = history.matches.kickoff > instant - RECENT_SECONDS
    return flags


def _recent(history: History, instant: float, window: Window) -> History:
    """Without the matches of which nothing lies in the future, and those not yet looked at."""
    kickoff = history.matches.kickoff
    is_near = _is_recent(history, instant) & (kickoff <= instant + window.earliest)
    first, last = np.searchsorted(history.quotes.match, _ends(is_near))
    return replace(
        history,
        quotes=history.quotes.take(np.arange(first, last)),
        looks=history.looks.take(is_near[history.looks.match]),
    )


def _ends(is_near: Flags) -> tuple[int, int]:
    """The first of the matches, which are by kick-off, and the one after the last."""
    near = np.flatnonzero(is_near)
    return (int(near[0]), int(near[-1]) + 1) if len(near) else (0, 0)


def _by_price(decisions: Decisions) -> Decisions:
    return decisions.take(np.lexsort((decisions.line, decisions.market, decisions.match)))


def _require_same(expected: Decisions, made: Decisions, agent: Agent, instant: float) -> None:
    at = f"{datetime.fromtimestamp(instant, UTC):%Y-%m-%d %H:%M} UTC"
    if len(made) != len(expected):
        raise LookAheadError(
            f"{agent.name} looks ahead: with everything after {at} deleted it makes"
            f" {len(made)} decisions up to then, with it {len(expected)}."
        )
    for each in fields(Decisions):
        before, after = getattr(expected, each.name), getattr(made, each.name)
        is_number = before.dtype.kind == "f"
        if not np.allclose(before, after, rtol=SAME if is_number else 0, atol=0, equal_nan=True):
            raise LookAheadError(
                f"{agent.name} looks ahead: with everything after {at} deleted it decides"
                f" otherwise up to then ({each.name})."
            )
