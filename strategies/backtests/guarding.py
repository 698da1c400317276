"""Agents kept from the database while they are asked: what they may know is in the snapshot."""

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from typing import Any, NoReturn

from django.db import connections

from strategies.backtests.audit import LookAheadError
from strategies.predictions import Predictions
from strategies.registry import Agent
from strategies.snapshots import Snapshot


def without_database(agent: Agent) -> Agent:
    """The same agent, which is refused with a sentence when it asks the database anything.

    An agent that hides the refusal from its caller is refused all the same, once it has answered.
    """
    refusals: list[str] = []
    sentence = f"{agent.name} read the database while deciding, where later prices are stored."

    def refuse(
        _execute: Callable[..., Any], sql: str, _params: Any, _many: bool, _context: Any
    ) -> NoReturn:
        refusals.append(sql)
        raise LookAheadError(sentence)

    def predict(snapshot: Snapshot, parameters: Any) -> Predictions:
        with ExitStack() as stack:
            for connection in connections.all():
                stack.enter_context(connection.execute_wrapper(refuse))
            made = agent.predict(snapshot, parameters)
        if refusals:
            raise LookAheadError(sentence)
        return made

    return replace(agent, predict=predict)
