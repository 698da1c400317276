"""Who can be asked in a backtest: versions of strategies, and agents with any parameters."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.urls import reverse

from strategies.models import Backtest, StrategyVersion
from strategies.parameters import ParametersError, as_mapping, parse
from strategies.registry import AGENTS, Agent


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Who is asked and with which parameters to begin with."""

    agent: Agent
    parameters: dict[str, float]
    version: StrategyVersion | None = None
    like: Backtest | None = None


def choice_of(*, like: str | None, version: str | None, agent: str | None) -> Choice:
    """From an address: a backtest, a version or an agent; the first version without any.

    Raises:
        Http404: There is none such.
    """
    if like is not None:
        return _like(_found(Backtest.objects.select_related("version__strategy"), like))
    if version is not None:
        row = _found(StrategyVersion.objects.select_related("strategy"), version)
        return Choice(agent=row.strategy.rules, parameters=row.mapping, version=row)
    if agent is None and (row := current_versions().first()):
        return Choice(agent=row.strategy.rules, parameters=row.mapping, version=row)
    rules = AGENTS.get(agent or next(iter(AGENTS)))
    if rules is None:
        raise Http404
    return Choice(agent=rules, parameters=as_mapping(rules.parameters()))


def choices() -> list[dict[str, Any]]:
    """The current versions, as links to the form."""
    address = reverse("admin:strategies_backtest_add")
    return [{"version": one, "link": f"{address}?version={one.pk}"} for one in current_versions()]


def current_versions() -> QuerySet[StrategyVersion]:
    """Those of every strategy, by name."""
    current = StrategyVersion.objects.filter(is_current=True).select_related("strategy")
    return current.order_by("strategy__agent_name", "strategy__strategy_name")


def _like(row: Any) -> Choice:
    rules = AGENTS[row.agent]
    try:
        parameters = as_mapping(parse(rules.parameters, row.parameters))
    except ParametersError:  # its agent has changed since
        parameters = as_mapping(rules.parameters())
    return Choice(agent=rules, parameters=parameters, version=row.version, like=row)


def _found(rows: Any, number: str) -> Any:
    row = rows.filter(pk=int(number)).first() if number.isdecimal() else None
    if row is None:
        raise Http404
    return row
