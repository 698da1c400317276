"""`/strategies/improvements/{id}/traffic`: what each arm gets of real stakes, and why."""

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from odds.models import Match
from strategies import lifecycle
from strategies.api.traffic import TrafficSerializer
from strategies.models import ExperimentSettings, Improvement
from tests.api import get, signed_in
from tests.factories import NOON, make_match, make_prediction
from tests.strategies.api.improvement_rows import (
    IMPROVEMENTS,
    NOBODYS_ID,
    in_status,
    propose,
    refusal,
)
from tests.strategies.arm_rows import bring
from tests.strategies.ranking.asked import assert_as_described

pytestmark = pytest.mark.django_db
LEGACY = "/api/ferrari/improvements"
SPOKEN_ON = NOON + timedelta(days=10)


@pytest.fixture
def improvement() -> Improvement:
    return in_status(propose(), "active")


def traffic_of(improvement: Improvement) -> str:
    return f"{IMPROVEMENTS}/{improvement.pk}/traffic"


def speak(improvement: Improvement) -> Match:
    """A match of which B speaks on the tenth day."""
    match = make_match()
    make_prediction(version=improvement.version_b, match=match, predicted_at=SPOKEN_ON)
    return match


class TestShares:
    def test_both_arms_are_told_by_what_they_brought(self, improvement: Improvement) -> None:
        ExperimentSettings.objects.create(splits_real_stakes=True)
        bring(improvement, a=-1.0, b=2.0, count=40)
        counted = {"ab_test_matches_a": 40, "ab_test_matches_b": 40, "ab_test_wins_b": 40}
        Improvement.objects.filter(pk=improvement.pk).update(**counted)

        answer = get(traffic_of(improvement))

        first, second = answer["recommendations"]
        assert (answer["improvement_id"], answer["splits_real_stakes"]) == (improvement.pk, True)
        assert [first["arm"], second["arm"]] == ["a", "b"]
        assert first["variation_id"] == improvement.version_a_id
        assert second["variation_id"] == improvement.version_b_id
        assert [first["variation_name"], second["variation_name"]] == [
            "A: version 1",
            "B: version 2",
        ]
        assert [first["recommended_traffic"], second["recommended_traffic"]] == [5.0, 95.0]
        assert answer["total_traffic"] == 100.0
        assert [first["mean_profit"], second["mean_profit"]] == [-1.0, 2.0]
        assert [first["matches"], second["matches"]] == [40, 40]
        assert [first["expected_win_rate"], second["expected_win_rate"]] == [0.0, 100.0]
        assert first["low"] < first["expected_profit"] < first["high"] < 0
        # 40 of 40 + 30 matches' worth of evidence.
        assert second["expected_profit"] == pytest.approx(2 * 40 / 70, abs=1e-6)
        assert first["probability_best"] + second["probability_best"] == pytest.approx(1.0)
        for arm in (first, second):
            old = (arm["current_alpha"], arm["current_beta"], arm["confidence_interval"])
            assert old == (None, None, None)
        assert "assigned_to" not in answer

    def test_while_they_are_not_split_b_gets_none_and_the_answer_says_so(
        self, improvement: Improvement
    ) -> None:
        bring(improvement, a=-1.0, b=2.0, count=40)

        answer = get(traffic_of(improvement), match_id=speak(improvement).provider_id)

        first, second = answer["recommendations"]
        assert [first["recommended_traffic"], second["recommended_traffic"]] == [100.0, 0.0]
        assert second["probability_best"] > 0.95
        assert (answer["total_traffic"], answer["splits_real_stakes"]) == (100.0, False)
        assert answer["reason"].startswith("Real stakes are not split: all are arm A's")
        assert answer["assigned_to"] == "a"
        assert "not split" in answer["assigned_because"]

    def test_without_a_match_it_is_half_and_what_is_unknown_is_null(
        self, improvement: Improvement
    ) -> None:
        ExperimentSettings.objects.create(splits_real_stakes=True)

        for arm in get(traffic_of(improvement))["recommendations"]:
            assert (arm["recommended_traffic"], arm["probability_best"]) == (50.0, 0.5)
            assert (arm["matches"], arm["mean_profit"], arm["expected_win_rate"]) == (0, None, None)
            assert arm["low"] == -arm["high"] < 0


class TestWhose:
    def test_asked_again_it_says_the_same(self, improvement: Improvement) -> None:
        ExperimentSettings.objects.create(splits_real_stakes=True)
        match = speak(improvement)
        query = {"match_id": match.provider_id}

        first = get(traffic_of(improvement), **query)
        bring(improvement, a=-1.0, b=2.0, count=1)
        # Settled on the day it was spoken of: too late to have a say in it.
        improvement.version_b.predictions.exclude(match=match).update(settled_at=SPOKEN_ON)
        again = get(traffic_of(improvement), **query)

        assert first["match_id"] == match.provider_id
        assert first["assigned_to"] in {"a", "b"}
        assert first["assigned_because"].startswith("Drawn by the share")
        assert again["assigned_to"] == first["assigned_to"]
        assert again["recommendations"] != first["recommendations"]

    def test_nobody_is_told_before_an_arm_speaks(self, improvement: Improvement) -> None:
        ExperimentSettings.objects.create(splits_real_stakes=True)

        answer = get(traffic_of(improvement), match_id=make_match().provider_id)

        assert answer["assigned_to"] is None
        assert answer["assigned_because"].startswith("Neither arm")

    def test_an_empty_parameter_is_none(self, improvement: Improvement) -> None:
        assert "assigned_to" not in get(traffic_of(improvement), match_id="")


class TestRefusals:
    def test_there_is_no_such_improvement(self) -> None:
        answer = signed_in().get(f"{IMPROVEMENTS}/{NOBODYS_ID}/traffic")

        assert refusal(answer, 404) == "Amélioration non trouvée"

    @pytest.mark.parametrize("status", ["proposed", "applied", "archived"])
    def test_it_is_not_in_test(self, status: str) -> None:
        improvement = in_status(propose(), status)

        answer = signed_in().get(traffic_of(improvement))

        assert refusal(answer) == f"A/B test n'est pas actif (status: {status})"

    def test_there_is_no_such_match(self, improvement: Improvement) -> None:
        answer = signed_in().get(traffic_of(improvement), {"match_id": "nobodys"})

        assert refusal(answer, 404) == "Match nobodys not found"

    @pytest.mark.parametrize("match_id", ["\0", "x" * 65])
    def test_that_is_no_id(self, improvement: Improvement, match_id: str) -> None:
        answer = signed_in().get(traffic_of(improvement), {"match_id": match_id})

        assert refusal(answer).startswith("match_id: ")

    def test_a_stranger_is_refused(self, improvement: Improvement) -> None:
        assert APIClient().get(traffic_of(improvement)).status_code == 401


class TestReading:
    @pytest.mark.parametrize(
        "path",
        [
            f"{IMPROVEMENTS}/{{}}/traffic",
            f"{IMPROVEMENTS}/{{}}/traffic/",
            f"/strategies{IMPROVEMENTS}/{{}}/traffic",
            f"/strategies{IMPROVEMENTS}/{{}}/traffic/",
            f"{LEGACY}/{{}}/traffic-recommendation",
            f"{LEGACY}/{{}}/traffic-recommendation/",
        ],
    )
    def test_every_spelling_answers_the_same_and_needs_no_right_to_write(
        self, improvement: Improvement, path: str
    ) -> None:
        bring(improvement, a=1.0, b=-1.0, count=2)
        match = speak(improvement)

        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION READ ONLY")
            answer = get(path.format(improvement.pk), match_id=match.provider_id)

        assert answer == get(traffic_of(improvement), match_id=match.provider_id)
        assert_as_described(TrafficSerializer, answer)

    def test_its_queries_do_not_grow_with_the_test(self, improvement: Improvement) -> None:
        ExperimentSettings.objects.create(splits_real_stakes=True)
        query = {"match_id": speak(improvement).provider_id}
        counts = []
        for _round in range(2):
            with CaptureQueriesContext(connection) as asked:
                get(traffic_of(improvement), **query)
            counts.append(len(asked))
            bring(improvement, a=1.0, b=-1.0, count=5)

        # The improvement, the settings, both arms; the match, when it was spoken of, both arms.
        assert counts == [6, 6]

    def test_a_test_that_ended_is_told_no_more(self, improvement: Improvement) -> None:
        lifecycle.archive(improvement.pk, reason=None, now=NOON)

        assert signed_in().get(traffic_of(improvement)).status_code == 400
