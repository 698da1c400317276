"""Closing lines in the admin: the list, a match's block, and opportunities that have ended."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from betting.models import ClosingLine, Opportunity
from odds.models import Match
from tests.factories import NOON, make_bet, make_bookmaker, make_match, make_opportunity, make_sport

pytestmark = pytest.mark.django_db

ENGLISH = {"accept-language": "en"}
LIST = "/admin/betting/closingline/"


@pytest.fixture
def desk() -> Client:
    client = Client(headers=ENGLISH)
    client.force_login(User.objects.create(username="owner", is_staff=True, is_superuser=True))
    return client


@pytest.fixture
def played() -> Match:
    return make_match(home_team="Lens", away_team="Lille", commence_time=NOON)


def make_line(match: Match, **given: Any) -> ClosingLine:
    """Pinnacle's match winner, four minutes before kick-off."""
    known = {
        "reference": "pinnacle", "odds_1": Decimal("2.05"), "odds_x": Decimal("3.40"),
        "odds_2": Decimal("3.90"), "fair_1": 0.48, "fair_x": 0.27, "fair_2": 0.25,
        "seen_at": NOON - timedelta(minutes=4), "minutes_before_kickoff": 4.2,
        "bookmaker_count": 1,
    }  # fmt: skip
    always = {
        "market": "h2h", "source": "quotes", "kickoff_at": match.commence_time, "captured_at": NOON,
    }  # fmt: skip
    values = always | ({} if given.get("missing") else known) | given
    return ClosingLine.objects.create(match=match, **values)


def match_page(client: Client, match: Match) -> str:
    page = client.get(f"/admin/odds/match/{match.pk}/change/")
    assert page.status_code == 200
    return str(page.content.decode())


def test_the_list_says_whose_line_how_fair_and_how_late(desk: Client, played: Match) -> None:
    make_bookmaker("pinnacle", title="Pinnacle")
    make_line(played)
    make_line(played, reference="consensus", bookmaker_count=7)
    make_line(played, reference="fd_pinnacle", source="football_data", minutes_before_kickoff=0)
    make_line(played, market="spreads", line=Decimal("-0.75"), missing="not_offered")

    page = desk.get(LIST).content.decode()

    # 1 ÷ 0.48, 0.27 and 0.25 are 2.083, 3.704 and 4.
    for words in ("Lens – Lille", "Pinnacle", "consensus", "7 bookmakers", "football-data.co.uk",
                  "2.05 · 3.40 · 3.90", "2.08 · 3.70 · 4.00", "4 min", "Handicap −0.75",
                  "Nobody offered this line any more"):  # fmt: skip
        assert words in page


def test_filters_narrow_by_reference_source_reason_and_sport(desk: Client, played: Match) -> None:
    other = make_match(sport=make_sport(key="soccer_x", is_collected=True))
    sharp = make_line(played)
    consensus = make_line(played, reference="consensus")
    copied = make_line(other, reference="fd_pinnacle", source="football_data")
    missing = make_line(other, market="totals", missing="no_reference")

    def listed(query: str) -> set[ClosingLine]:
        return set(desk.get(LIST + query).context["cl"].result_list)

    assert listed("?reference=consensus") == {consensus}
    assert listed("?source__exact=football_data") == {copied}
    assert listed("?missing__exact=no_reference") == {missing}
    assert listed("?sport=soccer_x") == {copied, missing}
    assert listed("?q=lille") == {sharp, consensus}


def test_the_list_asks_the_same_number_of_questions_for_one_and_for_many(
    desk: Client, played: Match
) -> None:
    def questions() -> int:
        with CaptureQueriesContext(connection) as asked:
            desk.get(LIST)
        return len(asked)

    make_line(played)
    few = questions()
    for number in range(15):
        make_line(make_match(), reference=f"book_{number}")

    assert questions() == few


def test_closing_lines_are_looked_at_and_nothing_else(desk: Client, played: Match) -> None:
    line = make_line(played)

    assert desk.get(f"{LIST}add/").status_code == 403
    assert desk.post(f"{LIST}{line.pk}/change/", {"odds_1": "9"}).status_code == 403
    assert Client().get(LIST).status_code == 302


def test_a_match_shows_its_closing_lines_and_marks_the_early_ones(
    desk: Client, played: Match
) -> None:
    make_bookmaker("pinnacle", title="Pinnacle")
    make_line(played)
    # The settings' default: older than 60 minutes does not count.
    make_line(played, market="totals", line=Decimal("2.5"), odds_x=None, fair_x=None,
              minutes_before_kickoff=95)  # fmt: skip
    make_line(played, market="spreads", missing="not_collected")

    page = match_page(desk, played)

    assert "2.05 · 3.40 · 3.90" in page
    assert page.count("too early to count") == 1
    assert "Over / under 2.5" in page
    assert "Market not collected before kick-off" in page


def test_lines_of_a_kick_off_that_was_corrected_are_left_out(desk: Client, played: Match) -> None:
    make_line(played, kickoff_at=NOON - timedelta(hours=1))

    assert "2.05 · 3.40 · 3.90" not in match_page(desk, played)


def test_a_match_shows_the_bets_on_it(desk: Client, played: Match) -> None:
    won = make_bet("won", match=played, odds="2.30", stake="10")
    make_bet(match=make_match(), odds="7.77")

    page = match_page(desk, played)

    assert f"/admin/betting/bet/{won.pk}/change/" in page
    assert "+13.00\xa0€" in page
    assert "7.77" not in page


def test_ended_opportunities_say_what_was_missed(desk: Client, played: Match) -> None:
    make_bookmaker("pinnacle", title="Pinnacle")
    missed = make_opportunity(match=played, closed_at=NOON, closing="kicked_off")
    Opportunity.objects.filter(pk=missed.pk).update(
        clv_status="graded", clv_reference="pinnacle", clv_fair_pct=2.2, clv_pct=4.4,
        paper_result="won", paper_profit=1.3,
    )  # fmt: skip

    ended = desk.get("/admin/betting/opportunity/?show=closed&kind=all").content.decode()
    page = desk.get(f"/admin/betting/opportunity/{missed.pk}/change/").content.decode()

    for text in (ended, page):
        for words in ("+2.2%", "raw +4.4%, Pinnacle", "+1.30", "Won"):
            assert words in text
    assert "Bet on this" not in page


def test_opportunities_on_offer_have_no_columns_of_what_came_of_them(desk: Client) -> None:
    page = desk.get("/admin/betting/opportunity/")

    columns = page.context["cl"].list_display
    assert {"spread", "seen"} <= set(columns)
    assert not {"clv", "paper"} & set(columns)
