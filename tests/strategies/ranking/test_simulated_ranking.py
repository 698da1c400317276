"""The ranking finds the strategy with an edge, and only that one, where the truth is known."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import StringIO

import numpy as np
import pytest
from django.core.management import CommandError, call_command

from odds.simulator.world import World
from strategies.models import RankingSettings
from strategies.ranking.ranking import rules_of
from strategies.reports.simulated_ranking import Plan, Pool, days_of, place, simulate

EPOCH = datetime(2026, 8, 3, tzinfo=UTC)
START = EPOCH + timedelta(days=14)
RULES = rules_of(RankingSettings())
PLAN = Plan(strategies=20, edge=0.03, share=0.5)
MATCHES = 1500


@pytest.fixture(scope="module")
def pool():
    return Pool.of(World(1, EPOCH), start=START, matches=MATCHES, seed=1)


def test_the_pool_is_a_market_in_the_order_of_its_days(pool):
    assert len(pool) == MATCHES
    assert (np.diff(pool.day) >= 0).all()
    for probabilities in (pool.true, pool.closing):
        assert probabilities.sum(axis=1) == pytest.approx(np.ones(MATCHES))
    assert pool.worth.mean() == pytest.approx(1)
    happened = pool.true[np.arange(MATCHES), pool.won]
    # How often what happened was to happen: the mean of p² summed over outcomes.
    expected = (pool.true**2).sum(axis=1)
    assert happened.mean() == pytest.approx(expected.mean(), abs=0.02)


def test_single_bets_scatter_as_they_do_on_real_prices(pool):
    """CLV by 9 to 10 %, returns by 150 to 161 % and somewhat more on longshots."""
    bets = place(pool, edge=0.0, share=1.0, rng=np.random.default_rng(2))

    assert 8.5 < bets.clv.std() < 10.5
    assert 1.4 < bets.profit.std() < 1.9


@pytest.mark.parametrize("edge", [0.0, 0.03])
def test_an_edge_is_true_and_shows_in_the_clv_and_in_the_yield(pool, edge):
    rng = np.random.default_rng(4)
    placed = [place(pool.again(rng), edge=edge, share=1.0, rng=rng) for _ in range(40)]
    clv = np.concatenate([bets.clv for bets in placed])
    profit = np.concatenate([bets.profit for bets in placed])

    # The pool's own few matches are what is left of the error of the CLV.
    assert clv.mean() == pytest.approx(100 * edge, abs=4 * 9.5 / (3 * MATCHES) ** 0.5)
    assert profit.mean() == pytest.approx(edge, abs=4 * 1.7 / len(profit) ** 0.5)


def test_days_hold_what_the_bets_came_to(pool):
    bets = place(pool, edge=0.0, share=0.5, rng=np.random.default_rng(3))

    days = days_of(bets, pool)

    assert len(days.day) == len(np.unique(pool.day))
    assert days.sums().profit == pytest.approx(bets.profit.sum())
    assert days.sums().clv_squares == pytest.approx((bets.clv**2).sum())
    assert days.sums().settled == len(bets.match)
    assert days.sums().won == (bets.profit > 0).sum()


def test_none_of_twenty_without_edge_is_ever_ranked_above_b_and_the_one_with_three_percent_is(pool):
    run = simulate(pool, RULES, PLAN, rng=np.random.default_rng(1))

    assert len(run.without_edge) == 20
    assert not run.is_false_alarm
    # Some of them look like winners by their money: that alone does not raise them.
    assert max(course.sums.roi for course in run.without_edge) > RULES.s_roi
    assert run.with_edge.bets_until_sure is not None
    assert run.with_edge.bets_until_top is not None
    assert run.with_edge.bets_until_top >= run.with_edge.bets_until_sure


@pytest.fixture(scope="module")
def runs(pool):
    return forty_runs(pool, RULES)


def forty_runs(pool, rules):
    rng = np.random.default_rng(6)
    return [simulate(pool.again(rng), rules, PLAN, rng=rng) for _ in range(40)]


def test_looked_at_after_every_match_day_the_ranking_rarely_errs_and_mostly_finds_it(runs):
    """At most one run in twenty may err; of forty, five leave room for chance."""
    assert sum(run.is_falsely_sure for run in runs) <= 5
    assert sum(run.is_false_alarm for run in runs) <= sum(run.is_falsely_sure for run in runs)
    assert sum(run.with_edge.bets_until_sure is not None for run in runs) >= 38
    assert sum(run.with_edge.bets_until_top is not None for run in runs) >= 26


def test_without_allowing_for_their_number_the_best_of_many_is_taken_for_good_more_often(
    pool, runs
):
    """What the deflation is there for: the same runs, each strategy judged as if it were alone."""
    alone = forty_runs(pool, replace(RULES, alpha=RULES.alpha * (PLAN.strategies + 1)))

    deflated, undeflated = (sum(run.is_falsely_sure for run in some) for some in (runs, alone))
    assert undeflated > 3 * deflated


@pytest.mark.django_db
def test_the_command_prints_when_it_was_found_and_how_often_it_errs():
    out = StringIO()

    call_command(
        "report_ranking", "--strategies=3", "--matches=600", "--runs=5", stdout=out, stderr=out
    )

    printed = out.getvalue()
    for words in ("sure after", "3.0 %", "5 runs", "ever above B", "bets in the median"):
        assert words in printed


@pytest.mark.parametrize("option", ["--strategies=0", "--matches=0", "--runs=0", "--share=0"])
def test_the_command_refuses_nothing_to_do(option):
    with pytest.raises(CommandError, match="above 0"):
        call_command("report_ranking", option)
