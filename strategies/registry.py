"""The agents by key: what they are called, and how they are asked."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from strategies.agents import consensus_value, sharp_reference
from strategies.predictions import Predictions
from strategies.snapshots import Snapshot


@dataclass(frozen=True, slots=True, kw_only=True)
class Agent:
    """One way of choosing prices.

    Attributes:
        key: Its name in rows and on the command line.
        name: Its name for people, as the original had it where it had it.
        strategy: What its shipped strategy is called.
        parameters: The dataclass of its parameters.
        threshold: Which of them the original called the threshold.
        predict: The pure function.
        learns: It reads past results: `Snapshot.past`.
        combines: It reads the other agents: `Snapshot.opinions` and `records`.
    """

    key: str
    name: str
    strategy: str
    parameters: type[Any]
    threshold: str
    predict: Callable[[Snapshot, Any], Predictions]
    learns: bool = False
    combines: bool = False


_AGENTS: Final = (
    Agent(
        key="consensus_value",
        name="Consensus Value",
        strategy="Kaunitz",
        parameters=consensus_value.Parameters,
        threshold="minimum_edge_pct",
        predict=consensus_value.predict,
    ),
    Agent(
        key="sharp_reference",
        name="Sharp Reference",
        strategy="Buchdahl",
        parameters=sharp_reference.Parameters,
        threshold="minimum_edge_pct",
        predict=sharp_reference.predict,
    ),
)
AGENTS: Final = {agent.key: agent for agent in _AGENTS}
