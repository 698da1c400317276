"""Bodies in the documented shape, whatever the mode, in one process or two."""

import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odds.simulator.answers import american, decimal
from odds.simulator.bookmakers import BOOKMAKERS, in_regions
from odds.simulator.clock import timestamp_of
from odds.simulator.sports import SPORTS
from odds.simulator.world import World

NOON = datetime(2026, 1, 17, 12, tzinfo=UTC)
MARKETS = ("h2h", "spreads", "totals")


@pytest.mark.parametrize("sport", SPORTS)
def test_an_event_has_the_documented_keys(world, sport):
    body = world.body(sport, NOON, MARKETS)

    assert 5 < len(body) < 40
    for event in body:
        assert list(event) == [
            "id", "sport_key", "sport_title", "commence_time", "home_team", "away_team",
            "bookmakers",
        ]  # fmt: skip
        for book in event["bookmakers"]:
            assert list(book) == ["key", "title", "last_update", "markets"]
            for market in book["markets"]:
                assert list(market) == ["key", "last_update", "outcomes"]
                assert_documented_outcomes(event, market)


def assert_documented_outcomes(event, market):
    names = [outcome["name"] for outcome in market["outcomes"]]
    clubs = sorted([event["home_team"], event["away_team"]])
    points = {outcome.get("point") for outcome in market["outcomes"]}
    has_draw = event["sport_key"].startswith("soccer")
    match market["key"]:
        case "totals":
            assert names == ["Over", "Under"]
            assert len(points) == 1
        case "spreads":
            assert names == clubs
            assert sum(points) == 0
        case "h2h" | "h2h_lay":
            assert names == [*clubs, "Draw"] if has_draw else names == clubs
            assert points == {None}
    assert all(outcome["price"] > 1 for outcome in market["outcomes"])


def test_at_least_24_bookmakers_quote_a_match_of_tomorrow(world):
    tomorrow = [
        event for event in world.body("soccer_epl", NOON) if "18T" in event["commence_time"]
    ]

    assert max(len(event["bookmakers"]) for event in tomorrow) >= 24


def test_regions_and_keys_choose_bookmakers(world):
    def keys(**chosen):
        body = world.body("soccer_epl", NOON, **chosen)
        return {book["key"] for event in body for book in event["bookmakers"]}

    assert keys(regions=["uk"]) <= in_regions(["uk"])
    assert "betway" in keys(regions=["uk"])
    assert "betway" not in keys(regions=["eu"])
    assert keys(bookmakers=["pinnacle"], regions=["uk"]) == {"pinnacle"}
    assert keys() <= {book.key for book in BOOKMAKERS}


def test_listed_matches_are_under_way_or_ahead_and_in_order(world):
    for hours in range(0, 24 * 7, 5):
        at = NOON + timedelta(hours=hours)
        kick_offs = [timestamp_of(e["commence_time"]) for e in world.body("soccer_epl", at)]

        assert kick_offs == sorted(kick_offs)
        assert min(kick_offs) > at.timestamp() - SPORTS["soccer_epl"].duration


def test_prices_go_on_in_play_and_end_with_the_match(world):
    at = NOON + timedelta(hours=3, minutes=30)  # Saturday's three o'clock matches

    live = [e for e in world.body("soccer_epl", at) if e["commence_time"] == "2026-01-17T15:00:00Z"]
    over = world.body("soccer_epl", at + timedelta(hours=2))

    assert any(event["bookmakers"] for event in live)
    assert not {event["id"] for event in live} & {event["id"] for event in over}


def test_a_body_says_the_same_in_another_process(world):
    script = (
        "import json, sys\n"
        "from datetime import datetime\n"
        "from odds.simulator.world import World\n"
        "epoch, at = map(datetime.fromisoformat, sys.argv[1:])\n"
        "print(json.dumps(World(11, epoch).body('basketball_nba', at, ('h2h', 'totals'))))\n"
    )
    epoch = datetime(2026, 1, 5, tzinfo=UTC)

    printed = subprocess.run(
        [sys.executable, "-c", script, epoch.isoformat(), NOON.isoformat()],
        capture_output=True, check=True, text=True,
    ).stdout  # fmt: skip

    assert json.loads(printed) == world.body("basketball_nba", NOON, ("h2h", "totals"))


def test_the_simulator_loads_no_django():
    script = "import sys, odds.simulator.command_line; sys.exit('django' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0


def test_another_seed_is_another_market(world):
    other = World(12, datetime(2026, 1, 5, tzinfo=UTC))

    assert other.body("soccer_epl", NOON) != world.body("soccer_epl", NOON)


@pytest.mark.parametrize(
    ("decimal_odds", "american_odds"),
    # Worked by hand from a/100 + 1 and 100/|a| + 1.
    [(2.0, 100), (1.5, -200), (3.4, 240), (1.91, -110), (21.0, 2000), (1.01, -10000)],
)
def test_american_odds_are_profit_on_100_or_stake_for_100(decimal_odds, american_odds):
    assert american(decimal_odds) == american_odds
    assert decimal(american_odds) == decimal_odds


@given(st.integers(101, 9999).map(lambda cents: cents / 100))
def test_american_odds_lead_back_to_the_same_cent(odds):
    assert decimal(american(odds)) == pytest.approx(odds, abs=0.0051)


def test_twenty_matches_with_every_book_and_market_take_less_than_a_tenth_of_a_second(world):
    times = []
    for minutes in range(6):  # the first call draws the errors
        started = process_time()
        body = world.body("basketball_nba", NOON + timedelta(minutes=minutes), MARKETS)
        times.append(process_time() - started)

    assert len(body) >= 20
    assert min(times) < 0.1  # processor seconds, the best of six
