"""Consensus Value is the rule of Kaunitz, Zhong & Kreiner: max * (1 / mean - 0.05) > 1."""

from statistics import fmean

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from odds.fair_prices import CONSENSUS
from strategies.agents.consensus_value import Parameters, predict
from strategies.predictions import AVERAGE, MAXIMUM
from tests.strategies.agents.boards import SOFT, Bookie, make_snapshot, offer, random_snapshot

HIGH = [offer(bookie, 2.00, 3.40, 4.00) for bookie in SOFT[:3]] + [offer(SOFT[3], 2.40, 3.20, 3.20)]
GROUP = (1, "h2h", 0.0)


def test_the_best_price_is_held_against_the_mean_less_an_offset():
    made = predict(make_snapshot(HIGH), Parameters())

    # The mean of 2.00, 2.00, 2.00 and 2.40 is 2.10: 2.40 * (1 / 2.10 - 0.05) - 1 = 2.286 %.
    assert made.place.tolist() == [0]
    assert made.odds.tolist() == [2.40]
    assert made.probability[0] == pytest.approx(1 / 2.10 - 0.05)
    assert made.edge[0] == pytest.approx(0.0228571, abs=1e-7)
    assert made.source.tolist() == [CONSENSUS]


@settings(max_examples=40)
@given(seed=st.integers(0, 10**6), offset=st.sampled_from([0.0, 0.03, 0.05, 0.08]))
def test_on_random_odds_it_is_the_published_formula(seed, offset):
    rng = np.random.default_rng(seed)
    bookies = [Bookie(key=f"b{number}") for number in range(rng.integers(4, 9))]
    markets = {
        match: [np.round(odds, 2).tolist() for odds in rng.uniform(1.5, 6, (len(bookies), 3))]
        for match in range(8)
    }
    offers = [
        offer(bookie, *odds, match=match)
        for match, quotes in markets.items()
        for bookie, odds in zip(bookies, quotes, strict=True)
    ]

    made = predict(
        make_snapshot(offers),
        Parameters(
            home_offset=offset, draw_offset=offset, away_offset=offset, maximum_edge_pct=1000.0
        ),
    )

    expected = {}
    for match, quotes in markets.items():
        margins = [
            max(column) * (1 / fmean(column) - offset) for column in zip(*quotes, strict=True)
        ]
        if max(margins) > 1:
            expected[match] = (margins.index(max(margins)), pytest.approx(max(margins) - 1))
    told = zip(made.place.tolist(), made.edge.tolist(), strict=True)
    assert dict(zip(made.group.tolist(), told, strict=True)) == expected


@settings(max_examples=25)
@given(seed=st.integers(0, 10**6), low=st.floats(0, 0.2), high=st.floats(0, 0.2))
def test_a_greater_offset_never_makes_more_predictions(seed, low, high):
    """A rule whose probabilities are scaled to sum to 1 again fails this: the offset cancels."""
    snapshot = random_snapshot(seed, groups=30, bookmakers=6)
    low, high = min(low, high), max(low, high)

    more, fewer = (
        predict(
            snapshot,
            Parameters(
                home_offset=each, draw_offset=each, away_offset=each, maximum_edge_pct=1000.0
            ),
        )
        for each in (low, high)
    )

    assert set(fewer.group.tolist()) <= set(more.group.tolist())


def test_the_sites_of_one_operator_count_once():
    skins = [Bookie(key=f"site{number}", operator="one") for number in range(3)]
    offers = [*HIGH[:3], *(offer(skin, 2.40, 3.20, 3.20) for skin in skins)]

    made = predict(make_snapshot(offers), Parameters())

    assert made.probability[0] == pytest.approx(1 / 2.10 - 0.05)  # as with one site


def test_three_operators_are_too_few():
    assert len(predict(make_snapshot(HIGH[1:]), Parameters())) == 0
    assert len(predict(make_snapshot(HIGH[1:]), Parameters(minimum_operators=3))) == 1


def test_a_quote_without_every_outcome_neither_counts_nor_is_taken():
    incomplete = offer(SOFT[4], 3.00, None, 3.00)

    made = predict(make_snapshot([*HIGH, incomplete]), Parameters())

    assert made.odds.tolist() == [2.40]
    assert made.probability[0] == pytest.approx(1 / 2.10 - 0.05)


def test_stated_odds_of_the_market_go_before_those_on_the_board():
    snapshot = make_snapshot(
        HIGH[:1],
        maximum={GROUP: (2.20, 3.60, 4.60)},
        average={GROUP: (2.05, 3.40, 4.00)},
    )

    made = predict(snapshot, Parameters())

    # Home 2.20 * (1/2.05 - .05) = 0.963, draw 3.60 * (1/3.40 - .05) = 0.879,
    # away 4.60 * (1/4.00 - .05) = 0.92: nothing; without offsets home brings 2.20 / 2.05 - 1.
    assert len(made) == 0
    made = predict(snapshot, Parameters(home_offset=0.0))
    assert (made.place.tolist(), made.column.tolist()) == ([0], [MAXIMUM])
    assert made.edge[0] == pytest.approx(2.20 / 2.05 - 1)
    assert made.source.tolist() == [AVERAGE]


def test_only_match_winners_are_judged():
    totals = [offer(each.bookie, 2.0, 1.9, market="totals", line=2.5) for each in HIGH[:3]]
    totals.append(offer(SOFT[3], 2.4, 1.6, market="totals", line=2.5))

    assert len(predict(make_snapshot(totals), Parameters())) == 0
