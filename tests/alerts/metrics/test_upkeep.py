"""Strategies, backups, nights, analyses, alerts and mails, against the rows that were made."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from alerts import heartbeats
from alerts.models import Alert, Heartbeat, Mail
from backups.models import Backup
from strategies import lifecycle
from strategies.models import (
    Improvement,
    LearningRun,
    LearningSettings,
    NightlyRun,
    StrategyRecord,
    StrategyVersion,
)
from tests.alerts.metrics.scraped import samples, scraped, value
from tests.factories import NOON, make_strategy

DAY = timedelta(days=1)

pytestmark = pytest.mark.django_db


def make_record(version: StrategyVersion, tier: str | None) -> None:
    StrategyRecord.objects.create(
        strategy=version.strategy, version=version, computed_at=NOON, total_predictions=0,
        settled=0, graded_matches=0, strategies_tried=1, tier=tier,
    )  # fmt: skip


class TestStrategies:
    def test_every_tier_is_told_and_a_strategy_without_a_record_is_unrated(self) -> None:
        for agent, tier in (
            ("sharp_reference", "S"), ("consensus_value", "S"), ("line_mover", "D"),
            ("patron", None),
        ):  # fmt: skip
            make_record(make_strategy(agent), tier)
        make_strategy("arbitrage_finder")

        assert samples("monps_strategies") == {
            "S": 2, "A": 0, "B": 0, "C": 0, "D": 1, "unrated": 2
        }  # fmt: skip

    def test_proposals_are_counted_by_status_and_verdicts_while_they_wait(self) -> None:
        strategy = make_strategy("sharp_reference").strategy
        for edge in (3.0, 4.0):
            lifecycle.propose(strategy, {"minimum_edge_pct": edge}, now=NOON)
        tested = lifecycle.propose(strategy, {"minimum_edge_pct": 5.0}, now=NOON)
        lifecycle.activate([tested.pk], now=NOON)
        during = value("monps_tests_with_verdict")
        Improvement.objects.filter(pk=tested.pk).update(verdict="better", verdict_at=NOON)

        assert samples("monps_improvements") == {
            "proposed": 2, "active": 1, "applied": 0, "archived": 0
        }  # fmt: skip
        assert (during, value("monps_tests_with_verdict")) == (0, 1)


class TestBackups:
    def make(self, name: str, at: datetime, **given: Any) -> Backup:
        done = {"status": "done", "finished_at": at, "bytes": 1000, "sha256": "ab"}
        return Backup.objects.create(file_name=name, started_at=at, **done | given)

    def test_the_newest_good_one_counts(self) -> None:
        self.make("old", NOON - 2 * DAY)
        self.make("good", NOON - DAY, bytes=4_000_000_000)
        self.make("gone", NOON, removed_at=NOON)
        self.make("failed", NOON, status="failed", bytes=None, sha256="", error="disk full")
        self.make("running", NOON, status="running", finished_at=None, bytes=None, sha256="")

        assert value("monps_last_backup_timestamp") == (NOON - DAY).timestamp()
        assert value("monps_last_backup_bytes") == 4_000_000_000
        assert samples("monps_restore_test_ok") == {}

    def test_the_newest_trial_counts_whatever_backup_it_was_of(self) -> None:
        self.make("new", NOON, restore_tested_at=NOON, is_restore_ok=True)
        self.make(
            "old", NOON - DAY, restore_tested_at=NOON + DAY, is_restore_ok=False,
            restore_error="bets: 3 rows instead of 4",
        )  # fmt: skip

        assert value("monps_last_restore_test_timestamp") == (NOON + DAY).timestamp()
        assert value("monps_restore_test_ok") == 0


class TestAnalyses:
    def test_costs_are_added_up_for_ever_and_for_the_month(self) -> None:
        strategy = make_strategy("sharp_reference")
        LearningSettings.objects.create(
            monthly_budget_eur=Decimal("7.50"), euros_per_dollar=Decimal("0.9")
        )
        for day, cost in (
            (date(2026, 10, 31), "1.25"), (date(2026, 11, 1), "0.40"),
            (date(2026, 11, 20), "0.10"), (date(2026, 11, 21), None),
        ):  # fmt: skip
            LearningRun.objects.create(
                strategy=strategy.strategy, version=strategy, day=day, analyst="model",
                status="nothing", held_out_since=NOON, evidence={}, started_at=NOON,
                finished_at=NOON, cost_usd=cost and Decimal(cost),
            )  # fmt: skip

        assert value("monps_llm_cost_usd_total") == pytest.approx(1.75)
        assert value("monps_llm_month_cost_eur") == pytest.approx(0.5 * 0.9)
        assert value("monps_llm_month_budget_eur") == 7.5

    def test_nothing_spent_is_zero(self) -> None:
        assert value("monps_llm_cost_usd_total") == 0
        assert value("monps_llm_month_cost_eur") == 0


class TestNights:
    def make(self, day: date, status: str) -> None:
        finished_at = None if status == "running" else NOON
        NightlyRun.objects.create(
            day=day, status=status, started_at=NOON - DAY, finished_at=finished_at
        )

    def test_a_failed_night_is_told_until_a_later_one_ends_well(self) -> None:
        self.make(date(2026, 11, 19), "done")
        self.make(date(2026, 11, 20), "failed")
        self.make(date(2026, 11, 21), "running")

        assert value("monps_nightly_failed") == 1
        assert value("monps_nightly_last_success_timestamp") == NOON.timestamp()

        NightlyRun.objects.filter(day=date(2026, 11, 21)).update(status="done", finished_at=NOON)

        assert value("monps_nightly_failed") == 0

    def test_before_one_ended_well_its_instant_is_unknown(self) -> None:
        self.make(date(2026, 11, 20), "failed")

        assert samples("monps_nightly_last_success_timestamp") == {}


class TestAlerts:
    def test_those_that_fire_are_open(self) -> None:
        for number, given in enumerate((
            {"starts_at": NOON},
            {"starts_at": NOON, "ends_at": NOON},
            {"pending_since": NOON},
        )):  # fmt: skip
            Alert.objects.create(
                source="own", fingerprint=str(number), name="QuotaLow", seen_at=NOON, **given
            )

        assert value("monps_alerts_open") == 1

    def test_mails_are_counted_while_they_wait_and_when_they_failed(self) -> None:
        for status, number in (("waiting", 3), ("sending", 1), ("failed", 2), ("sent", 1)):
            for copy in range(number):
                is_tried, is_failed = status != "waiting", status == "failed"
                Mail.objects.create(
                    key=f"{status}-{copy}", severity="info", subject="s", text="t",
                    status=status, created_at=NOON, due_at=NOON, claim=int(is_tried),
                    claimed_at=NOON if is_tried else None,
                    sent_at=NOON if status == "sent" else None,
                    failure="refused" if is_failed else "",
                )  # fmt: skip

        families = scraped()

        assert families["monps_mails_waiting"].samples == {"": 4}
        assert families["monps_mails_failed"].samples == {"": 2}


class TestHeartbeats:
    def test_each_process_has_its_own(self) -> None:
        heartbeats.beat(heartbeats.BEAT, now=NOON)
        heartbeats.beat(heartbeats.of_worker("celery"), now=NOON + DAY)
        heartbeats.beat(heartbeats.of_worker("long"), now=NOON - DAY)

        families = scraped()

        assert families["monps_beat_heartbeat_timestamp"].samples == {"": NOON.timestamp()}
        assert families["monps_worker_heartbeat_timestamp"].samples == {
            "celery": (NOON + DAY).timestamp(),
            "long": (NOON - DAY).timestamp(),
        }

    def test_a_late_sign_takes_no_instant_back(self) -> None:
        for at in (NOON, NOON - DAY):
            heartbeats.beat(heartbeats.BEAT, now=at)

        assert Heartbeat.objects.get().seen_at == NOON
