"""What the agents said about matches, and on what they agree; stored predictions only.

An agent's *voice* is its prediction with the best edge in one market and line. Agents agree that
name the same outcome there. One that combines the others (the Patron) is no voice of its own, nor
is an arbitrage, which names no outcome.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final

from odds.models import Match
from strategies.api.agent_words import EVERY, KnownAgent, confidence_of
from strategies.models import AgentRun, Prediction

Question = tuple[str, Decimal]  # market and line
MARKETS: Final = ("h2h", "spreads", "totals")  # of equals the first is asked about


@dataclass(frozen=True, slots=True, kw_only=True)
class Opinions:
    """What the current versions said about one match, the best edge first.

    `judged_at` is the newest collection of its sport that the agents have judged.
    """

    match: Match
    predictions: Sequence[Prediction]
    judged_at: datetime | None

    def of(self, agent: str) -> list[Prediction]:
        """One agent's, the best edge first."""
        return [one for one in self.predictions if one.version.strategy.agent == agent]

    def main_of(self, agent: str) -> Prediction | None:
        """An agent's best on the match winner, else its best of all."""
        made = self.of(agent)
        winners = [one for one in made if one.market == "h2h"]
        return next(iter(winners or made), None)

    def has_begun(self, now: datetime) -> bool:
        """Whether the match kicked off by `now`."""
        return self.match.commence_time <= now


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """The outcome most agents name, and who names which in its market and line.

    `backing` and `against` are voices, the best edge first; both empty where nobody spoke.
    """

    backing: Sequence[Prediction]
    against: Sequence[Prediction]

    @property
    def best(self) -> Prediction | None:
        """The backing voice with the best edge."""
        return self.backing[0] if self.backing else None

    @property
    def voices(self) -> list[Prediction]:
        """All that spoke on that market and line, one an agent."""
        return [*self.backing, *self.against]

    @property
    def mean_confidence(self) -> float | None:
        """Mean agreement of other operators over the backing voices, 0 to 100."""
        known = [one for one in map(confidence_of, self.backing) if one is not None]
        return sum(known) / len(known) if known else None


def read_opinions(provider_ids: Sequence[str]) -> dict[str, Opinions]:
    """By the provider's id; those that no match has are missing; three queries for any number."""
    matches = Match.objects.select_related("sport").filter(provider_id__in=provider_ids)
    found = {match.pk: match for match in matches}
    runs = dict(
        AgentRun.objects.filter(sport__in={match.sport_id for match in found.values()}).values_list(
            "sport", "predicted_at"
        )
    )
    made: dict[int, list[Prediction]] = defaultdict(list)
    for one in (
        Prediction.objects.current()
        .filter(match__in=found)
        .select_related("version__strategy", "bookmaker")
        .order_by("-edge_pct", "-predicted_at", "-id")
    ):
        made[one.match_id].append(one)
    return {
        match.provider_id: Opinions(
            match=match, predictions=made[match.pk], judged_at=runs.get(match.sport_id)
        )
        for match in found.values()
    }


def agreement_on(
    predictions: Sequence[Prediction], *, silent: frozenset[str], chosen: Prediction | None = None
) -> Agreement:
    """Who agrees on what.

    Args:
        predictions: About one match, the best edge first.
        silent: Agents that are no voice of their own.
        chosen: The outcome to ask about; where not given that of most agents, of equals that with
            the best edge.
    """
    voices = _voices(predictions, silent)
    if chosen is None:
        candidates = [one for spoken in voices.values() for one in spoken]
        if not candidates:
            return Agreement(backing=(), against=())
        chosen = max(candidates, key=lambda one: _standing(one, voices))
    spoken = voices.get(_question(chosen), [])
    return Agreement(
        backing=[one for one in spoken if one.outcome == chosen.outcome],
        against=[one for one in spoken if one.outcome != chosen.outcome],
    )


def combining(agents: Sequence[KnownAgent]) -> frozenset[str]:
    """The agents that speak for others."""
    return frozenset(agent.key for agent in agents if agent.combines)


def _voices(
    predictions: Sequence[Prediction], silent: frozenset[str]
) -> dict[Question, list[Prediction]]:
    voices: dict[Question, dict[str, Prediction]] = defaultdict(dict)
    for one in predictions:
        agent = one.version.strategy.agent
        if one.outcome != EVERY and agent not in silent:
            voices[_question(one)].setdefault(agent, one)
    return {question: list(spoken.values()) for question, spoken in voices.items()}


def _standing(
    one: Prediction, voices: Mapping[Question, Sequence[Prediction]]
) -> tuple[int, float, int, str]:
    agreeing = sum(other.outcome == one.outcome for other in voices[_question(one)])
    return agreeing, one.edge_pct, -MARKETS.index(one.market), one.outcome


def _question(one: Prediction) -> Question:
    return one.market, one.line
