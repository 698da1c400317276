"""Every page of the sidebar: without data, with one match, with 5,000 opportunities, its cost."""

from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import resolve
from django.utils import timezone

from betting.models import Opportunity
from monps import navigation, overview
from odds.models import Match
from tests.clients import parts_of
from tests.factories import make_match, make_opportunity, make_quote
from tests.monps.rows_of_everything import make_rows

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
LIST = "/admin/betting/opportunity/"
OFFERED = 5_000
# These are no lists; what they say without data, and where there is nothing to be without.
NOTHING_YET = {
    "/admin/": "Nothing to draw yet",
    "/admin/analyses/": "No bet was settled in this period",
    "/admin/compare/": "There are not two strategies to compare",
    "/admin/odds/budget/": "No match has begun this month",
    "/admin/betting/account/": "Nothing to draw yet",
}
NEVER_EMPTY = {
    *("/admin/strategies/strategy/agents/", "/admin/system/", "/admin/settings/"),
    *("/admin/auth/user/", "/api/docs/"),
}
# Queries of each page and of its parts, the session and the user among them; settings and the API
# ask no others.
QUERIES = {
    "/admin/": 31,
    "/admin/betting/opportunity/": 11,
    "/admin/odds/match/": 4,
    "/admin/betting/bet/": 8,
    "/admin/betting/bet/summary/": 11,
    "/admin/betting/account/": 13,
    "/admin/betting/account/proof/": 6,
    "/admin/analyses/": 6,
    "/admin/analyses/groups/?period=90": 7,
    "/admin/analyses/missed/?period=90": 3,
    "/admin/analyses/margins/": 4,
    "/admin/betting/closingline/": 6,
    "/admin/odds/matchresult/": 3,
    "/admin/strategies/strategy/": 6,
    "/admin/compare/": 6,
    "/admin/strategies/improvement/": 5,
    "/admin/strategies/learningrun/": 5,
    "/admin/strategies/strategy/agents/": 3,
    "/admin/strategies/prediction/": 5,
    "/admin/strategies/backtest/": 3,
    "/admin/strategies/proof/": 3,
    "/admin/odds/budget/": 29,
    "/admin/odds/collection/": 7,
    "/admin/odds/sport/": 6,
    "/admin/odds/bookmaker/": 5,
    "/admin/odds/matchchange/": 3,
    "/admin/system/": 34,
    "/admin/alerts/alert/": 4,
    "/admin/alerts/mail/": 6,
    "/admin/backups/backup/": 5,
    "/admin/django_celery_beat/periodictask/": 5,
    "/admin/settings/": 13,
    "/admin/auth/user/": 6,
}
SESSION_AND_USER = 2


def links() -> Iterator[str]:
    """The pages of the sidebar in its order."""
    for group in navigation.sidebar(RequestFactory().get("/admin/")):
        for item in group["items"]:
            yield item["link"]


@pytest.fixture
def person() -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(User.objects.create(username="owner", is_staff=True, is_superuser=True))
    return client


def text_of(client: Client, address: str) -> str:
    page = client.get(address, follow=True)
    assert page.status_code == 200, address
    return unescape(page.content.decode())


def said_without_data(address: str) -> list[str]:
    """What the page must say; of a list its admin's title and hint."""
    if address in NOTHING_YET:
        return [NOTHING_YET[address]]
    shown: Any = resolve(address).func
    return [str(shown.model_admin.empty_title or ""), str(shown.model_admin.empty_hint or "")]


def test_without_any_data_every_page_opens_and_says_what_to_do(person: Client) -> None:
    unsaid = []
    for address in links():
        text = text_of(person, address)
        if address.endswith("settings/") or address in NEVER_EMPTY:
            continue
        if not all(sentence and sentence in text for sentence in said_without_data(address)):
            unsaid.append(address)

    assert unsaid == []


def test_with_one_match_every_page_opens(person: Client) -> None:
    match = make_match(commence_time=timezone.now() + HOUR)
    make_quote("2.00", "3.50", "4.00", match=match, seen_at=timezone.now())

    for address in links():
        text_of(person, address)

    assert str(match) in text_of(person, "/admin/odds/match/")
    assert str(match) in text_of(person, f"/admin/odds/match/{match.pk}/change/")


@pytest.fixture
def offered() -> list[Opportunity]:
    """Values, five on each of a thousand matches, each a little better than the one before."""
    now = timezone.now()
    model = make_opportunity(match=make_match(commence_time=now + HOUR), edge_pct=1.0)
    matches = Match.objects.bulk_create(
        Match(
            sport=model.match.sport, provider_id=f"many{number}", home_team=f"Home {number}",
            away_team=f"Away {number}", commence_time=now + HOUR,
        )
        for number in range(OFFERED // 5)
    )  # fmt: skip
    model.delete()
    values = {
        field.name: getattr(model, field.name)
        for field in Opportunity._meta.concrete_fields
        if field.name not in {"id", "match", "outcome", "edge_pct"}
    }
    wagers = ("home", "draw", "away", "over", "under")
    return Opportunity.objects.bulk_create(
        Opportunity(match=match, outcome=outcome, edge_pct=2 + (5 * place + rank) / 5_000, **values)
        for place, match in enumerate(matches)
        for rank, outcome in enumerate(wagers)
    )


def test_five_thousand_opportunities_are_counted_and_shown_page_by_page(
    person: Client, offered: list[Opportunity]
) -> None:
    best_first = [one.pk for one in sorted(offered, key=lambda one: -(one.edge_pct or 0))]

    for number in (1, 2, OFFERED // 50):
        shown = person.get(LIST, {"p": number}).context["cl"]
        assert [one.pk for one in shown.result_list] == best_first[50 * (number - 1) : 50 * number]

    assert 'href="?p=2"' in text_of(person, LIST)
    assert overview.read(timezone.now()).on_offer.number == OFFERED


def queries_of(client: Client, address: str) -> int:
    client.get(address)  # content types are remembered then
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code in {200, 302}, address
    return len(asked)


def test_no_page_asks_more_with_more_rows(person: Client) -> None:
    make_rows(0, 2)  # with fewer there is nothing to compare
    pages = list(links())
    pages += [part for one in pages for part in parts_of(text_of(person, one))]
    few = {address: queries_of(person, address) for address in pages}
    make_rows(2, 30)
    many = {address: queries_of(person, address) for address in pages}

    assert {one: (few[one], many[one]) for one in few if few[one] != many[one]} == {}
    assert few == {address: QUERIES.get(address, SESSION_AND_USER) for address in few}
