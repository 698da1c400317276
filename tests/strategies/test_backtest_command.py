"""The backtest command: a table, a row, and one sentence on bad input."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from strategies.backtests import jobs
from strategies.models import Backtest
from tests.factories import make_strategy
from tests.strategies.backtests.stored import make_season

pytestmark = pytest.mark.django_db
PERIOD = ("--from", "2020-09-01", "--to", "2021-05-31")
LEAGUE = ("--leagues", "soccer_epl")


def backtest(*arguments):
    out = StringIO()
    call_command("backtest", *arguments, stdout=out, stderr=StringIO())
    return out.getvalue()


def test_it_prints_what_an_agent_would_have_brought_and_stores_it():
    make_season()

    printed = backtest("sharp_reference", *PERIOD, *LEAGUE)

    lines = {line[:22].strip(): line[22:].split() for line in printed.splitlines()}
    assert lines["bets"] == ["12", "10", "2"]
    assert lines["profit, units"] == ["+1.80", "+1.50", "+0.30"]
    assert lines["yield %"] == ["+15.00", "+15.00", "+15.00"]
    assert lines["95 % from"][-1] != "0"
    assert "audit passed" in printed
    row = Backtest.objects.get()
    assert row.status == Backtest.Status.DONE
    assert f"backtest {row.pk}, code {row.code_version}" in printed


def test_a_strategy_is_named_or_numbered_and_brings_its_own_parameters():
    make_season(3)
    version = make_strategy(parameters={"minimum_edge_pct": 4.0})

    backtest("Sharp Reference · Buchdahl", *PERIOD, *LEAGUE)
    backtest(str(version.strategy_id), *PERIOD, "--all-leagues")

    for row in Backtest.objects.all():
        assert row.version == version
        assert row.parameters["minimum_edge_pct"] == 4.0
        assert row.sport_keys == ["soccer_epl"]


def test_options_reach_the_row():
    make_season(3)
    make_strategy()

    backtest(
        *("Sharp Reference · Buchdahl", *PERIOD, *LEAGUE, "--set", "minimum_edge_pct=3"),
        *("--commission", "0.02", "--delay-minutes", "5", "--haircut", "0.01", "--kelly", "0.5"),
        *("--holdout", "0.5", "--earliest-hours", "48", "--latest-minutes", "30"),
    )

    row = Backtest.objects.get()
    assert row.parameters["minimum_edge_pct"] == 3
    assert row.version is None  # no version has these parameters
    costs = row.commission, row.delay_minutes, row.haircut
    assert costs == (0.02, 5.0, 0.01)
    assert (row.kelly_fraction, row.holdout) == (0.5, 0.5)
    assert (row.earliest_hours, row.latest_minutes) == (48.0, 30.0)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("oracle", *PERIOD, *LEAGUE), "There is no agent or strategy oracle; the agents are "),
        (("9", *PERIOD, *LEAGUE), "There is no agent or strategy 9"),
        (("sharp_reference", *PERIOD, "--leagues", "soccer_mars"), "soccer_mars is not a"),
        (("sharp_reference", *PERIOD, *LEAGUE, "--set", "minimum_edge_pct=99"), "must lie between"),
        (("sharp_reference", *PERIOD, *LEAGUE, "--set", "minimum_edge_pct"), "is not NAME=NUMBER"),
        (("sharp_reference", *PERIOD, *LEAGUE, "--commission", "2"), "Commission: "),
        (("sharp_reference", "--from", "soon", "--to", "2021-05-31", *LEAGUE), "'soon'"),
        (
            ("sharp_reference", "--from", "1990-01-01", "--to", "1990-12-31", *LEAGUE),
            "There is no match of these competitions in this period.",
        ),
    ],
)
def test_bad_input_is_one_sentence(arguments, sentence):
    make_season(1)

    with pytest.raises(CommandError, match=sentence) as refusal:
        backtest(*arguments)

    assert refusal.value.returncode == 1
    assert "\n" not in str(refusal.value)


def test_ctrl_c_cancels_the_row(monkeypatch):
    make_season(1)
    real = jobs.calculate

    def interrupted(backtest_id, *, clock, watch):
        def press(share, step):
            raise KeyboardInterrupt

        return real(backtest_id, clock=clock, watch=press)

    monkeypatch.setattr(jobs, "calculate", interrupted)

    with pytest.raises(CommandError, match="Cancelled") as stop:
        backtest("sharp_reference", *PERIOD, *LEAGUE)

    assert stop.value.returncode == 130
    assert Backtest.objects.get().status == Backtest.Status.CANCELLED
