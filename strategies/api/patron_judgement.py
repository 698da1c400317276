"""How the agents' voices on a match are weighed into one: what both routes of the Patron show.

The outcome asked about is the Patron's own prediction, where there is one, else that of most
agents. Each voice weighs as much as its fair CLV was measured to be, shrunk towards 0 by so many
matches of no CLV as the ranking's settings say; agents without a positive record weigh nothing,
and where nobody has one all weigh the same.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final

import numpy as np

from betting.models import StakingSettings
from strategies.agents.patron import Parameters, weight
from strategies.api.agent_words import PATRON, KnownAgent, confidence_of, read_agents
from strategies.api.match_opinions import (
    Agreement,
    Opinions,
    agreement_on,
    combining,
    read_opinions,
)
from strategies.api.stakes import recommended_stake_pct
from strategies.models import Prediction, StrategyVersion
from strategies.ranking.days import read_records
from strategies.snapshots import Record, known_since


class Advice(StrEnum):
    """The original's five grades."""

    STRONG = "FORT SIGNAL"
    GOOD = "BON SIGNAL"
    MEDIUM = "SIGNAL MOYEN"
    WEAK = "SIGNAL FAIBLE"
    REJECT = "REJET"


GRADES: Final = ((80.0, Advice.STRONG), (65.0, Advice.GOOD), (50.0, Advice.MEDIUM))
LOWEST_WEAK: Final = 35.0
STAKED: Final = frozenset({Advice.STRONG, Advice.GOOD, Advice.MEDIUM})


@dataclass(frozen=True, slots=True, kw_only=True)
class Background:
    """What is the same for all matches asked about."""

    agents: Sequence[KnownAgent]
    records: Mapping[str, Record]
    limits: StakingSettings
    parameters: Parameters

    def weight_of(self, voice: Prediction) -> float:
        """What the agent Patron gives its version; 0 without a record above 0."""
        record = self.records.get(str(voice.version_id))
        return weight(record, self.parameters) if record else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What the voices on one match come to.

    Attributes:
        agreed: Who names the outcome, and who another one.
        weights: Of each voice by its agent; they sum to 1, or there is no voice.
        is_measured: The weights come from measured CLV; else all are equal.
        confidence: Weighted mean agreement of other operators over the backing voices, 0 to 100.
        score: That times the backing voices' share of the weight; None where it is unknown.
        advice: By the score, the number of voices and the edge.
        stake_pct: Percent of the bankroll.
        chosen: The prediction that is staked on: the Patron's own, else the best backing voice.
        has_begun: The match has kicked off.
    """

    agreed: Agreement
    weights: Mapping[str, float]
    is_measured: bool
    confidence: float | None
    score: float | None
    advice: Advice
    stake_pct: float
    chosen: Prediction | None
    has_begun: bool


def read_judgements(
    provider_ids: Sequence[str], *, now: datetime
) -> tuple[dict[str, tuple[Opinions, Judgement]], Background]:
    """Each match's opinions and judgement; unknown ids are missing; seven queries for any number.

    Args:
        provider_ids: Which matches.
        now: The current instant; what has kicked off is not advised.
    """
    opinions = read_opinions(provider_ids)
    versions = {one.version_id for each in opinions.values() for one in each.predictions}
    monday = float(known_since(np.array([now.timestamp()]))[0])
    background = Background(
        agents=read_agents(),
        records=read_records(sorted(versions), before=datetime.fromtimestamp(monday, UTC).date()),
        limits=StakingSettings.current(),
        parameters=_parameters(),
    )
    judged = {key: (each, judge(each, background, now=now)) for key, each in opinions.items()}
    return judged, background


def _parameters() -> Parameters:
    """The Patron's in force, those of its first active strategy; else the shipped ones."""
    version = (
        StrategyVersion.objects.active()
        .filter(strategy__agent=PATRON)
        .select_related("strategy")
        .order_by("strategy")
        .first()
    )
    return version.values if version else Parameters()


def judge(opinions: Opinions, background: Background, *, now: datetime) -> Judgement:
    """Weigh the voices on one match."""
    patron = opinions.main_of(PATRON)
    agreed = agreement_on(opinions.predictions, silent=combining(background.agents), chosen=patron)
    weights, is_measured = _weights(agreed.voices, background)
    confidence, score = _score(agreed, weights)
    chosen, has_begun = patron or agreed.best, opinions.has_begun(now)
    edge = chosen.edge_pct if chosen else 0.0
    advice = _advice(score, len(agreed.backing)) if edge > 0 and not has_begun else Advice.REJECT
    return Judgement(
        agreed=agreed,
        weights=weights,
        is_measured=is_measured,
        confidence=confidence,
        score=score,
        advice=advice,
        stake_pct=recommended_stake_pct(chosen, background.limits)
        if chosen and advice in STAKED
        else 0.0,
        chosen=chosen,
        has_begun=has_begun,
    )


def _weights(voices: Sequence[Prediction], background: Background) -> tuple[dict[str, float], bool]:
    measured = {one.version.strategy.agent: background.weight_of(one) for one in voices}
    total = sum(measured.values())
    if total > 0:
        return {agent: weight / total for agent, weight in measured.items()}, True
    return {agent: 1 / len(measured) for agent in measured}, False


def _score(agreed: Agreement, weights: Mapping[str, float]) -> tuple[float | None, float | None]:
    """Weighted over the backing voices whose confidence is known."""
    known = [
        (weights[one.version.strategy.agent], confidence)
        for one in agreed.backing
        if (confidence := confidence_of(one)) is not None
    ]
    total = sum(weight for weight, _confidence in known)
    if total <= 0:
        return None, None
    mean = sum(weight * confidence for weight, confidence in known) / total
    backing = sum(weights[one.version.strategy.agent] for one in agreed.backing)
    return mean, mean * backing


def _advice(score: float | None, backing: int) -> Advice:
    """By the original's thresholds; a single voice is never more than a medium signal."""
    if score is None or score < LOWEST_WEAK:
        return Advice.REJECT
    grade = next((advice for least, advice in GRADES if score >= least), Advice.WEAK)
    return Advice.MEDIUM if backing < 2 and grade in STAKED else grade
