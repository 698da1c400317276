"""What the routes of odds refuse, and how they write numbers."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from odds.api_fields import instant_text, line_text, odds_text
from odds.api_matches import MatchDetailSerializer, MatchSerializer
from odds.api_quotes import HistoryItemSerializer, HistorySerializer, QuoteSerializer
from tests.api import get, signed_in
from tests.factories import make_match, make_quote


@pytest.mark.parametrize(
    ("path", "query", "name"),
    [
        ("/odds/", {"limit": 1001}, "limit"),
        ("/odds/", {"limit": 0}, "limit"),
        ("/odds/", {"market": "corners"}, "market"),
        ("/odds/matches", {"limit": 1001}, "limit"),
        ("/odds/matches", {"upcoming_only": "maybe"}, "upcoming_only"),
        ("/odds/matches", {"offset": -1}, "offset"),
        ("/odds/history/x", {"limit": 5001}, "limit"),
        ("/odds/history/x", {"from": "yesterday"}, "from"),
        ("/odds/history/x", {"line": "two"}, "line"),
        ("/odds/history/x", {"market": "h2h_lay"}, "market"),
    ],
)
def test_a_parameter_that_cannot_be_used_is_refused_in_one_english_sentence(
    path: str, query: dict[str, Any], name: str
) -> None:
    response = signed_in().get(path, query, headers={"accept-language": "fr"})

    assert response.status_code == 400
    assert list(response.json()) == ["detail"]
    assert response.json()["detail"].startswith(f"{name}: ")
    assert "Assurez" not in response.json()["detail"]


@given(st.decimals(min_value="1.001", max_value="99999", places=3))
def test_odds_keep_their_value_and_at_least_two_decimals(odds: Decimal) -> None:
    text = odds_text(odds)

    assert Decimal(text) == odds
    assert len(text.partition(".")[2]) == (3 if odds * 100 % 1 else 2)


@given(st.integers(-4000, 4000).map(lambda quarters: Decimal(quarters) / 4))
def test_a_line_keeps_its_value_without_needless_zeros(line: Decimal) -> None:
    text = line_text(line)

    assert Decimal(text) == line
    assert "E" not in text
    assert not (("." in text) and text.endswith("0"))


@given(st.datetimes(min_value=datetime(1900, 1, 1), timezones=st.timezones()))
def test_an_instant_of_any_zone_is_written_in_utc(instant: datetime) -> None:
    text = instant_text(instant)

    assert text.endswith("Z")
    assert datetime.fromisoformat(text) == instant.astimezone(UTC)


@pytest.mark.django_db
def test_answers_have_exactly_the_fields_the_schema_describes() -> None:
    match = make_match(provider_id="9f2c", commence_time=timezone.now() + timedelta(days=1))
    make_quote("2.31", "3.48", "3.26", match=match)
    make_quote("1.94", "1.98", match=match, market="totals", line=Decimal("2.5"))

    histories = [get("/odds/history/9f2c", market=market) for market in ("h2h", "totals")]
    items = [item for history in histories for item in history["history"]]

    assert set(get("/odds/")[0]) == set(QuoteSerializer().fields)
    assert set(get("/odds/matches")[0]) == set(MatchSerializer().fields)
    assert set(get("/odds/matches/9f2c")) == set(MatchDetailSerializer().fields)
    assert set(histories[0]) == set(HistorySerializer().fields)
    assert set().union(*items) == set(HistoryItemSerializer().fields)
