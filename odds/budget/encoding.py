"""The planner's values as JSON, and back."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from odds.planner.plans import NotPlanned, Number, Reason
from odds.planner.situation import Kind


def encoded(numbers: Mapping[str, Number]) -> dict[str, Any]:
    """Numbers of a reason; instants and spans as objects that say so."""
    return {name: _encoded(value) for name, value in numbers.items()}


def decoded(numbers: Mapping[str, Any]) -> dict[str, Number]:
    """What `encoded` was given."""
    return {name: _decoded(value) for name, value in numbers.items()}


def refusal_to_json(one: NotPlanned) -> dict[str, Any]:
    """What is not planned."""
    return {
        "sport": one.sport,
        "kind": one.kind.value,
        "reason": one.reason.value,
        "numbers": encoded(one.numbers),
        "match_ids": list(one.match_ids),
    }


def refusal_of(stored: Mapping[str, Any]) -> NotPlanned:
    """What `refusal_to_json` was given."""
    return NotPlanned(
        sport=stored["sport"],
        kind=Kind(stored["kind"]),
        reason=Reason(stored["reason"]),
        numbers=decoded(stored["numbers"]),
        match_ids=tuple(stored["match_ids"]),
    )


def _encoded(value: Number) -> Any:
    if isinstance(value, datetime):
        return {"at": value.isoformat()}
    if isinstance(value, timedelta):
        return {"seconds": value.total_seconds()}
    return value


def _decoded(value: Any) -> Number:
    if not isinstance(value, Mapping):
        return value  # type: ignore[no-any-return]
    if "at" in value:
        return datetime.fromisoformat(value["at"])
    return timedelta(seconds=value["seconds"])
