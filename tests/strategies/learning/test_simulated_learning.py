"""Learning helps where a filter helps, and leaves alone what nothing helps, the truth known."""

from io import StringIO

import numpy as np
import pytest
from django.core.management import CommandError, call_command
from scipy import integrate, stats

from betting.performance.measures import confidence_sequence
from betting.performance.regression import regress
from strategies.agents.sharp_reference import Parameters
from strategies.learning.judging import judge
from strategies.learning.segments import Rates
from strategies.paired import Plan, Verdict
from strategies.reports.simulated_learning import (
    Sample,
    Sizes,
    Truth,
    differences,
    follow,
    until_verdict,
)

PLAN = Plan(smallest_gain=0.5, alpha=0.05, horizon=300)
SIZES = Sizes(training=1000, held_out=300, plan=PLAN)
HELPED = Truth(threshold=5.0, below=-4.0, above=3.0)
REVERSED = Truth(threshold=5.0, below=3.0, above=-4.0)
CLAIMS = stats.truncexpon(b=18 / 4, loc=2, scale=4)
BEFORE = Parameters()


def everywhere(edge):
    return Truth(threshold=5.0, below=edge, above=edge)


@pytest.fixture(scope="module")
def sample():
    return Sample.drawn(HELPED, matches=60_000, rng=np.random.default_rng(3))


@pytest.mark.parametrize("truth", [HELPED, REVERSED, Truth(threshold=4.0, below=-2.0, above=1.0)])
@pytest.mark.parametrize(
    ("least", "greatest"), [(2, 20), (0, 1000), (3, 20), (5, 20), (8, 12), (2, 5), (2, 4.5)]
)
def test_the_mean_true_edge_is_the_integral_over_the_claims(truth, least, greatest):
    parameters = Parameters(minimum_edge_pct=least, maximum_edge_pct=greatest)
    low, high = max(least, 2), min(greatest, 20)

    def integral(function):
        return integrate.quad(function, low, high, points=[min(max(truth.threshold, low), high)])[0]

    expected = integral(lambda x: truth.edges(x) * CLAIMS.pdf(x)) / integral(CLAIMS.pdf)
    assert truth.mean(parameters) == pytest.approx(expected)


def test_the_truth_asks_nothing_of_what_is_judged():
    """A change is worth what it is worth, whoever takes it for an improvement."""
    harmful, helpful = Parameters(maximum_edge_pct=5.0), Parameters(minimum_edge_pct=5.0)

    assert HELPED.mean(helpful) == pytest.approx(3.0)
    assert HELPED.mean(harmful) == pytest.approx(-4.0)
    for parameters in (BEFORE, harmful, helpful):
        assert everywhere(-3.0).mean(parameters) == pytest.approx(-3.0)


def test_edges_are_claimed_and_prices_scatter_as_said(sample):
    # Claims that are as said would fail this one time in 10,000.
    assert stats.kstest(sample.claimed[::10], CLAIMS.cdf).pvalue > 1e-4
    assert 9.0 < sample.clv[sample.claimed < 5].std() < 10.0
    assert 1.4 < sample.profit.std() < 1.7


def test_fair_clv_and_profit_have_the_true_edge_in_the_mean(sample):
    for is_side, edge in ((sample.claimed < 5, -4.0), (sample.claimed >= 5, 3.0)):
        count = is_side.sum()
        worth = 100 * (sample.odds * sample.probability - 1)[is_side]
        # The predictions on a match share half their scatter: a third is added to the variance.
        assert worth.mean() == pytest.approx(edge, abs=4 * 9.5 * (4 / 3 / count) ** 0.5)
        assert sample.clv[is_side].mean() == pytest.approx(
            edge, abs=4 * 9.5 * (4 / 3 / count) ** 0.5
        )
        assert 100 * sample.profit[is_side].mean() == pytest.approx(edge, abs=4 * 155 / count**0.5)


def test_the_true_edge_of_a_price_follows_its_clv_as_on_the_simulated_market():
    flat = Sample.drawn(everywhere(0.0), matches=30_000, rng=np.random.default_rng(4))
    worth = 100 * (flat.odds * flat.probability - 1)

    assert 0.965 < regress(flat.clv, worth, flat.match).slope < 0.98


def test_predictions_on_one_match_share_half_their_scatter():
    flat = Sample.drawn(everywhere(0.0), matches=30_000, rng=np.random.default_rng(4))
    second = np.flatnonzero(np.diff(flat.match) == 0) + 1

    shared = np.corrcoef(flat.clv[second - 1], flat.clv[second])[0, 1]
    assert len(second) == pytest.approx(15_000, abs=4 * 87)
    assert shared == pytest.approx(0.5, abs=0.03)


def test_the_analyst_is_told_of_the_same_predictions_newest_first():
    few = Sample.drawn(HELPED, matches=50, rng=np.random.default_rng(5))

    rows = few.made(np.random.default_rng(5))

    assert [row.match_id for row in rows] == few.match[::-1].tolist()
    assert Rates.of(rows).clv_pct == pytest.approx(few.clv.mean())
    assert Rates.of(rows).yield_pct == pytest.approx(100 * few.profit.mean())
    for row in rows:
        assert row.probability * row.odds == pytest.approx(1 + row.edge_pct / 100)


def test_differences_are_sums_by_match_and_leave_out_where_neither_arm_speaks():
    few = Sample(
        match=np.array([0, 0, 1, 2, 3]),
        claimed=np.array([3.0, 6.0, 3.0, 9.0, 25.0]),
        probability=np.full(5, 0.5),
        odds=np.full(5, 2.0),
        clv=np.array([-4.0, 5.0, 2.0, 7.0, 100.0]),
        is_won=np.array([True, False, False, True, True]),
    )
    after = Parameters(minimum_edge_pct=5.0)

    assert differences(few, few.clv, BEFORE, after).tolist() == [4.0, -2.0, 0.0]
    assert differences(few, few.profit, BEFORE, after).tolist() == [-1.0, 1.0, 0.0]
    assert differences(few, few.clv, after, BEFORE).tolist() == [-4.0, 2.0, 0.0]


def test_a_test_ends_at_its_first_verdict():
    gains = np.random.default_rng(6).normal(3.0, 8.0, 300)

    verdict, matches = until_verdict(gains, PLAN)

    def low(count):
        counted = gains[:count]
        return confidence_sequence(count, counted.mean(), counted.var(ddof=1))[0]

    assert verdict is Verdict.BETTER
    assert 30 < matches < 300
    assert low(matches) > 0 >= max(low(count) for count in range(30, matches))


def test_of_a_test_that_is_not_decided_nothing_is_accepted():
    assert until_verdict(np.tile([-3.0, 3.0], 150), PLAN) == (Verdict.UNDECIDED, 300)
    assert until_verdict(np.tile([-3.0, 3.0], 100), PLAN) == (Verdict.NONE, 200)


def test_a_harmful_change_stands_nowhere():
    """What the analyst proposes for one strategy, forced on one where the truth is reversed."""
    rng = np.random.default_rng(7)
    after = Parameters(minimum_edge_pct=5.0)
    verdicts = []
    for _run in range(20):
        fresh = Sample.drawn(REVERSED, matches=300, rng=rng)
        gains = differences(fresh, fresh.clv, BEFORE, after)

        found = judge(gains, np.array([]), bets_before=450, bets_after=200)

        assert not found.is_passed
        verdicts.append(until_verdict(gains, PLAN)[0])
    assert Verdict.BETTER not in verdicts
    assert verdicts.count(Verdict.WORSE) >= 15


def runs(truth, count, seed):
    rng = np.random.default_rng(seed)
    return [follow(truth, SIZES, rng=rng) for _run in range(count)]


@pytest.mark.parametrize("truth", [HELPED, REVERSED])
def test_where_a_filter_helps_it_is_found_confirmed_and_raises_the_true_edge(truth):
    courses = runs(truth, 10, 8)

    accepted = [course for course in courses if course.verdict is Verdict.BETTER]
    assert len(accepted) >= 8
    for course in accepted:
        assert course.has_stood
        assert course.matches <= 300
        assert truth.mean(course.after) > truth.mean(course.before) + 1


@pytest.mark.parametrize("edge", [0.0, -3.0, 3.0])
def test_where_nothing_helps_hardly_anything_is_accepted(edge):
    """Fewer than one in twenty; 4 or more of 20 would have a probability of 1.6 %."""
    courses = runs(everywhere(edge), 20, 9)

    assert sum(course.verdict is Verdict.BETTER for course in courses) <= 3
    for course in courses:
        assert everywhere(edge).mean(course.after) == pytest.approx(edge)


def test_only_what_was_accepted_is_applied():
    for course in runs(Truth(threshold=5.0, below=-2.0, above=2.0), 12, 10):
        is_accepted = course.verdict is Verdict.BETTER
        assert course.after == (course.proposed if is_accepted else BEFORE)
        assert course.has_stood == (course.verdict is not Verdict.NONE)


def test_the_same_seed_makes_the_same_courses():
    assert runs(HELPED, 2, 11) == runs(HELPED, 2, 11)
    assert runs(HELPED, 2, 11) != runs(HELPED, 2, 12)


def test_the_command_prints_both_worlds():
    out = StringIO()

    call_command("report_learning", "--runs=2", "--seed=1", stdout=out, stderr=StringIO())

    printed = out.getvalue()
    for words in (
        "2 runs of each; 1,000 matches",
        "a filter helps",
        "nothing helps",
        "-4 % below 5 %, +3 % above",
        "+0 % everywhere",
        "-0.73 %",  # the mean true edge of the first strategy before
        "accepted",
    ):
        assert words in printed


@pytest.mark.parametrize("option", ["--runs=0", "--training=0", "--held-out=0"])
def test_the_command_refuses_nothing_to_do(option):
    with pytest.raises(CommandError, match="above 0"):
        call_command("report_learning", option)
