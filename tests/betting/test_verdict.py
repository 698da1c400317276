"""The verdict: what is said, and what it rests on."""

from dataclasses import replace

import numpy as np
import pytest

from betting.performance.measures import by_match, confidence_sequence
from betting.performance.verdict import Evidence, Verdict, judge

ENOUGH = Evidence(bets=400, graded=380, matches=300, clv_low_pct=-0.5, clv_high_pct=1.5)


@pytest.mark.parametrize(
    ("low", "high", "verdict"),
    [
        (0.1, 2.0, Verdict.WINNING),
        (-3.0, -0.1, Verdict.LOSING),
        (-0.5, 1.5, Verdict.UNDECIDED),
        (0.0, 1.5, Verdict.UNDECIDED),
        (-1.5, 0.0, Verdict.UNDECIDED),
        (None, None, Verdict.TOO_FEW),
    ],
)
def test_only_an_interval_that_leaves_out_zero_decides(low, high, verdict):
    assert judge(replace(ENOUGH, clv_low_pct=low, clv_high_pct=high)) == verdict


def test_without_bets_nothing_is_said():
    assert judge(Evidence(bets=0, graded=0, matches=0)) == Verdict.NO_BETS


def test_bets_without_closing_lines_are_too_few():
    assert judge(Evidence(bets=50, graded=0, matches=0)) == Verdict.TOO_FEW


@pytest.mark.parametrize(("matches", "verdict"), [(29, Verdict.TOO_FEW), (30, Verdict.WINNING)])
def test_thirty_matches_are_the_fewest_however_many_bets_are_on_them(matches, verdict):
    evidence = replace(ENOUGH, matches=matches, clv_low_pct=0.1, clv_high_pct=2.0)

    assert judge(evidence) == verdict


@pytest.mark.parametrize(("yield_pct", "luck_pct"), [(-20.0, -22.0), (30.0, 28.0), (None, None)])
def test_money_won_or_lost_changes_nothing(yield_pct, luck_pct):
    winning = replace(ENOUGH, clv_low_pct=0.1, yield_pct=yield_pct, luck_pct=luck_pct)

    assert judge(winning) == Verdict.WINNING


def test_ten_bets_on_one_match_weigh_as_one():
    """A single lucky match, bet on three hundred times, is no proof."""
    rng = np.random.default_rng(1)
    clv = np.concatenate([np.full(300, 5.0), rng.normal(0, 9, 40)])
    matches = np.concatenate([np.zeros(300, dtype=int), np.arange(1, 41)])

    count, mean, variance = by_match(clv, matches)
    low, high = confidence_sequence(count, mean, variance)

    assert count == 41
    verdict = judge(replace(ENOUGH, matches=count, clv_low_pct=low, clv_high_pct=high))
    assert verdict == Verdict.UNDECIDED
    naive = confidence_sequence(len(clv), clv.mean(), clv.var(ddof=1))
    assert naive[0] > 0
