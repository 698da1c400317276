"""Every alert rule, in its group: the one source of Prometheus' files and of our own evaluation."""

from collections.abc import Mapping, Sequence
from typing import Final

from alerts.conditions import Facts, Samples
from alerts.rule import Holding, Rule
from alerts.rule_groups import collection, money, opportunities, service, upkeep

GROUPS: Final[Mapping[str, Sequence[Rule]]] = {
    "service": service.RULES,
    "money": money.RULES,
    "opportunities": opportunities.RULES,
    "collection": collection.RULES,
    "upkeep": upkeep.RULES,
}
RULES: Final[Mapping[str, Rule]] = {rule.name: rule for rules in GROUPS.values() for rule in rules}


def holding(
    samples: Samples, thresholds: Mapping[str, float], *, now_seconds: float
) -> list[Holding]:
    """Every rule that holds now, by what it is kept apart by.

    Those that only Prometheus can evaluate never do. That a rule has held for long enough, and
    how long it stays open afterwards, is for the caller to remember (`holds_for`, `keeps_for`).

    Args:
        samples: What the collector of metrics exports now.
        thresholds: `AlertSettings.thresholds()`.
        now_seconds: Unix time of the samples.
    """
    facts = Facts(samples=samples, thresholds=thresholds, now=now_seconds)
    return [one for rule in RULES.values() for one in rule.holding(facts)]
