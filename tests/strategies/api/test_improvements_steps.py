"""`/strategies/improvements/…`: each step of an improvement, and where it is refused."""

from typing import Any

import pytest

from strategies.api.improvement_answers import (
    ActivatedSerializer,
)
from strategies.models import Improvement, ImprovementChange
from tests.api import get, signed_in
from tests.strategies.api.improvement_rows import (
    IMPROVEMENTS,
    NOBODYS_ID,
    activate,
    everything,
    in_status,
    post,
    propose,
    propose_another,
    refusal,
    step,
)
from tests.strategies.ranking.asked import assert_as_described

pytestmark = pytest.mark.django_db


class TestSteps:
    @pytest.mark.parametrize("body", [{"reason": "trop peu"}, {}, {"reason": None}, None])
    def test_a_reason_comes_in_the_body_or_not_at_all(self, body: Any) -> None:
        improvement = propose()

        answer = step(improvement, "archive", body)

        wanted = (body or {}).get("reason")
        assert answer.json()["reason"] == wanted
        improvement.refresh_from_db()
        assert improvement.archived_reason == wanted

    def test_the_answer_to_a_test_says_which_one(self) -> None:
        improvement = propose()

        answer = step(improvement, "activate-test").json()

        told = {"success": True, "message": "A/B test activé"}
        assert answer == told | {"improvement_id": improvement.pk}
        assert get(IMPROVEMENTS)["improvements"][0]["status"] == "active"

    def test_applying_tells_the_gain_in_points(self) -> None:
        improvement = in_status(propose(baseline_win_rate=41.0), "active")
        Improvement.objects.filter(pk=improvement.pk).update(ab_test_matches_b=20, ab_test_wins_b=9)

        answer = step(improvement, "apply").json()

        assert answer == {
            "success": True,
            "message": "Amélioration appliquée",
            "improvement_id": improvement.pk,
            "performance_gain": 4.0,
        }

    def test_without_matches_the_gain_is_null(self) -> None:
        improvement = in_status(propose(baseline_win_rate=41.0), "active")

        assert step(improvement, "apply").json()["performance_gain"] is None

    @pytest.mark.parametrize("status", ["proposed", "active", "archived"])
    def test_what_was_never_applied_can_be_deleted(self, status: str) -> None:
        improvement = in_status(propose(), status)

        answer = signed_in().delete(f"{IMPROVEMENTS}/{improvement.pk}")

        assert answer.status_code == 200
        assert answer.json() == {"success": True, "message": "Amélioration rejetée"}
        assert not Improvement.objects.exists()

    def test_an_applied_one_is_not_deleted(self) -> None:
        improvement = in_status(propose(), "applied")

        answer = signed_in().delete(f"{IMPROVEMENTS}/{improvement.pk}")

        assert refusal(answer) == "Amélioration déjà appliquée"
        assert Improvement.objects.exists()

    @pytest.mark.parametrize(
        ("status", "name", "sentence"),
        [
            ("applied", "archive", "Amélioration déjà appliquée"),
            ("archived", "archive", "Amélioration déjà archivée"),
            ("proposed", "reactivate", "Amélioration n'est pas archivée"),
            ("active", "reactivate", "Amélioration n'est pas archivée"),
            ("applied", "reactivate", "Amélioration n'est pas archivée"),
            ("active", "activate-test", "A/B test déjà actif"),
            ("applied", "activate-test", "Amélioration déjà appliquée"),
            ("applied", "apply", "Déjà appliquée"),
            ("proposed", "apply", "A/B test n'est pas actif (status: proposed)"),
            ("archived", "apply", "A/B test n'est pas actif (status: archived)"),
        ],
    )
    def test_a_step_that_leads_nowhere_is_refused_in_the_originals_words(
        self, status: str, name: str, sentence: str
    ) -> None:
        improvement = in_status(propose(), status)
        before = everything()

        assert refusal(step(improvement, name)) == sentence
        assert everything() == before


class TestActivatingSelected:
    def test_it_names_what_it_began(self) -> None:
        one, other = propose(), in_status(propose("consensus_value"), "archived")

        answer = activate(other.pk, one.pk).json()

        assert_as_described(ActivatedSerializer, answer)
        rows = [(row["id"], row["agent_name"], row["status"]) for row in answer["improvements"]]
        assert rows == [
            (other.pk, "Consensus Value", "active"), (one.pk, "Sharp Reference", "active"),
        ]  # fmt: skip
        assert {row["ab_test_active"] for row in answer["improvements"]} == {True}

    def test_an_id_given_twice_counts_once(self) -> None:
        improvement = propose()

        answer = activate(improvement.pk, improvement.pk).json()

        assert (answer["activated"], answer["count"]) == ([improvement.pk], 1)
        assert ImprovementChange.objects.filter(new_status="active").count() == 1

    def test_none_selected_is_refused_in_one_sentence(self) -> None:
        assert refusal(activate()) == "Aucune amélioration sélectionnée"

    @pytest.mark.parametrize(
        "body",
        [
            {"improvement_ids": ["one"]},
            {"improvement_ids": [1.5]},
            {"improvement_ids": [None]},
            {"improvement_ids": [True]},
            {"improvement_ids": 1},
            {"improvement_ids": list(range(501))},
            {},
            [1],
        ],
    )
    def test_what_is_no_list_of_ids_is_refused(self, body: Any) -> None:
        assert refusal(post(f"{IMPROVEMENTS}/activate-selected", body))

    @pytest.mark.parametrize("pk", [NOBODYS_ID, 0, -1, 10**30])
    def test_an_unknown_one_leaves_all_as_they_were(self, pk: int) -> None:
        improvement = propose()
        before = everything()

        answer = activate(improvement.pk, pk)

        assert refusal(answer, 404) == "Certaines améliorations n'existent pas"
        assert everything() == before

    @pytest.mark.parametrize("status", ["active", "applied"])
    def test_one_in_a_wrong_state_leaves_all_as_they_were(self, status: str) -> None:
        improvement, other = propose(), in_status(propose("consensus_value"), status)
        before = everything()

        sentence = refusal(activate(improvement.pk, other.pk))

        wanted = f"Certaines améliorations ne peuvent pas être activées (status: {status})"
        assert sentence == wanted
        assert everything() == before

    def test_two_tests_of_one_strategy_are_refused(self) -> None:
        first = propose()
        other = propose_another(first)
        before = everything()

        assert "has a test already" in refusal(activate(first.pk, other.pk))
        assert everything() == before

    def test_a_second_test_of_a_strategy_is_refused_wherever_it_is_asked_for(self) -> None:
        first = propose()
        other = propose_another(first)
        in_status(first, "active")

        assert "has a test already" in refusal(activate(other.pk))
        assert "has a test already" in refusal(step(other, "activate-test"))
