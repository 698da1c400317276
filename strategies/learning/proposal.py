"""Proposals: what an analyst would change, and whether that can be done at all.

The model is also the schema that a language model must answer in. A strict schema knows neither
defaults nor ranges, so that ranges are checked afterwards, by the rules of all parameters.
"""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from strategies.parameters import ParametersError, as_mapping, parse


class ProposalError(ValueError):
    """The proposal cannot be made; the message is a sentence."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)


class ParameterChange(_Strict):
    """One parameter and the value it would have."""

    name: str
    value: float


class Proposal(_Strict):
    """What went wrong, and which parameters to change."""

    failure_pattern: str = Field(description="What the failures have in common, in one sentence.")
    missing_factors: list[str] = Field(description="What the strategy does not look at.")
    recommended_adjustments: list[str] = Field(description="Each change in words.")
    parameter_changes: list[ParameterChange] = Field(
        description="The parameters to change, by their names; empty where none should change."
    )
    expected_improvement: float | None = Field(
        description="Points of mean fair CLV to be gained; null where it cannot be estimated."
    )
    reasoning: str = Field(description="Which figures of the evidence support the change.")


def checked(proposal: Proposal, kind: type[Any], current: Mapping[str, float]) -> dict[str, float]:
    """The parameters that the proposal really changes, by name.

    Args:
        proposal: Whatever an analyst said.
        kind: The dataclass of the agent's parameters.
        current: The value of every parameter in force.

    Raises:
        ProposalError: A parameter is unknown, named twice, out of its range or at odds with
            another, or nothing changes.
    """
    given: dict[str, float] = {}
    for change in proposal.parameter_changes:
        if change.name in given:
            raise ProposalError(f"{change.name} is named twice.")
        given[change.name] = change.value
    try:
        after = as_mapping(parse(kind, {**current, **given}))
    except ParametersError as error:
        raise ProposalError(str(error)) from error
    changed = {name: after[name] for name in given if after[name] != current.get(name)}
    if not changed:
        raise ProposalError("Nothing would change: these are the parameters in force.")
    _refuse_crossed(after, changed)
    return changed


def _refuse_crossed(after: Mapping[str, float], changed: Mapping[str, float]) -> None:
    """Refuse a least value that is not below its greatest: no price would ever pass."""
    for low in after:
        high = low.replace("minimum_", "maximum_", 1)
        is_touched = low in changed or high in changed
        if low != high and high in after and is_touched and after[low] >= after[high]:
            raise ProposalError(
                f"{low} would be {after[low]:g}, which is not below {high} of {after[high]:g}: "
                "the strategy would say nothing."
            )
