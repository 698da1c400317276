"""Credits and pace, against arithmetic by hand."""

from datetime import UTC, datetime, timedelta

import pytest

from odds.models import CollectionSettings
from tests.alerts.metrics.scraped import samples, scraped, value
from tests.factories import NOON, make_collection, make_sport

HOUR = timedelta(hours=1)
RESET = datetime(2026, 12, 1, tzinfo=UTC)

pytestmark = pytest.mark.django_db


def test_before_an_answer_only_the_plan_is_known() -> None:
    families = scraped()

    assert families["monps_api_requests_remaining"].samples == {}
    assert families["monps_api_requests_used"].samples == {}
    assert families["monps_api_requests_forecast"].samples == {}
    assert families["monps_api_quota_limit"].samples == {"": 500}
    assert families["monps_api_reserve"].samples == {"": 50}


def test_the_newest_answer_of_the_month_is_believed() -> None:
    make_collection(started_at=NOON - HOUR, credits_remaining=430, credits_used_this_month=570)
    make_collection(started_at=NOON - 2 * HOUR, credits_remaining=1, credits_used_this_month=999)

    families = scraped()

    assert families["monps_api_requests_remaining"].samples == {"": 430}
    assert families["monps_api_requests_used"].samples == {"": 570}
    assert families["monps_api_quota_limit"].samples == {"": 1000}
    assert families["monps_api_reserve"].samples == {"": 100}


def test_last_months_answer_is_not_believed() -> None:
    make_collection(started_at=NOON - timedelta(days=30), credits_remaining=3)

    assert samples("monps_api_requests_remaining") == {}


def test_the_forecast_goes_on_at_the_pace_of_the_last_day() -> None:
    for hours in (1, 10, 20, 30):  # the last one is older than a day
        make_collection(started_at=NOON - hours * HOUR, credits_used=2, credits_remaining=400)

    days_left = (RESET - NOON) / timedelta(days=1)

    assert days_left == 9.5
    assert value("monps_api_requests_forecast") == pytest.approx(400 - 3 * 2 * days_left)


def test_a_first_day_is_measured_from_its_first_call() -> None:
    for hours in (6, 3):
        make_collection(started_at=NOON - hours * HOUR, credits_used=5, credits_remaining=490)

    assert value("monps_api_requests_forecast") == pytest.approx(490 - 10 / 6 * 9.5 * 24)


def test_one_call_in_the_first_minute_is_no_pace() -> None:
    make_collection(started_at=NOON - timedelta(minutes=1), credits_used=1, credits_remaining=499)

    assert value("monps_api_requests_forecast") == pytest.approx(499 - 1 * 9.5 * 24)


def test_without_calls_today_nothing_is_spent() -> None:
    make_collection(started_at=NOON - timedelta(days=2), credits_used=1, credits_remaining=321)

    assert value("monps_api_requests_forecast") == 321


def test_the_planned_gap_is_the_minimum_or_what_the_credits_allow() -> None:
    make_sport(is_collected=True)
    CollectionSettings.objects.create(minimum_interval_seconds=600)
    make_collection(started_at=NOON, credits_remaining=145, credits_used_this_month=355)

    # 95 credits above the reserve of 50 for 9.5 days of one sport.
    assert value("monps_collection_interval_seconds") == pytest.approx(9.5 * 86_400 / 95)

    CollectionSettings.objects.update(minimum_interval_seconds=86_400)

    assert value("monps_collection_interval_seconds") == 86_400


def test_failed_calls_of_a_day_are_counted_those_for_scores_too() -> None:
    for hours, endpoint in ((1, "odds"), (23, "scores"), (25, "odds")):
        make_collection(
            started_at=NOON - hours * HOUR, endpoint=endpoint, status="failed",
            failure="unavailable",
        )  # fmt: skip
    make_collection(started_at=NOON)

    assert value("monps_collections_failed_24h") == 2
