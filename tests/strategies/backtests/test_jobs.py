"""Backtests as rows: queued, claimed once, watched, cancelled, abandoned and repeated."""

import json
import threading
from datetime import date, timedelta

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.db import connection

from strategies import jobs as rows
from strategies.backtests import jobs
from strategies.backtests.code import code_version
from strategies.models import Backtest
from strategies.replay.reading import read_history
from tests.factories import NOON
from tests.strategies.backtests import leaks
from tests.strategies.backtests.stored import asked, make_season

pytestmark = pytest.mark.django_db
Status = Backtest.Status


class Clock:
    """Time that passes by two seconds each time it is read; may do something then."""

    def __init__(self, then=lambda _reads: None):
        self.reads = 0
        self.then = then

    def __call__(self):
        self.reads += 1
        self.then(self.reads)
        return NOON + timedelta(seconds=2 * self.reads)


def calculated(**given):
    row = jobs.queue(asked(**given), now=NOON)
    assert jobs.calculate(row.pk, clock=Clock())
    return Backtest.objects.get(pk=row.pk)


def test_a_queued_backtest_is_calculated_and_stored():
    make_season()

    row = calculated()

    assert (row.status, row.error, row.progress) == (Status.DONE, "", 1.0)
    assert row.result["counts"]["bets"] == 12
    assert row.result["parts"]["all"]["won"] == 6.0
    assert row.result["parts"]["all"]["profit_units"] == pytest.approx(6 * 1.3 - 6)
    assert row.parameters["minimum_edge_pct"] == 2.0
    assert row.started_at < row.finished_at


def test_code_and_data_are_stored_with_it():
    make_season()

    row = calculated()

    history = read_history(
        ["soccer_epl"],
        since=NOON.replace(year=2020, month=9, day=1, hour=0),
        until=NOON.replace(year=2021, month=6, day=1, hour=0),
        markets=["h2h"],
    )
    assert row.fingerprint == history.fingerprint
    assert row.code_version == code_version()
    assert row.code_version.startswith(f"{settings.VERSION}+")


def test_the_last_day_is_included_and_the_next_is_not():
    make_season()

    row = calculated(since=date(2020, 9, 5), until=date(2020, 9, 12))

    assert row.result["counts"]["matches_judged"] == 2


def test_the_same_again_gives_the_identical_result():
    make_season()

    first, second = calculated(), calculated()

    assert json.dumps(first.result) == json.dumps(second.result)
    assert (first.code_version, first.fingerprint) == (second.code_version, second.fingerprint)


def test_variants_are_distinct_parameter_sets_of_the_agent_on_the_same_data():
    make_season()
    first = calculated()
    calculated()
    calculated(parameters={"minimum_edge_pct": 3.0})
    calculated(agent="consensus_value")
    calculated(until=date(2020, 10, 1))

    last = calculated(parameters={"minimum_edge_pct": 4})

    assert first.result["deflation"]["variants_tried"] == 1
    assert last.result["deflation"]["variants_tried"] == 3


def test_left_out_competitions_and_markets_mean_all():
    make_season()

    row = calculated(sport_keys=[], markets=[])

    assert row.sport_keys == ["soccer_epl"]
    assert row.markets == ["h2h", "totals", "spreads"]
    assert row.result["counts"]["bets"] == 12


def test_calculating_twice_does_it_once():
    make_season()
    row = calculated()

    assert not jobs.calculate(row.pk, clock=Clock())
    assert Backtest.objects.get().finished_at == row.finished_at


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"sport_keys": ["soccer_mars"]}, "soccer_mars is not a competition MON_PS knows."),
        ({"markets": ["corners"]}, "There is no market corners; there are h2h, totals, spreads."),
        ({"parameters": {"minimum_edge_pct": 99}}, "minimum_edge_pct is 99, but must lie between"),
        ({"parameters": {"luck": 1}}, "There is no parameter 'luck'"),
        ({"agent": "oracle"}, "Agent: There is no agent oracle"),
        ({"commission": 0.5}, "Commission: Ensure this value is less than or equal to 0.2"),
        ({"holdout": 0.95}, "Holdout: Ensure this value is less than or equal to 0.9"),
        ({"until": date(2020, 1, 1)}, "2020-01-01 lies before 2020-09-01."),
        ({"earliest_hours": 0.1}, "From 0.1 hours until 10 minutes before kick-off nothing"),
    ],
)
def test_bad_input_is_refused_when_asked_and_fails_when_it_is_a_row(given, sentence):
    make_season(1)

    with pytest.raises(rows.RefusedError, match=sentence):
        jobs.queue(asked(**given), now=NOON)

    assert not Backtest.objects.exists()


def test_what_became_impossible_while_it_waited_fails_with_a_sentence():
    make_season(1)
    row = jobs.queue(asked(), now=NOON)
    Backtest.objects.filter(pk=row.pk).update(parameters={"minimum_edge_pct": 99})

    assert jobs.calculate(row.pk, clock=Clock())

    row.refresh_from_db()
    assert (row.status, row.result) == (Status.FAILED, None)
    assert row.error.startswith("minimum_edge_pct is 99, but must lie between 0 and ")


def test_a_period_without_matches_fails_with_a_sentence():
    make_season(1)

    row = calculated(since=date(1990, 1, 1), until=date(1990, 12, 31))

    assert row.status == Status.FAILED
    assert row.error == "There is no match of these competitions in this period."


def test_a_leaking_agent_fails_and_leaves_no_numbers(monkeypatch):
    make_season()
    leaking = leaks.agent(leaks.reads_the_database)
    monkeypatch.setitem(jobs.AGENTS, "sharp_reference", leaking)

    row = calculated()

    assert (row.status, row.result) == (Status.FAILED, None)
    assert row.error.startswith("Leaking read the database while deciding")


def test_an_agent_that_breaks_fails_once_and_is_raised_for_the_log(monkeypatch):
    def breaks(snapshot, parameters):
        raise ZeroDivisionError("no odds")

    make_season(1)
    monkeypatch.setitem(jobs.AGENTS, "sharp_reference", leaks.agent(breaks))
    row = jobs.queue(asked(), now=NOON)

    with pytest.raises(ZeroDivisionError):
        jobs.calculate(row.pk, clock=Clock())

    row.refresh_from_db()
    assert row.status == Status.FAILED
    assert row.error == "The calculation broke off: ZeroDivisionError: no odds"
    assert rows.queued_ids(Backtest) == []


def test_one_that_takes_too_long_fails_with_advice(monkeypatch):
    def takes_long(snapshot, parameters):
        raise SoftTimeLimitExceeded

    make_season(1)
    monkeypatch.setitem(jobs.AGENTS, "sharp_reference", leaks.agent(takes_long))
    row = jobs.queue(asked(), now=NOON)

    with pytest.raises(SoftTimeLimitExceeded):
        jobs.calculate(row.pk, clock=Clock())

    row.refresh_from_db()
    assert row.status == Status.FAILED
    assert row.error == "It took too long; choose a shorter period or fewer competitions."


def test_a_waiting_backtest_is_cancelled_at_once():
    make_season(1)
    row = jobs.queue(asked(), now=NOON)

    assert rows.cancel(Backtest, row.pk, now=NOON)

    row.refresh_from_db()
    assert (row.status, row.finished_at) == (Status.CANCELLED, NOON)
    assert not jobs.calculate(row.pk, clock=Clock())
    assert not rows.cancel(Backtest, row.pk, now=NOON)


@pytest.mark.parametrize("reads", [2, 3, 5, 8])
def test_a_running_backtest_stops_soon_after_it_is_cancelled(reads):
    make_season()
    row = jobs.queue(asked(), now=NOON)

    def cancel(count):
        if count == reads:
            assert rows.cancel(Backtest, row.pk, now=NOON)

    clock = Clock(cancel)
    jobs.calculate(row.pk, clock=clock)

    row.refresh_from_db()
    assert (row.status, row.result) == (Status.CANCELLED, None)
    assert clock.reads <= reads + 2  # the next report of progress, and the end


def test_progress_is_written_once_a_second_at_most():
    make_season()
    row = jobs.queue(asked(), now=NOON)
    seen = []

    def still():
        return NOON

    def watch(share, step):
        seen.append((share, Backtest.objects.get(pk=row.pk).progress))

    jobs.calculate(row.pk, clock=still, watch=watch)

    assert len(seen) > 10
    assert {written for _share, written in seen} == {0.0}  # no second has passed


def test_progress_and_step_are_seen_while_it_runs():
    make_season()
    row = jobs.queue(asked(), now=NOON)
    seen = []

    def look(_reads):
        seen.append(Backtest.objects.values_list("progress", "step").get(pk=row.pk))

    jobs.calculate(row.pk, clock=Clock(look))

    shares = [progress for progress, _step in seen]
    assert shares == sorted(shares)
    assert {"Deciding", "Auditing for look-ahead"} <= {step for _progress, step in seen}


def test_an_interruption_by_the_keyboard_cancels_it():
    make_season()
    row = jobs.queue(asked(), now=NOON)

    def watch(share, step):
        if share > 0.5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        jobs.calculate(row.pk, clock=Clock(), watch=watch)

    row.refresh_from_db()
    assert (row.status, row.result) == (Status.CANCELLED, None)


@pytest.mark.django_db(transaction=True)
def test_two_workers_do_not_calculate_the_same_one():
    make_season(2)
    row = jobs.queue(asked(), now=NOON)
    answers = []

    def other():
        answers.append(jobs.calculate(row.pk, clock=Clock()))
        answers.append(rows.requeue_abandoned(Backtest))
        connection.close()

    def watch(share, step):
        if not answers:
            worker = threading.Thread(target=other)
            worker.start()
            worker.join()

    assert jobs.calculate(row.pk, clock=Clock(), watch=watch)

    assert answers == [False, 0]
    row.refresh_from_db()
    assert row.status == Status.DONE


@pytest.mark.django_db(transaction=True)
def test_what_a_killed_worker_left_is_queued_again_and_comes_out_the_same():
    make_season(4)
    expected = calculated().result
    row = jobs.queue(asked(), now=NOON)

    def dying():
        """The server ends the session in the middle, as when a worker's machine loses power."""

        def watch(share, step):
            if share > 0.4:
                with connection.cursor() as cursor:
                    cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")

        try:
            jobs.calculate(row.pk, clock=Clock(), watch=watch)
        except Exception as error:  # noqa: BLE001 - whatever a dead session raises
            deaths.append(error)
        finally:
            connection.close()

    deaths = []
    worker = threading.Thread(target=dying)
    worker.start()
    worker.join()
    row.refresh_from_db()
    assert deaths
    assert row.status == Status.RUNNING

    assert rows.requeue_abandoned(Backtest) == 1
    assert rows.queued_ids(Backtest) == [row.pk]
    assert jobs.calculate(row.pk, clock=Clock())

    row.refresh_from_db()
    assert row.status == Status.DONE
    assert row.result == expected


def test_an_abandoned_row_may_be_taken_over_directly():
    make_season(2)
    row = jobs.queue(asked(), now=NOON)
    Backtest.objects.filter(pk=row.pk).update(
        status=Status.RUNNING, started_at=NOON - timedelta(hours=2), progress=0.5
    )

    assert jobs.calculate(row.pk, clock=Clock())

    row.refresh_from_db()
    assert row.status == Status.DONE


def test_whoever_lost_its_claim_writes_nothing_more():
    make_season()
    row = jobs.queue(asked(), now=NOON)

    def take_over(count):
        if count == 4:
            Backtest.objects.filter(pk=row.pk).update(started_at=NOON + timedelta(days=1))

    jobs.calculate(row.pk, clock=Clock(take_over))

    row.refresh_from_db()
    assert (row.status, row.result, row.finished_at) == (Status.RUNNING, None, None)
