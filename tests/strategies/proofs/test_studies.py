"""The two rules by hand, on matches small enough to be worked out on paper."""

import numpy as np
import pytest

from strategies.proofs import buchdahl, kaunitz
from strategies.proofs.prices import only
from strategies.proofs.replaying import profits, records_of, settled_bets
from tests.strategies.proofs.histories import history

BEFORE, CLOSE = "before_close", "at_close"
NONE = (np.nan,) * 3


def taken(trial, shown, past):
    """Match, outcome and profit of each bet."""
    seen = only(past, shown, trial.moment)
    bets = settled_bets(trial, seen)
    return list(
        zip(bets.match.tolist(), bets.place.tolist(), profits(bets, seen).tolist(), strict=True)
    )


def test_kaunitz_takes_the_one_outcome_with_the_greatest_margin():
    # 2.6 (1/2 - .05) = 1.17 and 5.2 (1/4 - .05) = 1.04: home, which wins 1.6. In the other match
    # 2.2 (1/2 - .05) = 0.99 is no bet.
    past = history(
        [(1, 0), (1, 0)],
        {
            ("market_max", BEFORE): [(2.6, 4.0, 5.2), (2.2, 4.0, 4.0)],
            ("market_average", BEFORE): [(2.0, 4.0, 4.0), (2.0, 4.0, 4.0)],
        },
    )

    bets = taken(kaunitz.trial((0.05, 0.05, 0.05), BEFORE), kaunitz.SHOWN, past)

    assert bets == [(0, 0, pytest.approx(1.6))]


def test_offsets_differ_by_outcome():
    # Home 2.2 (1/2 - .034) = 1.025, draw 4.4 (1/4 - .057) = 0.849, away 4.4 (1/4 - .037) = 0.937.
    past = history(
        [(0, 1)],
        {
            ("market_max", BEFORE): [(2.2, 4.4, 4.4)],
            ("market_average", BEFORE): [(2.0, 4.0, 4.0)],
        },
    )

    assert taken(kaunitz.trial(kaunitz.OFFSETS, BEFORE), kaunitz.SHOWN, past) == [(0, 0, -1.0)]
    assert taken(kaunitz.trial((0.05,) * 3, BEFORE), kaunitz.SHOWN, past) == []


def test_prices_of_days_before_are_no_closing_prices():
    """Files of before 2019 close Pinnacle alone; that is a look, but no price to take."""
    past = history(
        [(1, 0), (1, 0)],
        {
            ("market_max", BEFORE): [(2.6, 4.0, 4.0), (2.6, 4.0, 4.0)],
            ("market_average", BEFORE): [(2.0, 4.0, 4.0), (2.0, 4.0, 4.0)],
            ("pinnacle", CLOSE): [(1.9, 3.9, 4.5), (1.9, 3.9, 4.5)],
            ("market_max", CLOSE): [NONE, (2.4, 4.0, 4.0)],
            ("market_average", CLOSE): [NONE, (2.0, 4.0, 4.0)],
        },
    )

    bets = taken(kaunitz.trial((0.05,) * 3, CLOSE), kaunitz.SHOWN, past)

    assert bets == [(1, 0, pytest.approx(1.4))]
    assert [run.matches for run in kaunitz.study(past).runs] == [2, 2, 1, 1]


def test_buchdahl_holds_the_maximum_against_pinnacle_without_its_margin():
    # A book without margin is its own fair price: 2.2 / 2 = 1.10, the draw 4.2 / 4 = 1.05.
    past = history(
        [(0, 0)],
        {
            ("pinnacle", BEFORE): [(2.0, 4.0, 4.0)],
            ("market_max", BEFORE): [(2.2, 4.2, 4.0)],
        },
    )

    assert taken(buchdahl.trial(0.02), buchdahl.SHOWN, past) == [(0, 0, -1.0)]
    assert taken(buchdahl.trial(0.09), buchdahl.SHOWN, past) == [(0, 0, -1.0)]
    assert taken(buchdahl.trial(0.11), buchdahl.SHOWN, past) == []


def test_bets_without_a_result_do_not_count():
    past = history(
        [(1, 0), (np.nan, np.nan)],
        {
            ("pinnacle", BEFORE): [(2.0, 4.0, 4.0)] * 2,
            ("market_max", BEFORE): [(2.2, 4.0, 4.0)] * 2,
        },
    )

    assert taken(buchdahl.trial(0.0), buchdahl.SHOWN, past) == [(0, 0, pytest.approx(1.2))]


def test_a_match_collected_live_is_no_part_of_a_proof():
    past = history(
        [(1, 0)],
        {
            ("pinnacle", BEFORE): [(2.0, 4.0, 4.0)],
            ("market_max", BEFORE): [(2.2, 4.0, 4.0)],
        },
        is_imported=False,
    )

    assert taken(buchdahl.trial(0.0), buchdahl.SHOWN, past) == []


def test_a_record_by_hand_is_graded_by_whom_had_no_part_in_it():
    # Two bets on home at 2.2: one wins 1.2, one loses. Pinnacle selected them, so that the exchange
    # grades: at 2.0 of a book without margin, 2.2 x 1/2 - 1 = 10 %.
    past = history(
        [(1, 0), (0, 1)],
        {
            ("pinnacle", BEFORE): [(2.0, 4.0, 4.0)] * 2,
            ("market_max", BEFORE): [(2.2, 4.0, 4.0)] * 2,
            ("pinnacle", CLOSE): [(1.5, 4.5, 9.0)] * 2,
            ("betfair_ex_uk", CLOSE): [(2.0, 4.0, 4.0)] * 2,
        },
    )
    trial = buchdahl.trial(0.0)

    [record] = records_of([trial], only(past, buchdahl.SHOWN, trial.moment), past)

    assert (record.bets, record.won, record.accuracy) == (2, 1, 0.5)
    assert record.profit == pytest.approx(0.2)
    assert record.realised == pytest.approx(0.1)
    # Of two days drawn with replacement: both times the loss, or both times the win.
    assert (record.low, record.high) == (pytest.approx(-1.0), pytest.approx(1.2))
    assert record.graded == 2
    assert record.fair_clv == pytest.approx(0.1)
    assert record.median_fair_clv == pytest.approx(0.1)


def test_nothing_to_bet_on_is_undefined_and_not_nought():
    past = history([(1, 0)], {("market_max", BEFORE): [(2.0, 4.0, 4.0)]})

    for run in (*kaunitz.study(past).runs, *buchdahl.study(past).runs):
        record = run.record
        assert (record.bets, record.accuracy, record.realised, record.low) == (0, None, None, None)
        assert (record.graded, record.fair_clv, record.median_fair_clv) == (0, None, None)


def test_the_published_yield_of_real_money_is_corrected():
    """957.5 dollars won with 265 bets of 50; the paper's 8.5 % takes 1,128.5 of other bets."""
    real = next(one for one in kaunitz.PUBLISHED if one.key == "real_money")

    assert real.realised == pytest.approx(1128.5 / 13_250, abs=0.0005)
    assert real.corrected == pytest.approx(0.0723, abs=0.00005)
