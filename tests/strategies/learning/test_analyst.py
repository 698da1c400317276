"""The statistical analyst: it finds what was planted, and nothing in noise."""

from bisect import bisect

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import stats

from strategies.agents.arbitrage_finder import Parameters as ArbitrageParameters
from strategies.agents.patron import Parameters as PatronParameters
from strategies.agents.sharp_reference import Parameters
from strategies.learning.analyst import adjusted_p_values, analyse, find_deviations, p_value
from strategies.learning.evidence import Refusal
from strategies.learning.proposal import checked
from strategies.learning.segments import EDGE_BOUNDS, Rates
from tests.strategies.learning.rows import evidence_of, made, season


def changes(analysis):
    return {each.name: each.value for each in analysis.proposal.parameter_changes}


@given(arrays(np.float64, st.integers(1, 40), elements=st.floats(0, 1)))
def test_adjusted_p_values_are_those_of_scipy(p_values):
    expected = stats.false_discovery_control(p_values, method="bh")

    assert adjusted_p_values(p_values) == pytest.approx(expected, rel=1e-12, abs=1e-300)


def test_no_tests_have_no_adjusted_p_values():
    assert len(adjusted_p_values(np.array([]))) == 0


def test_with_one_prediction_a_match_the_p_value_is_that_of_students_test():
    clvs = np.random.default_rng(3).normal(0.5, 9.5, 200)
    rows = [made(match_id=place, clv_pct=float(clv)) for place, clv in enumerate(clvs)]

    assert p_value(Rates.of(rows)) == pytest.approx(stats.ttest_1samp(clvs, 0).pvalue)


def test_repeating_a_prediction_on_its_match_is_no_more_evidence():
    clvs = np.random.default_rng(3).normal(0.5, 9.5, 200)
    rows = [made(match_id=place, clv_pct=float(clv)) for place, clv in enumerate(clvs)]

    assert p_value(Rates.of(rows * 5)) == pytest.approx(p_value(Rates.of(rows)))


@pytest.mark.parametrize(
    "rows",
    [
        [],
        [made(match_id=n, clv_pct=n - 40.0) for n in range(29)],
        [made(match_id=n, clv_pct=-5.0) for n in range(100)],
        [made(match_id=n, clv_pct=None) for n in range(100)],
    ],
    ids=["nothing", "too few", "all the same", "not graded"],
)
def test_what_cannot_be_tested_has_no_p_value(rows):
    assert p_value(Rates.of(rows)) is None


def test_a_losing_band_of_low_edges_raises_the_minimum():
    evidence = evidence_of(season(1, clv_of_edge=lambda edge: -3.0 if edge < 3 else 1.0))

    analysis = analyse(evidence)

    assert changes(analysis) == {"minimum_edge_pct": 3.0}
    assert checked(analysis.proposal, Parameters, evidence.mapping) == {"minimum_edge_pct": 3.0}
    assert "claimed edge (%) 2 to 3" in analysis.proposal.failure_pattern


def test_a_losing_band_of_high_edges_lowers_the_maximum():
    evidence = evidence_of(season(1, clv_of_edge=lambda edge: -8.0 if edge >= 12 else 1.0))

    assert changes(analyse(evidence)) == {"maximum_edge_pct": 12.0}


def test_both_ends_may_lose():
    def clv_of_edge(edge):
        return -4.0 if edge < 3 else -8.0 if edge >= 12 else 2.0

    evidence = evidence_of(season(1, clv_of_edge=clv_of_edge))

    assert changes(analyse(evidence)) == {"minimum_edge_pct": 3.0, "maximum_edge_pct": 12.0}


def test_the_gain_is_what_leaving_them_out_would_have_brought():
    rows = season(1, clv_of_edge=lambda edge: -3.0 if edge < 3 else 1.0)

    gain = analyse(evidence_of(rows)).proposal.expected_improvement

    kept = [row.clv_pct for row in rows if row.edge_pct >= 3]
    assert gain == pytest.approx(np.mean(kept) - np.mean([row.clv_pct for row in rows]), abs=1e-3)


def test_an_arbitrage_has_a_threshold_of_another_name():
    rows = season(1, clv_of_edge=lambda edge: -3.0 if edge < 3 else 1.0)

    analysis = analyse(evidence_of(rows, kind=ArbitrageParameters))

    assert changes(analysis) == {"minimum_profit_pct": 3.0}


def assert_silent(analysis, because):
    assert analysis.proposal is None
    assert because in analysis.sentence


def test_a_strategy_that_loses_everywhere_is_not_helped_by_a_threshold():
    evidence = evidence_of(season(1, clv_of_edge=lambda _edge: -9.0))

    assert_silent(analyse(evidence), "Every band of edges loses")


def test_what_no_parameter_leaves_out_is_named_and_not_proposed():
    rows = season(1, clv_of_edge=lambda edge: -8.0 if edge >= 8 else 1.0)

    analysis = analyse(evidence_of(rows, kind=PatronParameters))  # it has no greatest edge

    assert_silent(analysis, "no parameter leaves out")
    assert "claimed edge (%) 8 to 12" in analysis.sentence


def test_a_band_between_two_good_ones_is_not_cut():
    rows = season(1, clv_of_edge=lambda edge: -8.0 if 3 <= edge < 5 else 5.0)

    assert_silent(analyse(evidence_of(rows)), "no parameter leaves out")


def test_a_change_that_was_refused_is_not_proposed_again():
    rows = season(1, clv_of_edge=lambda edge: -3.0 if edge < 3 else 1.0)
    refused = [Refusal(changes={"minimum_edge_pct": 3.0}, reason="It lost later.")]

    assert_silent(analyse(evidence_of(rows, refused=refused)), "was refused before: It lost later.")


def kept_mean(rows, values):
    least = values.get("minimum_edge_pct", 0.0)
    greatest = values.get("maximum_edge_pct", 100.0)
    return np.mean([row.clv_pct for row in rows if least <= row.edge_pct < greatest])


def test_refused_one_after_another_the_best_that_is_left_is_proposed_until_none_is():
    def clv_of_edge(edge):
        return -6.0 if edge < 3 else -4.0 if edge < 5 else -8.0 if edge >= 12 else 4.0

    rows = season(1, clv_of_edge=clv_of_edge)
    refused, proposed = [], []
    while (analysis := analyse(evidence_of(rows, refused=refused))).proposal is not None:
        proposed.append(changes(analysis))
        refused.append(Refusal(changes=proposed[-1], reason=f"Reason {len(proposed)}."))

    means = [kept_mean(rows, values) for values in proposed]
    lower = ({}, {"minimum_edge_pct": 3.0}, {"minimum_edge_pct": 5.0})
    upper = ({}, {"maximum_edge_pct": 12.0})
    every = [low | high for low in lower for high in upper if low | high]
    assert proposed == sorted(every, key=lambda values: -kept_mean(rows, values))
    assert means == sorted(means, reverse=True)
    assert_silent(analysis, "was refused before: Reason 1.")
    assert "minimum_edge_pct = 3 was refused before" in analysis.sentence
    assert all(f"Reason {place}." in analysis.sentence for place in range(1, 6))


def test_what_was_refused_together_may_be_proposed_alone():
    rows = season(1, clv_of_edge=lambda edge: -3.0 if edge < 3 else 1.0)
    refused = [
        Refusal(changes={"minimum_edge_pct": 3.0, "maximum_edge_pct": 12.0}, reason="It lost.")
    ]

    assert changes(analyse(evidence_of(rows, refused=refused))) == {"minimum_edge_pct": 3.0}


def test_where_the_rest_loses_as_much_nothing_is_left_out():
    """A loser that bets less loses less, whatever it leaves out: that is no filter."""
    seasons = [season(seed, clv_of_edge=lambda _edge: -2.0) for seed in range(40)]

    analyses = [analyse(evidence_of(rows)) for rows in seasons]

    silent = [each.sentence for each in analyses if "is left is not better" in each.sentence]
    assert len(silent) >= 10
    # 6 or more of 40 have a probability of 1.4 % where the rate is 5 %.
    assert sum(each.proposal is not None for each in analyses) <= 5


def test_a_change_that_is_in_force_already_is_not_proposed():
    rows = season(1, clv_of_edge=lambda edge: -3.0 if edge < 3 else 1.0)

    analysis = analyse(evidence_of(rows, current={"minimum_edge_pct": 4.0}))

    assert_silent(analysis, "no parameter leaves out")


def test_nothing_graded_is_said():
    assert_silent(analyse(evidence_of([])), "No segment has 30 graded matches yet")


def test_where_something_only_wins_nothing_is_proposed():
    evidence = evidence_of(season(1, clv_of_edge=lambda _edge: 4.0))

    assert_silent(analyse(evidence), "loses to the closing line beyond chance")


def test_of_100_seasons_of_noise_fewer_than_5_are_proposed_to_be_changed():
    """Every find in noise is a false one, so the rate to be kept below 5 % is that of any find."""
    analyses = [analyse(evidence_of(season(seed))) for seed in range(100)]

    assert min(len(each.findings) for each in analyses) >= 20
    found = sum(any(one.adjusted <= 0.05 for one in each.findings) for each in analyses)
    proposed = sum(each.proposal is not None for each in analyses)
    assert found <= 10  # 11 or more has a probability of 1 % where the rate is 5 %
    assert proposed < 5


def test_of_20_seasons_the_planted_band_is_found_in_most():
    seasons = [season(seed, clv_of_edge=lambda e: -3.0 if e < 3 else 1.0) for seed in range(20)]

    found = [analyse(evidence_of(rows)) for rows in seasons]

    hits = sum(each.proposal is not None for each in found)
    assert hits >= 15
    assert {"minimum_edge_pct"} == {
        name for each in found if each.proposal for name in changes(each)
    }


def test_only_segments_with_enough_matches_are_tested():
    evidence = evidence_of(season(1, count=400))

    findings = find_deviations(evidence.segments)

    assert findings
    assert all(each.segment.rates.graded_matches >= 30 for each in findings)
    assert len(findings) < len(evidence.segments)


@settings(max_examples=30)
@given(
    st.integers(0, 1000),
    st.lists(st.sampled_from([-12.0, 0.0, 12.0]), min_size=9, max_size=9),
    st.sampled_from([{}, {"minimum_edge_pct": 4.0}, {"maximum_edge_pct": 6.0}]),
)
def test_whatever_is_proposed_can_be_made(seed, levels, current):
    """Every proposal passes the checks, and takes fewer prices than before, never more."""
    rows = season(seed, count=600, clv_of_edge=lambda e: levels[bisect(EDGE_BOUNDS, e)])
    evidence = evidence_of(rows, current=current)

    analysis = analyse(evidence)

    assert analysis.sentence.endswith(".")
    if analysis.proposal is not None:
        changed = checked(analysis.proposal, Parameters, evidence.mapping)
        before = evidence.mapping
        after = before | changed
        assert after["minimum_edge_pct"] >= before["minimum_edge_pct"]
        assert after["maximum_edge_pct"] <= before["maximum_edge_pct"]


def test_its_sentences_are_written_in_the_language_it_is_given():
    losing = evidence_of(season(1, clv_of_edge=lambda edge: -3.0 if edge < 3 else 1.0))
    silent = evidence_of(season(1, clv_of_edge=lambda _edge: -9.0))

    proposal = analyse(losing, gettext="Dit : {}".format).proposal

    assert proposal.failure_pattern.startswith("Dit : Some prices lose")
    assert "Dit : claimed edge (%) Dit : 2 to 3" in proposal.reasoning
    assert analyse(silent, gettext="Dit : {}".format).sentence.startswith("Dit : Every band")
