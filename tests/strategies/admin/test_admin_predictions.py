"""Predictions in the admin: the list, its filters and the page of one."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone

from strategies.models import Prediction
from tests.factories import (
    NOON,
    make_bookmaker,
    make_match,
    make_prediction,
    make_sport,
    make_strategy,
)
from tests.strategies.admin.pages import queries_of, signed_in, text_of

pytestmark = pytest.mark.django_db

GRADE = {
    "clv_status": "graded", "clv_reference": "pinnacle", "closing_odds": Decimal("2.000"),
    "closing_probability": 0.49, "closing_minutes": 3.0, "clv_pct": 5.0, "clv_fair_pct": 2.9,
    "graded_at": NOON,
}  # fmt: skip


@pytest.fixture
def owner() -> Client:
    return signed_in()


def shown_by(client: Client, query: str) -> set[str]:
    page = client.get(f"/admin/strategies/prediction/?{query}")
    assert page.status_code == 200
    return {row.outcome for row in page.context["cl"].result_list}


def test_an_empty_list_says_where_predictions_come_from(owner: Client):
    shown = text_of(owner, "prediction/")

    assert "No prediction here" in shown
    assert "every collection" in shown


def test_the_list_says_what_was_predicted_and_what_came_of_it(owner: Client):
    make_bookmaker("pinnacle", title="Pinnacle")
    match = make_match(home_team="Lens", away_team="Lille", commence_time=NOON)
    make_prediction(
        match=match, confidence=0.75, result="won", profit=1.1, settled_at=NOON, **GRADE
    )

    shown = text_of(owner, "prediction/")

    for said in ("Lens – Lille", "2.10", "+5.0%", "50.0%", "75%", "Pinnacle", "+1.10", "+2.9%"):
        assert said in shown


def test_what_is_not_known_is_a_dash_with_the_reason(owner: Client):
    match = make_match(commence_time=timezone.now() + timedelta(hours=5))
    make_prediction(match=match, confidence=None, reference="")

    shown = text_of(owner, "prediction/")

    assert "not kicked off" in shown
    assert "Not graded yet" in shown
    assert "the agent&#x27;s own" in shown


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("when=upcoming", {"home"}),
        ("when=past", {"away"}),
        ("market__exact=totals", {"over"}),
        ("result__exact=lost", {"away"}),
        ("clv_status__exact=graded", {"away"}),
        ("sport=icehockey_nhl", {"away"}),
    ],
)
def test_the_list_is_narrowed_down(owner: Client, query: str, expected: set[str]):
    version = make_strategy("sharp_reference")
    bookmaker = make_bookmaker()
    coming = make_match(commence_time=timezone.now() + timedelta(hours=5))
    other = make_sport(key="icehockey_nhl", is_collected=True)
    played = make_match(sport=other, commence_time=timezone.now() - timedelta(days=1))
    given = {"version": version, "bookmaker": bookmaker}
    make_prediction(match=coming, **given)
    make_prediction(
        match=played, outcome="away", result="lost", profit=-1.0, settled_at=NOON, **given, **GRADE
    )
    if expected == {"over"}:
        make_prediction(match=coming, market="totals", outcome="over", line=Decimal("2.5"), **given)

    assert shown_by(owner, query) == expected


def test_the_list_of_one_strategy_has_all_its_versions_and_no_other(owner: Client):
    version, other = make_strategy("sharp_reference"), make_strategy("consensus_value")
    match, bookmaker = make_match(), make_bookmaker()
    make_prediction(version=version, match=match, bookmaker=bookmaker)
    make_prediction(version=other, match=match, bookmaker=bookmaker, outcome="away")

    assert shown_by(owner, f"strategy={version.strategy_id}") == {"home"}
    assert shown_by(owner, "strategy=nonsense") == {"home", "away"}


def test_the_page_computes_the_clv_before_the_readers_eyes(owner: Client):
    bookmaker = make_bookmaker("betfair_ex_uk", commission=Decimal("0.05"))
    row = make_prediction(bookmaker=bookmaker, odds=Decimal("2.100"), **GRADE)

    shown = text_of(owner, f"prediction/{row.pk}/change/")

    assert "The price was better than the closing line: +2.9%." in shown
    # 1 + 0.95 x 1.10 = 2.045
    assert "It took 2.10, net of commission 2.04: 2.04 × 49.0% − 1 = +2.9%." in shown or (
        "It took 2.10, net of commission 2.05: 2.05 × 49.0% − 1 = +2.9%." in shown
    )


@pytest.mark.parametrize(
    ("status", "said"),
    [
        ("pending", "Not yet: a closing line is captured when the match begins"),
        ("line_moved", "nobody offered this line any more"),
        ("missing", "No closing line: nobody independent"),
    ],
)
def test_the_page_says_why_there_is_no_clv(owner: Client, status: str, said: str):
    row = make_prediction(clv_status=status)

    assert said in text_of(owner, f"prediction/{row.pk}/change/")


def test_an_arbitrage_shows_its_legs(owner: Client):
    make_bookmaker("winamax_fr", title="Winamax")
    row = make_prediction(
        outcome="all", bookmaker=None, probability=1.0, odds=Decimal("1.020"),
        legs=[
            {"outcome": "home", "bookmaker": "winamax_fr", "odds": 2.1},
            {"outcome": "away", "bookmaker": "gone", "odds": 3.9},
        ],
        clv_status="graded", clv_fair_pct=1.4, clv_reference="consensus", graded_at=NOON,
    )  # fmt: skip

    shown = text_of(owner, f"prediction/{row.pk}/change/")

    assert "Winamax" in shown
    assert "gone" in shown
    assert "All legs together, against their closing prices: +1.4%." in shown


def test_predictions_are_facts(owner: Client):
    row = make_prediction()

    assert owner.post(f"/admin/strategies/prediction/{row.pk}/change/").status_code == 403
    assert owner.get("/admin/strategies/prediction/add/").status_code == 403
    assert owner.post(f"/admin/strategies/prediction/{row.pk}/delete/").status_code == 403
    assert Prediction.objects.count() == 1


def test_the_list_asks_no_more_with_more_rows(owner: Client):
    version, bookmaker = make_strategy("sharp_reference"), make_bookmaker()
    make_prediction(version=version, bookmaker=bookmaker)
    before = queries_of(owner, "prediction/")

    for _number in range(5):
        make_prediction(version=version, bookmaker=bookmaker, match=make_match())

    assert queries_of(owner, "prediction/") == before <= 8
