"""The first page's numbers: true, and leading on where there are none."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from odds.models import Sport
from tests.factories import (
    make_bookmaker,
    make_collection,
    make_match,
    make_opportunity,
    make_quote,
    make_sport,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> Client:
    """Signed in as the owner; without a password, whose hashing would take longer than the page."""
    client = Client()
    client.force_login(User.objects.create(username="owner", is_staff=True, is_superuser=True))
    return client


def overview(client: Client) -> Any:
    return client.get("/admin/", headers={"accept-language": "en"}).context["page"]


def test_the_first_page_counts_what_is_on_offer(desk: Client) -> None:
    now = timezone.now()
    coming = make_match(commence_time=now + timedelta(hours=2))
    over = make_match(commence_time=now - timedelta(hours=2))
    make_quote("2.00", "3.50", "4.00", match=coming, seen_at=now)
    make_quote("2.00", "3.50", "4.00", match=over, seen_at=now)
    other = make_bookmaker("unibet_fr")
    make_quote("2.1", "3.5", "4", match=coming, bookmaker=other, seen_at=now - timedelta(hours=5))
    make_opportunity(match=coming)
    make_opportunity(match=coming, outcome="draw", rejection="stale")
    make_opportunity(match=over)

    page = overview(desk)

    assert page.matches.number == 1
    assert (page.quotes.number, page.quotes.bookmakers) == (1, 1)
    assert (page.open_by_kind, page.rejected) == ({"value": 1}, 1)


def test_the_first_page_shows_the_five_best_values_and_no_spread(desk: Client) -> None:
    match = make_match(commence_time=timezone.now() + timedelta(hours=2))
    for edge, outcome in enumerate(["home", "draw", "away"], start=1):
        make_opportunity(match=match, outcome=outcome, edge_pct=edge)
        make_opportunity(match=match, outcome=outcome, kind="spread", edge_pct=50)
    for line, edge in ((1.5, 9), (2.5, 8), (3.5, 7)):
        make_opportunity(match=match, market="totals", outcome="over", line=line, edge_pct=edge)

    best = overview(desk).best

    assert [one.edge_pct for one in best] == [9, 8, 7, 3, 2]
    assert {one.kind for one in best} == {"value"}


def test_the_next_collection_is_that_of_the_sport_due_first(desk: Client) -> None:
    now = timezone.now()
    early = make_sport(key="soccer_epl", is_collected=True)
    late = make_sport(key="soccer_france_ligue_one", is_collected=True)
    make_collection(sport=early, started_at=now - timedelta(hours=1))
    make_collection(sport=late, started_at=now - timedelta(minutes=1))

    page = overview(desk)

    assert page.next_due.sport == early
    assert page.next_due.due_at == now + timedelta(hours=1)  # the interval is 7200 s


def test_without_a_collected_sport_the_first_page_sends_to_the_sports(desk: Client) -> None:
    Sport.objects.all().delete()

    page = desk.get("/admin/", headers={"accept-language": "en"})

    assert page.context["page"].next_due is None
    assert reverse("admin:odds_sport_changelist") in page.content.decode()
