"""The page of a match says what each agent predicted for it."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from odds.models import Match
from tests.factories import make_bookmaker, make_match, make_prediction, make_strategy
from tests.strategies.admin.pages import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def coming() -> Match:
    return make_match(
        home_team="Lens", away_team="Lille", commence_time=timezone.now() + timedelta(hours=3)
    )


def predictions_on(client: Client, match: Match) -> str:
    page = client.get(f"/admin/odds/match/{match.pk}/change/")
    assert page.status_code == 200
    return str(page.content.decode()).partition('id="predictions"')[2].partition("</section>")[0]


def test_each_agent_has_its_predictions_under_its_name(coming: Match) -> None:
    sharp = make_strategy("sharp_reference")
    value = make_strategy("consensus_value")
    make_prediction(version=sharp, match=coming, outcome="home")
    make_prediction(version=value, match=coming, outcome="away")
    make_prediction(version=sharp, match=make_match(home_team="Brest"))

    text = predictions_on(signed_in(), coming)

    headings = re.findall(r'scope="rowgroup"[^>]*>([^<]+)<', text)
    assert headings == sorted([str(sharp.strategy), str(value.strategy)])
    assert "<strong>Lens</strong>" in text
    assert "<strong>Lille</strong>" in text
    assert "Brest" not in text
    assert "not kicked off" in text


def test_without_predictions_it_says_so(coming: Match) -> None:
    assert "No agent has predicted anything for this match." in predictions_on(signed_in(), coming)


def test_the_pages_of_opportunities_bets_and_closing_lines_are_still_there(coming: Match) -> None:
    page = signed_in().get(f"/admin/odds/match/{coming.pk}/change/").content.decode()

    assert "Opportunities of this match" in page


def test_more_predictions_ask_no_more_questions(coming: Match) -> None:
    client = signed_in()

    def asked() -> int:
        predictions_on(client, coming)
        with CaptureQueriesContext(connection) as queries:
            predictions_on(client, coming)
        return len(queries)

    make_prediction(version=make_strategy("sharp_reference"), match=coming)
    few = asked()
    for agent in ("consensus_value", "line_mover", "anomaly_detector"):
        make_prediction(version=make_strategy(agent), match=coming, bookmaker=make_bookmaker(agent))

    assert asked() == few
