"""`/strategies/improvements`: lists and details, and who may ask for them."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from strategies import lifecycle
from strategies.api.improvement_answers import (
    ArchivedImprovementsSerializer,
    ImprovementsSerializer,
    OneImprovementSerializer,
)
from strategies.models import Improvement, ImprovementChange
from tests.api import get, signed_in, utc_text
from tests.factories import NOON, make_strategy
from tests.strategies.api.improvement_rows import (
    IMPROVEMENTS,
    NOBODYS_ID,
    STEPS,
    activate,
    in_status,
    post,
    propose,
    propose_another,
    record,
    refusal,
    step,
)
from tests.strategies.ranking.asked import assert_as_described

pytestmark = pytest.mark.django_db


class TestTheWholeScenario:
    def test_archive_list_take_back_and_test_two(self) -> None:
        first = propose("spread_optimizer")
        second, third = propose("pattern_matcher"), propose("sharp_reference")

        put_away = post(f"{IMPROVEMENTS}/{first.pk}/archive?reason=Test").json()
        away = get(f"{IMPROVEMENTS}/archived")
        kept = get(IMPROVEMENTS)
        taken_back = step(first, "reactivate").json()
        activated = activate(first.pk, third.pk).json()
        listed = {row["id"]: row for row in get(IMPROVEMENTS)["improvements"]}

        name = "Spread Optimizer Ferrari 2.0"
        told = {"success": True, "improvement_id": first.pk, "agent_name": name}
        assert put_away == told | {"status": "archived", "reason": "Test"}
        assert [row["archived_reason"] for row in away["improvements"]] == ["Test"]
        assert [row["id"] for row in kept["improvements"]] == [third.pk, second.pk]
        assert taken_back == told | {"status": "proposed"}
        assert activated["activated"] == activated["ids"] == [first.pk, third.pk]
        assert (activated["success"], activated["count"]) == (True, 2)
        tests = {pk: (row["status"], row["ab_test_active"]) for pk, row in listed.items()}
        assert tests == {
            first.pk: ("active", True),
            second.pk: ("proposed", False),
            third.pk: ("active", True),
        }

    def test_every_step_is_noted_with_who_asked_for_it(self) -> None:
        improvement = propose()

        step(improvement, "archive", {"reason": "Test"})
        step(improvement, "reactivate")
        step(improvement, "activate-test")
        step(improvement, "apply")

        changes = ImprovementChange.objects.filter(improvement=improvement).order_by("pk")
        assert [(row.new_status, row.changed_by, row.reason) for row in changes[1:]] == [
            ("archived", "bettor", "Test"),
            ("proposed", "bettor", ""),
            ("active", "bettor", ""),
            ("applied", "bettor", ""),
        ]


class TestLists:
    def test_it_has_the_originals_fields_and_the_status(self) -> None:
        improvement = propose(
            baseline_win_rate=41.2,
            baseline_roi=-3.1,
            baseline_samples=34,
            failure_pattern="Favoris surestimés",
            missing_factors=["blessures"],
            recommended_adjustments=["Relever le seuil"],
            llm_reasoning="Trop de paris",
            analyzed_at=NOON,
        )

        answer = get(IMPROVEMENTS)

        assert_as_described(ImprovementsSerializer, answer)
        assert (answer["success"], answer["total"]) == (True, 1)
        assert answer["improvements"] == [
            {
                "id": improvement.pk,
                "strategy_id": improvement.strategy_id,
                "agent_name": "Sharp Reference",
                "strategy_name": "Buchdahl",
                "status": "proposed",
                "baseline_win_rate": 41.2,
                "baseline_roi": -3.1,
                "baseline_samples": 34,
                "failure_pattern": "Favoris surestimés",
                "missing_factors": ["blessures"],
                "recommended_adjustments": ["Relever le seuil"],
                "llm_reasoning": "Trop de paris",
                "new_threshold": 3.5,
                "old_threshold": 2.0,
                "ab_test_active": False,
                "ab_test_start": None,
                "ab_test_matches_a": 0,
                "ab_test_matches_b": 0,
                "ab_test_wins_a": 0,
                "ab_test_wins_b": 0,
                "ab_win_rate_a": None,
                "ab_win_rate_b": None,
                "improvement_validated": False,
                "improvement_applied": False,
                "performance_gain": None,
                "created_at": utc_text(NOON),
                "analyzed_at": utc_text(NOON),
            }
        ]

    def test_win_rates_are_of_the_matches_each_arm_settled(self) -> None:
        improvement = in_status(propose(), "active")
        Improvement.objects.filter(pk=improvement.pk).update(
            ab_test_matches_a=3, ab_test_wins_a=1, ab_test_matches_b=7, ab_test_wins_b=5
        )

        (row,) = get(IMPROVEMENTS)["improvements"]

        assert (row["ab_win_rate_a"], row["ab_win_rate_b"]) == (33.33, 71.43)

    def test_the_newest_comes_first_and_the_list_is_bounded(self) -> None:
        first = propose()
        later = propose_another(first, now=NOON + timedelta(hours=1))
        for number in range(3):
            propose_another(first, 5.5 + number, now=NOON - timedelta(hours=1))

        answer = get(IMPROVEMENTS, limit=2)

        assert [row["id"] for row in answer["improvements"]] == [later.pk, first.pk]
        assert answer["total"] == 5
        refused = signed_in().get(IMPROVEMENTS, {"limit": 501})
        assert refusal(refused).startswith("limit")

    def test_statuses_can_be_chosen(self) -> None:
        first = propose()
        ids = {
            "proposed": first.pk,
            "active": in_status(propose_another(first), "active").pk,
            "archived": in_status(propose_another(first, 5.5), "archived").pk,
            "applied": in_status(propose("consensus_value"), "applied").pk,
        }

        def chosen(**query: str) -> set[int]:
            return {row["id"] for row in get(IMPROVEMENTS, **query)["improvements"]}

        assert chosen() == {ids["proposed"], ids["active"], ids["applied"]}
        assert chosen(status="") == chosen()
        assert chosen(status="proposed,applied") == {ids["proposed"], ids["applied"]}
        assert chosen(status="archived, active") == {ids["archived"], ids["active"]}

    def test_a_status_there_is_none_of_is_refused(self) -> None:
        sentence = refusal(signed_in().get(IMPROVEMENTS, {"status": "proposed,done"}))

        assert "'done'" in sentence
        assert "proposed, active, applied, archived" in sentence

    def test_the_one_put_away_last_comes_first_in_the_archive(self) -> None:
        first = propose()
        second = propose_another(first, now=NOON + timedelta(hours=1))
        lifecycle.archive(second.pk, reason="r", now=NOON + timedelta(hours=2))
        lifecycle.archive(first.pk, reason=None, now=NOON + timedelta(hours=3))

        answer = get(f"{IMPROVEMENTS}/archived")

        assert_as_described(ArchivedImprovementsSerializer, answer)
        assert [row["id"] for row in answer["improvements"]] == [first.pk, second.pk]
        assert [row["archived_reason"] for row in answer["improvements"]] == [None, "r"]
        assert answer["improvements"][0]["archived_at"] == utc_text(NOON + timedelta(hours=3))
        assert get(f"{IMPROVEMENTS}/archived", limit=1)["total"] == 2

    @pytest.mark.parametrize("archive", [False, True])
    def test_a_hundred_cost_no_more_queries_than_three(self, *, archive: bool) -> None:
        path = f"{IMPROVEMENTS}/archived" if archive else IMPROVEMENTS

        def add(count: int) -> None:
            for number in range(count):
                strategy = make_strategy(strategy_name=f"{Improvement.objects.count()} {number}")
                row = lifecycle.propose(strategy.strategy, {"minimum_edge_pct": 3.0}, now=NOON)
                in_status(row, "archived" if archive else "proposed")

        def queries() -> int:
            with CaptureQueriesContext(connection) as captured:
                get(path)
            return len(captured)

        add(3)
        of_three = queries()
        add(97)

        assert len(get(path)["improvements"]) == 100
        assert queries() == of_three == 2


class TestOne:
    def test_it_has_all_columns_and_where_the_strategy_stands(self) -> None:
        improvement = in_status(propose(baseline_win_rate=40.0), "active")
        record(improvement)

        answer = get(f"{IMPROVEMENTS}/{improvement.pk}")

        assert_as_described(OneImprovementSerializer, answer)
        told = answer["improvement"]
        columns = {field.attname for field in Improvement._meta.concrete_fields}
        assert columns <= told.keys()
        assert told["new_parameters"] == {"minimum_edge_pct": 3.5}
        assert (told["verdict"], told["clv_gain"], told["paired_matches"]) == (None, None, 0)
        assert (told["status"], told["ab_test_start"]) == ("active", utc_text(NOON))
        current = (told["current_win_rate"], told["current_roi"], told["current_tier"])
        assert current == (41.2, -3.1, "C")
        assert (told["archived_at"], told["archived_reason"]) == (None, None)

    def test_what_is_not_known_is_null_and_never_zero(self) -> None:
        improvement = propose()

        told = get(f"{IMPROVEMENTS}/{improvement.pk}")["improvement"]

        names = ("baseline_win_rate", "current_win_rate", "current_roi", "current_tier")
        assert {told[name] for name in names} == {None}

    def test_the_record_of_a_version_no_longer_in_force_is_not_shown(self) -> None:
        improvement = in_status(propose(), "active")
        record(improvement)
        lifecycle.apply(improvement.pk, now=NOON)

        told = get(f"{IMPROVEMENTS}/{improvement.pk}")["improvement"]

        assert (told["improvement_applied"], told["improvement_validated"]) == (True, True)
        assert told["current_win_rate"] is None

    @pytest.mark.parametrize("pk", [NOBODYS_ID, 10**30])
    def test_an_unknown_one_is_404(self, pk: int) -> None:
        path = f"{IMPROVEMENTS}/{pk}"

        answers = [signed_in().get(path), signed_in().delete(path)]
        answers += [post(f"{path}/{name}") for name in STEPS]

        assert {refusal(one, 404) for one in answers} == {"Amélioration non trouvée"}
