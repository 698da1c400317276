"""Improvements for the tests of their routes, and asking those routes."""

from typing import Any

from strategies import lifecycle
from strategies.models import Improvement, ImprovementChange, StrategyRecord
from strategies.registry import AGENTS
from tests.api import signed_in
from tests.factories import NOON, make_strategy

IMPROVEMENTS = "/strategies/improvements"
CREATE = "/strategies/improvement/create"
NOBODYS_ID = 2**31 - 1
STEPS = ("archive", "reactivate", "activate-test", "apply")


def post(path: str, body: Any = None) -> Any:
    return signed_in().post(path, body, format="json")


def step(improvement: Improvement, name: str, body: Any = None) -> Any:
    return post(f"{IMPROVEMENTS}/{improvement.pk}/{name}", body)


def activate(*ids: Any) -> Any:
    return post(f"{IMPROVEMENTS}/activate-selected", {"improvement_ids": list(ids)})


def refusal(response: Any, status: int = 400) -> str:
    assert response.status_code == status, response.content
    assert list(response.json()) == ["detail"]
    sentence: str = response.json()["detail"]
    return sentence


def propose(agent: str = "sharp_reference", **told: Any) -> Improvement:
    strategy = make_strategy(agent).strategy
    changes = {AGENTS[agent].threshold: 3.5}
    return lifecycle.propose(strategy, changes, **{"now": NOON} | told)


def propose_another(first: Improvement, changed: float = 4.5, **told: Any) -> Improvement:
    changes = {first.strategy.rules.threshold: changed}
    return lifecycle.propose(first.strategy, changes, **{"now": NOON} | told)


def in_status(improvement: Improvement, status: str) -> Improvement:
    """The improvement after the steps that lead there."""
    if status in {"active", "applied"}:
        lifecycle.activate([improvement.pk], now=NOON)
    if status == "applied":
        lifecycle.apply(improvement.pk, now=NOON)
    if status == "archived":
        lifecycle.archive(improvement.pk, reason=None, now=NOON)
    improvement.refresh_from_db()
    return improvement


def everything() -> Any:
    """All rows that steps write, to see that nothing changed."""
    improvements = list(Improvement.objects.order_by("pk").values())
    return improvements, list(ImprovementChange.objects.order_by("pk").values())


def record(improvement: Improvement, **given: Any) -> StrategyRecord:
    strategy = improvement.strategy
    return StrategyRecord.objects.create(
        strategy=strategy,
        version=strategy.versions.get(is_current=True),
        **{"computed_at": NOON, "total_predictions": 60, "settled": 50, "win_rate": 41.2}
        | {"roi": -3.1, "graded_matches": 0, "strategies_tried": 1, "tier": "C"}
        | given,
    )
