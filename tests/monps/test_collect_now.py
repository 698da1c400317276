"""Starting a collection over the API: queued when the gate lets it pass."""

from collections.abc import Iterator
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from celery.signals import after_task_publish
from django.utils import timezone

from monps.celery import app
from odds.models import Collection, CurrentPlan, PlannerSettings
from odds.planner.plans import Budget
from tests.api import signed_in
from tests.factories import make_collection, make_sport

pytestmark = pytest.mark.django_db


@pytest.fixture
def published() -> Iterator[list[dict[str, Any]]]:
    """The tasks handed to the broker meanwhile: name, id and arguments."""
    tasks: list[dict[str, Any]] = []

    def note(headers: dict[str, Any], body: Any, **_kwargs: Any) -> None:
        tasks.append(
            {"task": headers["task"], "id": headers["id"], "args": body[0], "named": body[1]}
        )

    after_task_publish.connect(note)
    yield tasks
    after_task_publish.disconnect(note)


def post(body: Any, language: str = "en") -> Any:
    headers = {"Accept-Language": language}
    return signed_in().post("/odds/collect", body, format="json", headers=headers)


def plan_keeps(kept: int) -> None:
    """A plan in force that keeps so many credits for closing odds."""
    PlannerSettings.objects.create(is_on=True)
    budget = Budget(
        remaining=100, reserve=50, closings=kept, results=0, scans=0,
        unknown_closings=0, safety=0, later_scans=0,
    )  # fmt: skip
    CurrentPlan.objects.create(made_at=timezone.now(), budget=asdict(budget))


def test_a_sport_that_is_due_is_queued(published: list[dict[str, Any]]) -> None:
    make_sport()

    response = post({"sport": "soccer_epl"})

    assert response.status_code == 202
    [task] = published
    assert response.json() == {"accepted": True, "sport": "soccer_epl", "task_id": task["id"]}
    assert task["task"] == "monps.pipeline.collect_and_detect"
    assert (list(task["args"]), task["named"]) == (["soccer_epl"], {"is_forced": False})


def test_a_sport_that_is_not_due_is_refused_with_the_reason(
    published: list[dict[str, Any]],
) -> None:
    make_collection(started_at=timezone.now() - timedelta(minutes=30))

    response = post({"sport": "soccer_epl"})

    assert response.status_code == 409
    assert response.json() == {
        "detail": "Soccer Epl: no call, for it costs 1 and the next one is due in 1 h; force it "
        "to have it now."
    }
    assert published == []


def test_what_the_plan_keeps_is_refused_with_the_cost_and_the_reason(
    published: list[dict[str, Any]],
) -> None:
    long_ago = timezone.now() - timedelta(hours=5)
    make_collection(started_at=long_ago, credits_remaining=60, credits_used_this_month=440)
    plan_keeps(10)

    refused = post({"sport": "soccer_epl"})
    forced = post({"sport": "soccer_epl", "force": True})

    assert refused.status_code == 409
    assert refused.json() == {
        "detail": "Soccer Epl: no call, for it costs 1 and of 60 credits left 50 are the reserve "
        "and 10 are kept for planned closing odds and results; force it to have it all the same."
    }
    assert forced.status_code == 202
    assert len(published) == 1


def test_credits_that_the_plan_does_not_need_may_be_spent(published: list[dict[str, Any]]) -> None:
    long_ago = timezone.now() - timedelta(hours=5)
    make_collection(started_at=long_ago, credits_remaining=60, credits_used_this_month=440)
    plan_keeps(9)

    assert post({"sport": "soccer_epl"}).status_code == 202
    assert len(published) == 1


def test_a_pause_is_refused_with_the_time_and_a_forced_call_tries_the_key(
    published: list[dict[str, Any]],
) -> None:
    plan_keeps(0)
    make_collection(
        started_at=timezone.now() - timedelta(minutes=4), status="failed", failure="wrong_key"
    )

    refused = post({"sport": "soccer_epl"})
    forced = post({"sport": "soccer_epl", "force": True})

    assert refused.status_code == 409
    assert refused.json()["detail"].startswith(
        "Soccer Epl: no call, for it costs 1 and The Odds API refused the last one; the next "
        "is made in"
    )
    assert forced.status_code == 202
    assert len(published) == 1


def test_force_passes_over_the_interval(published: list[dict[str, Any]]) -> None:
    make_collection(started_at=timezone.now())

    response = post({"sport": "soccer_epl", "force": True})

    assert response.status_code == 202
    assert published[0]["named"] == {"is_forced": True}


def test_nothing_passes_over_the_reserve(published: list[dict[str, Any]]) -> None:
    make_collection(started_at=timezone.now(), credits_remaining=50, credits_used_this_month=450)

    response = post({"sport": "soccer_epl", "force": True})

    assert response.status_code == 409
    assert "reserve" in response.json()["detail"]
    assert published == []


def test_a_sport_nobody_knows_is_404(published: list[dict[str, Any]]) -> None:
    response = post({"sport": "quidditch"})

    assert response.status_code == 404
    assert response.json() == {"detail": "quidditch is not a sport MON_PS knows."}
    assert published == []


@pytest.mark.parametrize(
    ("body", "start"),
    [
        ({}, "sport: "),
        ({"sport": ""}, "sport: "),
        ({"sport": "soccer_epl", "force": "perhaps"}, "force: "),
        ([], "Invalid data"),
    ],
)
def test_a_body_that_cannot_be_used_is_400(body: Any, start: str) -> None:
    response = post(body)

    assert response.status_code == 400
    assert response.json()["detail"].startswith(start)


def test_a_body_that_is_not_json_is_400() -> None:
    response = signed_in().post("/odds/collect", "{", content_type="application/json")

    assert response.status_code == 400


def test_reading_never_collects() -> None:
    make_sport()

    assert signed_in().get("/odds/collect").status_code == 405
    assert not Collection.objects.exists()


def test_a_queue_that_does_not_answer_is_503(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    make_sport()
    monkeypatch.setattr(app.conf, "broker_write_url", f"redis+socket://{tmp_path}/nobody.sock")
    monkeypatch.setattr(app.amqp, "_producer_pool", None)
    monkeypatch.setattr(app, "_pool", None)

    response = post({"sport": "soccer_epl"})

    assert response.status_code == 503
    assert "try again" in response.json()["detail"]
