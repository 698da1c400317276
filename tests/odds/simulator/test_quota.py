"""What calls cost: the table of the provider's documentation and of recorded headers."""

from datetime import UTC, datetime

import pytest
import requests

from odds.simulator.quota import Quota

JANUARY = datetime(2026, 1, 17, 12, tzinfo=UTC).timestamp()
TEN = "pinnacle,unibet_nl,unibet_se,betsson,nordicbet,coolbet,onexbet,tipico_de,everygame,gtbets"


@pytest.fixture
def call(serve):
    server = serve(quota=500)

    def get(path, **parameters):
        parameters = {"apiKey": "a-key", **parameters}
        return requests.get(f"{server.url}/v4/{path}", params=parameters, timeout=5)

    return get


@pytest.mark.parametrize(
    ("path", "parameters", "cost"),
    [
        ("sports", {}, 0),
        ("sports/soccer_epl/events", {}, 0),
        ("sports/soccer_epl/odds", {"regions": "eu"}, 1),
        ("sports/soccer_epl/odds", {"regions": "eu", "markets": "h2h,totals"}, 2),
        ("sports/soccer_epl/odds", {"regions": "eu", "markets": "h2h,spreads,totals"}, 3),
        ("sports/soccer_epl/odds", {"regions": "eu,uk,us", "markets": "h2h,totals"}, 6),
        ("sports/soccer_epl/odds", {"bookmakers": "pinnacle"}, 1),
        ("sports/soccer_epl/odds", {"bookmakers": TEN, "markets": "h2h,totals"}, 2),
        ("sports/soccer_epl/odds", {"bookmakers": f"{TEN},pmu_fr", "markets": "h2h,totals"}, 4),
        ("sports/soccer_epl/odds", {"bookmakers": "pinnacle", "regions": "eu,uk,us"}, 1),
        (
            "sports/soccer_epl/odds",
            {"regions": "eu", "commenceTimeFrom": "2027-01-01T00:00:00Z"},
            0,
        ),
        ("sports/upcoming/odds", {"regions": "eu"}, 1),
        ("sports/soccer_epl/scores", {}, 1),
        ("sports/soccer_epl/scores", {"daysFrom": "1"}, 2),
        ("sports/soccer_mars/odds", {"regions": "eu"}, 0),
        ("sports/soccer_epl/odds", {"regions": "mars"}, 0),
    ],
)
def test_a_call_costs_what_the_provider_charges(call, path, parameters, cost):
    headers = call(path, **parameters).headers

    assert headers["x-requests-last"] == str(cost)
    assert headers["x-requests-used"] == str(cost)
    assert headers["x-requests-remaining"] == str(500 - cost)


@pytest.mark.parametrize(
    ("markets", "cost"), [("h2h", 1), ("h2h,totals", 2), ("h2h,btts", 1), ("btts", 0)]
)
def test_one_event_is_charged_by_the_markets_found(call, markets, cost):
    event_id = call("sports/soccer_epl/events").json()[0]["id"]

    answer = call(f"sports/soccer_epl/events/{event_id}/odds", regions="eu", markets=markets)

    assert answer.headers["x-requests-last"] == str(cost)


def test_costs_add_up(call):
    for _ in range(3):
        last = call("sports/soccer_epl/odds", regions="eu", markets="h2h,totals")

    assert last.headers["x-requests-used"] == "6"
    assert last.headers["x-requests-remaining"] == "494"


def test_nothing_is_sold_beyond_the_quota_and_free_calls_go_on(serve):
    server = serve(quota=3)
    parameters = {"apiKey": "k", "regions": "eu", "markets": "h2h,totals"}
    url = f"{server.url}/v4/sports/soccer_epl/odds"

    first, second = (requests.get(url, params=parameters, timeout=5) for _ in range(2))
    free = requests.get(f"{server.url}/v4/sports", params={"apiKey": "k"}, timeout=5)

    assert first.status_code == 200
    assert second.status_code == 401
    assert second.text == (
        '{"message":"Usage quota has been reached. See usage plans at https://the-odds-api.com",'
        '"error_code":"OUT_OF_USAGE_CREDITS","details_url":"https://the-odds-api.com/liveapi/guides/'
        'v4/api-error-codes.html#out-of-usage-credits"}\n'
    )
    assert second.headers["x-requests-remaining"] == "0"
    assert free.status_code == 200


def test_credits_come_back_on_the_first_of_the_month():
    quota = Quota(10)
    last_second = datetime(2026, 1, 31, 23, 59, 59, tzinfo=UTC).timestamp()

    assert quota.spend(10, last_second)
    assert not quota.spend(1, last_second)
    assert quota.spend(1, last_second + 1)
    assert quota.headers(1, last_second + 1)["x-requests-used"] == "1"


def test_no_limit_is_shown_as_a_large_one():
    quota = Quota(0)

    assert quota.spend(1_000_000, JANUARY)
    assert int(quota.headers(0, JANUARY)["x-requests-remaining"]) >= 100_000
