"""Live predictions: what agents say about a collection, stored once."""

from datetime import timedelta

import pytest

from strategies.live import asking
from strategies.models import Prediction
from tests.factories import (
    NOON,
    make_bookmaker,
    make_collection,
    make_match,
    make_quote,
    make_strategy,
)

pytestmark = pytest.mark.django_db


def make_market(seen_at=NOON):
    """Pinnacle holds home at 2.00 fair, and one bookmaker pays 2.30."""
    match = make_match()
    pinnacle = make_bookmaker("pinnacle", kind="sharp")
    make_quote("1.95", "3.60", "4.20", match=match, bookmaker=pinnacle, seen_at=seen_at)
    make_quote("2.30", "3.30", "3.40", match=match, bookmaker=make_bookmaker(), seen_at=seen_at)
    collection = make_collection(sport=match.sport, observed_at=seen_at, started_at=seen_at)
    return match, collection


def test_a_price_that_beats_the_sharp_bookmaker_is_predicted():
    match, _collection = make_market()
    version = make_strategy("sharp_reference")

    assert asking.predict(match.sport_id, now=NOON) == 1

    made = Prediction.objects.get()
    assert (made.version, made.match, made.outcome) == (version, match, "home")
    assert (float(made.odds), made.bookmaker.key, made.reference) == (2.3, "betclic_fr", "pinnacle")
    assert made.edge_pct == pytest.approx(100 * (made.probability * 2.3 - 1))
    assert made.predicted_at == NOON


def test_asking_twice_stores_nothing_new():
    match, _collection = make_market()
    make_strategy("sharp_reference")
    asking.predict(match.sport_id, now=NOON)

    assert asking.predict(match.sport_id, now=NOON) == 0
    assert Prediction.objects.count() == 1


def test_a_judged_collection_is_no_longer_pending():
    match, _collection = make_market()
    make_strategy("sharp_reference")
    assert asking.pending_sport_ids() == [match.sport_id]

    asking.predict(match.sport_id, now=NOON)

    assert asking.pending_sport_ids() == []


def test_an_inactive_strategy_is_not_asked():
    match, _collection = make_market()
    make_strategy("sharp_reference", is_active=False)

    assert asking.predict(match.sport_id, now=NOON) == 0


def test_a_match_that_kicked_off_is_left_out():
    match, _collection = make_market()
    make_strategy("sharp_reference")

    assert asking.predict(match.sport_id, now=match.commence_time + timedelta(seconds=1)) == 0
