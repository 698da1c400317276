"""Every answer carries a request id, and one line of the log names it."""

import logging
import uuid

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


def test_an_answer_carries_an_id_of_its_own(client: Client):
    first, second = (client.get("/health")["X-Request-ID"] for _ in range(2))

    assert uuid.UUID(first) != uuid.UUID(second)


def test_the_callers_id_is_kept_and_logged(client: Client, caplog: pytest.LogCaptureFixture):
    with caplog.at_level(logging.INFO, logger="monps.request_log"):
        answer = client.get("/health?secret=1", headers={"X-Request-ID": "job-7"})

    assert answer["X-Request-ID"] == "job-7"
    assert "GET /health 200 in" in caplog.text
    assert "(job-7)" in caplog.text
    assert "secret" not in caplog.text


@pytest.mark.parametrize("forged", ["a" * 65, "x\ny", "<script>", "é"])
def test_an_id_that_could_forge_a_line_is_replaced(client: Client, forged: str):
    answer = client.get("/health", headers={"X-Request-ID": forged})

    uuid.UUID(answer["X-Request-ID"])
