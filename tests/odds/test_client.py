"""The client against a real local HTTP server: every documented error, and never the key."""

import json
import logging
import socket
import threading
import time

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Response

from odds.client import (
    OddsApiClient,
    OddsApiCreditsError,
    OddsApiError,
    OddsApiKeyError,
    OddsApiMalformedError,
    OddsApiPlanError,
    OddsApiRateLimitError,
    OddsApiRequestError,
    OddsApiUnavailableError,
    Quota,
)

KEY = "0123456789abcdef0123456789abcdef"
PATH = "/v4/sports/soccer_epl/odds"
QUOTA = {"x-requests-remaining": "491", "x-requests-used": "9", "x-requests-last": "2"}


def ask(url: str, **given: float):
    with OddsApiClient(base_url=url, key=KEY, **given) as client:
        return client.odds("soccer_epl", regions=["eu", "uk"], markets=["h2h", "totals"])


def test_the_request_is_the_documented_one_and_the_headers_are_the_cost(httpserver: HTTPServer):
    httpserver.expect_request(
        PATH,
        query_string={
            "apiKey": KEY,
            "regions": "eu,uk",
            "markets": "h2h,totals",
            "oddsFormat": "decimal",
            "dateFormat": "iso",
        },
    ).respond_with_json([{"id": "1"}], headers=QUOTA)

    answer = ask(httpserver.url_for(""))

    assert answer.events == [{"id": "1"}]
    assert json.loads(answer.body) == answer.events
    assert answer.quota == Quota(remaining=491, used_this_month=9, used=2)


# Statuses, codes and messages as the provider gives them.
ERRORS = [
    (401, "MISSING_KEY", "API key is missing", OddsApiKeyError),
    (401, "INVALID_KEY", "API key is not valid. Get an API key at …", OddsApiKeyError),
    (401, "DEACTIVATED_KEY", "", OddsApiKeyError),
    (401, "OUT_OF_USAGE_CREDITS", "Usage quota has been reached.", OddsApiCreditsError),
    (
        401,
        "HISTORICAL_UNAVAILABLE_ON_FREE_USAGE_PLAN",
        "Historical odds are only available on paid usage plans.",
        OddsApiPlanError,
    ),
    (422, "MISSING_REGION", "Missing regions or bookmakers key", OddsApiRequestError),
    (422, "INVALID_MARKET", "Invalid markets: both_teams_to_score", OddsApiRequestError),
    (422, "INVALID_MARKET_COMBO", "Invalid parameter combination.", OddsApiRequestError),
    (404, "UNKNOWN_SPORT", "Unknown sport", OddsApiRequestError),
    (404, "EVENT_NOT_FOUND", "", OddsApiRequestError),
    (429, "EXCEEDED_FREQ_LIMIT", "", OddsApiRateLimitError),
]


@pytest.mark.parametrize(("status", "code", "message", "error"), ERRORS)
def test_each_documented_error_tells_what_to_do(
    httpserver: HTTPServer, status: int, code: str, message: str, error: type[OddsApiError]
):
    body = json.dumps({"message": message, "error_code": code, "details_url": "…"}) + "\n"
    httpserver.expect_request(PATH).respond_with_data(
        body, status=status, headers={"x-requests-remaining": "0", "x-requests-last": "0"}
    )

    with pytest.raises(OddsApiError) as raised:
        ask(httpserver.url_for(""))

    assert type(raised.value) is error
    assert code in str(raised.value)
    assert raised.value.http_status == status
    assert raised.value.quota.remaining == 0


@pytest.mark.parametrize("status", [500, 502, 503])
def test_a_server_error_in_html_is_unavailable(httpserver: HTTPServer, status: int):
    httpserver.expect_request(PATH).respond_with_data("<html>Bad Gateway</html>", status=status)

    with pytest.raises(OddsApiUnavailableError, match=str(status)):
        ask(httpserver.url_for(""))


@pytest.mark.parametrize("body", ['[{"id": "1", "bookma', "<html>", '{"id": "1"}', "3", ""])
def test_an_unreadable_answer_is_kept_with_its_cost(httpserver: HTTPServer, body: str):
    httpserver.expect_request(PATH).respond_with_data(body, headers=QUOTA)

    with pytest.raises(OddsApiMalformedError) as raised:
        ask(httpserver.url_for(""))

    assert raised.value.body == body.encode()
    assert raised.value.quota.used == 2


def test_missing_or_strange_quota_headers_are_unknown(httpserver: HTTPServer):
    httpserver.expect_request(PATH).respond_with_json([], headers={"x-requests-last": "soon"})

    assert ask(httpserver.url_for("")).quota == Quota()


def test_a_slow_answer_is_given_up(httpserver: HTTPServer):
    def slow(_request: object) -> Response:
        time.sleep(1)
        return Response("[]")

    httpserver.expect_request(PATH).respond_with_handler(slow)

    with pytest.raises(OddsApiUnavailableError, match=r"did not answer within 0\.2 seconds"):
        ask(httpserver.url_for(""), timeout_seconds=0.2)


def _accept_and_close(listener: socket.socket) -> None:
    listener.accept()[0].close()


def test_a_closed_connection_and_a_silent_port_are_unavailable():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        closer = threading.Thread(target=_accept_and_close, args=[listener])
        closer.start()

        with pytest.raises(OddsApiUnavailableError):
            ask(url)
        closer.join()
    with pytest.raises(OddsApiUnavailableError):
        ask(url)


def test_the_key_is_in_no_message_and_no_log(
    httpserver: HTTPServer, caplog: pytest.LogCaptureFixture
):
    httpserver.expect_ordered_request(PATH).respond_with_data("no", status=500)
    httpserver.expect_ordered_request(PATH).respond_with_json([])
    told = []

    with caplog.at_level(logging.INFO):
        for url in (httpserver.url_for(""), httpserver.url_for(""), "http://127.0.0.1:1"):
            try:
                ask(url)
            except OddsApiError as error:
                told += [repr(error), str(error), repr(error.__cause__)]

    assert len(told) == 6
    logged = [record.getMessage() for record in caplog.records if record.name != "werkzeug"]
    assert len(logged) == 1
    assert KEY not in "".join(logged + told)


def test_a_redirect_is_not_followed_with_the_key(httpserver: HTTPServer):
    httpserver.expect_request(PATH).respond_with_data(
        "", status=302, headers={"Location": httpserver.url_for("/elsewhere")}
    )

    with pytest.raises(OddsApiUnavailableError, match="302"):
        ask(httpserver.url_for(""))
