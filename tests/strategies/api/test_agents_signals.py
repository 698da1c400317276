"""`/agents/signals`, `/performance`, `/health`, `/summary`: what agents say of coming matches."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from betting.models import StakingSettings
from strategies.models import AgentRun
from tests.api import get, utc_text
from tests.factories import make_bookmaker, make_collection, make_opportunity, make_quote
from tests.strategies.api.agent_rows import DAY, NOW, look_at, make_agent, make_upcoming, predict

HOUR = timedelta(hours=1)

pytestmark = pytest.mark.django_db


def make_prices() -> Any:
    """Home at 2.00, 2.10 and 2.50 with bookmakers, 2.80 on an exchange, and 9.00 before."""
    match = make_upcoming(provider_id="9f2c", home_team="Leeds", away_team="Fulham")
    for key, odds in (("betclic_fr", "2.10"), ("unibet_fr", "2.00"), ("winamax_fr", "2.50")):
        make_quote(odds, "3.40", "3.60", match=match, bookmaker=make_bookmaker(key), seen_at=NOW)
    exchange = make_bookmaker("betfair_ex_eu", kind="exchange")
    make_quote("2.80", "3.60", "3.80", match=match, bookmaker=exchange, seen_at=NOW)
    gone = make_bookmaker("gone_fr")
    make_quote("9.00", "9.00", "9.00", match=match, bookmaker=gone, seen_at=NOW - HOUR)
    look_at(match, NOW)
    return match


class TestFields:
    @pytest.fixture
    def match(self) -> Any:
        return make_prices()

    def test_every_signal_has_the_common_fields(self, match: Any) -> None:
        made = predict(make_agent("sharp_reference"), match, bookmaker=make_bookmaker("betclic_fr"))

        [signal] = get("/agents/signals")

        assert signal == {
            "agent": "Sharp Reference",
            "agent_id": "sharp_reference",
            "match": "Leeds vs Fulham",
            "match_id": "9f2c",
            "sport": "soccer_epl",
            "commence_time": utc_text(NOW + DAY),
            "market": "h2h",
            "line": None,
            "outcome": "home",
            "direction": "BACK_HOME",
            "confidence": 50.0,
            "reason": "home at 2.1 at betclic_fr: its chance is held to be 50.0 % by pinnacle, "
            "a claimed edge of +5.0 %.",
            "edge_pct": 5.0,
            "recommended_odds": 2.1,
            "bookmaker": "betclic_fr",
            "is_on_offer": True,
            "predicted_at": utc_text(NOW - HOUR),
            "prediction_id": made.pk,
        }

    def test_the_anomaly_detectors_show_its_bookmakers_prices(self, match: Any) -> None:
        predict(make_agent("anomaly_detector"), match, bookmaker=make_bookmaker("winamax_fr"))

        [signal] = get("/agents/signals")

        assert signal["odds"] == {"home": 2.5, "draw": 3.4, "away": 3.6}
        assert signal["timestamp"] == signal["predicted_at"]
        assert signal["bookmaker"] == "winamax_fr"

    def test_the_spread_optimizers_show_the_spread_and_a_stake(self, match: Any) -> None:
        predict(make_agent("spread_optimizer"), match, kelly=0.04)

        [signal] = get("/agents/signals")

        assert signal["odds"] == {"max": 2.5, "min": 2.0, "avg": pytest.approx(2.2)}
        assert signal["spread_pct"] == pytest.approx(25.0)
        assert (signal["win_probability"], signal["kelly_fraction"]) == (0.5, 0.04)
        assert (signal["expected_value"], signal["bookmaker_count"]) == (0.05, 3)
        assert signal["recommended_stake_pct"] == pytest.approx(1.0)  # a quarter of 4 %

    @pytest.mark.parametrize(
        ("outcome", "probability", "pattern"),
        [
            ("home", 0.72, "favori_dominant"),
            ("away", 0.08, "underdog_fort"),
            ("draw", 0.27, "match_equilibre"),
            ("draw", 0.09, "underdog_fort"),
        ],
    )
    def test_the_pattern_matchers_name_the_pattern(
        self, match: Any, outcome: str, probability: float, pattern: str
    ) -> None:
        version = make_agent("pattern_matcher")
        predict(version, match, outcome=outcome, probability=probability, reference="consensus")

        [signal] = get("/agents/signals")

        assert signal["pattern_type"] == pattern
        assert signal["pattern_data"] == {
            "odds": 2.1,
            "probability": probability,
            "reference": "consensus",
        }

    def test_an_arbitrage_has_no_direction_and_no_agreement(self, match: Any) -> None:
        legs = [
            {"outcome": "home", "bookmaker": "winamax_fr", "odds": 2.5},
            {"outcome": "away", "bookmaker": "betclic_fr", "odds": 3.6},
        ]
        values = {"outcome": "all", "bookmaker": None, "confidence": None, "probability": 1.0}
        predict(make_agent("arbitrage_finder"), match, legs=legs, **values)

        [signal] = get("/agents/signals")

        assert (signal["direction"], signal["confidence"]) == ("REVIEW", None)
        assert (signal["bookmaker"], signal["is_on_offer"]) == (None, None)
        assert signal["reason"].startswith("home 2.5 at winamax_fr, away 3.6 at betclic_fr: ")

    def test_a_line_is_told(self, match: Any) -> None:
        values = {"market": "spreads", "outcome": "away", "line": Decimal("-1.50")}
        predict(make_agent("sharp_reference"), match, **values)

        [signal] = get("/agents/signals")

        assert (signal["line"], signal["direction"]) == ("-1.5", "BACK_AWAY")
        assert signal["reason"].startswith("away +1.5 at 2.1")

    @pytest.mark.parametrize(
        ("bookmaker", "odds", "is_on_offer"),
        [
            ("betclic_fr", "2.100", True),
            ("betclic_fr", "2.101", False),
            ("gone_fr", "2.100", False),
            ("never_seen", "2.100", False),
            ("betfair_ex_eu", "2.100", None),
        ],
    )
    def test_it_says_whether_the_price_is_still_there(
        self, match: Any, bookmaker: str, odds: str, is_on_offer: bool | None
    ) -> None:
        at = make_bookmaker(bookmaker)
        predict(make_agent("sharp_reference"), match, bookmaker=at, odds=Decimal(odds))

        [signal] = get("/agents/signals")

        assert signal["is_on_offer"] is is_on_offer


def test_without_prices_the_spread_is_unknown() -> None:
    predict(make_agent("spread_optimizer"))

    [signal] = get("/agents/signals")

    assert signal["odds"] == {"max": None, "min": None, "avg": None}
    assert (signal["spread_pct"], signal["bookmaker_count"]) == (None, 0)


def test_a_stake_never_exceeds_the_caps() -> None:
    StakingSettings.objects.create(kelly_fraction=1.0, cap_bet_pct=1.5)
    predict(make_agent("spread_optimizer"), kelly=0.3)

    [signal] = get("/agents/signals")

    assert signal["recommended_stake_pct"] == 1.5


def test_ten_of_an_agent_are_listed_the_best_edge_first() -> None:
    version, other = make_agent("sharp_reference"), make_agent("spread_optimizer")
    for edge in range(12):
        predict(version, edge_pct=float(edge))
    predict(other, edge_pct=0.5)

    signals = get("/agents/signals")

    assert [signal["edge_pct"] for signal in signals] == [0.5, *range(11, 1, -1)]


def test_what_is_over_old_or_switched_off_is_no_signal() -> None:
    active = make_agent("sharp_reference")
    predict(active, make_upcoming(commence_time=NOW - HOUR))
    predict(make_agent("spread_optimizer", is_active=False))
    predict(make_agent("pattern_matcher", is_current=False))

    assert get("/agents/signals") == []


class TestPerformance:
    def test_the_originals_four_come_first_and_are_never_missing(self) -> None:
        make_agent("sharp_reference")

        rows = get("/agents/performance")

        assert [row["agent_id"] for row in rows] == [
            "agent_a",
            "agent_b",
            "agent_c",
            "agent_d",
            "sharp_reference",
        ]
        assert [row["status"] for row in rows] == [
            "inactive",
            "inactive",
            "inactive",
            "no_signals",
            "no_signals",
        ]
        assert rows[0] == {
            "agent_id": "agent_a",
            "agent_key": "anomaly_detector",
            "agent_name": "Anomaly Detector",
            "total_signals": 0,
            "avg_confidence": None,
            "avg_ev": None,
            "avg_kelly": None,
            "status": "inactive",
            "top_signal": None,
        }

    def test_means_are_over_all_its_signals(self) -> None:
        version = make_agent("spread_optimizer")
        for edge, confidence, kelly in ((2.0, 0.4, 0.01), (4.0, None, 0.03), (9.0, 0.8, 0.05)):
            predict(version, edge_pct=edge, confidence=confidence, kelly=kelly)

        row = get("/agents/performance")[1]

        assert (row["total_signals"], row["status"]) == (3, "active")
        assert row["avg_confidence"] == pytest.approx(60.0)
        assert row["avg_ev"] == pytest.approx(5.0)
        assert row["avg_kelly"] == pytest.approx(3.0)
        assert row["top_signal"]["edge_pct"] == 9.0


class TestSummary:
    def test_it_sums_up_all_agents(self) -> None:
        first, second = make_agent("spread_optimizer"), make_agent("sharp_reference")
        for edge in (1.0, 2.0):
            predict(first, edge_pct=edge)
        predict(second, edge_pct=7.0)
        make_opportunity(match=make_upcoming())
        make_opportunity(match=make_upcoming(), kind="spread")

        answer = get("/agents/summary")

        assert set(answer) == {
            "total_signals",
            "active_agents",
            "total_opportunities",
            "top_signal",
            "agents_performance",
        }
        assert (answer["total_signals"], answer["active_agents"]) == (3, 2)
        assert answer["total_opportunities"] == 1
        assert answer["top_signal"]["edge_pct"] == 7.0
        assert answer["agents_performance"] == get("/agents/performance")

    def test_without_a_signal_there_is_no_top_one(self) -> None:
        answer = get("/agents/summary")

        assert (answer["total_signals"], answer["top_signal"]) == (0, None)


class TestHealth:
    def test_without_an_active_strategy_it_says_so(self) -> None:
        make_agent("sharp_reference", is_active=False)

        assert get("/agents/health") == {
            "status": "degraded",
            "reason": "No strategy is active; make one active on the page of strategies.",
            "agents": [],
            "db_connected": True,
            "total_opportunities": 0,
            "total_signals": 0,
            "last_run": None,
        }

    def test_a_collection_nobody_judged_is_a_reason(self) -> None:
        make_agent("sharp_reference")
        make_collection()

        answer = get("/agents/health")

        assert answer["status"] == "degraded"
        assert answer["reason"] == "Sports whose newest collection has not been judged yet: 1."

    def test_it_is_operational_once_the_newest_was_judged(self) -> None:
        predict(make_agent("sharp_reference"))
        collection = make_collection(observed_at=NOW, started_at=NOW)
        AgentRun.objects.create(sport=collection.sport, collection=collection, predicted_at=NOW)

        answer = get("/agents/health")

        assert (answer["status"], answer["reason"]) == ("operational", "")
        assert (answer["agents"], answer["total_signals"]) == (["Sharp Reference"], 1)
        assert answer["last_run"] == utc_text(NOW)
