"""The page of performance: what it shows of bets, values left and margins, and at what cost."""

from collections.abc import Callable
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from betting.admin import analyses, analyses_margins, analyses_missed
from betting.admin.analyses_text import band_name
from tests.clients import parts_of
from tests.factories import make_bet, make_bookmaker, make_match, make_opportunity, make_quote

pytestmark = pytest.mark.django_db
NOW = timezone.now()
DAY = timedelta(days=1)


@pytest.fixture
def owner() -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(User.objects.create(username="owner", is_staff=True, is_superuser=True))
    return client


def page(client: Client, **asked: str) -> str:
    """The page and the parts that are loaded after it."""
    shown = text_of(client, reverse("admin:monps_analyses"), asked)
    return shown + "".join(text_of(client, part) for part in parts_of(shown))


def text_of(client: Client, address: str, asked: dict[str, str] | None = None) -> str:
    answer = client.get(address, asked)
    assert answer.status_code == 200
    return unescape(answer.content.decode())


def make_bets(count: int, *, days_ago: int = 1) -> None:
    at = NOW - days_ago * DAY
    for number in range(count):
        make_bet(
            "won" if number % 2 else "lost", at=at - DAY, odds="2.10", fair_probability=0.5,
            settled_at=at - timedelta(hours=number), edge_pct=5.0,
            match=make_match(commence_time=at - timedelta(hours=number)), clv_status="graded",
            clv_fair_pct=float(number % 4), clv_pct=2.0, clv_reference="pinnacle",
        )  # fmt: skip


def test_without_bets_it_says_what_to_do(owner: Client) -> None:
    shown = page(owner)

    assert "No bet was settled in this period" in shown
    assert reverse("admin:betting_bet_add") in shown
    assert "No quotes of these days" in shown
    assert "None" not in shown


def test_below_the_smallest_sample_a_dash_says_how_much_is_missing(owner: Client) -> None:
    make_bets(12)

    shown = page(owner)

    assert "12 of 30 bets settled" in shown
    assert "12 of 30 matches graded" in shown
    assert "12 of 30 matches" in shown
    assert "the interval begins with the 30th" in shown


def test_a_large_sample_has_intervals_everywhere(owner: Client) -> None:
    make_bets(40)

    shown = page(owner)

    assert "+1.5%" in shown  # the mean of 0, 1, 2 and 3
    assert "The band holds the truth at every moment" in shown
    assert 'class="mp-good" style="left:' in shown
    assert "50.0%" in shown  # said of all of them, and half came


@pytest.mark.parametrize(("asked", "bets"), [("30", 3), ("90", 5), ("365", 5), ("all", 5)])
def test_only_bets_settled_in_the_period_count(asked: str, bets: int) -> None:
    make_bets(3)
    make_bets(2, days_ago=60)

    assert analyses.read(asked, now=NOW).evidence.bets == bets


def test_an_unknown_period_is_the_usual_one(owner: Client) -> None:
    assert 'href="?period=90" aria-current="true"' in page(owner, period="-1")


def test_it_costs_as_many_queries_with_many_bets_as_with_few(
    owner: Client, count: Callable[[], int]
) -> None:
    make_bets(2)
    few = count()
    make_bets(60, days_ago=3)
    make_opportunity(paper_result="won", paper_profit=1.0)

    assert count() == few <= 18


@pytest.fixture
def count(owner: Client) -> Callable[[], int]:
    def ask() -> int:
        page(owner, period="all")
        with CaptureQueriesContext(connection) as queries:
            page(owner, period="all")
        return len(queries)

    return ask


def test_who_may_not_see_bets_does_not_see_their_sums() -> None:
    stranger = Client()
    stranger.force_login(User.objects.create(username="stranger", is_staff=True))

    for part in ("", "_groups", "_missed", "_margins"):
        assert stranger.get(reverse(f"admin:monps_analyses{part}")).status_code == 403


def test_the_course_of_the_profit_ends_with_the_whole_of_it() -> None:
    make_bets(9)

    found = analyses.read("all", now=NOW)

    assert found.money[0]["value"] == 0
    assert found.money[-1]["value"] == pytest.approx(found.profit)
    assert sum(one["number"] for one in found.money) == 9


@pytest.mark.parametrize(
    ("band", "name"), [(0, "1–1.5"), (1, "1.5–2"), (2, "2–3"), (3, "3–5"), (4, "5 and more")]
)
def test_bands_of_odds_are_named_by_their_ends(band: int, name: str) -> None:
    assert band_name(band) == name


# Margins


def quote(key: str, *odds: str | None, **given: Any) -> None:
    given.setdefault("seen_at", NOW)
    make_quote(*odds, bookmaker=make_bookmaker(key), **given)


def test_a_margin_is_the_overround_less_one() -> None:
    quote("betclic_fr", "2.00", "4.00", "3.00", match=make_match(commence_time=NOW + DAY))

    (only,) = analyses_margins.margins_by_operator(NOW)

    winner, totals, handicap = only.margins
    assert winner is not None
    assert winner.pct == pytest.approx(100 * (1 / 2 + 1 / 4 + 1 / 3 - 1))
    assert (winner.matches, totals, handicap) == (1, None, None)


def test_skins_of_one_operator_are_one_row_and_the_lowest_margin_comes_first() -> None:
    match = make_match(commence_time=NOW + DAY)
    quote("unibet_fr", "2.00", "4.00", "3.00", match=match)
    quote("unibet_nl", "2.00", "4.00", "3.00", match=match)
    quote("pinnacle", "2.10", "4.00", "3.60", match=match)

    found = analyses_margins.margins_by_operator(NOW)

    assert [one.titles for one in found] == [["Pinnacle"], ["Unibet_Fr", "Unibet_Nl"]]
    assert found[1].margins[0] is not None
    assert (found[1].margins[0].quotes, found[1].margins[0].matches) == (2, 1)


def test_a_quote_that_lacks_the_draw_or_a_price_says_nothing_of_a_margin() -> None:
    match = make_match(commence_time=NOW + DAY)
    quote("pinnacle", "2.10", "4.00", "3.60", match=match)
    quote("betclic_fr", "2.00", None, "1.90", match=match)  # 1.03 and no draw
    quote("unibet_fr", "1.01", "1.01", "1.01", match=match)

    assert [one.titles for one in analyses_margins.margins_by_operator(NOW)] == [["Pinnacle"]]


def test_matches_long_gone_do_not_count() -> None:
    match = make_match(commence_time=NOW - 4 * DAY)
    quote("pinnacle", "2.10", "4.00", "3.60", match=match, seen_at=NOW - 5 * DAY)

    assert analyses_margins.margins_by_operator(NOW) == []


# Values taken and left


def value(*, is_playable: bool = True, **given: Any) -> Any:
    key = "betclic_fr" if is_playable else "pinnacle"
    defaults = {
        "best_bookmaker": make_bookmaker(key, is_playable=is_playable),
        "paper_result": "won",
        "paper_profit": 1.3,
        "first_seen_at": NOW - DAY,
        "last_seen_at": NOW - DAY,
    }
    return make_opportunity(**defaults | given)


def kinds(**asked: Any) -> dict[str, tuple[int, float]]:
    found = analyses_missed.on_paper(asked.get("since"), now=NOW)
    return {one.kind: (one.found, round(one.profit, 2)) for one in found.rows}


def test_values_are_told_apart_by_what_was_done_with_them() -> None:
    taken = value()
    make_bet(match=taken.match, outcome=taken.outcome, at=NOW - DAY)
    value(paper_result="lost", paper_profit=-1.0)
    value(is_playable=False)

    assert kinds() == {"bet": (1, 1.3), "left": (1, -1.0), "out_of_reach": (1, 1.3)}


def test_another_outcome_a_bet_on_paper_or_a_cancelled_one_is_not_a_bet_on_the_value() -> None:
    other, paper = value(), value()
    make_bet(match=other.match, outcome="away", at=NOW - DAY)
    make_bet(match=paper.match, outcome="home", at=NOW - DAY, is_paper=True)

    assert kinds()["left"] == (2, 2.6)


def test_what_is_rejected_unsettled_void_no_value_or_from_before_the_period_is_left_out() -> None:
    value(rejection="stale", closed_at=NOW, closing="judged_anew")
    value(paper_result="", paper_profit=None)
    value(paper_result="void", paper_profit=0.0)
    value(kind="spread")
    value(first_seen_at=NOW - 40 * DAY)

    assert kinds(since=NOW - 30 * DAY) == {
        "bet": (0, 0.0), "left": (0, 0.0), "out_of_reach": (0, 0.0)
    }  # fmt: skip
