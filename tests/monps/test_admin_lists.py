"""Lists of the admin: as many queries for fifty rows as for five, and none that counts them."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from odds.models import MatchChange
from tests.factories import (
    make_bookmaker,
    make_collection,
    make_match,
    make_opportunity,
    make_quote,
    make_sport,
)

pytestmark = pytest.mark.django_db


def many_matches(number: int) -> None:
    soon = timezone.now() + timedelta(hours=1)
    for index in range(number):
        match = make_match(commence_time=soon, sport=make_sport(key=f"soccer_{index % 3}"))
        make_quote("2.00", "3.50", "4.00", match=match)


def many_opportunities(number: int) -> None:
    soon = timezone.now() + timedelta(hours=1)
    for index in range(number):
        bookmaker = make_bookmaker(f"book_{index}")
        match = make_match(commence_time=soon, sport=make_sport(key=f"soccer_{index % 3}"))
        make_opportunity(match=match, best_bookmaker=bookmaker)


def many_collections(number: int) -> None:
    for index in range(number):
        started = timezone.now() - timedelta(minutes=index)
        make_collection(started_at=started, sport=make_sport(key=f"soccer_{index % 3}"))


def many_changes(number: int) -> None:
    for _index in range(number):
        MatchChange.objects.create(
            match=make_match(), kind="kickoff", before="a", after="b", observed_at=timezone.now()
        )


def queries_of(client: Client, address: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert client.get(address).status_code == 200
    assert not [query for query in queries if "COUNT(*)" in query["sql"].upper()]
    return len(queries)


@pytest.mark.parametrize(
    ("make_many", "address", "most"),
    [
        (many_matches, "/admin/odds/match/", 5),
        (many_opportunities, "/admin/betting/opportunity/", 11),
        (many_collections, "/admin/odds/collection/", 7),
        (many_changes, "/admin/odds/matchchange/", 3),
    ],
)
def test_a_list_asks_as_often_for_fifty_rows_as_for_five_and_never_counts(
    desk: Client, make_many: Callable[[int], None], address: str, most: int
) -> None:
    make_many(5)
    few = queries_of(desk, address)

    make_many(45)
    many = queries_of(desk, address)

    assert few == many <= most
