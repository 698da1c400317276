"""The agents by key: what they are called, and how they are asked."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from strategies.agents import (
    anomaly_detector,
    arbitrage_finder,
    consensus_value,
    goals_model,
    line_mover,
    patron,
    pattern_matcher,
    sharp_reference,
    spread_optimizer,
)
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
        key="anomaly_detector",
        name="Anomaly Detector",
        strategy="Robust z-score",
        parameters=anomaly_detector.Parameters,
        threshold="minimum_edge_pct",
        predict=anomaly_detector.predict,
    ),
    Agent(
        key="spread_optimizer",
        name="Spread Optimizer Ferrari 2.0",
        strategy="Kelly Criterion",
        parameters=spread_optimizer.Parameters,
        threshold="minimum_edge_pct",
        predict=spread_optimizer.predict,
    ),
    Agent(
        key="pattern_matcher",
        name="Pattern Matcher",
        strategy="Favourite-longshot bias",
        parameters=pattern_matcher.Parameters,
        threshold="minimum_edge_pct",
        predict=pattern_matcher.predict,
    ),
    Agent(
        key="line_mover",
        name="Line Mover",
        strategy="Reference move",
        parameters=line_mover.Parameters,
        threshold="minimum_edge_pct",
        predict=line_mover.predict,
    ),
    Agent(
        key="arbitrage_finder",
        name="Arbitrage Finder",
        strategy="Arbitrage",
        parameters=arbitrage_finder.Parameters,
        threshold="minimum_profit_pct",
        predict=arbitrage_finder.predict,
    ),
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
    Agent(
        key="goals_model",
        name="Goals Model",
        strategy="Dixon–Coles",
        parameters=goals_model.Parameters,
        threshold="minimum_edge_pct",
        predict=goals_model.predict,
        learns=True,
    ),
    Agent(
        key="patron",
        name="Patron",
        strategy="Weighted by CLV",
        parameters=patron.Parameters,
        threshold="minimum_edge_pct",
        predict=patron.predict,
        combines=True,
    ),
)
AGENTS: Final = {agent.key: agent for agent in _AGENTS}
