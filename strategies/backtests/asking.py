"""How an agent is asked about a history; the same way in a replay and in its audit.

Pure numbers, nothing of Django.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from strategies.registry import AGENTS, Agent
from strategies.replay.decisions import Decisions, Records, Window, decide
from strategies.replay.history import History
from strategies.replay.states import Series

Others = Mapping[str, tuple[Agent, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked of whom.

    Attributes:
        agent: Who decides.
        parameters: With what parameters.
        window: How long before kick-off.
        others: The agents it combines, with their parameters; empty where it combines none.
        records: What those were worth, as known at an instant.
    """

    agent: Agent
    parameters: Any
    window: Window
    others: Others = field(default_factory=dict)
    records: Records = lambda _instant: {}


def shipped_others() -> Others:
    """The agents that do not combine others, with their parameters as shipped."""
    return {key: (one, one.parameters()) for key, one in AGENTS.items() if not one.combines}


def ask(
    question: Question,
    history: History,
    advance: Callable[[float], None] = lambda _share: None,
    *,
    series: Series | None = None,
) -> Decisions:
    """What is decided at every look of a history inside the window."""
    return decide(
        question.agent,
        question.parameters,
        history,
        window=question.window,
        series=series,
        others=question.others,
        records=question.records,
        advance=advance,
    )
