"""Versions of strategies: those that come with MON_PS, new ones, and going back to old ones."""

from datetime import datetime

from django.db import transaction

from strategies.models import Strategy, StrategyVersion
from strategies.parameters import as_mapping
from strategies.registry import AGENTS


@transaction.atomic
def install_shipped(*, now: datetime) -> int:
    """Add each agent with its default parameters where none of its strategies is there.

    Returns:
        How many were added.
    """
    known = set(Strategy.objects.values_list("agent", flat=True))
    missing = [agent for agent in AGENTS.values() if agent.key not in known]
    for agent in missing:
        strategy = Strategy.objects.create(
            agent=agent.key,
            agent_name=agent.name,
            strategy_name=agent.strategy,
            created_at=now,
        )
        add_version(strategy, as_mapping(agent.parameters()), origin="shipped", now=now)
    return len(missing)


@transaction.atomic
def add_version(
    strategy: Strategy, parameters: dict[str, float], *, origin: str, now: datetime
) -> StrategyVersion:
    """Give a strategy a new current version; parameters must have passed `parameters.parse`."""
    version = store_version(strategy, parameters, origin=origin, now=now)
    make_current(version)
    version.is_current = True
    return version


@transaction.atomic
def store_version(
    strategy: Strategy, parameters: dict[str, float], *, origin: str, now: datetime
) -> StrategyVersion:
    """Give a strategy another version that is not current, as a test needs one.

    The strategy's row is locked, so that two changes at once get different numbers.
    """
    Strategy.objects.select_for_update().get(pk=strategy.pk)
    newest = strategy.versions.order_by("-number").first()
    return StrategyVersion.objects.create(
        strategy=strategy,
        number=newest.number + 1 if newest else 1,
        parameters=parameters,
        origin=origin,
        created_at=now,
    )


@transaction.atomic
def make_current(version: StrategyVersion) -> bool:
    """Go to this version of its strategy; whether it was not current already."""
    Strategy.objects.select_for_update().get(pk=version.strategy_id)
    versions = StrategyVersion.objects.filter(strategy=version.strategy_id)
    versions.filter(is_current=True).exclude(pk=version.pk).update(is_current=False)
    return versions.filter(pk=version.pk, is_current=False).update(is_current=True) == 1
