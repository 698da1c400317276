"""What the page of agents shows: a card for each, with its parameters and how much it predicted."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, F, Max, Q, Sum
from django.utils.translation import gettext as _

from odds import figures
from strategies.admin.parameter_form import parameter_text, text_of
from strategies.models import Strategy
from strategies.parameters import Range, ranges
from strategies.registry import AGENTS, Agent
from strategies.texts import AgentText, ParameterText


@dataclass(frozen=True, slots=True, kw_only=True)
class ParameterLine:
    """A parameter: what it means, and what it may be."""

    text: ParameterText
    allowed: Range

    @property
    def range(self) -> str:
        """From where to where, and as shipped."""
        return _("%(low)s to %(high)s, shipped with %(default)s") % {
            "low": figures.plain(self.allowed.low),
            "high": figures.plain(self.allowed.high),
            "default": figures.plain(self.allowed.default),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentCard:
    """One agent; the counts are of its strategies' current versions, as of `computed_at`."""

    agent: Agent
    text: AgentText
    parameters: list[ParameterLine]
    strategies: int
    active: int
    strategy_id: int | None
    predictions: int | None
    settled: int | None
    graded_matches: int | None
    computed_at: datetime | None


def read() -> list[AgentCard]:
    """A card for every agent, in the order of the registry."""
    found = {row["agent"]: row for row in _counts()}
    return [_card(agent, found.get(agent.key, {})) for agent in AGENTS.values()]


def _counts() -> Any:
    """One row for each agent with strategies."""
    standing = Q(record__version__is_current=True, record__version__strategy=F("pk"))
    rows = Strategy.objects.order_by().values("agent")
    return rows.annotate(
        strategies=Count("pk"),
        active=Count("pk", filter=Q(is_active=True)),
        strategy_id=Max("pk"),
        predictions=Sum("record__total_predictions", filter=standing),
        settled=Sum("record__settled", filter=standing),
        graded_matches=Sum("record__graded_matches", filter=standing),
        computed_at=Max("record__computed_at", filter=standing),
    )


def _card(agent: Agent, found: dict[str, Any]) -> AgentCard:
    names = ("predictions", "settled", "graded_matches", "computed_at", "strategy_id")
    return AgentCard(
        agent=agent,
        text=text_of(agent),
        parameters=[
            ParameterLine(text=parameter_text(agent, name), allowed=allowed)
            for name, allowed in ranges(agent.parameters).items()
        ],
        strategies=found.get("strategies", 0),
        active=found.get("active", 0),
        **{name: found.get(name) for name in names},
    )
