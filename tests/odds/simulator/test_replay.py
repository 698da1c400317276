"""Recorded answers on the wall clock."""

import gzip
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
import requests

from odds.simulator.clock import Clock, timestamp_of
from odds.simulator.query import Selection
from odds.simulator.replay import Recording, ReplaySource

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC).timestamp()
FIRST = timestamp_of("2026-06-11T10:00:00Z")
SERIES = Path(__file__).parents[3] / "../shared/data/the-odds-api/series"
WORLD_CUP = SERIES / "soccer_fifa_world_cup_2026_us"


def event(price, *, read, commence="2026-06-11T19:00:00Z", sport="soccer_fifa_world_cup"):
    def market(key, *outcomes):
        named = [{"name": name, "price": odds} for name, odds in outcomes]
        return {"key": key, "last_update": read, "outcomes": named}

    h2h = market("h2h", ("Mexico", price), ("South Africa", 650), ("Draw", 340))
    totals = market("totals", ("Over", 120), ("Under", -145))
    book = {"key": "betmgm", "title": "BetMGM", "last_update": read, "markets": [h2h, totals]}
    return {
        "id": "80d82d1113934bfbea4ce8daf37a2433",
        "sport_key": sport,
        "sport_title": "FIFA World Cup",
        "commence_time": commence,
        "home_team": "Mexico",
        "away_team": "South Africa",
        "bookmakers": [book],
    }


@pytest.fixture
def folder(tmp_path):
    series = tmp_path / "soccer_fifa_world_cup_2026_us"
    series.mkdir()
    lines = [
        {"fetched_at": f"2026-06-11T{hour}:00:00Z", "basis": "commit", "body": body}
        for hour, body in [
            (10, [event(-200, read="2026-06-11T09:50:00Z")]),
            (11, [event(-235, read="2026-06-11T10:59:30Z")]),
            (12, []),
            (13, [event(150, read="2026-06-11T12:59:00Z")]),
        ]
    ]
    text = [json.dumps(line, separators=(",", ":")) + "\n" for line in lines]
    with gzip.open(series / "2026-06-11.jsonl.gz", "wt") as file:
        file.writelines(text[:2])
    (series / "2026-06-12.jsonl").write_text("".join(text[2:]))
    return tmp_path


def source(folder, *, speed=100, **options):
    recording = Recording(folder)
    clock = Clock(speed=speed, started_at=NOW, simulated_start=recording.first)
    return ReplaySource(recording, clock, **{"recorded_format": "american", **options})


def asked(*markets, bookmakers=()):
    return Selection(
        markets=markets or ("h2h",),
        regions=frozenset({"us"}),
        bookmakers=frozenset(bookmakers),
        is_american=False,
    )


def home_price(body):
    return body[0]["bookmakers"][0]["markets"][0]["outcomes"][0]["price"] if body else None


def test_the_answer_is_the_last_recorded_one_at_that_moment(folder):
    replay = source(folder, speed=100)
    hour = 3600 / 100  # of the recording, in wall seconds

    prices = [
        home_price(replay.odds("soccer_fifa_world_cup", NOW + hours * hour, asked()))
        for hours in (-0.1, 0, 0.99, 1.01, 1.99, 2.01, 3.01, 50)
    ]

    # American -200, -235 and +150 are 1.50, 1.43 and 2.50.
    assert prices == [None, 1.5, 1.5, 1.43, 1.43, None, 2.5, 2.5]


def test_kick_offs_and_ages_shrink_with_the_speed(folder):
    body = source(folder, speed=60).odds("soccer_fifa_world_cup", NOW, asked())

    # Nine recorded hours ahead are nine minutes; ten recorded minutes ago are ten seconds.
    assert timestamp_of(body[0]["commence_time"]) == NOW + 9 * 60
    assert timestamp_of(body[0]["bookmakers"][0]["last_update"]) == NOW - 10
    assert timestamp_of(body[0]["bookmakers"][0]["markets"][0]["last_update"]) == NOW - 10


@pytest.mark.parametrize("speed", [1, 7, 100, 1000])
def test_the_future_stays_the_future_and_order_is_kept(folder, speed):
    replay = source(folder, speed=speed)

    for hours in (0, 1, 3, 8.9, 9.1, 20):
        wall = NOW + hours * 3600 / speed
        body = replay.odds("soccer_fifa_world_cup", wall, asked())
        is_future = FIRST + hours * 3600 < timestamp_of("2026-06-11T19:00:00Z")
        for match in body:
            read = timestamp_of(match["bookmakers"][0]["last_update"])
            # Times are whole seconds, rounded down: nothing in play ever passes for the future.
            commence = timestamp_of(match["commence_time"])
            assert commence + 1 > wall if is_future else commence <= wall
            assert read <= wall


def test_only_asked_markets_and_bookmakers_come_back(folder):
    replay = source(folder)

    def keys(selection):
        body = replay.odds("soccer_fifa_world_cup", NOW, selection)
        return [market["key"] for book in body[0]["bookmakers"] for market in book["markets"]]

    assert keys(asked("totals")) == ["totals"]
    assert keys(asked("h2h", "totals")) == ["h2h", "totals"]
    assert keys(asked("spreads")) == []
    assert keys(asked("h2h", bookmakers=["pinnacle"])) == []
    assert keys(asked("h2h", bookmakers=["betmgm"])) == ["h2h"]


def test_decimal_recordings_stay_as_they_are(tmp_path):
    body = [event(1.43, read="2026-06-11T09:50:00Z")]
    (tmp_path / "answer.json").write_text(json.dumps(body))

    replay = source(tmp_path, recorded_format="decimal")

    assert home_price(replay.odds("soccer_fifa_world_cup", NOW, asked())) == 1.43


def test_a_body_without_a_date_was_fetched_when_its_newest_price_was_read(tmp_path):
    body = [event(1.43, read="2026-06-11T09:50:00Z"), event(1.5, read="2026-06-11T09:55:00Z")]
    (tmp_path / "answer.json").write_text(json.dumps(body))

    assert Recording(tmp_path).first == timestamp_of("2026-06-11T09:55:00Z")


def test_sports_in_one_folder_are_told_apart(folder):
    line = {
        "fetched_at": "2026-06-11T10:30:00Z",
        "sport": "soccer_epl",
        "body": [event(110, read="2026-06-11T10:00:00Z", sport="soccer_epl")],
    }
    (folder / "mixed.jsonl").write_text(json.dumps(line) + "\n")

    replay = source(folder)

    assert [sport["key"] for sport in replay.sports()] == ["soccer_epl", "soccer_fifa_world_cup"]
    assert replay.sports()[1]["title"] == "FIFA World Cup"
    assert replay.odds("soccer_epl", NOW, asked()) == []  # recorded half an hour later


def test_an_empty_answer_belongs_to_the_sport_of_its_file(tmp_path):
    lines = [
        {"fetched_at": "2026-06-11T10:00:00Z", "body": []},
        {"fetched_at": "2026-06-11T11:00:00Z", "body": [event(110, read="2026-06-11T10:59:00Z")]},
    ]
    (tmp_path / "day.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))

    replay = source(tmp_path)

    assert [sport["title"] for sport in replay.sports()] == ["FIFA World Cup"]
    assert [entry.fetched_at for entry in replay.recording.entries["soccer_fifa_world_cup"]] == [
        timestamp_of(line["fetched_at"]) for line in lines
    ]


def test_a_file_of_empty_answers_has_the_sport_of_its_folder(tmp_path):
    (tmp_path / "soccer_epl").mkdir()
    (tmp_path / "soccer_epl" / "day.jsonl").write_text(
        '{"fetched_at":"2026-06-11T10:00:00Z","body":[]}\n'
    )

    assert list(Recording(tmp_path).entries) == ["soccer_epl"]


def test_an_empty_folder_is_refused(tmp_path):
    with pytest.raises(ValueError, match="no recorded answers"):
        Recording(tmp_path)


def test_a_recording_is_served_over_http(folder, serve):
    server = serve(source(folder), now=lambda: NOW)
    parameters = {"apiKey": "k", "regions": "us", "markets": "h2h,totals"}

    def get(path, **more):
        return requests.get(f"{server.url}/v4/{path}", params=parameters | more, timeout=5)

    american = get("sports/soccer_fifa_world_cup/odds", oddsFormat="american")
    scores = get("sports/soccer_fifa_world_cup/scores", daysFrom=3).json()
    events = get("sports/soccer_fifa_world_cup/events").json()

    assert home_price(american.json()) == -200
    assert american.headers["x-requests-last"] == "2"
    assert [(item["completed"], item["scores"]) for item in scores] == [(False, None)]
    assert [event["home_team"] for event in events] == ["Mexico"]
    assert get("sports/soccer_epl/odds").status_code == 404
    assert len(get("sports/upcoming/odds").json()) == 1


@pytest.mark.recorded
@pytest.mark.skipif(not WORLD_CUP.is_dir(), reason="the recorded World Cup is not beside the repo")
def test_a_recorded_day_of_the_world_cup_is_served_to_its_end(serve):
    day = WORLD_CUP / "2026-06-20.jsonl.gz"
    with gzip.open(day, "rt") as file:
        recorded = [json.loads(line) for line in file]
    replay, start = source(day, speed=600), timestamp_of(recorded[0]["fetched_at"])
    instants = [start, start + 12 * 3600, start + 30 * 3600]
    wall = iter([NOW + (instant - start) / 600 for instant in instants])
    url = (
        f"{serve(replay, now=lambda: next(wall), quota=0).url}/v4/sports/soccer_fifa_world_cup/odds"
    )
    parameters = {"apiKey": "k", "regions": "us", "markets": "h2h,totals"}

    bodies = [requests.get(url, params=parameters, timeout=30).json() for _ in instants]

    for instant, served in zip(instants, bodies, strict=True):
        line = [line for line in recorded if timestamp_of(line["fetched_at"]) <= instant][-1]
        (names, prices), (wanted, american) = outline(served), outline(line["body"])
        assert len(names) > 500
        assert names == wanted
        # Decimal odds come to two places.
        by_hand = [1 + (price / 100 if price > 0 else 100 / -price) for price in american]
        assert prices == pytest.approx(by_hand, abs=0.0051)


def outline(body):
    """What a body says, less its times: names of everything, and prices."""
    outcomes = [
        (event["id"], book["key"], market["key"], outcome)
        for event in body
        for book in event["bookmakers"]
        for market in book["markets"]
        for outcome in market["outcomes"]
    ]
    names = [(*path, outcome["name"], outcome.get("point")) for *path, outcome in outcomes]
    return names, [outcome["price"] for *_, outcome in outcomes]
