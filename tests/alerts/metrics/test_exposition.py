"""The page as a whole: the promised names, each explained, nothing undefined, nothing kept."""

import math
import shutil
import subprocess

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from prometheus_client import REGISTRY

from alerts.metrics.exposition import State, page
from alerts.models import CountedTotal
from odds.models import Sport
from tests.alerts.metrics.scraped import scraped
from tests.factories import NOON, make_bet, make_collection, make_opportunity, make_sport

PROMISED = {
    "counter": {
        *("monps_odds_collected_total", "monps_opportunities_detected_total"),
        "monps_llm_cost_usd_total",
    },
    "gauge": {
        *("monps_total_bets", "monps_bankroll", "monps_roi", "monps_win_rate"),
        *("monps_current_opportunities", "monps_max_spread_percent", "monps_active_bookmakers"),
        *("monps_api_requests_remaining", "monps_collection_duration_seconds"),
        *("monps_last_collection_timestamp", "monps_up", "monps_scrape_seconds", "monps_info"),
        *("monps_settled_bets", "monps_pending_bets", "monps_bankroll_available"),
        *("monps_exposure", "monps_drawdown_percent", "monps_value_opportunities"),
        *("monps_best_edge_percent", "monps_fair_clv_percent", "monps_graded_bets"),
        *("monps_api_requests_used", "monps_api_quota_limit", "monps_api_requests_forecast"),
        *("monps_api_reserve", "monps_collection_interval_seconds"),
        *("monps_collections_failed_24h", "monps_collections_paused", "monps_queue_length"),
        *("monps_broker_up", "monps_worker_heartbeat_timestamp"),
        *("monps_beat_heartbeat_timestamp", "monps_last_backup_timestamp"),
        *("monps_last_backup_bytes", "monps_last_restore_test_timestamp"),
        *("monps_restore_test_ok", "monps_llm_month_cost_eur", "monps_llm_month_budget_eur"),
        *("monps_nightly_last_success_timestamp", "monps_nightly_failed", "monps_strategies"),
        *("monps_improvements", "monps_tests_with_verdict", "monps_alerts_open"),
        *("monps_mails_waiting", "monps_mails_failed", "monps_collection_pause_seconds"),
    },
}
# Families that have no sample before anything has happened.
UNDEFINED_AT_FIRST = {
    *("monps_bankroll", "monps_bankroll_available", "monps_exposure", "monps_drawdown_percent"),
    *("monps_roi", "monps_win_rate", "monps_fair_clv_percent"),
    *("monps_current_opportunities", "monps_value_opportunities", "monps_max_spread_percent"),
    *("monps_best_edge_percent", "monps_active_bookmakers", "monps_odds_collected_total"),
    *("monps_opportunities_detected_total", "monps_collection_duration_seconds"),
    *("monps_last_collection_timestamp", "monps_api_requests_remaining"),
    *("monps_api_requests_used", "monps_api_requests_forecast"),
    *("monps_worker_heartbeat_timestamp", "monps_beat_heartbeat_timestamp"),
    *("monps_last_backup_timestamp", "monps_last_backup_bytes"),
    *("monps_last_restore_test_timestamp", "monps_restore_test_ok"),
    *("monps_nightly_last_success_timestamp", "monps_nightly_failed"),
    "monps_collection_pause_seconds",
}

pytestmark = pytest.mark.django_db


def test_every_promised_family_is_there_with_its_kind_and_no_other() -> None:
    families = scraped()

    assert {name: family.kind for name, family in families.items()} == {
        name: kind for kind, names in PROMISED.items() for name in names
    }


def test_every_family_says_what_it_means_in_a_sentence() -> None:
    for name, family in scraped().items():
        assert len(family.documentation.split()) > 1, name
        assert family.documentation.endswith("."), name


def test_before_anything_happened_what_is_undefined_is_absent_and_counts_are_zero() -> None:
    empty = {name for name, family in scraped().items() if not family.samples}

    assert empty == UNDEFINED_AT_FIRST


def test_no_sample_is_nan_or_infinite_with_and_without_rows() -> None:
    before = scraped()
    make_collection(sport=make_sport(is_collected=True))
    make_bet("won", clv_status="graded", clv_fair_pct=2.0, clv_reference="pinnacle")
    after = scraped()

    values = [
        value
        for families in (before, after)
        for family in families.values()
        for value in family.samples.values()
    ]
    assert all(math.isfinite(value) for value in values)


def test_the_database_and_the_version_are_told() -> None:
    families = scraped()

    assert families["monps_up"].samples == {"": 1}
    assert families["monps_info"].samples == {settings.VERSION: 1}
    assert families["monps_scrape_seconds"].samples[""] > 0


def test_reading_is_never_registered_so_nothing_is_left_in_the_process() -> None:
    registered = {metric.name for metric in REGISTRY.collect()}

    page(now=NOON)

    assert {metric.name for metric in REGISTRY.collect()} == registered
    assert not any(name.startswith("monps_") for name in registered)


def test_two_readings_of_the_same_instant_say_the_same() -> None:
    make_collection(sport=make_sport(is_collected=True), quotes_received=9, quotes_stored=9)
    make_opportunity()
    make_bet("lost")

    first, second = scraped(), scraped()

    del first["monps_scrape_seconds"], second["monps_scrape_seconds"]
    assert first == second


def test_the_queries_are_as_many_with_many_rows_as_with_one() -> None:
    def happen(number: int) -> None:
        sport = make_sport(key=f"sport_{number}", is_collected=True)
        make_collection(sport=sport)
        make_opportunity()
        make_bet("won")

    happen(1)
    with CaptureQueriesContext(connection) as one:
        list(State(NOON).collect())
    for number in range(2, 7):
        happen(number)
    CountedTotal.objects.create(
        counter="quotes", sport_id=make_sport(key="sport_1").pk, total=1, counted_until=NOON
    )

    with CaptureQueriesContext(connection) as many:
        list(State(NOON).collect())

    assert Sport.objects.count() > 5
    assert len(many) == len(one)


@pytest.mark.skipif(shutil.which("promtool") is None, reason="promtool is not installed")
def test_promtool_finds_no_fault_in_ours() -> None:
    make_collection(sport=make_sport(is_collected=True))
    make_bet("won")
    ours = page(now=NOON).decode()
    ours = ours[ours.index("# HELP monps_up") :]

    checked = subprocess.run(
        ["promtool", "check", "metrics"], input=ours, capture_output=True, text=True, check=False
    )

    assert (checked.returncode, checked.stdout, checked.stderr) == (0, "", "")
