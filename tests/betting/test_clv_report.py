"""The proof that CLV means what it says, on a small part of the simulated market."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from betting.detection.current_quotes import panel_of
from betting.detection.opportunities import thresholds_of
from betting.models import DetectionSettings
from betting.reports.clv import Market, Policy, by_grader, false_alarms, follow, summarise
from betting.reports.simulated_bets import Closing, Outturn, Placed, blind_bets
from odds.catalogue import bookmaker_for
from odds.simulator.bookmakers import BOOKMAKERS
from odds.simulator.world import World

EPOCH = datetime(2026, 8, 3, tzinfo=UTC)
BETS = 300


def make_market(*, closing_minutes: float = 5, seed: int = 1) -> Market:
    return Market(
        world=World(seed, EPOCH),
        panel=panel_of([bookmaker_for(book.key, book.title) for book in BOOKMAKERS]),
        thresholds=thresholds_of(DetectionSettings()),
        start=EPOCH + timedelta(days=14),
        step=timedelta(hours=12),
        closing_minutes=closing_minutes,
        seed=seed,
    )


@pytest.fixture(scope="module")
def outturns() -> dict[Policy, list[Outturn]]:
    told: list[Policy] = []
    found = follow(make_market(), wanted=BETS, progress=told.append)
    assert told == [Policy.BLIND] * BETS + [Policy.VALUE] * BETS
    return found


def test_every_bet_is_graded_and_settled(outturns):
    assert {policy: len(some) for policy, some in outturns.items() if policy != "fair then"} == {
        Policy.BLIND: BETS,
        Policy.ZERO_EDGE: BETS,
        Policy.VALUE: BETS,
    }
    assert 0.9 * BETS < len(outturns[Policy.FAIR_THEN]) <= BETS
    for some in outturns.values():
        assert all(one.graded_by and one.raw is not None for one in some)


def test_fair_clv_of_blind_bets_is_their_true_edge_but_for_the_noise_of_the_close(outturns):
    """The market's own error at the close takes 1 to 2 % off the slope, see the module."""
    summary = summarise(outturns[Policy.BLIND])

    assert summary.on_true.slope == pytest.approx(1, abs=0.05)
    assert summary.fair == pytest.approx(summary.true, abs=4 * 0.025 / BETS**0.5)


@pytest.mark.parametrize("policy", [Policy.BLIND, Policy.FAIR_THEN])
def test_realised_returns_rise_one_for_one_with_fair_clv(outturns, policy):
    line = summarise(outturns[policy]).on_realised

    assert abs(line.slope - 1) < 3 * line.slope_error


def test_what_was_paid_agrees_with_what_it_was_worth(outturns):
    """Endings come from drawn scores, true edges from the law they were drawn from."""
    for some in outturns.values():
        summary = summarise(some)
        assert abs(summary.realised - summary.true) < 3.5 * summary.realised_error


def test_bets_at_true_odds_are_worth_nothing_and_raw_clv_calls_them_good(outturns):
    summary = summarise(outturns[Policy.ZERO_EDGE])

    assert summary.true == pytest.approx(0, abs=1e-12)
    assert abs(summary.fair) < 4 * summary.fair_error
    assert summary.raw > 0.02
    assert summary.raw_positive > 0.8


def test_without_edge_peeking_after_every_match_rarely_misleads(outturns):
    """Runs are drawn around the mean of the pool, whose own error no longer run would see."""
    pool = outturns[Policy.FAIR_THEN]
    with_edge = [replace(one, fair=one.fair + 0.04) for one in pool]

    assert false_alarms(pool, is_centred=True, length=300) < 0.05
    assert false_alarms(with_edge, runs=50) > 0.9


def test_who_selected_or_offered_a_bet_does_not_grade_it(outturns):
    market = make_market()
    closing = Closing(
        world=market.world, panel=market.panel, thresholds=market.thresholds, minutes=5
    )
    keys = market.panel.key.tolist()
    bet = next(iter(blind_bets(market.world, market.panel, market.thresholds, start=EPOCH, seed=1)))

    def grader(**changes: object) -> str:
        return closing.outturn(replace(bet, **changes)).graded_by

    betclic, pinnacle, betfair = map(keys.index, ("betclic_fr", "pinnacle", "betfair_ex_uk"))
    assert grader(bookmaker=betclic, selected_by="") == "pinnacle"
    assert grader(bookmaker=betclic, selected_by="pinnacle").startswith("betfair")
    assert grader(bookmaker=pinnacle).startswith("betfair")
    assert not grader(bookmaker=betfair, selected_by="pinnacle").startswith("betfair")
    assert set(by_grader(outturns[Policy.VALUE])) - {"pinnacle"}


def test_a_bet_pays_its_net_odds_or_loses_its_stake():
    market = make_market()
    closing = Closing(
        world=market.world, panel=market.panel, thresholds=market.thresholds, minutes=5
    )
    match = market.world.match(market.world.body("soccer_epl", EPOCH + timedelta(days=14))[0]["id"])
    home, away = market.world.truth(match).final_score
    winner = 0 if home > away else 1 if home == away else 2

    paid = [
        closing.outturn(Placed(match=match, bookmaker=0, outcome=outcome, odds=3.0, net=2.9))
        for outcome in range(3)
    ]

    assert [one.realised for one in paid] == [
        pytest.approx(1.9) if outcome == winner else -1 for outcome in range(3)
    ]


def test_a_summary_needs_a_graded_bet():
    with pytest.raises(ValueError, match="no bet was graded"):
        summarise([])
    with pytest.raises(ValueError, match="no bet was graded"):
        false_alarms([])


@pytest.mark.django_db
def test_the_command_prints_a_row_for_every_policy_and_grader():
    out = StringIO()

    call_command("report_clv", "--bets", "60", "--step-minutes", "360", stdout=out, stderr=out)

    printed = out.getvalue()
    for word in (*Policy, "true edge", "pinnacle", "false alarms", "slope"):
        assert word in printed


@pytest.mark.parametrize("option", ["--bets=0", "--step-minutes=0", "--closing-minutes=0"])
def test_the_command_refuses_nothing_to_do(option):
    with pytest.raises(CommandError, match="above 0"):
        call_command("report_clv", option)
