"""Candidates: only losing bands at an end are left out, and only for what is better."""

import numpy as np
import pytest
from scipy import stats

from strategies.agents import sharp_reference, spread_optimizer
from strategies.learning.candidates import AXES, candidates, contrast
from strategies.learning.segments import EDGE, ODDS, Rates
from tests.strategies.learning.rows import evidence_of, made


def graded(clvs, *, first=0, **given):
    return [
        made(match_id=first + place, clv_pct=float(clv), **given) for place, clv in enumerate(clvs)
    ]


def bands_of(evidence, *, fewest=30):
    return [
        each
        for each in evidence.segments
        if each.dimension == EDGE and each.rates.graded_matches >= fewest
    ]


def proposed(evidence, *losing):
    bands = bands_of(evidence)
    chosen = [each for each in bands if each.value in losing]
    return [each.values for each in candidates(evidence, AXES[0], bands, chosen)]


@pytest.fixture(scope="module")
def rows():
    """Sixty predictions in each of five bands, each on a match of its own."""
    chance = np.random.default_rng(5)
    return [
        row
        for place, edge in enumerate([2.5, 4.0, 6.0, 10.0, 15.0])
        for row in graded(chance.normal(edge - 6, 9.5, 60), first=60 * place, edge_pct=edge)
    ]


def test_the_contrast_is_welchs_by_the_normal_distribution():
    chance = np.random.default_rng(2)
    better, worse = chance.normal(1.0, 9.5, 80), chance.normal(-1.0, 8.0, 120)

    found = contrast([Rates.of(graded(better))], [Rates.of(graded(worse))])

    welch = stats.ttest_ind(better, worse, equal_var=False)
    assert found == pytest.approx(stats.norm.sf(welch.statistic))


def test_bands_together_weigh_by_their_predictions():
    chance = np.random.default_rng(2)
    one, two, other = (chance.normal(mean, 9.5, n) for mean, n in [(1, 40), (3, 90), (-1, 70)])

    found = contrast([Rates.of(graded(one)), Rates.of(graded(two))], [Rates.of(graded(other))])

    mean = np.concatenate([one, two]).mean() - other.mean()
    of_kept = (40 * one.var(ddof=1) + 90 * two.var(ddof=1)) / 130**2
    error = np.sqrt(of_kept + other.var(ddof=1) / 70)
    assert found == pytest.approx(stats.norm.sf(mean / error))


@pytest.mark.parametrize(("better", "worse"), [(29, 90), (90, 29), (0, 90), (90, 0)])
def test_too_few_matches_are_no_contrast(better, worse):
    sides = [np.linspace(50, 60, better), np.linspace(-60, -50, worse)]

    assert contrast(*([Rates.of(graded(side))] for side in sides)) == 1.0


def test_both_ends_come_first_then_one_end_then_shorter_runs(rows):
    found = proposed(evidence_of(rows), "2 to 3", "3 to 5", "12 to 20")

    assert found == [
        {"minimum_edge_pct": 5.0, "maximum_edge_pct": 12.0},
        {"minimum_edge_pct": 5.0},
        {"maximum_edge_pct": 12.0},
        {"minimum_edge_pct": 3.0, "maximum_edge_pct": 12.0},
        {"minimum_edge_pct": 3.0},
    ]


def test_what_no_end_reaches_is_no_candidate(rows):
    assert proposed(evidence_of(rows), "5 to 8") == []
    assert proposed(evidence_of(rows)) == []


def test_a_run_stops_at_a_band_that_could_not_be_tested(rows):
    """Nobody knows whether that one loses, so that it is not left out with its neighbours."""
    known = [row for row in rows if row.edge_pct != 4.0 or row.match_id < 70]

    found = proposed(evidence_of(known), "2 to 3", "5 to 8")

    assert found == [{"minimum_edge_pct": 3.0}]


def test_the_gain_and_its_contrast_are_those_of_the_predictions_kept_and_left_out(rows):
    evidence = evidence_of(rows)
    bands = bands_of(evidence)

    [found] = candidates(evidence, AXES[0], bands, bands[:1])

    kept = np.array([row.clv_pct for row in rows if row.edge_pct >= 3])
    every = np.array([row.clv_pct for row in rows])
    assert found.cut == (bands[0],)
    assert found.gain == pytest.approx(kept.mean() - every.mean())
    assert found.p_value == pytest.approx(
        contrast([each.rates for each in bands[1:]], [bands[0].rates])
    )


def test_a_losing_end_beyond_the_range_of_its_parameter_is_left_out_as_far_as_that_goes():
    chance = np.random.default_rng(5)
    rows = [
        row
        for place, edge in enumerate([15.0, 30.0])
        for row in graded(chance.normal(0, 9.5, 60), first=60 * place, edge_pct=edge)
    ]
    evidence = evidence_of(rows, current={"maximum_edge_pct": 1000.0})

    assert proposed(evidence, "20 or more") == [{"maximum_edge_pct": 20.0}]
    assert proposed(evidence, "12 to 20") == [{"minimum_edge_pct": 20.0}]


def test_odds_are_cut_as_edges_are_where_an_agent_has_a_parameter_for_them():
    chance = np.random.default_rng(5)
    rows = [
        row
        for place, odds in enumerate([1.7, 2.5, 4.0])
        for row in graded(chance.normal(odds - 3, 5.0, 60), first=60 * place, odds=odds)
    ]
    of_odds = [each for each in evidence_of(rows).segments if each.dimension == ODDS]

    def found(kind):
        evidence = evidence_of(rows, kind=kind)
        return [each.values for each in candidates(evidence, AXES[1], of_odds, of_odds[:1])]

    assert found(spread_optimizer.Parameters) == [{"minimum_odds": 2.0}]
    assert found(sharp_reference.Parameters) == []
