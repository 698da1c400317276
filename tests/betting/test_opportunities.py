"""The life of opportunities over a sequence of looks, against a real database."""

from datetime import timedelta
from decimal import Decimal

import pytest

from betting.detection.opportunities import Detected
from betting.models import DetectionSettings, Opportunity
from tests.betting.looks import (
    EVEN,
    FOUND,
    KICK_OFF,
    MINUTE,
    detect_at,
    look,
    make_bookmakers,
    seen,
)
from tests.factories import NOON

pytestmark = pytest.mark.django_db

BETTER = EVEN | {"brave": (2.20, 1.70)}  # 10 %
STILL_GOOD = EVEN | {"brave": (2.06, 1.80)}  # 3 %
GONE = EVEN | {"brave": (1.95, 1.90)}


@pytest.fixture(autouse=True)
def _bookmakers():
    make_bookmakers()
    DetectionSettings.objects.create(minimum_spread_pct=50, detects_arbitrage=False)


def test_a_good_price_opens_an_opportunity():
    look(FOUND, at=NOON)

    detected = detect_at(NOON + timedelta(seconds=2))

    (row,) = Opportunity.objects.all()
    assert detected == Detected(opened=1)
    assert (row.market, row.line, row.outcome, row.kind) == ("h2h", 0, "home", "value")
    assert (row.best_odds, row.best_bookmaker.key) == (Decimal("2.10"), "brave")
    assert (row.worst_odds, row.worst_bookmaker.key) == (Decimal("1.90"), "soft0")
    assert (row.reference, row.fair_probability, row.bookmaker_count) == ("pinnacle", 0.5, 5)
    assert row.edge_pct == row.first_edge_pct == row.peak_edge_pct == pytest.approx(5)
    assert row.shrunk_edge_pct == pytest.approx(2.5)
    assert row.spread_pct == pytest.approx((2.10 / 1.90 - 1) * 100)
    assert row.first_odds == row.best_odds
    assert row.first_seen_at == row.last_seen_at == row.price_seen_at == row.peak_at == NOON
    assert (row.closed_at, row.closing, row.rejection, row.legs) == (None, "", "", [])


def test_a_better_price_makes_a_new_peak():
    (row,) = seen(FOUND, BETTER)

    assert row.first_edge_pct == pytest.approx(5)
    assert row.edge_pct == row.peak_edge_pct == pytest.approx(10)
    assert (row.first_odds, row.best_odds) == (Decimal("2.10"), Decimal("2.20"))
    assert row.first_seen_at == NOON
    assert row.last_seen_at == row.price_seen_at == row.peak_at == NOON + MINUTE


def test_a_worse_price_leaves_the_peak():
    (row,) = seen(FOUND, BETTER, STILL_GOOD)

    assert row.edge_pct == pytest.approx(3)
    assert (row.peak_edge_pct, row.peak_at) == (pytest.approx(10), NOON + MINUTE)
    assert row.last_seen_at == NOON + 2 * MINUTE


def test_a_price_that_moved_closes_its_opportunity():
    (row,) = seen(FOUND, GONE)

    assert (row.closing, row.closed_at) == ("price_moved", NOON + MINUTE)
    assert (row.last_seen_at, row.edge_pct) == (NOON, pytest.approx(5))


def test_a_price_that_returns_opens_another_opportunity():
    first, second = seen(FOUND, GONE, BETTER)

    assert first.closing == "price_moved"
    assert (second.closed_at, second.first_seen_at) == (None, NOON + 2 * MINUTE)
    assert second.first_edge_pct == pytest.approx(10)


def test_an_outcome_nobody_offers_any_more_is_withdrawn():
    (row,) = seen(FOUND, {})

    assert (row.closing, row.closed_at) == ("withdrawn", NOON + MINUTE)


def test_a_bookmaker_the_newest_look_missed_offers_nothing():
    (row,) = seen(FOUND, EVEN)

    assert row.closing == "price_moved"


def test_a_price_whose_bookmaker_stops_updating_is_refused_with_the_reason():
    look(FOUND, at=NOON)
    detect_at(NOON)
    look(FOUND, at=NOON + MINUTE, source_ages={"brave": timedelta(hours=1)})

    detected = detect_at(NOON + MINUTE)

    accepted, refused = Opportunity.objects.order_by("pk")
    assert detected == Detected(opened=1, closed=1, rejected=1)
    assert (accepted.rejection, accepted.closing) == ("", "judged_anew")
    assert (refused.rejection, refused.closing) == ("stale", "")


def test_a_price_refused_from_now_on_becomes_a_row_of_its_own():
    too_good = EVEN | {"brave": (2.50, 1.60)}

    accepted, refused, again = seen(FOUND, too_good, FOUND)

    assert [row.rejection for row in (accepted, refused, again)] == ["", "too_good", ""]
    assert [row.closing for row in (accepted, refused, again)] == ["judged_anew"] * 2 + [""]
    assert (refused.first_seen_at, refused.closed_at) == (NOON + MINUTE, NOON + 2 * MINUTE)
    assert refused.edge_pct == pytest.approx(25)


def test_another_reason_for_refusing_keeps_the_row():
    too_good = EVEN | {"brave": (2.50, 1.60)}
    few = {key: too_good[key] for key in ("pinnacle", "soft0", "brave")}

    (row,) = seen(too_good, few)

    assert row.rejection == "few_bookmakers"


def test_detecting_twice_changes_nothing():
    seen(FOUND | {"soft0": (1.70, 2.20)})
    before = list(Opportunity.objects.order_by("pk").values())

    detected = detect_at(NOON + MINUTE)

    assert (detected.opened, detected.closed) == (0, 0)
    assert detected.updated == len(before) > 1
    assert list(Opportunity.objects.order_by("pk").values()) == before


def test_a_match_that_kicked_off_has_no_opportunity():
    seen(FOUND)

    detected = detect_at(KICK_OFF)

    (row,) = Opportunity.objects.all()
    assert detected.closed == 1
    assert (row.closing, row.closed_at) == ("kicked_off", KICK_OFF)


def test_a_late_tick_closes_at_kick_off_all_the_same():
    seen(FOUND)

    detect_at(KICK_OFF + timedelta(hours=3))

    assert Opportunity.objects.get().closed_at == KICK_OFF


@pytest.mark.parametrize(("minutes", "closing"), [(239, ""), (240, "expired")])
def test_a_price_not_seen_for_too_long_expires(minutes, closing):
    seen(FOUND)

    detect_at(NOON + minutes * MINUTE)

    assert Opportunity.objects.get().closing == closing


def test_each_market_is_on_offer_until_it_is_asked_for_again():
    look(FOUND, at=NOON, market="totals", line=2.5)
    look(FOUND, at=NOON + MINUTE, market="h2h")
    detect_at(NOON + MINUTE)
    look(EVEN, at=NOON + 2 * MINUTE, market="totals", line=2.5)
    detect_at(NOON + 2 * MINUTE)

    rows = Opportunity.objects.order_by("market")

    assert [(row.market, row.outcome, row.line, row.closing) for row in rows] == [
        ("h2h", "home", 0, ""),
        ("totals", "over", 2.5, "price_moved"),
    ]
    assert [row.first_seen_at for row in rows] == [NOON + MINUTE, NOON]


def test_a_sport_is_detected_without_touching_another():
    look(FOUND, at=NOON)
    look(FOUND, at=NOON, sport="tennis_wta", match="other")
    detect_at(NOON)
    detect_at(NOON, sport="tennis_wta")

    look(GONE, at=NOON + MINUTE)
    detect_at(NOON + MINUTE)

    open_rows = Opportunity.objects.unclosed()
    assert [row.match.provider_id for row in open_rows] == ["other"]


def test_an_arbitrage_is_stored_with_its_legs():
    DetectionSettings.objects.update(detects_arbitrage=True)
    quotes = EVEN | {"soft0": (2.10, 1.75), "soft1": (1.75, 2.10)}
    look(quotes, at=NOON, source_ages=dict.fromkeys(quotes, MINUTE))

    detect_at(NOON)

    row = Opportunity.objects.get(kind="arbitrage")
    assert (row.outcome, row.best_odds, row.best_bookmaker, row.spread_pct) == (
        *("all", None, None),
        None,
    )
    assert row.edge_pct == pytest.approx(5)
    leg = {"odds": 2.1, "seen_at": "2026-11-21T12:00:00+00:00", "source_age_seconds": 60.0}
    assert row.legs == [
        {"outcome": "home", "bookmaker": "soft0"} | leg,
        {"outcome": "away", "bookmaker": "soft1"} | leg,
    ]
