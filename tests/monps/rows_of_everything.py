"""Rows of every kind that a page of the sidebar lists."""

from datetime import timedelta
from decimal import Decimal

from django.contrib.auth.models import User
from django.utils import timezone
from django_celery_beat.models import IntervalSchedule, PeriodicTask

from alerts.models import Alert, Mail
from backups.models import Backup
from betting.models import ClosingLine
from odds.models import MatchChange, MatchResult
from strategies import lifecycle
from strategies.models import LearningRun, Proof, StrategyVersion
from tests.factories import (
    make_account,
    make_bet,
    make_bookmaker,
    make_collection,
    make_match,
    make_opportunity,
    make_prediction,
    make_quote,
    make_sport,
    make_strategy,
)
from tests.strategies.admin.pages import make_backtest

DAY, HOUR = timedelta(days=1), timedelta(hours=1)


def make_rows(first: int, last: int) -> None:
    """One of each kind for each number, with a sport, a bookmaker and a strategy of its own."""
    make_account("10000", at=timezone.now() - 400 * DAY)
    for number in range(first, last):
        _make_odds(number)
        _make_predictions(number)
        _make_facts_of_running(number)


def _make_odds(number: int) -> None:
    now = timezone.now()
    sport = make_sport(key=f"soccer_{number}", is_collected=True)
    bookmaker = make_bookmaker(f"book{number}_fr", is_playable=True)
    coming = make_match(sport=sport, commence_time=now + (number + 1) * HOUR)
    over = make_match(sport=sport, commence_time=now - 2 * DAY - number * HOUR)
    make_quote("2.00", "3.50", "4.00", match=coming, bookmaker=bookmaker, seen_at=now)
    make_opportunity(match=coming, best_bookmaker=bookmaker, reference=bookmaker.key)
    make_collection(sport=sport, started_at=now - number * HOUR)
    MatchChange.objects.create(match=coming, kind="kickoff", before="a", after="b", observed_at=now)
    MatchResult.objects.create(
        match=over, source="hand", status="completed", home_score=1, away_score=0, observed_at=now
    )
    ClosingLine.objects.create(
        match=over, market="h2h", reference=bookmaker.key, source="quotes", fair_1=0.5, fair_x=0.3,
        fair_2=0.2, minutes_before_kickoff=5, kickoff_at=over.commence_time, captured_at=now,
    )  # fmt: skip
    make_bet(match=coming, bookmaker=bookmaker, at=now - HOUR)
    make_bet(
        "won", match=over, bookmaker=bookmaker, at=now - 3 * DAY, settled_at=now - DAY,
        clv_status="graded", clv_reference=bookmaker.key, clv_pct=3.0, clv_fair_pct=1.0,
    )  # fmt: skip
    make_account("100", bookmaker=bookmaker, at=now - 100 * DAY)


def _make_predictions(number: int) -> None:
    now = timezone.now()
    version: StrategyVersion = make_strategy(strategy_name=f"Strategy {number}")
    make_prediction(version=version)
    make_backtest(version)
    Proof.objects.create(created_at=now)
    lifecycle.propose(version.strategy, {"minimum_edge_pct": 3.0}, now=now)
    LearningRun.objects.create(
        strategy=version.strategy, version=version, day=now.date(), analyst="statistics",
        status="nothing", held_out_since=now, evidence={}, started_at=now, finished_at=now,
        cost_usd=Decimal("0.01"),
    )  # fmt: skip


def _make_facts_of_running(number: int) -> None:
    now = timezone.now()
    Alert.objects.create(
        source="own", fingerprint=f"{number:016x}", name="BankrollCritique", severity="critical",
        labels={}, starts_at=now - HOUR, seen_at=now,
    )  # fmt: skip
    Mail.objects.create(
        key=f"mail {number}", severity="info", subject="A mail", text="text", created_at=now,
        due_at=now,
    )  # fmt: skip
    Backup.objects.create(
        file_name=f"backup {number}", status="done", started_at=now - number * DAY,
        finished_at=now - number * DAY, bytes=1, sha256="ab" * 32, rows={"bets": 1},
    )  # fmt: skip
    every, _is_new = IntervalSchedule.objects.get_or_create(every=60 + number, period="seconds")
    PeriodicTask.objects.create(name=f"task {number}", task="a.task", interval=every)
    User.objects.create(username=f"user {number}", is_staff=True)
