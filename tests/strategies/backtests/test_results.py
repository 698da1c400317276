"""A result as JSON: plain values that a page and another process can rely on."""

import json
from dataclasses import fields, replace

import pytest

from strategies.backtests.report import report_lines
from strategies.backtests.results import DIGITS, Parts, Result
from strategies.backtests.running import Plan, run
from strategies.registry import AGENTS
from strategies.replay.decisions import Window
from tests.strategies.backtests.histories import HOUR, make_history, simulated

AGENT = AGENTS["sharp_reference"]
PLAN = Plan(
    agent=AGENT,
    parameters=AGENT.parameters(),
    window=Window(earliest=168 * HOUR, latest=600.0),
)


@pytest.fixture(scope="module")
def result():
    return run(PLAN, simulated())


def test_it_survives_the_way_through_json_unchanged(result):
    plain = result.as_json()

    assert json.loads(json.dumps(plain, allow_nan=False)) == plain


def test_every_name_of_the_result_is_a_key(result):
    plain = result.as_json()

    assert list(plain) == [each.name for each in fields(Result)]
    assert list(plain["parts"]) == [each.name for each in fields(Parts)]
    assert plain["parts"]["all"]["since"] == result.parts.all.since.isoformat()
    assert plain["equity"]["flat"][0]["value"] == 0.0
    assert plain["equity"]["kelly"][0]["value"] == 1.0


def test_numbers_are_rounded_and_nothing_else_is_changed(result):
    plain = result.as_json()["parts"]["all"]

    assert plain["yield_pct"] == round(result.parts.all.yield_pct, DIGITS)
    assert plain["bets"] == result.parts.all.bets
    assert isinstance(plain["bets"], int)


def test_a_result_without_bets_is_null_where_nothing_can_be_said():
    quiet = make_history([(0, "bwin", [2.0, 3.0, 4.0], 1_600_000_000.0)], [1_600_010_000.0])

    plain = run(PLAN, quiet).as_json()

    assert plain["counts"]["bets"] == 0
    assert plain["parts"]["all"]["yield_pct"] is None
    assert plain["deflation"]["probability"] is None
    assert plain["equity"] == {"flat": [], "kelly": []}
    assert plain["segments"] == plain["calibration"] == []
    json.dumps(plain, allow_nan=False)
    assert "–" in "\n".join(report_lines(plain))


def test_a_number_that_is_none_or_not_finite_is_null(result):
    odd = replace(result, kelly=replace(result.kelly, final_multiple=float("nan")))

    assert odd.as_json()["kelly"]["final_multiple"] is None


def test_the_report_leaves_the_held_out_column_open_where_there_is_none():
    plain = run(replace(PLAN, holdout=0.0), simulated(50)).as_json()

    lines = list(report_lines(plain))

    assert lines[3].split()[-1] == "–"
    assert lines[0].split() == ["all", "earlier", "held", "out"]
