"""What holds for any odds: a stricter rule never bets more.

A rule that does is not the published one: a peer that normalises probabilities after taking the
offset off bets more with a larger offset.
"""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from strategies.proofs import buchdahl, kaunitz
from strategies.proofs.prices import only
from strategies.proofs.replaying import settled_bets
from tests.strategies.proofs.histories import history

odds = st.floats(1.02, 40.0).map(lambda value: round(value, 3))
triples = st.tuples(odds, odds, odds)
# A book with a margin of 2 to 8 %, and prices up to a third better than it.
chances = st.tuples(*[st.floats(0.05, 1.0)] * 3)
fair = chances.map(lambda three: np.array(three) / sum(three))
books = st.tuples(fair, st.floats(1.02, 1.08)).map(
    lambda pair: tuple(np.maximum(1 / (pair[0] * pair[1]), 1.01).tolist())
)
better = st.tuples(*[st.floats(0.9, 1.35)] * 3)
matches = st.lists(st.tuples(books, better), min_size=1, max_size=12)
rising = st.lists(st.floats(0.0, 0.2), min_size=2, max_size=4).map(sorted)


def counts(trials, seen):
    return [len(settled_bets(trial, seen)) for trial in trials]


def past_of(drawn, reference):
    best = [tuple(np.maximum(np.multiply(book, factors), 1.01).tolist()) for book, factors in drawn]
    return history(
        [(1, 0)] * len(drawn),
        {
            (reference, "before_close"): [book for book, _factors in drawn],
            ("market_max", "before_close"): best,
        },
    )


@settings(max_examples=60)
@given(matches, rising)
def test_bets_never_rise_with_alpha(drawn, alphas):
    seen = only(past_of(drawn, "market_average"), kaunitz.SHOWN, "before_close")

    made = counts([kaunitz.trial((alpha,) * 3, "before_close") for alpha in alphas], seen)

    assert made == sorted(made, reverse=True)


@settings(max_examples=60)
@given(matches, rising)
def test_bets_never_rise_with_the_expected_value_asked_for(drawn, thresholds):
    seen = only(past_of(drawn, "pinnacle"), buchdahl.SHOWN, "before_close")

    made = counts([buchdahl.trial(threshold) for threshold in thresholds], seen)

    assert made == sorted(made, reverse=True)


@settings(max_examples=60)
@given(st.lists(st.tuples(triples, triples), min_size=1, max_size=12))
def test_any_odds_at_all_bet_one_outcome_of_a_match_at_most(pairs):
    past = history(
        [(1, 0)] * len(pairs),
        {
            ("market_average", "before_close"): [average for average, _best in pairs],
            ("market_max", "before_close"): [best for _average, best in pairs],
        },
    )

    bets = settled_bets(
        kaunitz.trial(kaunitz.OFFSETS, "before_close"), only(past, kaunitz.SHOWN, "before_close")
    )

    assert len(np.unique(bets.match)) == len(bets)
