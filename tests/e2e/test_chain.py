"""The whole chain on the simulated market over real HTTP: from a price to what it was worth."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from pytest_django.fixtures import Settings

from betting.bankroll import ledger
from betting.bankroll.reconciliation import reconcile
from betting.bets import awaiting, placing, settlement
from betting.bets.posting import Author
from betting.bets.rules import ending
from betting.closing import capture, grading, paper
from betting.detection import opportunities
from betting.models import Bet, ClosingLine, Opportunity, SettlementSettings
from odds import catalogue, collector, scores
from odds.models import Collection, CollectionSettings, Match
from odds.simulator.server import build_server
from odds.simulator.sources import SimulatedSource
from tests.factories import make_account, make_sport

SPORT = "soccer_simulated_cup"
START = datetime(2026, 11, 21, 12, tzinfo=UTC)
STEPS, STEP = 60, timedelta(seconds=40)  # forty minutes, forty simulated hours

pytestmark = [pytest.mark.e2e, pytest.mark.django_db]


class Wall:
    """The clock of both sides: ours and the server's."""

    now = START

    def timestamp(self) -> float:
        return self.now.timestamp()


def live(wall: Wall, sport_id: int) -> None:
    """What the worker does in one tick."""
    collector.collect_sport(SPORT, clock=lambda: wall.now, reason="interval", is_forced=True)
    opportunities.detect(sport_id, now=wall.now)
    opportunities.close_finished(now=wall.now)
    capture.forget_unplayed(wall.now)
    capture.capture(capture.pending_match_ids(wall.now), now=wall.now)
    grading.grade_bets(wall.now)
    grading.grade_opportunities(wall.now)
    due = scores.due_for_results(
        awaiting.awaited(wall.now, SettlementSettings.current()).paid_match_ids,
        now=wall.now,
        after=timedelta(minutes=2),
        interval=timedelta(minutes=1),
    )
    for sport_key, provider_ids in due.items():
        scores.fetch_scores(sport_key, provider_ids, clock=lambda: wall.now)
    settlement.settle_finished(now=wall.now)
    paper.settle_opportunities(wall.now)


def bet_on_everything_new(wall: Wall) -> None:
    """One bet on each value opportunity when it is first seen."""
    for found in Opportunity.objects.open(wall.now).filter(kind="value", bets=None):
        new = placing.NewBet(
            match=found.match,
            bookmaker=found.best_bookmaker,
            market=found.market,
            line=found.line,
            outcome=found.outcome,
            odds=found.best_odds,
            stake=Decimal(5),
            opportunity=found,
        )
        placing.place(new, author=Author(now=wall.now))


def test_from_an_opportunity_to_its_closing_line_its_result_and_its_money(settings: Settings):
    wall = Wall()
    source = SimulatedSource(seed=1, speed=60, anchor=START)
    CollectionSettings.objects.create(minimum_interval_seconds=10, markets="h2h,totals")
    SettlementSettings.objects.create(results_after_minutes=2, results_interval_minutes=1)
    catalogue.seed()
    make_account("100000")
    sport = make_sport(key=SPORT, is_collected=True)

    with build_server(source, port=0, quota=0, now=wall.timestamp) as server:
        settings.ODDS_API_BASE_URL, settings.ODDS_API_KEY = server.url, "any"
        for _step in range(STEPS):
            live(wall, sport.pk)
            bet_on_everything_new(wall)
            wall.now += STEP

    settled = list(Bet.objects.settled().select_related("match", "bookmaker", "opportunity"))
    assert len(settled) > 5
    for bet in settled:
        result = source.world.result(source.world.match(bet.match.provider_id), 4e9)
        assert bet.final_score == f"{result.home}-{result.away}"
        assert bet.result == ending(bet.market, bet.outcome, bet.line, result.home, result.away)
    assert {bet.settled_by for bet in settled} == {"auto"}
    assert reconcile().is_proved
    assert ledger.balance().bankroll == 100_000 + sum(bet.profit for bet in settled)

    statuses = Counter(bet.clv_status for bet in settled)
    assert statuses["graded"] > 5
    graded = [bet for bet in settled if bet.clv_status == "graded"]
    assert all(bet.closing_minutes <= 40 / 60 + 0.01 for bet in graded)  # the collecting interval
    assert all(bet.clv_reference not in {"", bet.reference} for bet in graded)
    assert all(bet.clv_reference != bet.bookmaker.key for bet in graded)
    played = Match.objects.filter(status="completed")
    assert not played.exclude(pk__in=ClosingLine.objects.values("match")).exists()

    missed = Opportunity.objects.filter(match__in=played, bets=None)
    assert missed.exists()
    assert not Opportunity.objects.filter(match__in=played, paper_result="").exists()
    assert not Opportunity.objects.filter(match__in=played, clv_status="pending").exists()
    calls = Collection.objects.filter(endpoint="scores")
    assert calls.exclude(status="stored").count() == 0
    assert sum(call.credits_used for call in calls) == 2 * calls.count()
