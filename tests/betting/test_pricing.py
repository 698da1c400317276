"""Values, spreads and arbitrages of single markets, worked out by hand."""

from dataclasses import replace

import pytest

from betting.detection.findings import Leg
from odds.devig import Method
from tests.betting.markets import (
    BETFAIR,
    BRAVE,
    DEFAULTS,
    EVEN,
    FIVE_PERCENT,
    PINNACLE,
    SOFT,
    Bookie,
    Offer,
    findings_of,
    offer,
    the,
)

pytestmark = pytest.mark.filterwarnings("error")


def test_the_edge_of_the_contract_is_found():
    offers = [
        offer(PINNACLE, 2.10, 3.50, 3.60),
        *(offer(bookie, 2.05, 3.40, 3.40) for bookie in SOFT[:3]),
        offer(BRAVE, 2.00, 3.30, 3.95),
    ]

    value = the(findings_of(offers), "value", "away")

    assert value.edge_pct == pytest.approx(5.53, abs=0.005)
    assert value.fair_probability == pytest.approx(0.267176, abs=5e-7)
    assert value.shrunk_edge_pct == pytest.approx(5.53 / 2, abs=0.005)
    assert (value.best_bookmaker, value.best_odds, value.reference) == ("brave", 3.95, "pinnacle")
    assert (value.worst_odds, value.bookmaker_count, value.rejection) == (3.40, 5, "")
    assert value.spread_pct == pytest.approx((3.95 / 3.40 - 1) * 100)


def test_the_spread_of_the_contract_is_found():
    offers = [offer(SOFT[0], 2.30, 1.70), offer(SOFT[1], 2.10, 1.75), offer(SOFT[2], 2.00, 1.80)]

    spread = the(findings_of(offers), "spread")

    assert spread.spread_pct == pytest.approx(15.00)
    assert (spread.best_bookmaker, spread.worst_bookmaker) == ("soft0", "soft2")
    assert (spread.best_odds, spread.worst_odds, spread.bookmaker_count) == (2.30, 2.00, 3)
    assert (spread.edge_pct, spread.fair_probability, spread.reference) == (None, None, "")


def test_the_arbitrage_of_the_contract_is_found():
    offers = [
        offer(SOFT[0], 2.20, 3.20, 3.30, seen_at=300.0, age=60.0),
        offer(SOFT[1], 2.00, 3.70, 3.30, seen_at=100.0, age=None),
        offer(SOFT[2], 2.00, 3.20, 3.95, seen_at=200.0),
    ]

    arbitrage = the(findings_of(offers), "arbitrage", "all")

    assert 1 / (1 + arbitrage.edge_pct / 100) == pytest.approx(0.977980, abs=5e-7)
    assert arbitrage.edge_pct == pytest.approx(2.25, abs=0.005)
    assert arbitrage.legs == (
        Leg(outcome="home", bookmaker="soft0", odds=2.20, seen_at=300.0, source_age_seconds=60.0),
        Leg(outcome="draw", bookmaker="soft1", odds=3.70, seen_at=100.0, source_age_seconds=None),
        Leg(outcome="away", bookmaker="soft2", odds=3.95, seen_at=200.0, source_age_seconds=0.0),
    )
    assert arbitrage.price_seen_at == 100.0


def test_an_arbitrage_pays_the_exchange_its_commission():
    """1 / 2.10 + 1 / 2.05 is below 1, but 2.05 leaves only 1.9975 after 5 %."""
    offers = [offer(SOFT[0], 2.10, 1.75), offer(BETFAIR, 1.90, 2.05)]

    arbitrage = the(findings_of(offers), "arbitrage", "all")

    assert arbitrage.edge_pct == pytest.approx((1 / (1 / 2.10 + 1 / 1.9975) - 1) * 100)
    assert arbitrage.legs[1].odds == 2.05
    offers[0] = offer(SOFT[0], 2.00, 1.85)
    assert not [finding for finding in findings_of(offers) if finding.kind == "arbitrage"]


def test_an_arbitrage_above_the_maximum_edge_is_taken_for_an_error():
    offers = [offer(SOFT[0], 2.60, 1.60), offer(SOFT[1], 1.60, 2.60)]

    arbitrage = the(findings_of(offers), "arbitrage", "all")

    assert arbitrage.edge_pct == pytest.approx(30.0)
    assert arbitrage.rejection == "too_good"


def test_arbitrages_are_not_looked_for_when_switched_off():
    offers = [offer(SOFT[0], 2.10, 1.75), offer(SOFT[1], 1.75, 2.10)]

    found = findings_of(offers, replace(DEFAULTS, detects_arbitrage=False))

    assert not [finding for finding in found if finding.kind == "arbitrage"]


def test_a_price_held_against_power_probabilities_loses_the_bias_of_longshots():
    """By the power method a longshot is less likely than by the multiplicative one."""
    offers = [
        offer(PINNACLE, 1.20, 6.50, 13.0),
        *(offer(bookie, 1.18, 6.00, 12.0) for bookie in SOFT[:3]),
        offer(BRAVE, 1.15, 6.00, 14.5),
    ]

    by_multiplicative = findings_of(offers)
    by_power = findings_of(offers, replace(DEFAULTS, devig=Method.POWER))

    assert the(by_multiplicative, "value", "away").edge_pct > 4
    assert not [finding for finding in by_power if finding.kind == "value"]


def test_an_exchange_price_counts_after_commission():
    """2.20 is 10 % above even before commission and 7 % after: .5 * (1 + .95 * 1.20) - 1."""
    value = the(findings_of([*EVEN, offer(BETFAIR, 2.20, 1.80)]), "value")

    assert value.best_odds == 2.20
    assert value.edge_pct == pytest.approx(7.0)


def test_exchanges_make_no_spread():
    offers = [*EVEN, offer(BETFAIR, 2.60, 1.65)]

    assert not [finding for finding in findings_of(offers) if finding.kind == "spread"]


def test_a_spread_of_exactly_the_minimum_is_kept():
    """3.15 over 3.00 is 5 %, though binary fractions make it 4.99999…"""
    offers = [offer(SOFT[0], 3.15, 1.40), *(offer(bookie, 3.00, 1.40) for bookie in SOFT[1:3])]

    assert the(findings_of(offers), "spread").spread_pct == 5.0


def test_a_spread_row_says_how_far_its_best_price_is_below_fair():
    offers = [*EVEN, offer(SOFT[4], 1.80, 2.00)]

    spread = the(findings_of(offers), "spread")

    assert (spread.best_odds, spread.best_bookmaker) == (1.95, "pinnacle")
    assert (spread.reference, spread.rejection) == ("consensus", "")
    assert spread.edge_pct == pytest.approx((0.5 * 1.95 - 1) * 100)


def test_a_football_match_has_a_draw_even_if_nobody_quotes_it():
    assert findings_of([*EVEN, FIVE_PERCENT], has_draws=True) == []


def test_totals_of_a_football_match_have_two_outcomes():
    offers = [replace(given, market="totals", line=2.5) for given in [*EVEN, FIVE_PERCENT]]

    value = the(findings_of(offers, has_draws=True), "value", "over")

    assert (value.market, value.line, value.rejection) == ("totals", 2.5, "")


def test_lines_are_never_compared_with_each_other():
    offers = [
        *(replace(given, market="totals", line=2.5) for given in EVEN),
        replace(FIVE_PERCENT, market="totals", line=2.25),
    ]

    assert findings_of(offers) == []


def test_the_best_price_that_passes_stands_before_a_better_one_that_does_not():
    error = offer(SOFT[6], 2.90, 1.50)

    value = the(findings_of([*EVEN, FIVE_PERCENT, error]), "value")

    assert (value.best_bookmaker, value.rejection) == ("brave", "")


def test_equal_prices_go_to_the_playable_then_the_fresher_then_by_key():
    playable = Bookie(key="zulu", is_playable=True)
    by_key = [offer(Bookie(key=key), 2.10, 1.75) for key in ("beta", "alpha")]
    fresher = offer(Bookie(key="gamma"), 2.10, 1.75, changed_at=50.0)

    def taken(*offers: Offer) -> str | None:
        return the(findings_of([*EVEN, *offers]), "value").best_bookmaker

    assert taken(*by_key) == "alpha"
    assert taken(*by_key, fresher) == "gamma"
    assert taken(*by_key, fresher, offer(playable, 2.10, 1.75)) == "zulu"


def test_only_playable_bookmakers_are_taken_but_all_may_be_referred_to():
    playable = offer(Bookie(key="mine", is_playable=True), 2.06, 1.80)

    found = findings_of([*EVEN, FIVE_PERCENT, playable], replace(DEFAULTS, only_playable=True))

    value = the(found, "value")
    assert (value.best_bookmaker, value.reference) == ("mine", "pinnacle")
    assert value.edge_pct == pytest.approx(3.0)


def test_the_sharp_bookmaker_is_not_held_against_itself():
    """Four others at 1.90 on both sides hold it to be even, so 2.10 is 5 % above fair."""
    offers = [offer(PINNACLE, 2.10, 1.80), *(offer(bookie, 1.90, 1.90) for bookie in SOFT[:4])]

    value = the(findings_of(offers), "value")

    assert (value.best_bookmaker, value.reference) == ("pinnacle", "consensus")
    assert value.edge_pct == pytest.approx(5.0)


@pytest.mark.parametrize(
    "bad",
    [
        offer(SOFT[7], None, None),
        offer(SOFT[7], 1.001, 1.001),
        offer(SOFT[7], None, 1.90),
        offer(SOFT[7], 99_999.0, 99_999.0),
    ],
)
def test_one_bad_bookmaker_never_costs_the_others(bad):
    good = [*EVEN, FIVE_PERCENT]

    alone, beside = (the(findings_of(offers), "value") for offers in (good, [*good, bad]))

    assert replace(beside, bookmaker_count=alone.bookmaker_count) == alone


def test_an_empty_board_holds_nothing():
    assert findings_of([]) == []
