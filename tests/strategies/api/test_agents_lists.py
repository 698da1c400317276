"""`/agents/stats…`, `/agents/recommendations` and `/stats/agents`: predictions of late, summed."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from tests.api import get, utc_text
from tests.factories import make_bet, make_match, make_sport
from tests.strategies.api.agent_rows import (
    DAY,
    NOW,
    make_agent,
    make_everything,
    make_result,
    make_upcoming,
    predict,
)

HOUR = timedelta(hours=1)

pytestmark = pytest.mark.django_db


def of(answer: Any, agent: str) -> Any:
    return next(one for one in answer["agents"] if one["agent_id"] == agent)


class TestStatistics:
    def test_an_agents_sums_are_those_of_its_predictions(self) -> None:
        version = make_agent("sharp_reference")
        graded = {"clv_status": "graded", "clv_reference": "pinnacle", "clv_pct": 5.0}
        make_result(version, "won", 1.4, confidence=0.8, edge_pct=2.0, clv_fair_pct=3.0, **graded)
        make_result(version, "half_lost", -0.5, confidence=0.4, edge_pct=4.0)
        make_result(version, "void", 0.0, confidence=None, edge_pct=6.0)
        predict(version, confidence=None, edge_pct=8.0)
        make_result(version, "lost", -1.0, at=NOW - 91 * DAY)

        answer = get("/agents/stats")

        assert (answer["days"], answer["total_predictions"]) == (90, 4)
        assert of(answer, "sharp_reference") == {
            "agent_id": "sharp_reference",
            "agent_name": "Sharp Reference",
            "last_prediction": utc_text(NOW - HOUR),
            "total_predictions": 4,
            "settled": 2,
            "pending": 1,
            "wins": 1,
            "losses": 1,
            "win_rate": pytest.approx(100 / 1.5),
            "roi": pytest.approx(45.0),
            "profit": pytest.approx(0.9),
            "avg_confidence": pytest.approx(60.0),
            "avg_edge": pytest.approx(5.0),
            "avg_clv": pytest.approx(3.0),
            "graded": 1,
        }

    def test_the_originals_agents_are_listed_without_a_prediction(self) -> None:
        answer = get("/agents/stats")

        assert [one["agent_id"] for one in answer["agents"]] == [
            "anomaly_detector",
            "spread_optimizer",
            "pattern_matcher",
        ]
        nothing = answer["agents"][0]
        assert (nothing["total_predictions"], nothing["settled"], nothing["profit"]) == (0, 0, 0.0)
        undefined = ("win_rate", "roi", "avg_confidence", "avg_edge", "avg_clv", "last_prediction")
        assert {nothing[name] for name in undefined} == {None}

    def test_details_add_up_to_the_whole(self) -> None:
        version = make_agent("sharp_reference")
        serie_a = make_match(sport=make_sport(key="soccer_italy_serie_a"), commence_time=NOW - DAY)
        make_result(version, "won", 1.0)
        make_result(version, "lost", -1.0, outcome="away")
        totals = {"market": "totals", "outcome": "over", "line": Decimal("2.5")}
        make_result(version, "won", 0.8, match=serie_a, **totals)

        one = of(get("/agents/stats/detailed"), "sharp_reference")

        assert set(one["by_market"]) == {"h2h", "totals"}
        assert set(one["by_outcome"]) == {"home", "away", "over"}
        assert set(one["by_sport"]) == {"soccer_epl", "soccer_italy_serie_a"}
        for kind in ("by_market", "by_outcome", "by_sport"):
            groups = one[kind].values()
            assert sum(group["total_predictions"] for group in groups) == 3
            assert sum(group["profit"] for group in groups) == pytest.approx(one["profit"])
        assert one["by_market"]["h2h"]["roi"] == pytest.approx(0.0)
        assert one["by_sport"]["soccer_italy_serie_a"]["roi"] == pytest.approx(80.0)


class TestRecommendations:
    def test_a_prediction_has_the_columns_the_original_read(self) -> None:
        match = make_upcoming(provider_id="9f2c", home_team="Leeds", away_team="Fulham")
        made = predict(make_agent("spread_optimizer"), match, kelly=0.04)
        predict(make_agent("patron"), match, edge_pct=3.0, predicted_at=NOW - DAY)
        make_bet(match=match, outcome="home", at=NOW)

        shown = get("/agents/recommendations")[0]

        assert shown == {
            "id": made.pk,
            "match_id": "9f2c",
            "home_team": "Leeds",
            "away_team": "Fulham",
            "sport": "soccer_epl",
            "agent_id": "spread_optimizer",
            "agent_name": "Spread Optimizer Ferrari 2.0",
            "market": "h2h",
            "line": None,
            "recommended_outcome": "home",
            "confidence_score": 50.0,
            "edge_percent": 5.0,
            "recommended_odds": 2.1,
            "patron_score": 3.0,
            "detected_at": utc_text(NOW - HOUR),
            "match_commence_time": utc_text(NOW + DAY),
            "kelly_fraction": 0.04,
            "suggested_stake": pytest.approx(1.0),
            "bet_placed": True,
            "actual_result": "pending",
            "profit": None,
        }

    @pytest.mark.parametrize(
        ("result", "word"),
        [
            ("won", "won"),
            ("half_won", "won"),
            ("lost", "lost"),
            ("half_lost", "lost"),
            ("push", "push"),
            ("void", "void"),
        ],
    )
    def test_results_are_told_in_the_originals_words(self, result: str, word: str) -> None:
        make_result(make_agent("sharp_reference"), result, 0.0)

        [shown] = get("/agents/recommendations")

        assert shown["actual_result"] == word

    def test_the_newest_fifty_are_listed_unless_told_otherwise(self) -> None:
        version = make_agent("sharp_reference")
        for minutes in range(55):
            predict(version, predicted_at=NOW - timedelta(minutes=minutes))

        shown = get("/agents/recommendations")

        assert len(shown) == 50
        assert shown[0]["detected_at"] == utc_text(NOW)
        assert len(get("/agents/recommendations", limit=200)) == 55
        assert len(get("/agents/recommendations", limit=3)) == 3

    @pytest.mark.parametrize("name", ["sharp_reference", "Sharp Reference"])
    def test_one_agents_are_found_by_its_key_and_name(self, name: str) -> None:
        predict(make_agent("sharp_reference"))
        predict(make_agent("spread_optimizer"))

        shown = get("/agents/recommendations", agent_name=name)

        assert [one["agent_id"] for one in shown] == ["sharp_reference"]

    def test_older_versions_are_left_out(self) -> None:
        predict(make_agent("sharp_reference", is_current=False))

        assert get("/agents/recommendations") == []


class TestLearning:
    def test_an_empty_database_has_three_empty_lists(self) -> None:
        assert get("/stats/agents") == {
            "agents_summary": [],
            "recent_analyses": [],
            "predictions": [],
        }

    def test_its_items_have_the_contracts_fields(self) -> None:
        match = make_upcoming(provider_id="9f2c", home_team="Leeds", away_team="Fulham")
        predict(make_agent("spread_optimizer"), match, outcome="away", confidence=0.75)

        answer = get("/stats/agents")

        assert answer == {
            "agents_summary": [
                {
                    "agent_name": "Spread Optimizer Ferrari 2.0",
                    "agent_id": "spread_optimizer",
                    "total_analyses": 1,
                    "avg_confidence": 75.0,
                    "last_analysis": utc_text(NOW - HOUR),
                }
            ],
            "recent_analyses": [
                {
                    "agent_name": "Spread Optimizer Ferrari 2.0",
                    "recommendation": "AWAY",
                    "confidence_score": 75.0,
                    "home_team": "Leeds",
                    "away_team": "Fulham",
                    "analyzed_at": utc_text(NOW - HOUR),
                    "match_id": "9f2c",
                }
            ],
            "predictions": [
                {
                    "agent_name": "Spread Optimizer Ferrari 2.0",
                    "predicted_outcome": "away",
                    "confidence": 75.0,
                    "strategy_used": "Spread Optimizer Ferrari 2.0's rule",
                    "was_correct": None,
                    "predicted_at": utc_text(NOW - HOUR),
                    "match_id": "9f2c",
                    "edge_pct": 5.0,
                }
            ],
        }

    @pytest.mark.parametrize(
        ("result", "was_correct"), [("won", True), ("half_lost", False), ("push", None)]
    )
    def test_it_tells_what_came_true(self, result: str, was_correct: bool | None) -> None:
        make_result(make_agent("sharp_reference"), result, 0.0)

        [shown] = get("/stats/agents")["predictions"]

        assert shown["was_correct"] is was_correct

    def test_looking_at_a_match_makes_no_analysis(self) -> None:
        make_everything()
        before = get("/stats/agents")

        for _time in range(3):
            get("/agents/analyze/9f2c")
            get("/agents/patron/analyze/9f2c")

        assert get("/stats/agents") == before

    def test_twenty_of_each_are_listed_and_ninety_days_are_counted(self) -> None:
        version = make_agent("sharp_reference")
        for minutes in range(25):
            predict(version, predicted_at=NOW - timedelta(minutes=minutes))
        predict(version, predicted_at=NOW - 91 * DAY)
        legs = {"outcome": "all", "bookmaker": None, "confidence": None}
        predict(make_agent("arbitrage_finder"), predicted_at=NOW, **legs)

        answer = get("/stats/agents")

        assert (len(answer["recent_analyses"]), len(answer["predictions"])) == (20, 20)
        assert "ALL" in {one["recommendation"] for one in answer["recent_analyses"]}
        assert {one["predicted_outcome"] for one in answer["predictions"]} == {"home"}
        counts = {one["agent_id"]: one["total_analyses"] for one in answer["agents_summary"]}
        assert counts == {"sharp_reference": 25, "arbitrage_finder": 1}
