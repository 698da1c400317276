"""`/agents/patron/…`: all agents as one voice, the same for one match and for twenty."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from betting.models import StakingSettings
from tests.api import get, signed_in, utc_text
from tests.strategies.api.agent_rows import (
    DAY,
    NOW,
    make_agent,
    make_measured,
    make_upcoming,
    predict,
)

HOUR = timedelta(hours=1)
GRADES = {
    "FORT SIGNAL": ("FORT SIGNAL", "text-green-400"),
    "BON SIGNAL": ("FORT SIGNAL", "text-green-400"),
    "SIGNAL MOYEN": ("ANALYSER", "text-blue-400"),
    "SIGNAL FAIBLE": ("PRUDENCE", "text-orange-400"),
    "REJET": ("EVITER", "text-red-400"),
}

pytestmark = pytest.mark.django_db


@pytest.fixture
def match() -> Any:
    return make_upcoming(provider_id="9f2c", home_team="Leeds", away_team="Fulham")


def patron(match_id: str = "9f2c") -> Any:
    return get(f"/agents/patron/analyze/{match_id}")


def batch(*match_ids: Any) -> Any:
    response = signed_in().post("/agents/patron/batch", list(match_ids), format="json")
    assert response.status_code == 200, response.content
    return response.json()


def test_it_has_exactly_the_originals_keys_and_where_they_come_from(match: Any) -> None:
    predict(make_agent("sharp_reference"), match, confidence=0.9)
    predict(make_agent("spread_optimizer"), match, confidence=0.8)

    answer = patron()

    original = {
        "match_id", "match_info", "score_global", "consensus", "consensus_description",
        "confiance_agregee", "recommendation", "action", "mise_recommandee_pct",
        "synthese_agents", "analyse_patron", "recommandations", "details_agents",
    }  # fmt: skip
    added = {"selection", "edge_pct", "predicted_at", "poids_mesures", "predictions"}
    assert set(answer) == original | added
    assert answer["match_info"] == {
        "home_team": "Leeds",
        "away_team": "Fulham",
        "sport": "soccer_epl",
        "commence_time": utc_text(NOW + DAY),
    }
    assert set(answer["analyse_patron"]) == {
        "point_fort",
        "point_vigilance",
        "arbitrage",
        "decision_finale",
    }
    assert (answer["selection"], answer["predictions"]) == ("home", 2)
    assert answer["predicted_at"] == utc_text(NOW - HOUR)


def test_without_records_all_voices_weigh_the_same(match: Any) -> None:
    predict(make_agent("sharp_reference"), match, confidence=0.9)
    predict(make_agent("spread_optimizer"), match, confidence=0.7)
    predict(make_agent("pattern_matcher"), match, confidence=1.0, outcome="away")
    make_agent("consensus_value")

    answer = patron()

    assert answer["consensus"] == "MAJORITAIRE (2/3)"
    assert answer["confiance_agregee"] == pytest.approx(80.0)
    assert answer["score_global"] == pytest.approx(160 / 3)  # two thirds of the weight agree
    assert answer["poids_mesures"] is False
    assert "poids égaux" in answer["analyse_patron"]["point_vigilance"]
    third = pytest.approx(1 / 3)
    assert answer["synthese_agents"] == {
        "spread_optimizer": {
            "signal": "MOYEN", "confiance": 70.0, "poids": third,
            "contribution": pytest.approx(70 / 3),
        },
        "pattern_matcher": {
            "signal": "OPPOSE", "confiance": 100.0, "poids": third, "contribution": 0.0,
        },
        "sharp_reference": {
            "signal": "FORT", "confiance": 90.0, "poids": third,
            "contribution": pytest.approx(30.0),
        },
        "consensus_value": {
            "signal": "AUCUN", "confiance": None, "poids": 0.0, "contribution": 0.0,
        },
    }  # fmt: skip
    shares = answer["synthese_agents"].values()
    assert sum(one["contribution"] for one in shares) == pytest.approx(answer["score_global"])


def test_voices_weigh_what_their_predictions_were_worth(match: Any) -> None:
    sharp, spread = make_agent("sharp_reference"), make_agent("spread_optimizer")
    pattern = make_agent("pattern_matcher")
    make_measured(sharp, 3.0)
    make_measured(spread, 1.0)
    make_measured(pattern, -2.0)
    predict(sharp, match, confidence=0.6)
    predict(spread, match, confidence=1.0)
    predict(pattern, match, outcome="away")

    answer = patron()

    weights = {key: one["poids"] for key, one in answer["synthese_agents"].items()}
    assert weights == pytest.approx(
        {"sharp_reference": 0.75, "spread_optimizer": 0.25, "pattern_matcher": 0.0}
    )
    assert answer["poids_mesures"] is True
    assert answer["score_global"] == pytest.approx(0.75 * 60 + 0.25 * 100)


@pytest.mark.parametrize(
    ("outcomes", "consensus"),
    [
        ((), "AUCUN (0/0)"),
        (("home",), "ISOLE (1/1)"),
        (("home", "home", "home"), "FORT (3/3)"),
        (("home", "home", "away"), "MAJORITAIRE (2/3)"),
        (("home", "home", "away", "draw"), "DIVISE (2/4)"),
        (("home", "away", "draw"), "CONFLICTUEL (1/3)"),
    ],
)
def test_the_consensus_counts_agents_on_one_outcome(
    match: Any, outcomes: tuple[str, ...], consensus: str
) -> None:
    keys = ("sharp_reference", "spread_optimizer", "pattern_matcher", "consensus_value")
    for key, outcome in zip(keys, outcomes, strict=False):
        predict(make_agent(key), match, outcome=outcome)

    assert patron()["consensus"] == consensus


@pytest.mark.parametrize(
    ("confidence", "voices", "advice"),
    [
        (0.80, 2, "FORT SIGNAL"),
        (0.79, 2, "BON SIGNAL"),
        (0.65, 2, "BON SIGNAL"),
        (0.64, 2, "SIGNAL MOYEN"),
        (0.50, 2, "SIGNAL MOYEN"),
        (0.49, 2, "SIGNAL FAIBLE"),
        (0.35, 2, "SIGNAL FAIBLE"),
        (0.34, 2, "REJET"),
        (1.00, 1, "SIGNAL MOYEN"),
        (0.40, 1, "SIGNAL FAIBLE"),
        (None, 2, "REJET"),
    ],
)
def test_grades_follow_score_and_number_of_voices_in_both_routes(
    match: Any, confidence: float | None, voices: int, advice: str
) -> None:
    for key in ("sharp_reference", "spread_optimizer")[:voices]:
        predict(make_agent(key), match, confidence=confidence)

    single, brief = patron(), batch("9f2c")["9f2c"]

    assert single["recommendation"] == brief["recommendation"] == advice
    assert (brief["label"], brief["color"]) == GRADES[advice]
    assert single["score_global"] == brief["score"]
    assert (single["score_global"] is None) == (confidence is None)
    assert brief["predictions"] == single["predictions"] == voices
    assert (single["mise_recommandee_pct"] > 0) == (advice not in {"SIGNAL FAIBLE", "REJET"})


class TestStake:
    def make_voices(self, match: Any, **given: Any) -> None:
        for key in ("sharp_reference", "spread_optimizer"):
            predict(make_agent(key), match, confidence=0.9, **given)

    def test_it_is_a_quarter_of_kelly(self, match: Any) -> None:
        self.make_voices(match, kelly=0.06)

        assert patron()["mise_recommandee_pct"] == pytest.approx(1.5)

    @pytest.mark.parametrize("cap", ["cap_bet_pct", "cap_match_pct", "cap_day_pct"])
    def test_it_stays_within_every_cap(self, match: Any, cap: str) -> None:
        StakingSettings.objects.create(**{"kelly_fraction": 1.0, "cap_bet_pct": 3.0, cap: 0.7})
        self.make_voices(match, kelly=0.06)

        assert patron()["mise_recommandee_pct"] == pytest.approx(0.7)

    def test_without_an_edge_it_is_nothing(self, match: Any) -> None:
        self.make_voices(match, edge_pct=0.0, kelly=0.0)

        assert patron()["mise_recommandee_pct"] == 0
        assert patron()["recommendation"] == "REJET"

    def test_after_kick_off_it_is_nothing(self) -> None:
        self.make_voices(make_upcoming(provider_id="9f2c", commence_time=NOW - HOUR))

        answer = patron()

        assert (answer["mise_recommandee_pct"], answer["recommendation"]) == (0, "REJET")
        assert "Le match a commencé." in answer["analyse_patron"]["point_vigilance"]
        assert batch("9f2c")["9f2c"]["label"] == "EVITER"

    def test_the_patrons_own_prediction_is_the_one_staked_on(self, match: Any) -> None:
        predict(make_agent("sharp_reference"), match, outcome="away", edge_pct=9.0)
        predict(make_agent("spread_optimizer"), match, confidence=0.9)
        predict(make_agent("patron"), match, edge_pct=2.5, kelly=0.02, confidence=0.9)

        answer = patron()

        assert (answer["selection"], answer["edge_pct"]) == ("home", 2.5)
        assert answer["consensus"] == "DIVISE (1/2)"
        assert "patron" not in answer["synthese_agents"]


def test_nothing_said_is_a_rejection_with_its_reason(match: Any) -> None:
    answer = patron()

    assert (answer["score_global"], answer["confiance_agregee"]) == (None, None)
    assert (answer["recommendation"], answer["mise_recommandee_pct"]) == ("REJET", 0)
    assert answer["consensus_description"] == "Aucun agent ne s'est prononcé sur une issue."
    assert answer["recommandations"] == ["Attendre : aucun agent n'a de prédiction sur ce match."]


class TestBatch:
    @pytest.mark.usefixtures("match")
    def test_unknown_matches_are_errors_among_the_others(self) -> None:
        answer = batch("9f2c", "nobody")

        assert list(answer) == ["9f2c", "nobody"]
        assert answer["nobody"] == {
            "score": None,
            "label": "ERREUR",
            "color": "text-gray-400",
            "recommendation": None,
            "predictions": 0,
        }

    def test_the_first_twenty_are_answered(self) -> None:
        ids = [make_upcoming().provider_id for _number in range(23)]

        assert list(batch(*ids)) == ids[:20]

    def test_twenty_matches_cost_as_many_queries_as_one(self) -> None:
        versions = [make_agent(key) for key in ("sharp_reference", "spread_optimizer", "patron")]
        ids = []
        for _number in range(20):
            match = make_upcoming()
            ids.append(match.provider_id)
            for version in versions:
                predict(version, match)
        with CaptureQueriesContext(connection) as one:
            batch(ids[0])

        with CaptureQueriesContext(connection) as all_of_them:
            batch(*ids)

        assert len(one) == len(all_of_them) == 7

    @pytest.mark.parametrize("body", [{}, "9f2c", [1], [["9f2c"]], None])
    def test_anything_but_a_list_of_ids_is_refused(self, body: Any) -> None:
        response = signed_in().post("/agents/patron/batch", body, format="json")

        assert response.status_code == 400
        assert response.json() == {"detail": "Give a JSON array of match ids."}

    def test_an_empty_list_has_an_empty_answer(self) -> None:
        assert batch() == {}
