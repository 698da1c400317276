"""`v_current_opportunities`, the original's view over the current quotes."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from betting.models import DetectionSettings
from tests.factories import make_bookmaker, make_match, make_quote

pytestmark = pytest.mark.django_db


def rows() -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM v_current_opportunities")
        names = [column.name for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def offer(match: Any, key: str, *odds: str, minutes_ago: int = 1, **given: Any) -> None:
    seen_at = timezone.now() - timedelta(minutes=minutes_ago)
    make_quote(*odds, match=match, bookmaker=make_bookmaker(key, **given), seen_at=seen_at)


def test_one_row_a_match_with_the_spread_of_each_outcome():
    match = make_match(commence_time=timezone.now() + timedelta(hours=5))
    offer(match, "betclic_fr", "2.30", "3.50", "3.30")
    offer(match, "unibet_fr", "2.00", "3.60", "3.30")

    (row,) = rows()

    assert (row["match_id"], row["bookmaker_count"]) == (match.provider_id, 2)
    # 2.30 / 2.00 is the contract's vector: 15.00 %.
    assert (row["home_spread_pct"], row["away_spread_pct"]) == (Decimal("15.00"), Decimal("0.00"))
    assert (row["max_draw_odds"], row["min_draw_odds"]) == (Decimal("3.600"), Decimal("3.500"))


def test_exchanges_old_prices_and_started_matches_do_not_make_a_spread():
    coming = make_match(commence_time=timezone.now() + timedelta(hours=5))
    offer(coming, "betclic_fr", "2.30", "3.50", "3.30")
    offer(coming, "betfair_ex_eu", "9.00", "3.50", "3.30", kind="exchange")
    offer(coming, "unibet_fr", "9.00", "3.50", "3.30", minutes_ago=241)
    started = make_match(commence_time=timezone.now() - timedelta(minutes=1))
    offer(started, "betclic_fr", "2.30", "3.50", "3.30")
    offer(started, "winamax_fr", "2.00", "3.50", "3.30")

    assert rows() == []


def test_how_old_a_price_may_be_is_the_users_setting():
    match = make_match(commence_time=timezone.now() + timedelta(hours=5))
    for key, odds in (("betclic_fr", "2.30"), ("unibet_fr", "2.00")):
        offer(match, key, odds, "3.50", "3.30", minutes_ago=10)
    assert len(rows()) == 1

    DetectionSettings.objects.create(maximum_seen_age_minutes=5)

    assert rows() == []
