"""Parameters of agents: numbers with a default and a range, checked in one place."""

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any, TypeVar

Kind = TypeVar("Kind")


class ParametersError(ValueError):
    """A parameter is unknown, not a number or out of its range; the message is a sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """What a parameter may be; whole numbers only where `is_whole`."""

    default: float
    low: float
    high: float
    is_whole: bool


def number(default: float, *, low: float, high: float) -> Any:
    """A field of a dataclass of parameters; a whole number where the default is one of type int."""
    return field(default=default, metadata={"low": low, "high": high})


def ranges(kind: type[Any]) -> dict[str, Range]:
    """The parameters of an agent, in their order."""
    defaults = kind()
    return {
        each.name: Range(
            default=getattr(defaults, each.name),
            low=each.metadata["low"],
            high=each.metadata["high"],
            is_whole=isinstance(getattr(defaults, each.name), int),
        )
        for each in fields(kind)
    }


def parse(kind: type[Kind], given: Mapping[str, Any]) -> Kind:
    """Parameters from plain values; what is not given has its default.

    Raises:
        ParametersError: One of them is unknown, not a number or out of its range.
    """
    known = ranges(kind)
    unknown = sorted(given.keys() - known.keys())
    if unknown:
        raise ParametersError(
            f"There is no parameter {unknown[0]!r}; there are {', '.join(sorted(known))}."
        )
    return kind(**{name: _checked(name, value, known[name]) for name, value in given.items()})


def as_mapping(parameters: Any) -> dict[str, float]:
    """Plain values, all of them, for a row."""
    return asdict(parameters)


def _checked(name: str, value: Any, allowed: Range) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ParametersError(f"{name} is {value!r}, which is not a number.")
    if allowed.is_whole and value != int(value):
        raise ParametersError(f"{name} is {value:g}, but must be a whole number.")
    if not allowed.low <= value <= allowed.high:
        raise ParametersError(
            f"{name} is {value:g}, but must lie between {allowed.low:g} and {allowed.high:g}."
        )
    return int(value) if allowed.is_whole else float(value)
