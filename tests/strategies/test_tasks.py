"""Ticks of long work: what waits is handed on, what was abandoned waits again."""

from datetime import timedelta

import pytest
from django.conf import settings

from monps.celery import app
from strategies import tasks
from strategies.backtests import jobs
from strategies.models import Backtest
from tests.factories import NOON
from tests.strategies.backtests.stored import asked, make_season

pytestmark = pytest.mark.django_db


def test_the_task_calculates_a_backtest():
    make_season(2)
    row = jobs.queue(asked(), now=NOON)

    tasks.run_backtest(row.pk)
    tasks.run_backtest(row.pk)

    row.refresh_from_db()
    assert row.status == Backtest.Status.DONE
    assert row.result["counts"]["bets"] == 2


@pytest.fixture
def _eager():
    app.conf.task_always_eager = True
    yield
    app.conf.task_always_eager = False


@pytest.mark.usefixtures("_eager")
def test_a_tick_runs_what_waits_and_what_was_abandoned():
    make_season(1)
    waiting, abandoned = (jobs.queue(asked(), now=NOON) for _row in range(2))
    Backtest.objects.filter(pk=abandoned.pk).update(status="running", started_at=NOON)

    tasks.run_queued_jobs()

    rows = Backtest.objects.filter(pk__in=[waiting.pk, abandoned.pk])
    assert {row.status for row in rows} == {Backtest.Status.DONE}


def test_limits_stay_below_what_the_broker_takes_for_lost():
    limits = tasks.run_backtest.soft_time_limit, tasks.run_backtest.time_limit
    visibility = settings.CELERY_BROKER_TRANSPORT_OPTIONS["visibility_timeout"]

    assert limits[0] < limits[1] < visibility
    assert timedelta(seconds=tasks.TICK_SECONDS) <= timedelta(minutes=1)
