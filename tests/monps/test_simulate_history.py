"""`manage.py simulate_history`: its options, and its processes killed in the middle."""

import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from betting.models import Bet
from odds.models import Collection, Match
from strategies.models import Prediction
from tests.monps.pasts import CUP, everything

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_SECONDS = 120
A_DAY = ("--days", "1", "--until", "2026-03-04T10:00", "--sports", CUP)


@pytest.fixture
def simulated(settings):
    settings.SIMULATED = True


def simulate(*arguments):
    out = StringIO()
    call_command("simulate_history", *arguments, stdout=out, stderr=StringIO())
    return out.getvalue()


@pytest.mark.django_db
def test_it_says_what_it_made_and_that_it_is_simulated(simulated):
    printed = simulate(*A_DAY, "--every", "720m")

    assert printed == (
        f"From 2026-03-03 10:00 to 2026-03-04 10:00 UTC: {Match.objects.count()} matches, "
        f"{Prediction.objects.count()} predictions, {Bet.objects.count()} bets, "
        "all of them simulated.\n"
    )
    assert Match.objects.count() == 5  # kick-offs at 13, 17, 21, 1, 5; 9 o'clock ends too late
    assert set(Collection.objects.values_list("source", flat=True)) == {"replay"}


@pytest.mark.django_db
def test_it_is_refused_where_the_market_is_not_simulated():
    with pytest.raises(CommandError, match="SIMULATED is not set"):
        simulate(*A_DAY)

    assert not Match.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (("--days", "0"), "'0' is not a number of days above 0"),
        (("--days", "two"), "'two' is not a number of days above 0"),
        (("--every", "8"), "'8' is not such as 90m or 8h"),
        (("--every", "1m"), "Rounds come every 30 minutes"),
        (("--until", "yesterday"), "'yesterday' is not an ISO instant"),
        (("--until", "2999-01-01"), "2999-01-01 00:00 UTC is yet to come"),
        (("--sports", "chess"), "chess is not on the simulated market"),
    ],
)
def test_bad_options_are_refused_in_one_sentence(simulated, given, sentence):
    with pytest.raises(CommandError, match=sentence):
        simulate("--until", "2026-04-01", *given)


@contextmanager
def simulating(*more):
    """A process at it, ended with the block; one begun in the background obeys Ctrl-C, too."""
    database = os.environ["DATABASE_URL"].rpartition("/")[0]
    environment = {
        "DATABASE_URL": f"{database}/{connection.settings_dict['NAME']}",
        "SIMULATED": "true",
        "OPENBLAS_NUM_THREADS": "1",
    }
    handler = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "simulate_history", *A_DAY, *more],
            cwd=ROOT,
            env=os.environ | environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
    finally:
        signal.signal(signal.SIGINT, handler)
    with process:
        try:
            yield process
        finally:
            process.kill()


def wait_for(looks):
    deadline = time.monotonic() + PATIENCE_SECONDS
    while Collection.objects.count() < looks:
        assert time.monotonic() < deadline
        time.sleep(0.01)


@pytest.mark.e2e
@pytest.mark.django_db(transaction=True)
def test_killed_and_run_again_it_comes_to_what_it_would_have():
    with simulating() as process:
        assert process.wait(PATIENCE_SECONDS) == 0
    whole = everything()
    call_command("flush", interactive=False, verbosity=0)

    with simulating():
        wait_for(3)
    assert everything() != whole

    with simulating() as process:
        assert process.wait(PATIENCE_SECONDS) == 0
    assert everything() == whole


@pytest.mark.e2e
@pytest.mark.django_db(transaction=True)
def test_a_second_process_is_refused_while_one_is_at_it(simulated):
    with simulating("--days", "50"):
        wait_for(1)

        with pytest.raises(CommandError, match="Another process is simulating this past"):
            simulate(*A_DAY)


@pytest.mark.e2e
@pytest.mark.django_db(transaction=True)
def test_ctrl_c_stops_it_with_a_sentence():
    with simulating("--days", "50") as process:
        wait_for(2)

        process.send_signal(signal.SIGINT)

        assert process.wait(PATIENCE_SECONDS) == 130
        assert "Stopped; run it again to go on." in process.stderr.read()
