"""The routes of improvements: who may use them, and under which spellings."""

import pytest
from django.contrib.auth.models import User
from pytest_django import Settings
from rest_framework.test import APIClient

from tests.api import get, signed_in
from tests.strategies.api.improvement_rows import (
    CREATE,
    IMPROVEMENTS,
    STEPS,
    everything,
    post,
    propose,
)

pytestmark = pytest.mark.django_db


class TestWhoAndWhere:
    def test_a_stranger_is_refused_and_changes_nothing(self) -> None:
        improvement = propose()
        before = everything()
        one = f"{IMPROVEMENTS}/{improvement.pk}"
        client = APIClient()

        answers = [client.get(path) for path in (IMPROVEMENTS, f"{IMPROVEMENTS}/archived", one)]
        answers += [client.post(f"{one}/{name}") for name in STEPS]
        answers += [client.post(f"{IMPROVEMENTS}/activate-selected"), client.post(CREATE)]
        answers.append(client.delete(one))

        assert {answer.status_code for answer in answers} == {401}
        assert everything() == before

    @pytest.mark.parametrize("prefix", ["/strategies", "/strategies/strategies"])
    @pytest.mark.parametrize("slash", ["", "/"])
    def test_every_spelling_of_the_paths_is_answered(self, prefix: str, slash: str) -> None:
        improvement = propose()
        one = f"{prefix}/improvements/{improvement.pk}"

        for path in (f"{prefix}/improvements", f"{prefix}/improvements/archived", one):
            assert get(f"{path}{slash}")["success"]
        steps = ("archive", "reactivate", "activate-test", "apply")
        answers = [post(f"{one}/{name}{slash}") for name in steps]
        answers.append(
            post(
                f"{prefix}/improvement/create{slash}",
                {"strategy_id": improvement.strategy_id, "new_threshold": 5},
            )
        )
        created = answers[-1].json()["improvement_id"]
        selected = {"improvement_ids": [created]}
        answers.append(post(f"{prefix}/improvements/activate-selected{slash}", selected))
        answers.append(signed_in().delete(f"{prefix}/improvements/{created}{slash}"))
        assert {answer.status_code for answer in answers} == {200}

    def test_the_tokens_user_is_who_changed_it(self, settings: Settings) -> None:
        settings.API_TOKEN, settings.ADMIN_USER = "a-token-only-for-the-tests", "owner"
        User.objects.create_superuser("owner")
        improvement = propose()

        answer = APIClient().post(
            f"{IMPROVEMENTS}/{improvement.pk}/archive",
            headers={"authorization": "Token a-token-only-for-the-tests"},
        )

        assert answer.status_code == 200
        assert improvement.changes.get(new_status="archived").changed_by == "owner"
