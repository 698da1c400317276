"""Bodies as the Responses API gives them."""

import json

GOOD = {
    "failure_pattern": "Small edges lose to the closing line.",
    "missing_factors": ["How old the sharp price is."],
    "recommended_adjustments": ["Ask for more edge."],
    "parameter_changes": [{"name": "minimum_edge_pct", "value": 3}],
    "expected_improvement": None,
    "reasoning": "The band 2 to 3 has a negative CLV.",
}


def reply(text=None, *, refusal=None, status="completed", **given):
    """A body: an answer's text or a refusal, after what a reasoning model adds."""
    if refusal is None:
        part = {"type": "output_text", "text": text, "annotations": [], "logprobs": []}
    else:
        part = {"type": "refusal", "refusal": refusal}
    message = {
        "id": "msg_1",
        "type": "message",
        "role": "assistant",
        "status": status,
        "content": [part],
    }
    return {
        "id": "resp_1",
        "object": "response",
        "created_at": 1790000000,
        "status": status,
        "model": "gpt-4o-2024-08-06",
        "output": [{"id": "rs_1", "type": "reasoning", "summary": []}, message],
        "parallel_tool_calls": True,
        "tool_choice": "auto",
        "tools": [],
        "error": None,
        "incomplete_details": None,
        "usage": {
            "input_tokens": 1200,
            "input_tokens_details": {"cached_tokens": 0},
            "output_tokens": 300,
            "output_tokens_details": {"reasoning_tokens": 0},
            "total_tokens": 1500,
        },
    } | given


def answer_with(*changes, **given):
    """An answer that changes these parameters, as pairs of a name and a value."""
    named = [{"name": name, "value": value} for name, value in changes]
    return reply(json.dumps(GOOD | {"parameter_changes": named} | given))
