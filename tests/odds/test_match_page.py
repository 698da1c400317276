"""The page of a match: who offers what, how odds moved, and what changed at the source."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from odds import history_chart
from odds.models import Bookmaker, LatestQuote, Match, MatchChange, Quote
from tests.factories import NOON, make_bookmaker, make_match, make_quote

pytestmark = pytest.mark.django_db

ENGLISH = {"accept-language": "en"}


@pytest.fixture
def desk() -> Client:
    client = Client()
    client.force_login(User.objects.create(username="owner", is_staff=True, is_superuser=True))
    return client


def page_of(client: Client, match: Match, query: str = "") -> Any:
    return client.get(reverse("admin:odds_match_change", args=[match.pk]) + query, headers=ENGLISH)


def test_the_best_price_is_that_of_the_last_collection(desk: Client) -> None:
    match = make_match()
    make_quote("2.10", "3.50", "3.60", match=match, bookmaker=make_bookmaker("a"))
    make_quote("2.20", "3.40", "3.60", match=match, bookmaker=make_bookmaker("b"))
    earlier = NOON - timedelta(hours=2)
    make_quote("9.00", "9.00", "9.00", match=match, bookmaker=make_bookmaker("c"), seen_at=earlier)

    rows = page_of(desk, match).context["page"].rows

    assert [(row.bookmaker.key, row.is_on_offer) for row in rows] == [
        ("a", True),
        ("b", True),
        ("c", False),
    ]
    assert [[side.is_best for side in row.sides] for row in rows] == [
        [False, True, True],
        [True, False, True],
        [False, False, False],
    ]


def test_margin_and_fair_probabilities_are_those_of_the_definition(desk: Client) -> None:
    match = make_match()
    exchange = make_bookmaker("betfair_ex_eu", kind="exchange", commission="0.05")
    make_quote("2.00", "4.00", "4.00", match=match, bookmaker=make_bookmaker("a"))
    make_quote("2.20", "4.40", "4.20", match=match, bookmaker=exchange)

    rows = page_of(desk, match).context["page"].rows

    # 1/2 + 1/4 + 1/4 = 1: no margin, so implied probabilities are fair ones.
    assert rows[0].margin == pytest.approx(0)
    assert [side.fair_probability for side in rows[0].sides] == pytest.approx([0.5, 0.25, 0.25])
    # Before commission, in proportion: implied .454545, .227273, .238095, which sum to .919913.
    assert rows[1].margin == pytest.approx(0.919913 - 1, abs=1e-6)
    assert [side.fair_probability for side in rows[1].sides] == pytest.approx(
        [0.454545 / 0.919913, 0.227273 / 0.919913, 0.238095 / 0.919913], abs=1e-5
    )


def test_a_market_and_a_line_are_chosen_by_the_address(desk: Client) -> None:
    match = make_match()
    make_quote("2.00", "3.50", "4.00", match=match)
    make_quote("1.90", "2.00", match=match, market="totals", line=Decimal("2.5"))
    make_quote("3.00", "1.40", match=match, market="totals", line=Decimal("3.5"))
    other = make_bookmaker("b")
    make_quote("1.95", "1.95", match=match, market="totals", line=Decimal("2.5"), bookmaker=other)

    by_default = page_of(desk, match).context["page"]
    totals = page_of(desk, match, "?market=totals").context["page"]
    line = page_of(desk, match, "?market=totals&line=3.5").context["page"]
    nonsense = page_of(desk, match, "?market=corners&line=abc").context["page"]

    assert by_default.market == nonsense.market == "h2h"
    assert (totals.market, totals.line) == ("totals", Decimal("2.5"))  # the most quoted
    assert line.line == Decimal("3.5")
    assert [tab.label for tab in line.line_tabs] == ["2.5", "3.5"]


def test_where_one_lays_the_lowest_odds_are_the_best_and_there_is_no_fair_line(
    desk: Client,
) -> None:
    match = make_match()
    given = {"match": match, "market": "h2h_lay"}
    make_quote("2.10", "3.50", "3.60", bookmaker=make_bookmaker("a"), **given)
    make_quote("2.20", "3.40", "3.70", bookmaker=make_bookmaker("b"), **given)

    page = page_of(desk, match).context["page"]

    assert [side.is_best for side in page.rows[0].sides] == [True, False, True]
    assert page.chart["sides"][0]["best"][-1] == (0, 2.10)
    assert page.chart["sides"][0]["fair"] == []


def change(latest: LatestQuote, after: timedelta, odds: tuple[str | None, ...]) -> None:
    """The bookmaker moves its odds, or withdraws them."""
    Quote.objects.create(
        match=latest.match,
        bookmaker=latest.bookmaker,
        market=latest.market,
        line=latest.line,
        **dict(zip(("odds_1", "odds_x", "odds_2"), odds, strict=True)),
        observed_at=latest.changed_at + after,
    )


def chart_of(match: Match) -> dict[str, Any]:
    current = list(match.latest_quotes.select_related("bookmaker"))
    return history_chart.read(match, "h2h", Decimal(0), current, ["Home", "Draw", "Away"])


def test_lines_are_staircases_that_end_when_the_bookmaker_was_last_seen() -> None:
    match, hour = make_match(), timedelta(hours=1)
    stays = make_quote(
        "2.00", "3.50", "4.00",
        match=match, bookmaker=make_bookmaker("stays"), changed_at=NOON, seen_at=NOON + 3 * hour,
    )  # fmt: skip
    make_quote(
        "2.30", "3.50", "4.00",
        match=match, bookmaker=make_bookmaker("leaves"), changed_at=NOON, seen_at=NOON + hour,
    )  # fmt: skip
    change(stays, 2 * hour, ("2.10", "3.50", "4.00"))

    home = chart_of(match)["sides"][0]

    assert {one["name"]: one["points"] for one in home["bookmakers"]} == {
        "Leaves": [(0, 2.3), (3600, 2.3), (3601, None)],
        "Stays": [(0, 2.0), (7200, 2.1), (10800, 2.1)],
    }
    assert home["best"] == [(0, 2.3), (3601, 2.0), (7200, 2.1), (10800, 2.1)]
    assert home["median"] == [(0, 2.15), (3601, 2.0), (7200, 2.1), (10800, 2.1)]


def test_a_quote_withdrawn_leaves_a_gap_until_it_is_back() -> None:
    match, hour = make_match(), timedelta(hours=1)
    given = {"match": match, "changed_at": NOON, "seen_at": NOON + 3 * hour}
    sharp = make_bookmaker("pinnacle", kind=Bookmaker.Kind.SHARP)
    make_quote("2.00", "3.50", "4.00", bookmaker=sharp, **given)
    pauses = make_quote("2.30", "3.50", "4.00", bookmaker=make_bookmaker("pauses"), **given)
    change(pauses, hour, (None, None, None))
    change(pauses, 2 * hour, ("2.30", "3.50", "4.00"))
    for latest in LatestQuote.objects.filter(match=match):  # the last look found nothing at all
        change(latest, 4 * hour, (None, None, None))

    chart = chart_of(match)

    points = {one["name"]: one["points"] for one in chart["sides"][0]["bookmakers"]}
    assert points["Pauses"] == [(0, 2.3), (3600, None), (7200, 2.3), (10800, 2.3)]
    assert points["Pinnacle"] == [(0, 2.0), (10800, 2.0)]
    assert chart["sides"][0]["best"] == [(0, 2.3), (3600, 2.0), (7200, 2.3), (10800, 2.3)]
    assert chart["reference"] == "Pinnacle"


def test_the_fair_line_is_the_sharp_bookmakers_without_its_margin() -> None:
    match = make_match()
    sharp = make_bookmaker("pinnacle", kind=Bookmaker.Kind.SHARP)
    make_quote("1.90", "3.80", "3.80", match=match, bookmaker=sharp)
    make_quote("3.00", "3.00", "3.00", match=match)

    chart = chart_of(match)

    # Power: (1/1.9)^k + 2 (1/3.8)^k = 1 holds for k = 1.052058, and 1.9^k = 1.9646.
    assert chart["reference"] == "Pinnacle"
    assert chart["sides"][0]["fair"][-1][1] == pytest.approx(1.9646, abs=5e-4)


def test_without_a_reference_there_is_no_fair_line(desk: Client) -> None:
    match = make_match()
    make_quote("2.00", "3.50", "4.00", match=match)

    page = page_of(desk, match)

    assert page.context["page"].chart["reference"] == ""
    assert "No fair line" in page.content.decode()


def test_a_long_history_is_cut_and_says_so(desk: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history_chart, "QUOTES_READ", 10)
    match = make_match()
    latest = make_quote("2.00", "3.50", "4.00", match=match, seen_at=NOON + timedelta(hours=1))
    for minute in range(1, 12):
        change(latest, timedelta(minutes=-minute), ("2.00", "3.50", f"{4 + minute / 10}"))

    page = page_of(desk, match)

    assert (page.context["page"].chart["cut"], page.context["page"].chart["quotes"]) == (True, 10)
    assert "Older changes exist" in page.content.decode()


def test_the_page_of_a_match_asks_as_often_for_forty_bookmakers_as_for_four(desk: Client) -> None:
    match = make_match()

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert page_of(desk, match).status_code == 200
        return len(asked)

    for number in range(4):
        make_quote("2.00", "3.50", "4.00", match=match, bookmaker=make_bookmaker(f"b{number}"))
    page_of(desk, match)  # what is read once for all pages
    few = queries()
    for number in range(4, 40):
        make_quote("2.00", "3.50", "4.00", match=match, bookmaker=make_bookmaker(f"b{number}"))

    assert few == queries() <= 12


def test_a_swap_at_the_source_is_announced(desk: Client) -> None:
    match = make_match(home_team="Lens", away_team="Lille", is_swapped_at_source=True)
    MatchChange.objects.create(
        match=match, kind="swapped", before="Lens – Lille", after="Lille – Lens", observed_at=NOON
    )

    page = page_of(desk, match).content.decode()

    assert "The source now lists Lille at home" in page
    assert "Home and away swapped" in page


def test_a_match_without_odds_says_when_they_come(desk: Client) -> None:
    page = page_of(desk, make_match()).content.decode()

    assert "No odds for this match yet" in page


def test_a_team_named_like_a_script_is_written_as_text(desk: Client) -> None:
    match = make_match(home_team="<script>alert(1)</script>")
    make_quote("2.00", "3.50", "4.00", match=match)

    page = page_of(desk, match).content.decode()

    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_times_are_in_the_users_zone(desk: Client) -> None:
    match = make_match(commence_time=NOON)

    page = page_of(desk, match).content.decode()

    assert "21 Nov 2026, 13:00" in page
