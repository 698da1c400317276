"""The endpoints over real HTTP: parameters, formats, errors."""

import pytest
import requests

NOON = 1768651200  # 2026-01-17T12:00:00Z
DETAILS = "https://the-odds-api.com/liveapi/guides/v4/api-error-codes.html#"


@pytest.fixture
def call(serve):
    server = serve(quota=100_000)

    def get(path, **parameters):
        parameters = {"apiKey": "a-key", **parameters}
        return requests.get(f"{server.url}/v4/{path}", params=parameters, timeout=5)

    return get


@pytest.fixture
def odds(call):
    def get(sport="soccer_epl", **parameters):
        return call(f"sports/{sport}/odds", **{"regions": "eu", **parameters})

    return get


def test_sports_are_listed_with_the_documented_keys(call):
    sports = call("sports").json()

    assert [sport["key"] for sport in sports] == [
        "soccer_epl", "soccer_spain_la_liga", "soccer_france_ligue_one", "basketball_nba",
        "soccer_simulated_cup",
    ]  # fmt: skip
    assert sports[0] == {
        "key": "soccer_epl",
        "group": "Soccer",
        "title": "EPL",
        "description": "English Premier League",
        "active": True,
        "has_outrights": False,
    }
    assert call("sports", all="true").json() == sports


def test_events_are_odds_without_bookmakers(call, odds):
    events = call("sports/soccer_epl/events").json()

    assert events
    assert events == [
        {name: value for name, value in event.items() if name != "bookmakers"}
        for event in odds().json()
    ]


def test_the_default_market_is_match_odds(odds):
    markets = {m["key"] for e in odds().json() for b in e["bookmakers"] for m in b["markets"]}

    assert markets == {"h2h", "h2h_lay"}


def test_american_prices_are_whole_numbers(odds):
    def prices(**parameters):
        return [
            outcome["price"]
            for event in odds(**parameters).json()
            for book in event["bookmakers"]
            for market in book["markets"]
            for outcome in market["outcomes"]
        ]

    assert all(isinstance(price, int) for price in prices(oddsFormat="american"))
    assert len(prices()) == len(prices(oddsFormat="american"))


def test_unix_times_are_whole_seconds(odds):
    iso, unix = odds().json()[0], odds(dateFormat="unix").json()[0]

    assert iso["commence_time"] == "2026-01-17T12:30:00Z"
    assert unix["commence_time"] == NOON + 1800
    assert isinstance(unix["bookmakers"][0]["markets"][0]["last_update"], int)


def test_events_are_filtered_by_id_and_kick_off(odds):
    everything = odds().json()
    some = [event["id"] for event in everything[1:3]]

    chosen = odds(eventIds=",".join(some)).json()
    before = odds(commenceTimeTo="2026-01-17T15:00:00Z").json()
    after = odds(commenceTimeFrom="2026-01-17T15:00:01Z").json()

    assert [event["id"] for event in chosen] == some
    assert before + after == everything
    assert all(event["commence_time"] <= "2026-01-17T15:00:00Z" for event in before)


def test_one_event_tells_the_age_of_markets_only(call, odds):
    listed = odds(markets="h2h,totals").json()[0]

    event = call(
        f"sports/soccer_epl/events/{listed['id']}/odds", regions="eu", markets="h2h,totals,btts"
    ).json()

    for book in listed["bookmakers"]:
        del book["last_update"]
    assert event == listed


def test_upcoming_is_live_games_and_the_next_eight(call, serve):
    server = serve(quota=0, now=lambda: NOON + 4 * 3600)  # the three o'clock matches are on

    events = requests.get(
        f"{server.url}/v4/sports/upcoming/odds",
        params={"apiKey": "k", "regions": "eu"},
        timeout=5,
    ).json()

    kick_offs = [event["commence_time"] for event in events]
    assert kick_offs == sorted(kick_offs)
    assert sum(kick_off > "2026-01-17T16:00:00Z" for kick_off in kick_offs) == 8
    assert sum(kick_off <= "2026-01-17T16:00:00Z" for kick_off in kick_offs) >= 3
    assert len({event["sport_key"] for event in events}) > 1


def test_scores_have_the_documented_shape(call):
    items = call("sports/basketball_nba/scores", daysFrom=3).json()

    finished = [item for item in items if item["completed"]]
    coming = [item for item in items if item["commence_time"] > "2026-01-17T12:00:00Z"]
    assert len(finished) >= 15
    for item in items:
        assert list(item) == [
            "id", "sport_key", "sport_title", "commence_time", "completed", "home_team",
            "away_team", "scores", "last_update",
        ]  # fmt: skip
    for item in finished:
        assert [score["name"] for score in item["scores"]] == [item["home_team"], item["away_team"]]
        assert all(score["score"].isdecimal() for score in item["scores"])
        assert len({score["score"] for score in item["scores"]}) == 2  # no draw in basketball
    for item in coming:
        assert (item["completed"], item["scores"], item["last_update"]) == (False, None, None)


def test_finished_matches_need_days_from(call):
    items = call("sports/basketball_nba/scores").json()

    assert items
    assert not any(item["completed"] for item in items)


def test_scores_of_longer_ago_hold_those_of_less(call):
    one, three = (call("sports/basketball_nba/scores", daysFrom=days).json() for days in (1, 3))

    assert {item["id"] for item in one} < {item["id"] for item in three}


EPL_ODDS = "sports/soccer_epl/odds"
SOME_ID = "0123456789abcdef0123456789abcdef"


@pytest.mark.parametrize(
    ("path", "parameters", "status", "code"),
    [
        ("sports", {"apiKey": ""}, 401, "MISSING_KEY"),
        ("sports", {"all": "yes"}, 422, "INVALID_ALL_SPORTS_PARAM"),
        (EPL_ODDS, {}, 422, "MISSING_REGION"),
        (EPL_ODDS, {"regions": "mars"}, 422, "INVALID_REGION"),
        (EPL_ODDS, {"bookmakers": "bet364"}, 422, "INVALID_BOOKMAKERS"),
        (EPL_ODDS, {"regions": "eu", "markets": "btts"}, 422, "INVALID_MARKET"),
        (EPL_ODDS, {"regions": "eu", "markets": "both_teams_to_score"}, 422, "INVALID_MARKET"),
        (EPL_ODDS, {"regions": "eu", "markets": "outrights"}, 422, "INVALID_MARKET_COMBO"),
        (EPL_ODDS, {"regions": "eu", "oddsFormat": "hongkong"}, 422, "INVALID_ODDS_FORMAT"),
        (EPL_ODDS, {"regions": "eu", "dateFormat": "rfc"}, 422, "INVALID_DATE_FORMAT"),
        (EPL_ODDS, {"regions": "eu", "eventIds": "12"}, 422, "INVALID_EVENT_IDS"),
        (EPL_ODDS, {"regions": "eu", "commenceTimeFrom": "s"}, 422, "INVALID_COMMENCE_TIME_FROM"),
        (EPL_ODDS, {"regions": "eu", "commenceTimeTo": "late"}, 422, "INVALID_COMMENCE_TIME_TO"),
        (
            EPL_ODDS,
            {
                "regions": "eu",
                "commenceTimeFrom": "2026-02-01T00:00:00Z",
                "commenceTimeTo": "2026-01-01T00:00:00Z",
            },
            422,
            "INVALID_COMMENCE_TIME_RANGE",
        ),
        ("sports/soccer_mars/odds", {"regions": "eu"}, 404, "UNKNOWN_SPORT"),
        ("sports/soccer_mars/events", {}, 404, "UNKNOWN_SPORT"),
        ("sports/soccer_epl/scores", {"daysFrom": "4"}, 422, "INVALID_SCORES_DAYS_FROM"),
        ("sports/soccer_epl/scores", {"daysFrom": "0"}, 422, "INVALID_SCORES_DAYS_FROM"),
        (
            f"sports/soccer_epl/events/{SOME_ID}/odds", {"regions": "eu"}, 404, "EVENT_NOT_FOUND",
        ),
        ("sports/soccer_epl/events/12/odds", {"regions": "eu"}, 422, "INVALID_EVENT_ID"),
        (
            "historical/sports/soccer_epl/odds",
            {"regions": "eu"},
            401,
            "HISTORICAL_UNAVAILABLE_ON_FREE_USAGE_PLAN",
        ),
    ],
)  # fmt: skip
def test_a_bad_call_is_refused_with_the_provider_s_code(call, path, parameters, status, code):
    answer = call(path, **parameters)

    assert answer.status_code == status
    assert answer.json()["error_code"] == code
    assert answer.json()["details_url"] == DETAILS + code.lower().replace("_", "-")
    assert list(answer.json()) == ["message", "error_code", "details_url"]


def test_recorded_error_bodies_are_repeated_to_the_letter(call, odds):
    assert call("sports", apiKey="").text == (
        '{"message":"API key is missing","error_code":"MISSING_KEY","details_url":'
        '"https://the-odds-api.com/liveapi/guides/v4/api-error-codes.html#missing-key"}'
    )
    assert call(EPL_ODDS).json()["message"] == "Missing regions or bookmakers key"
    assert odds(markets="btts").json()["message"] == "Markets not supported by this endpoint: btts"
    assert odds(markets="both_teams_to_score").json()["message"] == (
        "Invalid markets: both_teams_to_score"
    )
    assert odds("soccer_mars").json()["message"] == "Unknown sport"


def test_only_the_given_keys_open_the_door_and_a_wrong_one_learns_no_quota(serve):
    server = serve(keys=["right"])

    right, wrong = (
        requests.get(f"{server.url}/v4/sports", params={"apiKey": key}, timeout=5)
        for key in ("right", "wrong")
    )

    assert right.status_code == 200
    assert wrong.status_code == 401
    assert wrong.text == (
        '{"message":"API key is not valid. Get an API key at https://the-odds-api.com",'
        '"error_code":"INVALID_KEY","details_url":'
        '"https://the-odds-api.com/liveapi/guides/v4/api-error-codes.html#invalid-key"}'
    )
    assert not [name for name in wrong.headers if name.lower().startswith("x-requests")]


def test_a_connection_is_kept_alive(serve):
    server = serve()

    with requests.Session() as session:
        answers = [
            session.get(f"{server.url}/v4/sports", params={"apiKey": "k"}, timeout=5)
            for _ in range(3)
        ]

    assert [answer.raw.version for answer in answers] == [11, 11, 11]
    assert all(answer.headers.get("Connection") != "close" for answer in answers)


def test_the_key_is_never_logged(serve, caplog):
    server = serve()

    with caplog.at_level("INFO"):
        requests.get(f"{server.url}/v4/sports", params={"apiKey": "s3cret"}, timeout=5)

    lines = [record.getMessage() for record in caplog.records if "simulator" in record.name]
    assert lines == ["GET /v4/sports 200, 0 credits"]
    assert "s3cret" not in caplog.text
