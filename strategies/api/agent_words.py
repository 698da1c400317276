"""Agents in the API's words: what they are called there, and which of them there are.

The original had four agents, `agent_a` to `agent_d`; they are always listed. The fourth, the
backtest engine, predicts nothing: it tells what backtests of the others came to.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from rest_framework.exceptions import NotFound

from odds.api_fields import line_text
from odds.api_quotes import MARKETS_WITH_LINES
from strategies.models import Prediction, Strategy
from strategies.registry import AGENTS

ANOMALY, SPREAD, PATTERN = "anomaly_detector", "spread_optimizer", "pattern_matcher"
BACKTEST, PATRON = "backtest_engine", "patron"
ORIGINAL_NAMES: Final = {
    ANOMALY: "Anomaly Detector",
    SPREAD: "Spread Optimizer",
    PATTERN: "Pattern Matcher",
}
BACKTEST_NAME: Final = "Backtest Engine"
ORIGINAL_IDS: Final = {
    ANOMALY: "agent_a",
    SPREAD: "agent_b",
    PATTERN: "agent_c",
    BACKTEST: "agent_d",
}
ICONS: Final = {ANOMALY: "🔍", SPREAD: "📊", PATTERN: "🎯", BACKTEST: "⚡", PATRON: "👔"}
OTHER_ICON: Final = "🤖"
EVERY: Final = "all"  # the outcome of an arbitrage


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownAgent:
    """An agent by its key; `is_asked` while a strategy of it is active."""

    key: str
    name: str
    has_strategy: bool
    is_asked: bool

    @property
    def is_listed(self) -> bool:
        """The original had it, or a strategy of it exists."""
        return self.has_strategy or self.key in ORIGINAL_NAMES

    @property
    def combines(self) -> bool:
        """It speaks for the others, and is no voice of its own."""
        return self.key == PATRON or (self.key in AGENTS and AGENTS[self.key].combines)


def read_agents() -> list[KnownAgent]:
    """The original's three that predict, then all others; one query."""
    names = dict(ORIGINAL_NAMES) | {key: agent.name for key, agent in AGENTS.items()}
    active: dict[str, bool] = {}
    for key, name, is_active in Strategy.objects.order_by("id").values_list(
        "agent", "agent_name", "is_active"
    ):
        names[key] = name if key not in active else names[key]
        active[key] = is_active or active.get(key, False)
    return [
        KnownAgent(key=key, name=name, has_strategy=key in active, is_asked=active.get(key, False))
        for key, name in names.items()
    ]


def find_agent(agents: Iterable[KnownAgent], given: str) -> KnownAgent:
    """The agent of a key or a name.

    Raises:
        NotFound: With a sentence that lists those there are.
    """
    listed = list(agents)
    for agent in listed:
        if given in (agent.key, agent.name, ORIGINAL_IDS.get(agent.key)):
            return agent
    known = ", ".join(agent.key for agent in listed)
    raise NotFound(f"There is no agent {given}; there are {known}.")


def confidence_of(made: Prediction) -> float | None:
    """The stored agreement as the original wrote confidence, from 0 to 100."""
    return None if made.confidence is None else 100 * made.confidence


def selection_of(made: Prediction) -> str:
    """Market, line and outcome in a few words: "home", "over 2.5", "away +1.5"."""
    if made.outcome == EVERY:
        return f"every outcome of {made.market}"
    if made.market not in MARKETS_WITH_LINES:
        return made.outcome
    line = -made.line if made.market == "spreads" and made.outcome == "away" else made.line
    sign = "+" if made.market == "spreads" and line > 0 else ""
    return f"{made.outcome} {sign}{line_text(line)}"


def reason_of(made: Prediction) -> str:
    """Why it was predicted, in one sentence with its numbers."""
    if made.outcome == EVERY:
        places = ", ".join(
            f"{leg['outcome']} {leg['odds']:g} at {leg['bookmaker']}" for leg in made.legs
        )
        return f"{places}: together they pay {made.edge_pct:+.1f} % whatever happens."
    where = f" at {made.bookmaker.key}" if made.bookmaker else ""
    whose = f" by {made.reference}" if made.reference else ""
    return (
        f"{selection_of(made)} at {made.odds.normalize():f}{where}: its chance is held to be "
        f"{100 * made.probability:.1f} %{whose}, a claimed edge of {made.edge_pct:+.1f} %."
    )
