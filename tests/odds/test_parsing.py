"""Parsing: outcomes by name, one bad part costs only itself, every quote is accounted for."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odds.parsing import parse_snapshot


def event(*bookmakers: Any, **given: Any) -> dict[str, Any]:
    return {
        "id": "9f2c",
        "sport_key": "soccer_epl",
        "sport_title": "EPL",
        "commence_time": "2026-11-22T15:00:00Z",
        "home_team": "Leeds United",
        "away_team": "Fulham",
        "bookmakers": list(bookmakers),
    } | given


def bookmaker(*markets: Any, key: str = "pinnacle", **given: Any) -> dict[str, Any]:
    return {
        "key": key,
        "title": key.title(),
        "last_update": "2026-11-21T12:00:01Z",
        "markets": list(markets),
    } | given


def market(key: str, *outcomes: tuple[Any, ...], **given: Any) -> dict[str, Any]:
    listed = [dict(zip(("name", "price", "point"), outcome, strict=False)) for outcome in outcomes]
    return {"key": key, "last_update": "2026-11-21T12:00:00Z", "outcomes": listed} | given


H2H = market("h2h", ("Fulham", 3.6), ("Draw", 3.5), ("Leeds United", 2.1))


def test_outcomes_are_mapped_by_name_whatever_their_order():
    snapshot = parse_snapshot([event(bookmaker(H2H))])

    assert [quote.odds for quote in snapshot.quotes] == [(2.1, 3.5, 3.6)]


def test_a_missing_draw_is_stored_as_missing():
    two = market("h2h", ("Leeds United", 15.0), ("Fulham", 45.0))

    snapshot = parse_snapshot([event(bookmaker(two))])

    assert snapshot.quotes[0].odds == (15.0, None, 45.0)


def test_lay_prices_stay_apart_from_back_prices():
    lay = market("h2h_lay", ("Leeds United", 2.14), ("Draw", 3.6), ("Fulham", 3.7))

    snapshot = parse_snapshot([event(bookmaker(H2H, lay, key="betfair_ex_eu"))])

    assert {quote.market: quote.odds for quote in snapshot.quotes} == {
        "h2h": (2.1, 3.5, 3.6),
        "h2h_lay": (2.14, 3.6, 3.7),
    }


def test_totals_keep_every_line_zero_and_quarters_included():
    totals = market(
        "totals",
        ("Over", 1.9, 2.25),
        ("Under", 1.95, 2.25),
        ("Over", 1.5, 0),
        ("Under", 2.5, 0),
    )

    snapshot = parse_snapshot([event(bookmaker(totals))])

    assert {quote.line: quote.odds for quote in snapshot.quotes} == {
        2.25: (1.9, None, 1.95),
        0: (1.5, None, 2.5),
    }


def test_over_and_under_of_different_lines_are_not_a_pair():
    totals = market("totals", ("Over", 1.9, 2.5), ("Under", 1.95, 2.75))

    snapshot = parse_snapshot([event(bookmaker(totals))])

    assert not snapshot.quotes
    assert snapshot.rejected == {("totals", "outcome missing"): 2}


def test_a_handicap_is_stored_under_the_home_teams_line():
    spreads = market("spreads", ("Fulham", 1.95, 0.5), ("Leeds United", 1.9, -0.5))

    snapshot = parse_snapshot([event(bookmaker(spreads))])

    assert [(quote.line, quote.odds) for quote in snapshot.quotes] == [(-0.5, (1.9, None, 1.95))]


@pytest.mark.parametrize(
    ("american", "decimal"),
    [(150, 2.5), (-110, 1.909), (100, 2.0), (-100, 2.0), (100_000, 1001.0)],
)
def test_american_prices_are_converted_when_asked_for(american: int, decimal: float):
    two = market("h2h", ("Leeds United", american), ("Fulham", -200))

    snapshot = parse_snapshot([event(bookmaker(two))], american=True)

    assert snapshot.quotes[0].odds[0] == decimal


def test_american_prices_are_refused_when_not_asked_for():
    two = market("h2h", ("Leeds United", -110), ("Fulham", -110))

    snapshot = parse_snapshot([event(bookmaker(two))])

    assert snapshot.rejected == {("h2h", "price not above 1"): 1}


@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        (market("h2h", ("Leeds United", "abc"), ("Fulham", 2.0)), "price is not a number"),
        (market("h2h", ("Leeds United", None), ("Fulham", 2.0)), "price is not a number"),
        (market("h2h", ("Leeds United", True), ("Fulham", 2.0)), "price is not a number"),
        (market("h2h", ("Leeds United", float("nan")), ("Fulham", 2.0)), "price is not a number"),
        (market("h2h", ("Leeds United", 1.0), ("Fulham", 2.0)), "price not above 1"),
        (market("h2h", ("Leeds United", 2.0)), "outcome missing"),
        (market("h2h", ("Leeds", 2.0), ("Fulham", 2.0)), "outcome of another name"),
        (market("h2h", ("Fulham", 2.0), ("Fulham", 2.0)), "outcome given twice"),
        (market("h2h"), "no outcomes"),
        (market("h2h", outcomes=None), "no outcomes"),
        (market("totals", ("Over", 1.9), ("Under", 1.9)), "outcome without line"),
        (market("totals", ("Over", 1.9, 2.1), ("Under", 1.9, 2.1)), "line is not a quarter"),
        (market("to_qualify", ("Leeds United", 1.5)), "market not stored"),
    ],
)
def test_one_unreadable_market_costs_only_itself(broken: dict[str, Any], reason: str):
    snapshot = parse_snapshot([event(bookmaker(broken, key="bad"), bookmaker(H2H))])

    assert [quote.bookmaker_key for quote in snapshot.quotes] == ["pinnacle"]
    assert snapshot.rejected == {(broken["key"], reason): 1}


@pytest.mark.parametrize(
    "rubbish", [None, 3, "text", {}, {"markets": 5}, {"key": None, "markets": [H2H]}]
)
def test_one_unreadable_bookmaker_never_costs_the_others(rubbish: Any):
    snapshot = parse_snapshot([event(rubbish, bookmaker(H2H))])

    assert [quote.bookmaker_key for quote in snapshot.quotes] == ["pinnacle"]


@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        ({"home_team": None, "away_team": None}, "match without two teams"),
        ({"id": ""}, "match without id"),
        ({"commence_time": "soon"}, "match without kick-off"),
        ({"away_team": "Leeds United"}, "match of a team against itself"),
    ],
)
def test_an_unreadable_match_is_counted_with_its_quotes(broken: dict[str, Any], reason: str):
    snapshot = parse_snapshot([event(bookmaker(H2H), **broken), event(bookmaker(H2H))])

    assert len(snapshot.matches) == 1
    assert snapshot.unreadable_matches == {reason: 1}
    assert snapshot.rejected == {("h2h", reason): 1}


def test_empty_answers_and_matches_without_bookmakers_are_valid():
    assert parse_snapshot([]).received.total() == 0
    assert len(parse_snapshot([event()]).matches) == 1


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                [
                    "id",
                    "key",
                    "bookmakers",
                    "markets",
                    "outcomes",
                    "name",
                    "price",
                    "point",
                    "home_team",
                ]
            ),
            inner,
            max_size=5,
        )
    ),
    max_leaves=30,
)


@given(st.lists(JSON, max_size=4), JSON)
def test_any_json_is_read_without_an_exception_and_accounted_for(body: list[Any], inside: Any):
    snapshot = parse_snapshot([*body, event(bookmaker(H2H), inside, bookmaker(inside, key="x"))])

    assert snapshot.received.total() == len(snapshot.quotes) + snapshot.rejected.total()
    assert (2.1, 3.5, 3.6) in [quote.odds for quote in snapshot.quotes]
