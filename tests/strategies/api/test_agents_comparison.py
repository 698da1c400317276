"""`/agents/comparison` and `/agents/compare/…`: two agents side by side, checked by hand."""

import math
import random
import statistics
from datetime import timedelta
from decimal import Decimal
from typing import Any

import numpy as np
import pytest

from betting.performance.measures import FEWEST
from strategies.api.agent_records import AgentRecord, drawdown_units
from strategies.api.comparison import traits
from strategies.api.likeness import correlation_of
from strategies.models import StrategyVersion
from tests.api import get, utc_text
from tests.factories import make_bet, make_match, make_sport
from tests.strategies.api.agent_rows import DAY, NOW, make_agent, make_result, predict

ONE, OTHER = "spread_optimizer", "sharp_reference"

pytestmark = pytest.mark.django_db


def compare(**query: Any) -> Any:
    return get("/agents/comparison", **{"agent1": ONE, "agent2": OTHER} | query)


def first(**query: Any) -> Any:
    return compare(**query)["agents"][0]


@pytest.fixture
def version() -> StrategyVersion:
    make_agent(OTHER)
    return make_agent(ONE)


def make_season(version: StrategyVersion, seed: int, size: int = 40) -> list[dict[str, Any]]:
    """Random results on one match a day, the oldest first."""
    chance, season = random.Random(seed), []
    for number in range(size):
        result, profit = chance.choice(
            [("won", 1.5), ("lost", -1.0), ("half_won", 0.6), ("half_lost", -0.5), ("push", 0.0)]
        )
        at = NOW - (size - number) * DAY
        one = {"edge_pct": chance.uniform(0.5, 8), "kelly": chance.uniform(0.01, 0.1)}
        one["confidence"] = chance.choice([None, chance.random()])
        make_result(version, result, profit, at=at, **one)
        season.append(one | {"result": result, "profit": profit})
    return season


def test_it_has_the_contracts_fields_and_those_that_say_how_sure_they_are(
    version: StrategyVersion,
) -> None:
    answer = compare()

    assert set(answer) == {"agents", "filters", "correlation"}
    original = {
        "agent_name", "total_signals", "avg_confidence", "avg_edge", "avg_kelly", "bets_placed",
        "wins", "losses", "pending", "win_rate", "outcomes", "roi", "perf_3m", "sharpe_ratio",
        "max_drawdown", "strengths", "weaknesses", "recent_bets",
    }  # fmt: skip
    added = {
        "agent_id", "settled", "roi_low", "roi_high", "clv_pct", "clv_low", "clv_high",
        "graded_matches",
    }  # fmt: skip
    assert set(answer["agents"][0]) == original | added
    assert answer["filters"] == {
        "agent1": ONE, "agent2": OTHER, "sport": None, "min_edge": 0.0, "days": 90,
        "is_cut": False,
    }  # fmt: skip


def test_sums_are_those_of_plain_arithmetic(version: StrategyVersion) -> None:
    season = make_season(version, seed=7)
    predict(version, edge_pct=3.0, kelly=0.02, confidence=0.5)

    answer = first()

    decided = [one for one in season if one["result"] != "void"]
    profits = [one["profit"] for one in decided]
    won = sum({"won": 1, "half_won": 0.5}.get(one["result"], 0) for one in decided)
    lost = sum({"lost": 1, "half_lost": 0.5}.get(one["result"], 0) for one in decided)
    assert (answer["total_signals"], answer["pending"]) == (41, 1)
    assert answer["settled"] == len(decided)
    assert answer["wins"] == sum(one["profit"] > 0 for one in decided)
    assert answer["losses"] == sum(one["profit"] < 0 for one in decided)
    assert answer["win_rate"] == pytest.approx(100 * won / (won + lost))
    assert answer["roi"] == pytest.approx(100 * sum(profits) / len(profits))
    assert answer["roi_low"] < answer["roi"] < answer["roi_high"]
    assert answer["sharpe_ratio"] == pytest.approx(
        statistics.mean(profits) / statistics.stdev(profits)
    )
    everything = [*season, {"edge_pct": 3.0, "kelly": 0.02, "confidence": 0.5}]
    assert answer["avg_edge"] == pytest.approx(
        statistics.mean(one["edge_pct"] for one in everything)
    )
    assert answer["avg_kelly"] == pytest.approx(
        100 * statistics.mean(one["kelly"] for one in everything)
    )
    known = [one["confidence"] for one in everything if one["confidence"] is not None]
    assert answer["avg_confidence"] == pytest.approx(100 * statistics.mean(known))
    assert answer["perf_3m"] == f"{answer['roi']:+.1f}%"


def test_the_drawdown_is_the_deepest_fall_from_the_start_on(version: StrategyVersion) -> None:
    profits = [-1.0, -1.0, 3.0, -1.0, 0.5, -1.0, -1.0, 4.0]
    for days, profit in zip(range(len(profits), 0, -1), profits, strict=True):
        make_result(version, "won" if profit > 0 else "lost", profit, at=NOW - days * DAY)

    # Sums -1 -2 1 0 .5 -.5 -1.5 2.5: from 1 down to -1.5.
    assert first()["max_drawdown"] == pytest.approx(2.5)


@pytest.mark.parametrize(
    ("profits", "expected"), [([], None), ([1.0, 1.0], 0.0), ([-1.0], 1.0), ([2.0, -3.0, 2.0], 3.0)]
)
def test_a_fall_counts_from_nothing_won_yet(profits: list[float], expected: float | None) -> None:
    assert drawdown_units(np.array(profits)) == expected


def test_what_is_undefined_is_null(version: StrategyVersion) -> None:
    predict(version, confidence=None)

    answer = first()

    undefined = (
        "avg_confidence", "win_rate", "roi", "roi_low", "roi_high", "clv_pct", "clv_low",
        "clv_high", "perf_3m", "sharpe_ratio", "max_drawdown",
    )  # fmt: skip
    assert {answer[name] for name in undefined} == {None}
    assert (answer["total_signals"], answer["settled"]) == (1, 0)
    assert answer["weaknesses"] == ["0 settled predictions: too few to judge it."]


def test_days_edge_and_sport_choose_the_predictions(version: StrategyVersion) -> None:
    serie_a = make_match(sport=make_sport(key="soccer_italy_serie_a"), commence_time=NOW - DAY)
    make_result(version, "won", 1.0, match=serie_a, edge_pct=9.0)
    make_result(version, "lost", -1.0, at=NOW - 20 * DAY, edge_pct=2.0)
    make_result(version, "lost", -1.0, at=NOW - 200 * DAY, edge_pct=2.0)

    assert first()["total_signals"] == 2
    assert first(days=7)["total_signals"] == 1
    assert first(days=365)["total_signals"] == 3
    assert first(min_edge=5)["total_signals"] == 1
    assert first(sport="soccer_italy_serie_a")["total_signals"] == 1
    assert first(sport="soccer_nowhere")["total_signals"] == 0


def test_the_last_three_months_do_not_depend_on_the_days_asked(version: StrategyVersion) -> None:
    make_result(version, "won", 1.0)
    make_result(version, "lost", -1.0, at=NOW - 30 * DAY)
    make_result(version, "lost", -1.0, at=NOW - 200 * DAY)

    week, year = first(days=7), first(days=365)

    assert (week["roi"], week["perf_3m"]) == (100.0, "+0.0%")
    assert (year["roi"], year["perf_3m"]) == (pytest.approx(-100 / 3), "+0.0%")


def test_quotes_of_a_match_do_not_multiply_its_predictions(version: StrategyVersion) -> None:
    match = make_match(commence_time=NOW - DAY)
    make_result(version, "won", 1.0, match=match)
    make_result(version, "won", 1.0, match=match, market="totals", outcome="over")

    answer = first()

    assert (answer["total_signals"], answer["wins"]) == (2, 2)
    assert answer["outcomes"] == [{"outcome": "home", "count": 1}, {"outcome": "over", "count": 1}]


def test_placed_are_those_the_user_bet_on_with_money(version: StrategyVersion) -> None:
    matches = [make_match(commence_time=NOW + DAY) for _number in range(4)]
    for match in matches:
        predict(version, match)
    make_bet(match=matches[0], outcome="home", at=NOW)
    make_bet(match=matches[1], outcome="away", at=NOW)
    make_bet(match=matches[2], outcome="home", at=NOW, is_paper=True)

    answer = first()

    assert answer["bets_placed"] == 1
    placed = {one["match_id"] for one in answer["recent_bets"] if one["bet_placed"]}
    assert placed == {matches[0].provider_id}


def test_recent_ones_are_the_ten_newest(version: StrategyVersion) -> None:
    for days in range(12):
        make_result(version, "half_won", 0.5, at=NOW - (days + 1) * DAY, confidence=0.25)

    recent = first()["recent_bets"]

    assert len(recent) == 10
    assert recent[0] == {
        "match_id": recent[0]["match_id"],
        "sport": "soccer_epl",
        "recommended_outcome": "home",
        "confidence_score": 25.0,
        "edge_percent": 5.0,
        "bet_placed": False,
        "actual_result": "won",
        "detected_at": utc_text(NOW - DAY - timedelta(hours=5)),
        "recommended_odds": 2.1,
    }


class TestCorrelation:
    @pytest.fixture
    def pair(self) -> tuple[StrategyVersion, StrategyVersion]:
        return make_agent(ONE), make_agent(OTHER)

    def test_it_is_pearsons_of_mean_profits_on_common_matches(
        self, pair: tuple[StrategyVersion, StrategyVersion]
    ) -> None:
        chance, mine, theirs = random.Random(3), [], []
        for number in range(12):
            match = make_match(commence_time=NOW - (number + 1) * DAY)
            profits = [chance.choice([-1.0, 1.2, 2.5]) for _bet in range(3)]
            make_result(pair[0], "won", profits[0], match=match)
            more = {"market": "totals", "outcome": "over", "line": Decimal("2.5")}
            make_result(pair[0], "won", profits[1], match=match, **more)
            make_result(pair[1], "won", profits[2], match=match)
            mine.append((profits[0] + profits[1]) / 2)
            theirs.append(profits[2])
        make_result(pair[0], "won", 9.0)  # the other said nothing of that one
        make_result(pair[1], "push", 0.0, match=make_match(commence_time=NOW - DAY))

        answer = compare()["correlation"]

        assert answer["correlation"] == pytest.approx(statistics.correlation(mine, theirs))
        assert answer["matches"] == 12
        assert answer["overlap"] == 12
        assert answer["overlap_pct"] == pytest.approx(100 * 12 / 26)
        assert answer["same_outcome_pct"] == 100.0

    def test_both_agents_have_the_same_one(
        self, pair: tuple[StrategyVersion, StrategyVersion]
    ) -> None:
        for number in range(4):
            match = make_match(commence_time=NOW - (number + 1) * DAY)
            make_result(pair[0], "won", float(number), match=match)
            make_result(pair[1], "won", float(number % 2), match=match, outcome="away")

        there, back = compare(), compare(agent1=OTHER, agent2=ONE)

        assert there["correlation"] == back["correlation"]
        assert there["correlation"]["same_outcome_pct"] == 0.0
        assert there["agents"] == back["agents"][::-1]

    @pytest.mark.parametrize(
        ("one", "other"),
        [([], []), ([1.0, 2.0], [2.0, 1.0]), ([1.0, 1.0, 1.0], [1.0, 2.0, 3.0])],
    )
    def test_it_is_undefined_for_few_and_for_constant_ones(
        self, one: list[float], other: list[float]
    ) -> None:
        assert correlation_of(np.array(one), np.array(other)) is None

    def test_nothing_in_common_is_undefined(
        self, pair: tuple[StrategyVersion, StrategyVersion]
    ) -> None:
        make_result(pair[0], "won", 1.0)

        assert compare()["correlation"] == {
            "overlap": 0,
            "overlap_pct": 0.0,
            "same_outcome_pct": None,
            "correlation": None,
            "matches": 0,
        }


def test_the_pair_by_path_is_the_comparison_by_default(version: StrategyVersion) -> None:
    make_season(version, seed=2, size=10)

    assert get(f"/agents/compare/{ONE}/{OTHER}") == compare()


@pytest.mark.parametrize("name", [ONE, "agent_b", "Spread Optimizer Ferrari 2.0"])
def test_agents_answer_to_key_letter_and_name(version: StrategyVersion, name: str) -> None:
    assert compare(agent1=name)["agents"][0]["agent_id"] == ONE


def make_record(**given: Any) -> AgentRecord:
    numbers = dict.fromkeys(AgentRecord.__slots__, None) | {
        "predictions": 100, "pending": 0, "decided": 100, "wins": 50, "losses": 50,
        "profit": 0.0, "graded_matches": 90,
    }  # fmt: skip
    return AgentRecord(**numbers | given)


def test_only_an_interval_beside_zero_is_a_strength_or_a_weakness() -> None:
    good = make_record(roi_interval=(0.5, 9.0), clv_interval=(-0.1, 3.0))
    bad = make_record(roi_interval=(-9.0, 9.0), clv_interval=(-3.0, -0.5))
    few = make_record(decided=FEWEST - 1)

    assert traits(good) == (["ROI between +0.5 and +9.0 % on 100 settled predictions."], [])
    assert traits(bad) == ([], ["Fair CLV between -3.0 and -0.5 % on 90 graded matches."])
    assert traits(few) == ([], ["29 settled predictions: too few to judge it."])


def test_clv_is_a_mean_over_matches(version: StrategyVersion) -> None:
    match = make_match(commence_time=NOW - DAY)
    graded = {"clv_status": "graded", "clv_reference": "pinnacle", "clv_pct": 9.0}
    make_result(version, "won", 1.0, match=match, clv_fair_pct=1.0, **graded)
    make_result(
        version, "won", 1.0, match=match, market="totals", outcome="over", clv_fair_pct=3.0,
        **graded,
    )  # fmt: skip
    make_result(version, "lost", -1.0, clv_fair_pct=-1.0, **graded)

    answer = first()

    assert (answer["clv_pct"], answer["graded_matches"]) == (pytest.approx(0.5), 2)
    assert answer["clv_low"] is None
    assert not math.isnan(answer["clv_pct"])
