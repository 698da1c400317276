"""The route that has the strategies analysed: by a worker, or while the caller waits."""

import pytest
from rest_framework.test import APIClient

from strategies.models import Improvement, LearningRun
from tests.api import signed_in
from tests.factories import make_strategy
from tests.strategies.learning.stored import make_record

pytestmark = pytest.mark.django_db
ROUTE = "/strategies/meta-learning/analyze"


@pytest.fixture(autouse=True)
def no_key(settings):
    settings.OPENAI_API_KEY = ""
    settings.LANGUAGE_CODE = "en"


def test_a_stranger_starts_nothing():
    assert APIClient().post(ROUTE).status_code == 401


def test_it_is_queued_and_answered_with_its_id():
    answer = signed_in().post(ROUTE)

    assert answer.status_code == 202
    assert answer.json().keys() == {"success", "status", "task_id"}
    assert answer.json()["status"] == "queued"


def test_whoever_waits_gets_the_originals_answer():
    version = make_record()
    other = make_strategy("line_mover").strategy

    answer = signed_in().post(f"{ROUTE}/?sync=1")

    assert answer.status_code == 200, answer.content
    told = answer.json()
    improvement = Improvement.objects.get()
    run = LearningRun.objects.get()
    assert told == {
        "success": True,
        "message": "Analyse statistique terminée",
        "improvements_created": 1,
        "output": f"{version.strategy}: proposed. {run.sentence}",
        "cost_usd": 0.0,
        "strategies_analyzed": 1,
        "skipped": [
            {
                "strategy_id": other.pk,
                "reason": "0 matches are graded; it takes 30 to tell of and 30 held out.",
            }
        ],
    }
    assert improvement.strategy == version.strategy
