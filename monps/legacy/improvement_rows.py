"""What a row of the original's improvements says; nothing stored."""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from monps.legacy.account import RowError
from monps.legacy.bet_rows import instant
from monps.legacy.names import letters
from strategies.registry import AGENTS

STATUSES: Final = frozenset({"proposed", "active", "applied", "archived"})
# How the names of the original's agents begin; its backtest engine has no successor.
BEGINNINGS: Final = {
    "anomalydetector": "anomaly_detector",
    "spreadoptimizer": "spread_optimizer",
    "patternmatcher": "pattern_matcher",
    "agentpatron": "patron",
}
LARGEST_COUNT: Final = 2**31 - 1
THRESHOLD: Final = "confidence_threshold"  # what it proposed to change


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldImprovement:
    """One improvement as the original tells it, for one of our agents.

    `changes` and `before` hold numbers by the original's names of parameters.
    """

    row_id: str
    agent: str
    strategy_name: str
    status: str
    changes: dict[str, float]
    before: dict[str, float]
    new_threshold: float | None
    old_threshold: float | None
    created_at: datetime
    archived_at: datetime | None
    archived_reason: str
    columns: dict[str, Any]


def read_improvement(
    row: Mapping[str, Any], *, strategies: Mapping[str, Mapping[str, Any]], zone: ZoneInfo
) -> ToldImprovement:
    """What a row says.

    Args:
        row: The columns it has.
        strategies: The original's strategies by id, for rows that name theirs only so.
        zone: Of instants without one.

    Raises:
        RowError: It says nothing that could be stored.
    """
    strategy = strategies.get(_text(row, "strategy_id"), {})
    agent_name = _text(row, "agent_name") or _text(strategy, "agent_name")
    status = _text(row, "status").casefold() or "proposed"
    if status not in STATUSES:
        raise RowError("status that means nothing", status)
    changes, before = _changes(row)
    created_at = _instant(row, "created_at", zone) or _instant(row, "analyzed_at", zone)
    if created_at is None:
        raise RowError("improvement without the time it was proposed")
    return ToldImprovement(
        row_id=_text(row, "id"),
        agent=_agent(agent_name),
        strategy_name=_text(row, "strategy_name") or _text(strategy, "strategy_name"),
        status=status,
        changes=changes,
        before=before,
        new_threshold=_number(row, "new_threshold"),
        old_threshold=_number(row, "old_threshold"),
        created_at=created_at,
        archived_at=_instant(row, "archived_at", zone),
        archived_reason=_text(row, "archived_reason"),
        columns={
            "baseline_win_rate": _number(row, "baseline_win_rate"),
            "baseline_roi": _number(row, "baseline_roi"),
            "baseline_samples": _count(row, "baseline_samples"),
            "failure_pattern": _text(row, "failure_pattern"),
            "missing_factors": _texts(row.get("missing_factors")),
            "recommended_adjustments": _texts(row.get("recommended_adjustments")),
            "llm_reasoning": _text(row, "llm_reasoning"),
            "expected_improvement": _number(row, "expected_improvement"),
            "analyzed_at": _instant(row, "analyzed_at", zone),
        },
    )


def _agent(name: str) -> str:
    plain = letters(name)
    for key, agent in AGENTS.items():
        if plain in {letters(agent.name), letters(key)}:
            return key
    for beginning, key in BEGINNINGS.items():
        if plain.startswith(beginning):
            return key
    raise RowError("agent that MON_PS does not have", name)


def _changes(row: Mapping[str, Any]) -> tuple[dict[str, float], dict[str, float]]:
    """What it would change, and what that was before.

    Raises:
        RowError: It would change nothing.
    """
    given = _mapping(row.get("new_parameters"))
    changes = {str(name): float(value) for name, value in given.items() if _is_number(value)}
    before = {}
    new, old = _number(row, "new_threshold"), _number(row, "old_threshold")
    if new is not None:
        changes.setdefault(THRESHOLD, new)
    if not changes:
        raise RowError("neither a threshold nor parameters to change")
    if old is not None and THRESHOLD in changes:
        before[THRESHOLD] = old
    return changes, before


def _mapping(value: Any) -> dict[str, Any]:
    found = _plain(value)
    return found if isinstance(found, dict) else {}


def _texts(value: Any) -> list[str]:
    """A list, a list as JSON text, or one text."""
    found = _plain(value)
    if found is None or found == "":
        return []
    return [str(one) for one in found] if isinstance(found, list) else [str(found)]


def _plain(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value


def _text(row: Mapping[str, Any], name: str) -> str:
    value = row.get(name)
    return "" if value is None else str(value).strip()


def _number(row: Mapping[str, Any], name: str) -> float | None:
    if not (text := _text(row, name)):
        return None
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise RowError(f"{name} is not a number", text)
    return value


def _count(row: Mapping[str, Any], name: str) -> int:
    return min(max(0, int(_number(row, name) or 0)), LARGEST_COUNT)


def _is_number(value: Any) -> bool:
    if isinstance(value, bool):
        return False
    try:
        return math.isfinite(float(value))
    except (TypeError, ValueError):
        return False


def _instant(row: Mapping[str, Any], name: str, zone: ZoneInfo) -> datetime | None:
    text = _text(row, name)
    return instant(name, text, zone) if text else None
