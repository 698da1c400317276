"""The closing line on the chart of a match."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from betting.models import ClosingLine
from odds.models import Match
from tests.factories import NOON, make_bookmaker, make_match, make_quote

pytestmark = pytest.mark.django_db

KICK_OFF = NOON + timedelta(hours=1)


@pytest.fixture
def played() -> Match:
    """Kicked off long ago, quoted once at noon."""
    match = make_match(commence_time=KICK_OFF)
    bookmaker = make_bookmaker("pinnacle", title="Pinnacle", kind="sharp")
    make_quote("2.00", "3.50", "4.00", match=match, bookmaker=bookmaker)
    return match


def chart_of(client: Client, match: Match, query: str = "") -> dict[str, Any]:
    page = client.get(f"/admin/odds/match/{match.pk}/change/{query}")
    chart: dict[str, Any] = page.context["page"].chart
    return chart


def captured(match: Match, **given: Any) -> ClosingLine:
    known = {
        "market": "h2h", "reference": "pinnacle", "source": "quotes", "odds_1": Decimal("1.95"),
        "odds_x": Decimal("3.60"), "odds_2": Decimal("4.10"), "fair_1": 0.49, "fair_x": 0.27,
        "fair_2": 0.24, "seen_at": KICK_OFF - timedelta(minutes=5), "kickoff_at": KICK_OFF,
        "minutes_before_kickoff": 5.0, "captured_at": KICK_OFF,
    }  # fmt: skip
    return ClosingLine.objects.create(match=match, **known | given)


def test_the_captured_line_is_drawn_from_when_it_was_last_seen(desk: Client, played: Match) -> None:
    captured(played)

    chart = chart_of(desk, played)

    # The chart begins with the only quote, at noon; kick-off is an hour later.
    assert chart["kickoff"] == 3600
    assert chart["closing"] == {"title": "Pinnacle", "at": 3300, "odds": [1.95, 3.6, 4.1]}


def test_of_an_earlier_kick_off_or_another_market_nothing_is_drawn(
    desk: Client, played: Match
) -> None:
    captured(played, kickoff_at=KICK_OFF - timedelta(days=1))
    captured(played, market="totals", line=Decimal("2.5"), odds_x=None, fair_x=None)

    assert chart_of(desk, played)["closing"] is None


def test_before_kick_off_there_is_none(desk: Client, coming: Match) -> None:
    make_quote("2.00", "3.50", "4.00", match=coming)

    assert "closing" not in chart_of(desk, coming)


def test_the_reference_is_drawn_as_it_offers(desk: Client, played: Match) -> None:
    make_quote("1.90", "3.40", "3.90", match=played, bookmaker=make_bookmaker("soft"))

    chart = chart_of(desk, played)

    assert chart["reference"] == "Pinnacle"
    assert chart["sides"][0]["reference"][0] == (0, 2.0)
    assert chart["sides"][2]["reference"][0] == (0, 4.0)


def test_a_consensus_offers_nothing_itself(desk: Client) -> None:
    match = make_match(commence_time=KICK_OFF)
    for number in range(5):
        make_quote(
            "1.90",
            "3.40",
            "3.90",
            match=match,
            bookmaker=make_bookmaker(f"b{number}", operator=f"b{number}"),
        )

    chart = chart_of(desk, match)

    assert chart["reference"] == "consensus"
    assert [side["reference"] for side in chart["sides"]] == [[], [], []]
