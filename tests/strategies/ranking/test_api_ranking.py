"""The API's routes of the ranking: shapes, bounds, and who may ask."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from strategies.api.performance import StrategyPerformanceSerializer
from strategies.api.ranking import (
    AgentFailures,
    RankingSerializer,
    StrategyPerformance,
    StrategyRanking,
)
from strategies.models import Strategy, StrategyRecord, StrategyVersion
from strategies.ranking import days
from strategies.ranking.ranking import rank
from tests.api import utc_text
from tests.factories import make_match, make_prediction, make_strategy
from tests.strategies.ranking.asked import ask, assert_as_described, get
from tests.strategies.ranking.predicted import many, settled

NOW = timezone.now().replace(hour=12)
pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("view", "path"),
    [
        (StrategyRanking, {}),
        (StrategyPerformance, {"strategy_id": 1}),
        (AgentFailures, {"agent_name": "sharp_reference"}),
    ],
)
def test_strangers_are_refused(view, path):
    assert ask(view, is_signed_in=False, **path).status_code in {401, 403}


def test_the_ranking_has_what_the_original_had_and_what_it_rests_on():
    version = make_strategy()
    many(version, 12, until=NOW, clv=2.0)
    rank(now=NOW)

    answer = get(StrategyRanking)

    assert_as_described(RankingSerializer, answer)
    assert (answer["success"], answer["total"]) == (True, 1)
    (row,) = answer["strategies"]
    assert row["id"] == version.strategy_id
    assert (row["agent_name"], row["strategy_name"]) == ("Sharp Reference", "Buchdahl")
    assert (row["total_predictions"], row["settled"], row["graded_matches"]) == (12, 12, 12)
    assert row["win_rate"] == 100
    assert row["roi"] == pytest.approx(110)
    assert (row["tier"], row["legacy_tier"], row["trend"]) == ("B", "S", "stable")
    assert row["clv"] == pytest.approx(2)
    assert (row["clv_low"], row["clv_high"]) == (None, None)
    assert row["has_improvement_test"] is False
    assert row["computed_at"] == utc_text(NOW)


def test_the_best_score_comes_first_and_the_unrated_last():
    for name, score in (("low", 20.0), ("none", None), ("high", 80.0)):
        version = make_strategy(strategy_name=name)
        StrategyRecord.objects.create(
            strategy=version.strategy,
            version=version,
            computed_at=NOW,
            total_predictions=0,
            settled=0,
            graded_matches=0,
            strategies_tried=1,
            global_score=score,
        )

    answer = get(StrategyRanking)

    assert [row["strategy_name"] for row in answer["strategies"]] == ["high", "low", "none"]


def test_a_strategy_that_was_never_ranked_is_listed_without_figures():
    make_strategy()

    (row,) = get(StrategyRanking)["strategies"]

    undefined = ("win_rate", "roi", "clv", "tier", "legacy_tier", "global_score", "computed_at")
    assert {row[name] for name in undefined} == {None}
    assert (row["total_predictions"], row["trend"]) == (0, "stable")


def test_without_strategies_the_ranking_is_empty():
    assert get(StrategyRanking) == {"success": True, "strategies": [], "total": 0}


def test_the_list_is_bounded_and_says_how_many_there_are():
    for number in range(4):
        make_strategy(strategy_name=f"Number {number}")

    answer = get(StrategyRanking, {"limit": 2})

    assert (len(answer["strategies"]), answer["total"]) == (2, 4)
    assert ask(StrategyRanking, {"limit": 1001}).status_code == 400


def test_performance_tells_each_match_day_of_the_last_ones():
    version = make_strategy()
    settled(version, "won", kickoff=NOW - timedelta(days=1), clv=3.0)
    settled(version, "lost", kickoff=NOW - timedelta(days=1), clv=-1.0)
    settled(version, "push", kickoff=NOW - timedelta(days=2))
    make_prediction(version=version, match=make_match(commence_time=NOW))
    settled(version, "won", kickoff=NOW - timedelta(days=3))
    make_prediction(version=version, match=make_match(commence_time=NOW + timedelta(days=1)))
    rank(now=NOW)

    answer = get(StrategyPerformance, {"days": 3}, strategy_id=version.strategy_id)

    assert_as_described(StrategyPerformanceSerializer, answer)
    assert answer["strategy"] == {
        "agent_name": "Sharp Reference",
        "strategy_name": "Buchdahl",
        "win_rate": pytest.approx(200 / 3),
        "roi": pytest.approx(100 * 1.2 / 4),
        "total_predictions": 6,
        "tier": None,
    }
    pushed, yesterday, today = answer["performance_history"]
    assert yesterday == {
        "date": (NOW - timedelta(days=1)).date().isoformat(),
        "predictions_count": 2,
        "settled": 2,
        "win_rate": 50,
        "roi": pytest.approx(5),
        "graded_matches": 2,
        "clv": pytest.approx(1),
    }
    assert (pushed["settled"], pushed["roi"], pushed["win_rate"], pushed["clv"]) == (
        1,
        0,
        None,
        None,
    )
    assert (today["predictions_count"], today["settled"], today["roi"]) == (1, 0, None)


def test_performance_of_an_unknown_strategy_is_not_found():
    response = ask(StrategyPerformance, strategy_id=404)

    assert response.status_code == 404
    assert response.data == {"detail": "Stratégie 404 non trouvée"}


@pytest.mark.parametrize("asked", ["0", "366", "soon"])
def test_performance_refuses_a_period_out_of_bounds(asked):
    version = make_strategy()

    response = ask(StrategyPerformance, {"days": asked}, strategy_id=version.strategy_id)

    assert response.status_code == 400


def queries(view, query=None, **path):
    with CaptureQueriesContext(connection) as captured:
        get(view, query, **path)
    return len(captured)


def make_rows(version, first, count):
    """So many more strategies, and wrong predictions on as many days of one version."""
    for number in range(first, first + count):
        strategy = Strategy.objects.create(
            agent="consensus_value",
            agent_name="Consensus Value",
            strategy_name=f"Number {number}",
            created_at=NOW,
        )
        StrategyVersion.objects.create(
            strategy=strategy, number=1, parameters={}, is_current=True, created_at=NOW
        )
        settled(version, "lost", kickoff=NOW - timedelta(days=number))


def test_queries_are_the_same_for_three_rows_and_three_hundred():
    version = make_strategy()
    asked = [
        (StrategyRanking, None, {}),
        (StrategyPerformance, {"days": 365}, {"strategy_id": version.strategy_id}),
        (AgentFailures, {"limit": 100}, {"agent_name": "sharp_reference"}),
    ]
    make_rows(version, 0, 3)
    days.sum_up(None)
    few = [queries(view, query, **path) for view, query, path in asked]

    make_rows(version, 3, 297)
    days.sum_up(None)
    rank(now=NOW)

    assert [queries(view, query, **path) for view, query, path in asked] == few == [1, 2, 2]
    assert get(StrategyRanking)["total"] == 301
    history = get(StrategyPerformance, {"days": 365}, strategy_id=version.strategy_id)
    assert len(history["performance_history"]) == 300
    assert get(AgentFailures, {"limit": 100}, agent_name="sharp_reference")["failures_count"] == 100
