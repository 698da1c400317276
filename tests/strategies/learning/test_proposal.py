"""What a proposal may change, and the sentence that says what it may not."""

import json

import openai
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from strategies.agents.spread_optimizer import Parameters
from strategies.learning.proposal import ParameterChange, Proposal, ProposalError, checked
from strategies.parameters import as_mapping, parse, ranges

CURRENT = as_mapping(Parameters())


def propose(*changes):
    return Proposal(
        failure_pattern="Small edges lose.",
        missing_factors=[],
        recommended_adjustments=[],
        parameter_changes=[ParameterChange(name=name, value=value) for name, value in changes],
        expected_improvement=None,
        reasoning="The figures.",
    )


def test_what_changes_comes_back_as_the_agent_takes_it():
    proposal = propose(("minimum_edge_pct", 3), ("minimum_operators", 6.0))

    changed = checked(proposal, Parameters, CURRENT)

    assert changed == {"minimum_edge_pct": 3.0, "minimum_operators": 6}
    assert isinstance(changed["minimum_operators"], int)


def test_a_parameter_that_stays_is_no_change():
    proposal = propose(("minimum_edge_pct", 3.0), ("minimum_operators", 4))

    assert checked(proposal, Parameters, CURRENT) == {"minimum_edge_pct": 3.0}


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ([("confidence", 50.0)], "There is no parameter 'confidence'"),
        ([("minimum_edge_pct", 21.0)], "minimum_edge_pct is 21, but must lie between 0 and 20."),
        ([("minimum_edge_pct", -1.0)], "must lie between 0 and 20."),
        ([("minimum_operators", 4.5)], "must be a whole number."),
        ([("minimum_edge_pct", 2.0)], "Nothing would change"),
        ([], "Nothing would change"),
        ([("minimum_edge_pct", 3.0), ("minimum_edge_pct", 4.0)], "named twice"),
        (
            [("minimum_edge_pct", 12.0), ("maximum_edge_pct", 8.0)],
            "minimum_edge_pct would be 12, which is not below maximum_edge_pct of 8",
        ),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(changes, sentence):
    with pytest.raises(ProposalError) as refused:
        checked(propose(*changes), Parameters, CURRENT)

    assert sentence in str(refused.value)
    assert str(refused.value).endswith(".")


@given(
    st.lists(
        st.tuples(
            st.sampled_from([*ranges(Parameters), "unknown"]),
            st.floats(allow_nan=False, allow_infinity=False, width=32),
        ),
        max_size=3,
    )
)
def test_whatever_is_proposed_is_refused_or_inside_its_range(changes):
    try:
        changed = checked(propose(*changes), Parameters, CURRENT)
    except ProposalError:
        return

    assert changed
    assert as_mapping(parse(Parameters, CURRENT | changed)) != CURRENT
    for name, value in changed.items():
        assert ranges(Parameters)[name].low <= value <= ranges(Parameters)[name].high


def test_the_schema_is_strict():
    """No defaults, nothing beside the fields, and all of them required, at every level."""
    schema = Proposal.model_json_schema()

    for each in (schema, *schema["$defs"].values()):
        assert each["additionalProperties"] is False
        assert each["required"] == list(each["properties"])
    assert not {"default", "minimum", "maximum", "examples"} & set(
        json.dumps(schema).replace('"', " ").split()
    )


def test_the_schema_is_the_one_that_the_vendors_package_would_send():
    sent = openai.pydantic_function_tool(Proposal)["function"]

    assert sent["strict"] is True
    assert sent["parameters"] == Proposal.model_json_schema()


@pytest.mark.parametrize("value", ['"3"', "null", "true", "NaN", "Infinity"])
def test_a_value_that_is_no_number_is_not_a_proposal(value):
    body = propose(("minimum_edge_pct", 3.0)).model_dump_json().replace("3.0", value)

    with pytest.raises(ValidationError):
        Proposal.model_validate_json(body)
