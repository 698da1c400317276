"""A simulated past on a real database, held against what the simulated world really was."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import transaction
from django.utils import translation

from betting.bankroll import ledger
from betting.bankroll.reconciliation import reconcile
from betting.models import Bet, ClosingLine, LedgerEntry, Opportunity
from monps.demonstration import steps_left
from monps.demonstration_steps import BEFORE_KICK_OFF, Market, steps_of
from odds.models import Collection, LatestQuote, Match, MatchResult, Quote
from strategies.models import AgentRun, Prediction, StrategyRecord
from tests.monps.pasts import CUP, TRUTH, live, opened

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def past(django_db_setup, django_db_blocker):
    """One past that all tests of this file look at."""
    with django_db_blocker.unblock(), transaction.atomic():
        with translation.override("en"):
            past = live(opened())
        yield past
        transaction.set_rollback(True)


def test_every_price_is_one_that_the_world_showed_at_that_instant(past):
    first = Quote.objects.filter(observed_at=past.begin, market="totals")
    stored = {
        (row.match.provider_id, row.bookmaker.key, float(row.line)): (
            float(row.odds_1),
            float(row.odds_2),
        )
        for row in first.select_related("match", "bookmaker")
    }
    shown = {
        (event["id"], book["key"], market["outcomes"][0]["point"]): tuple(
            outcome["price"] for outcome in market["outcomes"]
        )
        for event in TRUTH.body(CUP, past.begin, ["totals"], regions=["eu"])
        for book in event["bookmakers"]
        for market in book["markets"]
        if event["id"] in {key for key, _book, _line in stored}
    }
    assert len(stored) > 20
    assert stored == shown


def test_every_match_that_fits_into_it_is_there(past):
    all_of_them = TRUTH.calendar.between(
        TRUTH.calendar.match(Match.objects.first().provider_id).sport,
        past.begin.timestamp(),
        past.until.timestamp(),
    )

    lasting = [
        match.provider_id
        for match in all_of_them
        if match.commence + match.sport.duration + 300 <= past.until.timestamp()
    ]
    assert len(lasting) >= 10
    assert set(Match.objects.values_list("provider_id", flat=True)) == set(lasting)


def test_every_match_has_the_score_it_really_had_and_no_sooner(past):
    for match in Match.objects.all():
        really = TRUTH.match(match.provider_id)
        result = MatchResult.objects.get(match=match)
        assert match.status == Match.Status.COMPLETED
        assert (match.home_score, match.away_score) == TRUTH.truth(really).final_score
        over = match.commence_time + timedelta(seconds=really.sport.duration)
        assert over <= result.observed_at <= past.until


def test_every_match_was_looked_at_shortly_before_it_began(past):
    for match in Match.objects.all():
        closing = ClosingLine.objects.filter(match=match, missing="", market="h2h")
        ages = set(closing.values_list("minutes_before_kickoff", flat=True))
        assert ages == {BEFORE_KICK_OFF / timedelta(minutes=1)}


def test_nothing_waits_at_the_end(past):
    priced = Opportunity.objects.exclude(first_odds=None)

    assert Prediction.objects.exists()
    assert not Prediction.objects.filter(result="").exists()
    assert not Prediction.objects.filter(clv_status="pending").exists()
    assert priced.exists()
    assert not priced.filter(paper_result="").exists()
    assert not Opportunity.objects.filter(closed_at=None).exists()
    assert not Bet.objects.pending().exists()
    assert not Bet.objects.filter(clv_status="pending").exists()


def test_predictions_are_made_before_kick_off_at_a_time_that_was_looked_at(past):
    looks = set(Collection.objects.values_list("observed_at", flat=True))
    made = list(Prediction.objects.select_related("match"))

    assert made
    for one in made:
        assert one.predicted_at in looks
        assert one.predicted_at < one.match.commence_time


def test_no_instant_in_the_database_lies_outside_it(past):
    instants = [
        *MatchResult.objects.values_list("observed_at", flat=True),
        *Quote.objects.values_list("observed_at", flat=True),
        *LatestQuote.objects.values_list("seen_at", flat=True),
        *ClosingLine.objects.values_list("captured_at", flat=True),
        *LedgerEntry.objects.values_list("at", flat=True),
        *AgentRun.objects.values_list("predicted_at", flat=True),
        *Prediction.objects.values_list("settled_at", flat=True),
        *Prediction.objects.values_list("graded_at", flat=True),
        *Bet.objects.values_list("settled_at", flat=True),
        *Opportunity.objects.values_list("closed_at", flat=True),
    ]
    assert past.begin <= min(instants)
    assert max(instants) <= past.until


def test_strategies_are_ranked_at_midnight_unless_something_else_is_asked_for(past):
    ranked = set(StrategyRecord.objects.values_list("computed_at", flat=True))

    assert ranked == {datetime(2026, 3, 4, tzinfo=UTC)}


def test_what_is_done_is_not_done_again(past):
    assert len(steps_left(steps_of(past, Market()))) < 6


def test_it_holds_at_most_two_bets_a_day_before_kick_off_that_say_they_are_not_real(past):
    bets = list(Bet.objects.select_related("match"))

    halves = [(bet.placed_at.date(), bet.placed_at.hour < 12) for bet in bets]
    assert len(bets) >= 2
    assert len(halves) == len(set(halves))
    for bet in bets:
        assert bet.placed_at < bet.match.commence_time
        assert "simulated" in bet.notes


def test_stakes_are_quarter_kelly_on_the_expected_edge_within_the_limits(past):
    for bet in Bet.objects.all():
        # A quarter of (p o - 1) / (o - 1), where p o - 1 is half of the claimed edge.
        net_odds = 1 + (1 - float(bet.commission)) * (float(bet.odds) - 1)
        kelly = 0.25 * (0.5 * bet.edge_pct / 100) / (net_odds - 1)
        assert Decimal("1.00") <= bet.stake
        assert float(bet.stake) == pytest.approx(1000 * min(kelly, 0.02), abs=1, rel=0.05)
        assert bet.stake % Decimal("0.50") == 0


def test_a_bet_takes_the_odds_its_bookmaker_showed_at_that_instant(past):
    checked = 0
    for bet in Bet.objects.filter(market="h2h").select_related("match", "bookmaker"):
        (event,) = [
            event
            for event in TRUTH.body(CUP, bet.placed_at, bookmakers=[bet.bookmaker.key])
            if event["id"] == bet.match.provider_id
        ]
        market = event["bookmakers"][0]["markets"][0]
        names = {"home": event["home_team"], "away": event["away_team"], "draw": "Draw"}
        prices = {outcome["name"]: outcome["price"] for outcome in market["outcomes"]}
        assert float(bet.odds) == prices[names[bet.outcome]]
        checked += 1
    assert checked


def test_the_bankroll_begins_with_a_thousand_and_the_ledger_is_proved(past):
    initial = LedgerEntry.objects.get(kind=LedgerEntry.Kind.INITIAL)

    profit = sum(Bet.objects.values_list("profit", flat=True))
    assert (initial.amount, initial.at) == (Decimal(1000), past.begin)
    assert ledger.balance().bankroll == 1000 + profit
    assert not reconcile().wrong_bets
