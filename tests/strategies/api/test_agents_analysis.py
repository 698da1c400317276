"""`/agents/analyze/{match_id}`: a match's prices now, and the stored opinions of it."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from strategies.models import AgentRun
from tests.api import get, utc_text
from tests.factories import make_bookmaker, make_quote
from tests.strategies.api.agent_rows import (
    DAY,
    NOW,
    held_out,
    look_at,
    make_agent,
    make_backtest,
    make_upcoming,
    predict,
)

HOUR = timedelta(hours=1)

pytestmark = pytest.mark.django_db


@pytest.fixture
def match() -> Any:
    return make_upcoming(provider_id="9f2c", home_team="Leeds", away_team="Fulham")


def analyze() -> Any:
    return get("/agents/analyze/9f2c")


def opinion(key: str) -> Any:
    return next(agent for agent in analyze()["agents"] if agent["agent_id"] == key)


def test_the_match_has_its_best_and_worst_odds_on_offer_now(match: Any) -> None:
    make_quote("2.00", "3.50", "4.00", match=match, bookmaker=make_bookmaker("one"), seen_at=NOW)
    make_quote("2.50", "3.40", "4.00", match=match, bookmaker=make_bookmaker("two"), seen_at=NOW)
    gone = make_bookmaker("gone")
    make_quote("9.00", "9.00", "9.00", match=match, bookmaker=gone, seen_at=NOW - HOUR)
    exchange = make_bookmaker("betfair_ex_eu", kind="exchange")
    make_quote("1.01", "90.00", "90.00", match=match, bookmaker=exchange, seen_at=NOW)
    look_at(match, NOW)

    assert analyze()["match"] == {
        "match_id": "9f2c",
        "home_team": "Leeds",
        "away_team": "Fulham",
        "sport": "soccer_epl",
        "commence_time": utc_text(NOW + DAY),
        "odds": {
            "home": {"best": 2.5, "worst": 2.0, "spread_pct": pytest.approx(25.0)},
            "draw": {"best": 3.5, "worst": 3.4, "spread_pct": pytest.approx(100 * 0.1 / 3.4)},
            "away": {"best": 4.0, "worst": 4.0, "spread_pct": 0.0},
        },
        "bookmaker_count": 2,
        "odds_seen_at": utc_text(NOW),
    }


def test_without_prices_no_outcome_has_odds(match: Any) -> None:
    assert (analyze()["match"]["odds"], analyze()["match"]["odds_seen_at"]) == ({}, None)


def test_the_originals_four_agents_come_first(match: Any) -> None:
    make_agent("sharp_reference")

    agents = analyze()["agents"]

    assert [agent["agent_id"] for agent in agents] == [
        "anomaly_detector",
        "spread_optimizer",
        "pattern_matcher",
        "backtest_engine",
        "sharp_reference",
    ]
    fields = {
        "agent_id",
        "agent_name",
        "icon",
        "status",
        "recommendation",
        "confidence",
        "reason",
        "recommendation_text",
        "edge_pct",
        "predicted_at",
        "predictions",
        "details",
    }
    assert {frozenset(agent) for agent in agents} == {frozenset(fields)}


def test_a_prediction_is_shown_as_it_was_stored(match: Any) -> None:
    version = make_agent("spread_optimizer")
    made = predict(version, match, outcome="away", confidence=0.75, kelly=0.04)

    shown = opinion("spread_optimizer")

    assert (shown["status"], shown["recommendation"]) == ("active", "AWAY")
    assert (shown["confidence"], shown["edge_pct"], shown["predictions"]) == (75.0, 5.0, 1)
    assert shown["predicted_at"] == utc_text(NOW - HOUR)
    assert shown["recommendation_text"] == "Back away"
    assert shown["details"] == {
        "expected_value": 0.05,
        "kelly_fraction": 0.04,
        "recommended_stake_pct": pytest.approx(1.0),
        "best_outcome": "away",
        "predictions": [
            {
                "prediction_id": made.pk,
                "strategy": "Spread Optimizer Ferrari 2.0's rule",
                "version": 1,
                "market": "h2h",
                "line": None,
                "outcome": "away",
                "odds": 2.1,
                "bookmaker": "betclic_fr",
                "probability": 0.5,
                "edge_pct": 5.0,
                "kelly_fraction": 0.04,
                "confidence": 75.0,
                "reference": "pinnacle",
                "predicted_at": utc_text(NOW - HOUR),
            }
        ],
    }


@pytest.mark.parametrize(
    ("agent", "spoken", "silent"),
    [
        ("anomaly_detector", "REVIEW", "NORMAL"),
        ("spread_optimizer", "HOME", "SKIP"),
        ("pattern_matcher", "PATTERNS", "SKIP"),
        ("sharp_reference", "HOME", "SKIP"),
    ],
)
def test_recommendations_keep_the_originals_words(
    match: Any, agent: str, spoken: str, silent: str
) -> None:
    version = make_agent(agent)
    assert opinion(agent)["recommendation"] == silent

    predict(version, match)

    assert opinion(agent)["recommendation"] == spoken


def test_the_match_winner_goes_before_a_better_edge_elsewhere(match: Any) -> None:
    version = make_agent("spread_optimizer")
    predict(version, match, market="totals", outcome="over", line=Decimal("2.5"), edge_pct=9.0)
    assert opinion("spread_optimizer")["recommendation"] == "SKIP"
    assert opinion("spread_optimizer")["recommendation_text"] == "Back over 2.5"

    predict(version, match, outcome="draw", edge_pct=1.0)

    shown = opinion("spread_optimizer")
    assert (shown["recommendation"], shown["predictions"]) == ("DRAW", 2)


class TestSilence:
    def why(self, agent: str = "sharp_reference") -> Any:
        shown = opinion(agent)
        assert (shown["status"], shown["confidence"]) == ("no prediction", None)
        assert shown["details"]["kelly_fraction"] is None
        return shown["reason"]

    @pytest.mark.usefixtures("match")
    def test_nobody_asks_an_agent_without_a_strategy(self) -> None:
        assert self.why("anomaly_detector") == "No strategy asks this agent."

    @pytest.mark.usefixtures("match")
    def test_nobody_asks_one_whose_strategy_is_switched_off(self) -> None:
        make_agent("sharp_reference", is_active=False)

        assert self.why() == "Its strategy is not active."

    @pytest.mark.usefixtures("match")
    def test_a_competition_may_not_have_been_judged(self) -> None:
        make_agent("sharp_reference")

        assert self.why() == "The agents have judged no collection of this competition yet."

    def test_no_price_may_have_been_good_enough(self, match: Any) -> None:
        make_agent("sharp_reference")
        AgentRun.objects.create(sport=match.sport, collection=look_at(match, NOW), predicted_at=NOW)

        assert self.why() == (
            f"No price passed its rules up to the collection of {NOW:%Y-%m-%d %H:%M} UTC."
        )

    def test_what_an_older_version_said_does_not_count(self, match: Any) -> None:
        predict(make_agent("sharp_reference", is_current=False), match)

        assert self.why() == "The agents have judged no collection of this competition yet."


def test_the_modals_fields_of_the_anomaly_detector(match: Any) -> None:
    make_quote("2.00", "3.00", "4.00", match=match, bookmaker=make_bookmaker("one"), seen_at=NOW)
    make_quote("2.50", "3.00", "5.20", match=match, bookmaker=make_bookmaker("two"), seen_at=NOW)
    look_at(match, NOW)
    predict(make_agent("anomaly_detector"), match)

    details = opinion("anomaly_detector")["details"]

    assert (details["is_anomaly"], details["anomaly_score"]) == (True, None)
    assert (details["max_spread"], details["bookmaker_count"]) == (pytest.approx(30.0), 2)


def test_the_modals_fields_of_the_pattern_matcher(match: Any) -> None:
    predict(make_agent("pattern_matcher"), match)

    details = opinion("pattern_matcher")["details"]

    assert details["pattern_count"] == 1
    assert details["patterns"][0].startswith("home at 2.1 at betclic_fr")


class TestBacktestEngine:
    def judged(self, match: Any, part: Any) -> Any:
        version = make_agent("sharp_reference")
        predict(version, match)
        make_backtest(version, part)
        return opinion("backtest_engine")

    @pytest.mark.parametrize(
        ("part", "recommendation"),
        [
            (held_out(yield_low_pct=0.1), "VALIDATED"),
            (held_out(clv_low_pct=0.1), "VALIDATED"),
            (held_out(), "CAUTION"),
            (held_out(yield_low_pct=0.0, clv_low_pct=0.0), "CAUTION"),
            (held_out(yield_low_pct=None, clv_low_pct=None), "CAUTION"),
            (held_out(bets=30, clv_low_pct=0.1), "VALIDATED"),
            (held_out(bets=29, clv_low_pct=0.1), "INSUFFICIENT"),
            (None, "INSUFFICIENT"),
        ],
    )
    def test_its_held_out_part_decides(self, match: Any, part: Any, recommendation: str) -> None:
        assert self.judged(match, part)["recommendation"] == recommendation

    def test_it_tells_the_numbers_behind_it(self, match: Any) -> None:
        shown = self.judged(match, held_out())

        assert shown["reason"] == (
            "200 held-out bets, 95 % intervals: yield -6.0 to +8.0 %, CLV -0.4 to +1.4 %."
        )
        details = shown["details"]
        assert (details["sample_size"], details["minimum_sample"]) == (200, 30)
        assert (details["avg_roi_pct"], details["clv_pct"]) == (1.0, 0.5)
        assert (details["historical_win_rate"], details["finished_at"]) == (
            41.0,
            utc_text(NOW - DAY),
        )
        assert (details["since"], details["until"]) == ("2024-08-01", "2026-05-31")
        assert (shown["status"], shown["confidence"]) == ("active", None)

    def test_the_newest_finished_one_counts(self, match: Any) -> None:
        version = make_agent("sharp_reference")
        predict(version, match)
        make_backtest(version, held_out(clv_low_pct=1.0), finished_at=NOW - 3 * DAY)
        make_backtest(version, held_out(), finished_at=NOW - 2 * DAY)
        make_backtest(version, held_out(clv_low_pct=1.0), status="failed")
        make_backtest(make_agent("spread_optimizer"), held_out(clv_low_pct=1.0))

        assert opinion("backtest_engine")["recommendation"] == "CAUTION"

    def test_without_any_it_cannot_say(self, match: Any) -> None:
        assert opinion("backtest_engine")["reason"] == "No strategy predicts this match."
        predict(make_agent("sharp_reference"), match)

        shown = opinion("backtest_engine")

        assert (shown["status"], shown["recommendation"]) == ("no prediction", "INSUFFICIENT")
        assert shown["reason"] == ("No strategy that predicts this match has a finished backtest.")
        assert (shown["details"]["sample_size"], shown["details"]["avg_roi_pct"]) == (0, None)


class TestGlobalScore:
    def score(self) -> Any:
        return analyze()["global_score"]

    def test_agents_that_name_the_same_outcome_agree(self, match: Any) -> None:
        predict(make_agent("spread_optimizer"), match, confidence=0.6, edge_pct=3.0)
        predict(make_agent("sharp_reference"), match, confidence=0.8, edge_pct=4.0)

        assert self.score() == {
            "average_confidence": pytest.approx(70.0),
            "total_confidence": pytest.approx(140.0),
            "active_agents": 2,
            "recommendation": "STRONG BET",
            "selection": "home",
            "agreeing_agents": 2,
            "opposing_agents": 0,
            "edge_pct": 4.0,
            "predictions": 2,
        }

    def test_one_against_makes_it_moderate(self, match: Any) -> None:
        for key in ("spread_optimizer", "sharp_reference"):
            predict(make_agent(key), match)
        predict(make_agent("pattern_matcher"), match, outcome="away", edge_pct=20.0)

        score = self.score()

        assert (score["selection"], score["recommendation"]) == ("home", "MODERATE BET")
        assert (score["agreeing_agents"], score["opposing_agents"]) == (2, 1)

    def test_doubt_of_the_other_operators_makes_it_moderate(self, match: Any) -> None:
        for key in ("spread_optimizer", "sharp_reference"):
            predict(make_agent(key), match, confidence=0.4)

        assert self.score()["recommendation"] == "MODERATE BET"

    def test_a_single_agent_is_weak(self, match: Any) -> None:
        predict(make_agent("sharp_reference"), match, confidence=1.0)

        assert self.score()["recommendation"] == "WEAK BET"

    def test_without_an_edge_there_is_no_bet(self, match: Any) -> None:
        for key in ("spread_optimizer", "sharp_reference"):
            predict(make_agent(key), match, edge_pct=0.0)

        assert self.score()["recommendation"] == "NO BET"

    def test_the_patron_and_an_arbitrage_are_no_voices(self, match: Any) -> None:
        predict(make_agent("patron"), match)
        predict(make_agent("arbitrage_finder"), match, outcome="all", bookmaker=None)

        score = self.score()

        assert (score["active_agents"], score["agreeing_agents"]) == (2, 0)
        assert (score["recommendation"], score["selection"]) == ("NO BET", None)

    def test_two_strategies_of_one_agent_are_one_voice(self, match: Any) -> None:
        predict(make_agent("sharp_reference"), match, edge_pct=3.0)
        predict(make_agent("sharp_reference", strategy_name="Another"), match, edge_pct=4.0)

        score = self.score()

        assert (score["agreeing_agents"], score["recommendation"]) == (1, "WEAK BET")
        assert score["edge_pct"] == 4.0

    @pytest.mark.usefixtures("match")
    def test_nothing_said_is_undefined(self) -> None:
        score = self.score()

        assert (score["average_confidence"], score["total_confidence"]) == (None, None)
        assert (score["edge_pct"], score["recommendation"]) == (None, "NO BET")
