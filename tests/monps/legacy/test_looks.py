"""Names, rows and looks: what the original's words mean."""

from datetime import UTC, datetime, timedelta

import pytest

from monps.legacy.account import RowError
from monps.legacy.looks import GAP, looks
from monps.legacy.names import Bookmakers, Sports
from monps.legacy.odds_rows import OddsRow, read_row

AT = datetime(2025, 11, 20, 10, tzinfo=UTC)
NOW = datetime(2026, 11, 21, tzinfo=UTC)
BOOKMAKERS = Bookmakers(
    [("pinnacle", "Pinnacle"), ("nordicbet", "Nordic Bet"), ("betfair_ex_eu", "Betfair (EU)")]
)
SPORTS = Sports([("soccer_epl", "EPL"), ("soccer_spain_la_liga", "La Liga - Spain")])


def seen(**given):
    row = {
        "table": "odds_history",
        "row_id": "1",
        "match_id": "m1",
        "sport": "soccer_epl",
        "home": "Leeds",
        "away": "Fulham",
        "kickoff": "2025-11-22 15:00:00+00",
        "bookmaker": "Pinnacle",
        "line": None,
        "first": "2.1",
        "draw": "3.5",
        "second": "3.6",
        "collected_at": AT.isoformat(),
    } | given
    return read_row(OddsRow(**row), bookmakers=BOOKMAKERS, sports=SPORTS, now=NOW)


def at(seconds, **given):
    return seen(collected_at=(AT + timedelta(seconds=seconds)).isoformat(), **given)


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("pinnacle", "pinnacle"),
        ("PINNACLE ", "pinnacle"),
        ("NordicBet", "nordicbet"),
        ("Betfair", "betfair_ex_eu"),
        ("Betfair (EU)", "betfair_ex_eu"),
        ("unknown_key", "unknown_key"),
        ("Größe & Söhne", "groe_sohne"),
    ],
)
def test_a_bookmaker_is_found_by_key_or_title(name, key):
    assert BOOKMAKERS.named(name)[0] == key


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("soccer_epl", "soccer_epl"),
        ("EPL", "soccer_epl"),
        ("Soccer Epl", "soccer_epl"),
        ("La Liga", "soccer_spain_la_liga"),
        ("soccer_of_elsewhere", "soccer_of_elsewhere"),
    ],
)
def test_a_sport_is_found_by_key_or_title(name, key):
    assert SPORTS.named(name)[0] == key


@pytest.mark.parametrize("name", ["", None, "Curling", "***"])
def test_a_sport_nobody_knows_is_refused(name):
    with pytest.raises(RowError, match="neither a key nor a known title"):
        SPORTS.named(name)


def test_floats_are_rounded_to_what_is_stored():
    assert seen(first="2.0999999", draw=None).quote.odds == (2.1, None, 3.6)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("2.6", "line is not a quarter"),
        ("0", "line is not a quarter"),
        (None, "without line"),
        ("many", "without line"),
    ],
)
def test_a_total_needs_a_line_in_quarters(line, reason):
    with pytest.raises(RowError, match=reason):
        seen(table="odds_totals", line=line, draw=None)


def test_rows_within_seconds_are_one_look_dated_by_its_newest():
    rows = [at(i * 0.9, bookmaker=f"book {i}") for i in range(8)]

    (look,) = looks(rows)

    assert look.observed_at == rows[-1].collected_at
    assert look.size == len(look.quotes) == 8


def test_a_pause_or_a_quote_that_comes_again_begins_another_look():
    pause = GAP.total_seconds() + 0.1
    rows = [at(0), at(0, bookmaker="b"), at(pause), at(pause + 1, bookmaker="b"), at(pause + 2)]

    found = list(looks(rows))

    assert [look.size for look in found] == [2, 2, 1]
    assert sum(look.size for look in found) == len(rows)


def test_sports_are_looked_at_apart():
    rows = [at(0), at(1, sport="La Liga", match_id="m2"), at(2, bookmaker="b")]

    assert sorted(look.size for look in looks(rows)) == [1, 2]


def test_what_is_said_twice_at_once_is_counted_once():
    rows = [seen(), seen(row_id="2"), seen(row_id="3", first="2.2"), seen(row_id="4", home="Ajax")]

    (look,) = looks(rows)

    assert (len(look.quotes), look.repeated) == (1, [("odds_history", "2")])
    assert [(one.row_id, one.reason) for one in look.rejected] == [
        ("3", "quote given twice"),
        ("4", "another match of the same id"),
    ]
    assert look.size == len(rows)


def test_teams_the_other_way_round_in_one_look_are_turned():
    turned = {"home": "Fulham", "away": "Leeds", "first": "3.8", "second": "2.0"}

    (look,) = looks([seen(), seen(bookmaker="b", **turned)])

    assert [quote.odds for quote in look.quotes.values()] == [(2.1, 3.5, 3.6), (2.0, 3.5, 3.8)]
