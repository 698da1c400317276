"""Sports, matches and collections in the admin."""

import json
import re
import zlib
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from celery.signals import after_task_publish
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from odds.models import Match, RawPayload, Sport
from tests.factories import (
    make_bookmaker,
    make_collection,
    make_match,
    make_sport,
)

pytestmark = pytest.mark.django_db

ENGLISH = {"accept-language": "en"}


@pytest.fixture
def desk() -> Client:
    client = Client()
    client.force_login(User.objects.create(username="owner", is_staff=True, is_superuser=True))
    return client


@pytest.fixture
def published() -> Iterator[list[tuple[str, list[Any]]]]:
    """Name and arguments of the tasks handed to the broker meanwhile."""
    tasks: list[tuple[str, list[Any]]] = []

    def note(headers: dict[str, Any], body: Any, **_kwargs: Any) -> None:
        tasks.append((headers["task"], list(body[0])))

    after_task_publish.connect(note)
    yield tasks
    after_task_publish.disconnect(note)


def collect(client: Client, action: str, *sports: Sport) -> str:
    """Run an action on the list of sports; the messages it leaves, in English."""
    answer = client.post(
        "/admin/odds/sport/",
        {"action": action, "_selected_action": [sport.pk for sport in sports]},
        headers=ENGLISH,
        follow=True,
    )
    return " ".join(str(message) for message in answer.context["messages"])


def test_a_sport_that_is_due_is_queued(desk: Client, published: list[Any]) -> None:
    sport = make_sport()

    said = collect(desk, "collect_now", sport)

    assert published == [("monps.pipeline.collect_and_detect", ["soccer_epl", False])]
    assert "queued" in said


def test_a_sport_that_is_not_due_is_refused_with_the_time(
    desk: Client, published: list[Any]
) -> None:
    collection = make_collection(started_at=timezone.now() - timedelta(minutes=30))

    said = collect(desk, "collect_now", collection.sport)

    assert published == []
    assert "it costs 1 and the next one is due in 1 h" in said  # 2 h after the last, 30 min ago


def test_force_passes_over_the_interval_but_never_over_the_reserve(
    desk: Client, published: list[Any]
) -> None:
    recent = make_collection(started_at=timezone.now())
    collect(desk, "force_collection", recent.sport)
    make_collection(started_at=timezone.now(), credits_remaining=50, credits_used_this_month=450)

    said = collect(desk, "force_collection", recent.sport)

    assert published == [("monps.pipeline.collect_and_detect", ["soccer_epl", True])]
    assert "50 credits are left, 50 are the reserve" in said


def test_sports_are_switched_on_in_the_list(desk: Client) -> None:
    sport = make_sport()

    desk.post(
        "/admin/odds/sport/",
        {
            "form-TOTAL_FORMS": 1,
            "form-INITIAL_FORMS": 1,
            "form-0-id": sport.pk,
            "form-0-is_collected": "on",
            "_save": "Save",
        },
    )

    assert Sport.objects.get().is_collected


def test_coming_matches_are_listed_next_first_and_past_ones_on_request(desk: Client) -> None:
    now = timezone.now()
    later = make_match(commence_time=now + timedelta(days=2))
    next_one = make_match(commence_time=now + timedelta(hours=2))
    past = make_match(commence_time=now - timedelta(hours=2))

    def listed(query: str) -> list[Match]:
        return list(desk.get(f"/admin/odds/match/{query}").context["cl"].result_list)

    assert listed("") == [next_one, later]
    assert listed("?when=past") == [past]
    assert set(listed("?when=all")) == {next_one, later, past}


def test_the_page_of_a_call_accounts_for_its_quotes_with_the_reasons(desk: Client) -> None:
    account = {"received": 10, "stored": 4, "unchanged": 3, "rejected": {"outcome missing": 3}}
    collection = make_collection(
        tally={"h2h": account}, quotes_received=10, quotes_stored=4, quotes_unchanged=3,
        quotes_rejected=3,
    )  # fmt: skip
    address = reverse("admin:odds_collection_change", args=[collection.pk])

    english = desk.get(address, headers=ENGLISH)
    french = desk.get(address, headers={"accept-language": "fr"})

    [row] = english.context["accounts"]
    assert (row.received, row.stored, row.unchanged, row.rejected) == (10, 4, 3, 3)
    assert "outcome missing (3)" in english.content.decode()
    assert "issue manquante (3)" in french.content.decode()


def test_the_answer_is_downloaded_as_it_came(desk: Client) -> None:
    collection = make_collection()
    RawPayload.objects.create(collection=collection, body=zlib.compress(b'[{"id": "x"}]'))
    address = reverse("admin:odds_collection_payload", args=[collection.pk])

    answer = desk.get(address)

    assert json.loads(answer.content) == [{"id": "x"}]
    assert "attachment" in answer.headers["Content-Disposition"]
    assert Client().get(address).status_code == 302  # to the sign-in
    assert desk.get(reverse("admin:odds_collection_payload", args=[0])).status_code == 404


def test_the_credits_chart_tells_the_months_answers_in_order(desk: Client) -> None:
    now = timezone.now()
    make_collection(started_at=now - timedelta(minutes=2), credits_remaining=481)
    make_collection(started_at=now - timedelta(minutes=1), credits_remaining=480)
    make_collection(started_at=now - timedelta(days=32), credits_remaining=3)

    page = desk.get("/admin/odds/collection/")

    chart = page.context["credits_chart"]
    assert [left for _when, left in chart["left"]] == [481, 480]
    assert (chart["limit"], chart["reserve"]) == (500, 50)


def test_a_field_in_a_list_says_what_it_is_of_which_row(desk: Client) -> None:
    make_sport(title="Ligue 1")
    make_bookmaker("betclic_fr", title="Betclic")

    sports = desk.get(reverse("admin:odds_sport_changelist"), headers=ENGLISH).content.decode()
    books = desk.get(reverse("admin:odds_bookmaker_changelist"), headers=ENGLISH).content.decode()

    assert re.search(r'name="form-0-is_collected"[^>]* aria-label="[^"]+, Ligue 1"', sports)
    assert re.search(r'name="form-0-commission"[^>]* aria-label="Commission, Betclic"', books)
