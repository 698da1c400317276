"""A backtest as a whole: what it judges, how it splits, and that it repeats itself."""

import json
from dataclasses import replace

import numpy as np
import pytest

from strategies.backtests.asking import shipped_others
from strategies.backtests.costs import Costs
from strategies.backtests.records import Track, records_of
from strategies.backtests.running import NothingToJudgeError, Plan, Step, run
from strategies.registry import AGENTS
from strategies.replay.closing import closing_of, fair_clv
from strategies.replay.decisions import Window, decide
from strategies.snapshots import Record, known_since
from tests.strategies.backtests.histories import DAY, FIRST, HOUR, make_history, simulated

WINDOW = Window(earliest=168 * HOUR, latest=600.0)
AGENT = AGENTS["sharp_reference"]
PLAN = Plan(agent=AGENT, parameters=AGENT.parameters(), window=WINDOW)
KICKOFF = FIRST + 2 * DAY


@pytest.fixture(scope="module")
def history():
    return simulated()


def by_hand(scores=((2, 0),), cut=False):
    """Pinnacle is fair at 2.00 for home, Bwin pays 2.30 and then, an hour before, nothing."""
    rows = []
    kickoffs = [KICKOFF + 7 * DAY * number for number in range(len(scores))]
    for match, kickoff in enumerate(kickoffs):
        rows += [
            (match, "pinnacle", [1.95, 3.6, 4.2], kickoff - 5 * HOUR),
            (match, "bwin", [2.3, 3.3, 3.4], kickoff - 5 * HOUR),
            (match, "betfair_ex_eu", [1.92, 3.9, 4.6], kickoff - 60),
        ]
        if cut:
            rows.append((match, "bwin", None, kickoff - 4.5 * HOUR))
    return make_history(rows, kickoffs, list(scores))


def test_a_bet_won_at_2_30_brings_1_30():
    result = run(PLAN, by_hand())

    assert (result.counts.matches_judged, result.counts.bets) == (1, 1)
    assert result.parts.all.profit_units == pytest.approx(1.30)
    assert result.parts.all.mean_odds == pytest.approx(2.30)
    assert [point.value for point in result.equity.flat] == pytest.approx([0.0, 1.30])


def test_a_price_gone_after_the_delay_is_missed():
    plan = replace(PLAN, costs=Costs(delay_seconds=HOUR))

    result = run(plan, by_hand(cut=True))

    assert (result.counts.bets, result.counts.missed) == (0, 1)
    assert result.parts.all.yield_pct is None
    assert result.equity.flat == ()
    assert result.kelly.final_multiple is None


def test_costs_only_take_away(history):
    free = run(PLAN, history)

    dear = run(replace(PLAN, costs=Costs(commission=0.02, haircut=0.05)), history)

    assert dear.counts.bets == free.counts.bets
    assert dear.parts.all.won == free.parts.all.won
    assert dear.parts.all.profit_units < free.parts.all.profit_units
    assert dear.parts.all.clv_pct < free.parts.all.clv_pct


def test_a_match_without_a_result_waits():
    result = run(PLAN, by_hand(scores=[None]))

    assert (result.counts.bets, result.counts.unsettled) == (1, 1)
    assert result.parts.all.yield_pct is None


def test_the_last_match_days_are_held_out():
    history = by_hand(scores=[(1, 0)] * 6 + [(0, 1)] * 4)

    parts = run(replace(PLAN, holdout=0.4), history).parts

    assert (parts.walk_forward.bets, parts.held_out.bets, parts.all.bets) == (6, 4, 10)
    assert parts.walk_forward.win_rate_pct == 100.0
    assert parts.held_out.win_rate_pct == 0.0
    assert parts.walk_forward.until < parts.held_out.since
    assert (parts.all.since, parts.all.until) == (parts.walk_forward.since, parts.held_out.until)


def test_parts_add_up(history):
    parts = run(PLAN, history).parts

    for name in ("bets", "matches", "days", "won", "lost", "graded", "profit_units"):
        earlier, later = getattr(parts.walk_forward, name), getattr(parts.held_out, name)
        assert getattr(parts.all, name) == pytest.approx(earlier + later), name


def test_without_a_share_nothing_is_held_out(history):
    parts = run(replace(PLAN, holdout=0.0), history).parts

    assert parts.held_out is None
    assert parts.walk_forward == parts.all


def test_a_held_out_future_does_not_change_what_came_before(history):
    whole = run(replace(PLAN, holdout=0.5), history)
    cut = float(np.median(np.unique(history.matches.kickoff)))

    before = run(replace(PLAN, holdout=0.0), history.until(cut))

    ended = whole.parts.walk_forward
    assert before.parts.all.bets >= ended.bets
    first = [point for point in before.equity.flat if point.date <= ended.until]
    assert first == list(whole.equity.flat[: len(first)])
    assert len(first) > 10


def test_the_same_again_is_identical(history):
    plan = replace(PLAN, variants_tried=3)

    first, second = (json.dumps(run(plan, history).as_json()) for _again in range(2))

    assert first == second


def test_an_empty_period_is_refused_with_a_sentence():
    with pytest.raises(NothingToJudgeError, match="no match of these competitions"):
        run(PLAN, make_history([], []))


def test_matches_without_prices_in_the_window_are_refused_with_a_sentence():
    plan = replace(PLAN, window=Window(earliest=30 * 60.0, latest=600.0))

    with pytest.raises(NothingToJudgeError, match="None of the 1 matches has prices"):
        run(plan, by_hand())


def test_progress_goes_forward_to_the_end(history):
    told = []

    run(
        replace(PLAN, agent=AGENTS["patron"], parameters=AGENTS["patron"].parameters()),
        history,
        advance=lambda share, step: told.append((share, step)),
    )

    shares = [share for share, _step in told]
    assert shares == sorted(shares)
    assert shares[0] >= 0.1
    assert shares[-1] == pytest.approx(0.9)
    steps = list(dict.fromkeys(step for _share, step in told))
    assert steps == [Step.OTHERS, Step.DECIDING, Step.AUDITING, Step.MEASURING]


def test_advance_may_stop_it(history):
    def stop(share, step):
        raise InterruptedError

    with pytest.raises(InterruptedError):
        run(PLAN, history, advance=stop)


def test_records_are_sums_over_matches_that_kicked_off_before(history):
    decisions = decide(AGENT, PLAN.parameters, history, window=WINDOW)
    track = Track.of(decisions, history)
    clv = fair_clv(decisions, closing_of(decisions, history), decisions.net_odds)
    kickoff = history.matches.kickoff[decisions.match]
    monday = float(known_since(np.array([FIRST + 30 * DAY]))[0])

    record = track.known_at(monday)

    of_match = [
        float(np.nanmean(clv[decisions.match == match]))
        for match in np.unique(decisions.match[(kickoff < monday) & ~np.isnan(clv)])
    ]
    assert record.matches == len(of_match) > 30
    assert record.clv == pytest.approx(np.mean(of_match))
    assert record.variance == pytest.approx(np.var(of_match, ddof=1))


def test_records_of_a_monday_are_the_same_without_what_came_after(history):
    monday = float(known_since(np.array([FIRST + 30 * DAY]))[0])
    others = shipped_others()

    known, cut = (
        records_of(others, one, WINDOW, lambda _share: None)(monday)
        for one in (history, history.until(monday))
    )

    assert known.keys() == cut.keys() == others.keys()
    for key, record in known.items():
        expected = (record.matches, record.clv, record.variance)
        assert (cut[key].matches, cut[key].clv, cut[key].variance) == pytest.approx(
            expected, nan_ok=True
        ), key


def test_before_any_match_there_is_no_record(history):
    nothing = records_of(
        {"sharp_reference": (AGENT, PLAN.parameters)}, history, WINDOW, lambda _share: None
    )(FIRST)

    assert nothing["sharp_reference"].matches == 0
    assert np.isnan(nothing["sharp_reference"].clv)
    assert isinstance(nothing["sharp_reference"], Record)
