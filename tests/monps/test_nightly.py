"""The night: each step once, three tries a minute apart, and on from where it was killed."""

import os
import signal
import subprocess
import sys
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import psycopg
import pytest
from django.db import connection

from monps import nightly
from strategies.locks import Space
from strategies.models import Improvement, LearningRun, LearningSettings, NightlyRun
from tests.factories import NOON
from tests.strategies.learning.answers import answer_with
from tests.strategies.learning.stored import make_record

ROOT = Path(__file__).resolve().parents[2]


class Steps(dict):
    """A chain whose steps note that they ran; those named in `broken` fail so often."""

    def __init__(self, **broken):
        self.ran = []
        self.broken = broken
        super().__init__({name: self.step_of(name) for name in ("first", "second", "third")})

    def step_of(self, name):
        def step(_night, _clock):
            self.ran.append(name)
            if self.broken.get(name, 0):
                self.broken[name] -= 1
                raise OSError("the line is down")
            return {"done": name}

        return step


def run(steps=None, minutes=0):
    return nightly.run(clock=lambda: NOON + timedelta(minutes=minutes), steps=steps)


@pytest.mark.django_db
class TestChain:
    def test_every_step_is_done_once_a_day(self):
        steps = Steps()

        night = run(steps)
        run(steps, minutes=300)

        assert steps.ran == ["first", "second", "third"]
        assert (night.status, night.step, night.failures) == ("done", "", [])
        assert night.report["second"] == {"done": "second"}
        assert night.finished_at == NOON

    def test_the_next_day_is_another_night(self):
        steps = Steps()

        run(steps)
        run(steps, minutes=12 * 60)

        assert steps.ran == ["first", "second", "third"] * 2
        assert NightlyRun.objects.count() == 2

    def test_a_step_that_fails_is_tried_again_a_minute_later(self):
        steps = Steps(second=1)

        night = run(steps)
        assert (night.step, night.tries, night.error) == (
            "second",
            1,
            "OSError: the line is down",
        )
        run(steps, minutes=0.5)
        assert steps.ran == ["first", "second"]
        night = run(steps, minutes=1)

        assert steps.ran == ["first", "second", "second", "third"]
        assert (night.status, night.failures) == ("done", [])

    def test_a_step_is_given_up_after_three_tries_and_the_night_goes_on(self):
        steps = Steps(second=9)

        for minute in range(4):
            night = run(steps, minutes=minute)

        assert steps.ran == ["first", "second", "second", "second", "third"]
        assert night.status == "failed"
        assert night.failures == [{"step": "second", "error": "OSError: the line is down"}]

    def test_a_step_whose_process_dies_each_time_is_given_up(self):
        """A killed process counts its try before it begins and never says how it ended."""
        steps = Steps()
        NightlyRun.objects.create(
            day=NOON.date(), step="second", tries=3, tried_at=NOON, started_at=NOON
        )

        night = run(steps, minutes=1)

        assert steps.ran == ["third"]
        assert night.failures == [{"step": "second", "error": "Its process ended each time."}]


@pytest.mark.django_db(transaction=True)
def test_two_at_once_are_one():
    given = connection.get_connection_params()
    given = {name: given[name] for name in ("dbname", "user", "host", "port") if given.get(name)}
    with psycopg.connect(**given) as other:
        other.execute("SELECT pg_advisory_lock(%s, 0)", [int(Space.NIGHT)])

        assert run(Steps()) is None
    assert not NightlyRun.objects.exists()


@pytest.mark.django_db
class TestRealSteps:
    def test_the_whole_chain_proposes_and_reports(self, settings):
        settings.OPENAI_API_KEY = ""
        make_record()

        night = run()

        assert (night.status, night.failures) == ("done", [])
        assert list(night.report) == ["results", "settle", "grade", "rank", "analyse", "notify"]
        assert night.report["notify"]["proposed"] == 1
        assert Improvement.objects.count() == 1

    def test_switched_off_it_looks_at_nothing(self):
        LearningSettings.objects.create(is_nightly=False)
        make_record()

        assert run().report["analyse"] == {"is_off": True}
        assert not LearningRun.objects.exists()

    def test_an_overloaded_model_is_asked_again_and_the_night_goes_on(self, settings, httpserver):
        settings.OPENAI_API_KEY = "sk-test-1f0c77b2ad9e4c18"
        settings.OPENAI_BASE_URL = httpserver.url_for("/v1")
        make_record()
        path = "/v1/responses"
        httpserver.expect_ordered_request(path).respond_with_data("busy", status=500)
        good = answer_with(("minimum_edge_pct", 3))
        httpserver.expect_ordered_request(path).respond_with_json(good)

        first = run()
        assert first.error == "UnfinishedError: 1 analyses are to be tried again."
        night = run(minutes=1)

        assert (night.status, len(httpserver.log)) == ("done", 2)
        assert LearningRun.objects.get().cost_usd == Decimal("0.006")


KILLED = """
import os, signal
from datetime import datetime, UTC
import django
django.setup()
from monps import nightly
steps = dict(nightly.STEPS)
def die(_night, _clock):
    os.kill(os.getpid(), signal.SIGKILL)
steps["notify"] = die
nightly.run(clock=lambda: datetime.fromisoformat("{now}"), steps=steps)
"""


@pytest.mark.django_db(transaction=True)
def test_killed_between_two_steps_it_goes_on_and_pays_once(settings, httpserver):
    """A real process is killed after the model was paid; the next one only notifies."""
    settings.OPENAI_API_KEY = "sk-test-1f0c77b2ad9e4c18"
    settings.OPENAI_BASE_URL = httpserver.url_for("/v1")
    make_record()
    httpserver.expect_request("/v1/responses").respond_with_json(
        answer_with(("minimum_edge_pct", 3))
    )
    database = os.environ["DATABASE_URL"].rpartition("/")[0]
    environment = os.environ | {
        "DATABASE_URL": f"{database}/{connection.settings_dict['NAME']}",
        "DJANGO_SETTINGS_MODULE": "monps.settings",
        "OPENAI_API_KEY": settings.OPENAI_API_KEY,
        "OPENAI_BASE_URL": settings.OPENAI_BASE_URL,
    }

    script = KILLED.format(now=NOON.isoformat())
    killed = subprocess.run([sys.executable, "-c", script], cwd=ROOT, env=environment, check=False)

    assert killed.returncode == -signal.SIGKILL
    night = NightlyRun.objects.get()
    assert (night.step, night.tries, night.status) == ("notify", 1, "running")
    assert (len(httpserver.log), LearningRun.objects.get().status) == (1, "proposed")

    night = run(minutes=1)

    assert (night.status, night.failures) == ("done", [])
    assert night.report["notify"]["proposed"] == 1
    assert (len(httpserver.log), Improvement.objects.count()) == (1, 1)
