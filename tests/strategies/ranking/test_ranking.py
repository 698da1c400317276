"""Where strategies stand: from rows to records, as often as one likes."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection, connections
from django.forms import model_to_dict
from django.test.utils import CaptureQueriesContext

from strategies import versions
from strategies.models import Prediction, RankingSettings, StrategyDay, StrategyRecord
from strategies.ranking.ranking import rank, strategies_tried
from tests.factories import NOON, make_prediction, make_strategy
from tests.strategies.ranking.predicted import many, settled

pytestmark = pytest.mark.django_db
UNDEFINED = (
    *("win_rate", "roi", "roi_low", "roi_high", "roi_shrunk", "clv", "clv_low", "clv_high"),
    *("raw_clv", "tier", "legacy_tier", "global_score"),
)


def record_of(version):
    return StrategyRecord.objects.get(strategy=version.strategy_id)


def varied(version, count, *, clv):
    """So many won predictions whose CLV scatters around a mean."""
    for day in range(count):
        settled(
            version,
            "won",
            clv=clv + (1 if day % 2 else -1),
            kickoff=NOON - timedelta(days=day % 20, hours=1 + day // 20),
        )


def test_a_strategy_that_predicted_nothing_has_no_figures():
    version = make_strategy()

    assert rank(now=NOON) == 1

    record = record_of(version)
    assert {getattr(record, name) for name in UNDEFINED} == {None}
    assert (record.total_predictions, record.settled, record.trend) == (0, 0, "stable")
    assert (record.strategies_tried, record.computed_at) == (1, NOON)


def test_a_long_good_record_is_rated_s():
    version = make_strategy()
    varied(version, 40, clv=4.0)

    rank(now=NOON)

    record = record_of(version)
    assert (record.settled, record.graded_matches) == (40, 40)
    assert record.roi == pytest.approx(110)
    assert record.roi_shrunk == pytest.approx(100 * 44 / 90)
    assert (record.clv, record.raw_clv) == (pytest.approx(4), pytest.approx(6))
    assert 0 < record.clv_low < 4 < record.clv_high
    assert (record.tier, record.legacy_tier, record.global_score) == ("S", "S", 100)


def test_an_unrated_strategy_keeps_its_figures_and_has_no_tier():
    version = make_strategy()
    varied(version, 9, clv=4.0)

    rank(now=NOON)

    record = record_of(version)
    assert (record.tier, record.legacy_tier, record.global_score) == (None, None, None)
    assert record.win_rate == 100


def test_ranking_twice_writes_the_same():
    for agent in ("sharp_reference", "consensus_value"):
        many(make_strategy(agent), 12, clv=1 / 3)
    rank(now=NOON)
    before = [model_to_dict(one) for one in StrategyRecord.objects.order_by("pk")]

    assert rank(now=NOON) == 2

    assert [model_to_dict(one) for one in StrategyRecord.objects.order_by("pk")] == before


def test_what_was_settled_since_the_last_time_is_counted():
    version = make_strategy()
    prediction = settled(version, "won", kickoff=NOON - timedelta(days=3))
    rank(now=NOON)

    Prediction.objects.filter(pk=prediction.pk).update(
        result="lost", profit=-1, settled_at=NOON + timedelta(hours=1)
    )
    rank(now=NOON + timedelta(hours=2))

    assert (record_of(version).roi, record_of(version).win_rate) == (-100, 0)


def test_history_is_summed_again_where_asked():
    version = make_strategy()
    rank(now=NOON)
    settled(version, "won", kickoff=NOON - timedelta(days=300))

    rank(now=NOON)
    assert record_of(version).settled == 0

    rank(now=NOON, is_anew=True)
    assert record_of(version).settled == 1


def test_only_the_current_version_counts_and_its_earlier_record_comes_back_with_it():
    first = make_strategy()
    many(first, 4)
    second = versions.add_version(first.strategy, first.mapping, origin="tried", now=NOON)

    rank(now=NOON)
    assert (record_of(first).version, record_of(first).settled) == (second, 0)

    versions.make_current(first)
    rank(now=NOON)
    assert (record_of(first).version, record_of(first).settled) == (first, 4)


def test_every_version_that_predicted_or_is_asked_counts_as_tried():
    first = make_strategy()
    many(first, 1)
    second = versions.add_version(first.strategy, first.mapping, origin="tried", now=NOON)
    versions.add_version(first.strategy, first.mapping, origin="asked now", now=NOON)
    make_strategy("consensus_value", is_active=False)
    rank(now=NOON)

    assert second.predictions.count() == 0
    assert strategies_tried() == 2
    assert record_of(first).strategies_tried == 2


def test_nothing_tried_counts_as_one():
    make_strategy(is_active=False)

    assert strategies_tried() == 1


def test_other_strategies_widen_the_interval():
    version = make_strategy()
    varied(version, 40, clv=4.0)
    rank(now=NOON)
    alone = record_of(version)

    for number in range(9):
        make_strategy("consensus_value", strategy_name=f"Tried {number}")
    rank(now=NOON)

    assert record_of(version).strategies_tried == 10
    assert record_of(version).clv_low < alone.clv_low
    assert record_of(version).clv == alone.clv


def test_the_thresholds_are_the_settings():
    version = make_strategy()
    varied(version, 12, clv=-4.0)
    RankingSettings.objects.create(minimum_settled=13)

    rank(now=NOON)

    assert record_of(version).tier is None


def test_upcoming_predictions_are_counted_and_settle_nothing():
    version = make_strategy()
    make_prediction(version=version)

    rank(now=NOON)

    assert (record_of(version).total_predictions, record_of(version).settled) == (1, 0)
    assert record_of(version).roi is None


def queries_of_a_ranking():
    with CaptureQueriesContext(connection) as queries:
        rank(now=NOON)
    return len([one for one in queries if "SAVEPOINT" not in one["sql"]])


def test_queries_do_not_grow_with_strategies():
    many(make_strategy(), 3)
    few = queries_of_a_ranking()

    for number in range(30):
        many(make_strategy("consensus_value", strategy_name=f"Another {number}"), 2)

    assert queries_of_a_ranking() == few == 11


@pytest.mark.django_db(transaction=True)
def test_two_rankings_at_once_go_one_after_the_other():
    many(make_strategy(), 12, clv=2.0)

    def rank_in_a_thread(_number):
        try:
            return rank(now=NOON)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(rank_in_a_thread, range(8))) == [1] * 8
    assert StrategyRecord.objects.count() == 1
    assert StrategyDay.objects.count() == 12


def test_the_command_prints_the_table():
    varied(make_strategy(), 40, clv=4.0)
    make_strategy("consensus_value")
    out = StringIO()

    call_command("rank_strategies", "--anew", stdout=out)

    first, best, unrated, _blank, note = out.getvalue().splitlines()
    assert first.startswith("strategy")
    assert best.startswith("Sharp Reference · Buchdahl")
    assert best.split()[-3:] == ["S", "S", "stable"]
    assert unrated.split()[-4:] == ["–", "–", "–", "stable"]
    assert "allow for 2 strategies" in note


def test_the_command_says_so_where_there_is_no_strategy():
    out = StringIO()

    call_command("rank_strategies", stdout=out)

    assert out.getvalue() == "There is no strategy yet.\n"
