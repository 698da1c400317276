"""`/strategies/improvement/create`: what can be proposed, and what cannot."""

from typing import Any

import pytest
from django.utils import timezone

from strategies.models import Improvement
from tests.api import get
from tests.factories import make_strategy
from tests.strategies.api.improvement_rows import (
    CREATE,
    IMPROVEMENTS,
    NOBODYS_ID,
    post,
    propose,
    record,
    refusal,
)

pytestmark = pytest.mark.django_db


class TestCreating:
    def test_a_threshold_alone_is_a_complete_change(self) -> None:
        strategy = make_strategy("arbitrage_finder").strategy
        assert strategy.rules.threshold == "minimum_profit_pct"

        answer = post(CREATE, {"strategy_id": strategy.pk, "new_threshold": 1.5})

        improvement = Improvement.objects.get()
        told = {"success": True, "message": "Amélioration créée"}
        assert answer.json() == told | {"improvement_id": improvement.pk}
        assert improvement.new_parameters == {"minimum_profit_pct": 1.5}
        assert (improvement.status, improvement.new_threshold) == ("proposed", 1.5)
        assert improvement.changes.get().changed_by == "bettor"

    def test_everything_can_be_said_in_the_body(self) -> None:
        strategy = make_strategy().strategy
        body = {
            "strategy_id": strategy.pk,
            "new_parameters": {"maximum_edge_pct": 10},
            "new_threshold": 3,
            "failure_pattern": "Favoris surestimés",
            "missing_factors": ["blessures", "météo"],
            "recommended_adjustments": ["Relever le seuil"],
            "llm_reasoning": "Trop de paris",
            "expected_improvement": 2.5,
            "baseline_win_rate": 40,
            "baseline_roi": -2,
            "baseline_samples": 12,
        }

        pk = post(CREATE, body).json()["improvement_id"]

        told = get(f"{IMPROVEMENTS}/{pk}")["improvement"]
        del body["new_parameters"]
        assert told["new_parameters"] == {"minimum_edge_pct": 3, "maximum_edge_pct": 10}
        assert {name: told[name] for name in body} == body

    def test_the_originals_query_parameters_still_count(self) -> None:
        strategy = make_strategy().strategy
        query = f"strategy_id={strategy.pk}&failure_pattern=Favoris&llm_reasoning=Trop"

        answer = post(f"{CREATE}?{query}", {"new_parameters": {"minimum_edge_pct": 3}})

        assert answer.status_code == 200
        improvement = Improvement.objects.get()
        assert (improvement.failure_pattern, improvement.llm_reasoning) == ("Favoris", "Trop")

    def test_what_came_before_is_the_record_of_the_version_in_force(self) -> None:
        first = propose()
        record(first, settled=50, win_rate=41.2, roi=-3.1)

        post(CREATE, {"strategy_id": first.strategy_id, "new_threshold": 5})

        created = Improvement.objects.latest("pk")
        assert (created.baseline_win_rate, created.baseline_roi) == (41.2, -3.1)
        assert created.baseline_samples == 50

    def test_it_is_dated_now(self) -> None:
        strategy, before = make_strategy().strategy, timezone.now()

        post(CREATE, {"strategy_id": strategy.pk, "new_threshold": 3})

        assert before <= Improvement.objects.get().created_at <= timezone.now()

    @pytest.mark.parametrize(
        ("asked", "sentence"),
        [
            ({}, "Nothing would change"),
            ({"new_threshold": None}, "Nothing would change"),
            ({"new_threshold": 2.0}, "Nothing would change"),
            ({"new_parameters": {"minimum_edge_pct": 2}}, "Nothing would change"),
            ({"new_threshold": 99}, "must lie between 0 and 20"),
            ({"new_parameters": {"maximum_edge_pct": -1}}, "must lie between"),
            ({"new_parameters": {"unknown": 1}}, "There is no parameter 'unknown'"),
            ({"new_parameters": {"minimum_edge_pct": 3}, "new_threshold": 4}, "differ"),
            ({"new_threshold": "high"}, "new_threshold"),
            ({"new_threshold": True}, "new_threshold"),
            ({"new_threshold": "NaN"}, "new_threshold"),
            ({"new_threshold": 10**400}, "new_threshold"),
            ({"new_parameters": [3]}, "new_parameters"),
            ({"new_threshold": 3, "missing_factors": "blessures"}, "missing_factors"),
            ({"new_threshold": 3, "baseline_win_rate": 101}, "baseline_win_rate"),
            ({"new_threshold": 3, "strategy_id": "x"}, "strategy_id"),
            ({"new_threshold": 3, "strategy_id": None}, "strategy_id"),
        ],
    )
    def test_what_cannot_be_proposed_is_refused_in_one_sentence(
        self, asked: Any, sentence: str
    ) -> None:
        strategy = make_strategy().strategy

        answer = post(CREATE, {"strategy_id": strategy.pk} | asked)

        assert sentence in refusal(answer)
        assert not Improvement.objects.exists()

    def test_an_unknown_strategy_is_404(self) -> None:
        answer = post(CREATE, {"strategy_id": NOBODYS_ID, "new_threshold": 3})

        assert refusal(answer, 404) == f"Stratégie {NOBODYS_ID} non trouvée"
