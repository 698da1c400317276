"""Each guard, with a price it refuses and one it just lets pass."""

from dataclasses import replace

import pytest

from betting.detection.guards import Rejection
from betting.models import Opportunity
from tests.betting.markets import (
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


def verdict(offers: list[Offer], **settings) -> str:
    """Why the value of the home side was refused, or nothing."""
    return the(findings_of(offers, replace(DEFAULTS, **settings)), "value").rejection


@pytest.mark.parametrize(("age", "reason"), [(1800, ""), (1801, "stale"), (None, "")])
def test_a_price_whose_bookmaker_stopped_updating_is_stale(age, reason):
    assert verdict([*EVEN, replace(FIVE_PERCENT, age=age)]) == reason


@pytest.mark.parametrize(
    ("away_odds", "reason"), [(1.48, "overround"), (1.49, ""), (1.94, ""), (1.95, "overround")]
)
def test_a_price_beside_an_absurd_one_is_refused(away_odds, reason):
    """With 2.10: overrounds of 1.152, 1.147, 0.992 and 0.989."""
    assert verdict([*EVEN, offer(BRAVE, 2.10, away_odds)]) == reason


def test_a_price_without_the_draw_is_incomplete_where_there_is_one():
    offers = [
        offer(PINNACLE, 2.10, 3.50, 3.60),
        *(offer(bookie, 2.05, 3.40, 3.40) for bookie in SOFT[:3]),
    ]
    two_way = offer(BRAVE, 2.30, 1.75)

    assert verdict([*offers, two_way]) == "incomplete"
    assert verdict([*EVEN, FIVE_PERCENT]) == ""


@pytest.mark.parametrize(("others", "reason"), [(3, "few_bookmakers"), (4, "")])
def test_a_price_needs_independent_operators_beside_it(others, reason):
    assert verdict([*EVEN[:others], FIVE_PERCENT]) == reason


def test_skins_of_one_operator_are_one_independent_bookmaker():
    skin = offer(Bookie(key="soft1_fr", operator="soft1"), 1.90, 1.90)

    assert verdict([*EVEN[:3], skin, FIVE_PERCENT]) == "few_bookmakers"


@pytest.mark.parametrize(("minimum", "reason"), [(5, ""), (6, "few_bookmakers")])
def test_an_outcome_must_be_offered_by_enough_bookmakers(minimum, reason):
    assert verdict([*EVEN, FIVE_PERCENT], minimum_bookmakers=minimum) == reason


@pytest.mark.parametrize(("odds", "reason"), [(2.40, ""), (2.41, "too_good")])
def test_an_edge_above_the_maximum_is_too_good_to_be_true(odds, reason):
    assert verdict([*EVEN, offer(BRAVE, odds, 1.70)]) == reason


@pytest.mark.parametrize(("moved", "reason"), [(2, ""), (3, "lagging")])
def test_the_only_price_above_fair_is_lagging_if_three_others_moved_since(moved, reason):
    others = [replace(given, changed_at=100.0 * (n < moved)) for n, given in enumerate(EVEN)]

    assert verdict([*others, FIVE_PERCENT]) == reason
    assert verdict([*others, FIVE_PERCENT], rejects_lagging=False) == ""


def test_a_price_that_moved_last_is_not_lagging():
    others = [replace(given, changed_at=100.0) for given in EVEN]

    assert verdict([*others, replace(FIVE_PERCENT, changed_at=100.0)]) == ""


def test_a_price_above_fair_in_company_is_not_lagging():
    others = [replace(given, changed_at=100.0) for given in EVEN]

    assert verdict([*others, offer(SOFT[6], 2.01, 1.85), FIVE_PERCENT]) == ""


def test_the_reasons_are_those_the_database_knows():
    assert set(Rejection) == set(Opportunity.Rejection.values)
