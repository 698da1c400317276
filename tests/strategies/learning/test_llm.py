"""Asking a language model, on a local server that speaks the Responses API."""

import json
import logging
import socket
import threading
from dataclasses import astuple
from decimal import Decimal

import pytest
from werkzeug import Response

from strategies.learning.llm import ask, cost_usd
from strategies.learning.proposal import ParameterChange
from tests.strategies.learning.answers import GOOD, reply
from tests.strategies.learning.rows import evidence_of, made

KEY = "sk-test-4f9d2c7be1a84430"
PATH = "/v1/responses"


@pytest.fixture
def evidence():
    return evidence_of([made(match_id=number) for number in range(20)])


@pytest.fixture(autouse=True)
def key_is_nowhere(caplog):
    """Whatever a test does: nothing logs the key, not even at the finest level."""
    caplog.set_level(logging.DEBUG)
    yield
    assert KEY not in caplog.text
    assert not [r for r in caplog.records if KEY in repr(r.__dict__)]


def put(evidence, base_url, **given):
    answer = ask(evidence, **{"model": "gpt-4o", "base_url": base_url, "key": KEY} | given)
    assert KEY not in repr(answer)
    assert KEY not in "".join(map(str, astuple(answer)))
    assert (answer.proposal is None) == (answer.failure is not None)
    return answer


def test_a_good_answer_is_a_proposal_with_what_it_used(httpserver, evidence):
    httpserver.expect_request(PATH, method="POST").respond_with_json(reply(json.dumps(GOOD)))

    answer = put(evidence, httpserver.url_for("/v1"))

    assert answer.proposal.parameter_changes == [ParameterChange(name="minimum_edge_pct", value=3)]
    assert answer.failure is None
    assert (answer.prompt_tokens, answer.completion_tokens) == (1200, 300)
    assert answer.model == "gpt-4o-2024-08-06"
    assert json.loads(json.loads(answer.raw)["output"][1]["content"][0]["text"]) == GOOD
    assert 0 < answer.duration_seconds < 60


def test_what_is_sent_is_the_evidence_and_the_schema_and_is_kept(httpserver, evidence):
    httpserver.expect_request(PATH).respond_with_json(reply(json.dumps(GOOD)))

    answer = put(evidence, httpserver.url_for("/v1"))

    (request, _) = httpserver.log[0]
    sent = request.get_json()
    assert request.headers["Authorization"] == f"Bearer {KEY}"
    assert json.loads(sent["input"]) == evidence.as_json()
    assert (sent["model"], sent["store"]) == ("gpt-4o", False)
    assert sent["text"]["format"]["type"] == "json_schema"
    assert sent["text"]["format"]["strict"] is True
    assert answer.prompt == f"{sent['instructions']}\n{sent['input']}"


def test_no_number_in_the_instructions_can_be_echoed(httpserver, evidence):
    httpserver.expect_request(PATH).respond_with_json(reply(json.dumps(GOOD)))

    put(evidence, httpserver.url_for("/v1"))

    sent = httpserver.log[0][0].get_json()
    digits = {c for c in sent["instructions"] if c.isdigit()}
    assert digits <= {"0"}  # fair CLV above 0 is good
    assert not any(c.isdigit() for c in json.dumps(sent["text"]["format"]["schema"]))


CUT = reply(
    json.dumps(GOOD)[:40],
    status="incomplete",
    incomplete_details={"reason": "max_output_tokens"},
)
FAILED = reply("", status="failed", error={"code": "server_error", "message": f"with {KEY}"})
SILENT = reply("") | {"output": []}
WRONG = json.dumps({"improvement": "more edge"})
TEXT_VALUE = json.dumps(
    GOOD | {"parameter_changes": [{"name": "minimum_edge_pct", "value": "high"}]}
)


@pytest.mark.parametrize(
    ("body", "failure"),
    [
        (reply(refusal="I cannot help."), "The model refused: I cannot help."),
        (reply(refusal=f"Not with {KEY}."), "The model refused: Not with [key]."),
        (CUT, "The answer was cut off (max_output_tokens)."),
        (FAILED, "The model did not complete its answer (failed, server_error)."),
        (SILENT, "The answer is empty."),
        (reply(WRONG), "does not fit the schema (failure_pattern: Field required)."),
        (reply(TEXT_VALUE), "does not fit the schema (parameter_changes.0.value:"),
        (reply(json.dumps(GOOD | {KEY: 1})), "does not fit the schema ([key]: Extra inputs"),
        (reply("not { json"), "does not fit the schema (the whole: Invalid JSON"),
        (reply(f"{json.dumps(GOOD)} {json.dumps(GOOD)}"), "does not fit the schema"),
    ],
    ids=[
        *("refused", "refused with the key", "cut", "failed", "silent", "another schema"),
        *("text for a number", "key as a field", "no JSON", "twice"),
    ],
)
def test_a_useless_answer_is_a_failure_that_has_its_price(httpserver, evidence, body, failure):
    httpserver.expect_request(PATH).respond_with_json(body)

    answer = put(evidence, httpserver.url_for("/v1"))

    assert failure in answer.failure
    assert (answer.prompt_tokens, answer.completion_tokens) == (1200, 300)
    assert answer.raw.startswith("{")


def test_an_echo_of_the_evidence_is_no_proposal(httpserver, evidence):
    def echo(request):
        return Response(json.dumps(reply(request.get_json()["input"])), mimetype="application/json")

    httpserver.expect_request(PATH).respond_with_handler(echo)

    assert "does not fit the schema" in put(evidence, httpserver.url_for("/v1")).failure


@pytest.mark.parametrize(
    ("status", "code", "sentence"),
    [
        (400, "unsupported_parameter", "The request was refused (status 400, unsupported_param"),
        (401, "invalid_api_key", "The key was not accepted (status 401, invalid_api_key)."),
        (403, None, "The key does not allow this (status 403)."),
        (404, "model_not_found", "There is no such model or address (status 404"),
        (429, "insufficient_quota", "quota is spent (status 429, insufficient_quota)."),
        (500, None, "The vendor's server failed (status 500)."),
        (503, f"oops {KEY}", "The vendor's server failed (status 503)."),
    ],
)
def test_an_error_of_the_vendor_is_a_sentence_and_is_asked_once(
    httpserver, evidence, status, code, sentence
):
    error = {"error": {"message": f"Incorrect API key: {KEY}", "type": "error", "code": code}}
    httpserver.expect_request(PATH).respond_with_json(error, status=status)

    answer = put(evidence, httpserver.url_for("/v1"))

    assert sentence in answer.failure
    assert "Incorrect API key: [key]" in answer.raw
    assert (answer.prompt_tokens, answer.completion_tokens) == (None, None)
    assert len(httpserver.log) == 1


@pytest.mark.parametrize(
    ("body", "mimetype"),
    [("<html>Bad gateway", "text/html"), ("{", "application/json"), ("", "application/json")],
)
def test_a_page_of_something_else_is_a_failure(httpserver, evidence, body, mimetype):
    httpserver.expect_request(PATH).respond_with_data(body, content_type=mimetype)

    answer = put(evidence, httpserver.url_for("/v1"))

    assert answer.failure == "The reply is not one of the Responses API."
    assert answer.raw == body


def test_a_server_that_hangs_is_left(httpserver, evidence):
    is_over = threading.Event()

    def hang(_request):
        is_over.wait(10)
        return Response("{}")

    httpserver.expect_request(PATH).respond_with_handler(hang)
    answer = put(evidence, httpserver.url_for("/v1"), timeout=0.3)
    is_over.set()

    assert answer.failure == "The model did not answer within 0.3 seconds."
    assert 0.3 <= answer.duration_seconds < 3
    assert len(httpserver.log) <= 1


def test_a_server_that_drips_is_left(httpserver, evidence):
    is_over = threading.Event()

    def drip(_request):
        def spaces():
            for _ in range(100):
                yield " "
                if is_over.wait(0.1):
                    return

        return Response(spaces(), mimetype="application/json")

    httpserver.expect_request(PATH).respond_with_handler(drip)
    answer = put(evidence, httpserver.url_for("/v1"), timeout=0.5)
    is_over.set()

    assert answer.failure == "The model did not answer within 0.5 seconds."
    assert answer.duration_seconds < 3


def test_a_server_that_breaks_off_is_a_failure(httpserver, evidence):
    def begin(_request):
        headers = {"Content-Length": "5000"}
        return Response(iter(['{"status": ']), headers=headers, mimetype="application/json")

    httpserver.expect_request(PATH).respond_with_handler(begin)

    answer = put(evidence, httpserver.url_for("/v1"))

    assert answer.failure == "The model's server broke off."
    assert (answer.is_transient, answer.is_doubtful) == (False, True)


def test_a_server_that_is_not_there_is_a_failure(evidence):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound and not listening: refused
        answer = put(evidence, f"http://127.0.0.1:{taken.getsockname()[1]}/v1")

    assert answer.failure == "The model's server cannot be reached."
    assert (answer.is_transient, answer.is_doubtful) == (True, False)


@pytest.mark.parametrize(
    "base_url", ["nonsense", "ftp://localhost/v1", "http://[::1", "http://h:x"]
)
def test_an_address_that_is_none_is_a_failure(evidence, base_url):
    assert put(evidence, base_url).failure


@pytest.mark.parametrize("key", ["", "clé", "sk-one\nsk-two", "sk-\u2028two"])
def test_a_key_that_cannot_be_sent_is_not(httpserver, evidence, key):
    answer = put(evidence, httpserver.url_for("/v1"), key=key)

    assert answer.failure == "There is no usable key."
    assert not httpserver.log


def test_the_cost_is_that_of_both_prices(httpserver, evidence):
    """By hand: 1,200 at $2.50 and 300 at $10 a million are $0.003 and $0.003."""
    httpserver.expect_request(PATH).respond_with_json(reply(refusal="No."))

    answer = put(evidence, httpserver.url_for("/v1"))

    assert cost_usd(answer, Decimal("2.50"), Decimal(10)) == Decimal("0.006")


def test_a_cost_nobody_stated_is_unknown(httpserver, evidence):
    httpserver.expect_request(PATH).respond_with_json(reply("") | {"usage": None})

    answer = put(evidence, httpserver.url_for("/v1"))

    assert cost_usd(answer, Decimal("2.50"), Decimal(10)) is None
