"""Every fault as a client meets it, over real HTTP."""

import time

import pytest
import requests

from odds.simulator.faults import NAMES, Fault

CALL = {"apiKey": "k", "regions": "eu", "markets": "h2h,totals"}


@pytest.fixture
def server(serve):
    return serve(quota=0)


@pytest.fixture
def odds(server):
    def get(sport="soccer_epl", **options):
        url = f"{server.url}/v4/sports/{sport}/odds"
        return requests.get(url, params=CALL, **{"timeout": 5, **options})

    return get


def switch_on(server, fault, **options):
    command = {"fault": fault, "sport": None, "times": None, **options}
    return requests.post(f"{server.url}/_faults", json=command, timeout=5)


def books(answer):
    return [book for event in answer.json() for book in event["bookmakers"]]


@pytest.mark.parametrize(
    ("fault", "status", "code"),
    [
        ("invalid_key", 401, "INVALID_KEY"),
        ("out_of_credits", 401, "OUT_OF_USAGE_CREDITS"),
        ("rate_limited", 429, "EXCEEDED_FREQ_LIMIT"),
        ("unprocessable", 422, "INVALID_MARKET"),
    ],
)
def test_a_refusal_looks_like_the_provider_s_and_costs_nothing(server, odds, fault, status, code):
    switch_on(server, fault)

    answer = odds()

    assert answer.status_code == status
    assert answer.json()["error_code"] == code
    assert answer.headers.get("x-requests-last", "0") == "0"
    assert ("x-requests-remaining" in answer.headers) == (fault != "invalid_key")


def test_no_credits_are_shown_when_none_are_left(server, odds):
    switch_on(server, "out_of_credits")

    assert odds().headers["x-requests-remaining"] == "0"


def test_a_server_error_is_a_page(server, odds):
    switch_on(server, "server_error")

    answer = odds()

    assert answer.status_code == 500
    assert answer.headers["Content-Type"] == "text/html"
    assert answer.text.startswith("<html>")


def test_a_timeout_outlasts_the_client(server, odds):
    switch_on(server, "timeout", seconds=5, times=1)

    with pytest.raises(requests.ReadTimeout):
        odds(timeout=0.2)

    assert odds().status_code == 200


def test_a_held_call_is_let_go_when_the_server_stops(serve):
    server = serve(faults=[Fault(fault="timeout", seconds=60)])
    with pytest.raises(requests.ReadTimeout):
        requests.get(f"{server.url}/v4/sports", params=CALL, timeout=0.1)

    started = time.monotonic()
    server.stop()

    assert time.monotonic() - started < 30


def test_a_slow_answer_still_comes(server, odds):
    switch_on(server, "timeout", seconds=0.2)

    started = time.monotonic()
    answer = odds()

    assert time.monotonic() - started >= 0.2
    assert answer.json()


def test_a_truncated_answer_has_a_true_length_and_broken_json(server, odds):
    switch_on(server, "truncated", times=1)

    cut, whole = odds(), odds()

    assert cut.status_code == 200
    assert int(cut.headers["Content-Length"]) == len(cut.content)
    assert whole.content.startswith(cut.content)
    with pytest.raises(requests.JSONDecodeError):
        cut.json()


def test_a_malformed_answer_is_by_turns_no_json_and_the_wrong_shape(server, odds):
    switch_on(server, "malformed")

    text, shape = odds(), odds()

    assert (text.status_code, shape.status_code) == (200, 200)
    with pytest.raises(requests.JSONDecodeError):
        text.json()
    assert list(shape.json()) == ["data"]


def test_a_disconnect_leaves_no_answer(server, odds):
    switch_on(server, "disconnect", times=1)

    with pytest.raises(requests.ConnectionError):
        odds()

    assert odds().status_code == 200


def test_missing_outcomes_are_missing_at_some_bookmakers(server, odds):
    before = books(odds())
    switch_on(server, "missing_outcomes")
    after = books(odds())

    counts = [
        [len(market["outcomes"]) for book in found for market in book["markets"]]
        for found in (before, after)
    ]
    lost = [was - now for was, now in zip(*counts, strict=True)]
    assert set(lost) == {0, 1}
    h2h = [m for b in after for m in b["markets"] if m["key"] == "h2h"]
    assert any("Draw" not in {o["name"] for o in market["outcomes"]} for market in h2h)


def test_suspended_bookmakers_are_gone(server, odds):
    before = len(books(odds()))
    switch_on(server, "suspended")

    assert 0 < len(books(odds())) < before


def test_a_bad_bookmaker_spoils_only_itself(server, odds):
    before = odds().json()
    switch_on(server, "bad_bookmaker")
    after = odds().json()

    assert all(event["bookmakers"][0] != sane["bookmakers"][0]
               for event, sane in zip(after, before, strict=True))  # fmt: skip
    assert all(event["bookmakers"][1:] == sane["bookmakers"][1:]
               for event, sane in zip(after, before, strict=True))  # fmt: skip
    first = [event["bookmakers"][0] for event in after]
    assert len({repr(type(book)) + str(book and sorted(book)) for book in first}) >= 3


def test_one_event_can_be_spoilt_too(server, odds):
    event = odds().json()[0]
    switch_on(server, "suspended")

    url = f"{server.url}/v4/sports/soccer_epl/events/{event['id']}/odds"
    answer = requests.get(url, params=CALL, timeout=5).json()

    assert 0 < len(answer["bookmakers"]) < len(event["bookmakers"])


def test_a_fault_concerns_its_sport_only(server, odds):
    switch_on(server, "server_error", sport="soccer_epl")

    assert odds("soccer_epl").status_code == 500
    assert odds("soccer_spain_la_liga").status_code == 200
    assert requests.get(f"{server.url}/v4/sports", params=CALL, timeout=5).status_code == 200


def test_a_counted_fault_passes(server, odds):
    switch_on(server, "rate_limited", times=2)

    assert [odds().status_code for _ in range(3)] == [429, 429, 200]


def test_a_fault_on_quotes_waits_for_a_call_for_quotes(server, odds):
    switch_on(server, "suspended", times=1)

    requests.get(f"{server.url}/v4/sports", params=CALL, timeout=5)

    assert len(requests.get(f"{server.url}/_faults", timeout=5).json()) == 1


def test_faults_are_listed_and_switched_off(server, odds):
    switch_on(server, "server_error", sport="soccer_epl", times=3)
    odds()
    listed = requests.get(f"{server.url}/_faults", timeout=5).json()
    requests.delete(f"{server.url}/_faults", timeout=5)

    assert [(one["fault"], one["sport"], one["times"], one["served"]) for one in listed] == [
        ("server_error", "soccer_epl", 2, 1)
    ]
    assert requests.get(f"{server.url}/_faults", timeout=5).json() == []
    assert odds().status_code == 200


@pytest.mark.parametrize(
    "command", ['{"fault": "plague"}', '{"fault": "timeout", "times": 0}', "[]", "nonsense", "{}"]
)
def test_a_fault_that_does_not_exist_is_refused(server, command):
    answer = requests.post(f"{server.url}/_faults", data=command, timeout=5)

    assert answer.status_code == 400
    assert requests.get(f"{server.url}/_faults", timeout=5).json() == []


@pytest.mark.parametrize("method", ["POST", "DELETE"])
def test_the_api_itself_is_read_only(server, method):
    answer = requests.request(method, f"{server.url}/v4/sports", timeout=5)

    assert answer.status_code == 404


def test_faults_can_be_written_on_the_command_line():
    assert Fault.parsed("timeout") == Fault(fault="timeout")
    assert Fault.parsed("suspended:soccer_epl") == Fault(fault="suspended", sport="soccer_epl")
    assert Fault.parsed("rate_limited::2") == Fault(fault="rate_limited", times=2)
    with pytest.raises(ValueError, match="no such fault"):
        Fault.parsed("plague")
    with pytest.raises(ValueError, match="times must be at least 1"):
        Fault.parsed("timeout::0")


def test_every_fault_of_the_list_can_be_switched_on(server):
    for name in NAMES:
        assert switch_on(server, name).status_code == 201
