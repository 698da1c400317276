"""A request to place a bet that comes twice, one after the other or at once, makes one bet."""

from threading import Barrier, Thread
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from pytest_django import Settings
from rest_framework.test import APIClient

from betting.models import Bet, LedgerEntry
from odds.models import Bookmaker
from tests.betting.asked_bets import BODIES, ROUTES, classic, post
from tests.factories import make_account, make_bookmaker, make_match

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _known() -> None:
    make_account("1000")
    make_bookmaker("betclic_fr", title="Betclic (FR)")
    make_match(provider_id="9f2c", home_team="Leeds", away_team="Fulham")


@pytest.mark.parametrize("path", ROUTES)
def test_a_repeated_request_makes_one_bet_and_the_same_answer(path: str):
    body = BODIES[path]()

    first = post(path, body, **{"Idempotency-Key": "a"})
    again = post(path, dict(reversed(body.items())), **{"Idempotency-Key": "a"})
    in_body = post(path, body | {"idempotency_key": "a"})

    assert first.status_code == again.status_code == in_body.status_code < 300
    assert first.json() == again.json() == in_body.json()
    assert Bet.objects.count() == 1
    assert LedgerEntry.objects.of_kinds("stake").count() == 1


@pytest.mark.parametrize("path", ROUTES)
def test_another_request_under_the_same_key_is_refused(path: str):
    post(path, BODIES[path](), **{"Idempotency-Key": "a"})

    response = post(path, BODIES[path](stake=11), **{"Idempotency-Key": "a"})

    assert response.status_code == 400
    assert "used for another bet" in response.json()["detail"]
    assert Bet.objects.count() == 1


def test_a_repeated_entry_of_an_ended_bet_is_settled_once():
    for _time in range(2):
        post("/bets/", classic(result="won"), **{"Idempotency-Key": "a"})

    assert Bet.objects.get().entries.count() == 2


def test_without_a_key_the_same_bet_can_be_placed_twice():
    assert post("/bets/", classic()).json()["id"] != post("/bets/", classic()).json()["id"]


def test_a_key_that_is_too_long_is_refused():
    response = post("/bets/", classic(), **{"Idempotency-Key": "x" * 121})

    assert response.status_code == 400
    assert response.json()["detail"].startswith("idempotency_key")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "given",
    [{}, {"bookmaker": "Nouveau"}, {"stake": "1000.00"}],
    ids=["as usual", "at a new bookmaker", "with all there is"],
)
def test_two_requests_at_once_make_one_bet(given: dict[str, Any], settings: Settings):
    settings.API_TOKEN, settings.ADMIN_USER = "a-token-only-for-the-tests", "admin"
    User.objects.create_superuser("admin")
    answers, start = [], Barrier(2)

    def ask() -> None:
        start.wait()
        try:
            response = APIClient().post(
                "/bets/",
                classic(**given),
                format="json",
                headers={
                    "authorization": "Token a-token-only-for-the-tests",
                    "idempotency-key": "race",
                },
            )
            answers.append((response.status_code, response.json()))
        finally:
            connection.close()

    threads = [Thread(target=ask) for _number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert answers[0] == answers[1]
    assert answers[0][0] == 201
    assert Bet.objects.count() == 1
    assert LedgerEntry.objects.of_kinds("stake").count() == 1
    assert Bookmaker.objects.count() == 1 + ("bookmaker" in given)
