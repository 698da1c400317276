"""What all routes of agents have in common: they only read, are bounded, and cost the same."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import InternalError, connection, transaction
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from tests.api import get, signed_in
from tests.factories import make_bookmaker, make_quote
from tests.strategies.api.agent_rows import (
    NOW,
    count_rows,
    look_at,
    make_agent,
    make_everything,
    make_upcoming,
    predict,
)

PATHS = [
    "/agents/signals",
    "/agents/performance",
    "/agents/health",
    "/agents/summary",
    "/agents/analyze/9f2c",
    "/agents/patron/analyze/9f2c",
    "/agents/stats",
    "/agents/stats/detailed",
    "/agents/recommendations",
    "/agents/recommendations?agent_name=spread_optimizer",
    "/agents/compare/spread_optimizer/sharp_reference",
    "/agents/comparison?agent1=anomaly_detector&agent2=pattern_matcher&sport=soccer_epl",
    "/stats/agents",
]
LISTS = {PATHS[0], PATHS[8], PATHS[9]}

pytestmark = pytest.mark.django_db


@contextmanager
def only_reading() -> Iterator[None]:
    """Inside it PostgreSQL refuses every write."""
    with transaction.atomic():  # at the end of this savepoint writing is allowed again
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION READ ONLY")
        yield


@pytest.mark.parametrize("path", PATHS)
def test_reading_needs_no_right_to_write(path: str) -> None:
    make_everything()
    before = count_rows()

    with only_reading():
        answer = get(path)

    assert answer
    assert count_rows() == before


def test_the_batch_is_a_post_that_needs_no_right_to_write() -> None:
    make_everything()
    before = count_rows()

    with only_reading():
        response = signed_in().post("/agents/patron/batch", ["9f2c"], format="json")

    assert response.json()["9f2c"]["label"] != "ERREUR"
    assert count_rows() == before


def test_what_forbids_writing_here_does_forbid_it() -> None:
    with pytest.raises(InternalError, match="read-only transaction"), only_reading():
        make_upcoming()


@pytest.mark.parametrize("path", PATHS)
def test_strangers_are_refused(path: str) -> None:
    response = APIClient().get(path)

    assert response.status_code == 401
    assert set(response.json()) == {"detail"}


def test_strangers_may_not_ask_for_a_batch_even_where_reading_is_public(settings: Any) -> None:
    settings.API_PUBLIC_READ = True

    response = APIClient().post("/agents/patron/batch", [], format="json")

    assert response.status_code == 401


@pytest.mark.parametrize("path", PATHS)
def test_old_spellings_answer_the_same(path: str) -> None:
    make_everything()
    prefix = path.split("/")[1]
    bare, _mark, query = path.partition("?")
    first, second = get(path), get(f"/{prefix}{bare}/?{query}")

    for answer in (first, second):
        if isinstance(answer, dict):
            answer.pop("timestamp", None)
    assert first == second


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_what_is_read_cannot_be_written_to(method: str) -> None:
    assert getattr(signed_in(), method)("/agents/signals").status_code == 405


@pytest.mark.parametrize("path", PATHS)
def test_three_predictions_cost_as_many_queries_as_three_hundred(path: str) -> None:
    match = make_upcoming(provider_id="9f2c")
    look_at(match, NOW)
    keys = ("anomaly_detector", "spread_optimizer", "pattern_matcher", "sharp_reference", "patron")
    versions = [make_agent(key) for key in keys]
    make_quote("2.10", "3.40", "3.60", match=match, seen_at=NOW)
    for version in versions:
        predict(version, match)
    with CaptureQueriesContext(connection) as few:
        get(path)

    for number in range(60):
        other = make_upcoming()
        bookmaker = make_bookmaker(f"book{number % 7}")
        make_quote("2.10", "3.40", "3.60", match=other, bookmaker=bookmaker, seen_at=NOW)
        for version in versions:
            predict(version, other)
    with CaptureQueriesContext(connection) as many:
        get(path)

    assert len(many) == len(few)
    assert len(few) <= 14


@pytest.mark.parametrize("path", PATHS)
def test_an_empty_database_has_an_answer(path: str) -> None:
    if "9f2c" in path:
        make_upcoming(provider_id="9f2c")

    answer = get(path)

    assert (answer == []) == (path in LISTS)


@pytest.mark.parametrize("path", ["/agents/analyze/nobody", "/agents/patron/analyze/nobody"])
def test_an_unknown_match_is_not_found(path: str) -> None:
    response = signed_in().get(path)

    assert response.status_code == 404
    assert response.json() == {"detail": "Match nobody not found"}


@pytest.mark.parametrize(
    "path",
    [
        "/agents/recommendations?agent_name=titan",
        "/agents/compare/titan/sharp_reference",
        "/agents/comparison?agent1=titan",
    ],
)
def test_an_unknown_agent_is_named_with_those_there_are(path: str) -> None:
    make_agent("sharp_reference")

    response = signed_in().get(path)

    assert response.status_code == 404
    assert response.json()["detail"].startswith(
        "There is no agent titan; there are anomaly_detector, spread_optimizer, pattern_matcher, "
    )
    assert "sharp_reference" in response.json()["detail"]


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/agents/recommendations?limit=201", "limit"),
        ("/agents/recommendations?limit=0", "limit"),
        ("/agents/comparison?days=366", "days"),
        ("/agents/comparison?days=0", "days"),
        ("/agents/comparison?min_edge=much", "min_edge"),
    ],
)
def test_values_out_of_bounds_are_refused_in_one_sentence(path: str, name: str) -> None:
    response = signed_in().get(path)

    assert response.status_code == 400
    assert response.json()["detail"].startswith(f"{name}: ")
