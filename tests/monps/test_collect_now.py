"""Starting a collection over the API: queued when the gate lets it pass."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from celery.signals import after_task_publish
from django.utils import timezone

from monps.celery import app
from odds.models import Collection
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


def post(body: Any) -> Any:
    return signed_in().post("/odds/collect", body, format="json")


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
    make_collection(started_at=timezone.now())

    response = post({"sport": "soccer_epl"})

    assert response.status_code == 409
    assert "not due before" in response.json()["detail"]
    assert published == []


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
